"""The charts' geometry: bars, columns and a calendar, each part with the list that it counts.

Lengths are percent of the drawing, so that a chart is as wide as its place and its words are never scaled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import WorkingCalendar
from domain.deadlines import last_day
from domain.figures import DUE_WEEKS, WEEK, AgencyFigures, WeekFigures
from domain.listing.asked import Asked
from domain.listing.tallies import SERIOUS
from domain.obligations import Standing
from web.pages.list_asking import address_of

LIST = "/obligations"
SHADES = 4  #: of the calendar's days, by how much is due
SATURDAY = 5


def listed(asked: Asked) -> str:
    """The list of the obligations that are asked for."""
    return address_of(LIST, asked)


@dataclass(frozen=True, slots=True)
class Part:
    """One standing's share of a bar."""

    standing: Standing
    count: int
    left: float
    width: float
    href: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One agency's work."""

    agency: int
    name: str
    total: int
    href: str
    parts: tuple[Part, ...]

    def count(self, standing: str) -> int:
        """How much stands so."""
        return sum(part.count for part in self.parts if part.standing == standing)

    def list_of(self, standing: str) -> str:
        """The list of what stands so."""
        return listed(Asked(standing=Standing(standing), agency=self.agency))


def stacked(agencies: Sequence[AgencyFigures], names: Mapping[int, str]) -> list[Bar]:
    """A bar for each agency, as long as its work is much; the most serious stands first."""
    longest = max((one.tally.total for one in agencies), default=0)
    return [_bar(one, names[one.agency], longest) for one in agencies]


def _bar(one: AgencyFigures, name: str, longest: int) -> Bar:
    parts, before = [], 0
    for standing in SERIOUS:
        if count := one.tally[standing]:
            href = listed(Asked(standing=standing, agency=one.agency))
            parts.append(Part(standing, count, _percent(before, longest), _percent(count, longest), href))
            before += count
    return Bar(one.agency, name, before, listed(Asked(agency=one.agency)), tuple(parts))


@dataclass(frozen=True, slots=True)
class Column:
    """What was late when one week ended."""

    first_day: date
    last_day: date
    running: bool  #: the week is not over: the column shows what is late now
    late: int
    still: int
    height: float
    still_height: float
    href: str  #: the list of what is late to this day


def columns(weeks: Sequence[WeekFigures]) -> list[Column]:
    """A column for each week; the one of the running week leads to everything that is late."""
    highest = max((one.late for one in weeks), default=0)
    return [_column(one, highest, running=one is weeks[-1]) for one in weeks]


def _column(one: WeekFigures, highest: int, *, running: bool) -> Column:
    ended = last_day(one.until)
    return Column(
        first_day=one.first_day,
        last_day=ended,
        running=running,
        late=one.late,
        still=one.still,
        height=_percent(one.late, highest),
        still_height=_percent(one.still, highest),
        href=listed(Asked(standing=Standing.OVERDUE, due_to=None if running else ended)),
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the calendar of due days."""

    day: date
    count: int
    shade: int  #: 0 where nothing is due, then 1 to SHADES
    works: bool
    is_today: bool
    is_past: bool
    href: str

    @property
    def begins_month(self) -> bool:
        """Whether the month is to be said with the day."""
        return self.day.day == 1

    @property
    def is_holiday(self) -> bool:
        """A day off that is no weekend."""
        return not self.works and self.day.weekday() < SATURDAY


def due_weeks(due_days: Mapping[date, int], today: date, calendar: WorkingCalendar) -> list[list[Cell]]:
    """The running week and those after it, each from Monday to Sunday."""
    monday = today - timedelta(days=today.weekday())
    days = [[monday + WEEK * week + timedelta(days=n) for n in range(7)] for week in range(DUE_WEEKS)]
    most = max((due_days.get(day, 0) for week in days for day in week), default=0)
    return [[_cell(day, due_days.get(day, 0), most, today, calendar) for day in week] for week in days]


def _cell(day: date, count: int, most: int, today: date, calendar: WorkingCalendar) -> Cell:
    is_past = day < today
    standing = Standing.OVERDUE if is_past else Standing.IN_TIME
    return Cell(
        day=day,
        count=count,
        shade=-(-count * SHADES // most) if most else 0,
        works=calendar.is_working(day),
        is_today=day == today,
        is_past=is_past,
        href=listed(Asked(standing=standing, due_from=day, due_to=day)),
    )


def _percent(count: int, whole: int) -> float:
    """Two decimals, so that the parts of a whole touch."""
    return round(100 * count / whole, 2) if whole else 0.0
