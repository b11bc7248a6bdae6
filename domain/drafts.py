"""A draft: what was read in a notice, before a person has confirmed it and the office has filed it.

The shape is the one `dondoc read --json` prints and `dondoc file draft.json` takes.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Authority(StrEnum):
    """By what right a directive speaks: giao (order), đề nghị (request), or the issuer's own promise (undertaking)."""

    ORDER = "order"
    REQUEST = "request"
    UNDERTAKING = "undertaking"


class DeadlineKind(StrEnum):
    """How a directive is bounded in time."""

    DATE = "date"
    RELATIVE = "relative"
    RECURRING = "recurring"
    CONTINUOUS = "continuous"
    NONE = "none"


class DirectiveKind(StrEnum):
    """What a directive is about: the office's own task, or what voters or supervisors asked for."""

    TASK = "task"
    PETITION = "petition"  #: kiến nghị của cử tri
    RECOMMENDATION = "recommendation"  #: kiến nghị sau giám sát


class Shape(BaseModel):
    """What every part of a draft has in common: unknown keys are an error, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DraftSource(Shape):
    """The document that was read: its name, the SHA-256 of its bytes, the length of its text in characters."""

    name: str
    sha256: str
    chars: int


class PeriodUnit(StrEnum):
    """What a period of time is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class DraftWait(Shape):
    """What a deadline waits for: an event whose day the notice does not give, and how the bound follows from it."""

    event: Annotated[str, StringConstraints(min_length=1, max_length=300)]  #: as it stands in the notice
    count: Annotated[int, Field(ge=0, le=999)] = 0  #: 0: the event itself is the bound
    unit: PeriodUnit = PeriodUnit.DAY
    before: bool = False  #: counted back from the event: "ít nhất 10 ngày trước khi …"


class DraftPeriod(Shape):
    """A period that was counted from a day: it is counted again when the office's calendar changes."""

    anchor: date  #: not counted itself (Civil Code 2015, art. 147)
    count: Annotated[int, Field(ge=1, le=999)]
    unit: PeriodUnit


class DraftDeadline(Shape):
    """By when: the first instant that is late, with the phrase it was read from and the rule that was applied."""

    kind: DeadlineKind = DeadlineKind.NONE
    phrase: str | None = None  #: as it stands in the notice
    due_before: AwareDatetime | None = None  #: exclusive bound, printed with +07:00; None when no day was given
    rrule: str | None = None  #: the bounds of a recurring task, RFC 5545
    explanation: str | None = None  #: which rule was applied, in the reader's language
    waits_for: DraftWait | None = None  #: the event that has to be supplied before there is a bound
    runs: DraftPeriod | None = None  #: how `due_before` was counted, where it was


class DraftDirective(Shape):
    """One thing the notice tells somebody to do."""

    path: Name  #: where it stands: "4.2"
    text: Annotated[str, StringConstraints(min_length=1)]  #: source_text[start:end]
    start: int | None = None
    end: int | None = None
    kind: DirectiveKind = DirectiveKind.TASK
    field: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] | None = None  #: None: to be found
    raised_by: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""  #: whose petition it is
    authority: Authority | None = None
    tracked: bool = True  #: False: an exhortation, told once
    lead: list[Name] = Field(default_factory=list)
    cooperating: list[Name] = Field(default_factory=list)
    report_to: list[Name] = Field(default_factory=list)
    deadline: DraftDeadline = DraftDeadline()
    warnings: list[str] = Field(default_factory=list)
    confidence: Annotated[float, Field(ge=0, le=1)] | None = (
        None  #: how sure the reading is; None when a person wrote it
    )
    reasons: list[str] = Field(default_factory=list)  #: what makes it unsure, in the reader's language


class DraftRegulation(Shape):
    """The regulation that a notice names: by its number where it gives one, else by its words."""

    written: Annotated[str, StringConstraints(min_length=1, max_length=1000)]  #: as it stands in the notice
    number: Name | None = None
    issued_on: date | None = None


class Draft(Shape):
    """A notice as it was read. Unknown is None, never a guess."""

    source: DraftSource | None = None
    document_kind: str = "notice"  #: "notice" (signed, numbered) or "report" (a news item about a meeting)
    number: str | None = None
    place: str | None = None
    issued_on: date | None = None
    meeting_on: date | None = None
    title: str | None = None
    concluded_by: str | None = None
    signer: str | None = None
    regulation: DraftRegulation | None = None
    directives: list[DraftDirective] = Field(default_factory=list)
    warnings: list[str] = Field(default_factory=list)
