"""The manager's dashboard: what is late and whom to call, what waits, what goes out, what comes; and it keeps itself
up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import func
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from domain.accounts import Rank
from domain.calendar import WorkingCalendar
from domain.coming import (
    Days,
    Slot,
    ToCall,
    coming_rounds,
    in_order,
    ladder,
    to_call,
    what_goes_out,
)
from domain.days import own_days
from domain.deadlines import last_day
from domain.figures import AgencyFigures, Figures, Mark, Memory, figures, mark
from domain.incoming import Incoming, IncomingState
from domain.listing.asked import Asked, Waiting
from domain.listing.tallies import SERIOUS
from domain.obligations import Standing
from domain.offices import WorkingTime, office_policy
from domain.sheet import Coming
from domain.ways import Way
from notifications.outbox import Message, Status, nothing_later
from notifications.stops import ChannelStop
from web.charts import Bar, Cell, Column, columns, due_weeks, listed, stacked
from web.prefect_runs import Runs, runs_of
from web.visit import Viewer, Visit

router = APIRouter()
MOST_LATE, MOST_BARS, MOST_LEVELS, MOST_ROUNDS = 10, 15, 5, 10
SOON, LATER = 7, 30  #: days


@dataclass(frozen=True, slots=True)
class Late:
    """An agency with late work, and whom to call there."""

    figures: AgencyFigures
    call: ToCall
    days: int  #: since the last day in time of what is late longest
    width: float  #: of its bar, percent
    href: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leads to its list."""

    name: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted from the ledger, and kept until the ledger or the minute moves on."""

    figures: Figures
    known: Mapping[int, ToCall]
    days: Days
    today: list[tuple[str, int]]  #: kind of what goes out -> how many
    tomorrow: list[tuple[str, int]]
    ladder: list[Coming]
    rounds: list[Slot]
    calendar: WorkingCalendar


MEMORY = Memory[Counted]()


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the page shows."""

    mark: Mark
    counted: Counted
    standings: list[Figure]
    late: list[Late]
    soon: list[Figure]
    waits: list[Figure]
    runs: Runs
    bars: list[Bar]
    weeks: list[Column]
    due: list[list[Cell]]


@router.get("/")
def dashboard(visit: Viewer) -> Response:
    """The whole page."""
    with visit.look() as session:
        return visit.page("dashboard.html", board=_board(visit, session, mark(session, visit.office_id, visit.now)))


@router.get("/live")
def live(visit: Viewer, seen: str = "") -> Response:
    """What the page shows, where it is not what the browser has seen."""
    with visit.look() as session:
        as_of = mark(session, visit.office_id, visit.now)
        if str(as_of) == seen:
            return Response(status_code=204)
        return visit.page("dashboard_live.html", board=_board(visit, session, as_of))


def hours_of(visit: Visit, session: Session) -> WorkingTime:
    """The office's hours and calendar, of the office's row that the visit already holds."""
    days = {one.day: one.worked for one in own_days(session, visit.office_id)}
    return WorkingTime(office_policy(visit.office), WorkingCalendar(days))


def _counted(visit: Visit, session: Session) -> Counted:
    """Everything that is counted from the ledger; whoever is shown it, it is the same."""
    now, office_id, hours = visit.now, visit.office_id, hours_of(visit, session)
    counted, days = figures(session, office_id, now), Days.of(now, hours)
    shown = {one.agency for one in (*counted.most_late[:MOST_LATE], *counted.busiest[:MOST_BARS])}
    today, tomorrow = what_goes_out(session, office_id, days)
    return Counted(
        figures=counted,
        known=to_call(session, shown),
        days=days,
        today=in_order(today.items()),
        tomorrow=in_order(tomorrow.items()),
        ladder=ladder(session, office_id, days, MOST_LEVELS),
        rounds=coming_rounds(session, office_id, now, hours, MOST_ROUNDS),
        calendar=hours.calendar,
    )


def _board(visit: Visit, session: Session, as_of: Mark) -> Dashboard:
    counted = MEMORY.recall(visit.ledger, as_of, lambda: _counted(visit, session))
    found, today = counted.figures, counted.days.today
    busiest = found.busiest[:MOST_BARS]
    return Dashboard(
        mark=as_of,
        counted=counted,
        standings=[Figure(str(one), found.totals[one], listed(Asked(standing=one))) for one in SERIOUS],
        late=_late(visit, counted),
        soon=[_due_within(found, today, days) for days in (SOON, LATER)],
        waits=list(_waits(visit, found, _undelivered(session, visit.office_id))),
        runs=runs_of(visit.settings).runs(),
        bars=stacked(busiest, {one.agency: counted.known[one.agency].agency for one in busiest}),
        weeks=columns(found.weeks),
        due=due_weeks(found.due_days, today, counted.calendar),
    )


def _late(visit: Visit, counted: Counted) -> list[Late]:
    """The agencies with the most late work."""
    some = counted.figures.most_late[:MOST_LATE]
    return [
        Late(
            figures=one,
            call=counted.known[one.agency],
            days=(counted.days.today - last_day(one.oldest)).days,
            width=round(100 * one.tally.late / some[0].tally.late, 2),
            href=listed(Asked(standing=Standing.OVERDUE, agency=one.agency)),
        )
        for one in some
        if one.oldest is not None
    ]


def _due_within(found: Figures, today: date, days: int) -> Figure:
    asked = Asked(standing=Standing.IN_TIME, due_from=today, due_to=today + timedelta(days=days))
    return Figure(str(days), found.due_within(today, days), listed(asked))


def _waits(visit: Visit, found: Figures, undelivered: Counter[str]) -> Iterator[Figure]:
    """What waits for the office; what nobody can do anything about from here is not offered as a link."""
    for what in Waiting:
        yield Figure(str(what), found.waiting[what], listed(Asked(waiting=what)))
    for status in (Status.FAILED, Status.UNKNOWN):
        yield Figure(str(status), undelivered[status], f"/messages?status={status}&final=1")
    yield Figure("inbox", undelivered["inbox"], "/inbox")
    yield Figure("ways", undelivered["ways"], "/sending#ways")
    yield Figure("stopped", undelivered["stopped"], "/sending#channels")
    yield Figure("drafts", found.drafts, "/filing" if visit.rank.reaches(Rank.CLERK) else "")
    yield Figure("held", found.held, "/sheet#held")


def _undelivered(session: Session, office_id: int) -> Counter[str]:
    """Messages that did not arrive or may not have, mail that waits, ways that fail, channels that stand still.

    Delivery leaves no audit entry, so they are counted each time, in one statement.
    """
    lost = {
        str(one): select(func.count()).where(Message.office_id == office_id, Message.status == one, nothing_later())
        for one in (Status.FAILED, Status.UNKNOWN)
    }
    inbox = select(func.count()).where(Incoming.office_id == office_id, Incoming.state == IncomingState.WAITING)
    ways = select(func.count()).where(Way.office_id == office_id, col(Way.bad_since).is_not(None))
    stopped = select(func.count()).where(ChannelStop.office_id == office_id)
    asked = lost | {"inbox": inbox, "ways": ways, "stopped": stopped}
    row = session.connection().execute(core_select(*[one.scalar_subquery().label(name) for name, one in asked.items()]))
    return Counter(dict(row.one()._mapping))
