"""The pages of a PDF as one text: tables, columns, paragraphs and notes, in the order in which a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.reading.documents.grids import row_text
from domain.reading.documents.pdf.aligned import aligned_table
from domain.reading.documents.pdf.continued import Growing
from domain.reading.documents.pdf.furniture import Page, without_furniture
from domain.reading.documents.pdf.paragraphs import Line, Measure, line_of, measure_of, paragraphs_of
from domain.reading.documents.pdf.rows import Row, rows_of
from domain.reading.documents.pdf.ruled import Table, tables_of
from domain.reading.documents.pdf.sheets import Sheet
from domain.reading.documents.pdf.zones import side_by_side


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a PDF, and its running heads and feet."""

    text: str
    margins: tuple[str, ...]


def text_of_pages(sheets: Sequence[Sheet]) -> Text:
    """Puts the pages together."""
    divided = [tables_of(sheet) for sheet in sheets]
    rows = [rows_of(glyphs) for _, glyphs in divided]
    pages = without_furniture(rows, [sheet.height for sheet in sheets])
    width = min((sheet.width for sheet in sheets), default=0.0)
    writer = _Writer(measure_of([row for page in pages for row in page.text], width))
    for number, ((tables, _), page) in enumerate(zip(divided, pages, strict=True)):
        writer.page(number, tables, page)
    notes = [note for page in pages for note in page.notes]
    return Text("\n".join([*writer.finished(), *([""] if notes else []), *notes]), _margins(pages))


def _margins(pages: Sequence[Page]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(margin for page in pages for margin in page.margins))


@dataclass(slots=True)
class _Writer:
    """Writes page after page; paragraphs and tables may go on over a page's end."""

    measure: Measure
    _text: list[str] = field(default_factory=list)
    _running: list[Line] = field(default_factory=list)
    _table: Growing | None = None

    def page(self, number: int, tables: Sequence[Table], page: Page) -> None:
        """One page: its rows and its tables from the top down."""
        waiting = list(page.text)
        for table in tables:
            above = [row for row in waiting if row.y > table.top]
            waiting = waiting[len(above) :]
            self._rows(number, above)
            self._ruled(table)
        self._rows(number, waiting)

    def finished(self) -> list[str]:
        """Everything that was written."""
        self._end_table()
        self._end_paragraphs()
        return self._text

    def _ruled(self, table: Table) -> None:
        self._end_paragraphs()
        if self._table and self._table.takes(table):
            self._table.add(table)
            return
        self._end_table()
        self._table = Growing.beginning_with(table)

    def _rows(self, number: int, rows: Sequence[Row]) -> None:
        if rows:
            self._end_table()
        at = 0
        while at < len(rows):
            taken = self._columns(rows[at:]) or self._aligned(rows[at:])
            if not taken:
                self._running.append(line_of(rows[at], number))
            at += taken or 1

    def _columns(self, rows: Sequence[Row]) -> int:
        columns, taken = side_by_side(rows)
        if columns:
            self._end_paragraphs()
            self._text += [*columns.left, "", *columns.right, ""]
        return taken

    def _aligned(self, rows: Sequence[Row]) -> int:
        cells, taken = aligned_table(rows)
        if cells:
            self._end_paragraphs()
            self._text += [row_text(row) for row in cells]
        return taken

    def _end_table(self) -> None:
        if self._table:
            self._text += list(_written(self._table))
        self._table = None

    def _end_paragraphs(self) -> None:
        self._text += paragraphs_of(self._running, self.measure)
        self._running = []


def _written(table: Growing) -> Iterator[str]:
    """A table as rows; a box with one column is a paragraph in a frame."""
    for row in table.rows:
        filled = [cell for cell in row if cell]
        yield filled[0] if len(row) == 1 and filled else row_text(row)
