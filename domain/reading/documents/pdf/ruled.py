"""Tables drawn with lines: the grid is found in the lines, the words of each cell by where they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.reading.documents.pdf.rows import text_of
from domain.reading.documents.pdf.sheets import Glyph, Sheet, Stroke

NEAR = 3.0  #: points: lines as near as this touch
STROKES = 3_000  #: of a page; a page with more is a drawing


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a page, its cells as text; a merged cell stands in each of its rows, and in its first column."""

    top: float
    bottom: float
    edges: tuple[float, ...]  #: of its columns
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """The lines of one table, and the places at which they divide it."""

    across: tuple[Stroke, ...]
    down: tuple[Stroke, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]  #: from the bottom up

    def holds(self, glyph: Glyph) -> bool:
        """Whether a glyph stands in the table."""
        x, y = _middle(glyph)
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def divides_columns(self, n: int, y: float) -> bool:
        """Whether a line stands at the right of column n at a height."""
        return any(abs(s.x0 - self.xs[n + 1]) < NEAR and s.y0 - NEAR < y < s.y1 + NEAR for s in self.down)

    def divides_rows(self, n: int, x: float) -> bool:
        """Whether a line lies above row n, counted from the bottom, at a place."""
        return any(abs(s.y0 - self.ys[n + 1]) < NEAR and s.x0 - NEAR < x < s.x1 + NEAR for s in self.across)


def tables_of(sheet: Sheet) -> tuple[list[Table], list[Glyph]]:
    """The tables of a page from the top down, and the glyphs that stand in none."""
    grids = list(_grids(sheet.strokes)) if len(sheet.strokes) <= STROKES else []
    if not grids:
        return [], list(sheet.glyphs)
    inside: dict[int, list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    for glyph in sheet.glyphs:
        at = next((n for n, grid in enumerate(grids) if grid.holds(glyph)), None)
        (outside if at is None else inside[at]).append(glyph)
    tables = [_table(grids[n], glyphs) for n, glyphs in inside.items()]
    return sorted(tables, key=lambda table: -table.top), outside


def _middle(glyph: Glyph) -> tuple[float, float]:
    return (glyph.x0 + glyph.x1) / 2, glyph.y + glyph.size * 0.3


def _grids(strokes: Sequence[Stroke]) -> Iterator[_Grid]:
    for group in _touching(strokes):
        across = tuple(s for s in group if _is_across(s))
        down = tuple(s for s in group if not _is_across(s))
        xs = _places([s.x0 for s in down])
        ys = _places([s.y0 for s in across] + [end for s in down for end in (s.y0, s.y1)])
        if (len(xs) - 1) * (len(ys) - 1) > 1:
            yield _Grid(across, down, xs, ys)


def _is_across(stroke: Stroke) -> bool:
    return stroke.x1 - stroke.x0 > stroke.y1 - stroke.y0


def _touching(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """The strokes in groups that hang together, swept from the left to the right."""
    parent = list(range(len(strokes)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    order = sorted(range(len(strokes)), key=lambda n: strokes[n].x0)
    open_ones: list[int] = []
    for n in order:
        open_ones = [m for m in open_ones if strokes[m].x1 + NEAR >= strokes[n].x0]
        for m in open_ones:
            if strokes[m].y0 - NEAR <= strokes[n].y1 and strokes[n].y0 - NEAR <= strokes[m].y1:
                parent[root(n)] = root(m)
        open_ones.append(n)
    groups: dict[int, list[Stroke]] = defaultdict(list)
    for n, stroke in enumerate(strokes):
        groups[root(n)].append(stroke)
    return list(groups.values())


def _places(values: Sequence[float]) -> tuple[float, ...]:
    """The values in order, those that are nearly the same once."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return tuple(found)


def _table(grid: _Grid, glyphs: Sequence[Glyph]) -> Table:
    columns, rows = len(grid.xs) - 1, len(grid.ys) - 1
    words: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    homes = _homes(grid, columns, rows)
    for glyph in glyphs:
        x, y = _middle(glyph)
        at = min(bisect_right(grid.ys, y), rows) - 1, min(bisect_right(grid.xs, x), columns) - 1
        words[homes[at]].append(glyph)
    texts = {home: text_of(found) for home, found in words.items()}
    cells = [
        tuple(texts.get(homes[row, n], "") if homes[row, n][1] == n else "" for n in range(columns))
        for row in reversed(range(rows))
    ]
    return Table(grid.ys[-1], grid.ys[0], grid.xs, tuple(row for row in cells if any(row)))


def _homes(grid: _Grid, columns: int, rows: int) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place of the grid the cell it belongs to: (its upper row, its first column)."""
    homes: dict[tuple[int, int], tuple[int, int]] = {}
    for row in reversed(range(rows)):
        y = (grid.ys[row] + grid.ys[row + 1]) / 2
        for n in range(columns):
            x = (grid.xs[n] + grid.xs[n + 1]) / 2
            if n and not grid.divides_columns(n - 1, y):
                homes[row, n] = homes[row, n - 1]
            elif row < rows - 1 and not grid.divides_rows(row, x):
                homes[row, n] = homes[row + 1, n]
            else:
                homes[row, n] = (row, n)
    return homes
