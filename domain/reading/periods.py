"""Periods named in words: a day, a month, a quarter … as the instants at which they begin and end.

Wall-clock dates of Asia/Ho_Chi_Minh. "Beginning, middle, end" of a month or year: Civil Code 2015, art. 146.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.reading.near_periods import near_periods
from domain.reading.period import DAY, Period, month_after

_ORDINALS = {"đầu": 1, "nhất": 1, "hai": 2, "ba": 3, "tư": 4}
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LIST = r"(?:\s*(?:,|và|-|đến)\s*"


Builder = Callable[[re.Match[str], int], tuple[date, date]]


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """One way to name a period. `build` gets the match and the year; examples are run as tests."""

    unit: str
    pattern: re.Pattern[str]
    build: Builder
    examples: tuple[tuple[str, str, str], ...]  #: (words, first day, day after)

    @property
    def needs(self) -> str:
        """A word without which nothing matches: looked for first, because that is quick."""
        return NEEDED.get(self.unit, "")


def _number(match: re.Match[str], name: str) -> int:
    return int(match.group(name))


def _day(match: re.Match[str], year: int) -> tuple[date, date]:
    day = date(year, _number(match, "m"), _number(match, "d"))
    return day, day + DAY


def _month(match: re.Match[str], year: int) -> tuple[date, date]:
    return date(year, _number(match, "m"), 1), month_after(year, int(match.group("last") or match.group("m")))


def _quarter(match: re.Match[str], year: int) -> tuple[date, date]:
    first = QUARTERS[match.group("q").lower()]
    last = QUARTERS[(match.group("last") or match.group("q")).lower()]
    return date(year, 3 * first - 2, 1), month_after(year, 3 * last)


def _third(match: re.Match[str], year: int) -> tuple[date, date]:
    """Thượng, trung, hạ tuần: the ten days of the beginning, middle and end of a month."""
    month = _number(match, "m")
    first = {"thượng": 1, "trung": 11, "hạ": 21}[match.group("third").lower()]
    return date(year, month, first), date(year, month, first + 10) if first < 21 else month_after(year, month)


def _week_of_month(match: re.Match[str], year: int) -> tuple[date, date]:
    """The Nth calendar week (Monday to Sunday) that has a day in the month; "cuối" is the last."""
    month, which = _number(match, "m"), match.group("w").lower()
    first = date(year, month, 1)
    monday = first - first.weekday() * DAY
    if which == "cuối":
        last = month_after(year, month) - DAY
        monday = last - last.weekday() * DAY
    else:
        monday += 7 * DAY * ((_ORDINALS.get(which) or int(which)) - 1)
    return monday, monday + 7 * DAY


def _part_of_half(match: re.Match[str], year: int) -> tuple[date, date]:
    """Nửa đầu, nửa cuối of a month: up to the 15th (Civil Code 2015, art. 146), and the rest."""
    month = _number(match, "m")
    if match.group("end").lower() == "đầu":
        return date(year, month, 1), date(year, month, 16)
    return date(year, month, 16), month_after(year, month)


def _days_of_month(match: re.Match[str], year: int) -> tuple[date, date]:
    """The first or last N days of a month."""
    first, after, days = date(year, _number(match, "m"), 1), month_after(year, _number(match, "m")), _number(match, "n")
    if not 1 <= days <= (after - first).days:
        raise ValueError(days)
    return (first, first + days * DAY) if match.group("end").lower() == "đầu" else (after - days * DAY, after)


def _half(match: re.Match[str], year: int) -> tuple[date, date]:
    """The first or last N months of the year."""
    months = {"sáu": 6, "ba": 3, "chín": 9}.get(match.group("n").lower()) or int(match.group("n"))
    if not 1 <= months <= 12:
        raise ValueError(months)
    if match.group("end").lower() == "đầu":
        return date(year, 1, 1), month_after(year, months)
    return date(year, 13 - months, 1), date(year + 1, 1, 1)


def _year(match: re.Match[str], year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _part_of_month(match: re.Match[str], year: int) -> tuple[date, date]:
    month = _number(match, "m")
    day = {"đầu": 1, "giữa": 15, "cuối": monthrange(year, month)[1]}[match.group("part").lower()]
    return date(year, month, day), date(year, month, day) + DAY


def _part_of_year(match: re.Match[str], year: int) -> tuple[date, date]:
    day = {"đầu": date(year, 1, 1), "giữa": date(year, 6, 30), "cuối": date(year, 12, 31)}[match.group("part").lower()]
    return day, day + DAY


def _part_of_quarter(match: re.Match[str], year: int) -> tuple[date, date]:
    quarter = QUARTERS[match.group("q").lower()]
    day = (
        date(year, 3 * quarter - 2, 1) if match.group("part").lower() == "đầu" else month_after(year, 3 * quarter) - DAY
    )
    return day, day + DAY


def _rule(
    unit: str, pattern: str, build: Callable[[re.Match[str], int], tuple[date, date]], *examples: tuple[str, str, str]
) -> PeriodRule:
    return PeriodRule(unit, re.compile(pattern, re.IGNORECASE), build, examples)


_YEAR = r"(?:\s*(?:/|-|\.|,?\s*năm)\s*(?P<y>\d{4})(?![\d]))"
_PART = r"(?<!\w)(?P<part>đầu|giữa|cuối)\s+"
_NOT_NOUN = r"(?!\w|\s*[%.,]\d)"

NEEDED = {
    "half": "tháng",
    "part": "",
    "part_span": "tháng",
    "week": "tuần",
    "quarter": "quý",
    "month": "tháng",
    "year": "năm",
    "lone": "ngày",
}
#: Tried in this order; a stretch of text is claimed by the first that reads it.
RULES = (
    _rule(
        "day",
        r"(?<!\w)(?:các\s+)?ngày\s+\d{1,2}(?:\s*(?:,|và)\s*(?:ngày\s+)?\d{1,2})*\s*(?:,|và|,\s*và)\s*(?:ngày\s+)?"
        r"(?P<d>\d{1,2})(?:\s?[/-]\s?|\s+tháng\s+)(?P<m>\d{1,2})(?:(?:\s?[/-]\s?|\s+năm\s+)(?P<y>\d{4}))?(?![\d/])",
        _day,
        ("các ngày 10, 11/4/2026", "2026-04-11", "2026-04-12"),
    ),
    _rule(
        "part_span",
        rf"(?<!\w)(?P<n>\d{{1,2}})\s+ngày\s+(?P<end>đầu|cuối)\s+(?:của\s+)?tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        _days_of_month,
        ("15 ngày đầu tháng 4/2026", "2026-04-01", "2026-04-16"),
        ("10 ngày cuối tháng 4/2026", "2026-04-21", "2026-05-01"),
    ),
    _rule(
        "week",
        rf"(?<!\w)tuần\s+(?:lễ\s+)?(?:thứ\s+)?(?P<w>[1-5]|đầu|nhất|hai|ba|tư|cuối)(?:\s+(?:tiên|cùng))?(?:\s+của)?"
        rf"\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        _week_of_month,
        ("tuần 2 tháng 10/2026", "2026-10-05", "2026-10-12"),
        ("tuần cuối tháng 10/2026", "2026-10-26", "2026-11-02"),
    ),
    _rule(
        "day",
        rf"(?<![\d/.])(?:ngày\s+)?(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        _day,
        ("ngày 9 tháng 3 năm 2018", "2018-03-09", "2018-03-10"),
        ("ngày 25 tháng 6/2026", "2026-06-25", "2026-06-26"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])(?:ngày\s+)?(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4})(?!\d)",
        _day,
        ("ngày 09-3-2018", "2018-03-09", "2018-03-10"),
        ("09/3/2018", "2018-03-09", "2018-03-10"),
        ("5.6.2026", "2026-06-05", "2026-06-06"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])ngày\s+(?P<d>\d{1,2})\s?[/-]\s?(?P<m>\d{1,2})(?:/(?P<y>(?!))|(?![\d/-]))",
        _day,
        ("ngày 28/12", "2026-12-28", "2026-12-29"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>(?!))|(?![\d/]))",
        _day,
        ("20/12", "2026-12-20", "2026-12-21"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])(?:ngày\s+)?(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{2})(?!\d|[/.-]\d)",
        _day,
        ("ngày 05/12/26", "2026-12-05", "2026-12-06"),
    ),
    _rule(
        "part_span",
        rf"(?<!\w)(?P<third>thượng|trung|hạ)\s+tuần\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        _third,
        ("trung tuần tháng 6/2026", "2026-06-11", "2026-06-21"),
        ("hạ tuần tháng 6 năm 2026", "2026-06-21", "2026-07-01"),
    ),
    _rule(
        "part_span",
        rf"(?<!\w)nửa\s+(?P<end>đầu|cuối)\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        _part_of_half,
        ("nửa đầu tháng 6/2026", "2026-06-01", "2026-06-16"),
    ),
    _rule(
        "half",
        r"(?<!\w)0?(?P<n>\d{1,2}|sáu|ba|chín)\s+tháng\s+(?P<end>đầu"
        r"|cuối)\s+(?:của\s+)?năm\s+(?P<y>\d{4})(?!\d)",
        _half,
        ("6 tháng đầu năm 2026", "2026-01-01", "2026-07-01"),
        ("6 tháng cuối năm 2026", "2026-07-01", "2027-01-01"),
    ),
    _rule(
        "part",
        rf"{_PART}tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        _part_of_month,
        ("đầu tháng 7/2026", "2026-07-01", "2026-07-02"),
        ("cuối tháng 02 năm 2024", "2024-02-29", "2024-03-01"),
    ),
    _rule(
        "part",
        rf"{_PART}quý\s+(?P<q>IV|III|II|I|[1-4]){_YEAR}?(?!\w)",
        _part_of_quarter,
        ("cuối quý II/2026", "2026-06-30", "2026-07-01"),
    ),
    _rule(
        "part",
        rf"{_PART}năm\s+(?P<y>\d{{4}})(?!\d)",
        _part_of_year,
        ("giữa năm 2026", "2026-06-30", "2026-07-01"),
        ("cuối năm 2016", "2016-12-31", "2017-01-01"),
    ),
    _rule(
        "quarter",
        rf"(?<!\w)quý\s+(?P<q>IV|III|II|I|[1-4])(?!\w){_LIST}(?:quý\s+)?(?P<last>IV|III|II|I"
        rf"|[1-4])(?!\w))*{_YEAR}?{_NOT_NOUN}",
        _quarter,
        ("quý II/2026", "2026-04-01", "2026-07-01"),
        ("quý III và quý IV/2026", "2026-07-01", "2027-01-01"),
        ("quý III năm 2024", "2024-07-01", "2024-10-01"),
    ),
    _rule(
        "month",
        rf"(?<!\w)tháng\s+(?P<m>\d{{1,2}}){_LIST}(?:tháng\s+)?(?P<last>\d{{1,2}})(?=\s*(?:/"
        rf"|năm)))*{_YEAR}?(?!\d){_NOT_NOUN}",
        _month,
        ("tháng 6/2027", "2027-06-01", "2027-07-01"),
        ("tháng 12 năm 2026", "2026-12-01", "2027-01-01"),
    ),
    _rule(
        "half",
        r"(?<!\w)0?(?P<n>\d{1,2}|sáu|ba|chín)\s+tháng\s+(?P<end>đầu|cuối)\s+năm(?!\w|\s+\d)",
        _half,
        ("6 tháng cuối năm", "2026-07-01", "2027-01-01"),
    ),
    _rule(
        "year_part",
        rf"{_PART}năm(?!\w|\s+(?:\d|học|nay|sau|tới|ngân|tài))",
        _part_of_year,
        ("cuối năm", "2026-12-31", "2027-01-01"),
    ),
    _rule("year", r"(?<!\w)năm\s+(?P<y>\d{4})(?![\d]|\s*[-–]\s*\d)", _year, ("năm 2026", "2026-01-01", "2027-01-01")),
    _rule(
        "lone",
        r"(?<![\d/.])ngày\s+(?P<d>\d{1,2})(?![\d/]|\s*[-–/.]\d|\s+(?:tháng\s+\d|ngày|làm))",
        _day,
    ),
)


def periods(text: str, reference: date | None) -> list[Period]:
    """Every period that the text names, in order; without a year it is the first not passed by `reference`."""
    found = near_periods(text, reference)
    if not _NAMED.search(text):
        return found
    lowered = text.lower()
    taken = bytearray(len(text))
    for one in found:
        taken[one.start : one.end] = b"\x01" * (one.end - one.start)
    for rule in RULES:
        if rule.needs not in lowered:
            continue
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(_period(rule, match, reference))
    return sorted(found, key=lambda p: p.start)


_NAMED = re.compile(r"\d|quý|năm", re.IGNORECASE)  # without any of them the text names no period


def _period(rule: PeriodRule, match: re.Match[str], reference: date | None) -> Period:
    if rule.unit == "lone":
        first, after = _lone_day(_number(match, "d"), reference)
        return Period(match.start(), match.end(), first, after, "day", yearless=True, monthless=True)
    year = match.groupdict().get("y")
    for candidate in _years(year, reference):
        try:
            first, after = rule.build(match, candidate)
        except (ValueError, KeyError):
            continue
        if year or (reference and after > reference):
            return Period(match.start(), match.end(), first, after, rule.unit, yearless=not year)
    return Period(match.start(), match.end(), None, None, rule.unit, yearless=not year)


def _years(year: str | None, reference: date | None) -> Iterator[int]:
    """The years to try: the one that is said, or those from the reference on (29/02 waits for a leap year)."""
    if year:
        yield int(year) + (2000 if len(year) == 2 else 0)
    elif reference:
        yield from range(reference.year, min(reference.year + 9, 9999))


def _lone_day(day: int, reference: date | None) -> tuple[date | None, date | None]:
    """The first such day of a month that has not passed by the reference."""
    if not reference or not 1 <= day <= 31:
        return None, None
    for months in range(12):
        year, month = divmod(reference.month - 1 + months, 12)
        year, month = reference.year + year, month + 1
        if day <= monthrange(year, month)[1] and date(year, month, day) >= reference:
            return date(year, month, day), date(year, month, day) + DAY
    return None, None
