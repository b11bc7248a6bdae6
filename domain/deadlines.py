"""The last moment of a piece of work: a half-open interval.

`due_before` is the first instant that is late. Nothing else is stored; the days below are derived from it, on the
calendar of Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pendulum

from domain.calendar import WorkingCalendar
from domain.drafts import DraftWait, PeriodUnit
from domain.instants import at, local

DAY = timedelta(days=1)


def is_late(moment: datetime, due_before: datetime) -> bool:
    """Whether `moment` is late: the bound itself already is."""
    return moment >= due_before


def last_day(due_before: datetime) -> date:
    """The last day with a moment that is in time."""
    return local(due_before - timedelta(microseconds=1)).date()


def first_late_day(due_before: datetime) -> date:
    """The day on which lateness begins: that of the bound itself."""
    return local(due_before).date()


def last_day_of_period(anchor: date, count: int, unit: PeriodUnit, calendar: WorkingCalendar) -> date:
    """The last day of a period that runs from `anchor` (Civil Code 2015, art. 147-148).

    The first day is not counted; months and years end on the corresponding day, or on the month's last; a period
    whose last day is a day off ends with the next working day. Raises ValueError for hours, which have no day, and
    OverflowError beyond the calendar.
    """
    match unit:
        case PeriodUnit.WORKING_DAY:
            return calendar.shift(anchor, count)
        case PeriodUnit.DAY | PeriodUnit.WEEK:
            return calendar.on_or_after(anchor + count * (DAY if unit is PeriodUnit.DAY else 7 * DAY))
        case PeriodUnit.MONTH | PeriodUnit.YEAR:
            months = count * (12 if unit is PeriodUnit.YEAR else 1)
            moved = pendulum.date(anchor.year, anchor.month, anchor.day).add(months=months)
            return calendar.on_or_after(date(moved.year, moved.month, moved.day))
    raise ValueError(unit)


def bound_by_event(wait: DraftWait, event: datetime, calendar: WorkingCalendar) -> datetime:
    """The first late instant of work that waited for an event, now that the event's instant is known.

    Forward it is a period like any other; back from the event ("ít nhất 10 ngày trước khi …") the last day in time
    lies that many days before it, and is not moved. With no count the event itself is the bound.
    """
    if wait.unit in (PeriodUnit.MINUTE, PeriodUnit.HOUR):
        span = timedelta(minutes=wait.count * (60 if wait.unit is PeriodUnit.HOUR else 1))
        return event - span if wait.before else event + span
    if not wait.count:
        return event
    day = local(event).date()
    if not wait.before:
        return at(last_day_of_period(day, wait.count, wait.unit, calendar) + DAY)
    if wait.unit is PeriodUnit.WORKING_DAY:
        return at(calendar.shift(day, -wait.count) + DAY)
    months = {PeriodUnit.MONTH: wait.count, PeriodUnit.YEAR: 12 * wait.count}.get(wait.unit, 0)
    days = 0 if months else wait.count * (7 if wait.unit is PeriodUnit.WEEK else 1)
    back = pendulum.date(day.year, day.month, day.day).subtract(months=months, days=days)
    return at(date(back.year, back.month, back.day) + DAY)
