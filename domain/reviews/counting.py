"""Counting: the database counts by agency, field and kind at once; whatever a table needs is added up from that."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, func
from sqlalchemy import select as core_select
from sqlmodel import Session, col

from domain.life.extensions import Decision, Extension
from domain.life.handing import WorkReturn
from domain.reports import StatusReport
from domain.reviews.figures import Asked, Counts, Spread, Tally
from domain.reviews.population import (
    CARRIED,
    GRANTED,
    LATE,
    NAMES,
    OVERDUE,
    Window,
    day_in_sql,
)


class Cell(NamedTuple):
    """What everything is counted by."""

    agency: int
    field: str
    kind: str


@dataclass(slots=True)
class Heap:
    """What is counted of one group while it is being counted."""

    standings: Counter[str] = field(default_factory=Counter)
    carried: int = 0
    new: int = 0
    overdue_long: int = 0
    late: Counter[int] = field(default_factory=Counter)  #: days -> how many
    finished: Counter[int] = field(default_factory=Counter)
    response: Counter[int] = field(default_factory=Counter)
    silent: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    def add(self, other: Heap) -> None:
        """Adds what another group counted."""
        self.standings.update(other.standings)
        self.late.update(other.late)
        self.finished.update(other.finished)
        self.response.update(other.response)
        self.asked.update(other.asked)
        self.carried += other.carried
        self.new += other.new
        self.overdue_long += other.overdue_long
        self.silent += other.silent

    def tally(self) -> Tally:
        """The figures of the group."""
        return Tally(
            counts=Counts(
                carried=self.carried,
                new=self.new,
                overdue_long=self.overdue_long,
                **{name: self.standings[name] for name in NAMES},
            ),
            late=spread(self.late),
            finished=spread(self.finished),
            response=spread(self.response),
            silent=self.silent,
            asked=Asked(**{name: self.asked[name] for name in Asked.model_fields}),
        )


Heaps = Mapping[Cell, Heap]


def spread(days: Mapping[int, int]) -> Spread:
    """The spread of a histogram: days -> how many."""
    count = sum(days.values())
    if not count:
        return Spread()
    total = sum(day * many for day, many in days.items())
    low, high = _at(days, (count - 1) // 2), _at(days, count // 2)
    return Spread(count=count, total=total, median=(low + high) / 2, longest=max(days))


def _at(days: Mapping[int, int], place: int) -> int:
    """The value at a place, 0 being the smallest."""
    for day in sorted(days):
        place -= days[day]
        if place < 0:
            return day
    raise IndexError(place)


def heaps_of(session: Session, work: Subquery, window: Window, long_late: int) -> dict[Cell, Heap]:
    """Everything that is counted of the work, by agency, field and kind."""
    heaps: dict[Cell, Heap] = defaultdict(Heap)
    _standings(session, work, heaps, long_late)
    _finished(session, work, heaps)
    _responses(session, work, window, heaps)
    _asked(session, work, window, heaps)
    return heaps


def _standings(session: Session, work: Subquery, heaps: dict[Cell, Heap], long_late: int) -> None:
    by = (work.c.agency_id, work.c.field, work.c.kind, work.c.came, work.c.standing, work.c.days_late)
    for *cell, came, standing, days, count in session.connection().execute(
        core_select(*by, func.count()).group_by(*by)
    ):
        heap = heaps[Cell(*cell)]
        heap.standings[NAMES[standing]] += count
        if came == CARRIED:
            heap.carried += count
        else:
            heap.new += count
        if standing in LATE:
            heap.late[days] += count
        if standing == OVERDUE and days > long_late:
            heap.overdue_long += count


def _finished(session: Session, work: Subquery, heaps: dict[Cell, Heap]) -> None:
    """Days from assignment to completion; a letter may bear an earlier date than the assignment: that is no day."""
    days = (day_in_sql(work.c.settled) - day_in_sql(work.c.assigned_at)).label("days")
    by = (work.c.agency_id, work.c.field, work.c.kind, days)
    query = core_select(*by, func.count()).where(work.c.settled.is_not(None)).group_by(*by)
    for *cell, spent, count in session.connection().execute(query):
        heaps[Cell(*cell)].finished[max(spent, 0)] += count


def _responses(session: Session, work: Subquery, window: Window, heaps: dict[Cell, Heap]) -> None:
    first = (
        core_select(col(StatusReport.obligation_id), func.min(col(StatusReport.effective_at)).label("at"))
        .where(col(StatusReport.effective_at) <= window.until)
        .group_by(col(StatusReport.obligation_id))
        .subquery("first")
    )
    days = (day_in_sql(first.c.at) - day_in_sql(work.c.assigned_at)).label("days")
    is_open = work.c.settled.is_(None).label("is_open")
    by = (work.c.agency_id, work.c.field, work.c.kind, is_open, days)
    query = core_select(*by, func.count()).select_from(work.outerjoin(first, first.c.obligation_id == work.c.id))
    for *cell, still_open, spent, count in session.connection().execute(query.group_by(*by)):
        heap = heaps[Cell(*cell)]
        if spent is not None:
            heap.response[max(spent, 0)] += count
        elif still_open:
            heap.silent += count


def _asked(session: Session, work: Subquery, window: Window, heaps: dict[Cell, Heap]) -> None:
    begin, until = window.period.begin, window.until
    asked_at, decided_at, decision = (
        col(one) for one in (Extension.asked_at, Extension.decided_at, Extension.decision)
    )
    was_asked = asked_at.between(begin, until) & col(Extension.wished).is_not(None)
    was_decided = decided_at.between(begin, until)
    given = was_decided & decision.in_(GRANTED)
    counts = {
        "extensions_asked": func.count().filter(was_asked),
        "extensions_granted": func.count().filter(given),
        "extensions_refused": func.count().filter(was_decided & (decision == Decision.REFUSED)),
        "extended": func.count(col(Extension.obligation_id).distinct()).filter(given),
    }
    _add(session, work, counts, heaps, Extension, was_asked | was_decided)
    at = col(WorkReturn.at)
    _add(session, work, {"returned": func.count()}, heaps, WorkReturn, at.between(begin, until))


def _add(
    session: Session,
    work: Subquery,
    counts: Mapping[str, ColumnElement[int]],
    heaps: dict[Cell, Heap],
    table: type[Extension] | type[WorkReturn],
    condition: ColumnElement[bool],
) -> None:
    by = (work.c.agency_id, work.c.field, work.c.kind)
    query = (
        core_select(*by, *counts.values())
        .select_from(work)
        .join(table, col(table.obligation_id) == work.c.id)
        .where(condition)
        .group_by(*by)
    )
    for agency, field_, kind, *found in session.connection().execute(query):
        heaps[Cell(agency, field_, kind)].asked.update(dict(zip(counts, found, strict=True)))


def whole(heaps: Heaps) -> Tally:
    """All groups together."""
    return _sum(heaps.values()).tally()


def grouped(heaps: Heaps, key: Callable[[Cell], Hashable]) -> dict[Hashable, Tally]:
    """What `key` names -> its figures."""
    found: dict[Hashable, list[Heap]] = defaultdict(list)
    for cell, heap in heaps.items():
        found[key(cell)].append(heap)
    return {name: _sum(some).tally() for name, some in found.items()}


def _sum(heaps: Iterable[Heap]) -> Heap:
    total = Heap()
    for one in heaps:
        total.add(one)
    return total
