"""Reviews that open by themselves each year: kept in the ledger, so that nothing an operator set is lost."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pendulum import DateTime
from sqlmodel import Session, col, select

from domain.errors import Refusal
from domain.instants import at, local
from domain.keys import key
from domain.offices import working_time
from domain.regulations import Regulation
from domain.reviews.cycles import Opened, Opening, cycle_of, open_cycle
from domain.reviews.periods import Period, Shape, parse_period
from domain.reviews.tables import ReviewSchedule
from domain.store import Change

SHAPES = {Shape.YEAR: "{year}", Shape.HALF: "{year}-H1", Shape.NINE_MONTHS: "{year}-9M"}  #: what a year can repeat
LEAP_YEAR = 2000  #: 29 February is a day that a schedule can name


@dataclass(frozen=True, slots=True)
class DayOfYear:
    """A day of every year; the 29th of February is the 28th where there is none."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """That day of one year."""
        return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))


def day_of_year(words: str) -> DayOfYear:
    """ "01/11" -> the 1st of November. Raises Refusal for a day that no year has."""
    day, _, month = words.strip().replace("-", "/").partition("/")
    try:
        checked = date(LEAP_YEAR, int(month), int(day))
    except ValueError:
        raise Refusal("reviews.refused.day_of_year", words=words[:20]) from None
    return DayOfYear(checked.month, checked.day)


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """A yearly review as a person asks for it."""

    shape: Shape
    opens: DayOfYear
    due: DayOfYear  #: the last day in time; of the next year where it comes before the opening
    of_last_year: bool = False


def set_schedule(change: Change, regulation: Regulation, given: NewSchedule) -> ReviewSchedule:
    """Has a review opened each year from now on; another for the same shape takes its place.

    Raises Refusal for a shape that does not come each year.
    """
    if given.shape not in SHAPES:
        raise Refusal("reviews.refused.not_yearly", shape=given.shape, known=", ".join(SHAPES))
    row = _row(change.session, key(regulation.id), given.shape) or ReviewSchedule(
        office_id=change.office_id,
        regulation_id=key(regulation.id),
        shape=given.shape,
        opens_month=1,
        opens_day=1,
        due_month=1,
        due_day=1,
        since=local(change.now).date(),
    )
    row.opens_month, row.opens_day = given.opens.month, given.opens.day
    row.due_month, row.due_day = given.due.month, given.due.day
    row.of_last_year, row.active, row.since = given.of_last_year, True, local(change.now).date()
    change.session.add(row)
    change.session.flush()
    change.record(
        "review.scheduled",
        f"regulation:{regulation.id}",
        shape=row.shape,
        opens=f"{row.opens_day}/{row.opens_month}",
        due=f"{row.due_day}/{row.due_month}",
        of_last_year=row.of_last_year,
    )
    return row


def stop_schedule(change: Change, regulation: Regulation, shape: Shape) -> ReviewSchedule:
    """A review opens by itself no more. Raises Refusal where none does."""
    row = _row(change.session, key(regulation.id), shape)
    if row is None or not row.active:
        raise Refusal("reviews.refused.no_schedule", number=regulation.number)
    row.active = False
    change.session.add(row)
    change.record("review.unscheduled", f"regulation:{regulation.id}", shape=row.shape)
    return row


def _row(session: Session, regulation_id: int, shape: str) -> ReviewSchedule | None:
    return session.exec(
        select(ReviewSchedule).where(ReviewSchedule.regulation_id == regulation_id, ReviewSchedule.shape == shape)
    ).first()


def schedules(session: Session, office_id: int) -> list[tuple[ReviewSchedule, Regulation]]:
    """Every schedule that is in force, with its regulation."""
    query = (
        select(ReviewSchedule, Regulation)
        .join(Regulation, col(Regulation.id) == col(ReviewSchedule.regulation_id))
        .where(ReviewSchedule.office_id == office_id, col(ReviewSchedule.active))
        .order_by(col(ReviewSchedule.id))
    )
    return list(session.exec(query))


@dataclass(frozen=True, slots=True)
class Planned:
    """One opening of a schedule."""

    opens_at: DateTime  #: the first slot of the first working day that is not before its day
    period: Period
    due_before: DateTime


def opening_of(session: Session, row: ReviewSchedule, year: int) -> Planned:
    """What a schedule opens in a year."""
    opens = DayOfYear(row.opens_month, row.opens_day).of(year)
    due = DayOfYear(row.due_month, row.due_day)
    last = due.of(year) if due.of(year) >= opens else due.of(year + 1)
    period = parse_period(SHAPES[Shape(row.shape)].format(year=year - row.of_last_year))
    return Planned(working_time(session, row.office_id).first_slot(opens), period, at(last + timedelta(days=1)))


def next_opening(session: Session, row: ReviewSchedule, now: datetime) -> Planned:
    """The next opening after `now`."""
    year = local(now).year
    found = (opening_of(session, row, one) for one in (year, year + 1, year + 2))
    return next(one for one in found if one.opens_at > now)


def open_scheduled(change: Change) -> list[Opened]:
    """Opens every review whose day has come and that is not open yet, also after an outage; twice is once.

    What nobody could answer in time any more, and what the regulation's term forbids, is left to a person.
    """
    opened = []
    for row, regulation in schedules(change.session, change.office_id):
        for year in (local(change.now).year - 1, local(change.now).year):
            planned = opening_of(change.session, row, year)
            if _is_ripe(change, row, regulation, planned):
                opened.append(open_cycle(change, Opening(regulation, planned.period, planned.due_before)))
    return [one for one in opened if one.is_new]


def missed(session: Session, office_id: int, now: datetime) -> list[tuple[Regulation, Planned]]:
    """What a schedule should have opened in the last year and nobody can answer in time any more: a person decides."""
    years = (local(now).year - 1, local(now).year)
    planned = [
        (row, regulation, opening_of(session, row, year))
        for row, regulation in schedules(session, office_id)
        for year in years
    ]
    return [
        (regulation, one)
        for row, regulation, one in planned
        if one.due_before <= now < one.due_before.add(years=1)
        and local(one.opens_at).date() >= row.since
        and _governs(regulation, one)
        and cycle_of(session, key(regulation.id), one.period) is None
    ]


def _governs(regulation: Regulation, planned: Planned) -> bool:
    return regulation.term_from <= planned.period.last_day and (
        regulation.term_to is None or regulation.term_to >= planned.period.first_day
    )


def _is_ripe(change: Change, row: ReviewSchedule, regulation: Regulation, planned: Planned) -> bool:
    if not planned.opens_at <= change.now < planned.due_before or local(planned.opens_at).date() < row.since:
        return False
    return _governs(regulation, planned) and cycle_of(change.session, key(regulation.id), planned.period) is None
