"""A table that goes on over pages: its header said again is left out, a row that the page broke is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.reading.documents.pdf.ruled import Table

NEAR = 6.0  #: points: by how much an edge may stand elsewhere on the next page


@dataclass(slots=True)
class Growing:
    """The rows of a table so far."""

    edges: tuple[float, ...]
    rows: list[list[str]]

    @classmethod
    def beginning_with(cls, table: Table) -> Growing:
        """A table on its first page."""
        return cls(table.edges, [list(row) for row in table.rows])

    def takes(self, table: Table) -> bool:
        """Whether a table that begins the next page has the same columns."""
        same = len(table.edges) == len(self.edges)
        return same and all(abs(a - b) < NEAR for a, b in zip(self.edges, table.edges, strict=True))

    def add(self, table: Table) -> None:
        """Goes on with the rows of the next page."""
        rows = [list(row) for row in table.rows]
        while rows and rows[0] in self.rows[:2]:
            rows.pop(0)
        if rows and self.rows and self._is_broken(rows[0]):
            self.rows[-1] = [f"{one} {other}".strip() for one, other in zip(self.rows[-1], rows.pop(0), strict=True)]
        self.rows += rows

    def _is_broken(self, row: Sequence[str]) -> bool:
        """Whether a row has no number of its own where the others have one: it is the end of the last row."""
        numbered = sum(one[0].rstrip(".").isdigit() for one in self.rows)
        return not row[0] and numbered * 2 >= len(self.rows) and len(self.rows) > 1
