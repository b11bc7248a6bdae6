"""A story of a Word document (its body, a header, a note, a cell): blocks in their order, as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.reading.documents.files import Budget
from domain.reading.documents.grids import table_text
from domain.reading.documents.word.names import DROPPED, MC, WRAPPERS, Element, W, find, number, value
from domain.reading.documents.word.numbering import Numbering
from domain.reading.documents.word.runs import RunReader, Words, list_of, mark_is_deleted
from domain.reading.documents.word.styles import Styles, has_lines

NESTED = 12  #: tables in tables in tables; deeper ones are left out
WIDEST = 200  #: columns
_TABS = re.compile(r"[ ]*\t[\t ]*")
_APART = "      "  #: between what a tab sets apart: the reader takes several spaces for columns
_MARKED = re.compile(rf"^([-–—•+*]|[\dIVXa-zđ.]{{1,8}}[.)/]?){_APART}")


@dataclass(slots=True)
class Seen:
    """What was met on the way, which belongs elsewhere."""

    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: int = 0
    changed: bool = False


@dataclass(frozen=True, slots=True)
class StoryReader:
    """Turns stories into lines. One reader serves a whole document: lists count through it."""

    runs: RunReader
    styles: Styles
    numbering: Numbering
    seen: Seen
    budget: Budget

    def lines(self, story: Element, depth: int = 0) -> list[str]:
        """The lines of a story; a paragraph is one, and so is a row of a table."""
        found: list[str] = []
        carried = ""
        for block in _blocks(story, 0):
            if block.tag == f"{W}tbl":
                found += self._table(block, depth).split("\n")
                continue
            words = self.runs.words(block)
            text = carried + self._numbered(block, words)
            carried = text if mark_is_deleted(block) else ""
            if not carried:
                found += [*text.split("\n"), *self._boxes(words, depth)]
            self._note(words)
        return [*found, carried] if carried else found

    def _numbered(self, paragraph: Element, words: Words) -> str:
        list_id, depth, style = list_of(paragraph, self.styles)
        text = words.text
        if not list_id or list_id == "0":
            return _tabbed(text)
        level = self.numbering.depth_of_style(list_id, style) if style and depth is None else number(depth, 0)
        mark = self.numbering.mark(list_id, level) if text.strip() else ""
        return f"{mark} {_tabbed(text.strip())}" if mark else _tabbed(text)

    def _note(self, words: Words) -> None:
        self.seen.notes += words.notes
        self.seen.pictures += words.pictures
        self.seen.changed |= words.changed

    def _boxes(self, words: Words, depth: int) -> list[str]:
        if depth >= NESTED:
            return []
        return [line for box in words.boxes for line in self.lines(box, depth + 1)]

    def _table(self, table: Element, depth: int) -> str:
        if depth >= NESTED:
            return ""
        above: dict[int, list[str]] = {}
        rows = [self._row(row, above, depth) for row in _parts(table, "tr") if find(row, "trPr/del") is None]
        return table_text(rows, ruled=self._is_ruled(table))

    def _row(self, row: Element, above: dict[int, list[str]], depth: int) -> list[list[str]]:
        """The cells of a row; one that is merged with the cell above it says what that one says."""
        cells: list[list[str]] = [[] for _ in range(min(number(value(row, "trPr/gridBefore"), 0), WIDEST))]
        for cell in _parts(row, "tc"):
            at = len(cells)
            merged = find(cell, "tcPr/vMerge")
            lines = self.lines(cell, depth + 1)
            if merged is not None and merged.get(f"{W}val") != "restart" and not any(lines):
                lines = above.get(at, [])
            above[at] = lines
            cells += [lines, *([] for _ in range(min(number(value(cell, "tcPr/gridSpan"), 1), WIDEST) - 1))]
        self.budget.spend(cells)
        return cells[:WIDEST]

    def _is_ruled(self, table: Element) -> bool:
        """Whether the table has lines: its own, those of its style, or those of most cells."""
        own = find(table, "tblPr/tblBorders")
        if own is not None and has_lines(own):
            return True
        if own is None and self.styles.named(value(table, "tblPr/tblStyle")).ruled:
            return True
        cells = [cell for row in _parts(table, "tr") for cell in _parts(row, "tc")]
        return 2 * sum(has_lines(find(cell, "tcPr/tcBorders")) for cell in cells) > len(cells)


def _blocks(story: Element, depth: int) -> Iterator[Element]:
    """Paragraphs and tables, whatever wraps them."""
    for child in story:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in WRAPPERS and depth < NESTED:
            yield from _blocks(child, depth + 1)
        elif child.tag == f"{MC}AlternateContent" and len(child) and depth < NESTED:
            yield from _blocks(child[0], depth + 1)


def _parts(element: Element, name: str, depth: int = 0) -> Iterator[Element]:
    """The rows of a table or the cells of a row, whatever wraps them."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in WRAPPERS and child.tag not in DROPPED and depth < NESTED:
            yield from _parts(child, name, depth + 1)


def _tabbed(text: str) -> str:
    """A tab after a marker is a space; between two parts of a line it sets them apart."""
    lines = [_TABS.sub(_APART, line.lstrip("\t ").rstrip("\t")) for line in text.split("\n")]
    return "\n".join(_MARKED.sub(r"\1 ", line) for line in lines)
