"""Splits a leaf whose parts have deadlines or leads of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from domain.reading.addressees import Address, Namer, tells
from domain.reading.deadlines import Setting, TimeWord, strongest, time_words

_STRONG_CUT = re.compile(r"(?:[;.]\s+|:\s+(?=\((?:i|1|a)\)))(?=\S)")  # also before "… sau: (i) Sở A …"
_WEAK_CUT = re.compile(r",\s+(?=\S)|\s+(?=(?:và|đồng\s+thời)\s)")
_APART = re.compile(r",\s+(?=riêng\s+(?P<body>\S))")  # "…, riêng UBND phường Núi Sam xong trước …"
_SENTENCE_END = re.compile(r"[.;]\s+(?=\w)")
_ENDS = re.compile(r"[;.,]\s*$")
NEAR = 600  # characters in which a sentence says whom it addresses


def parts(text: str, setting: Setting, namer: Namer, inherited: tuple[str, ...] = ()) -> list[tuple[int, int]]:
    """The stretches of a leaf that are directives of their own; the whole leaf when nothing divides it.

    `inherited`: the leads that the leaf takes from its heading.
    """
    words = [w for w in time_words(text, setting) if w.firm]
    cuts = sorted({*_between_deadlines(text, words), *_before_subjects(text, namer, inherited)})
    bounds = [0, *cuts, len(text)]
    return [(a, b) for a, b in pairwise(bounds) if text[a:b].strip()]


def _between_deadlines(text: str, words: Sequence[TimeWord]) -> list[int]:
    """Cuts after each deadline that another, different one follows."""
    cuts = []
    for one, other in pairwise(_weighty(text, words)):
        waits = one.deadline.waits_for is not None
        if one.value == other.value or (one.deadline.due_before is None and one.deadline.rrule is None and not waits):
            continue
        if one.assumed and other.assumed:
            continue
        if cut := _cut(text, one, other):
            cuts.append(cut)
    return cuts


def _weighty(text: str, words: Sequence[TimeWord]) -> list[TimeWord]:
    """The words that may divide: a cycle whose day is assumed only where a sentence of its own says it."""
    words = [word for word in words if not word.aside] or words
    if all(word.assumed for word in words):
        return list(words)

    def apart(one: TimeWord | None, other: TimeWord | None) -> bool:
        return not one or not other or bool(_SENTENCE_END.search(text, one.end, other.start + 1))

    around = zip([None, *words], words, [*words[1:], None], strict=False)
    return [word for before, word, after in around if not word.assumed or (apart(before, word) and apart(word, after))]


def _cut(text: str, one: TimeWord, other: TimeWord) -> int | None:
    """Where the part of `one` ends: at a semicolon or full stop, else at a comma or "và"."""
    for pattern in (_STRONG_CUT, _WEAK_CUT):
        if match := pattern.search(text, one.end, other.start + 1):
            return match.end()
    return other.start if _ENDS.search(text[: other.start]) else None


def _before_subjects(text: str, namer: Namer, inherited: tuple[str, ...]) -> list[int]:
    """Cuts before a sentence that another body leads: "Giao Sở A …; Sở B …", also after one that addresses nobody."""
    first = namer.opening(text)
    lead = first.leads if first else inherited
    cuts: list[int] = []
    for match in _STRONG_CUT.finditer(text, first.end if first else 0):
        near = text[match.end() : match.end() + NEAR]
        found = namer.opening(near)
        if found and found.leads != lead and acts(near, found):
            cuts.append(match.end())
            lead = found.leads
    return [*cuts, *(m.end() for m in _APART.finditer(text) if namer.opening(text[m.start("body") :][:NEAR]))]


def acts(text: str, address: Address) -> bool:
    """Whether the body that opens a sentence is told to act, not merely mentioned."""
    if address.explicit:
        return text[:1].isupper() or text[:1] == "(" or bool(re.match(r"giao\s|đề\s+nghị\s|yêu\s+cầu\s", text))
    return (text[:1].isupper() or text[:1] == "(") and tells(text, address)


def deciding(text: str, setting: Setting, *, bare: bool = False) -> TimeWord | None:
    """The word of time that decides for a stretch of text."""
    return strongest(time_words(text, setting, bare=bare))
