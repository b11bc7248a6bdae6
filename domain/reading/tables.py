"""Tables whose columns are divided by "|": which column says what, and the cells of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_COLUMNS = (
    ("product", re.compile(r"sản\s+phẩm|kết\s+quả", re.IGNORECASE)),
    ("deadline", re.compile(r"thời\s+hạn|thời\s+gian|hạn|tiến\s+độ|hoàn\s+thành|ngày|thời\s+điểm", re.IGNORECASE)),
    ("help", re.compile(r"phối\s+hợp", re.IGNORECASE)),
    ("lead", re.compile(r"chủ\s+trì|thực\s+hiện|đầu\s+mối|phụ\s+trách|đơn\s+vị|cơ\s+quan|phân\s+công", re.IGNORECASE)),
    ("task", re.compile(r"nội\s+dung|nhiệm\s+vụ|công\s+việc|việc|hạng\s+mục|vấn\s+đề", re.IGNORECASE)),
)
LONGEST_TITLE = 60  #: characters of a column's title
LONGEST_HEADER = 600  #: characters of the titles of all columns
FEWEST_BARS = 2
_LEAD = dict(_COLUMNS)["lead"]  # a table of tasks says who does them
_COUNTED = re.compile(r"\s*\|?\s*(?:\d{1,3}|[IVX]{1,5})\s*[.)]?\s*\|")
_WORD = re.compile(r"\w")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words, on one line, and where they begin in the row."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Header:
    """Which column holds the task, the lead, the helpers, the deadline; and how many columns there are."""

    places: dict[str, int]
    width: int

    def cell(self, name: str, row: list[Cell]) -> str:
        """The words in the column of that name; "" where the row has none."""
        place = self.places.get(name)
        return row[place].text if place is not None and place < len(row) else ""


def is_row(text: str) -> bool:
    """Whether a line is a row of a table."""
    return text.count("|") >= FEWEST_BARS


def cells(row: str) -> list[Cell]:
    """The cells of a row, outer bars left out; those of a row that goes on over more lines, column by column."""
    found: list[Cell] = []
    for line in _whole_lines(row):
        more = _line(line)
        found = [
            Cell(f"{one.text} {other.text}".strip(), one.start)
            for one, other in zip(found, more + [Cell("", 0)] * len(found), strict=False)
        ] or more
    return found


def _whole_lines(row: str) -> list[str]:
    """The lines of a row; one that a page broke in the middle of a cell is put together again."""
    lines = row.split("\n")
    bars = max(line.count("|") for line in lines)
    found: list[str] = []
    for line in lines:
        if found and not (found[-1].count("|") == line.count("|") == bars):
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return found


def _line(line: str) -> list[Cell]:
    begin = len(line) - len(line.lstrip())
    stripped = line.strip()
    outer = stripped.startswith("|")
    inner = stripped[1:] if outer else stripped
    inner = inner[:-1] if outer and inner.endswith("|") else inner
    found, at = [], begin + outer
    for part in inner.split("|"):
        found.append(Cell(" ".join(part.split()), at + len(part) - len(part.lstrip())))
        at += len(part) + 1
    return found


def begins(line: str) -> bool:
    """Whether a line opens a row: with its number, or with the titles of the columns."""
    return bool(_COUNTED.match(line)) or columns(line)


def goes_on(previous: str, line: str) -> bool:
    """Whether a row goes on with the row before: it has no number of its own, and says nothing whole."""
    if not (is_row(previous) and is_row(line)):
        return False
    row = _line(line)
    said = [cell.text for cell in row if cell.text]
    return bool(said) and not row[0].text and (len(said) == 1 or any(text[0].islower() for text in said))


@lru_cache(maxsize=256)
def header(row: str) -> Header | None:
    """What the columns hold; None where the row is no header."""
    if len(row) > LONGEST_HEADER or not _LEAD.search(row):
        return None
    titles = cells(row)
    found: dict[str, int] = {}
    for index, cell in enumerate(titles):
        name = _column(cell.text)
        if name and name not in found:
            found[name] = index
    return Header(found, len(titles)) if "lead" in found and len(found) > 1 else None


def columns(row: str) -> bool:
    """Whether the row is a header."""
    return header(row) is not None


def _column(title: str) -> str | None:
    if len(title) >= LONGEST_TITLE or _YEAR.search(title):
        return None
    return next((name for name, pattern in _COLUMNS if pattern.search(title)), None)


def is_rule(row: str) -> bool:
    """Whether the row only divides header and body: |---|---|."""
    return not _WORD.search(row)
