"""The mailbox on the office's pages: what waits, one mail, attaching it and dismissing it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import select

from domain.incoming import Incoming
from domain.obligations import Obligation, State
from domain.reports import StatusReport
from tests.unit.inbox_made import Attached, InboxStory, letter_docx, reply, report_of, scan_pdf
from tests.web.conftest import PHONE, a_page, sign_in
from tests.web.office_online import OfficeOnline
from tests.web.test_work import set_clock

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def story(online: OfficeOnline) -> InboxStory:
    made = InboxStory(online.story)
    set_clock(online.story)
    return made


@pytest.fixture
def answered(story: InboxStory) -> InboxStory:
    """An answer letter waits."""
    story.gets(reply(story.message().message_id, Attached("Báo cáo 123.docx", letter_docx()), Attached("x.exe", b"MZ")))
    return story


def test_the_list_shows_what_waits_and_on_demand_everything(answered: InboxStory, online: OfficeOnline) -> None:
    answered.gets(report_of(answered.message().message_id))
    viewer = online.client("viewer")
    waiting = viewer.get("/inbox").text
    assert 'href="/inbox/1"' in waiting
    assert 'href="/inbox/2"' not in waiting
    everything = viewer.get("/inbox?all=1").text
    assert 'href="/inbox/2"' in everything
    assert "Thư bị trả lại" in everything


def test_an_empty_mailbox_says_so(online: OfficeOnline) -> None:
    assert "Không có thư nào chờ xử lý" in online.client("viewer").get("/inbox").text
    assert online.client("viewer").get("/inbox/1").status_code == 404


def test_a_mail_shows_its_letter_its_files_and_the_proposals_with_reasons(
    answered: InboxStory, online: OfficeOnline
) -> None:
    text = online.client("clerk").get("/inbox/1").text
    for words in (
        "123/BC-SNV",
        "Thông báo số 489/TB-VP ngày 07/3/2018",
        "văn bản trả lời nêu số 489/TB-VP",
        "nêu mục 4.2",
    ):
        assert words in text
    assert f'value="{answered.work("4.2")}" checked' in text
    assert f'value="{answered.work("5")}" checked' not in text
    assert "x.exe" in text
    assert "Không nhận" in text


def test_a_scan_says_that_it_could_not_be_read(story: InboxStory, online: OfficeOnline) -> None:
    story.gets(reply("", Attached("scan.pdf", scan_pdf())))
    assert "chỉ được gợi ý theo cơ quan" in online.client("clerk").get("/inbox/1").text


def test_a_file_is_downloaded_and_never_shown(answered: InboxStory, online: OfficeOnline) -> None:
    viewer = online.client("viewer")
    file = viewer.get("/inbox/1/files/1")
    assert file.content == letter_docx()
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert viewer.get("/inbox/1/files/2").status_code == 404  # not kept
    assert viewer.get("/inbox/2/files/1").status_code == 404
    assert online.client().get("/inbox/1/files/1").status_code == 303


def test_a_clerk_attaches_a_mail_to_what_is_ticked(answered: InboxStory, online: OfficeOnline, desk: Page) -> None:
    sign_in(desk, online, "clerk")
    desk.goto("/")
    desk.click("nav >> text=Thư đến")
    desk.click("text=Re: Giao nhiệm vụ")
    assert desk.input_value("#f-letter_number") == "123/BC-SNV"
    assert desk.input_value("#f-letter_date") == "2018-03-07"
    desk.check("input[name=what][value=done]")
    desk.fill("#f-note", "Đã trình đề án.")
    desk.click("button:has-text('Ghi vào phần việc đã chọn')")
    assert "Đã ghi thư vào phần việc" in desk.locator("[role=status]").inner_text()
    with answered.ledger.look() as session:
        (report,) = session.exec(select(StatusReport)).all()
        work = session.get_one(Obligation, report.obligation_id)
        mail = session.exec(select(Incoming)).one()
    assert (report.door, report.letter_number, work.state) == ("mail", "123/BC-SNV", State.REPORTED)
    assert (work.id, mail.state, mail.settled_by) == (answered.work("4.2"), "attached", "nguoi-clerk")
    desk.goto(f"/obligations/{work.id}")
    assert "qua thư" in desk.locator("main").inner_text()
    assert desk.locator("a:has-text('Báo cáo 123.docx')").count() == 1


def test_what_was_typed_stays_where_it_is_refused(answered: InboxStory, online: OfficeOnline) -> None:
    clerk = online.client("clerk")
    fields = {
        "obligation": str(answered.work("5")),
        "what": "progress",
        "percent": "40",
        "note": "Đang làm",
        "others": "abc",
    }
    refused = online.posts(clerk, "/inbox/1/attach", shown_at="/inbox/1", **fields)
    assert refused.status_code == 422
    assert "Đang làm" in refused.text
    assert f'value="{answered.work("5")}" checked' in refused.text
    assert f'value="{answered.work("4.2")}" checked' not in refused.text
    none = online.posts(clerk, "/inbox/1/attach", shown_at="/inbox/1", what="done", note="x")
    assert none.status_code == 422
    assert "ít nhất một phần việc" in none.text
    assert online.posts(clerk, "/inbox/1/attach", shown_at="/inbox/1", note="x").status_code == 422


def test_a_work_that_was_not_proposed_is_named_by_its_number(answered: InboxStory, online: OfficeOnline) -> None:
    other = str(answered.work("6"))
    fields = {"others": other, "what": "progress", "percent": "40", "note": "Sở Tài chính cùng báo cáo."}
    assert online.posts(online.client("clerk"), "/inbox/1/attach", shown_at="/inbox/1", **fields).status_code == 303
    with answered.ledger.look() as session:
        assert [one.obligation_id for one in session.exec(select(StatusReport))] == [int(other)]


def test_a_clerk_dismisses_a_mail_with_a_reason(answered: InboxStory, online: OfficeOnline) -> None:
    clerk = online.client("clerk")
    assert online.posts(clerk, "/inbox/1/dismiss", shown_at="/inbox/1", reason=" ").status_code == 422
    done = online.posts(clerk, "/inbox/1/dismiss", shown_at="/inbox/1", reason="Gửi nhầm.")
    assert done.headers["location"] == "/inbox?done=inbox.dismissed"
    assert "Đã bỏ qua thư" in clerk.get(done.headers["location"]).text
    page = clerk.get("/inbox/1").text
    assert "Gửi nhầm." in page
    assert "/inbox/1/attach" not in page
    assert ("nguoi-clerk", "incoming.dismissed") in online.audit()


def test_who_only_looks_can_change_nothing(answered: InboxStory, online: OfficeOnline) -> None:
    viewer = online.client("viewer")
    page = viewer.get("/inbox/1").text
    assert "nêu mục 4.2" in page
    assert "/inbox/1/attach" not in page
    for path in ("/inbox/1/attach", "/inbox/1/dismiss"):
        answer = online.posts(viewer, path, shown_at="/account", reason="x", what="done", note="x", obligation="1")
        assert answer.status_code == 403
    assert answered.mail.state == "waiting"


def test_a_strangers_hostile_mail_is_shown_and_runs_nowhere(
    story: InboxStory, online: OfficeOnline, browser: Browser
) -> None:
    words = f"{EVIL}\n" + "dài" * 3000
    story.gets(
        reply(
            "",
            Attached("a'\"><img src=x>.pdf", b"%PDF-1.7\n"),
            sender='"<img src=x>" <a@x.example>',
            subject=EVIL,
            text=words,
        )
    )
    page = a_page(browser, online, PHONE)
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    sign_in(page, online, "clerk")
    for path in ("/inbox", "/inbox/1"):
        page.goto(path)
        assert page.locator("img[src=x]").count() == 0
        assert "địa chỉ lạ" in page.locator("main").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    assert alarms == []
    page.context.close()
