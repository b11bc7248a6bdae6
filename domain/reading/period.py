"""A period: a stretch of whole days on the calendar of Asia/Ho_Chi_Minh, and where it is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole days, [first, after); both None when the day does not exist (31/02)."""

    start: int  #: offsets of the words
    end: int
    first: date | None
    after: date | None
    unit: str  #: day, week, month, quarter, half, year, part (one day of a longer one), part_span
    yearless: bool = False
    monthless: bool = False  #: only "ngày 25"
    assumed: bool = False  #: counted from the day of the notice: "tuần này", "tháng tới"


def month_after(year: int, month: int) -> date:
    """The first day of the month that follows; `month` may be beyond 12."""
    return date(year + month // 12, month % 12 + 1, 1)
