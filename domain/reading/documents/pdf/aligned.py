"""Tables without lines: rows whose parts begin at the same places, line after line, become rows of cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from domain.reading.documents.pdf.rows import Row, Segment

COLUMNS = 3  #: two columns without lines are a letterhead or a list
ROWS = 3
APART = 0.75  #: of the size: a blank as wide lies between columns
BELOW = 3.5  #: of the size: rows further below are another matter
_HEADER = re.compile(
    r"^(?:TT|STT|Số\s*TT)$|nội\s+dung|nhiệm\s+vụ|công\s+việc|chủ\s+trì|phối\s+hợp|thời\s+(?:hạn|gian)|đơn\s+vị|cơ\s+quan"
    r"|tiến\s+độ|ghi\s+chú",
    re.IGNORECASE,
)


def aligned_table(rows: Sequence[Row]) -> tuple[list[list[str]], int]:
    """The table that begins with the first of these rows, as cells, and how many rows it takes; none: ([], 0).

    It begins with a header: three parts or more, two of which are words that head such columns.
    """
    first = _divided(rows[0])
    if len(first.segments) < COLUMNS or sum(bool(_HEADER.search(s.text)) for s in first.segments) < 2:
        return [], 0
    columns = [(s.x0, s.x1) for s in first.segments]
    taken: list[Row] = []
    for row in map(_divided, rows):
        if not _fits(taken[-1] if taken else None, row, columns):
            break
        columns = _widened(columns, row)
        taken.append(row)
    return (_joined(taken, columns), len(taken)) if len(taken) >= ROWS else ([], 0)


def _divided(row: Row) -> Row:
    """A row divided at every blank that is wider than between words."""
    wide = [[gap for gap in s.gaps if gap.x1 - gap.x0 > APART * row.size] for s in row.segments]
    parts = [part for s, gaps in zip(row.segments, wide, strict=True) for part in s.divided(gaps)]
    return replace(row, segments=tuple(parts))


def _fits(above: Row | None, row: Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether each part of a row lies in one column only, not far below the row above it."""
    if above and above.y - row.y > BELOW * row.size:
        return False
    touched = [_touched(segment, columns) for segment in row.segments]
    return all(len(found) == 1 for found in touched) and len({found[0] for found in touched}) == len(touched)


def _touched(segment: Segment, columns: Sequence[tuple[float, float]]) -> list[int]:
    return [n for n, (x0, x1) in enumerate(columns) if segment.x0 < x1 + 2 and segment.x1 > x0 - 2]


def _widened(columns: Sequence[tuple[float, float]], row: Row) -> list[tuple[float, float]]:
    found = list(columns)
    for segment in row.segments:
        for n in _touched(segment, columns)[:1]:
            found[n] = min(found[n][0], segment.x0), max(found[n][1], segment.x1)
    return found


def _joined(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[list[str]]:
    """Lines to rows: a line begins a row where its first column says something, or where it stands further off."""
    table: list[list[str]] = []
    numbered = sum(0 in _touched(row.segments[0], columns) for row in rows) > 1
    usual = min((a.y - b.y for a, b in pairwise(rows)), default=0.0)
    for n, row in enumerate(rows):
        opens = 0 in _touched(row.segments[0], columns)
        apart = n > 0 and rows[n - 1].y - row.y > 1.35 * usual
        if not table or (opens if numbered else apart):
            table.append([""] * len(columns))
        for segment in row.segments:
            at = _touched(segment, columns)[0]
            table[-1][at] = f"{table[-1][at]} {segment.text}".strip()
    return table
