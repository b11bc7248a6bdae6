"""Where in a notice's text stands what was found: directives, leads, co-operating bodies, deadlines."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice, takewhile

from domain.drafts import Draft, DraftDirective
from domain.names import ABBREVIATIONS, Registry, fold, key

LOOKED_BACK = 3000  #: characters before a directive in which the heading that names its lead is looked for
LOOKED_AROUND = 20_000  #: characters around a directive in which the sentence that dates its list is looked for
LONGEST_LINE = 400  #: characters of a line that says who leads
_SAYS_WHO = re.compile(r"\s*[^\n]{0,60}chủ trì\s*:[^\n]*", re.IGNORECASE)
SLACK = 4  #: words that a name may have in the text beyond its shortest form: "và", "Việt Nam", "tỉnh"


class What(StrEnum):
    """What a stretch of text is."""

    DIRECTIVE = "directive"
    LEAD = "lead"
    COOPERATING = "cooperating"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A stretch of the text, text[start:end]. `label` is the path of a directive."""

    start: int
    end: int
    what: What
    label: str = ""

    def overlaps(self, other: Mark) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Mark) -> bool:
        """Whether the other lies within."""
        return self.start <= other.start and other.end <= self.end


def marks(text: str, draft: Draft, registry: Registry) -> list[Mark]:
    """What was found, as stretches in the order of the text: each directive, and what lies in it or in its heading.

    A mark lies wholly inside or wholly outside any other.
    """
    outer = Apart()
    for one in _directives(draft.directives):
        outer.add(one)
    inner, names = Apart(), Names(registry, draft.issued_on)
    for directive in draft.directives:
        for mark in _inside(text, directive, names):
            if all(one.holds(mark) for one in outer.touched(mark)):
                inner.add(mark)
    return sorted([*outer.marks, *inner.marks], key=lambda mark: (mark.start, -mark.end))


@dataclass(slots=True)
class Apart:
    """Marks of which no two overlap, in the order of the text."""

    marks: list[Mark] = field(default_factory=list)

    def touched(self, mark: Mark) -> list[Mark]:
        """Those that overlap the mark."""
        at = max(0, bisect_left(self.marks, mark.start, key=lambda one: one.start) - 1)
        near = takewhile(lambda one: one.start < mark.end, islice(self.marks, at, None))
        return [one for one in near if one.overlaps(mark)]

    def add(self, mark: Mark) -> None:
        """Adds a mark, unless it overlaps one that is there."""
        if not self.touched(mark):
            insort(self.marks, mark)


def _directives(directives: Iterable[DraftDirective]) -> list[Mark]:
    """The directives' own stretches; several that share one stretch share its label."""
    labels: dict[tuple[int, int], list[str]] = {}
    for one in directives:
        if one.start is not None and one.end is not None:
            labels.setdefault((one.start, one.end), []).append(one.path)
    return [Mark(*place, What.DIRECTIVE, ", ".join(paths)) for place, paths in sorted(labels.items())]


def _inside(text: str, one: DraftDirective, names: Names) -> Iterator[Mark]:
    """The deadline, the leads and the co-operating bodies of one directive, wherever they stand."""
    if one.start is None or one.end is None:
        return
    phrase = one.deadline.phrase
    if phrase and (at := _nearest(text, phrase, one.start, one.end)) >= 0:
        yield Mark(at, at + len(phrase), What.DEADLINE)
    for what, written in ((What.LEAD, one.lead), (What.COOPERATING, one.cooperating)):
        wanted = names.wanted(written)
        there: dict[str, Mark] = {}
        for start, end, name in wanted.stretches(text, one.start, one.end):
            there.setdefault(name, Mark(start, end, what))
        yield from there.values()
        if missing := wanted.without(there):
            below = {
                name: Mark(start, end, what)
                for start, end, name in missing.stretches(text, *_line_below(text, one.end))
            }
            yield from below.values()
            yield from _in_heading(text, one.start, what, missing.without(below))


def _nearest(text: str, phrase: str, start: int, end: int) -> int:
    """Where the phrase stands: in the directive, else in the sentence before or after the list that dates it."""
    inside = text.find(phrase, start, end)
    if inside >= 0:
        return inside
    before = text.rfind(phrase, max(0, start - LOOKED_AROUND), start)
    return before if before >= 0 else text.find(phrase, end, end + LOOKED_AROUND)


def _line_below(text: str, end: int) -> tuple[int, int]:
    """The line after an item, where it says who leads: "Đơn vị chủ trì: …"; else nothing."""
    line = _SAYS_WHO.match(text, end, end + LONGEST_LINE)
    return line.span() if line else (end, end)


def _in_heading(text: str, start: int, what: What, wanted: Wanted) -> Iterator[Mark]:
    """The last place before a directive that names each body: the heading it stands under."""
    last: dict[str, Mark] = {}
    for begin, end, name in wanted.stretches(text, max(0, start - LOOKED_BACK), start):
        last[name] = Mark(begin, end, what)
    yield from last.values()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Names to look for: each key (see domain.names.key) with the name it stands for."""

    keys: dict[str, str]
    first: frozenset[str]  #: folded words with which one of them can begin

    def without(self, found: Collection[str]) -> Wanted:
        """What has not been found."""
        return Wanted({spelt: name for spelt, name in self.keys.items() if name not in found}, self.first)

    def __bool__(self) -> bool:
        return bool(self.keys)

    def stretches(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """(start, end, name) of every name in text[start:end], the longest spelling first."""
        if not self.keys:
            return
        longest = max(len(spelt.split()) for spelt in self.keys) + SLACK
        words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\w+", text[start:end])]
        place = 0
        while place < len(words):
            length = self._length(text, words[place : place + longest])
            if length:
                begin, stop = words[place][0], words[place + length - 1][1]
                yield begin, stop, self.keys[key(text[begin:stop])]
            place += length or 1

    def _length(self, text: str, words: list[tuple[int, int]]) -> int:
        """How many of the words are a name; 0 for none."""
        begin, stop = words[0]
        if fold(text[begin:stop]) not in self.first:
            return 0
        lengths = (n for n in range(len(words), 0, -1) if fold(text[slice(*words[n - 1])]) != "va")
        return next((n for n in lengths if key(text[begin : words[n - 1][1]]) in self.keys), 0)


@dataclass(frozen=True, slots=True)
class Names:
    """The spellings of bodies, as of the day a notice was issued."""

    registry: Registry
    on: date | None

    def wanted(self, written: Iterable[str]) -> Wanted:
        """What to look for in the text, for names as the draft has them."""
        keys = {key(spelling): name for name in written for spelling in self._spellings(name)}
        first = {spelling.split()[0] for spelling in keys}
        first |= {short.split()[0] for short, full in ABBREVIATIONS for one in keys if one.startswith(full)}
        return Wanted(keys, frozenset(first))

    def _spellings(self, name: str) -> Iterator[str]:
        yield name
        entry = self.registry.find(name, self.on)
        if entry is not None:
            yield from (spelling for spelling in (entry.name, *entry.aliases) if key(spelling))
