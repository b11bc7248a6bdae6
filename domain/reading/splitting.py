"""Splits a leaf whose parts have deadlines or leads of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from domain.reading.addressees import Namer
from domain.reading.deadlines import Setting, TimeWord, strongest, time_words

_STRONG_CUT = re.compile(r"[;.](?:\s+)(?=\S)")
NEAR = 600  # characters in which a sentence says whom it addresses
_WEAK_CUT = re.compile(r",\s+(?=\S)|\s+(?=(?:và|đồng\s+thời)\s)")


def parts(text: str, setting: Setting, namer: Namer) -> list[tuple[int, int]]:
    """The stretches of a leaf that are directives of their own; the whole leaf when nothing divides it."""
    words = [w for w in time_words(text, setting) if w.firm]
    cuts = sorted({*_between_deadlines(text, words), *_before_subjects(text, namer)})
    bounds = [0, *cuts, len(text)]
    return [(a, b) for a, b in pairwise(bounds) if text[a:b].strip()]


def _between_deadlines(text: str, words: Sequence[TimeWord]) -> list[int]:
    """Cuts after each deadline that another, different one follows."""
    cuts = []
    own = [w for w in words if not w.assumed] if any(not w.assumed for w in words) else list(words)
    for one, other in pairwise(own):
        if one.value == other.value or (one.deadline.due_before is None and one.deadline.rrule is None):
            continue
        if one.assumed and other.assumed:
            continue
        if cut := _cut(text, one, other):
            cuts.append(cut)
    return cuts


def _cut(text: str, one: TimeWord, other: TimeWord) -> int | None:
    """Where the part of `one` ends: at a semicolon or full stop, else at a comma or "và"."""
    for pattern in (_STRONG_CUT, _WEAK_CUT):
        if match := pattern.search(text, one.end, other.start + 1):
            return match.end()
    opens_sentence = re.compile(r"[;.,]\s*$").search(text[: other.start])
    return other.start if opens_sentence else None


def _before_subjects(text: str, namer: Namer) -> list[int]:
    """Cuts before a sentence that another body leads: "Giao Sở A …; Sở B …"."""
    first = namer.opening(text)
    if not first:
        return []
    cuts, lead = [], first.leads
    for match in _STRONG_CUT.finditer(text, first.end):
        found = namer.opening(text[match.end() : match.end() + NEAR])
        if (
            found
            and found.leads != lead
            and _acts(text[match.end() : match.end() + NEAR], found.end, explicit=found.explicit)
        ):
            cuts.append(match.end())
            lead = found.leads
    return cuts


def _acts(text: str, end: int, *, explicit: bool) -> bool:
    """Whether the body of that sentence is told to act, not merely mentioned."""
    if explicit:
        return text[:1].isupper() or bool(re.match(r"giao\s|đề\s+nghị\s", text))
    return bool(
        re.match(
            r"\s*(?:chủ\s+trì|chịu\s+trách\s+nhiệm|có\s+trách\s+nhiệm|phối\s+hợp|tham\s+mưu|rà\s+soát"
            r"|báo\s+cáo|bố\s+trí|thẩm\s+định|hướng\s+dẫn|tổng\s+hợp|xây\s+dựng|hoàn\s+thành|theo\s+dõi"
            r"|tổ\s+chức|thực\s+hiện|lập|cung\s+cấp|kiểm\s+tra|khẩn\s+trương|cân\s+đối|triển\s+khai"
            r"|hoàn\s+thiện|chuẩn\s+bị)(?!\w)",
            text[end:],
        )
    )


def deciding(text: str, setting: Setting, *, bare: bool = False) -> TimeWord | None:
    """The word of time that decides for a stretch of text."""
    return strongest(time_words(text, setting, bare=bare))
