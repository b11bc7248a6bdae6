"""By when: every word of time in a stretch of text, read by small rules, and the strongest of them.

`due_before` is the first instant that is late, Asia/Ho_Chi_Minh (+07:00). A rule reads a period ("ngày 09/3/2018"), the
word that introduces it ("trước", "chậm nhất") and the cycle beside it ("hàng tháng"); see CONTRACT, "By when".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from config.words import say
from domain.drafts import DeadlineKind
from domain.reading.calendar_dates import dated
from domain.reading.recurring_days import bare_cycles
from domain.reading.relatives import relatives
from domain.reading.timewords import STRENGTH, Setting, TimeWord
from domain.reading.vague import continuous, vague

__all__ = ["Setting", "TimeWord", "strongest", "time_words"]


MEMORY = 64  #: stretches of text whose words of time are remembered: an item is looked at whole, then in parts


def time_words(text: str, setting: Setting, *, bare: bool = False) -> list[TimeWord]:
    """Every word of time in the text, in order; `bare` where a period needs no introduction (a table's column)."""
    known = setting.memory.get((text, bare))
    if known is None:
        if len(setting.memory) >= MEMORY:
            setting.memory.clear()
        known = setting.memory[text, bare] = _time_words(text, setting, bare=bare)
    return known


def _time_words(text: str, setting: Setting, *, bare: bool) -> list[TimeWord]:
    found: list[TimeWord] = []
    taken = bytearray(len(text))
    for word in [
        *relatives(text, setting),
        *dated(text, setting, bare=bare),
        *bare_cycles(text),
        *continuous(text),
        *vague(text),
    ]:
        if not any(taken[word.start : word.end]):
            taken[word.start : word.end] = b"\x01" * (word.end - word.start)
            found.append(word)
    return sorted(found, key=lambda w: w.start)


def strongest(words: Iterable[TimeWord]) -> TimeWord | None:
    """The word of time that decides: date, relative, recurring, continuous, none; the shortest of several cycles."""
    ranked = sorted(words, key=_rank)
    if not ranked:
        return None
    best = ranked[0]
    others = {w.value for w in ranked if w.kind is best.kind}
    if best.kind is DeadlineKind.RECURRING and len(others) > 1:
        return replace(best, warnings=(*best.warnings, say("reading.warning.several_cycles")))
    return best


def _rank(word: TimeWord) -> tuple[int, bool, bool, float, int]:
    unknown = word.kind in STRENGTH[:2] and word.deadline.due_before is None
    length = word.end if word.kind is not DeadlineKind.RECURRING else _length(word)
    return (
        STRENGTH.index(word.kind),
        word.aside,
        unknown,
        length if word.kind is DeadlineKind.RECURRING else 0,
        -word.end if word.firm else word.start,
    )


def _length(word: TimeWord) -> float:
    """How long a recurring word's cycle is; one with a day of its own before one whose day is assumed."""
    rule = word.deadline.rrule or ""
    for mark, days in (("DAILY", 1), ("WEEKLY", 7), ("MONTHLY", 30)):
        if mark in rule:
            return days
    return 365 / max(1, rule.split("BYMONTH=")[-1].split(";")[0].count(",") + 1)
