"""Recurring days: "trước ngày 25 hàng tháng", "hằng tuần, trước 16 giờ thứ Sáu", "định kỳ hằng quý"."""

from __future__ import annotations

import re
from datetime import time

from config.words import say
from domain.drafts import DeadlineKind, DraftDeadline
from domain.reading import recurrence as rec
from domain.reading.introductions import Introduction, describes_a_noun, hours_before, introduction, trimmed
from domain.reading.period import Period
from domain.reading.timewords import TimeWord, tidy

SAME_CLAUSE = 200  # characters between a cycle and its day: "hằng tháng báo cáo … trước ngày 20"
BESIDE = 60  # characters between a cycle and a day that also says its month, or a weekday
_HOUR_AFTER = re.compile(
    r"\s*,?\s*\(?(?:(?:trước|vào|lúc|chậm\s+nhất|muộn\s+nhất|là)\s+)+\d{1,2}\s*(?:giờ|h|g|:)\s*(?:\d{2}(?:\s*phút)?)?",
    re.IGNORECASE,
)
_OF = re.compile(r"[\s,]*(?:của\s+)?")
_PERIODIC = re.compile(r"định\s+kỳ[\s,(]*$", re.IGNORECASE)


def cycle_beside(text: str, period: Period, last: Period, cycles: list[rec.Cycle]) -> rec.Cycle | None:
    """The cycle that a day belongs to: right after it, or before it in the same clause."""
    for cycle in cycles:
        if 0 <= cycle.start - last.end <= 12 and _OF.fullmatch(text[last.end : cycle.start]):
            return cycle
    if not period.yearless:
        return None
    near = SAME_CLAUSE if period.monthless else BESIDE
    for cycle in cycles:
        if 0 <= period.start - cycle.end <= near and not re.search(r"[;.]", text[cycle.end : period.start]):
            return cycle
    return None


def recurring_day(
    text: str,
    group: list[Period],
    position: re.Match[str] | None,
    cycle: rec.Cycle | None,
    intro: Introduction,
    *,
    inclusive: bool,
) -> TimeWord:
    """The bounds of a day that comes back."""
    step = 0 if (intro.before and not inclusive) or intro.at else 1
    rule = _rule_of(group, position, cycle, step, intro.at)
    begin = trimmed(text, min(intro.start, cycle.start) if cycle else intro.start)
    end = max(group[-1].end, position.end() if position else 0, cycle.end if cycle else 0)
    return _recurring(text, begin, end, rule)


def _recurring(text: str, begin: int, end: int, rule: str) -> TimeWord:
    phrase = text[begin:end]
    why = say("reading.explain.recurring", phrase=tidy(phrase))
    deadline = DraftDeadline(kind=DeadlineKind.RECURRING, phrase=phrase, rrule=rule, explanation=why)
    return TimeWord(begin, end, deadline)


def _rule_of(
    group: list[Period], position: re.Match[str] | None, cycle: rec.Cycle | None, step: int, at: time | None
) -> str:
    if group[0].monthless:
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


def weekdays(text: str, cycles: list[rec.Cycle]) -> list[TimeWord]:
    """ "trước 16 giờ thứ Sáu hằng tuần", "hằng tuần, trước 16 giờ thứ Sáu"."""
    weekly = [cycle for cycle in cycles if cycle.weeks]
    if not weekly:
        return []
    found = []
    for match in rec.WEEKDAY.finditer(text):
        near = next((c for c in weekly if _near(match, c)), None)
        if near is None:
            continue
        intro = introduction(text, match.start())
        day = rec.WEEKDAY_WORDS[(match.group("w") or match.group("s")).lower()]
        rule = rec.of_weekday(day, at=intro.at, inclusive=not intro.before, weeks=near.weeks)
        begin, end = trimmed(text, min(intro.start, near.start)), max(match.end(), near.end)
        found.append(_recurring(text, begin, end, rule))
    return found


def _near(weekday: re.Match[str], cycle: rec.Cycle) -> bool:
    return 0 <= cycle.start - weekday.end() <= 12 or 0 <= weekday.start() - cycle.end <= BESIDE


def bare_cycles(text: str) -> list[TimeWord]:
    """Cycles for which no day is given: the end of each period, with a warning."""
    found = []
    for cycle in rec.cycles(text):
        start = _with_periodic(text, cycle.start)
        if start == cycle.start and (describes_a_noun(text, start) or _of_a_noun(text, cycle.end)):
            continue
        begin, hours = hours_before(text, cycle.start) if cycle.days else (start, ())
        start, end = trimmed(text, min(start, begin)), cycle.end
        if cycle.days and not hours and (later := _HOUR_AFTER.match(text, end)):
            end = later.end()
            hours = hours_before(text, end)[1]
        phrase = text[start:end]
        rule = rec.of_cycle(cycle) + rec.clocks(hours)
        why = say("reading.explain.cycle", phrase=tidy(phrase))
        warnings = () if hours else (say("reading.warning.assumed_day", phrase=tidy(phrase)),)
        deadline = DraftDeadline(kind=DeadlineKind.RECURRING, phrase=phrase, rrule=rule, explanation=why)
        found.append(TimeWord(start, end, deadline, warnings, assumed=not hours))
    return found


def _with_periodic(text: str, start: int) -> int:
    match = _PERIODIC.search(text[max(0, start - 20) : start])
    return start - len(match.group()) if match else start


def _of_a_noun(text: str, end: int) -> bool:
    """Whether a cycle only describes a noun: "hàng năm của các đơn vị"."""
    return bool(re.match(r"\s+của\s", text[end : end + 8]))
