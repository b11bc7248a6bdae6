"""Tables whose columns are divided by "|": which column says what, and the rows as tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLUMNS = (
    ("deadline", re.compile(r"thời\s+hạn|thời\s+gian|hạn|tiến\s+độ|hoàn\s+thành|ngày", re.IGNORECASE)),
    ("help", re.compile(r"phối\s+hợp", re.IGNORECASE)),
    ("lead", re.compile(r"chủ\s+trì|thực\s+hiện|đầu\s+mối|phụ\s+trách|đơn\s+vị|cơ\s+quan|phân\s+công", re.IGNORECASE)),
    ("task", re.compile(r"nội\s+dung|nhiệm\s+vụ|công\s+việc|việc|hạng\s+mục", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words and where they begin in the row."""

    text: str
    start: int


def cells(row: str) -> list[Cell]:
    """The cells of a row, outer bars left out."""
    begin = 1 if row.startswith("|") else 0
    end = len(row) - 1 if row.endswith("|") and begin else len(row)
    found, at = [], begin
    for part in row[begin:end].split("|"):
        found.append(Cell(part.strip(), at + len(part) - len(part.lstrip())))
        at += len(part) + 1
    return found


def columns(header: str) -> dict[str, int]:
    """Which column holds the task, the lead, the helpers, the deadline; empty when the row is no header."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells(header)):
        for name, pattern in _COLUMNS:
            if (
                name not in found
                and len(cell.text) < 60
                and pattern.search(cell.text)
                and not re.search(r"\d{4}", cell.text)
            ):
                found[name] = index
                break
    return found if "lead" in found and len(found) >= 2 else {}


def is_rule(row: str) -> bool:
    """Whether the row only divides header and body: |---|---|."""
    return not re.search(r"\w", row)
