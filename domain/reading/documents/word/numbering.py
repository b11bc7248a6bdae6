"""The numbers in front of paragraphs. Word does not store them: it counts, and so does this (ECMA-376-1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from domain.reading.documents.word.names import VAL, Element, W, find, number, value

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_PLUS = "+o\uf06fо○◦"  #: bullets under bullets, which notices write as a plus
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts and how it is written."""

    start: int = 1
    sort: str = "decimal"  #: numFmt
    pattern: str = ""  #: lvlText: "%1.%2."
    legal: bool = False  #: isLgl: all numbers of the pattern in digits
    restart: int | None = None  #: lvlRestart: 0 never
    style: str | None = None  #: the paragraph style it belongs to


@dataclass(frozen=True, slots=True)
class List:
    """What a numId means: the counters that it shares with others, its levels, and where it starts anew."""

    counters: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted."""

    lists: dict[str, List]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def mark(self, list_id: str | None, depth: int) -> str:
        """The next number of a list at a depth, as it is printed; empty where there is none."""
        found = self.lists.get(list_id or "")
        if found is None or not (level := found.levels.get(depth)):
            return ""
        counts = self._counted(found, list_id or "", depth, level)
        if level.sort == "bullet":
            return "+" if level.pattern[:1] in _PLUS and level.pattern else "-"
        return (
            ""
            if level.sort == "none"
            else _PLACE.sub(lambda m: _shown(found, counts, level, int(m[1]) - 1), level.pattern)
        )

    def depth_of_style(self, list_id: str, style: str) -> int:
        """The level of a list that belongs to a paragraph style."""
        found = self.lists.get(list_id)
        return next((n for n, level in found.levels.items() if level.style == style), 0) if found else 0

    def _counted(self, found: List, list_id: str, depth: int, level: Level) -> dict[int, int]:
        counts = self._counts.setdefault(found.counters, {})
        if depth in found.starts and (list_id, depth) not in self._begun:
            self._begun.add((list_id, depth))
            counts[depth] = found.starts[depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [n for n in counts if n > depth and _restarts(found.levels.get(n), depth)]:
            del counts[deeper]
        return counts


def _restarts(level: Level | None, depth: int) -> bool:
    return level is None or level.restart is None or (level.restart != 0 and depth < level.restart)


def _shown(found: List, counts: dict[int, int], level: Level, depth: int) -> str:
    wanted = found.levels.get(depth, Level())
    count = counts.get(depth, wanted.start)
    return written(count, "decimal" if level.legal else wanted.sort)


def written(count: int, sort: str) -> str:
    """A count in the way of its sort: 4 is "4", "IV", "iv", "D" or "d"."""
    if sort in ("upperRoman", "lowerRoman") and 0 < count < 4000:
        return _roman(count).upper() if sort == "upperRoman" else _roman(count)
    if sort in ("upperLetter", "lowerLetter") and 0 < count <= 780:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters.upper() if sort == "upperLetter" else letters
    return f"{count:02}" if sort == "decimalZero" else "" if sort in ("none", "bullet") else str(count)


def _roman(count: int) -> str:
    text = ""
    for worth, letters in _ROMAN:
        text += letters * (count // worth)
        count %= worth
    return text


def read_numbering(root: Element | None) -> Numbering:
    """The lists of numbering.xml."""
    if root is None:
        return Numbering({})
    abstract = {one.get(f"{W}abstractNumId", ""): one for one in root.iterfind(f"{W}abstractNum")}
    nums = {one.get(f"{W}numId", ""): one for one in root.iterfind(f"{W}num")}
    styled = {style: one for one in abstract.values() if (style := value(one, "styleLink"))}
    return Numbering({name: _list(num, abstract, styled) for name, num in nums.items() if name != "0"})


def _list(num: Element, abstract: dict[str, Element], styled: dict[str, Element]) -> List:
    counters = value(num, "abstractNumId") or ""
    base = abstract.get(counters)
    if base is not None and (link := value(base, "numStyleLink")) and link in styled:
        base = styled[link]
    levels = dict(_levels(base)) if base is not None else {}
    starts: dict[int, int] = {}
    for override in num.iterfind(f"{W}lvlOverride"):
        depth = number(override.get(f"{W}ilvl"), 0)
        levels |= dict(_levels(override))
        if (start := find(override, "startOverride")) is not None:
            starts[depth] = number(start.get(VAL), 1)
            levels[depth] = replace(levels.get(depth, Level()), start=starts[depth])
    return List(counters, levels, starts)


def _levels(holder: Element) -> Iterator[tuple[int, Level]]:
    for one in holder.iterfind(f"{W}lvl"):
        restart = value(one, "lvlRestart")
        yield (
            number(one.get(f"{W}ilvl"), 0),
            Level(
                start=number(value(one, "start"), 1),
                sort=value(one, "numFmt") or "decimal",
                pattern=(value(one, "lvlText") or "")[:40],
                legal=find(one, "isLgl") is not None,
                restart=None if restart is None else number(restart, 0),
                style=value(one, "pStyle"),
            ),
        )
