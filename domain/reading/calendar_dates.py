"""Dates and recurring days: a period, the word that introduces it, and the cycle beside it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from config.words import say
from domain.drafts import DeadlineKind, DraftDeadline
from domain.reading import recurrence as rec
from domain.reading.periods import DAY, Period, periods
from domain.reading.timewords import Setting, TimeWord, at_midnight, spoken, tidy

SAME_CLAUSE = 200  # characters between a cycle and its day: "hằng tháng báo cáo … trước ngày 20"
FAR_AWAY = timedelta(days=275)  # nine months: a date without a year that far ahead may have been meant for another
_BEFORE = re.compile(r"(?<!\w)(?:trước|sớm\s+hơn)(?:\s+(?:thời\s+điểm|mốc|lúc|hạn|hết))?[\s,:]*$", re.IGNORECASE)
_UNTIL = re.compile(
    r"(?<!\w)(?:(?:chậm|muộn)\s+nhất|không\s+(?:quá|muộn\s+hơn|chậm\s+hơn)|hạn\s+chót|hạn\s+cuối"
    r"|(?:cho\s+)?đến|tới|hết|trong|xong|vào|"
    r"hoàn\s+thành|kết\s+thúc|thời\s+(?:hạn|gian)(?:\s+(?:hoàn\s+thành|thực\s+hiện|báo\s+cáo|gửi"
    r"|trình))?|hạn|tiến\s+độ(?:\s+hoàn\s+thành)?|nội)"
    r"(?:\s+(?:là|vào|đến|hết|cuối|trong|ngay|khoảng|tới|thời\s+điểm|lúc|cả))*[\s,:(]*$",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(?<![\d/])(?P<h>\d{1,2})\s*(?:giờ|h|g|:)\s*(?:(?P<min>\d{2})(?:\s*(?:phút"
    r"|'))?)?(?:\s+(?P<noon>sáng|chiều|tối|trưa))?"
    r"(?:\s*,?\s*(?:vào|của|trong)?\s*(?:thứ\s+\w+|chủ\s+nhật)\s*)?[\s,(]*(?:ngày\s*)?$",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"(?:tính|số\s+liệu|thống\s+kê|kể|lũy\s+kế|luỹ\s+kế|cập\s+nhật|có\s+hiệu\s+lực|phát\s+sinh"
    r"|so\s+với)\s+(?:từ\s+|đến\s+|tới\s+|hết\s+|trong\s+|vào\s+)*(?:hết\s+)?$"
    r"|(?:giai\s+đoạn|nhiệm\s+kỳ|tầm\s+nhìn|định\s+hướng|năm\s+học|mùa\s+khô|vụ)\s+(?:từ\s+)?(?:đến\s+)?$",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"(?<!\w)(?:kế\s+hoạch|dự\s+toán|ngân\s+sách|chương\s+trình|vốn|kinh\s+phí|chỉ\s+tiêu|mục\s+tiêu"
    r"|nhu\s+cầu|tiêu\s+chí|nhiệm\s+vụ|kết\s+quả|số\s+liệu|báo\s+cáo\s+tài\s+chính|quy\s+hoạch"
    r"|chi\s+phí|đề\s+án|danh\s+mục)"
    r"(?:\s+(?!hàng|hằng|định|báo|gửi|trình|tổ|cho|để|và|trước|về)\w+){0,4}\s+$",
    re.IGNORECASE,
)
_RECALLED = re.compile(
    r"(?:đã\s+(?:được\s+)?(?:giao|yêu\s+cầu|chỉ\s+đạo|cam\s+kết|đề\s+nghị)|theo\s+(?:yêu\s+cầu"
    r"|thời\s+hạn|tiến\s+độ)\s+tại|lẽ\s+ra|được\s+giao\s+tại|chậm\s+so\s+với|quá\s+hạn|(?:văn\s+bản"
    r"|Thông\s+báo|Kế\s+hoạch|Công\s+văn|Quyết\s+định)\s+số\s+\S+)[^.;]{0,120}$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?<!\w)(?P<skip>tính\s+|số\s+liệu\s+|kể\s+|thống\s+kê\s+|phát\s+sinh\s+)?từ\s+(?:ngày\s+)?$", re.IGNORECASE
)
_RANGE = re.compile(
    r"(?<!\w)(?P<skip>(?:tính|số\s+liệu|kể|thống\s+kê|phát\s+sinh|giai\s+đoạn"
    r"|thời\s+điểm)\s+)?từ\s+(?:ngày\s+)?\d{1,2}(?:\s?[/.-]\s?\d{1,2})?(?:\s?[/.-]\s?\d{4})?(?:\s+tháng\s+\d{1,2})?(?:\s+năm\s+\d{4})?\s*(?:đến"
    r"|tới|-|–)\s*(?:hết\s+)?(?:ngày\s+)?$",
    re.IGNORECASE,
)


def bound(period: Period, *, before: bool, at: time | None, inclusive: bool) -> datetime | None:
    """The first late instant: the named hour, the start of what it must precede, or the end of what holds it.

    `inclusive` is the office's setting that "trước ngày X" includes X; this is the one place that applies it.
    """
    if period.first is None or period.after is None:
        return None
    if at:
        return at_midnight(period.first if before else period.after - DAY, at)
    if before and inclusive and period.unit == "day":
        return at_midnight(period.after)
    return at_midnight(period.first if before else period.after)


def dated(text: str, setting: Setting, *, bare: bool) -> list[TimeWord]:
    """The periods that an introduction or a cycle makes a deadline."""
    found: list[TimeWord] = []
    all_periods, all_cycles = periods(text, setting.reference), rec.cycles(text)
    taken = -1
    for index, period in enumerate(all_periods):
        if period.start < taken:
            continue
        more = _listed_with(text, all_periods[index:])
        word = _weighed(text, more, all_cycles, setting, bare=bare)
        if word:
            found.append(word)
            taken = word.end
    return [*found, *_weekdays(text, all_cycles)]


def _listed_with(text: str, following: list[Period]) -> list[Period]:
    """The period and those joined to it: "ngày 20/6 và 20/12"."""
    group = following[:1]
    for period in following[1:]:
        if not re.fullmatch(r"\s*(?:,|và|;|,\s*và)\s*", text[group[-1].end : period.start]) or period.unit != "day":
            break
        group.append(period)
    return group


def _weighed(
    text: str, group: list[Period], cycles: list[rec.Cycle], setting: Setting, *, bare: bool
) -> TimeWord | None:
    period, last = group[0], group[-1]
    start, at = _hour_before(text, period.start)
    before, intro = _introduction(text[max(0, start - 60) : start])
    position = rec.POSITION.match(text, last.end) if period.monthless else None
    cycle = _cycle_beside(text, period, last, cycles)
    if position or (cycle and (period.yearless or period.unit != "day")):
        return _recurring_day(text, group, position, cycle, start - intro, before, at, inclusive=setting.inclusive)
    if _is_another_date(text, start - intro, period):
        return None
    ranged = _RANGE.search(text[max(0, start - 60) : start])
    if ranged:
        return None if ranged.group("skip") else _date_word(text, last, start - len(ranged.group()), False, at, setting)
    if before is None and not bare and (period.unit != "part" or _FROM.search(text[max(0, start - 20) : start])):
        return None
    return _date_word(text, last if len(group) > 1 else period, start - intro, bool(before), at, setting)


def _hour_before(text: str, start: int) -> tuple[int, time | None]:
    """The hour that stands before a day, and where it begins."""
    match = _HOUR.search(text[max(0, start - 40) : start])
    if not match:
        return start, None
    hour, minute = int(match.group("h")), int(match.group("min") or 0)
    if (match.group("noon") or "").lower() in ("chiều", "tối") and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        return start, None
    return start - len(match.group()), time(hour, minute)


def _introduction(before: str) -> tuple[bool | None, int]:
    """(Does "trước" introduce it? None when nothing does; the length of the introduction)."""
    if match := _BEFORE.search(before):
        longer = re.search(r"(?:xong|hoàn\s+thành|(?:chậm|muộn)\s+nhất)\s+$", before[: match.start()], re.IGNORECASE)
        return True, len(before) - (match.start() if not longer or "thành" in longer.group() else longer.start())
    if match := _UNTIL.search(before):
        return False, len(match.group())
    return None, 0


def _is_another_date(text: str, start: int, period: Period) -> bool:
    """Whether the date belongs to a count, a plan's span, or a deadline that is only recalled."""
    before = text[max(0, start - 160) : start]
    intro = text[start : period.start]
    if _NOT_OURS.search(before + (intro if period.unit != "day" else "")) or _NOT_OURS.search(before):
        return True
    if (
        period.unit in ("year", "quarter", "half", "month")
        and re.match(r"\s*(?:trong|vào|đến)\s*$", intro)
        and _NOUN.search(before)
    ):
        return bool(re.match(r"\s*trong\s*$", intro)) and bool(
            re.search(r"(?:nhiệm vụ|chỉ tiêu|mục tiêu|kế hoạch|kết quả)\s+$", before)
        )
    return bool(
        _RECALLED.search(before)
        and re.search(r"đã\s|lẽ\s+ra|quá\s+hạn|chậm\s+so|tiến\s+độ\s+tại|thời\s+hạn\s+tại|được\s+giao\s+tại", before)
    )


def _date_word(text: str, period: Period, start: int, before: bool, at: time | None, setting: Setting) -> TimeWord:
    """A deadline on the calendar."""
    due = bound(period, before=before, at=at, inclusive=setting.inclusive)
    begin = _trimmed(text, max(0, start))
    phrase = text[begin : period.end]
    warnings = []
    if due is None:
        unresolved = period.yearless and setting.reference is None
        warnings.append(
            say("reading.warning.no_year" if unresolved else "reading.warning.impossible_date", phrase=tidy(phrase))
        )
    elif period.yearless and setting.reference and due.date() - setting.reference > FAR_AWAY:
        warnings.append(say("reading.warning.far_away", phrase=tidy(phrase), year=due.year))
    rule = "hour" if at else "before" if before and not setting.inclusive else "until"
    why = say(f"reading.explain.{rule}", phrase=tidy(phrase), due=spoken(due)) if due else None
    deadline = DraftDeadline(kind=DeadlineKind.DATE, phrase=phrase, due_before=due, explanation=why)
    return TimeWord(begin, period.end, deadline, tuple(warnings))


def _trimmed(text: str, start: int) -> int:
    while start < len(text) and (text[start].isspace() or text[start] in ",;:("):
        start += 1
    return start


def _cycle_beside(text: str, period: Period, last: Period, cycles: list[rec.Cycle]) -> rec.Cycle | None:
    """The cycle that a day belongs to: right after it, or before it in the same clause."""
    for cycle in cycles:
        if 0 <= cycle.start - last.end <= 12 and re.fullmatch(r"[\s,]*(?:của\s+)?", text[last.end : cycle.start]):
            return cycle
    for cycle in cycles:
        between = text[cycle.end : min(period.start, cycle.end + SAME_CLAUSE)]
        near = SAME_CLAUSE if period.monthless else 60
        if 0 <= period.start - cycle.end <= near and not re.search(r"[;.]", between) and period.yearless:
            return cycle
    return None


def _recurring_day(
    text: str,
    group: list[Period],
    position: re.Match[str] | None,
    cycle: rec.Cycle | None,
    start: int,
    before: bool | None,
    at: time | None,
    *,
    inclusive: bool,
) -> TimeWord:
    """The bounds of a day that comes back."""
    step = 0 if (before and not inclusive) or at else 1
    rule = _rule_of(group, position, cycle, step, at)
    ends = [group[-1].end, position.end() if position else 0]
    begin = start
    if cycle:
        ends.append(cycle.end)
        begin = min(start, cycle.start)
    begin = _trimmed(text, max(0, begin))
    phrase = text[begin : max(ends)]
    why = say("reading.explain.recurring", phrase=tidy(phrase))
    return TimeWord(
        begin, max(ends), DraftDeadline(kind=DeadlineKind.RECURRING, phrase=phrase, rrule=rule, explanation=why)
    )


def _rule_of(
    group: list[Period], position: re.Match[str] | None, cycle: rec.Cycle | None, step: int, at: time | None
) -> str:
    period = group[0]
    if period.monthless:
        days = [p.first.day + step for p in group if p.first]
        return rec.of_days(days or [1], _months_of(position, cycle), at=at)
    bounds = [p.after if step else p.first for p in group]
    return rec.of_dates([b for b in bounds if b], at=at)


def _months_of(position: re.Match[str] | None, cycle: rec.Cycle | None) -> tuple[int, ...]:
    """The months in which a day comes back: every month, or the first or last of each quarter, half or year."""
    length = cycle.months if cycle and cycle.months else 1
    first = False
    if position:
        length = {"quý": 3, "năm": 12}.get(position.group("of").lower(), 6)
        first = "đầu" in position.group("which").lower()
    if length >= 12 or 12 % length:
        return (1,) if first else (12,)
    return tuple(range(1 if first else length, 13, length))


def _weekdays(text: str, cycles: list[rec.Cycle]) -> list[TimeWord]:
    """ "trước 16 giờ thứ Sáu hằng tuần", "hằng tuần, trước 16 giờ thứ Sáu"."""
    found = []
    for match in rec.WEEKDAY.finditer(text):
        near = [c for c in cycles if c.weeks and (0 <= c.start - match.end() <= 12 or 0 <= match.start() - c.end <= 60)]
        if not near:
            continue
        start, at = _hour_before(text, match.start())
        before, intro = _introduction(text[max(0, start - 60) : start])
        day = rec.WEEKDAY_WORDS[(match.group("w") or match.group("s")).lower()]
        rule = rec.of_weekday(day, at=at, inclusive=not before, weeks=near[0].weeks)
        begin = _trimmed(text, min(start - intro, near[0].start))
        end = max(match.end(), near[0].end)
        why = say("reading.explain.recurring", phrase=tidy(text[begin:end]))
        deadline = DraftDeadline(kind=DeadlineKind.RECURRING, phrase=text[begin:end], rrule=rule, explanation=why)
        found.append(TimeWord(begin, end, deadline))
    return found


def bare_cycles(text: str) -> list[TimeWord]:
    """Cycles for which no day is given: the end of each period, with a warning."""
    found = []
    hours = {c: _daily_hour(text, c) for c in rec.cycles(text)}
    for cycle, at in hours.items():
        start = _with_periodic(text, cycle.start)
        if start == cycle.start and (_NOUN.search(text[max(0, start - 60) : start]) or _of_a_noun(text, cycle.end)):
            continue
        phrase = text[start : cycle.end]
        rule = rec.of_cycle(cycle) + rec.clock(at)
        warning = say("reading.warning.assumed_day", phrase=tidy(phrase))
        why = say("reading.explain.cycle", phrase=tidy(phrase))
        deadline = DraftDeadline(kind=DeadlineKind.RECURRING, phrase=phrase, rrule=rule, explanation=why)
        found.append(TimeWord(start, cycle.end, deadline, () if at else (warning,), assumed=not at))
    return found


def _daily_hour(text: str, cycle: rec.Cycle) -> time | None:
    return _hour_before(text, cycle.start)[1] if cycle.days else None


def _with_periodic(text: str, start: int) -> int:
    match = re.search(r"định\s+kỳ[\s,(]*$", text[max(0, start - 20) : start], re.IGNORECASE)
    return start - len(match.group()) if match else start


def _of_a_noun(text: str, end: int) -> bool:
    """Whether a cycle only describes a noun: "hàng năm của các đơn vị"."""
    return bool(re.match(r"\s+của\s", text[end : end + 8]))
