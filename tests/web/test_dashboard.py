"""The manager looks at the dashboard, holds and approves; the pages and Prefect's runs lead to each other."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import Page, expect
from sqlalchemy import event
from sqlmodel import col, select

from domain.audit import AuditEntry
from domain.checkpoints import Checkpoint, Fate
from domain.coming import coming_rounds
from domain.conclusions import Conclusion
from domain.life import holding
from domain.moments import Kind
from domain.obligations import Standing
from domain.offices import the_office, working_time
from domain.views import planned_rows, summary_markdown
from domain.written import parse_moment
from flows.desk import deployment_name
from flows.scheduling import ROUND as FLOW
from flows.scheduling import slot_key
from notifications.outbox import Message, Status
from tests.story import OfficeStory, directive, draft
from tests.web.busy import OURS, make_busy
from tests.web.conftest import sign_in
from tests.web.office_online import OfficeOnline
from web.pages import dashboard
from web.prefect_runs import ROUND, PrefectRuns, tag_of

LATE = "Sở Tư pháp"


@pytest.fixture
def busy(online: OfficeOnline) -> OfficeOnline:
    """An office in which everything has happened once."""
    make_busy(online.story)
    return online


def filled(story: OfficeStory) -> None:
    """One agency late by weeks, one by a day, one with time left."""
    story.files(
        draft(
            directive(["Sở Tư pháp", "Sở Y tế"], "2018-03-09", path="1"),
            directive("Sở Tư pháp", "2018-03-20", path="2"),
            directive("Sở Nội vụ", "2018-03-30", path="3"),
            directive("Sở Công Thương", None, path="4"),
            number="51/TB-VP",
        )
    )
    story.holds_round()
    story.holds_round("2018-03-08 08:00")
    story.now = parse_moment("2018-03-13 10:00")
    story.reports("Sở Y tế")
    story.holds_round("2018-03-21 09:00")
    as_of(story)


def as_of(story: OfficeStory) -> None:
    """The pages speak of the moment to which the story has come."""
    with story.ledger.change(now=story.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated_at = story.now


def board(client: httpx.Client) -> HtmlElement:
    answer = client.get("/")
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def count_of(tree: HtmlElement, id_: str) -> int:
    """The number that a figure of the page shows."""
    return int("".join(c for c in tree.get_element_by_id(id_).xpath('span[@class="board-number"]')[0].text))


def test_the_manager_sees_the_standings_that_the_status_has(any_online: OfficeOnline) -> None:
    filled(any_online.story)
    tree, rows = board(any_online.client("manager")), any_online.story.status()
    for one in Standing:
        assert count_of(tree, f"figure-{one}") == sum(row.standing == one for row in rows), one
        assert tree.get_element_by_id(f"figure-{one}").get("href") == f"/obligations?standing={one}"
    late = tree.xpath('//li[@class="board-late-row"]')
    assert [" ".join(row.text_content().split())[:10] for row in late] == ["Sở Tư pháp"]
    assert "lâu nhất 13 ngày" in late[0].text_content()  # since 08/3, the last day in time
    assert late[0].xpath('.//a[starts-with(@href, "mailto:")]/@href') == ["mailto:so-tu-phap@coquan.example"]


def test_in_ten_seconds_the_manager_knows_what_is_late_and_whom_to_call(busy: OfficeOnline, desk: Page) -> None:
    sign_in(desk, busy, "manager")
    desk.goto("/")
    for id_ in ("figure-overdue", "h-late", "h-waits", "waits-verify"):
        box = desk.locator(f"#{id_}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 900, id_  # without scrolling
    desk.click(".board-late-bar >> nth=0")
    expect(desk.locator("h1")).to_have_text("Phần việc")
    assert "standing=overdue&agency=" in desk.url


def test_whoever_left_a_telephone_number_can_be_called_with_one_touch(busy: OfficeOnline, phone: Page) -> None:
    story = busy.story
    story.files(draft(directive(OURS, "2018-03-20", path="1"), number="135/TB-VP"))
    story.holds_round("2018-03-21 09:00")
    as_of(story)
    sign_in(phone, busy, "manager")
    phone.goto("/")
    row = phone.locator(".board-late-row", has_text=OURS)
    expect(row.locator("a[href='tel:0912345678']")).to_contain_text("0912345678")
    expect(row).to_contain_text("Trần Bình")


def test_what_waits_for_the_office_is_counted_and_leads_to_its_list(busy: OfficeOnline) -> None:
    with busy.story.ledger.change(now=busy.story.now, actor="test") as change:
        some = change.session.exec(select(Message).order_by(col(Message.id)).limit(3)).all()
        for message, status in zip(some, (Status.FAILED, Status.FAILED, Status.UNKNOWN), strict=True):
            message.status = status
    client = busy.client("manager")
    shown = {
        row.xpath("(a|span)/text()")[0]: int(row.xpath('span[contains(@class, "board-count")]/text()')[0])
        for row in board(client).xpath('//ul[@class="board-counts"]/li')
    }
    assert (shown["Tin không gửi được"], shown["Tin chưa rõ đã tới hay chưa"]) == (2, 1)
    states = [row.state for row in busy.story.status()]
    assert shown["Báo cáo chờ thẩm tra"] == states.count("reported") > 0
    assert shown["Việc bị trả lại chờ xử lý"] == states.count("returned") > 0
    assert (shown["Đề nghị gia hạn chờ quyết định"] > 0, shown["Thông báo chưa vào sổ xong"] > 0) == (True, True)


def test_a_viewer_is_offered_nothing_that_a_viewer_may_not_do(busy: OfficeOnline) -> None:
    viewer = busy.client("viewer")
    for path in ("/", "/sheet", "/rounds"):
        tree = html.fromstring(viewer.get(path).text)
        assert not [form.get("action") for form in tree.iter("form") if "/sheet/" in (form.get("action") or "")]
        assert not tree.xpath('//main//a[@href="/filing"]')


def test_the_dashboard_stays_as_it_is_while_nothing_happens_and_renews_itself_when_something_does(
    busy: OfficeOnline,
) -> None:
    manager = busy.client("manager")
    seen = board(manager).get_element_by_id("live").get("hx-get")
    assert manager.get(seen).status_code == 204
    point = open_point(busy.story)
    busy.story.does(holding.hold, point.id, "Chờ đã.")
    answer = manager.get(seen)
    assert answer.status_code == 200
    fragment = html.fromstring(answer.text)
    assert fragment.get("id") == "live"
    assert fragment.get("hx-get") != seen
    assert manager.get(fragment.get("hx-get")).status_code == 204
    busy.story.now = busy.story.now.add(minutes=1)
    as_of(busy.story)
    assert manager.get(fragment.get("hx-get")).status_code == 200


def test_the_page_renews_itself_before_the_managers_eyes(busy: OfficeOnline, desk: Page) -> None:
    desk.clock.install()
    sign_in(desk, busy, "manager")
    desk.goto("/")
    before = int(desk.locator("#waits-held + .board-count").inner_text())
    busy.story.does(holding.hold, open_point(busy.story).id, "Chờ đã.")
    desk.clock.run_for(16_000)
    expect(desk.locator("#waits-held + .board-count")).to_have_text(str(before + 1))


def test_the_dashboard_asks_the_database_little_and_less_the_second_time(busy: OfficeOnline) -> None:
    manager, asked = busy.client("manager"), list[str]()
    event.listen(busy.story.ledger.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    counts = []
    for path in ("/", "/", "/sheet", "/rounds"):
        asked.clear()
        assert manager.get(path).status_code == 200
        counts.append(len([one for one in asked if not one.startswith("BEGIN")]))
    assert max(counts) < 15, counts
    assert counts[1] < 5, counts


def open_point(story: OfficeStory, kind: Kind | None = None) -> Checkpoint:
    """The next checkpoint that may be held."""
    with story.ledger.look() as session:
        rows = planned_rows(session, story.ledger.office_id, Checkpoint.fate == Fate.OPEN)
    return next(row.checkpoint for row in rows if kind in (None, row.checkpoint.kind))


def points(story: OfficeStory) -> list[tuple[Any, ...]]:
    """Every checkpoint as it stands."""
    with story.ledger.look() as session:
        rows = planned_rows(session, story.ledger.office_id)
    return [(one.id, one.fate, one.at, one.approved_at) for one in (row.checkpoint for row in rows)]


def acts(story: OfficeStory) -> list[tuple[Any, ...]]:
    """What the audit trail says of held, released and approved."""
    with story.ledger.look() as session:
        rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq)))
        return [(one.verb, one.subject, one.payload) for one in rows if one.verb.startswith(("checkpoint.", "level."))]


def test_holding_by_click_leaves_the_same_ledger_as_by_command(
    busy: OfficeOnline, desk: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    twin = OfficeStory.made(tmp_path_factory.mktemp("twin") / "home")
    make_busy(twin)
    point = open_point(busy.story)
    sign_in(desk, busy, "manager")
    desk.goto("/sheet")
    row = desk.locator(f"#point-{point.id}")
    row.locator("input[name=reason]").fill("Chờ ý kiến Chủ tịch.")
    row.get_by_role("button").click()
    expect(desk.locator("[role=status]")).to_contain_text("Đã giữ lại")
    twin.does(holding.hold, point.id, "Chờ ý kiến Chủ tịch.")
    assert (points(busy.story), acts(busy.story)) == (points(twin), acts(twin))
    desk.locator(f"#held form:has(input[value='{point.id}'])").get_by_role("button").click()
    expect(desk.locator("[role=status]")).to_contain_text("Đã thôi giữ")
    twin.does(holding.let_go, point.id)
    assert (points(busy.story), acts(busy.story)) == (points(twin), acts(twin))
    twin.ledger.engine.dispose()
    assert ("nguoi-manager", "checkpoint.held") in busy.audit()


def climbing(story: OfficeStory) -> None:
    """A level that needs approval comes up tomorrow."""
    with story.ledger.change(now=story.now, actor="test") as change:
        office = the_office(change.session, change.office_id)
        levels = [dict(one) for one in office.follow_up["ladder"]]  # type: ignore[attr-defined]
        levels[0]["needs_approval"] = True
        office.follow_up = office.follow_up | {"ladder": levels}
    story.files(draft(directive(LATE, "2018-03-09"), number="52/TB-VP"), "2018-03-07 09:00")
    story.waits_until("2018-03-09 15:00")
    as_of(story)


def test_approving_by_click_leaves_the_same_ledger_as_by_command(
    online: OfficeOnline, desk: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    twin = OfficeStory.made(tmp_path_factory.mktemp("twin") / "home")
    climbing(twin)
    climbing(online.story)
    sign_in(desk, online, "manager")
    desk.goto("/")
    expect(desk.locator("#waits-approve + .board-count")).to_have_text("1")
    point = open_point(online.story, Kind.ESCALATE)
    desk.click(f"#approve-{point.id}")
    expect(desk.locator("[role=status]")).to_contain_text("Đã duyệt")
    expect(desk.locator("h1")).to_have_text("Tổng quan")
    twin.does(holding.approve, point.obligation_id)
    assert (points(online.story), acts(online.story)) == (points(twin), acts(twin))
    twin.ledger.engine.dispose()
    expect(desk.locator("#waits-approve + .board-count")).to_have_text("0")


def test_a_level_is_not_approved_twice_by_a_page_that_was_open_too_long(online: OfficeOnline) -> None:
    climbing(online.story)
    manager, point = online.client("manager"), open_point(online.story, Kind.ESCALATE)
    first = online.posts(manager, "/sheet/approve", shown_at="/sheet", checkpoint=point.id, back="/")
    assert (first.status_code, first.headers["location"]) == (303, "/?done=dashboard.approved")
    second = online.posts(manager, "/sheet/approve", shown_at="/sheet", checkpoint=point.id)
    assert second.status_code == 422
    assert [verb for verb, _, _ in acts(online.story)].count("level.approved") == 1


def test_what_cannot_be_held_is_refused_and_nothing_typed_is_lost(busy: OfficeOnline) -> None:
    manager, point, before = busy.client("manager"), open_point(busy.story), acts(busy.story)
    refused = busy.posts(manager, "/sheet/hold", shown_at="/sheet", checkpoint=point.id, reason="x" * 5000)
    assert refused.status_code == 422
    assert "x" * 5000 in refused.text
    for wrong in ("0", "999999", "²", "1e3", ""):
        answer = busy.posts(manager, "/sheet/hold", shown_at="/sheet", checkpoint=wrong, reason="Chờ.")
        assert answer.status_code == 422, wrong
    assert acts(busy.story) == before
    back = busy.posts(
        manager, "/sheet/hold", shown_at="/sheet", checkpoint=point.id, reason="Chờ.", back="//evil.example"
    )
    assert back.headers["location"] == "/sheet?done=dashboard.held"


@pytest.mark.parametrize("rank", ["viewer", "clerk"])
def test_only_a_manager_holds_and_approves(busy: OfficeOnline, rank: str) -> None:
    client, point, before = busy.client(rank), open_point(busy.story), acts(busy.story)
    for deed in ("hold", "let-go", "approve"):
        answer = busy.posts(client, f"/sheet/{deed}", shown_at="/account", checkpoint=point.id, reason="Chờ.")
        assert answer.status_code == 403
    assert acts(busy.story) == before


def test_the_sheet_says_the_most_serious_first(online: OfficeOnline) -> None:
    climbing(online.story)
    online.story.files(draft(directive(["Sở Y tế", "Sở Nội vụ"], "2018-03-14"), number="53/TB-VP"))
    online.story.holds_round()
    tree = html.fromstring(online.client("manager").get("/sheet").text)
    tomorrow = [
        " ".join(one.text_content().split()) for one in tree.xpath('//section[@aria-labelledby="h-tomorrow"]//strong')
    ]
    assert tomorrow[0] == "Báo cáo vượt cấp 1 chờ duyệt"
    assert "Nhắc trước 1 ngày làm việc" in tomorrow[1:]


class Prefect(BaseHTTPRequestHandler):
    """As much of Prefect as the pages ask of it."""

    asked: list[dict[str, Any]]
    runs: list[dict[str, Any]]

    def do_POST(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append({"path": self.path, **wanted})
        states = wanted["flow_runs"]["state"]["type"]["any_"]
        body = json.dumps([run for run in self.runs if run["state_type"] in states]).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def prefect(*runs: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A Prefect that knows some runs; answers its address and what it is asked."""
    handler = type("Handler", (Prefect,), {"asked": [], "runs": list(runs)})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler.asked  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def a_run(id_: str, slot: str, state: str = "SCHEDULED") -> dict[str, Any]:
    tags = ["51/TB-VP", slot_key(parse_moment(slot))]
    return {"id": id_, "name": f"Đợt đôn đốc {slot}", "state_type": state, "tags": tags}


def test_rounds_lead_to_their_runs_in_prefect(online: OfficeOnline, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(online.story)
    with online.story.ledger.look() as session:
        hours = working_time(session, online.story.ledger.office_id)
        first = coming_rounds(session, online.story.ledger.office_id, online.story.now, hours, 1)[0].at
    coming, past = f"{first:%Y-%m-%d %H:%M}", "2018-03-08 08:00"
    with prefect(a_run("aaa", coming), a_run("old", coming, "FAILED"), a_run("bbb", past, "COMPLETED")) as (url, asked):
        settings = online.story.settings.model_copy(update={"prefect_api_url": f"{url}/api"})
        online.app.state.settings = settings
        tree = board(online.client("viewer"))
        assert tree.get_element_by_id("run-1").get("href") == f"{url}/runs/flow-run/aaa"
        rounds = html.fromstring(online.client("viewer").get("/rounds").text)
        assert rounds.xpath('//*[@aria-labelledby="h-coming"]//td/a/@href') == [f"{url}/runs/flow-run/aaa"]
        assert rounds.xpath('//*[@aria-labelledby="h-past"]//td/a/@href') == [f"{url}/runs/flow-run/bbb"]
        assert len(asked) == 2  # its answer is kept for some seconds
        assert asked[0]["deployments"] == {"name": {"any_": [deployment_name(settings)]}}
        assert {one["path"] for one in asked} == {"/api/flow_runs/filter"}


def test_the_pages_find_runs_as_the_flows_name_them(office: OfficeStory) -> None:
    slot = parse_moment("2018-03-21 14:00")
    assert (ROUND, tag_of(slot)) == (FLOW, slot_key(slot))


def test_where_prefect_does_not_answer_a_line_says_so_and_nothing_else_is_missing(online: OfficeOnline) -> None:
    filled(online.story)
    for path in ("/", "/rounds"):
        text = online.client("viewer").get(path).text
        assert "không chạy qua Prefect" in text
        assert "/runs/flow-run/" not in text
    with online.story.ledger.change(now=online.story.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated = False
    assert "Prefect hiện không trả lời" in online.client("viewer").get("/rounds").text


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'[{"id": 1}]', b"{}"])
def test_whatever_prefect_answers_the_pages_stand(office: OfficeStory, body: bytes) -> None:
    def answer(self: BaseHTTPRequestHandler) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    with prefect() as (url, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prefect, "do_POST", answer)
        runs = PrefectRuns(office.settings.model_copy(update={"prefect_api_url": f"{url}/api"})).runs()
    assert runs.by_slot == {}


def test_artifacts_in_prefect_lead_back_to_the_pages(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09", path="1"), number="489/TB-VP"))
    with office.ledger.look() as session:
        conclusion = session.exec(select(Conclusion)).one()
        text = summary_markdown(session, conclusion, office.now, "https://don-doc.example")
    assert f"(https://don-doc.example/conclusions/{conclusion.id})" in text.splitlines()[0]
    assert re.search(r"\| \[1\]\(https://don-doc\.example/obligations/\d+\) \| Sở Nội vụ \|", text)


def test_a_new_office_has_a_dashboard_too(any_online: OfficeOnline) -> None:
    tree = board(any_online.client("manager"))
    assert {count_of(tree, f"figure-{one}") for one in Standing} == {0}
    words = " ".join(tree.text_content().split())
    assert "Không có việc nào quá hạn." in words
    assert "Không có đợt nào sắp tới." in words
    for path in ("/sheet", "/rounds"):
        assert any_online.client("viewer").get(path).status_code == 200


def test_two_offices_never_see_each_others_figures(online: OfficeOnline, any_office: OfficeStory) -> None:
    filled(online.story)
    assert count_of(board(online.client("viewer")), "figure-overdue") == 2
    assert online.story.ledger in dashboard.MEMORY._kept
    assert any_office.ledger not in dashboard.MEMORY._kept
