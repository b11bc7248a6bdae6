"""A report's figures as a workbook: a sheet for each table, charts that a spreadsheet draws, and the data behind them.

Where a figure is a plain count, a formula beside it counts it again over the data: a reader can check it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from config.words import say
from domain.deadlines import last_day
from domain.instants import local
from domain.reviews.compiling import Compiled
from domain.reviews.exporting import Counted
from domain.reviews.figures import PeriodFigures, Row
from notifications.papers.office import VI
from notifications.papers.review_annexes import annexes, heads
from notifications.papers.review_sentences import as_of_words
from notifications.papers.review_words import kind_words
from notifications.wording import plain_line

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
LONGEST_CELL = 32_000  #: characters
COUNTS = ("done_in_time", "done_undated", "done_late", "in_time", "overdue", "undated")
DATA = (
    ("id", 8),
    ("agency", 34),
    ("side", 26),
    ("number", 16),
    ("issued_on", 12),
    ("path", 8),
    ("text", 60),
    ("kind", 24),
    ("field", 24),
    ("raised_by", 24),
    ("came", 14),
    ("assigned", 12),
    ("deadline", 12),
    ("settled", 12),
    ("standing", 22),
    ("days", 10),
    ("cause", 30),
)
AGENCY, CAME, STANDING = "B", "K", "O"  #: columns of the data that formulas count by
Cell = str | int | float | date | None


def review_book(compiled: Compiled, rows: Iterable[Counted], labels: dict[str, str]) -> bytes:
    """The workbook; `rows` are those that the figures count, `labels` of the figures that the sides were asked for."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        _Book(book, compiled).write(rows, labels)
    return made.getvalue()


class _Book:
    """One workbook while it is written, sheet by sheet: nothing that was written is held in memory."""

    def __init__(self, book: Any, compiled: Compiled) -> None:
        self.book, self.compiled, self.figures = book, compiled, compiled.figures
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.data = _words("sheet.data")

    def write(self, rows: Iterable[Counted], labels: dict[str, str]) -> None:
        """Every sheet, the data last."""
        self._summary()
        self._groups("agencies", self.figures.by_agency, counted=True)
        self._groups("sides", self.figures.by_side)
        self._groups("fields", self.figures.by_field)
        self._groups("kinds", [row.model_copy(update={"name": kind_words(row.key)}) for row in self.figures.by_kind])
        self._months()
        self._causes()
        tables = annexes(self.compiled, labels)
        for which in ("scores", "submitted"):
            self._table(which, tables[which])
        self._data(rows)

    def _sheet(self, name: str, columns: Sequence[tuple[str, float]]) -> Worksheet:
        page: Worksheet = self.book.add_worksheet(_words(f"sheet.{name}"))
        page.freeze_panes(1, 0)
        for place, (heading, width) in enumerate(columns):
            page.set_column(place, place, width, self.wrapped)
            page.write_string(0, place, heading, self.head)
        return page

    def _summary(self) -> None:
        """What the whole comes to; the counts are counted again from the data."""
        page = self._sheet(
            "summary", [(_words("book.figure"), 52), (_words("book.value"), 14), (_words("book.check"), 18)]
        )
        counts = self.figures.whole.tally.counts
        page.write_string(1, 0, _words("book.as_of"), self.wrapped)
        page.write_string(1, 1, as_of_words(self.figures))
        self._checked(page, 2, "total", counts.total, f"=COUNT('{self.data}'!A:A)")
        for place, came in enumerate(("carried", "new"), start=3):
            self._checked(page, place, came, getattr(counts, came), self._count(CAME, _words(f"part.{came}")))
        for place, part in enumerate(COUNTS, start=5):
            self._checked(page, place, part, getattr(counts, part), self._count(STANDING, _words(f"part.{part}")))
        page.write_string(11, 0, _words("book.in_time_share"), self.wrapped)
        if counts.in_time_share is not None:
            page.write_number(11, 1, counts.in_time_share, self.share)
        if counts.total:
            self._chart(page, "pie", "summary", (5, 10), [1], "E2")

    def _checked(self, page: Worksheet, row: int, name: str, value: int, formula: str) -> None:
        page.write_string(row, 0, _words(f"part.{name}"), self.wrapped)
        page.write_number(row, 1, value)
        page.write_formula(row, 2, formula, None, value)

    def _count(self, column: str, words: str) -> str:
        return f"=COUNTIF('{self.data}'!{column}:{column},\"{words}\")"

    def _groups(self, name: str, rows: Sequence[Row], *, counted: bool = False) -> None:
        if not rows:
            return
        titles = [(_words(f"column.{part}"), 13.0) for part in ("total", *COUNTS, "share")]
        check = [(_words("book.check"), 16.0)] if counted else []
        page = self._sheet(name, [(_words("column.name"), 44), *titles, *check])
        for place, row in enumerate(rows, start=1):
            counts = row.tally.counts
            page.write_string(place, 0, plain_line(row.name) or _words("book.unnamed"), self.wrapped)
            for column, part in enumerate(("total", *COUNTS), start=1):
                page.write_number(place, column, getattr(counts, part))
            if counts.in_time_share is not None:
                page.write_number(place, len(COUNTS) + 2, counts.in_time_share, self.share)
            if counted:
                formula = f"=COUNTIF('{self.data}'!{AGENCY}:{AGENCY},A{place + 1})"
                page.write_formula(place, len(COUNTS) + 3, formula, None, counts.total)
        self._chart(page, "bar", name, (1, len(rows)), range(2, len(COUNTS) + 2), f"L{2}", stacked=True)

    def _months(self) -> None:
        parts = ("issued", "begun", "due", "finished", "finished_late", "overdue")
        page = self._sheet("months", [(_words("book.month"), 12), *((_words(f"month.{part}"), 15) for part in parts)])
        for place, month in enumerate(self.figures.by_month, start=1):
            page.write_string(place, 0, f"{month.first_day.month}/{month.first_day.year}")
            for column, part in enumerate(parts, start=1):
                value = getattr(month, part)
                if value is not None:
                    page.write_number(place, column, value)
        if self.figures.by_month:
            self._chart(page, "column", "months", (1, len(self.figures.by_month)), (2, 4, 6), "I2")

    def _causes(self) -> None:
        if not self.figures.causes:
            return
        page = self._sheet("causes", [(_words("column.cause"), 50), (_words("book.value"), 14)])
        for place, one in enumerate(self.figures.causes, start=1):
            page.write_string(place, 0, say(f"causes.{one.cause or 'none'}", language=VI), self.wrapped)
            page.write_number(place, 1, one.count)

    def _chart(
        self,
        page: Worksheet,
        kind: str,
        name: str,
        rows: tuple[int, int],
        columns: Iterable[int],
        where: str,
        *,
        stacked: bool = False,
    ) -> None:
        """A chart of columns of a sheet over the names in its first one."""
        sheet, (first, last) = _words(f"sheet.{name}"), rows
        chart = self.book.add_chart({"type": kind, "subtype": "stacked"} if stacked else {"type": kind})
        for column in columns:
            chart.add_series(
                {
                    "name": [sheet, 0, column],
                    "categories": [sheet, first, 0, last, 0],
                    "values": [sheet, first, column, last, column],
                }
            )
        chart.set_title({"name": sheet, "name_font": {"size": 11}})
        if kind == "bar":
            chart.set_y_axis({"reverse": True})
            chart.set_size({"width": 720, "height": 160 + 26 * (last - first + 1)})
        page.insert_chart(where, chart)

    def _table(self, which: str, table: object) -> None:
        """A table of the report as it stands there."""
        assert isinstance(table, dict)
        if not table["rows"]:
            return
        names = heads(self.figures)[which]
        page = self._sheet(which, [(heading, 24) for heading in names.values()])
        for place, row in enumerate(table["rows"], start=1):
            for column, name in enumerate(names):
                page.write_string(place, column, str(row[name])[:LONGEST_CELL], self.wrapped)
        if which == "scores":
            page.write_string(len(table["rows"]) + 2, 1, str(table["method"]), self.wrapped)

    def _data(self, rows: Iterable[Counted]) -> None:
        page = self._sheet("data", [(_words(f"data.{name}"), width) for name, width in DATA])
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(_cells(row)):
                self._write(page, place, column, cell)

    def _write(self, page: Worksheet, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            page.write_string(row, column, cell[:LONGEST_CELL])
        elif isinstance(cell, date):
            page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), self.day)  # noqa: DTZ001
        elif cell is not None:
            page.write_number(row, column, cell)


def _cells(row: Counted) -> tuple[Cell, ...]:
    return (
        row.id,
        plain_line(row.agency),
        plain_line(row.side),
        plain_line(row.number),
        row.issued_on,
        plain_line(row.path),
        plain_line(row.text),
        kind_words(row.kind),
        plain_line(row.field),
        plain_line(row.raised_by),
        _words("part.carried" if row.carried else "part.new"),
        local(row.assigned_at).date(),
        last_day(row.bound) if row.bound else None,
        local(row.settled).date() if row.settled else None,
        _words(f"part.{row.standing}"),
        row.days_late,
        say(f"causes.{row.cause}", language=VI) if row.cause else "",
    )


def _words(name: str) -> str:
    return say(f"review_papers.{name}", language=VI)


def book_is_about(figures: PeriodFigures) -> str:
    """The period, as the file is named by it."""
    return figures.period.replace("..", "-den-")
