"""Tables that lost their lines in copying: columns divided by tabs, or every cell on a line of its own.

They are given back their bars, sign for sign, so that offsets do not move: a tab or a line break becomes "|".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from domain.reading import tables

MOST_COLUMNS = 8
LONGEST_TITLE = 60  #: characters of a column's title
MOST_LINES = 24  #: that one row may take
_COUNTER = re.compile(r"(?:TT|STT|Số\s+TT|Stt)\.?$")
_COUNTED = re.compile(rf"(?m)^[^\S\n]*{_COUNTER.pattern}")
_NUMBER = re.compile(r"(\d{1,3})\s*[.)]?$")
_SECTION = re.compile(r"(?:[IVX]{1,5}|[A-Z])\s*[.)]?$")
_AFTER = re.compile(
    r"(?:Nơi\s+nhận|PHỤ\s+LỤC|Phụ\s+lục|Ghi\s+chú|Tổng\s+cộng|Trên\s+đây|[IVX]{1,5}\s*[.)]\s|\d{1,2}\s*[.)]\s)"
)
_TABBED = re.compile(r"(?m)^[^\n]*\t[^\n]*\t[^\n]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def with_bars(text: str) -> str:
    """The text with the bars of its flattened tables; as long as before."""
    tabbed = _TABBED.sub(lambda match: _barred(match.group()), text)
    if not _COUNTED.search(tabbed):
        return tabbed
    signs = list(tabbed)
    for record in _records([line for line in _lines(tabbed) if line.text]):
        for one, following in pairwise(record):
            signs[one.end : following.start] = _joint(one, following, following.start - one.end)
    return "".join(signs)


def _barred(line: str) -> str:
    """A line of at least three cells divided by tabs; a letterhead has two."""
    cells = [cell for cell in line.split("\t") if cell.strip()]
    return line.replace("\t", "|") if len(cells) > 2 else line


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.split("\n"):
        yield _Line(at + len(raw) - len(raw.lstrip()), at + len(raw.rstrip()), raw.strip())
        at += len(raw) + 1


def _joint(one: _Line, following: _Line, width: int) -> str:
    """What stands between two lines of a row: a bar where a cell begins, a space where it goes on."""
    goes_on = following.text[:1].islower() or one.text.endswith((",", "và"))
    return (" " if goes_on else "|").ljust(width)


def _records(lines: list[_Line]) -> Iterator[list[_Line]]:
    """The header and the rows of each flattened table, as the lines that each takes."""
    at = 0
    while at < len(lines):
        width = _header(lines, at) if _COUNTER.match(lines[at].text) else 0
        if not width:
            at += 1
            continue
        yield lines[at : at + width]
        at += width
        number = 1
        while at < len(lines):
            at += 2 * bool(_SECTION.match(lines[at].text))  # a section and its title
            row = _row(lines, at, number) if at < len(lines) else []
            if not row:
                break
            yield row
            at, number = at + len(row), number + 1


def _header(lines: list[_Line], at: int) -> int:
    """How many lines from `at` on are the titles of columns; 0 where no table begins."""
    if at + 1 < len(lines) and "|" in lines[at].text:
        return 0
    for width in range(3, MOST_COLUMNS + 1):
        following = at + width
        if following >= len(lines) or len(lines[following - 1].text) > LONGEST_TITLE:
            return 0
        first = lines[following].text
        if _is_number(first, 1) or (
            _SECTION.match(first) and following + 2 < len(lines) and _is_number(lines[following + 2].text, 1)
        ):
            titles = " | ".join(line.text for line in lines[at:following])
            return width if tables.columns(titles) else 0
    return 0


def _is_number(text: str, number: int) -> bool:
    match = _NUMBER.match(text)
    return match is not None and int(match.group(1)) == number


def _row(lines: list[_Line], at: int, number: int) -> list[_Line]:
    """The lines of the row of that number; none where it does not begin here."""
    if not _is_number(lines[at].text, number):
        return []
    end = at + 1
    while end < len(lines) and end - at < MOST_LINES:
        text = lines[end].text
        if _is_number(text, number + 1) or _SECTION.match(text) or _AFTER.match(text):
            break
        end += 1
    return lines[at:end] if end - at > 2 else []
