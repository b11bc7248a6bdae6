"""The life of obligations once more, slowly and obviously: what the office knows of each, day by day.

Written apart from the product's own planning: it keeps a diary of what happened and of what agencies were told, and
judges it by counting days one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from domain.instants import local

OPEN = ("assigned", "acknowledged", "in_progress")
#: deed -> from which states it may be done. Issue and design, written by hand.
MAY: dict[str, tuple[str, ...]] = {
    "acknowledge": ("assigned",),
    "progress": OPEN,
    "complete": OPEN,
    "accept": ("reported",),
    "reject": ("reported",),
    "return": OPEN,
    "insist": ("returned",),
    "reassign": (*OPEN, "returned"),
    "ask": OPEN,
    "extend": OPEN,
    "refuse": OPEN,
    "correct": (*OPEN, "returned"),
    "close": (*OPEN, "returned"),
    "cancel": (*OPEN, "returned"),
    "status": OPEN,
}
THEN = {
    "acknowledge": "acknowledged",
    "progress": "in_progress",
    "complete": "reported",
    "accept": "done",
    "reject": "in_progress",
    "return": "returned",
    "insist": "assigned",
    "reassign": "cancelled",
    "close": "done",
    "cancel": "cancelled",
}
NEWS = ("assign", "insisted", "rejected", "corrected", "extended", "refused", "released", "ask")
LADDER = (1, 5, 10)  #: working days after the first late day


@dataclass
class Said:
    """Something that was said about an obligation."""

    kind: str
    level: int
    at: datetime


@dataclass
class Life:
    """One obligation."""

    id: int
    due: datetime | None
    request: bool = False
    tracked: bool = True
    state: str = "assigned"
    settled_at: datetime | None = None
    asked: bool = False
    wished: datetime | None = None
    linked: int = 0
    since: datetime | None = None  #: of the present turn and bound
    said: list[Said] = field(default_factory=list)  #: in the present turn and bound
    news_at: datetime | None = None  #: when it was last told something new

    def may(self, deed: str) -> bool:
        """Whether the deed is possible now."""
        return self.state in MAY[deed]

    def does(self, deed: str) -> None:
        """The state after it."""
        self.state = THEN.get(deed, self.state)

    def begins_anew(self) -> None:
        """What was announced before counts no more."""
        self.said = []

    def standing(self, now: datetime) -> str:
        """The figures an office publishes."""
        if self.settled_at is not None:
            return "done_late" if self.due is not None and self.settled_at >= self.due else "done_in_time"
        if self.due is None:
            return "undated"
        return "overdue" if now >= self.due else "in_time"

    def announced(self, level: int) -> datetime | None:
        """When a level was last said: 0 is the notice of lateness."""
        kind = "overdue" if level == 0 else "escalate"
        return max((one.at for one in self.said if one.kind == kind and one.level == level), default=None)


#: as the Government's notices gave them: National Day, New Year, Tết, Hùng Kings, Reunification, Labour Day
COUNTRY = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2018-09-03", "2018-12-31", "2019-01-01", "2019-02-04", "2019-02-05", "2019-02-06", "2019-02-07"),
        *("2019-02-08", "2019-04-15", "2019-04-29", "2019-04-30", "2019-05-01", "2019-09-02"),
    )
)
MADE_UP = (date(2019, 1, 5), date(2019, 5, 4))  #: Saturdays worked in exchange


@dataclass
class Days:
    """The working days, counted one at a time."""

    off: set[date] = field(default_factory=set)
    worked: set[date] = field(default_factory=lambda: set(MADE_UP))
    country: frozenset[date] = COUNTRY

    def is_working(self, day: date) -> bool:
        """Whether the office works."""
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.off and day not in self.country

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to `last`."""
        count, day = 0, first
        while day < last:
            day += timedelta(days=1)
            count += self.is_working(day)
        return count


def day_of(moment: datetime) -> date:
    """The office's day."""
    wall = local(moment)
    return date(wall.year, wall.month, wall.day)
