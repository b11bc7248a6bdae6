"""Dates: a period and the word that introduces it, as a bound on the calendar."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from config.words import say
from domain.drafts import DeadlineKind, DraftDeadline
from domain.reading import recurrence as rec
from domain.reading.introductions import (
    Introduction,
    begins_a_span,
    belongs_elsewhere,
    introduction,
    range_before,
    trimmed,
)
from domain.reading.period import DAY, Period
from domain.reading.periods import periods
from domain.reading.recurring_days import cycle_beside, recurring_day, weekdays
from domain.reading.timewords import Setting, TimeWord, at_midnight, spoken, tidy

LONG_PAST = timedelta(days=365)
FAR_AWAY = timedelta(days=275)  # nine months: a date without a year that far ahead may have been meant for another
_TO_A_DAY = re.compile(r"\s*(?:đến|tới|-|–)\s*(?:hết\s+)?(?:ngày\s+)?\d", re.IGNORECASE)
_LOOSELY = re.compile(r"\s*(?:vào|trong|hết)\s", re.IGNORECASE)
MONTH = 31  #: days of the longest
_JOINED = re.compile(r"\s*(?:,|và|;|,\s*và)\s*")


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
    named, cycles = periods(text, setting.reference), rec.cycles(text)
    taken = -1
    for index, period in enumerate(named):
        if period.start < taken:
            continue
        word = _weighed(text, _listed_with(text, named, index), cycles, setting, bare=bare)
        if word and not _long_past(word, setting):
            found.append(word)
            taken = word.end
    return [*found, *weekdays(text, cycles)]


def _long_past(word: TimeWord, setting: Setting) -> bool:
    """Whether the bound lies a year or more before the notice: "đất giao trước năm 2004" describes, it sets no task."""
    due = word.deadline.due_before
    return bool(due and setting.reference and setting.reference - due.date() >= LONG_PAST)


def _listed_with(text: str, named: list[Period], index: int) -> list[Period]:
    """The period and those joined to it: "ngày 20/6 và 20/12"."""
    group = [named[index]]
    for period in named[index + 1 :]:
        if not _JOINED.fullmatch(text[group[-1].end : period.start]) or period.unit not in ("day", group[0].unit):
            break
        group.append(period)
    return group


def _weighed(
    text: str, group: list[Period], cycles: list[rec.Cycle], setting: Setting, *, bare: bool
) -> TimeWord | None:
    period, last = group[0], group[-1]
    if begins_a_span(text, period.start) and _TO_A_DAY.match(text, last.end):
        return None  # the day that ends the span bounds the work
    intro = introduction(text, period.start)
    position = rec.POSITION.match(text, last.end) if period.monthless else None
    cycle = cycle_beside(text, period, last, cycles)
    if position or (cycle and (period.yearless or period.unit != "day")):
        return recurring_day(text, group, position, cycle, intro, inclusive=setting.inclusive)
    if belongs_elsewhere(text, intro.start, period):
        return None
    if span := range_before(text, period.start):
        described = not bare and text[: span[0]].rstrip().endswith("(")  # "lịch trực Tết (từ ngày 29/01 đến …)"
        word = None if span[1] else _date_word(text, last, Introduction(span[0], False, intro.at), setting)
        return replace(word, aside=described) if word else None
    months = period.unit == "month" and period.first and period.after and (period.after - period.first).days > MONTH
    if period.unit == "year_part" and _LOOSELY.match(text, intro.start):
        return None  # "không để dồn vào cuối năm"
    if begins_a_span(text, period.start) and months:  # "từ tháng 4 đến tháng 6/2026"
        return _date_word(text, last, Introduction(intro.start, False), setting)
    if intro.before is None and not bare and (period.unit != "part" or begins_a_span(text, intro.start)):
        return None
    return _date_word(text, last, intro, setting)


def _date_word(text: str, period: Period, intro: Introduction, setting: Setting) -> TimeWord:
    """A deadline on the calendar."""
    due = bound(period, before=bool(intro.before), at=intro.at, inclusive=setting.inclusive)
    begin = trimmed(text, intro.start)
    phrase = text[begin : period.end]
    if due is None:
        unresolved = period.yearless and setting.reference is None
        warning = say(f"reading.warning.{'no_year' if unresolved else 'impossible_date'}", phrase=tidy(phrase))
        return TimeWord(begin, period.end, DraftDeadline(kind=DeadlineKind.DATE, phrase=phrase), (warning,))
    why = say(f"reading.explain.{_rule_of(period, intro, setting)}", phrase=tidy(phrase), due=spoken(due))
    deadline = DraftDeadline(kind=DeadlineKind.DATE, phrase=phrase, due_before=due, explanation=why)
    return TimeWord(begin, period.end, deadline, _doubts(period, phrase, due, setting))


def _rule_of(period: Period, intro: Introduction, setting: Setting) -> str:
    """Which rule the bound follows, as it is explained to a person."""
    if intro.at:
        return "hour"
    if period.unit == "part":
        return "part"
    return "before" if intro.before and not setting.inclusive else "until"


def _doubts(period: Period, phrase: str, due: datetime, setting: Setting) -> tuple[str, ...]:
    if period.assumed:
        return (say("reading.warning.assumed_period", phrase=tidy(phrase), due=spoken(due)),)
    if period.yearless and setting.reference and due.date() - setting.reference > FAR_AWAY:
        return (say("reading.warning.far_away", phrase=tidy(phrase), year=due.year),)
    return ()
