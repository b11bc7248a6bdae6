"""Lists as files: exactly what is shown, in Excel and as text, and no formula of a stranger."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from domain.accounts import Rank
from domain.listing import pages
from tests.story import directive, draft
from tests.web.office_online import OfficeOnline
from tests.web.test_lists import LISTS, busy, come_to, many, words

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", '=HYPERLINK("https://evil.example","x")')


def rows_of(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    """A file's rows, header -> cell."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-disposition"].startswith("attachment; ")
    if path.partition("?")[0].endswith(".csv"):
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    book = load_workbook(io.BytesIO(answer.content))
    (sheet,) = book.worksheets
    head, *rows = sheet.iter_rows(values_only=True)
    book.close()
    return [dict(zip((str(one) for one in head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_exactly_the_rows_of_all_pages_in_the_same_order(any_online: OfficeOnline, kind: str) -> None:
    busy(any_online.story)
    many(any_online.story, 70)
    client = any_online.client(Rank.VIEWER)
    for query in ("sort=-notice", "standing=in_time", "q=so+y+te&sort=due", "standing=overdue"):
        shown = [word for page in (1, 2, 3) for word in words(client, f"/obligations?{query}&page={page}")]
        assert [row["Nội dung"] for row in rows_of(client, f"/obligations.{kind}?{query}&page=2")] == shown
        assert shown


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_had_both_ways_with_the_same_cells(any_online: OfficeOnline, name: str) -> None:
    busy(any_online.story)
    client = any_online.client(Rank.VIEWER)
    text, book = rows_of(client, f"/{name}.csv"), rows_of(client, f"/{name}.xlsx")
    assert [list(row) for row in text] == [list(row) for row in book]
    assert [[_as_text(cell) for cell in row.values()] for row in book] == [list(row.values()) for row in text]
    assert len(text) >= len(words(client, f"/{name}"))


def _as_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.hour == 0 else f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else str(float(cell)) if isinstance(cell, float) else str(cell)


def test_days_in_the_spreadsheet_are_real_days_on_the_wall_clock_here(online: OfficeOnline) -> None:
    busy(online.story)
    row = rows_of(online.client(Rank.VIEWER), "/obligations.xlsx?standing=overdue")[0]
    assert row["Ngày cuối trong hạn"] == datetime(2018, 3, 19)  # noqa: DTZ001
    assert row["Ngày ban hành"] == datetime(2018, 3, 7)  # noqa: DTZ001
    assert row["Số ngày muộn"] == 14
    assert row["Tình trạng"] == "Quá hạn"
    done = rows_of(online.client(Rank.VIEWER), "/obligations.xlsx?waiting=verify")[0]
    assert done["Hoàn thành lúc"] == datetime(2018, 3, 20, 10)  # noqa: DTZ001


def test_a_text_that_looks_like_a_formula_stays_a_text(online: OfficeOnline) -> None:
    items = [directive("Sở Y tế", "2018-05-01", path=str(n), text=text) for n, text in enumerate(NASTY)]
    online.story.files(draft(*items), "2018-03-07 09:00")
    client = online.client(Rank.VIEWER)
    texts = [row["Nội dung"] for row in rows_of(client, "/obligations.csv?sort=notice")]
    assert [text[0] for text in texts] == ["'"] * len(NASTY)
    assert [text[1:] for text in texts] == list(NASTY)
    book = load_workbook(io.BytesIO(client.get("/obligations.xlsx?sort=notice").content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert '=HYPERLINK("https://evil.example","x")' in [cell.value for cell in cells]
    book.close()


def test_the_header_stays_where_it_is_when_somebody_scrolls(online: OfficeOnline) -> None:
    busy(online.story)
    book = load_workbook(io.BytesIO(online.client(Rank.VIEWER).get("/agencies.xlsx").content))
    assert book.worksheets[0].freeze_panes == "A2"
    assert book.worksheets[0].column_dimensions["A"].width > 20
    book.close()


def test_a_long_list_is_made_in_pieces(any_online: OfficeOnline, monkeypatch: pytest.MonkeyPatch) -> None:
    many(any_online.story, 30)
    client = any_online.client(Rank.VIEWER)
    whole = rows_of(client, "/obligations.csv")
    monkeypatch.setattr(pages, "AT_ONCE", 7)
    for name in ("obligations", "directives", "conclusions"):
        assert rows_of(client, f"/{name}.csv")
    assert rows_of(client, "/obligations.csv") == whole
    assert len(whole) == 30


def test_one_address_may_ask_for_files_only_so_often(online: OfficeOnline) -> None:
    client = online.client(Rank.VIEWER)
    codes = [client.get("/agencies.csv").status_code for _ in range(22)]
    assert codes == [200] * 20 + [429] * 2
    assert client.get("/agencies").status_code == 200


def test_no_other_kind_of_file_is_there(online: OfficeOnline) -> None:
    client = online.client(Rank.VIEWER)
    assert client.get("/obligations.pdf").status_code == 404
    assert client.get("/obligations.csv?standing=x").status_code == 404


def test_taking_a_list_along_changes_nothing(online: OfficeOnline) -> None:
    busy(online.story)
    client = online.client(Rank.VIEWER)
    before = online.audit()
    for name in LISTS:
        client.get(f"/{name}.xlsx")
    assert online.audit() == before


def test_a_file_is_named_after_the_list_and_the_day(online: OfficeOnline) -> None:
    come_to(online.story, "2018-04-02 09:00")
    name = online.client(Rank.VIEWER).get("/obligations.csv").headers["content-disposition"]
    assert name == 'attachment; filename="phan-viec-2018-04-02.csv"'
