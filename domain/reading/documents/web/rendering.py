"""Elements of a page as lines of text: paragraphs, lists with their marks, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from domain.reading.documents.grids import table_text
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
_APART = "\x1f"  #: stands for the blanks between columns until the others are put together

Element = etree._Element


def rendered(elements: Sequence[Element]) -> str:
    """The elements as text."""
    return "\n".join(_Lines().of(element) for element in elements)


class _Lines:
    """Lines that grow: inline text goes on, a block begins a new line."""

    def __init__(self) -> None:
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
        if _is_links(element):
            return
        count = _start(element)
        for child in element:
            if child.tag != "li":
                self._element(child) if isinstance(child.tag, str) else None
                continue
            lines = _Lines().of(child).split("\n")
            self._lines += [f"{_mark(element, count)} {lines[0]}".strip(), *lines[1:]] if lines != [""] else []
            count += 1

    def _table(self, table: Element) -> None:
        self._end()
        rows = [_cells(row) for row in table.iter("tr") if _table_of(row) is table]
        if text := table_text(_spanned(rows), ruled=_is_ruled(table)):
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


def _is_links(element: Element) -> bool:
    """Whether a list only leads elsewhere."""
    text = sum(len(part.strip()) for part in element.itertext())
    linked = sum(len(part.strip()) for link in element.iter("a") for part in link.itertext())
    return text > 0 and linked > _LINKED_ONLY * text


def _table_of(row: Element) -> Element | None:
    return next((above for above in row.iterancestors() if above.tag == "table"), None)


def _cells(row: Element) -> list[tuple[list[str], int, int]]:
    """The cells of a row: lines, how many columns, how many rows."""
    return [
        (_Lines().of(cell).split("\n"), _span(cell, "colspan"), _span(cell, "rowspan"))
        for cell in row
        if cell.tag in ("td", "th")
    ]


def _span(cell: Element, name: str) -> int:
    given = cell.get(name, "1").strip()
    return min(max(int(given), 1), 100) if given.isascii() and given.isdigit() and len(given) < 4 else 1


def _spanned(rows: Sequence[Sequence[tuple[list[str], int, int]]]) -> list[list[list[str]]]:
    """The rows with every cell in its column; one that spans rows is said in each of them."""
    waiting: dict[int, tuple[list[str], int]] = {}
    found: list[list[list[str]]] = []
    for row in rows:
        cells: list[list[str]] = []
        given = list(row)
        while given or len(cells) in waiting:
            if len(cells) in waiting:
                lines, left = waiting.pop(len(cells))
                if left > 1:
                    waiting[len(cells)] = (lines, left - 1)
                cells.append(lines)
                continue
            lines, across, down = given.pop(0)
            if down > 1:
                waiting[len(cells)] = (lines, down - 1)
            cells += [lines, *([] for _ in range(across - 1))]
        found.append(cells)
    return found


def _is_ruled(table: Element) -> bool:
    """Whether the table has lines, or a header of its own: then it is one of data."""
    border = table.get("border", "").strip()
    if border not in ("", "0") or any(True for _ in table.iter("th")):
        return True
    styles = " ".join(one.get("style", "") for one in (table, *table.iter("td")) if one.get("style"))
    return bool(re.search(r"border(?:-\w+)*\s*:\s*[^;]*(?:solid|double|\d(?:\.\d+)?p[tx]\s+\w)", styles, re.IGNORECASE))
