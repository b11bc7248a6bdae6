"""What stands before a period: the hour, "trước" or "chậm nhất", or a sign that it is no deadline at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from domain.reading.grammar import anywhere, at_end
from domain.reading.period import Period

NEAR = 60  #: characters in which an introduction stands
FAR = 160  #: characters in which a sentence says that a deadline is only recalled
_BEFORE, _UNTIL, _COUNTED = at_end("time.before"), at_end("time.until"), at_end("time.counted")
_RECALLED = anywhere("time.recalled")
_NOUN = re.compile(
    rf"{anywhere('time.noun').pattern}(?:\s+(?!hàng|hằng|định|báo|gửi|trình|tổ|cho|để|và|trước|về)\w+){{0,4}}\s+$",
    re.IGNORECASE,
)
_REPORTED = re.compile(  # "báo cáo kết quả hằng quý" says how often
    r"(?<!\w)(?:báo\s+cáo|gửi|tổng\s+hợp|thông\s+báo|công\s+khai|đánh\s+giá)\s+(?:kết\s+quả|tình\s+hình|số\s+liệu)(?:\s+\w+){0,3}\s+$",
    re.IGNORECASE,
)
_MEANT_NOUN = re.compile(r"(?:nhiệm vụ|chỉ tiêu|mục tiêu|kế hoạch|kết quả)\s+$", re.IGNORECASE)
_FIRM = re.compile(r"(?:xong|hoàn\s+thành|(?:chậm|muộn)\s+nhất)\s+$", re.IGNORECASE)
_HOUR = re.compile(
    r"(?<![\d/])(?P<h>\d{1,2})\s*(?:giờ|h|g|:)\s*(?:(?P<min>\d{2})(?:\s*(?:phút|'|p))?)?"
    r"(?:\s+(?P<noon>sáng|chiều|tối|trưa))?"
    r"(?:\s*,?\s*(?:vào|của|trong)?\s*(?:thứ\s+\w+|chủ\s+nhật)\s*)?[\s,(]*(?:ngày\s*)?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?:ngày\s+)?(?:thứ\s+\w+|chủ\s+nhật|sáng|chiều|trưa|tối)[\s,(]*$", re.IGNORECASE)
END_OF_DAY = time.max  #: "24 giờ": the day itself is still in time
_JOINED_HOUR = re.compile(
    r"\s*(?:,|;|và)\s+(?:(?:trước|lúc|vào|chậm\s+nhất)\s+)?$|(?:trước|lúc|vào)\s+$", re.IGNORECASE
)
_RANGE = re.compile(
    r"(?<!\w)(?P<skip>(?:tính|số\s+liệu|kể|thống\s+kê|phát\s+sinh|giai\s+đoạn|thời\s+điểm)\s+)?từ\s+(?:ngày\s+)?"
    r"\d{1,2}(?:\s?[/.-]\s?\d{1,2})?(?:\s?[/.-]\s?\d{4})?(?:\s+tháng\s+\d{1,2})?(?:\s+năm\s+\d{4})?"
    r"\s*(?:đến|tới|-|–)\s*(?:hết\s+)?(?:ngày\s+)?$",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?<!\w)từ\s+(?:ngày\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Introduction:
    """How a period is introduced: `before` it ("trước"), within it, or not at all (None)."""

    start: int
    before: bool | None
    at: time | None = None  #: the hour that stands between


def introduction(text: str, period_start: int) -> Introduction:
    """The introduction of the period that begins there."""
    start, at = _hour_before(text, period_start)
    midnight = at == END_OF_DAY
    at = None if midnight else at
    near = text[max(0, start - NEAR) : start]
    if match := _BEFORE.search(near):
        firm = _FIRM.search(near[: match.start()])
        begin = firm.start() if firm and "thành" not in firm.group() else match.start()
        return Introduction(start - len(near) + begin, not midnight, at)
    if match := _UNTIL.search(near):
        return Introduction(start - len(near) + match.start(), False, at)
    return Introduction(start, None, at)


def hours_before(text: str, start: int) -> tuple[int, tuple[time, ...]]:
    """(Where they begin, the hours that are named before a position): "trước 07 giờ và trước 16 giờ hằng ngày"."""
    found: list[time] = []
    while True:
        start, at = _hour_before(text, start)
        if at is None:
            return start, tuple(reversed(found))
        found.append(at)
        joined = _JOINED_HOUR.search(text[max(0, start - 40) : start])
        if not joined:
            return start, tuple(reversed(found))
        start -= len(joined.group())


def _hour_before(text: str, start: int) -> tuple[int, time | None]:
    match = _HOUR.search(text[max(0, start - 40) : start])
    if not match:
        weekday = _WEEKDAY.search(text[max(0, start - 40) : start])
        return start - (len(weekday.group()) if weekday else 0), None
    hour, minute = int(match.group("h")), int(match.group("min") or 0)
    if (hour, minute) == (24, 0):
        return start - len(match.group()), END_OF_DAY
    if (match.group("noon") or "").lower() in ("chiều", "tối") and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        return start, None
    return start - len(match.group()), time(hour, minute)


def belongs_elsewhere(text: str, start: int, period: Period) -> bool:
    """Whether the day belongs to a count, a plan's span, a noun, or a deadline that is only recalled."""
    before, intro = text[max(0, start - FAR) : start], text[start : period.start]
    if _COUNTED.search(before + (intro if period.unit != "day" else "")) or _COUNTED.search(before):
        return True
    if period.unit in ("year", "quarter", "half", "month") and _plain_within(intro) and _NOUN.search(before):
        return intro.strip().lower() == "trong" and bool(_MEANT_NOUN.search(before))
    clause = re.split(r"[.;,]\s", before)[-1]
    return bool(_RECALLED.search(clause))


def _plain_within(intro: str) -> bool:
    return intro.strip().lower() in ("trong", "vào", "đến")


def describes_a_noun(text: str, start: int) -> bool:
    """Whether what begins there only describes the noun before it: "ngân sách hằng năm"."""
    near = text[max(0, start - NEAR) : start]
    return bool(_NOUN.search(near)) and not _REPORTED.search(near)


def range_before(text: str, start: int) -> tuple[int, bool] | None:
    """ "từ ngày A đến" before a day: (where it begins, whether it spans data and no work)."""
    match = _RANGE.search(text[max(0, start - NEAR) : start])
    return (start - len(match.group()), bool(match.group("skip"))) if match else None


def begins_a_span(text: str, start: int) -> bool:
    """Whether "từ (ngày)" stands right before."""
    return bool(_FROM.search(text[max(0, start - 20) : start]))


def trimmed(text: str, start: int) -> int:
    """The first position from `start` on that holds a word."""
    start = max(0, start)
    while start < len(text) and (text[start].isspace() or text[start] in ",;:("):
        start += 1
    return start
