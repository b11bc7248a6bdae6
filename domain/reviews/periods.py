"""The periods that are reviewed: a month, a quarter, half a year, nine months, a year, or any days of a term.

How a period is written: `2026` (the year), `2026-H1` `2026-H2` (half a year), `2026-9M` (nine months), `2026-Q3`
(a quarter), `2026-05` (a month), `2021-01-01..2023-12-31` (any days, both included: half a term).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pendulum import DateTime

from config.words import say
from domain.errors import Refusal
from domain.instants import at, of_our_time

WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|(?P<nine>9M)|Q(?P<quarter>[1-4])|(?P<month>\d{2})))?")
SPAN = re.compile(r"(?P<first>\d{4}-\d{2}-\d{2})\.\.(?P<last>\d{4}-\d{2}-\d{2})")
DAY = timedelta(days=1)


class Shape(StrEnum):
    """How long a period is."""

    YEAR = "year"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    QUARTER = "quarter"
    MONTH = "month"
    SPAN = "span"


MONTHS = {Shape.YEAR: 12, Shape.HALF: 6, Shape.NINE_MONTHS: 9, Shape.QUARTER: 3, Shape.MONTH: 1}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period of whole days, both included, on the office's calendar."""

    first_day: date
    last_day: date
    shape: Shape

    @property
    def code(self) -> str:
        """How it is written; `parse_period` reads it back."""
        year, month = self.first_day.year, self.first_day.month
        match self.shape:
            case Shape.YEAR:
                return f"{year}"
            case Shape.HALF:
                return f"{year}-H{(month + 5) // 6}"
            case Shape.NINE_MONTHS:
                return f"{year}-9M"
            case Shape.QUARTER:
                return f"{year}-Q{(month + 2) // 3}"
            case Shape.MONTH:
                return f"{year}-{month:02}"
            case Shape.SPAN:
                return f"{self.first_day}..{self.last_day}"

    @property
    def begin(self) -> DateTime:
        """Its first instant."""
        return at(self.first_day)

    @property
    def end(self) -> DateTime:
        """The first instant after it."""
        return at(self.last_day + DAY)

    @property
    def months(self) -> list[Period]:
        """Its months in order, those at its ends as far as they belong to it."""
        found, day = [], self.first_day
        while day <= self.last_day:
            last = min(_last_of_month(day.year, day.month), self.last_day)
            shape = Shape.MONTH if day.day == 1 and last == _last_of_month(day.year, day.month) else Shape.SPAN
            found.append(Period(day, last, shape))
            day = last + DAY
        return found

    def before(self) -> Period:
        """The period that it is held against: the same part of the year before; of a month or quarter the last one; of
        a span the days before it, as many.
        """
        first, last = self.first_day, self.last_day
        if self.shape is Shape.SPAN:
            length = last - first
            return Period(first - DAY - length, first - DAY, Shape.SPAN)
        if self.shape in (Shape.MONTH, Shape.QUARTER):
            return _of_months(*_moved(first.year, first.month, -MONTHS[self.shape]), self.shape)
        return _of_months(first.year - 1, first.month, self.shape)

    def words(self, language: str | None = None) -> str:
        """ "năm 2026", "9 tháng đầu năm 2026", "quý III năm 2026", "tháng 5 năm 2026"."""
        return say(
            f"periods.{self.shape}"
            if self.shape is not Shape.HALF
            else f"periods.half_{(self.first_day.month + 5) // 6}",
            language=language,
            year=self.first_day.year,
            quarter=("I", "II", "III", "IV")[(self.first_day.month - 1) // 3],
            month=self.first_day.month,
            first=_written_day(self.first_day),
            last=_written_day(self.last_day),
        )


def _written_day(day: date) -> str:
    """Decree 30/2020/NĐ-CP: a zero before days under 10, and before January and February only."""
    return f"{day.day:02}/{day.month:02}/{day.year}" if day.month <= 2 else f"{day.day:02}/{day.month}/{day.year}"


def parse_period(words: str) -> Period:
    """A period as it is written. Raises Refusal for anything else."""
    text = words.strip().upper()
    try:
        if found := SPAN.fullmatch(text):
            first, last = date.fromisoformat(found["first"]), date.fromisoformat(found["last"])
            if first <= last and of_our_time(first) and of_our_time(last):
                return Period(first, last, Shape.SPAN)
        elif (found := WRITTEN.fullmatch(text)) and of_our_time(date(int(found["year"]), 1, 1)):
            return _written(int(found["year"]), found)
    except ValueError:
        pass
    raise Refusal("periods.refused", words=words[:40])


def _written(year: int, found: re.Match[str]) -> Period:
    if found["half"]:
        return _of_months(year, 6 * int(found["half"]) - 5, Shape.HALF)
    if found["nine"]:
        return _of_months(year, 1, Shape.NINE_MONTHS)
    if found["quarter"]:
        return _of_months(year, 3 * int(found["quarter"]) - 2, Shape.QUARTER)
    if found["month"]:
        return _of_months(year, int(found["month"]), Shape.MONTH)
    return _of_months(year, 1, Shape.YEAR)


def _of_months(year: int, month: int, shape: Shape) -> Period:
    """Raises ValueError for a month that does not exist."""
    last_year, last_month = _moved(year, month, MONTHS[shape] - 1)
    return Period(date(year, month, 1), _last_of_month(last_year, last_month), shape)


def _moved(year: int, month: int, months: int) -> tuple[int, int]:
    total = 12 * year + month - 1 + months
    return total // 12, total % 12 + 1


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
