"""What a page carries besides its text: running heads and feet, page numbers, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.reading.documents.pdf.rows import Row
from domain.reading.documents.pdf.zones import is_beside

_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:trang|page)?\s*\d{1,3}(?:\s*(?:/|trên|of)\s*\d{1,3})?[-–—\s.]*", re.IGNORECASE)
_FIGURES = re.compile(r"\d+")
_NOTE = re.compile(r"^\[?\(?\d{1,2}[\])]?[.:]?\s*\D")
EDGE = 0.13  #: of the height: where running heads and feet stand
LINES = 3  #: of them at most
MOST = 0.6  #: of the pages after the first
SMALL = 0.93  #: of the size of the text: footnotes are smaller

Sign = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, divided into its text and the rest."""

    text: tuple[Row, ...]
    margins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def without_furniture(pages: Sequence[Sequence[Row]], heights: Sequence[float]) -> list[Page]:
    """Each page without what is repeated at its edges, its page number and its footnotes."""
    repeated = _repeated(pages, heights)
    size = _usual_size(pages)
    return [_page(rows, height, repeated, size) for rows, height in zip(pages, heights, strict=True)]


def _edges(rows: Sequence[Row], height: float) -> tuple[list[int], list[int]]:
    """Which rows stand at the upper edge and which at the lower, the outermost first."""
    top = [n for n, row in enumerate(rows[:LINES]) if row.y > height * (1 - EDGE)]
    bottom = [n for n in range(max(len(rows) - LINES, 0), len(rows)) if rows[n].y < height * EDGE]
    return top, bottom[::-1]


def _sign(row: Row, height: float) -> Sign:
    """What makes two rows the same furniture: their words but for figures, and how far they stand from the edge."""
    edge = row.y if row.y < height / 2 else row.y - height
    return _FIGURES.sub("#", "".join(row.text.split()).casefold()), round(edge)


def _repeated(pages: Sequence[Sequence[Row]], heights: Sequence[float]) -> set[Sign]:
    """What most pages but the first say at the same place; the words of a letterhead are no furniture anywhere."""
    counts = Counter(
        sign
        for rows, height in zip(pages, heights, strict=True)
        for sign in {_sign(rows[n], height) for edge in _edges(rows, height) for n in edge if not _is_head(rows[n])}
    )
    needed = max(2, MOST * (len(pages) - 1))
    return {sign for sign, count in counts.items() if count >= needed}


def _is_head(row: Row) -> bool:
    return any(is_beside(segment.text) for segment in row.segments)


def _furniture(rows: Sequence[Row], height: float, repeated: set[Sign]) -> set[int]:
    """The rows from each edge inwards that are furniture, up to the first that is none."""
    found: set[int] = set()
    for edge in _edges(rows, height):
        for n in edge:
            if _sign(rows[n], height) not in repeated and not _PAGE_NUMBER.fullmatch(rows[n].text):
                break
            found.add(n)
    return found


def _usual_size(pages: Sequence[Sequence[Row]]) -> float:
    sizes = Counter[float]()
    for rows in pages:
        for row in rows:
            sizes[round(row.size * 2) / 2] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _page(rows: Sequence[Row], height: float, repeated: set[Sign], size: float) -> Page:
    furniture = _furniture(rows, height, repeated)
    text = [row for n, row in enumerate(rows) if n not in furniture]
    at = _notes_begin(text, size)
    margins = tuple(rows[n].text for n in sorted(furniture))
    return Page(tuple(text[:at]), margins, tuple(_notes(text[at:])))


def _notes_begin(rows: Sequence[Row], size: float) -> int:
    """The row with which the footnotes begin: small rows to the foot of the page, the first with its number."""
    if not any(row.noted for row in rows):
        return len(rows)
    begin = found = len(rows)
    while begin and rows[begin - 1].size <= SMALL * size:
        begin -= 1
        if _NOTE.match(rows[begin].text) or rows[begin].noted:
            found = begin
    return found


def _notes(rows: Sequence[Row]) -> list[str]:
    notes: list[str] = []
    for row in rows:
        if not notes or _NOTE.match(row.text) or row.noted:
            notes.append(row.text)
        else:
            notes[-1] += f" {row.text}"
    return notes
