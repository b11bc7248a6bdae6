"""Tables as text, for all formats: rows of data as `| cell | cell |`, tables that only lay out a page as their cells.

A letterhead and a signature are kept in tables without lines: number and place in one column, day and names in the
other. They are printed column after column, each line on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Cell = Sequence[str]  #: the lines of a cell
Row = Sequence[Cell]

_LETTERHEAD = re.compile(
    r"CỘNG\s+H[OÒ][AÀ]\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN|^Độc\s+lập\s*[-–]|^Nơi\s+nhận|^(?:KT|TL|TM|TUQ|Q)\s*\.|^Số\s*:"
    r"|,\s*ngày\s*[\d….\s]*tháng\s*[\d….\s]*năm",
    re.IGNORECASE,
)
_DATA_ROWS = 4  #: full rows from which two columns without lines are data


def table_text(rows: Sequence[Row], *, ruled: bool) -> str:
    """The table as text. `ruled`: lines are drawn between its cells."""
    filled = [row for row in rows if any(any(line.strip() for line in cell) for cell in row)]
    if not filled:
        return ""
    if _is_letterhead(filled):
        return "\n".join(_by_columns(filled))
    if _is_layout(filled, ruled=ruled):
        return "\n".join(line for row in filled for cell in row for line in cell if line.strip())
    return "\n".join(_data(filled))


def row_text(cells: Sequence[str]) -> str:
    """A row of data on one line."""
    return f"| {' | '.join(' '.join(cell.replace('|', '¦').split()) for cell in cells)} |"


def _columns(rows: Sequence[Row]) -> int:
    """How many columns hold something."""
    return len({n for row in rows for n, cell in enumerate(row) if any(line.strip() for line in cell)})


def _is_letterhead(rows: Sequence[Row]) -> bool:
    if _columns(rows) > 3 or len(rows) > 30:
        return False
    return any(_LETTERHEAD.search(line.strip()) for row in rows[:8] for cell in row for line in cell)


def _is_layout(rows: Sequence[Row], *, ruled: bool) -> bool:
    columns = _columns(rows)
    if columns < 2:
        return True
    return not ruled and columns == 2 and sum(all(map(any, row)) for row in rows) < _DATA_ROWS


def _by_columns(rows: Sequence[Row]) -> list[str]:
    lines: list[str] = []
    for n in range(max(map(len, rows))):
        column = [line for row in rows if n < len(row) for line in row[n] if line.strip()]
        lines += ["", *column] if lines and column else column
    return lines


def _data(rows: Sequence[Row]) -> list[str]:
    width = max(map(len, rows))
    return [row_text([" ".join(cell) for cell in row] + [""] * (width - len(row))) for row in rows]
