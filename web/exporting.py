"""A list as a file, exactly as it is shown: xlsx with real dates, or csv that Excel opens as it is.

The file is made on disk, row by row, before anything is sent: neither the list's length nor a slow line costs memory
or keeps the ledger busy.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Generic, TypeVar

import xlsxwriter
from fastapi import HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from starlette.background import BackgroundTask
from xlsxwriter.worksheet import Worksheet

from domain.instants import local

R = TypeVar("R")
Cell = str | int | float | date | datetime | None
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  #: a spreadsheet would take such a text for a formula
LONGEST_CELL = 32_767  #: characters of a cell in xlsx
CHUNK = 64 << 10  #: bytes that are sent at once


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column of a list: its header, what stands in a row's cell, and how wide it is in a spreadsheet."""

    header: str
    cell: Callable[[R], Cell]
    width: int = 16  #: characters


@dataclass(frozen=True, slots=True)
class Sheet(Generic[R]):
    """A list to be had as a file."""

    name: str  #: of the file, without its ending
    columns: Sequence[Column[R]]
    rows: Iterable[R]


def check_rate(request: Request) -> None:
    """Raises 429 where an address asks for files too often."""
    if not request.app.state.rates.allows("export", request):
        raise HTTPException(429)


def as_file(sheet: Sheet[Any], kind: str) -> Response:
    """The list as a file of a kind; made whole before this returns."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (closed once it was sent)
    try:
        {"xlsx": write_xlsx, "csv": write_csv}[kind](sheet, file)
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = {"content-disposition": f'attachment; filename="{sheet.name}.{kind}"', "content-length": str(size)}
    return StreamingResponse(
        _chunks(file), media_type=KINDS[kind], headers=headers, background=BackgroundTask(file.close)
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while some := file.read(CHUNK):
            yield some


def write_csv(sheet: Sheet[Any], file: IO[bytes]) -> None:
    """UTF-8 with its mark, so that Excel does not guess; days are ISO 8601."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([_plain(column.header) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(column.cell(row)) for column in sheet.columns])
    text.flush()
    text.detach()


def _plain(cell: Cell) -> str | int | float:
    """A cell of a csv: a text that a spreadsheet would take for a formula begins with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return local(cell).format("YYYY-MM-DD HH:mm")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
    return cell


def write_xlsx(sheet: Sheet[Any], file: IO[bytes]) -> None:
    """One sheet with a frozen header; texts are texts whatever they look like, days and moments are real ones."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(file, options) as book:
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"}),
            "moment": book.add_format({"num_format": "hh:mm dd/mm/yyyy", "align": "left", "valign": "top"}),
            "share": book.add_format({"num_format": "0.0%", "valign": "top"}),
            "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        page = book.add_worksheet()
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.header, formats["head"])
        for number, row in enumerate(sheet.rows, start=1):
            for place, column in enumerate(sheet.columns):
                _write(page, number, place, column.cell(row), formats)


def _write(page: Worksheet, row: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, datetime):
        page.write_datetime(row, place, local(cell).naive(), formats["moment"])
    elif isinstance(cell, date):
        page.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), formats["day"])  # noqa: DTZ001
    elif isinstance(cell, str):
        page.write_string(row, place, cell[:LONGEST_CELL], formats["plain"])
    else:
        page.write_number(row, place, cell, formats["share" if isinstance(cell, float) else "plain"])
