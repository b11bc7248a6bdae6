"""Parts of a page that stand side by side: letterhead, "Nơi nhận" beside the signature; read column by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.reading.documents.pdf.rows import Row, Segment

GUTTER = 1.0  #: points: the least between two columns
WIDER = 0.55  #: of the size: a wider blank may lie between two columns
LOOK_AHEAD = 4  #: rows of a letterhead before the first that has two parts
APART = 9.0  #: of the size: a signature leaves room for the hand
_STATE = re.compile(r"CỘNG\s+H(?:OÀ|ÒA)\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT", re.IGNORECASE)
_TITLE = re.compile(
    r"\s*(?:THÔNG\s+BÁO|KẾT\s+LUẬN|QUYẾT\s+ĐỊNH|BÁO\s+CÁO|KẾ\s+HOẠCH|CÔNG\s+ĐIỆN|CHỈ\s+THỊ|TỜ\s+TRÌNH)\b"
)
_BESIDE = re.compile(
    r"Độc\s+lập\s*[-–]|^Nơi\s+nhận|^(?:KT|TL|TM|TUQ|Q)\s*\.|^Số\s*:|,\s*ngày[\s\d….]*tháng[\s\d….]*năm", re.IGNORECASE
)
#: the end of a day, or of the name of the state
_END = re.compile(r"\d{1,4}$|(?:(?:XÃ\s+)?HỘI\s+)?(?:CHỦ\s+)?(?:NGHĨA\s+)?VIỆT\s+NAM$|NAM$|(?:Hạnh\s+)?phúc$")
_POINT = re.compile(r"[a-zđ]\)")

Gutter = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows that stand in two columns, each in its order."""

    left: tuple[str, ...]
    right: tuple[str, ...]


def side_by_side(rows: Sequence[Row]) -> tuple[Columns | None, int]:
    """The two columns that begin with the first of these rows, and how many rows they take; none: (None, 0)."""
    gutter = _gutter(rows)
    if gutter is None:
        return None, 0
    taken: list[Row] = []
    for row in rows:
        if _TITLE.match(row.text):
            break
        divided = _divided(row, gutter)
        narrowed = _narrowed(taken[-1] if taken else None, divided, gutter)
        if narrowed is None:
            break
        gutter = narrowed
        taken.append(divided)
    return (_columns(taken, sum(gutter) / 2), len(taken)) if taken else (None, 0)


def _divided(row: Row, gutter: Gutter) -> Row:
    """A row that crosses the gutter by a narrower blank than usual, divided there: a long line beside a name."""
    low, high = gutter
    parts: list[Segment] = []
    for segment in row.segments:
        crossing = segment.x0 < low and segment.x1 > high
        gaps = [gap for gap in segment.gaps if crossing and low <= gap.x1 and gap.x0 <= high]
        widest = max(gaps, key=lambda gap: gap.x1 - gap.x0, default=None)
        parts += segment.divided([widest] if widest and widest.x1 - widest.x0 > WIDER * row.size else [])
    return replace(row, segments=tuple(parts))


def _gutter(rows: Sequence[Row]) -> Gutter | None:
    """What is free between the columns: in the first row, or in a letterhead whose columns stand at other heights."""
    first = rows[0].segments
    if len(first) > 1 and any(_stands_beside(s) for row in rows[:2] for s in row.segments):
        return max(((a.x1, b.x0) for a, b in pairwise(first)), key=lambda gap: gap[1] - gap[0])
    for row in rows[:LOOK_AHEAD]:
        if _STATE.match(row.segments[-1].text):
            high = row.segments[-1].x0
            lows = [s.x1 for other in rows[:LOOK_AHEAD] for s in other.segments if s.x1 < high]
            return (max(lows), high) if lows else None
    return None


def _stands_beside(segment: Segment) -> bool:
    """Whether such words stand in columns: those of a letterhead and a signature, and what is all capitals."""
    text = segment.text.strip()
    return is_beside(text) or (len(text) > 5 and text.isupper())


def is_beside(text: str) -> bool:
    """Whether a text is of a letterhead or a signature."""
    return bool(_STATE.search(text) or _BESIDE.search(text.strip()))


def _narrowed(above: Row | None, row: Row, gutter: Gutter) -> Gutter | None:
    """The gutter after one more row; None where the row crosses it, or stands far below."""
    low, high = gutter
    if above and above.y - row.y > APART * row.size:
        return None
    for segment in row.segments:
        if segment.x1 <= high - GUTTER and segment.x0 < low:
            low = max(low, segment.x1)
        elif segment.x0 >= low + GUTTER:
            high = min(high, segment.x0)
        else:
            return None
    return (low, high) if high - low >= GUTTER else None


def _columns(rows: Sequence[Row], middle: float) -> Columns:
    left = [" ".join(s.text for s in row.segments if s.x0 < middle) for row in rows]
    right = [" ".join(s.text for s in row.segments if s.x0 >= middle) for row in rows]
    return Columns(tuple(_unbroken(left)), tuple(_unbroken(right)))


def _unbroken(lines: Iterable[str]) -> list[str]:
    """The lines of a column; what surely goes on with the line above it, because the column is narrow, joins it."""
    found: list[str] = []
    for line in filter(None, lines):
        if found and _goes_on(line) and not found[-1].endswith((".", ";", ":")):
            found[-1] += f" {line}"
        else:
            found.append(line)
    return found


def _goes_on(line: str) -> bool:
    return bool(_END.match(line)) or (line[0].islower() and not _POINT.match(line))
