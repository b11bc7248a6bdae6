"""Instants on the office's wall clock (Asia/Ho_Chi_Minh)."""

from __future__ import annotations

from datetime import date, datetime, time

import pendulum
from pendulum import DateTime

from config.settings import ZONE

FIRST_YEAR, LAST_YEAR = 1900, 2200


def local(moment: datetime) -> DateTime:
    """The same instant on the office's wall clock."""
    return pendulum.instance(moment).in_timezone(ZONE)


def at(day: date, hour: time = time(0)) -> DateTime:
    """The instant at which the office's wall clock shows `hour` on `day`."""
    return pendulum.datetime(day.year, day.month, day.day, hour.hour, hour.minute, tz=ZONE)


def of_our_time(day: date) -> bool:
    """Whether an office's papers can speak of a day or moment; what lies outside is a slip of the pen."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with +07:00, to the second; None stays None."""
    return None if moment is None else local(moment).format("YYYY-MM-DDTHH:mm:ssZ")
