"""Events that deadlines wait for: "trong 10 ngày kể từ khi …", and the bound once somebody knows when it happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from pendulum import DateTime
from sqlmodel import Session, col

from config.words import say
from domain.calendar import WorkingCalendar
from domain.conclusions import Conclusion, Directive
from domain.deadlines import bound_by_event
from domain.doubts import FARTHEST_YEARS
from domain.drafts import DraftWait, PeriodUnit
from domain.errors import Refusal
from domain.instants import at, iso, local
from domain.keys import key
from domain.names import fold
from domain.offices import working_time
from domain.planning import Followed, bind, followed
from domain.store import Change
from domain.written import parse_day

HOUR = re.compile(r"(?P<hour>\d{1,2})\s*(?::|giờ|h|g)\s*(?P<minute>\d{2})?")


@dataclass(frozen=True, slots=True)
class Happening:
    """When an event happens: its day, and the hour where somebody knows it."""

    day: date
    hour: time | None = None

    def instant(self, wait: DraftWait) -> DateTime:
        """The instant that counts. A day alone is its beginning; what is due with the event itself has all of that day.

        Raises Refusal for a day alone where hours are counted.
        """
        if self.hour is not None:
            return at(self.day, self.hour)
        if wait.unit is PeriodUnit.HOUR and wait.count:
            raise Refusal("errors.event_needs_hour", event=wait.event)
        whole_day = not wait.count and not wait.before
        return at(self.day + timedelta(days=1)) if whole_day else at(self.day)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A directive whose deadline waits, or waited, for an event, with the obligations that follow from it."""

    directive: Directive
    conclusion: Conclusion
    works: tuple[Followed, ...]

    @property
    def wait(self) -> DraftWait:
        """What it waits for."""
        return DraftWait.model_validate(self.directive.waits_for)

    @property
    def is_supplied(self) -> bool:
        """Whether somebody has said when the event happens."""
        return self.directive.event_at is not None


@dataclass(frozen=True, slots=True)
class Bound:
    """What came of supplying an event, for one directive."""

    awaited: Awaited
    due_before: datetime
    changed: bool  #: False: the very same instant was supplied before


def awaited(session: Session, office_id: int, *conditions: object) -> list[Awaited]:
    """Every directive of the office whose deadline waits or waited for an event, in the order of the notices."""
    works = followed(session, Conclusion.office_id == office_id, col(Directive.waits_for).is_not(None), *conditions)
    groups = groupby(works, key=lambda work: work.directive.id)
    found = [tuple(group) for _, group in groups]
    return [Awaited(group[0].directive, group[0].conclusion, group) for group in found if _is_open(group[0].directive)]


def _is_open(directive: Directive) -> bool:
    """Whether its bound comes from the event: a person may have given a day when the notice was filed."""
    return directive.due_before is None or directive.event_at is not None


def about(found: Iterable[Awaited], event: str | None) -> list[Awaited]:
    """Those that wait for one event: the one whose words hold `event`, or the only one that is waited for.

    Raises Refusal where nothing waits for it, and where it is not clear which event is meant.
    """
    matching = [one for one in found if event is None or fold(event) in fold(one.wait.event)]
    events = {fold(one.wait.event): one.wait.event for one in matching}
    if not matching:
        raise Refusal("errors.no_such_event", event=event or "")
    if len(events) > 1:
        raise Refusal("errors.which_event", events="; ".join(f'"{words}"' for words in events.values()))
    return matching


def supply(change: Change, chosen: Sequence[Awaited], happening: Happening, note: str = "") -> list[Bound]:
    """Says when an event happens: the deadlines that wait for it get their bound, and their plans are made again.

    Supplying it again with another instant corrects it; with the same one, it changes nothing. Raises Refusal for a
    bound that lies beyond the calendar, and for a day without the hour where hours are counted.
    """
    calendar = working_time(change.session, change.office_id).calendar
    return [_supply_one(change, one, happening, calendar, note) for one in chosen]


def _supply_one(change: Change, one: Awaited, happening: Happening, calendar: WorkingCalendar, note: str) -> Bound:
    directive, instant = one.directive, happening.instant(one.wait)
    due_before = _bound(one, instant, calendar)
    before = directive.event_at
    if before == instant and directive.due_before == due_before:
        return Bound(one, due_before, changed=False)
    bind(change, one.works, due_before)
    directive.explanation = "\n".join([*_as_filed(directive), explanation(one.wait, instant, due_before)])
    directive.event_at, directive.due_before = instant, due_before
    change.session.add(directive)
    change.record(
        "event.corrected" if before else "event.supplied",
        f"directive:{key(directive.id)}",
        event=one.wait.event,
        path=directive.path,
        at=iso(instant),
        before=iso(before),
        due_before=iso(due_before),
        note=note,
    )
    return Bound(one, due_before, changed=True)


def _bound(one: Awaited, instant: datetime, calendar: WorkingCalendar) -> datetime:
    try:
        due_before = bound_by_event(one.wait, instant, calendar)
    except (OverflowError, ValueError):
        raise Refusal("errors.event_too_far", path=one.directive.path) from None
    if abs(due_before.year - one.conclusion.issued_on.year) > FARTHEST_YEARS:
        raise Refusal("errors.far_deadline", path=one.directive.path, day=f"{due_before:%d/%m}/{due_before.year}")
    return due_before


def _as_filed(directive: Directive) -> list[str]:
    """The lines of its explanation from before an event was supplied: the event's own is the last."""
    lines = (directive.explanation or "").splitlines()
    return lines[:-1] if directive.event_at is not None else lines


def explanation(wait: DraftWait, instant: datetime, due_before: datetime) -> str:
    """How the bound was computed, in words (a period forward: Civil Code 2015, art. 147-148)."""
    forward = "hours" if wait.unit is PeriodUnit.HOUR else "after"
    rule = "itself" if not wait.count else "before" if wait.before else forward
    return say(
        f"events.explain.{rule}",
        event=wait.event,
        at=f"{local(instant):%H:%M %d/%m/%Y}",
        count=wait.count,
        unit=say(f"events.unit.{wait.unit}"),
        due=f"{local(due_before):%H:%M %d/%m/%Y}",
    )


def parse_happening(words: str) -> Happening:
    """ "2018-04-02", "02/4/2018 14:00", "14 giờ 30 02/4/2018": a day, and an hour where there is one.

    Raises Refusal for anything else.
    """
    text = words.strip().replace("T", " ")
    hour = HOUR.search(text)
    if hour is None:
        return Happening(parse_day(text))
    rest = f"{text[: hour.start()]} {text[hour.end() :]}".strip(" ,")
    try:
        return Happening(parse_day(rest), time(int(hour["hour"]), int(hour["minute"] or 0)))
    except ValueError:
        raise Refusal("errors.bad_moment", words=words) from None
