"""The last moment of a piece of work: a half-open interval.

`due_before` is the first instant that is late. Nothing else is stored; the days below are derived from it, on the
calendar of Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.instants import local


def is_late(moment: datetime, due_before: datetime) -> bool:
    """Whether `moment` is late: the bound itself already is."""
    return moment >= due_before


def last_day(due_before: datetime) -> date:
    """The last day with a moment that is in time."""
    return local(due_before - timedelta(microseconds=1)).date()


def first_late_day(due_before: datetime) -> date:
    """The day on which lateness begins: that of the bound itself."""
    return local(due_before).date()
