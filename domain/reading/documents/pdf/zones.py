"""Parts of a page that stand side by side: letterhead, "Nơi nhận" beside the signature; read column by column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.reading.documents.pdf.rows import Row

GUTTER = 4.0  #: points: the least between two columns
_BESIDE = re.compile(
    r"CỘNG\s+H(?:OÀ|ÒA)\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN|Độc\s+lập\s*[-–]|^Nơi\s+nhận|(?:^|\s{3})(?:KT|TL|TM|TUQ|Q)\s*\."
    r"|(?:^|\s{3})Số\s*:|ngày[\s\d….]*tháng[\s\d….]*năm|(?:^|\s{3})[A-ZĐ][A-ZÀ-Ỹ]+(?:\s+[A-ZĐÀ-Ỹ]+){1,}$",
)
APART = 9.0  #: of the size: a signature leaves room for the hand


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows that stand in two columns, each in its order."""

    left: tuple[str, ...]
    right: tuple[str, ...]


def side_by_side(rows: Sequence[Row]) -> tuple[Columns | None, int]:
    """The two columns that begin with the first of these rows, and how many rows they take; none: (None, 0)."""
    first = rows[0]
    if len(first.segments) < 2 or not any(_BESIDE.search(row.text) for row in rows[:2]):
        return None, 0
    low, high = first.segments[0].x1, first.segments[1].x0
    taken = 0
    while taken < len(rows) and (gutter := _narrowed(rows, taken, low, high)):
        low, high = gutter
        taken += 1
    return _columns(rows[:taken], (low + high) / 2), taken


def _narrowed(rows: Sequence[Row], n: int, low: float, high: float) -> tuple[float, float] | None:
    """The gutter after one more row; None where the row crosses it, or stands far below."""
    row = rows[n]
    if n and rows[n - 1].y - row.y > APART * row.size:
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
    segments = [segment for row in rows for segment in row.segments]
    return Columns(
        tuple(s.text for s in segments if s.x0 < middle), tuple(s.text for s in segments if s.x0 >= middle)
    )
