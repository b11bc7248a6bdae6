"""The figures of an office: counted by the database, in a few passes over everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from pendulum import DateTime
from sqlalchemy import ColumnElement, Integer, and_, func, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col

from domain.audit import AuditEntry
from domain.checkpoints import Checkpoint, Fate
from domain.deadlines import last_day
from domain.instants import at, local
from domain.listing.asked import Asked, Waiting
from domain.listing.conditions import work_conditions
from domain.listing.standings import due, settled, stands
from domain.listing.tallies import Tally
from domain.obligations import Obligation, Standing, State
from domain.papers import Paper
from domain.store import Ledger

WEEKS = 12  #: whose lateness is shown, the running one included
DUE_WEEKS = 6  #: whose due days are shown, the running one included
WEEK = timedelta(days=7)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AgencyFigures:
    """How one agency's work stands."""

    agency: int
    tally: Tally
    oldest: datetime | None  #: the bound that was broken first among what is late


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """What was open and late when a week ended; of the running week, what is now."""

    first_day: date
    until: DateTime  #: the first instant after the week, or now
    late: int
    still: int  #: of those, what is open and late to this day

    @property
    def settled_since(self) -> int:
        """Of those, what is not late any more."""
        return self.late - self.still


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted from the whole ledger, as of one moment."""

    totals: Tally
    agencies: tuple[AgencyFigures, ...]  #: those that have work
    weeks: tuple[WeekFigures, ...]  #: the oldest first
    due_days: Mapping[date, int]  #: last day in time -> what is open: late of days gone by, in time of today and after
    waiting: Mapping[Waiting, int]
    drafts: int  #: papers on the desk
    held: int  #: checkpoints that the office holds back
    overripe: int  #: checkpoints whose moment has come and that no round has taken yet

    def due_within(self, today: date, days: int) -> int:
        """What is open and in time, and due up to so many days from today."""
        return sum(count for day, count in self.due_days.items() if today <= day <= today + timedelta(days=days))

    @property
    def most_late(self) -> list[AgencyFigures]:
        """The agencies with late work: most first, then the longest late."""
        late = [one for one in self.agencies if one.tally.late]
        return sorted(late, key=lambda one: (-one.tally.late, one.oldest, one.agency))

    @property
    def late_agencies(self) -> int:
        """How many agencies have late work."""
        return sum(1 for one in self.agencies if one.tally.late)

    @property
    def busiest(self) -> list[AgencyFigures]:
        """The agencies with the most work."""
        return sorted(self.agencies, key=lambda one: (-one.tally.total, one.agency))


def figures(session: Session, office_id: int, now: DateTime) -> Figures:
    """Counts everything as of `now`; what was cancelled counts nowhere."""
    agencies = _by_agency(session, office_id, now)
    totals: Counter[str] = Counter()
    for one in agencies:
        totals.update(one.tally.counts)
    counts = _waiting(session, office_id, now)
    return Figures(
        totals=Tally(totals),
        agencies=agencies,
        weeks=_weeks(session, office_id, now),
        due_days=_due_days(session, office_id, now),
        waiting={one: counts[one] for one in Waiting},
        drafts=counts["drafts"],
        held=counts["held"],
        overripe=counts["overripe"],
    )


def _counted(office_id: int) -> tuple[ColumnElement[bool], ...]:
    return col(Obligation.office_id) == office_id, col(Obligation.state) != State.CANCELLED


def _by_agency(session: Session, office_id: int, now: DateTime) -> tuple[AgencyFigures, ...]:
    counts = [func.count().filter(stands(one, now)) for one in Standing]
    oldest = func.min(due).filter(stands(Standing.OVERDUE, now))
    query = core_select(col(Obligation.agency_id), oldest, *counts).where(*_counted(office_id)).group_by("agency_id")
    return tuple(
        AgencyFigures(agency, Tally({one: count for one, count in zip(Standing, some, strict=True) if count}), since)
        for agency, since, *some in session.connection().execute(query)
    )


def _weeks(session: Session, office_id: int, now: DateTime) -> tuple[WeekFigures, ...]:
    """One pass over what was ever late: what stood open and late at the end of each week, and of that, what still is.

    Counted by the bounds as they are now; what was cancelled since was open until then.
    """
    monday = local(now).date() - timedelta(days=local(now).weekday())
    ends = [at(monday - WEEK * back) for back in range(WEEKS - 2, -1, -1)] + [now]
    late_now = stands(Standing.OVERDUE, now) & (col(Obligation.state) != State.CANCELLED)
    columns = [func.count().filter(which) for end in ends for which in (_was_late(end), late_now & (due <= end))]
    query = core_select(*columns).where(col(Obligation.office_id) == office_id, due <= now)
    row = session.connection().execute(query).one()
    first_days = [monday - WEEK * back for back in range(WEEKS - 1, -1, -1)]
    return tuple(WeekFigures(first_days[n], end, late=row[2 * n], still=row[2 * n + 1]) for n, end in enumerate(ends))


def _was_late(moment: DateTime) -> ColumnElement[bool]:
    """Whether an obligation was open and late at a moment of the past."""
    ended = col(Obligation.cancelled_at)
    return and_(
        due <= moment,
        or_(settled.is_(None), settled > moment),
        or_(col(Obligation.state) != State.CANCELLED, ended > moment),
    )


def _due_days(session: Session, office_id: int, now: DateTime) -> dict[date, int]:
    """Bounds are few where obligations are many: they are counted by bound first, and the days found afterwards."""
    today = local(now).date()
    monday = today - timedelta(days=today.weekday())
    open_ = or_(and_(stands(Standing.OVERDUE, now), due <= at(today)), stands(Standing.IN_TIME, now))
    span = (due > at(monday), due <= at(monday + WEEK * DUE_WEEKS))
    query = core_select(due, func.count()).where(*_counted(office_id), *span, open_).group_by(due)
    found: Counter[date] = Counter()
    for bound, count in session.connection().execute(query):
        assert bound is not None  # it lies in the span
        found[last_day(bound)] += count
    return dict(found)


def _waiting(session: Session, office_id: int, now: DateTime) -> dict[str, int]:
    """What waits for the office, each as its list counts it; one statement."""
    queries = {
        str(one): core_select(func.count(col(Obligation.id))).where(
            *work_conditions(session, office_id, now, Asked(waiting=one))
        )
        for one in Waiting
    }
    queries["drafts"] = core_select(func.count(col(Paper.id))).where(
        col(Paper.office_id) == office_id, col(Paper.conclusion_id).is_(None), col(Paper.dropped_at).is_(None)
    )
    points = core_select(func.count(col(Checkpoint.id))).where(col(Checkpoint.office_id) == office_id)
    queries["held"] = points.where(col(Checkpoint.fate) == Fate.HELD)
    queries["overripe"] = points.where(col(Checkpoint.fate) == Fate.OPEN, col(Checkpoint.at) <= now)
    query = core_select(*(one.scalar_subquery().label(name) for name, one in queries.items()))
    return dict(session.connection().execute(query).mappings().one())


@dataclass(frozen=True, slots=True)
class Mark:
    """What the figures depend on: nothing changes the ledger without an audit entry, and lateness comes by minutes."""

    seq: int
    minute: int  #: since the epoch

    def __str__(self) -> str:
        return f"{self.seq}.{self.minute}"


def mark(session: Session, office_id: int, now: datetime) -> Mark:
    """How far the ledger has come."""
    query = core_select(func.max(col(AuditEntry.seq), type_=Integer)).where(col(AuditEntry.office_id) == office_id)
    return Mark(session.connection().execute(query).scalar() or 0, int(now.timestamp()) // 60)


@dataclass(slots=True)
class Memory(Generic[T]):
    """The last thing that was counted of each ledger, so that a page that is looked at all day counts once a minute."""

    _kept: WeakKeyDictionary[Ledger, tuple[Mark, T]] = field(default_factory=WeakKeyDictionary)
    _lock: Lock = field(default_factory=Lock)

    def recall(self, ledger: Ledger, as_of: Mark, count: Callable[[], T]) -> T:
        """What is kept; counted again where the ledger has come further than when it was counted."""
        with self._lock:
            kept = self._kept.get(ledger)
        if kept is not None and kept[0] == as_of:
            return kept[1]
        counted = count()
        with self._lock:
            self._kept[ledger] = (as_of, counted)
        return counted
