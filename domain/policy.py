"""The policy: when agencies are reminded and whom lateness climbs to.

What concerns one conclusion (`FollowUp`) is frozen when it is filed; what concerns the office is always live.
"""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from config.settings import ROOT
from domain.errors import Refusal


class Role(StrEnum):
    """Who is told something: two people at the agency, the others in the office."""

    OFFICER = "officer"
    HEAD = "head"
    OWNER = "owner"  #: looks after a conclusion inside the office
    CHIEF_OF_OFFICE = "chief_of_office"
    DEPUTY = "deputy"  #: the deputy chairman in charge
    CHAIRMAN = "chairman"


AGENCY_ROLES = (Role.OFFICER, Role.HEAD)
MINUTES = 60
MOST = 50  #: entries of one list


def _wall_clock(value: object) -> object:
    """YAML reads 14:00 without quotes as a number in base 60; an hour of the office has no zone."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * MINUTES:
        return time(value // MINUTES, value % MINUTES)
    if isinstance(value, int | float):
        raise ValueError('an hour such as "08:00"')
    read = time.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(read, time) and read.tzinfo is not None:
        raise ValueError("an hour of the office has no zone")
    return read


Hour = Annotated[time, BeforeValidator(_wall_clock)]
Days = Annotated[int, Field(ge=1, le=1000)]


class Part(BaseModel):
    """A part of the policy: unknown keys are an error, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(Part):
    """One level of the ladder."""

    after_working_days: Days  #: counted forward from the first late day
    tell: tuple[Role, ...] = Field(min_length=1)
    needs_approval: bool = False  #: somebody in the office approves before it goes out


class FollowUp(Part):
    """How one conclusion is followed up."""

    #: counted back from the last day in time
    remind_working_days_before: tuple[Days, ...] = Field((7, 3, 1), max_length=MOST)
    ladder: tuple[Level, ...] = Field((), max_length=MOST)
    repeat_last_level_every_days: Days = 7
    repeat_last_level_at_most: PositiveInt | None = None  #: times; None: until the work is settled
    request_status_every_days: Days = 30
    stale_after_days: Days = 90  #: undated work without a word from the agency
    acknowledged_for_working_days: Days = 10  #: without progress an acknowledgement counts no longer
    remind_owner_every_working_days: Days = 3  #: of what waits for the office
    hold_ladder_while_extension_is_asked: bool = True

    @model_validator(mode="after")
    def reminders_differ(self) -> Self:
        """One day is one reminder."""
        if len(set(self.remind_working_days_before)) < len(self.remind_working_days_before):
            raise ValueError("remind_working_days_before: each number of days once")
        return self

    @model_validator(mode="after")
    def ladder_climbs(self) -> Self:
        """Each level comes after the one below it."""
        delays = [level.after_working_days for level in self.ladder]
        if delays != sorted(set(delays)):
            raise ValueError("ladder: after_working_days must grow from level to level")
        return self

    def rung(self, level: int) -> Level:
        """A level of the ladder; the last one for whatever lies above it."""
        return self.ladder[min(level, len(self.ladder)) - 1]

    def delay_of(self, level: int) -> int:
        """Working days between the step below `level` (1, 2, …) and the level itself."""
        below = self.ladder[level - 2].after_working_days if level > 1 else 0
        return self.ladder[level - 1].after_working_days - below


class Hours(Part):
    """The part of a working day in which messages may leave."""

    from_: Hour = Field(alias="from")
    until: Hour


class OfficialSeed(Part):
    """Who a role of the office is when the office is made."""

    role: Role
    name: str
    address: str

    @model_validator(mode="after")
    def in_the_office(self) -> Self:
        """Agencies keep their own contacts."""
        if self.role in AGENCY_ROLES:
            raise ValueError(f"officials: {self.role} belongs to agencies")
        return self


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class FieldWords(Part):
    """A field of work (lĩnh vực), and the words by which a directive is put into it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    words: tuple[Words, ...] = Field((), max_length=200)


class AskedFigure(Part):
    """One figure that a review asks of every side."""

    code: Code
    label: Words


class Section(Part):
    """One section of what a review asks of every side."""

    code: Code
    heading: Words
    hint: Annotated[str, StringConstraints(max_length=1000)] = ""
    required: bool = False
    figures: tuple[AskedFigure, ...] = Field((), max_length=MOST)


class ReviewPolicy(Part):
    """How the office reviews: fields of work, what a side's report holds, who is ranked."""

    fields: tuple[FieldWords, ...] = Field((), max_length=MOST)
    sections: tuple[Section, ...] = Field(min_length=1, max_length=MOST)  #: copied to a review when it is opened
    fewest_ranked: PositiveInt = 5  #: an agency with less finished or overdue work is shown, and not ranked
    long_late_days: Days = 30  #: overdue for more days than that is told apart

    @model_validator(mode="after")
    def codes_differ(self) -> Self:
        """Each section, each figure and each field has a name of its own."""
        figures = [figure.code for section in self.sections for figure in section.figures]
        for some in ([section.code for section in self.sections], figures, [field.name for field in self.fields]):
            if len(set(some)) < len(some):
                raise ValueError("review: the same name twice")
        return self


@cache
def built_in_review() -> ReviewPolicy:
    """What comes along: for offices that were made before there were reviews."""
    return load_policy(ROOT / "policy.yaml").office.review


class OfficePolicy(Part):
    """What seeds the office itself."""

    slots: tuple[Hour, ...] = Field(min_length=1, max_length=MOST)
    hours: Hours
    before_date: Literal["strict", "inclusive"] = "strict"
    officials: tuple[OfficialSeed, ...] = ()
    link_days: Days = 90  #: how long a link in a message can be answered by
    chats_quote_directives: bool = (
        False  #: a chat carries the directive's words too, not only number, deadline and link
    )

    review: ReviewPolicy = Field(default_factory=lambda: built_in_review())

    @model_validator(mode="after")
    def slots_in_hours(self) -> Self:
        """Rounds are held in working hours, in order."""
        if list(self.slots) != sorted(set(self.slots)):
            raise ValueError("slots must be in order and differ")
        if any(not self.hours.from_ <= slot <= self.hours.until for slot in self.slots):
            raise ValueError("slots must lie within hours")
        return self

    @model_validator(mode="after")
    def officials_differ(self) -> Self:
        """Nobody fills one role twice."""
        if len({(one.role, one.address.casefold()) for one in self.officials}) < len(self.officials):
            raise ValueError("officials: the same role and address twice")
        return self


class Policy(Part):
    """The whole file."""

    office: OfficePolicy
    follow_up: FollowUp


def load_policy(path: Path) -> Policy:
    """The policy in a YAML file. Raises Refusal that names the file and the first thing wrong in it."""
    try:
        return Policy.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "policy"
        raise Refusal("errors.policy_broken", file=path.name, where=where, why=first["msg"]) from error
    except (yaml.YAMLError, ValueError, OSError, RecursionError) as error:
        raise Refusal("errors.policy_broken", file=path.name, where="-", why=str(error).splitlines()[0]) from error


def as_yaml(policy: Policy) -> str:
    """The whole policy as a file that `load_policy` reads."""
    whole = policy.model_dump(mode="json", by_alias=True)
    office = whole["office"]
    office["slots"] = [f"{slot:%H:%M}" for slot in policy.office.slots]
    office["hours"] = {"from": f"{policy.office.hours.from_:%H:%M}", "until": f"{policy.office.hours.until:%H:%M}"}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)
