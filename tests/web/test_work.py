"""The pages of one obligation, one notice and one message, and every act of the office on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from domain.actors import By
from domain.audit import AuditEntry
from domain.conclusions import Conclusion
from domain.life import extensions, handing, verification
from domain.life.machine import MACHINE, Deed, allowed
from domain.obligations import Obligation, State
from domain.offices import the_office
from domain.reports import COMPLETE, Attachment, Said, report
from domain.store import Change
from tests.story import OfficeStory, directive, draft
from tests.web.busy import OTHERS, OURS, THEIRS, make_busy
from tests.web.conftest import sign_in
from tests.web.office_online import OfficeOnline
from web.acts import ACTS


@pytest.fixture
def at_work(online: OfficeOnline) -> OfficeOnline:
    """An office in which everything has happened once; it is the 20th of March, 2018."""
    make_busy(online.story)
    return online


def ids(online: OfficeOnline) -> dict[tuple[str, str, str], int]:
    return {(row.conclusion, row.path, row.agency): row.id for row in online.story.status()}


def standing_of(story: OfficeStory, id_: int) -> tuple[str, str, str]:
    row = next(one for one in story.status() if one.id == id_)
    return row.state, str(row.standing), str(row.due_before)


def verbs(story: OfficeStory, since: int) -> list[tuple[str, dict[str, object] | None]]:
    with story.ledger.look() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.seq > since).order_by(AuditEntry.seq)).all()  # type: ignore[arg-type]
    return [(row.verb, row.payload) for row in rows if not row.verb.startswith("account.")]


def last(story: OfficeStory) -> int:
    with story.ledger.look() as session:
        return max(session.exec(select(AuditEntry.seq)).all())


DONE, ASKED, BACK, LATE = (
    ("32/TB-VP", "4", OURS),
    ("32/TB-VP", "3", THEIRS),
    ("32/TB-VP", "2", OTHERS),
    ("31/TB-VP", "1", OURS),
)
Doing = Callable[[Change, int], object]
SAME: list[tuple[tuple[str, str, str], str, dict[str, str], Doing]] = [
    (DONE, "accept", {"note": "Đủ."}, lambda c, i: verification.accept(c, i, "Đủ.")),
    (DONE, "reject", {"reason": "Thiếu phụ lục."}, lambda c, i: verification.reject(c, i, "Thiếu phụ lục.")),
    (ASKED, "grant", {"reason": "Được."}, lambda c, i: extensions.extend(c, i, None, "Được.")),
    (ASKED, "refuse", {"reason": "Không."}, lambda c, i: extensions.refuse(c, i, "Không.")),
    (BACK, "insist", {"reason": "Đúng việc."}, lambda c, i: handing.insist(c, i, "Đúng việc.")),
    (
        BACK,
        "reassign",
        {"reason": "Đúng việc.", "agency": "Sở Y tế"},
        lambda c, i: handing.reassign(c, i, "Sở Y tế", "Đúng việc."),
    ),
    (LATE, "ask", {"note": "Họp giao ban."}, lambda c, i: handing.ask_status(c, i, "Họp giao ban.")),
    (LATE, "return", {"reason": "Nhầm.", "who": "Bình"}, lambda c, i: handing.give_back(c, i, "Nhầm.", "Bình")),
    (LATE, "close", {"reason": "Đã bàn giao."}, lambda c, i: handing.close(c, i, "Đã bàn giao.")),
    (LATE, "cancel", {"reason": "Thay thế."}, lambda c, i: handing.cancel(c, i, "Thay thế.")),
    (
        LATE,
        "report",
        {"what": "done", "reason": "Xong.", "who": "Bình"},
        lambda c, i: report(c, i, Said(COMPLETE, "Xong.", "Bình", who="Bình")),
    ),
]


@pytest.mark.parametrize(("which", "act", "fields", "same"), SAME, ids=[one[1] for one in SAME])
def test_what_a_manager_does_by_page_leaves_the_ledger_that_the_command_leaves(
    at_work: OfficeOnline, which: tuple[str, str, str], act: str, fields: dict[str, str], same: Doing
) -> None:
    twin = OfficeStory.made(at_work.story.settings.home.parent / "twin")
    make_busy(twin)
    id_, seen, twin_seen = ids(at_work)[which], last(at_work.story), last(twin)
    answer = at_work.posts(at_work.client("manager"), f"/obligations/{id_}/{act}", **fields)
    assert answer.status_code == 303, answer.text
    with twin.ledger.change(now=twin.now, actor="nguoi-manager") as change:
        same(change, id_)
    assert {row.id: standing_of(at_work.story, row.id) for row in at_work.story.status()} == {
        row.id: standing_of(twin, row.id) for row in twin.status()
    }
    assert verbs(at_work.story, seen) == verbs(twin, twin_seen)
    twin.ledger.engine.dispose()


def test_every_act_that_the_state_machine_allows_stands_on_the_page_and_no_other(at_work: OfficeOnline) -> None:
    manager, clerk, viewer = (at_work.client(rank) for rank in ("manager", "clerk", "viewer"))
    with at_work.story.ledger.look() as session:
        works = session.exec(select(Obligation)).all()
    offered_deeds: set[Deed] = set()
    for one in works:
        for client, side in ((manager, By.MANAGER), (clerk, By.CLERK)):
            text = client.get(f"/obligations/{one.id}").text
            offered = {name for name in ACTS if f'href="/obligations/{one.id}/{name}"' in text}
            deeds = {ACTS[name].deed for name in offered}
            possible = set(allowed(one, side))
            assert deeds <= possible, (one.state, deeds - possible)
            # a completion is one form with progress; an extension waits for a wish or a deadline
            optional = {Deed.COMPLETE, Deed.EXTEND, Deed.REFUSE_EXTENSION, Deed.ASK_EXTENSION}
            assert possible - deeds <= optional, (one.state, possible - deeds)
            offered_deeds |= deeds
        assert f"/obligations/{one.id}/" not in viewer.get(f"/obligations/{one.id}").text
    with_an_act = {act.deed for act in ACTS.values()}
    by_people = {deed for deed, rule in MACHINE.items() if rule.by != {By.SYSTEM}} - {Deed.COMPLETE}
    assert with_an_act == by_people


@pytest.mark.parametrize("act", ["accept", "grant", "reassign", "close", "cancel", "insist"])
def test_a_clerk_takes_down_but_does_not_decide(at_work: OfficeOnline, act: str) -> None:
    clerk, id_ = at_work.client("clerk"), ids(at_work)[LATE]
    before = standing_of(at_work.story, id_)
    assert clerk.get(f"/obligations/{id_}/{act}").status_code == 403
    fields = {"reason": "x", "agency": "Sở Y tế"}
    assert at_work.posts(clerk, f"/obligations/{id_}/{act}", shown_at="/account", **fields).status_code == 403
    assert standing_of(at_work.story, id_) == before


def test_a_refusal_keeps_what_was_typed_and_stores_nothing(at_work: OfficeOnline) -> None:
    manager, id_ = at_work.client("manager"), ids(at_work)[LATE]
    before = (standing_of(at_work.story, id_), len(at_work.story.messages()))
    for act, fields in (
        ("extend", {"last_day": "2018-03-01", "reason": "Chờ <b>Bộ</b>"}),
        ("extend", {"last_day": "", "reason": "Chờ <b>Bộ</b>"}),
        ("reassign", {"agency": "Sở Không Có", "reason": "Chờ <b>Bộ</b>"}),
        ("correct-deadline", {"last_day": "2018-04-01", "undated": "1", "reason": "Chờ <b>Bộ</b>"}),
        ("report", {"what": "progress", "percent": "", "reason": "Chờ <b>Bộ</b>"}),
        ("report", {"what": "done", "reason": "Chờ <b>Bộ</b>", "letter_number": "5/BC"}),
    ):
        answer = at_work.posts(manager, f"/obligations/{id_}/{act}", **fields)
        assert answer.status_code == 422, act
        assert "Chờ &lt;b&gt;Bộ&lt;/b&gt;" in answer.text
    assert at_work.posts(manager, f"/obligations/{id_}/accept").status_code == 422  # nothing was reported
    assert (standing_of(at_work.story, id_), len(at_work.story.messages())) == before


def test_obligations_can_be_made_to_settle_together_and_apart(at_work: OfficeOnline) -> None:
    clerk, known = at_work.client("clerk"), ids(at_work)
    one, other = known[LATE], known[("31/TB-VP", "2", THEIRS)]
    assert at_work.posts(clerk, f"/obligations/{one}/link", others=str(other)).status_code == 303
    assert f'href="/obligations/{other}"' in clerk.get(f"/obligations/{one}").text
    assert at_work.posts(clerk, f"/obligations/{one}/unlink").status_code == 303
    assert f'href="/obligations/{other}"' not in clerk.get(f"/obligations/{one}").text
    assert at_work.posts(clerk, f"/obligations/{one}/link", others="abc").status_code == 422


def test_a_report_that_the_office_takes_down_keeps_its_attachment(at_work: OfficeOnline) -> None:
    clerk, id_ = at_work.client("clerk"), ids(at_work)[LATE]
    files = [("files", ("công văn.pdf", b"%PDF-1.7\n"))]
    fields = {"what": "done", "reason": "Đã gửi.", "letter_number": "9/BC", "letter_date": "2018-03-19"}
    assert at_work.posts(clerk, f"/obligations/{id_}/report", files=files, **fields).status_code == 303
    with at_work.story.ledger.look() as session:
        kept = [one for one in session.exec(select(Attachment)) if one.name == "công văn.pdf"]
    file = clerk.get(f"/attachments/{kept[0].id}")
    assert (file.content, file.headers["content-type"]) == (b"%PDF-1.7\n", "application/octet-stream")
    assert file.headers["content-disposition"].startswith("attachment;")
    (at_work.story.settings.attachments_folder / kept[0].sha256).unlink()
    assert clerk.get(f"/attachments/{kept[0].id}").status_code == 404
    assert clerk.get("/attachments/99999999999").status_code == 404


def test_hostile_words_are_shown_and_run_nowhere(at_work: OfficeOnline, desk: Page) -> None:
    alarms: list[str] = []
    desk.on("dialog", lambda dialog: alarms.append(dialog.message))
    sign_in(desk, at_work, "manager")
    message = next(one for one in at_work.story.messages() if "script" in one.text)
    known = ids(at_work)
    for path in (
        f"/obligations/{known[('32/TB-VP', '1', OURS)]}",
        f"/obligations/{known[DONE]}",
        f"/obligations/{known[DONE]}/accept",
        "/conclusions/2",
        f"/messages/{message.id}",
        f"/messages/{message.id}/html",
    ):
        desk.goto(path)
        assert desk.locator("img[src=x]").count() == 0, path
    assert alarms == []


def test_the_notice_is_shown_with_its_directives_marked_and_where_each_stands(
    at_work: OfficeOnline, desk: Page
) -> None:
    sign_in(desk, at_work, "viewer")
    desk.goto("/conclusions/1")
    assert desk.locator("mark.found-directive").count() == 2
    assert "trước ngày 09-3-2018" in desk.locator("#notice-text").inner_text()
    desk.click("text=Xem trong nguyên văn >> nth=0")
    assert desk.url.endswith("#t-0")
    assert desk.locator("form[action$='/undo'], form[action$='/charge']").count() == 0
    desk.click(".conclusion-items a >> nth=0")
    assert desk.locator("h1").inner_text().startswith("Phần việc số")


def test_a_manager_names_who_is_in_charge_of_a_notice(at_work: OfficeOnline) -> None:
    manager = at_work.client("manager")
    answer = at_work.posts(manager, "/conclusions/1/charge", shown_at="/conclusions/1", role="owner", official="2")
    assert answer.status_code == 303
    assert at_work.posts(manager, "/conclusions/1/charge", shown_at="/conclusions/1", role="owner").status_code == 422
    assert ("nguoi-manager", "conclusion.in_charge") in at_work.audit()


def test_a_filing_is_undone_within_a_quarter_of_an_hour_and_not_after(online: OfficeOnline) -> None:
    online.story.files(draft(directive(OURS, "2018-03-29"), number="40/TB-VP"))
    set_clock(online.story)
    clerk = online.client("clerk")
    assert "Rút được đến" in clerk.get("/conclusions/1").text
    assert online.posts(clerk, "/conclusions/1/undo", shown_at="/conclusions/1", reason=" ").status_code == 422
    assert online.posts(clerk, "/conclusions/1/undo", shown_at="/conclusions/1", reason="Nhầm.").status_code == 303
    with online.story.ledger.look() as session:
        assert session.get_one(Conclusion, 1).withdrawal == 1
        assert session.exec(select(Obligation.state)).all() == [State.CANCELLED]
    assert "Rút được đến" not in clerk.get("/conclusions/1").text


def test_the_day_of_an_event_gives_its_deadline(online: OfficeOnline) -> None:
    waits: dict[str, Any] = {"kind": "relative", "phrase": "trong 10 ngày kể từ khi có hướng dẫn"}
    waits["waits_for"] = {"event": "có hướng dẫn", "count": 10, "unit": "day"}
    online.story.files(draft(directive(OURS, deadline=waits), number="41/TB-VP"))
    set_clock(online.story)
    clerk = online.client("clerk")
    assert "Chờ sự kiện: có hướng dẫn" in clerk.get("/conclusions/1").text
    fields = {"directive": "1", "on": "2018-03-12"}
    assert online.posts(clerk, "/conclusions/1/event", shown_at="/conclusions/1", **fields).status_code == 303
    (row,) = online.story.status()
    assert row.due_before is not None
    assert "Chờ sự kiện" not in clerk.get("/conclusions/1").text


def test_a_message_shows_what_was_sent_what_became_of_it_and_never_a_token(at_work: OfficeOnline) -> None:
    viewer = at_work.client("viewer")
    message = next(one for one in at_work.story.messages() if one.link_id is not None)
    text = viewer.get(f"/messages/{message.id}").text
    assert "[liên kết trả lời]" in text
    assert "đã gửi" in text
    shown = viewer.get(f"/messages/{message.id}/html")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "/a/" not in text + shown.text
    assert "\ue000" not in text + shown.text
    listed = viewer.get("/messages", params={"status": "sent", "q": "sở nội"}).text
    assert f"/messages/{message.id}" in viewer.get("/messages").text
    assert "Sở Nội vụ" in listed
    assert viewer.get("/messages", params={"status": "lost"}).status_code == 404
    assert viewer.get("/messages/999999999999").status_code == 404


def test_a_manager_verifies_what_an_agency_reported(at_work: OfficeOnline, desk: Page) -> None:
    sign_in(desk, at_work, "manager")
    id_ = ids(at_work)[DONE]
    desk.goto("/")
    desk.click("text=Báo cáo chờ thẩm tra")
    desk.click(f"a[href='/obligations/{id_}'] >> nth=0")
    desk.click("text=Chấp nhận báo cáo")
    assert "Phần việc kết thúc" in desk.locator("main").inner_text()
    desk.fill("#f-note", "Đủ hồ sơ.")
    desk.click("button.btn-primary:has-text('Chấp nhận báo cáo')")
    assert "Đã chấp nhận báo cáo" in desk.locator("[role=status]").inner_text()
    assert standing_of(at_work.story, id_)[0] == "done"


def set_clock(story: OfficeStory) -> None:
    """The pages of a simulated office speak of the moment it has come to."""
    with story.ledger.change(now=story.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated_at = story.now
