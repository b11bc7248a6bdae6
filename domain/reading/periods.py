"""Periods named in words: a day, a month, a quarter … as the instants at which they begin and end.

Wall-clock dates of Asia/Ho_Chi_Minh. "Beginning, middle, end" of a month or year: Civil Code 2015, art. 146.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.reading import spans
from domain.reading.near_periods import near_periods
from domain.reading.period import DAY, Period

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
        spans.day,
        ("các ngày 10, 11/4/2026", "2026-04-11", "2026-04-12"),
    ),
    _rule(
        "part_span",
        rf"(?<!\w)(?P<n>\d{{1,2}})\s+ngày\s+(?P<end>đầu|cuối)\s+(?:của\s+)?tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        spans.days_of_month,
        ("15 ngày đầu tháng 4/2026", "2026-04-01", "2026-04-16"),
        ("10 ngày cuối tháng 4/2026", "2026-04-21", "2026-05-01"),
    ),
    _rule(
        "week",
        rf"(?<!\w)tuần\s+(?:lễ\s+)?(?:thứ\s+)?(?P<w>[1-5]|đầu|nhất|hai|ba|tư|cuối)(?:\s+(?:tiên|cùng))?(?:\s+của)?"
        rf"\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        spans.week_of_month,
        ("tuần 2 tháng 10/2026", "2026-10-05", "2026-10-12"),
        ("tuần cuối tháng 10/2026", "2026-10-26", "2026-11-02"),
    ),
    _rule(
        "day",
        rf"(?<![\d/.])(?:ngày\s+)?(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        spans.day,
        ("ngày 9 tháng 3 năm 2018", "2018-03-09", "2018-03-10"),
        ("ngày 25 tháng 6/2026", "2026-06-25", "2026-06-26"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])(?:ngày\s+)?(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>\d{4})(?!\d)",
        spans.day,
        ("ngày 09-3-2018", "2018-03-09", "2018-03-10"),
        ("09/3/2018", "2018-03-09", "2018-03-10"),
        ("5.6.2026", "2026-06-05", "2026-06-06"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])ngày\s+(?P<d>\d{1,2})\s?[/-]\s?(?P<m>\d{1,2})(?:/(?P<y>(?!))|(?![\d/-]))",
        spans.day,
        ("ngày 28/12", "2026-12-28", "2026-12-29"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>(?!))|(?![\d/]))",
        spans.day,
        ("20/12", "2026-12-20", "2026-12-21"),
    ),
    _rule(
        "day",
        r"(?<![\d/.])(?:ngày\s+)?(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{2})(?!\d|[/.-]\d)",
        spans.day,
        ("ngày 05/12/26", "2026-12-05", "2026-12-06"),
    ),
    _rule(
        "part_span",
        rf"(?<!\w)(?P<third>thượng|trung|hạ)\s+tuần\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        spans.third,
        ("trung tuần tháng 6/2026", "2026-06-11", "2026-06-21"),
        ("hạ tuần tháng 6 năm 2026", "2026-06-21", "2026-07-01"),
    ),
    _rule(
        "part_span",
        rf"(?<!\w)nửa\s+(?P<end>đầu|cuối)\s+tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        spans.part_of_half,
        ("nửa đầu tháng 6/2026", "2026-06-01", "2026-06-16"),
    ),
    _rule(
        "half",
        r"(?<!\w)0?(?P<n>\d{1,2}|sáu|ba|chín)\s+tháng\s+(?P<end>đầu"
        r"|cuối)\s+(?:của\s+)?năm\s+(?P<y>\d{4})(?!\d)",
        spans.half,
        ("6 tháng đầu năm 2026", "2026-01-01", "2026-07-01"),
        ("6 tháng cuối năm 2026", "2026-07-01", "2027-01-01"),
    ),
    _rule(
        "part",
        rf"{_PART}tháng\s+(?P<m>\d{{1,2}}){_YEAR}?(?!\d)",
        spans.part_of_month,
        ("đầu tháng 7/2026", "2026-07-01", "2026-07-02"),
        ("cuối tháng 02 năm 2024", "2024-02-29", "2024-03-01"),
    ),
    _rule(
        "part",
        rf"{_PART}quý\s+(?P<q>IV|III|II|I|[1-4]){_YEAR}?(?!\w)",
        spans.part_of_quarter,
        ("cuối quý II/2026", "2026-06-30", "2026-07-01"),
    ),
    _rule(
        "part",
        rf"{_PART}năm\s+(?P<y>\d{{4}})(?!\d)",
        spans.part_of_year,
        ("giữa năm 2026", "2026-06-30", "2026-07-01"),
        ("cuối năm 2016", "2016-12-31", "2017-01-01"),
    ),
    _rule(
        "quarter",
        rf"(?<!\w)quý\s+(?P<q>IV|III|II|I|[1-4])(?!\w){_LIST}(?:quý\s+)?(?P<last>IV|III|II|I"
        rf"|[1-4])(?!\w))*{_YEAR}?{_NOT_NOUN}",
        spans.quarter,
        ("quý II/2026", "2026-04-01", "2026-07-01"),
        ("quý III và quý IV/2026", "2026-07-01", "2027-01-01"),
        ("quý III năm 2024", "2024-07-01", "2024-10-01"),
    ),
    _rule(
        "month",
        rf"(?<!\w)tháng\s+(?P<m>\d{{1,2}}){_LIST}(?:tháng\s+)?(?P<last>\d{{1,2}})(?=\s*(?:/"
        rf"|năm)))*{_YEAR}?(?!\d){_NOT_NOUN}",
        spans.month,
        ("tháng 6/2027", "2027-06-01", "2027-07-01"),
        ("tháng 12 năm 2026", "2026-12-01", "2027-01-01"),
    ),
    _rule(
        "half",
        r"(?<!\w)0?(?P<n>\d{1,2}|sáu|ba|chín)\s+tháng\s+(?P<end>đầu|cuối)\s+năm(?!\w|\s+\d)",
        spans.half,
        ("6 tháng cuối năm", "2026-07-01", "2027-01-01"),
    ),
    _rule(
        "year_part",
        rf"{_PART}năm(?!\w|\s+(?:\d|học|nay|sau|tới|ngân|tài))",
        spans.part_of_year,
        ("cuối năm", "2026-12-31", "2027-01-01"),
    ),
    _rule(
        "year", r"(?<!\w)năm\s+(?P<y>\d{4})(?![\d]|\s*[-–]\s*\d)", spans.year, ("năm 2026", "2026-01-01", "2027-01-01")
    ),
    _rule(
        "lone",
        r"(?<![\d/.])ngày\s+(?P<d>\d{1,2})(?![\d/]|\s*[-–/.]\d|\s+(?:tháng\s+\d|ngày|làm))",
        spans.day,
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
        first, after = _lone_day(spans.number(match, "d"), reference)
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
