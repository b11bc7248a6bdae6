"""Phrases looked up at a place in a text: plain words in a table, what holds a slot by an expression.

A table of a thousand phrases costs nothing to load; an expression of as many takes a tenth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.reading.grammar.language import regex, spellings

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"\s+(?=\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase where it stands."""

    words: str
    at: int

    def start(self) -> int:
        """Where it begins."""
        return self.at

    def end(self) -> int:
        """Where it ends."""
        return self.at + len(self.words)

    def group(self) -> str:
        """Its words as they stand in the text."""
        return self.words


class Phrases:
    """Some phrases as whole words; `exact`: in the letters' own case only."""

    def __init__(self, says: Iterable[str], *, exact: bool = False) -> None:
        written = {one: spellings(one) for one in says}
        self._exact = exact
        self._longest: dict[str, int] = {}  #: first word -> words of the longest phrase that begins with it
        self._known = {self._as_compared(way) for ways in written.values() for way in ways}
        for way in self._known:
            first, *more = way.split(" ")
            self._longest[first] = max(self._longest.get(first, 0), 1 + len(more))
        others = [regex(one) for one, ways in written.items() if not ways]
        flags = re.NOFLAG if exact else re.IGNORECASE
        self._others = (
            re.compile(rf"(?:{'|'.join(sorted(others, key=len, reverse=True))})(?!\w)", flags) if others else None
        )

    def _as_compared(self, words: str) -> str:
        return words if self._exact else words.lower()

    def match(self, text: str, at: int = 0) -> Found | None:
        """The longest of the phrases that begins at that position."""
        known, other = self._plain(text, at), self._others.match(text, at) if self._others else None
        end = max(known, other.end() if other else at)
        return Found(text[at:end], at) if end > at else None

    def _plain(self, text: str, at: int) -> int:
        word = _WORD.match(text, at)
        most = self._longest.get(self._as_compared(word.group()), 0) if word else 0
        words, end = "", at
        for _ in range(most):
            if word is None:
                break
            words = f"{words} {self._as_compared(word.group())}" if words else self._as_compared(word.group())
            end = word.end() if words in self._known else end
            gap = _GAP.match(text, word.end())
            word = _WORD.match(text, gap.end()) if gap else None
        return end
