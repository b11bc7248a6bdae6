"""Papers from the pages: downloads that change nothing, for those who may."""

from __future__ import annotations

import io

import openpyxl
import pytest
from docx import Document
from sqlmodel import select

from domain.agencies import find_agency
from domain.audit import AuditEntry
from tests.web.busy import OURS, make_busy
from tests.web.office_online import OfficeOnline


@pytest.fixture
def at_work(online: OfficeOnline) -> OfficeOnline:
    make_busy(online.story)
    return online


def agency_id(online: OfficeOnline, name: str) -> int:
    with online.story.ledger.look() as session:
        return find_agency(session, online.story.ledger.office_id, name).id or 0


def test_a_clerk_downloads_the_letter_of_an_agency_that_is_late(at_work: OfficeOnline) -> None:
    clerk, number = at_work.client("clerk"), agency_id(at_work, OURS)
    page = f"/agencies/{number}"
    assert f'href="{page}/letter.docx"' in clerk.get(page).text
    answer = clerk.get(f"{page}/letter.docx")
    assert answer.status_code == 200
    assert "cong-van-don-doc-so-noi-vu-2018-03-20.docx" in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert any(OURS in one.text for one in Document(io.BytesIO(answer.content)).paragraphs)


def test_downloading_changes_nothing(at_work: OfficeOnline) -> None:
    clerk, number = at_work.client("clerk"), agency_id(at_work, OURS)

    def entries() -> int:
        with at_work.story.ledger.look() as session:
            return len(session.exec(select(AuditEntry)).all())

    before = entries()
    for path in (f"/agencies/{number}/letter.docx", "/weekly.docx", "/weekly.xlsx"):
        assert clerk.get(path).status_code == 200
    assert entries() == before


def test_a_broken_template_is_said_on_the_page(at_work: OfficeOnline) -> None:
    folder = at_work.story.settings.letters_folder
    folder.mkdir(parents=True)
    for name in ("reminder", "weekly"):
        (folder / f"{name}.docx").write_bytes(b"not Word")
    clerk = at_work.client("clerk")
    for path in (f"/agencies/{agency_id(at_work, OURS)}/letter.docx", "/weekly.docx"):
        answer = clerk.get(path)
        assert answer.status_code == 422
        assert "không phải là tệp Word" in answer.text
    assert clerk.get("/weekly.xlsx").status_code == 200


def test_a_viewer_gets_no_letter_but_the_weekly_sheet(at_work: OfficeOnline) -> None:
    viewer, number = at_work.client("viewer"), agency_id(at_work, OURS)
    assert viewer.get(f"/agencies/{number}/letter.docx").status_code == 403
    assert 'href="/weekly.docx"' in viewer.get("/sheet").text
    assert Document(io.BytesIO(viewer.get("/weekly.docx").content)).tables
    assert openpyxl.load_workbook(io.BytesIO(viewer.get("/weekly.xlsx").content)).sheetnames[0] == "Quá hạn"


def test_an_agency_that_is_not_late_gets_a_line_and_no_letter(at_work: OfficeOnline) -> None:
    clerk = at_work.client("clerk")
    answer = clerk.get(f"/agencies/{agency_id(at_work, 'Sở Y tế')}/letter.docx")
    assert answer.status_code == 422
    assert "không có việc nào quá hạn" in answer.text
    assert clerk.get("/agencies/99999/letter.docx").status_code == 404
