"""Words of time that give no instant: standing work, urgencies, events, rules elsewhere."""

from __future__ import annotations

import re

from config.words import say
from domain.drafts import DeadlineKind, DraftDeadline, DraftWait
from domain.reading.grammar import anywhere
from domain.reading.timewords import TimeWord, tidy

_STANDING, _NOT_STANDING = anywhere("time.standing"), anywhere("time.not_standing")
_URGENCY, _EVENT, _ELSEWHERE = anywhere("time.urgency"), anywhere("time.event"), anywhere("time.elsewhere")
_CITED = re.compile(r"\s+(?:tại|số)\s")  # "theo kế hoạch số 66/KH-UBND" names a paper, no time
_BEFORE_EVENT = re.compile(r"trước(?:\s+khi)?\s+", re.IGNORECASE)


def continuous(text: str) -> list[TimeWord]:
    """The words of standing work: thường xuyên, liên tục, tiếp tục."""
    names = [m.span() for m in _NOT_STANDING.finditer(text)]
    return [
        TimeWord(match.start(), match.end(), _standing(match.group()))
        for match in _STANDING.finditer(text)
        if not any(start <= match.start() < end for start, end in names)
    ]


def _standing(phrase: str) -> DraftDeadline:
    why = say("reading.explain.continuous", phrase=tidy(phrase))
    return DraftDeadline(kind=DeadlineKind.CONTINUOUS, phrase=phrase, explanation=why)


def vague(text: str) -> list[TimeWord]:
    """Urgencies, events and rules elsewhere: no instant, and a warning that says so."""
    return [
        *(_word(match, "event", attached=True) for match in _EVENT.finditer(text)),
        *(_word(m, "rule_elsewhere") for m in _ELSEWHERE.finditer(text) if not _CITED.match(text, m.end())),
        *(_word(match, "urgency") for match in _URGENCY.finditer(text)),
    ]


def _word(match: re.Match[str], warning: str, *, attached: bool = False) -> TimeWord:
    phrase = match.group()
    before = _BEFORE_EVENT.match(phrase) if attached else None
    waits = DraftWait(event=tidy(phrase[before.end() :])[:300] or phrase, before=True) if before else None
    deadline = DraftDeadline(kind=DeadlineKind.NONE, phrase=phrase, waits_for=waits)
    said = say(f"reading.warning.{warning}", phrase=tidy(phrase))
    return TimeWord(match.start(), match.end(), deadline, (said,), attached=attached)
