"""The exported CSV files as plain rows, for the second calculation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

Row = dict[str, str]


def moment(words: str) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


def days_between(first: datetime, last: datetime) -> int:
    return (last.date() - first.date()).days  # every instant of the files is written with +07:00


@dataclass
class Work:
    """One obligation as it stands at the last instant of a period."""

    row: Row
    directive: Row
    carried: bool
    began: datetime
    assigned: datetime
    bound: datetime | None
    settled: datetime | None
    standing: str
    days_late: int
    cause: str
    first_report: datetime | None

    @property
    def finished(self) -> datetime | None:
        """A letter may be older than the assignment: then the work was finished when it was assigned."""
        return max(self.settled, self.assigned) if self.settled else None


class Books:
    """The exported files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables = {path.stem: self._read(path) for path in folder.glob("*.csv")}

    @staticmethod
    def _read(path: Path) -> list[Row]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def by_id(self) -> dict[str, dict[str, Row]]:
        return {
            name: {row["id"]: row for row in rows} for name, rows in self.tables.items() if rows and "id" in rows[0]
        }

    def of(self, table: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.tables[table]:
            found.setdefault(row["obligation_id"], []).append(row)
        return found

    @cached_property
    def extensions(self) -> dict[str, list[Row]]:
        return self.of("extensions")

    @cached_property
    def returns(self) -> dict[str, list[Row]]:
        return self.of("returns")

    @cached_property
    def reports(self) -> dict[str, list[Row]]:
        return self.of("reports")

    def governs(self, regulation: str) -> set[str]:
        """A regulation and all that it took the place of."""
        found = {regulation}
        while True:
            more = {row["id"] for row in self.tables["regulations"] if row["successor_id"] in found} - found
            if not more:
                return found
            found |= more
