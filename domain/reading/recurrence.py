"""Recurring bounds: "trước ngày 25 hàng tháng" as a rule of RFC 5545 whose instants are the first late ones."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from domain.reading.numbers import number

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY_WORDS = {
    "hai": 0,
    "ba": 1,
    "tư": 2,
    "năm": 3,
    "sáu": 4,
    "bảy": 5,
    "bẩy": 5,
    "nhật": 6,
    "2": 0,
    "3": 1,
    "4": 2,
    "5": 3,
    "6": 4,
    "7": 5,
}
COMMON_YEAR = 2025  # any year that is no leap year: a bound must hold in all
ALL_MONTHS = tuple(range(1, 13))

#: A cycle: its length in the unit. Longer forms first.
CYCLE = re.compile(
    r"(?<!\w)(?:"
    r"(?P<each>hàng|hằng|mỗi|từng)\s+(?P<unit>ngày|tuần|tháng|quý|năm)(?!\w)(?!\s*,?\s*(?:\d{1,2}|hai|ba|bốn|sáu)\s+lần)(?:\s*(?:một|1|01)\s+lần)?"
    r"|(?:định\s+kỳ\s+|mỗi\s+|hàng\s+|hằng\s+|cứ\s+)(?:\(?\s*)?(?P<n>\d{1,2}|một|hai|ba|bốn|sáu"
    r"|chín)\s+(?P<nunit>ngày|tuần|tháng|năm)(?!\w)(?:\s*(?:/|một|1|01)\s*lần)?"
    r"|(?P<k>\d{1,2}|một|hai|ba|bốn|sáu|chín)\s+(?P<kunit>ngày|tuần|tháng|năm)\s*(?:/\s*(?:1\s+)?|một\s+|1\s+|01\s+)lần"
    r"|(?:0?1\s+|một\s+)lần\s*(?:/|mỗi|trong)\s*(?:0?1\s+|một\s+)?(?P<lunit>ngày|tuần|tháng|quý|năm)(?!\w)"
    r"|(?P<times>\d{1,2}|hai|ba|bốn|sáu)\s+lần\s*(?:/|mỗi|trong|một|hằng|hàng)\s*(?:0?1\s+|một\s+)?(?P<tunit>tháng|quý|năm)(?!\w)"
    r"|(?:mỗi|một|hằng|hàng|1|01)\s+(?P<tunit2>tháng|quý|năm)\s*,?\s*(?P<times2>\d{1,2}|hai|ba|bốn|sáu)\s+lần(?!\w)"
    r"|định\s+kỳ\s+(?:theo\s+)?(?P<dunit>tuần|tháng|quý|năm)(?!\w)"
    r")",
    re.IGNORECASE,
)
#: A cycle that is only listed beside another one: "báo cáo 6 tháng, hàng năm".
LISTED = re.compile(
    r"(?<!\w)(?P<first>(?:0?6|sáu|0?3|0?9)\s+tháng|quý|tháng|tuần)(?=(?:\s*,\s*(?:\d+\s+tháng|quý"
    r"|năm))*\s*(?:,|và|,\s*và)\s*(?:cả\s+|hàng\s+|hằng\s+)?năm(?!\w|\s+\d|\s+học))",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"h[àằ]ng|mỗi|từng|định\s|lần|cứ\s|năm", re.IGNORECASE)
POSITION = re.compile(
    r"(?:\s*(?:của|,)?\s*)tháng\s+(?P<which>đầu|cuối|cuối\s+cùng|đầu\s+tiên)\s+(?:của\s+|mỗi\s+"
    r"|hàng\s+|hằng\s+)*(?P<of>quý|năm|6\s+tháng)(?:\s+(?:sau|tiếp\s+theo|liền\s+kề))?(?!\w)",
    re.IGNORECASE,
)
WEEKDAY = re.compile(
    r"(?:thứ\s+(?P<w>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+(?P<s>nhật))(?!\w)(?:\s*\([^)]{0,20}\))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cycle:
    """How often: every `months` months, or every `weeks` weeks, or every `days` days; and where it stands."""

    start: int
    end: int
    months: int = 0
    weeks: int = 0
    days: int = 0

    @property
    def length(self) -> int:
        """Days, roughly: to compare two cycles."""
        return self.months * 30 + self.weeks * 7 + self.days


def cycles(text: str) -> list[Cycle]:
    """Every cycle that the text names."""
    if not _MAYBE.search(text):
        return []
    found = [_cycle(m.start(), m.end(), *_unit(m)) for m in CYCLE.finditer(text)]
    for match in LISTED.finditer(text):
        number, _, unit = match.group("first").rpartition(" ")
        found.append(_cycle(match.start("first"), match.end("first"), _count(number.strip()), unit.lower()))
    return sorted(found, key=lambda c: c.start)


def _unit(match: re.Match[str]) -> tuple[int, str]:
    groups = match.groupdict()
    if times := groups["times"] or groups["times2"]:
        months = {"tháng": 1, "quý": 3, "năm": 12}[(groups["tunit"] or groups["tunit2"]).lower()]
        return max(months // max(_count(times), 1), 1), "tháng"
    unit = next(groups[g] for g in ("unit", "nunit", "kunit", "lunit", "dunit") if groups[g])
    return _count(groups["n"] or groups["k"]), unit.lower()


def _count(word: str | None) -> int:
    if not word:
        return 1
    return number(word).whole


def _cycle(start: int, end: int, count: int, unit: str) -> Cycle:
    count = max(count, 1)
    if unit == "tuần":
        return Cycle(start, end, weeks=count)
    if unit == "ngày":
        return Cycle(start, end, days=count)
    return Cycle(start, end, months=count * {"tháng": 1, "quý": 3, "năm": 12}[unit])


def of_cycle(cycle: Cycle) -> str:
    """The bounds of a cycle for which no day is given: the end of each period."""
    if cycle.days:
        return _join("FREQ=DAILY", cycle.days)
    if cycle.weeks:
        return _join("FREQ=WEEKLY", cycle.weeks) + ";BYDAY=MO"
    return of_days([1], _months_after(cycle.months), every=cycle.months)


def _join(freq: str, interval: int) -> str:
    return freq if interval == 1 else f"{freq};INTERVAL={interval}"


def _months_after(length: int) -> tuple[int, ...]:
    """The months that follow the end of a period of `length` months, counted from January."""
    if length >= 12 or 12 % length:
        return (1,)
    return tuple(range(1, 13, length))


def of_days(days: Sequence[int], months: Sequence[int] = ALL_MONTHS, *, at: time | None = None, every: int = 1) -> str:
    """The instants at the start of those days (or at that hour) of those months.

    A day that a month lacks is the first of the next: what is due "before the 31st" is late when April has ended.
    """
    by_day: dict[int, list[int]] = {}
    for month in months:
        for day in days:
            last = monthrange(COMMON_YEAR, month)[1]
            bound_day, bound_month = (day, month) if day <= last else (1, month % 12 + 1)
            by_day.setdefault(bound_day, []).append(bound_month)
    hour = clock(at)
    if (
        len(months) == 12
        and len({tuple(sorted(m)) for m in by_day.values()}) == 1
        and all(len(m) == 12 for m in by_day.values())
    ):
        return f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, sorted(by_day)))}{hour}"
    years = f";INTERVAL={every // 12}" if every > 12 and every % 12 == 0 else ""
    if len({tuple(sorted(m)) for m in by_day.values()}) == 1:
        some = sorted(next(iter(by_day.values())))
        return f"FREQ=YEARLY{years};BYMONTH={_commas(some)};BYMONTHDAY={_commas(sorted(by_day))}{hour}"
    lines = [f"FREQ=YEARLY;BYMONTH={_commas(sorted(set(m)))};BYMONTHDAY={d}{hour}" for d, m in sorted(by_day.items())]
    return "\n".join(lines)


def of_dates(dates: Sequence[date], *, at: time | None = None) -> str:
    """The same days of each year: bounds given as dates of any year."""
    by_day: dict[int, set[int]] = {}
    for one in dates:
        by_day.setdefault(one.day, set()).add(one.month)
    lines = [f"FREQ=YEARLY;BYMONTH={_commas(sorted(m))};BYMONTHDAY={d}{clock(at)}" for d, m in sorted(by_day.items())]
    return "\n".join(lines)


def of_weekday(weekday: int, *, at: time | None, inclusive: bool, weeks: int = 1) -> str:
    """The bound of a weekday: its hour, its start, or the start of the day after when it is included."""
    day = weekday if at or not inclusive else (weekday + 1) % 7
    return f"{_join('FREQ=WEEKLY', weeks)};BYDAY={WEEKDAYS[day]}{clock(at)}"


def clocks(hours: Sequence[time]) -> str:
    """Several hours of a day as a part of a rule; they share their minutes."""
    if not hours:
        return ""
    return f";BYHOUR={_commas(sorted(at.hour for at in hours))};BYMINUTE={_commas(sorted({at.minute for at in hours}))}"


def clock(at: time | None) -> str:
    """The hour as a part of a rule."""
    return f";BYHOUR={at.hour};BYMINUTE={at.minute}" if at else ""


def _commas(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)
