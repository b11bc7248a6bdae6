"""Periods named by the day of the notice: "trong tuần này", "tháng tới", "trước thứ Sáu", "ngày mai".

They are counted from the day of issue and always carry a warning: the reader of a paper may mean another day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from domain.reading.period import DAY, Period, month_after
from domain.reading.recurrence import WEEKDAY_WORDS

_WEEKLY = re.compile(r"(?:h[àằ]ng|mỗi)\s+tuần|tuần\s*/|tuần\s+một\s+lần", re.IGNORECASE)
_NEAR = re.compile(
    r"(?<!\w)ngày\s+(?P<day>\d{1,2})\s+(?:của\s+)?tháng\s+(?P<month>này|tới|sau|kế\s+tiếp|tiếp\s+theo|liền\s+kề)(?!\w)|"
    r"(?<!\w)(?:(?P<part>đầu|giữa|cuối)\s+)?(?P<unit>ngày|tuần|tháng|quý|năm)\s+(?P<which>này|nay|tới|sau|hiện\s+tại|kế\s+tiếp"
    r"|tiếp\s+theo)(?!\w)"
    r"|(?<!\w)(?:(?P<weekday>thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật)(?:\s+tuần\s+(?P<next>này|tới|sau))?)(?!\w)"
    r"(?!\s*,?\s*\(?\s*(?:ngày\s+)?\d|\s+(?:hàng|hằng|mỗi))"
    r"|(?<!\w)(?P<today>(?:ngày\s+)?hôm\s+nay)(?!\w)|(?<!\w)(?P<tomorrow>ngày\s+mai)(?!\w)",
    re.IGNORECASE,
)
_ORDINAL_BEFORE = re.compile(r"(?:[Nn]ội\s+dung|[Vv]iệc|[Mm]ột|[Đđ]iểm|[Mm]ục|[Pp]hần|lần|đợt|người|[Cc]ấp)\s+$")
NEXT = ("tới", "sau", "kế tiếp", "tiếp theo", "liền kề")


def near_periods(text: str, reference: date | None) -> list[Period]:
    """Every such period, in order; none where the notice has no day."""
    if reference is None:
        return []
    weekly = bool(_WEEKLY.search(text))
    matches = (m for m in _NEAR.finditer(text) if not (m.group("weekday") and (weekly or _is_ordinal(text, m))))
    return [one for one in (_near(match, reference) for match in matches) if one]


def _is_ordinal(text: str, match: re.Match[str]) -> bool:
    """ "Thứ hai, …" counts points; only after a word of time is it a weekday."""
    before = text[max(0, match.start() - 24) : match.start()]
    introduced = re.search(
        r"(?:trước|nhất|ngày|vào|đến|hết|sáng|chiều|trong|giờ|\dh)[\s,]*(?:là\s+)?$", before, re.IGNORECASE
    )
    return not introduced or bool(_ORDINAL_BEFORE.search(before))


def _day_of_month(match: re.Match[str], reference: date) -> Period | None:
    """ "ngày 05 tháng sau": of the month after the notice's, or of each month where a cycle stands beside it."""
    following = " ".join(match.group("month").lower().split()) in NEXT
    first = month_after(reference.year, reference.month) if following else reference.replace(day=1)
    try:
        day = first.replace(day=int(match.group("day")))
    except ValueError:
        return None
    return Period(match.start(), match.end(), day, day + DAY, "day", yearless=True, monthless=True, assumed=True)


def _near(match: re.Match[str], reference: date) -> Period | None:
    if match.group("day"):
        return _day_of_month(match, reference)
    following = " ".join((match.group("which") or match.group("next") or "").lower().split()) in NEXT
    if match.group("weekday"):
        span = _weekday(match.group("weekday"), bool(match.group("next")), following, reference)
    elif match.group("today") or match.group("tomorrow"):
        day = reference + (DAY if match.group("tomorrow") else timedelta())
        span = (day, day + DAY)
    else:
        span = _unit(match.group("unit").lower(), following, reference)
    unit = "day" if match.group("unit") is None else match.group("unit").lower()
    first, after = _part_of(span, (match.group("part") or "").lower())
    kind = {"ngày": "day", "tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year"}.get(unit, "day")
    return Period(match.start(), match.end(), first, after, "part" if match.group("part") else kind, assumed=True)


def _weekday(words: str, named_week: bool, following: bool, reference: date) -> tuple[date, date]:
    """That day of the week named, else the first that is not before the notice."""
    monday = reference - reference.weekday() * DAY
    day = monday + WEEKDAY_WORDS[words.split()[-1].lower()] * DAY + (7 * DAY if following else timedelta())
    if not named_week and day < reference:
        day += 7 * DAY
    return day, day + DAY


def _unit(unit: str, following: bool, reference: date) -> tuple[date, date]:
    year, month = reference.year, reference.month
    if unit == "ngày":
        day = reference + (DAY if following else timedelta())
        return day, day + DAY
    if unit == "tuần":
        monday = reference + (7 * following - reference.weekday()) * DAY
        return monday, monday + 7 * DAY
    if unit == "năm":
        return date(year + following, 1, 1), date(year + following + 1, 1, 1)
    length = 3 if unit == "quý" else 1
    first = date(year, (month - 1) // length * length + 1, 1)
    if following:
        first = month_after(first.year, first.month + length - 1)
    return first, month_after(first.year, first.month + length - 1)


def _part_of(span: tuple[date, date], part: str) -> tuple[date, date]:
    """Beginning, middle or end of it: one day (Civil Code 2015, art. 146); the end of a week is its Friday's."""
    first, after = span
    if not part:
        return span
    length = (after - first).days
    if length == 7:
        day = first + {"đầu": 0, "giữa": 2, "cuối": 4}[part] * DAY
    elif part == "giữa":
        day = date(first.year, 6, 30) if length > 300 else first + (14 if length < 40 else length // 2) * DAY
    else:
        day = first if part == "đầu" else after - DAY
    return day, day + DAY
