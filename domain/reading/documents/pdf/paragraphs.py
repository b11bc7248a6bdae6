"""Lines that the page broke become paragraphs again: a line goes on where the next word had no room in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.reading.documents.pdf.rows import Row

ROOM = 1.2  #: of the size: how much an edge may waver
BLANK = 0.25  #: of the size: between words
INDENT = 0.9  #: of the size: what begins further in begins a paragraph
LEADING = 2.6  #: of the size: lines further apart are not of one paragraph
RIGHT = 0.85  #: of the width of the page: the running text ends no earlier
FAR = 4.0  #: of the size: from here on a gap was meant
APART = "      "
_MARKER = re.compile(
    r"(?:[-–—•●▪+*]|\d{1,2}(?:\.\d{1,2}){0,3}[.)/]|\d{1,2}(?:\.\d{1,2}){1,3}|[a-zđ][.)]|[IVX]{1,5}[.)/])(?=\s|$|[^\W\d_])"
)
_ENDS = (".", ";", ":", "!", "?", "/.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of running text, with the page it stands on."""

    row: Row
    page: int
    text: str

    @property
    def marked(self) -> bool:
        """Whether it begins as an item of a list does."""
        return bool(_MARKER.match(self.text))


@dataclass(frozen=True, slots=True)
class Measure:
    """Where running text begins and ends across the pages."""

    left: float
    right: float

    def is_middle(self, row: Row) -> bool:
        """Whether a row stands as far from the one edge as from the other."""
        return abs(row.x0 + row.x1 - self.left - self.right) < 1.2 * row.size

    def is_centred(self, row: Row) -> bool:
        """Whether a row stands in the middle, away from both edges."""
        return row.x0 > self.left + 2 * row.size and row.x1 < self.right - 1.5 * row.size and self.is_middle(row)

    def room_after(self, row: Row) -> float:
        """How much more the row could have held; a row in the middle grows to both sides."""
        if self.is_centred(row):
            return self.right - self.left - row.x1 + row.x0
        return self.right - row.x1 + (max(row.x0 - self.left, 0.0) if self.is_middle(row) else 0.0)


def line_of(row: Row, page: int) -> Line:
    """A row as a line; only what stands far apart stays apart: a marker's tab and a stretched blank are blanks."""
    text = row.segments[0].text
    for before, segment in pairwise(row.segments):
        near = segment.x0 - before.x1 < FAR * row.size or _MARKER.fullmatch(text)
        text += f"{' ' if near else APART}{segment.text}"
    return Line(row, page, text)


def measure_of(rows: Sequence[Row], width: float) -> Measure:
    """The edges of the running text: of the rows that are wide, those that most keep to.

    `width` of the page: its right margin is never broader than a seventh of it.
    """
    widest = max((row.x1 - row.x0 for row in rows), default=0.0)
    wide = [row for row in rows if row.x1 - row.x0 > 0.6 * widest]
    lefts, rights = sorted(row.x0 for row in wide), sorted(row.x1 for row in wide)
    if not wide:
        return Measure(0.0, 0.0)
    return Measure(lefts[len(lefts) // 10], max(rights[len(rights) * 8 // 10], RIGHT * width))


def paragraphs_of(lines: Sequence[Line], measure: Measure) -> list[str]:
    """The lines as paragraphs, one string each."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, measure):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_together(group) for group in groups]


def _goes_on(group: Sequence[Line], line: Line, measure: Measure) -> bool:
    """Whether a line goes on with the paragraph of the lines before it."""
    last, row = group[-1], line.row
    if _stands_off(group, line):
        return False
    if measure.is_centred(row) and measure.is_middle(last.row):
        return _title_goes_on(last, line)
    word = (row.x1 - row.x0) * len(line.text.split(maxsplit=1)[0]) / len(line.text)
    if word + BLANK * row.size < measure.room_after(last.row) - ROOM * row.size:
        return False
    if measure.is_centred(last.row):
        return measure.is_middle(row) and _title_goes_on(last, line)
    return not _is_indented(group, line, measure)


def _stands_off(group: Sequence[Line], line: Line) -> bool:
    """Whether a line stands further below than lines of one paragraph do."""
    last = group[-1]
    if last.page != line.page:
        return False
    gap = last.row.y - line.row.y
    usual = group[-2].row.y - last.row.y if len(group) > 1 and group[-2].page == last.page else None
    return gap > LEADING * max(line.row.size, last.row.size) or (usual is not None and gap > 1.3 * usual)


def _is_indented(group: Sequence[Line], line: Line, measure: Measure) -> bool:
    """Whether a line begins a paragraph though the one before it is full."""
    last = group[-1]
    if len(group) > 1 or last.marked:
        deeper = line.row.x0 > last.row.x0 + INDENT * line.row.size
        hangs = len(group) == 1 and last.marked
        return (deeper and not hangs) or (line.marked and (deeper or last.text.endswith(_ENDS)))
    deeper = line.row.x0 > measure.left + INDENT * line.row.size and line.row.x0 >= last.row.x0 - 1
    return (line.marked and deeper) or ((line.marked or deeper) and last.text.endswith(_ENDS))


def _title_goes_on(last: Line, line: Line) -> bool:
    """A title of several lines is one; the name of the kind of document stands alone."""
    same = last.text.isupper() == line.text.isupper() and abs(last.row.size - line.row.size) < 0.15 * line.row.size
    alone = len(last.text) < 20 and last.text.isupper()
    return same and not alone and not last.text.endswith(_ENDS) and not line.marked


def _together(group: Sequence[Line]) -> str:
    text = group[0].text
    for line in group[1:]:
        if text.endswith("\u00ad"):
            text = text[:-1] + line.text
        elif text.endswith("-") and text[-2:-1].isalpha() and line.text[:1].isalpha():
            text += line.text
        else:
            text += f" {line.text}"
    return text
