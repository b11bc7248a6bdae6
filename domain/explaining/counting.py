"""From which day the steps of lateness were counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import WorkingCalendar
from domain.checkpoints import GONE, Checkpoint
from domain.deadlines import first_late_day
from domain.instants import local
from domain.moments import Kind


class Start(StrEnum):
    """What kind of day the counting starts from."""

    FIRST = "first"  #: the first late day
    WORKING = "working"  #: the first late day is a day off: the working day after it
    ANEW = "anew"  #: the work was late before the office followed it, or before its agency had it


@dataclass(frozen=True, slots=True)
class Counted:
    """The day from which steps are counted, and the ordinal of a step that is said for the first time."""

    day: date
    start: Start
    first: int = 0

    def is_repeated(self, row: Checkpoint) -> bool:
        """Whether the row repeats a step that was said before."""
        return row.ordinal > self.first


def counted_from(row: Checkpoint, rows: Iterable[Checkpoint], calendar: WorkingCalendar) -> Counted:
    """How an overdue notice or a level of the ladder was counted; `row` has a bound."""
    if row.due_before is None:
        raise ValueError(row.kind)
    anew = [one for one in rows if _announces_anew(one, row)]
    if row.ordinal and anew:
        return Counted(calendar.on_or_after(local(anew[-1].planned_at).date()), Start.ANEW, anew[-1].ordinal)
    late = first_late_day(row.due_before)
    day = calendar.on_or_after(late)
    return Counted(day, Start.FIRST if day == late else Start.WORKING)


def _announces_anew(one: Checkpoint, row: Checkpoint) -> bool:
    """Overdue notices do not repeat: one with an ordinal starts the counting once more."""
    same = (one.turn, one.due_before) == (row.turn, row.due_before)
    return one.kind == Kind.OVERDUE and one.ordinal > 0 and same and (one is row or one.fate not in GONE)
