"""The standing of an obligation as the database sees it: the same figures as `domain.obligations.standing`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_
from sqlmodel import col

from domain.obligations import Obligation, Standing

due, settled = col(Obligation.due_before), col(Obligation.settled_at)


def is_settled(now: datetime) -> ColumnElement[bool]:
    """A completion counts at `now`."""
    return and_(settled.is_not(None), settled <= now)


def is_unsettled(now: datetime) -> ColumnElement[bool]:
    """No completion counts at `now`."""
    return or_(settled.is_(None), settled > now)


def bound_of(standing: Standing, now: datetime) -> ColumnElement[bool]:
    """What a standing says of the bound, once it is known whether the work is settled."""
    match standing:
        case Standing.OVERDUE:
            return due <= now
        case Standing.IN_TIME:
            return due > now
        case Standing.UNDATED:
            return due.is_(None)
        case Standing.DONE_LATE:
            return settled >= due
        case Standing.DONE_IN_TIME:
            return or_(due.is_(None), settled < due)


DONE = (Standing.DONE_IN_TIME, Standing.DONE_LATE)


def stands(standing: Standing, now: datetime) -> ColumnElement[bool]:
    """Whether an obligation stands so at `now`."""
    return and_(is_settled(now) if standing in DONE else is_unsettled(now), bound_of(standing, now))


def standing_at(now: datetime) -> ColumnElement[Any]:
    """The standing's name, to count by."""
    return case(
        (and_(is_settled(now), bound_of(Standing.DONE_LATE, now)), str(Standing.DONE_LATE)),
        (is_settled(now), str(Standing.DONE_IN_TIME)),
        (due.is_(None), str(Standing.UNDATED)),
        (bound_of(Standing.OVERDUE, now), str(Standing.OVERDUE)),
        else_=str(Standing.IN_TIME),
    )
