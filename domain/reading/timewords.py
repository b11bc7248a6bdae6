"""A word of time as a value, and what it is read against. Instants are of Asia/Ho_Chi_Minh (+07:00)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

import pendulum

from domain.calendar import WorkingCalendar
from domain.drafts import DeadlineKind, DraftDeadline

ZONE = "Asia/Ho_Chi_Minh"
STRENGTH = (
    DeadlineKind.DATE,
    DeadlineKind.RELATIVE,
    DeadlineKind.RECURRING,
    DeadlineKind.CONTINUOUS,
    DeadlineKind.NONE,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a date is read against: the notice's own days, the office's calendar and its reading of "trước"."""

    issued_on: date | None = None
    meeting_on: date | None = None
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    inclusive: bool = False  #: "trước ngày X" includes X
    memory: dict[tuple[str, bool], list[TimeWord]] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def reference(self) -> date | None:
        """The day from which a date without a year is looked for."""
        return self.issued_on or self.meeting_on


@dataclass(frozen=True, slots=True)
class TimeWord:
    """One word of time, where it stands, as a deadline; `firm` when it gives an instant or a rule of its own."""

    start: int
    end: int
    deadline: DraftDeadline
    warnings: tuple[str, ...] = ()
    assumed: bool = False  #: a cycle whose day is assumed
    aside: bool = False  #: it stands in brackets and may only describe a noun: it gives way to any other
    attached: bool = False  #: an event or period that bounds it without an instant

    @property
    def kind(self) -> DeadlineKind:
        """The kind of its deadline."""
        return self.deadline.kind

    @property
    def firm(self) -> bool:
        """Whether it is a date, a period or a recurrence."""
        return self.kind in STRENGTH[:3]

    @property
    def value(self) -> tuple[object, ...]:
        """What makes two deadlines the same."""
        return (self.kind, self.deadline.due_before, self.deadline.rrule)


def at_midnight(day: date, at: time | None = None) -> datetime:
    """The start of the day, or that hour of it, on the wall clock of Asia/Ho_Chi_Minh."""
    clock = at or time(0)
    return pendulum.datetime(day.year, day.month, day.day, clock.hour, clock.minute, tz=ZONE)


def tidy(phrase: str) -> str:
    """The phrase on one line."""
    return " ".join(phrase.split())


def spoken(due: datetime) -> str:
    """An instant as people write it: 09/03/2018 00:00."""
    return due.strftime("%d/%m/%Y %H:%M")
