"""Recurring bounds: RFC 5545 rules on the office's wall clock (Asia/Ho_Chi_Minh)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pendulum
from dateutil.rrule import rrulestr
from pendulum import DateTime

from config.settings import ZONE
from domain.instants import local

FARTHEST = timedelta(days=366 * 50)  #: no rule is looked at for longer: one that never falls ends there


def next_bound(rule: str, anchor: date, after: datetime) -> DateTime | None:
    """The first bound after an instant; None where the rule has ended.

    The rule's lines say instants of the wall clock; intervals count from `anchor`, the day the notice was issued.
    Raises ValueError for a rule that is none.
    """
    start = datetime.combine(anchor, time(0))
    try:
        rules = rrulestr("\n".join(_lines(rule)), dtstart=start, forceset=True)
        found = rules.after(_wall(after))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:  # all that dateutil raises
        raise ValueError(str(error)) from error
    if found is None or found - start > FARTHEST:
        return None
    return pendulum.instance(found, tz=ZONE)


def _lines(rule: str) -> list[str]:
    return [line if ":" in line else f"RRULE:{line}" for line in rule.split()]


def _wall(moment: datetime) -> datetime:
    wall = local(moment)
    return datetime(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second, wall.microsecond)  # noqa: DTZ001


def period_name(bound: datetime) -> str:
    """What tells one period of recurring work from the others: its bound, "2018-03-26T00:00"."""
    return local(bound).format("YYYY-MM-DDTHH:mm")
