"""Elements of a page as lines of text: paragraphs, lists with their marks, tables."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence

from lxml import etree

from domain.reading.documents.files import Budget
from domain.reading.documents.grids import table_text
from domain.reading.documents.web.weights import Weights
from domain.reading.documents.word.numbering import written

_BLOCKS = frozenset(
    (
        *("html", "body", "main", "article", "section", "header", "hgroup", "div", "center", "fieldset", "details"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "blockquote", "address", "figure", "hr", "summary"),
        *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr"),
    )
)
_HEADINGS = frozenset(("h1", "h2", "h3"))
_SORTS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")
_WIDE = re.compile(r"\u00a0{4,}")
_LINKED_ONLY = 0.8  #: a list of which as much is links leads to other pages
_BORDER = re.compile(r"border(?:-\w+)*\s*:\s*[^;]*(?:solid|double|\d(?:\.\d+)?p[tx]\s+\w)", re.IGNORECASE)
_APART = "\x1f"  #: stands for the blanks between columns until the others are put together

Element = etree._Element
Spanning = tuple[list[str], int, int]  #: the lines of a cell, over how many columns and rows it spans


def rendered(elements: Sequence[Element], weights: Weights, budget: Budget) -> str:
    """The elements as text."""
    return "\n".join(_Lines(weights, budget).of(element) for element in elements)


class _Lines:
    """Lines that grow: inline text goes on, a block begins a new line."""

    def __init__(self, weights: Weights, budget: Budget) -> None:
        self._weights, self._budget = weights, budget
        self._lines: list[str] = []
        self._open = ""

    def of(self, element: Element) -> str:
        """An element as text."""
        self._element(element)
        self._end()
        return "\n".join(self._lines)

    def _element(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._end()
        elif tag == "table":
            self._table(element)
        elif tag in ("ul", "ol"):
            self._list(element)
        elif tag in _BLOCKS:
            self._end()
            self._children(element)
            self._end()
            if tag in _HEADINGS:
                self._lines.append("")
        else:
            self._children(element)

    def _children(self, element: Element) -> None:
        self._say(element.text, kept=element.tag == "pre")
        for child in element:
            if isinstance(child.tag, str):
                self._element(child)
            self._say(child.tail, kept=element.tag == "pre")

    def _say(self, text: str | None, *, kept: bool) -> None:
        if not text:
            return
        if not kept:
            self._open += _BLANKS.sub(" ", _WIDE.sub(_APART, text))
            return
        *lines, last = text.split("\n")
        for line in lines:
            self._open += line
            self._end()
        self._open += last

    def _end(self) -> None:
        """Ends the line that is open."""
        line = re.sub(r" {2,}", " ", self._open).replace(_APART, "      ").strip()
        if line:
            self._lines.append(line)
        self._open = ""

    def _list(self, element: Element) -> None:
        self._end()
        if self._weights.link_share(element) > _LINKED_ONLY:
            return
        count = _start(element)
        for child in element:
            if child.tag != "li":
                self._element(child) if isinstance(child.tag, str) else None
                continue
            lines = self._inside(child).split("\n")
            self._lines += [f"{_mark(element, count)} {lines[0]}".strip(), *lines[1:]] if lines != [""] else []
            count += 1

    def _inside(self, element: Element) -> str:
        """What an element holds, on lines of its own."""
        return _Lines(self._weights, self._budget).of(element)

    def _table(self, table: Element) -> None:
        self._end()
        rows = list(_rows(table))
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        spans = [
            [(self._inside(c).split("\n"), _span(c, "colspan"), _span(c, "rowspan")) for c in row] for row in cells
        ]
        if text := table_text(_spanned(spans, self._budget), ruled=_is_ruled(table, cells)):
            self._lines += text.split("\n")


def _start(element: Element) -> int:
    given = element.get("start", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def _mark(element: Element, count: int) -> str:
    """What stands before an item: a dash, or its number as the list is counted."""
    if element.tag == "ul":
        return "-"
    sort = _SORTS.get(element.get("type", "1"), "decimal")
    return f"{written(count, sort)}{')' if sort == 'lowerLetter' else '.'}"


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table, not those of tables in it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _span(cell: Element, name: str) -> int:
    given = cell.get(name, "1").strip()
    return min(max(int(given), 1), 100) if given.isascii() and given.isdigit() and len(given) < 4 else 1


def _spanned(rows: Sequence[Sequence[Spanning]], budget: Budget) -> list[list[list[str]]]:
    """The rows with every cell in its column; one that spans rows is said in each of them."""
    waiting: dict[int, tuple[list[str], int]] = {}
    found: list[list[list[str]]] = []
    for row in rows:
        found.append(_placed(row, waiting))
        budget.spend(found[-1])
    return found


def _placed(row: Sequence[Spanning], waiting: dict[int, tuple[list[str], int]]) -> list[list[str]]:
    """One row; `waiting` holds the cells from above that reach into it, by column, and how many rows they go on."""
    cells: list[list[str]] = []
    given = deque(row)
    while given or len(cells) in waiting:
        at = len(cells)
        if at in waiting:
            lines, left = waiting.pop(at)
            across = 1
        else:
            lines, across, left = given.popleft()
        if left > 1:
            waiting[at] = (lines, left - 1)
        cells += [lines, *([] for _ in range(across - 1))]
    return cells


def _is_ruled(table: Element, cells: Sequence[Sequence[Element]]) -> bool:
    """Whether the table has lines, or a header of its own: then it is one of data."""
    if table.get("border", "").strip() not in ("", "0") or any(cell.tag == "th" for row in cells for cell in row):
        return True
    return any(_BORDER.search(one.get("style", "")) for one in (table, *(cell for row in cells for cell in row)))
