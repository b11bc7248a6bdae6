"""Glyphs to rows of text: what stands on one base line, divided where wide gaps are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from domain.reading.documents.pdf.sheets import Glyph

BLANK = 0.1  #: of the size: a wider gap is a blank though none was drawn
DRAWN_BLANK = 0.04  #: likewise where a blank was drawn
WIDE = 1.5  #: of the size: a wider gap divides a row
SAME_LINE = 0.3  #: of the size: base lines as near as this are one
RAISED = 0.62  #: of the size: how high a reference to a footnote stands at most
SMALL = 0.78  #: of the size: how large it is at most
_UNIT = re.compile(r"(?:^|[\s\d])[kcdm]?m$")
_STATE = re.compile(r"(?<=\S)\s+(?=(?:CỘNG\s+H(?:OÀ|ÒA)\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT))")


class Gap(NamedTuple):
    """A blank in a segment: from where to where on the page, and where in the text."""

    x0: float
    x1: float
    at: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a row without a wide gap."""

    x0: float
    x1: float
    text: str
    gaps: tuple[Gap, ...] = ()

    def divided(self, gaps: Iterable[Gap]) -> tuple[Segment, ...]:
        """Its parts between some of its blanks."""
        parts: list[Segment] = []
        start, x0 = 0, self.x0
        for gap in gaps:
            inner = tuple(g._replace(at=g.at - start) for g in self.gaps if start < g.at < gap.at)
            parts.append(Segment(x0, gap.x0, self.text[start : gap.at].strip(), inner))
            start, x0 = gap.at, gap.x1
        rest = tuple(g._replace(at=g.at - start) for g in self.gaps if g.at > start)
        return (*parts, Segment(x0, self.x1, self.text[start:].strip(), rest))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text on a page."""

    y: float
    size: float
    segments: tuple[Segment, ...]
    noted: bool = False  #: a raised number in it refers to a footnote

    @property
    def x0(self) -> float:
        """Where it begins."""
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        """Where it ends."""
        return self.segments[-1].x1

    @property
    def text(self) -> str:
        """Its words; several blanks where a gap is wide."""
        return "      ".join(segment.text for segment in self.segments)


def rows_of(glyphs: Iterable[Glyph]) -> list[Row]:
    """The rows of some glyphs, from the top down."""
    lines = _lines(_composed(glyphs))
    return [row for line in _with_raised(lines) if (row := _row(line))]


def text_of(glyphs: Iterable[Glyph]) -> str:
    """The words of some glyphs, line after line, as one line."""
    return " ".join(segment.text for row in rows_of(glyphs) for segment in row.segments)


def _composed(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Marks that were drawn over a letter of their own go to that letter."""
    found: list[Glyph] = []
    for glyph in glyphs:
        if found and glyph.text >= "\u0300" and unicodedata.combining(glyph.text[0]):
            found[-1] = found[-1]._replace(text=unicodedata.normalize("NFC", found[-1].text + glyph.text))
        else:
            found.append(glyph)
    return found


def _lines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: -one.y):
        if lines and lines[-1][0].y - glyph.y <= SAME_LINE * min(lines[-1][0].size, glyph.size * 1.5):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return lines


def _with_raised(lines: list[list[Glyph]]) -> list[list[Glyph]]:
    """Raised numbers belong to the line below them, though their base line is another."""
    found: list[list[Glyph]] = []
    for line in lines:
        above = found[-1] if found else None
        if above and _is_raised(above, line):
            found[-1] = above + line
        else:
            found.append(line)
    return found


def _is_raised(above: list[Glyph], line: list[Glyph]) -> bool:
    size = _size(line)
    if len(above) > 12 or above[0].y - line[0].y > RAISED * size or _size(above) > SMALL * size:
        return False
    return min(g.x0 for g in line) - size < above[0].x0 < max(g.x1 for g in line) + size


def _size(line: Sequence[Glyph]) -> float:
    sizes = sorted(glyph.size for glyph in line)
    return sizes[len(sizes) // 2]


def _row(line: list[Glyph]) -> Row | None:
    size = _size(line)
    base = sorted(glyph.y for glyph in line)[len(line) // 2]
    ordered = sorted(line, key=lambda one: one.x0)
    growing = _Growing(size, base, _tracking(ordered, size))
    for glyph in ordered:
        growing.add(glyph)
    segments = growing.finished()
    return _divided(Row(base, size, segments, growing.noted)) if segments else None


def _tracking(ordered: Sequence[Glyph], size: float) -> float:
    """How far the letters of a row stand apart, where somebody spaced them out."""
    gaps = sorted(b.x0 - a.x1 for a, b in pairwise(ordered) if len(a.text) == len(b.text) == 1)
    usual = gaps[len(gaps) // 2] if len(gaps) > 5 else 0.0
    return usual if 0.06 * size < usual < WIDE * size else 0.0


class _Growing:
    """A row that grows from the left to the right."""

    def __init__(self, size: float, base: float, tracking: float) -> None:
        self.size, self.base, self.tracking, self.noted = size, base, tracking, False
        self._done: list[Segment] = []
        self._gaps: list[Gap] = []
        self._text, self._start, self._end, self._blank = "", 0.0, -1e9, False

    def add(self, glyph: Glyph) -> None:
        """One more glyph. Blanks that were drawn say little of their width, so the next glyph decides."""
        if glyph.text.isspace():
            self._blank = True
        elif self._is_reference(glyph):
            self.noted, self._blank = True, False
            self._end = max(self._end, glyph.x1)
        else:
            self._append(glyph)

    def finished(self) -> tuple[Segment, ...]:
        """The segments of the row."""
        self._close()
        return tuple(self._done)

    def _is_reference(self, glyph: Glyph) -> bool:
        """Whether a glyph is a raised number in a text that refers to a footnote, and not the 2 of a square metre."""
        raised = glyph.size < SMALL * self.size and glyph.y > self.base + 0.12 * self.size
        return raised and glyph.text.isdecimal() and bool(self._text) and not _UNIT.search(self._text)

    def _append(self, glyph: Glyph) -> None:
        gap = glyph.x0 - self._end - self.tracking
        if gap > WIDE * self.size:
            self._close()
        if not self._text:
            self._start, self._end = glyph.x0, glyph.x1
        elif gap > (DRAWN_BLANK if self._blank else BLANK) * self.size:
            self._gaps.append(Gap(self._end, glyph.x0, len(self._text)))
            self._text += " "
        self._text += glyph.text
        self._end, self._blank = max(self._end, glyph.x1), False

    def _close(self) -> None:
        if self._text:
            self._done.append(Segment(self._start, self._end, self._text, tuple(self._gaps)))
        self._text, self._gaps = "", []


def _divided(row: Row) -> Row:
    """A row of a letterhead whose columns nearly touch is divided before the words that begin the right one."""
    if not any(_STATE.search(segment.text) for segment in row.segments):
        return row
    found: list[Segment] = []
    for segment in row.segments:
        match = _STATE.search(segment.text)
        found += segment.divided(gap for gap in segment.gaps if match and match.start() <= gap.at < match.end())
    return replace(row, segments=tuple(found))
