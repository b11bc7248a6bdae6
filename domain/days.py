"""The office's own days: a holiday declared late, a make-up day; and everything open planned again by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from config.words import say
from domain.calendar import WorkingCalendar
from domain.conclusions import Conclusion, Directive
from domain.deadlines import bound_by_event, last_day_of_period
from domain.drafts import DraftPeriod, DraftWait
from domain.errors import Refusal
from domain.events import explanation
from domain.instants import at, iso, local
from domain.keys import key
from domain.life.machine import reason_of
from domain.obligations import UNSETTLED, Obligation, State
from domain.offices import CalendarDay, working_time
from domain.planning import Planner, followed
from domain.store import Change

STEP = 2_000  #: obligations that are in memory together
REACH = timedelta(days=30)  #: how long ago a bound may have passed that a day declared too late still moves


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """A bound that a change of the calendar moved (Civil Code 2015, art. 148: it falls on the next working day)."""

    obligation_id: int
    number: str
    path: str
    agency_id: int
    before: datetime
    after: datetime


@dataclass(slots=True)
class Moved:
    """What a change of the calendar came to."""

    deadlines: list[MovedDeadline] = field(default_factory=list)
    replanned: list[int] = field(default_factory=list)  #: obligations whose checkpoints moved


def set_day(change: Change, day: date, *, worked: bool, reason: str) -> Moved:
    """Declares a day worked or not, and plans everything open again.

    Raises Refusal for a day that is so already, and for an empty reason.
    """
    said = reason_of(reason)
    if working_time(change.session, change.office_id).calendar.is_working(day) == worked:
        raise Refusal("errors.day_is_so", day=f"{day:%d/%m/%Y}")
    row = _own_day(change.session, change.office_id, day)
    row = row or CalendarDay(office_id=change.office_id, day=day, worked=worked, reason=said)
    row.worked, row.reason = worked, said
    change.session.add(row)
    change.record("calendar.changed", f"day:{day.isoformat()}", worked=worked, reason=said)
    return plan_office_again(change)


def forget_day(change: Change, day: date) -> Moved:
    """Takes back what the office had declared of a day. Raises Refusal where it had declared nothing."""
    row = _own_day(change.session, change.office_id, day)
    if row is None:
        raise Refusal("errors.day_not_declared", day=f"{day:%d/%m/%Y}")
    change.session.delete(row)
    change.record("calendar.forgotten", f"day:{day.isoformat()}", worked=row.worked, reason=row.reason)
    return plan_office_again(change)


def own_days(session: Session, office_id: int) -> list[CalendarDay]:
    """Every day on which the office departs from the country's calendar."""
    query = select(CalendarDay).where(CalendarDay.office_id == office_id).order_by(col(CalendarDay.day))
    return list(session.exec(query))


def _own_day(session: Session, office_id: int, day: date) -> CalendarDay | None:
    return session.exec(select(CalendarDay).where(CalendarDay.office_id == office_id, CalendarDay.day == day)).first()


def plan_office_again(change: Change) -> Moved:
    """Counts periods again by the calendar as it is now, and plans every obligation that is open."""
    change.session.flush()
    moved = Moved(deadlines=_count_again(change))
    change.session.flush()
    planner = Planner(change)
    for low, high in _ranges(change):
        works = followed(
            change.session,
            Obligation.office_id == change.office_id,
            col(Obligation.id).between(low, high),
            col(Obligation.state).in_((*UNSETTLED, State.REPORTED)),
            Obligation.plan_no > 0,
        )
        moved.replanned += [key(one.obligation.id) for one in planner.plan(works)]
        change.session.flush()
        change.session.expunge_all()
    change.record(
        "office.planned_again",
        f"office:{change.office_id}",
        deadlines=len(moved.deadlines),
        obligations=len(moved.replanned),
    )
    return moved


def _ranges(change: Change) -> Iterator[tuple[int, int]]:
    query = select(Obligation.id).where(Obligation.office_id == change.office_id).order_by(col(Obligation.id))
    ids = [id_ for id_ in change.session.exec(query) if id_ is not None]
    for start in range(0, len(ids), STEP):
        some = ids[start : start + STEP]
        yield some[0], some[-1]


def _count_again(change: Change) -> list[MovedDeadline]:
    """Moves the bounds of periods that end otherwise now; a fixed day stays, and so does what an extension gave.

    No bound moves into the past: nobody becomes late because the office changed its calendar.
    """
    calendar = working_time(change.session, change.office_id).calendar
    query = (
        select(Directive)
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(
            Conclusion.office_id == change.office_id,
            Conclusion.withdrawal == 0,
            col(Directive.due_before) > change.now - REACH,
            col(Directive.runs).is_not(None) | col(Directive.event_at).is_not(None),
        )
    )
    moved: list[MovedDeadline] = []
    for directive in change.session.exec(query).all():
        bound = _bound(directive, calendar)
        if bound is not None and bound != directive.due_before and bound > change.now:
            moved += _move(change, directive, bound)
    return moved


def _bound(directive: Directive, calendar: WorkingCalendar) -> datetime | None:
    if directive.event_at is not None and directive.waits_for is not None:
        return bound_by_event(DraftWait.model_validate(directive.waits_for), directive.event_at, calendar)
    if directive.runs is None:
        return None
    runs = DraftPeriod.model_validate(directive.runs)
    return at(last_day_of_period(runs.anchor, runs.count, runs.unit, calendar) + timedelta(days=1))


def _explained_again(directive: Directive, bound: datetime) -> str:
    lines = (directive.explanation or "").splitlines()
    if directive.event_at is not None and directive.waits_for is not None:  # the event's own line is the last
        return "\n".join(
            [*lines[:-1], explanation(DraftWait.model_validate(directive.waits_for), directive.event_at, bound)]
        )
    return "\n".join([*lines, say("desk.calendar.counted_again", due=f"{local(bound):%H:%M %d/%m/%Y}")])


def _move(change: Change, directive: Directive, bound: datetime) -> list[MovedDeadline]:
    before = directive.due_before
    works = followed(
        change.session,
        Directive.id == directive.id,
        col(Obligation.state).in_((*UNSETTLED, State.REPORTED)),
        col(Obligation.due_before) == before,
    )
    directive.due_before, directive.explanation = bound, _explained_again(directive, bound)
    change.session.add(directive)
    for one in works:
        one.obligation.due_before = one.obligation.first_due_before = bound
        change.session.add(one.obligation)
    change.record(
        "deadline.moved", f"directive:{directive.id}", path=directive.path, before=iso(before), after=iso(bound)
    )
    return [
        MovedDeadline(
            key(one.obligation.id),
            one.conclusion.number,
            directive.path,
            one.obligation.agency_id,
            before or bound,
            bound,
        )
        for one in works
    ]
