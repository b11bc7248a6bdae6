"""What the Monday meeting ("giao ban") looks at: the pieces of work of one week, as the lists and figures have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pendulum import DateTime
from sqlalchemy import func
from sqlmodel import Session, col, select

from config.words import say
from domain.conclusions import Conclusion
from domain.instants import at, local
from domain.life.extensions import Decision, Extension
from domain.listing.asked import Asked, Waiting
from domain.listing.obligations import WorkRow, every_work, work_rows
from domain.obligations import Obligation, Standing, State
from notifications.papers.office import VI
from notifications.wording import day_words


@dataclass(frozen=True, slots=True)
class Noted:
    """One piece of work, and what the meeting should know of it."""

    row: WorkRow
    note: str


@dataclass(frozen=True, slots=True)
class AgencyLate:
    """What is overdue at one agency."""

    agency: str
    late: int
    longest: int  #: days


@dataclass(frozen=True, slots=True)
class Week:
    """Everything on the table; days are of Asia/Ho_Chi_Minh."""

    monday: date
    late: tuple[Noted, ...]  #: the most late first
    this_week: tuple[Noted, ...]  #: due from today to Sunday, in time so far
    next_week: tuple[Noted, ...]
    waiting: tuple[Noted, ...]  #: for the office
    finished: tuple[Noted, ...]  #: since seven days ago
    extended: tuple[Noted, ...]
    notices: int  #: filed since seven days ago

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)

    @property
    def late_agencies(self) -> list[AgencyLate]:
        """Those with the most overdue first, of these the longest late."""
        days: dict[str, list[int]] = defaultdict(list)
        for one in self.late:
            days[one.row.agency].append(one.row.days_late)
        found = [AgencyLate(agency, len(some), max(some)) for agency, some in days.items()]
        return sorted(found, key=lambda one: (-one.late, -one.longest, one.agency))

    @property
    def sections(self) -> tuple[tuple[str, tuple[Noted, ...]], ...]:
        """(name, rows) in the order of the paper."""
        return (
            ("late", self.late),
            ("this_week", self.this_week),
            ("next_week", self.next_week),
            ("waiting", self.waiting),
            ("finished", self.finished),
            ("extended", self.extended),
        )


def week_of(session: Session, office_id: int, now: DateTime) -> Week:
    """The week in which `now` lies."""
    today = local(now).date()
    monday = today - timedelta(days=today.weekday())
    sunday, before = monday + timedelta(days=6), at(today - timedelta(days=7))

    def due(first: date, last: date) -> tuple[Noted, ...]:
        asked = Asked(standing=Standing.IN_TIME, due_from=first, due_to=last)
        return tuple(Noted(row, "") for row in every_work(session, office_id, now, asked, "due"))

    return Week(
        monday,
        _late(session, office_id, now),
        due(today, sunday),
        due(sunday + timedelta(days=1), sunday + timedelta(days=7)),
        _waiting(session, office_id, now),
        _finished(session, office_id, now, before),
        _extended(session, office_id, now, before),
        _notices(session, office_id, before, now),
    )


def _late(session: Session, office_id: int, now: DateTime) -> tuple[Noted, ...]:
    rows = every_work(session, office_id, now, Asked(standing=Standing.OVERDUE), "due")
    return tuple(Noted(row, say("messages.late", language=VI, days=row.days_late)) for row in rows)


def _waiting(session: Session, office_id: int, now: DateTime) -> tuple[Noted, ...]:
    found = []
    for what in Waiting:
        note = say(f"papers_office.weekly.waits.{what}", language=VI)
        found += [Noted(row, note) for row in every_work(session, office_id, now, Asked(waiting=what), "due")]
    return tuple(found)


def _finished(session: Session, office_id: int, now: DateTime, since: datetime) -> tuple[Noted, ...]:
    """What the office accepted lately."""
    query = select(Obligation.id).where(
        Obligation.office_id == office_id,
        Obligation.state == State.DONE,
        col(Obligation.closed_at) >= since,
        col(Obligation.closed_at) <= now,
    )
    rows = work_rows(session, office_id, now, _ids(session.exec(query.order_by(col(Obligation.closed_at))).all()))
    return tuple(Noted(row, say(f"views.standing.{row.standing}", language=VI)) for row in rows)


def _extended(session: Session, office_id: int, now: DateTime, since: datetime) -> tuple[Noted, ...]:
    query = (
        select(Extension.obligation_id, Extension.before)
        .join(Obligation, col(Obligation.id) == col(Extension.obligation_id))
        .where(
            Obligation.office_id == office_id,
            col(Obligation.state) != State.CANCELLED,
            col(Extension.decision).in_((Decision.GRANTED, Decision.SHORTENED)),
            col(Extension.decided_at) >= since,
            col(Extension.decided_at) <= now,
        )
        .order_by(col(Extension.decided_at))
    )
    before: dict[int, datetime] = {}
    for id_, bound in session.exec(query):
        before.setdefault(id_, bound)  # of two extensions in a week the first says where it came from
    rows = work_rows(session, office_id, now, list(before))
    return tuple(Noted(row, _from(before[row.id])) for row in rows)


def _from(bound: datetime) -> str:
    return say("papers_office.weekly.moved_from", language=VI, day=day_words(local(bound).date(), VI))


def _notices(session: Session, office_id: int, since: datetime, now: datetime) -> int:
    query = select(func.count(col(Conclusion.id))).where(
        Conclusion.office_id == office_id,
        Conclusion.withdrawal == 0,
        Conclusion.filed_at >= since,
        Conclusion.filed_at <= now,
    )
    return session.exec(query).one()


def _ids(found: Sequence[int | None]) -> list[int]:
    return [id_ for id_ in found if id_ is not None]
