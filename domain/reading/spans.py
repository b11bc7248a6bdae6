"""From the words of a period to the days it holds: [first, after). One function a way to name it.

Wall-clock dates of Asia/Ho_Chi_Minh. "Beginning, middle, end" of a month or year: Civil Code 2015, art. 146. Each
raises ValueError or KeyError for a period that does not exist (31/02).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from domain.reading.period import DAY, month_after

_ORDINALS = {"đầu": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4}
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def number(match: re.Match[str], name: str) -> int:
    """The number in a group of the match."""
    return int(match.group(name))


def day(match: re.Match[str], year: int) -> tuple[date, date]:
    """That day."""
    day = date(year, number(match, "m"), number(match, "d"))
    return day, day + DAY


def month(match: re.Match[str], year: int) -> tuple[date, date]:
    """A month, or those from one to another."""
    return date(year, number(match, "m"), 1), month_after(year, int(match.group("last") or match.group("m")))


def quarter(match: re.Match[str], year: int) -> tuple[date, date]:
    """A quarter, or those from one to another."""
    first = QUARTERS[match.group("q").lower()]
    last = QUARTERS[(match.group("last") or match.group("q")).lower()]
    return date(year, 3 * first - 2, 1), month_after(year, 3 * last)


def third(match: re.Match[str], year: int) -> tuple[date, date]:
    """Thượng, trung, hạ tuần: the ten days of the beginning, middle and end of a month."""
    month = number(match, "m")
    first = {"thượng": 1, "trung": 11, "hạ": 21}[match.group("third").lower()]
    return date(year, month, first), date(year, month, first + 10) if first < 21 else month_after(year, month)


def week_of_month(match: re.Match[str], year: int) -> tuple[date, date]:
    """The Nth calendar week (Monday to Sunday) that has a day in the month; "cuối" is the last."""
    month, which = number(match, "m"), match.group("w").lower()
    first = date(year, month, 1)
    monday = first - first.weekday() * DAY
    if which == "cuối":
        last = month_after(year, month) - DAY
        monday = last - last.weekday() * DAY
    else:
        monday += 7 * DAY * ((_ORDINALS.get(which) or int(which)) - 1)
    return monday, monday + 7 * DAY


def part_of_half(match: re.Match[str], year: int) -> tuple[date, date]:
    """Nửa đầu, nửa cuối of a month: up to the 15th (Civil Code 2015, art. 146), and the rest."""
    month = number(match, "m")
    if match.group("end").lower() == "đầu":
        return date(year, month, 1), date(year, month, 16)
    return date(year, month, 16), month_after(year, month)


def days_of_month(match: re.Match[str], year: int) -> tuple[date, date]:
    """The first or last N days of a month."""
    first, after, days = date(year, number(match, "m"), 1), month_after(year, number(match, "m")), number(match, "n")
    if not 1 <= days <= (after - first).days:
        raise ValueError(days)
    return (first, first + days * DAY) if match.group("end").lower() == "đầu" else (after - days * DAY, after)


def half(match: re.Match[str], year: int) -> tuple[date, date]:
    """The first or last N months of the year."""
    months = {"sáu": 6, "ba": 3, "chín": 9}.get(match.group("n").lower()) or int(match.group("n"))
    if not 1 <= months <= 12:
        raise ValueError(months)
    if match.group("end").lower() == "đầu":
        return date(year, 1, 1), month_after(year, months)
    return date(year, 13 - months, 1), date(year + 1, 1, 1)


def year(match: re.Match[str], year: int) -> tuple[date, date]:
    """A whole year."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def part_of_month(match: re.Match[str], year: int) -> tuple[date, date]:
    """Beginning, middle or end of a month: the 1st, the 15th, the last day."""
    month = number(match, "m")
    day = {"đầu": 1, "giữa": 15, "cuối": monthrange(year, month)[1]}[match.group("part").lower()]
    return date(year, month, day), date(year, month, day) + DAY


def part_of_year(match: re.Match[str], year: int) -> tuple[date, date]:
    """Beginning, middle or end of a year: the first of January, the last of June, the last of December."""
    day = {"đầu": date(year, 1, 1), "giữa": date(year, 6, 30), "cuối": date(year, 12, 31)}[match.group("part").lower()]
    return day, day + DAY


def part_of_quarter(match: re.Match[str], year: int) -> tuple[date, date]:
    """Beginning or end of a quarter: its first or last day."""
    quarter = QUARTERS[match.group("q").lower()]
    day = (
        date(year, 3 * quarter - 2, 1) if match.group("part").lower() == "đầu" else month_after(year, 3 * quarter) - DAY
    )
    return day, day + DAY
