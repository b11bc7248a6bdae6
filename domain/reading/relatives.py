"""Periods that run from a day: "trong thời hạn 10 ngày kể từ ngày …" (Civil Code 2015, art. 147-148)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pendulum

from config.words import say
from domain.calendar import WorkingCalendar
from domain.drafts import DeadlineKind, DraftDeadline
from domain.reading import recurrence as rec
from domain.reading.periods import DAY, periods
from domain.reading.timewords import Setting, TimeWord, at_midnight, spoken, tidy

_COUNT = (
    r"0?(?P<n>\d{1,3})(?:\s*\([^)]{1,20}\))?|(?P<nw>một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười\s+lăm"
    r"|mười|hai\s+mươi|ba\s+mươi|nửa)"
)
_RELATIVE = re.compile(
    rf"(?<!\w)(?P<lead>(?:chậm\s+nhất\s+(?:là\s+)?)?(?:trong|sau|không\s+quá|tối\s+đa|chậm\s+nhất"
    rf"|muộn\s+nhất)\s+(?:(?:thời\s+hạn|thời\s+gian|vòng|khoảng\s+thời\s+gian)\s+)?(?:là\s+"
    rf"|không\s+quá\s+|tối\s+đa\s+)*|thời\s+hạn\s*:?\s*)"
    rf"(?:{_COUNT})\s*(?P<unit>ngày\s+làm\s+việc|ngày|tuần|tháng|giờ|năm)(?!\w)(?!\s+(?:đầu|cuối|\d)|\s*/)"
    r"(?P<tail>\s*,?\s*(?:kể\s+từ|tính\s+từ|từ|sau|kể\s+từ\s+sau)\s+(?P<anchor>[^,;.)]{1,90}))?",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?<!\w)(?:(?:ít\s+nhất|tối\s+thiểu)\s+)?\d{1,3}\s*(?:ngày(?:\s+làm\s+việc)?|tháng|giờ"
    r"|tuần)\s*,?\s*trước\s+(?:khi|ngày|thời\s+điểm|kỳ|phiên|hội)[^,;.]{0,50}"
    r"|trước\s+(?:khi\s+)?[^,;.]{3,40}\s+(?:ít\s+nhất|tối\s+thiểu)\s+\d{1,3}\s*(?:ngày|tháng|giờ"
    r"|tuần)(?:\s+làm\s+việc)?",
    re.IGNORECASE,
)
_THIS_NOTICE = re.compile(
    r"(?:ngày\s+|khi\s+)?(?:ban\s+hành|ký|phát\s+hành|có|nhận\s+được|ra"
    r"|đăng\s+tải)?\s*(?:ban\s+hành\s+|ký\s+)*(?:(?:Thông\s+báo|văn\s+bản|Kết\s+luận"
    r"|kết\s+luận)(?:\s+kết\s+luận)?(?:\s+này)?|hôm\s+nay|ban\s+hành|ký)(?:\s|$)",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"(?:ngày\s+|khi\s+)?(?:tổ\s+chức\s+|kết\s+thúc\s+|diễn\s+ra\s+)?(?:ngày\s+)?(?:hội\s+nghị"
    r"|cuộc\s+họp|buổi\s+làm\s+việc|phiên\s+họp|họp)(?:\s+này)?(?:\s|$)",
    re.IGNORECASE,
)
_WORD_COUNTS = {"mười lăm": 15, "hai mươi": 20, "ba mươi": 30} | rec.NUMBERS


def relatives(text: str, setting: Setting) -> list[TimeWord]:
    """ "trong thời hạn 10 ngày kể từ ngày ban hành Thông báo này": Civil Code 2015, art. 147–148."""
    found = [_open_relative(text, m.start(), m.end()) for m in _LEAST.finditer(text)]
    for match in _RELATIVE.finditer(text):
        if _is_quality(text, match):
            continue
        anchor, end, warnings, known = _anchor(match, setting)
        due = _relative_due(match, anchor, setting) if anchor else None
        phrase = text[match.start() : end]
        if not known:
            found.append(_open_relative(text, match.start(), end))
            continue
        if due is None:
            warnings = (*warnings, say("reading.warning.no_anchor", phrase=tidy(phrase)))
        why = (
            say("reading.explain.relative", phrase=tidy(phrase), anchor=f"{anchor:%d/%m/%Y}", due=spoken(due))
            if due and anchor
            else None
        )
        deadline = DraftDeadline(kind=DeadlineKind.RELATIVE, phrase=phrase, due_before=due, explanation=why)
        found.append(TimeWord(match.start(), end, deadline, warnings))
    return found


def _is_quality(text: str, match: re.Match[str]) -> bool:
    """Whether "sau 3 năm", "trong 6 tháng" looks back or measures something instead of bounding the work."""
    lead = match.group("lead").lower().strip()
    return lead == "sau" and match.group("tail") is None


def _open_relative(text: str, start: int, end: int) -> TimeWord:
    """A period from an event whose day the notice does not give."""
    warning = say("reading.warning.which_event", phrase=tidy(text[start:end]))
    return TimeWord(start, end, DraftDeadline(kind=DeadlineKind.RELATIVE, phrase=text[start:end]), (warning,))


def _anchor(match: re.Match[str], setting: Setting) -> tuple[date | None, int, tuple[str, ...], bool]:
    """(The day the period runs from, the end of the phrase, warnings, whether that day is known in kind)."""
    words = match.group("anchor")
    phrase = tidy(match.group())
    if not words:
        return setting.issued_on, match.end("unit"), (say("reading.warning.assumed_anchor", phrase=phrase),), True
    dated = [p for p in periods(words, setting.reference) if p.unit == "day" and p.first]
    if dated:
        return dated[0].first, match.start("anchor") + dated[0].end, (), True
    if found := _MEETING.match(words):
        return setting.meeting_on or setting.issued_on, match.start("anchor") + len(found.group().rstrip()), (), True
    if (found := _THIS_NOTICE.match(words)) and not re.match(
        r"(?:ngày\s+|khi\s+)?nhận\s+được\s+(?:hồ|văn\s+bản\s+(?:đề|của))", words, re.IGNORECASE
    ):
        return setting.issued_on, match.start("anchor") + len(found.group().rstrip()), (), True
    return None, match.end(), (), False


def _relative_due(match: re.Match[str], anchor: date, setting: Setting) -> datetime | None:
    """The day after the last day of the period; None for hours, which need an instant to run from."""
    count = (
        int(match.group("n"))
        if match.group("n")
        else _WORD_COUNTS.get(" ".join((match.group("nw") or "").lower().split()), 0)
    )
    unit = " ".join(match.group("unit").lower().split())
    if unit == "giờ" or not 0 < count <= 999:
        return None
    try:
        return at_midnight(_last_day(anchor, count, unit, match.group("nw"), setting.calendar) + DAY)
    except (OverflowError, ValueError):
        return None


def _last_day(anchor: date, count: int, unit: str, word: str | None, calendar: WorkingCalendar) -> date:
    """Art. 147: the first day is not counted; art. 148: a last day that is off moves on; half a month is 15 days."""
    if unit == "ngày làm việc":
        return calendar.shift(anchor, count)
    if unit in ("tháng", "năm") and (word or "").lower() != "nửa":
        months = count * (12 if unit == "năm" else 1)
        moved = pendulum.date(anchor.year, anchor.month, anchor.day).add(months=months)
        return calendar.on_or_after(date(moved.year, moved.month, moved.day))
    days = 15 if (word or "").lower() == "nửa" else count * (7 if unit == "tuần" else 1)
    return calendar.on_or_after(anchor + timedelta(days=days))
