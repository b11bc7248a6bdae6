"""The agency's page by signed link: what it shows, what it takes, and what a stranger cannot do with it."""

from __future__ import annotations

import email
import email.policy
import io
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from openpyxl import Workbook
from playwright.sync_api import Page
from sqlmodel import select

from domain.actors import By
from domain.life import extensions, handing
from domain.life.extensions import Extension
from domain.links import Link, Purpose, revoke
from domain.reports import COMPLETE, Attachment, Said, StatusReport, report
from tests.story import OfficeStory, directive, draft
from tests.web.office_online import OfficeOnline
from web.uploads import LARGEST, MOST_FILES

OURS, THEIRS = "Sở Nội vụ", "Sở Tài chính"
WHO = {"who": "Trần Văn Bình, Phó phòng", "phone": "0912 345 678"}


@pytest.fixture
def at_work(online: OfficeOnline) -> OfficeOnline:
    """Two agencies have work since Wednesday 07/3/2018; it is Thursday morning."""
    online.story.files(
        draft(
            directive(OURS, "2018-03-09", path="1", cooperating=[THEIRS]),
            directive(OURS, None, path="2"),
            directive(OURS, "2018-04-20", path="3"),
            directive(THEIRS, "2018-03-09", path="4"),
            number="31/TB-VP",
        )
    )
    online.story.waits_until("2018-03-12 09:00")
    the_clock(online.story)
    return online


def the_clock(story: OfficeStory) -> None:
    """The pages of a simulated office speak of the moment it has come to."""
    from domain.offices import the_office

    with story.ledger.change(now=story.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated_at = story.now


def obligations(online: OfficeOnline, agency: str) -> dict[str, int]:
    """Path -> id of an agency's work."""
    return {row.path: row.id for row in online.story.status() if row.agency == agency}


def rows(online: OfficeOnline, table: type[Any]) -> list[Any]:
    with online.story.ledger.look() as session:
        return list(session.exec(select(table)))


def form_of(client: httpx.Client, path: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def sends(client: httpx.Client, base: str, obligation: int, deed: str, **fields: Any) -> httpx.Response:
    files = fields.pop("files", None)
    form = fields.pop("form", None) or form_of(client, f"{base}/{obligation}/{deed}")
    return client.post(f"{base}/{obligation}/{deed}", data={"form": form, **WHO, **fields}, files=files)


def test_the_agency_sees_its_own_open_work_most_urgent_first_in_the_notices_words(at_work: OfficeOnline) -> None:
    _, base = at_work.link(OURS)
    text = at_work.client().get(base).text
    places = [text.index(f"Mục {path}, Thông báo số 31/TB-VP</h2>") for path in ("1", "3", "2")]
    assert places == sorted(places)
    assert "Nội dung mục 1." in text
    assert "trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018" in text
    assert "Mục 4" not in text
    assert "chậm 4 ngày" in text


def test_the_message_carries_a_link_that_opens_the_agencys_page(at_work: OfficeOnline) -> None:
    mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in at_work.story.mails()]
    ours = next(mail for mail in mails if str(mail["To"]).startswith(OURS) or OURS in str(mail["To"]))
    body = ours.get_body(("plain",))
    assert body is not None
    address = re.search(r"/a/[0-9]+-[A-Za-z0-9_-]{32}", body.get_content())
    assert address
    page = at_work.client().get(address[0])
    assert (page.status_code, OURS in page.text) == (200, True)
    stored = at_work.story.messages()
    assert not any(address[0].split("-", 1)[1] in one.text + one.html for one in stored)  # the token is stored nowhere


def test_an_agency_reports_completion_with_letter_and_files_and_gets_a_receipt(at_work: OfficeOnline) -> None:
    link, base = at_work.link(OURS)
    mine, client = obligations(at_work, OURS)["1"], at_work.client()
    sheet = io.BytesIO()
    Workbook().save(sheet)
    answer = sends(
        client,
        base,
        mine,
        "report",
        what="done",
        words="Đã trình Ủy ban.\nKèm phụ lục.",
        letter_number="123/BC-SNV",
        letter_date="2018-03-09",
        files=[("files", ("báo cáo.pdf", b"%PDF-1.7\n%..")), ("files", ("phụ lục.xlsx", sheet.getvalue()))],
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{base}/receipts/report-1")
    receipt = client.get(answer.headers["location"]).text
    assert all(words in receipt for words in ("report-1", "123/BC-SNV", "báo cáo.pdf", "phụ lục.xlsx", "0912 345 678"))
    (row,) = rows(at_work, StatusReport)
    assert (row.percent, row.door, row.who, row.phone, row.link_id) == (COMPLETE, "link", *WHO.values(), link.id)
    assert {one.name for one in rows(at_work, Attachment)} == {"báo cáo.pdf", "phụ lục.xlsx"}
    state = next(one for one in at_work.story.status() if one.id == mine)
    assert (state.state, state.standing) == ("reported", "done_late")
    at_work.app.state.follower.settle()
    (sent,) = [one for one in at_work.story.messages() if one.kind == "receipt"]
    assert (sent.status, sent.address) == ("sent", "so-noi-vu@coquan.example")
    assert "report-1" in sent.text


def test_the_same_by_page_and_by_command_leaves_the_same_ledger(at_work: OfficeOnline) -> None:
    _, base = at_work.link(OURS)
    ours, client = obligations(at_work, OURS), at_work.client()
    sends(client, base, ours["1"], "report", what="progress", percent="40", words="Đang làm.")
    sends(client, base, ours["3"], "extension", last_day="2018-05-04", words="Chờ Bộ.")
    sends(client, base, ours["2"], "return", words="Thuộc Sở Tài chính.")
    by_page = {row.id: (row.state, row.standing) for row in at_work.story.status()}
    verbs = [verb for actor, verb in at_work.audit() if actor == OURS]

    twin = OfficeStory.made(at_work.story.settings.home.parent / "twin")
    twin.files(
        draft(
            directive(OURS, "2018-03-09", path="1", cooperating=[THEIRS]),
            directive(OURS, None, path="2"),
            directive(OURS, "2018-04-20", path="3"),
            directive(THEIRS, "2018-03-09", path="4"),
            number="31/TB-VP",
        ),
        at_="2018-03-07 09:00",
    )
    twin.waits_until("2018-03-12 09:00")
    with twin.ledger.change(now=twin.now, actor=OURS, by=By.AGENCY) as change:
        report(change, ours["1"], Said(40, "Đang làm.", WHO["who"]))
    with twin.ledger.change(now=twin.now, actor=OURS, by=By.AGENCY) as change:
        (wish,) = rows(at_work, Extension)
        extensions.ask(change, ours["3"], wish.wished, "Chờ Bộ.", WHO["who"])
    with twin.ledger.change(now=twin.now, actor=OURS, by=By.AGENCY) as change:
        handing.give_back(change, ours["2"], "Thuộc Sở Tài chính.", WHO["who"])
    assert {row.id: (row.state, row.standing) for row in twin.status()} == by_page
    assert verbs == ["obligation.progressed", "obligation.extension_asked", "obligation.returned"]
    twin.ledger.engine.dispose()


def test_a_form_that_is_sent_twice_is_taken_down_once(at_work: OfficeOnline) -> None:
    _, base = at_work.link(OURS)
    mine, client = obligations(at_work, OURS)["1"], at_work.client()
    form = form_of(client, f"{base}/{mine}/report")
    answers = [
        sends(client, base, mine, "report", what="progress", percent="10", words="Đang làm.", form=form)
        for _ in range(3)
    ]
    assert {answer.headers["location"] for answer in answers} == {f"{base}/receipts/report-1"}
    assert len(rows(at_work, StatusReport)) == 1


def test_what_is_missing_is_said_and_nothing_typed_is_lost(at_work: OfficeOnline) -> None:
    _, base = at_work.link(OURS)
    mine, client = obligations(at_work, OURS)["1"], at_work.client()
    typed = {"what": "done", "words": "Nội dung dài <b>công phu</b>", "letter_number": "5/BC"}
    for wrong in (
        typed,  # a letter without its date
        typed | {"letter_date": "2018-03-08", "phone": "gọi sau"},
        typed | {"letter_date": "2018-03-08", "who": " "},
        typed | {"letter_date": "2018-13-08"},
        typed | {"letter_date": "2018-12-08"},  # a letter from the future
    ):
        answer = sends(client, base, mine, "report", **wrong)
        assert answer.status_code == 422
        assert "Nội dung dài &lt;b&gt;công phu&lt;/b&gt;" in answer.text
        assert 'value="5/BC"' in answer.text
    assert sends(client, base, mine, "report", what="progress", words="x").status_code == 422
    assert sends(client, base, mine, "report", what="done").status_code == 422
    assert sends(client, base, mine, "extension", words="x", last_day="2018-03-01").status_code == 422
    assert rows(at_work, StatusReport) == []


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("a.exe", b"MZ\x90\0"),
        ("a.pdf", b"MZ\x90\0" + b"\0" * 100),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.docx", b"PK\x03\x04 not an archive"),
        ("a.png", b"GIF89a"),
        ("a.txt", b"<svg onload=alert(1)>"),
        ("a.txt", b"zero\0byte"),
        ("a.pdf", b""),
        ("a", b"%PDF-1.7"),
        (".pdf", b""),
    ],
)
def test_a_file_is_taken_for_what_it_is_not_for_what_it_is_called(
    at_work: OfficeOnline, name: str, contents: bytes
) -> None:
    _, base = at_work.link(OURS)
    mine, client = obligations(at_work, OURS)["1"], at_work.client()
    answer = sends(client, base, mine, "report", what="done", words="x", files=[("files", (name, contents))])
    assert answer.status_code == 422
    assert rows(at_work, StatusReport) == []
    assert list(at_work.story.settings.attachments_folder.iterdir()) == []


def test_a_file_can_neither_leave_its_folder_nor_be_too_large_nor_too_many(at_work: OfficeOnline) -> None:
    _, base = at_work.link(OURS)
    ours, client = obligations(at_work, OURS), at_work.client()
    escape = [("files", ("../../../etc/đã \u202eký.pdf", b"%PDF-1.7\n"))]
    assert sends(client, base, ours["1"], "report", what="done", words="x", files=escape).status_code == 303
    (kept,) = rows(at_work, Attachment)
    assert kept.name == "đã ký.pdf"
    assert [path.name for path in at_work.story.settings.attachments_folder.iterdir()] == [kept.sha256]
    large = [("files", ("a.pdf", b"%PDF-1.7\n" + b"0" * LARGEST))]
    assert sends(client, base, ours["3"], "report", what="done", words="x", files=large).status_code == 422
    many = [("files", (f"{n}.pdf", b"%PDF-1.7\n" + bytes([n]))) for n in range(MOST_FILES + 1)]
    assert sends(client, base, ours["3"], "report", what="done", words="x", files=many).status_code == 422


def test_a_link_is_worthless_for_another_agency_or_purpose_once_revoked_or_expired(at_work: OfficeOnline) -> None:
    link, base = at_work.link(OURS)
    client, theirs = at_work.client(), obligations(at_work, THEIRS)["4"]
    for deed in ("report", "extension", "return"):
        assert client.get(f"{base}/{theirs}/{deed}").status_code == 404
        assert client.post(f"{base}/{theirs}/{deed}", data={"what": "done", "words": "x", **WHO}).status_code == 404
    assert client.post(f"{base}/{theirs}/acknowledge").status_code == 404
    other, feed = at_work.link(OURS, Purpose.FEED)
    token = feed.removeprefix("/feeds/").removesuffix(".ics")
    assert client.get(f"/a/{token}").status_code == 404
    assert client.get(f"/a/{other.id}-{base.split('-', 1)[1]}").status_code == 404
    with at_work.story.ledger.change(now=at_work.story.now, actor="test") as change:
        revoke(change, link.id or 0)
    gone = client.get(base)
    assert (gone.status_code, OURS in gone.text) == (404, False)


def test_an_expired_link_answers_nothing_but_sends_a_new_one_to_the_agencys_own_address(at_work: OfficeOnline) -> None:
    _, base = at_work.link(OURS, days=1)
    mine, client = obligations(at_work, OURS)["1"], at_work.client()
    at_work.story.now = at_work.story.now + timedelta(days=2)
    the_clock(at_work.story)
    closed = client.get(base)
    assert (closed.status_code, "Gửi liên kết mới" in closed.text, OURS in closed.text) == (410, True, False)
    assert client.post(f"{base}/{mine}/report", data={"what": "done", "words": "x", **WHO}).status_code == 410
    before = len(rows(at_work, Link))
    asked = [client.post(f"{base}/renew") for _ in range(3)]
    assert {one.status_code for one in asked} == {200}
    at_work.app.state.follower.settle()
    letters = [one for one in at_work.story.messages() if one.kind == "new_link"]
    assert [one.address for one in letters] == ["so-noi-vu@coquan.example"]  # once, and not shown
    assert len(rows(at_work, Link)) == before + 1
    assert "@" not in asked[0].text
    assert rows(at_work, StatusReport) == []


def test_opening_every_page_of_a_link_changes_nothing(at_work: OfficeOnline) -> None:
    _, base = at_work.link(OURS)
    mine, client = obligations(at_work, OURS)["1"], at_work.client()
    sends(client, base, mine, "report", what="progress", percent="10", words="Đang làm.")
    at_work.app.state.follower.settle()
    before = dump(at_work)
    for path in ("", "/receipts/report-1", f"/{mine}/report", f"/{mine}/extension", f"/{mine}/return"):
        for method in ("GET", "HEAD"):
            client.request(method, base + path)
    assert dump(at_work) == before


def dump(online: OfficeOnline) -> list[str]:
    """The whole ledger."""
    with online.story.ledger.engine.connect() as connection:
        return list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def test_hostile_words_in_the_notice_and_in_the_report_are_shown_harmless(online: OfficeOnline, phone: Page) -> None:
    evil = "<script>document.title='hỏng'</script>\u202e<img src=x onerror=alert(1)>"
    online.story.files(draft(directive(OURS, "2018-03-29", text=evil)))
    online.story.waits_until("2018-03-07 14:00")
    the_clock(online.story)
    _, base = online.link(OURS)
    alarms: list[str] = []
    phone.on("dialog", lambda dialog: alarms.append(dialog.message))
    phone.goto(base)
    assert "hỏng" not in phone.title()
    assert phone.locator("blockquote").inner_text().startswith("<script>")
    assert alarms == []


def test_an_officer_answers_on_a_phone_without_script(at_work: OfficeOnline, phone: Page) -> None:
    _, base = at_work.link(OURS)
    context = phone.context.browser.new_context(  # type: ignore[union-attr]
        base_url=at_work.url, viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="vi-VN"
    )
    page = context.new_page()
    page.goto(base)
    page.get_by_role("link", name="Báo cáo hoàn thành – Mục 1, Thông báo số 31/TB-VP").click()
    page.get_by_label("Nội dung báo cáo").fill("Đã trình Ủy ban nhân dân tỉnh.")
    page.get_by_label("Số, ký hiệu").fill("123/BC-SNV")
    page.get_by_label("Ngày ký").fill("2018-03-08")
    page.get_by_label("Tệp kèm theo").set_input_files(
        [{"name": "bc.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}]
    )
    page.get_by_label("Họ tên, chức vụ").fill(WHO["who"])
    page.get_by_label("Điện thoại").fill(WHO["phone"])
    page.get_by_role("button", name="Gửi báo cáo").click()
    assert page.locator("h1").inner_text() == "Biên nhận"
    assert "report-1" in page.locator(".receipt").inner_text()
    page.get_by_role("link", name="Xem các phần việc khác").click()
    assert "Đang chờ văn phòng" in page.locator("main").inner_text()
    context.close()
    state = next(one for one in at_work.story.status() if one.path == "1")
    assert (state.state, state.standing) == ("reported", "done_in_time")  # the letter is of the last day in time


def test_nothing_is_wider_than_a_small_phone(at_work: OfficeOnline, phone: Page) -> None:
    _, base = at_work.link(OURS)
    mine = obligations(at_work, OURS)["1"]
    phone.set_viewport_size({"width": 320, "height": 640})
    for path in ("", f"/{mine}/report", f"/{mine}/extension", f"/{mine}/return"):
        phone.goto(base + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320
        assert phone.locator("script").count() == 0


def test_a_page_that_breaks_says_so_politely_and_no_token_is_written_to_the_log(
    at_work: OfficeOnline, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("hỏng")

    _, base = at_work.link(OURS)
    monkeypatch.setattr("web.pages.answer.work_of", breaks)
    answer = at_work.client().get(base)
    assert (answer.status_code, "Hệ thống gặp lỗi" in answer.text, "RuntimeError" in answer.text) == (500, True, False)
    assert "hỏng" in caplog.text
    assert base.rpartition("-")[2] not in caplog.text
    assert all(base not in str(vars(record)) for record in caplog.records)
