"""The lists as somebody at a desk or with a phone uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import event

from domain.accounts import Rank, add_account
from domain.life.extensions import ask
from domain.offices import the_office
from domain.people import add_official, put_in_charge
from domain.policy import Role
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft
from tests.web.conftest import sign_in
from tests.web.office_online import PASSWORD, OfficeOnline

NOW = "2018-04-02 09:00"
ROW = re.compile(r'<a class="list-main[^"]*" href="([^"]+)">([^<]*)</a>')
LISTS = ("obligations", "directives", "conclusions", "agencies")


def busy(story: OfficeStory) -> OfficeStory:
    """A late agency, one in time, one undated, one that is done; words to be searched for."""
    story.files(
        draft(
            directive("Sở Nội vụ", "2018-03-20", path="1", text="Báo cáo kết quả cải cách hành chính."),
            directive("Sở Y tế", "2018-04-05", path="2", text="Phòng, chống dịch sốt xuất huyết."),
            directive("Sở Xây dựng", None, path="3", text="Rà soát quy hoạch đô thị."),
            directive("Sở Ngoại vụ", "2018-03-30", path="4", text="Chuẩn bị hội nghị xúc tiến đầu tư."),
            number="77/TB-VP",
        ),
        "2018-03-07 09:00",
    )
    story.now = parse_moment("2018-03-20 10:00")
    story.reports("Sở Ngoại vụ")
    come_to(story, NOW)
    return story


def come_to(story: OfficeStory, moment: str) -> None:
    """The office, and with it what its pages call now, has come to a moment."""
    story.now = parse_moment(moment)
    with story.ledger.change(now=story.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated_at = story.now


def many(story: OfficeStory, directives: int) -> None:
    story.files(draft(*[directive("Sở Y tế", "2018-05-01", path=str(n)) for n in range(directives)]), NOW)


def words(client: httpx.Client, path: str) -> list[str]:
    """What each row of a list says first."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return [unescape(found[1]) for found in ROW.findall(answer.text)]


@contextmanager
def statements(online: OfficeOnline) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(online.story.ledger.engine, "before_cursor_execute", note)
    yield seen
    event.remove(online.story.ledger.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", [*(f"/{name}" for name in LISTS), "/mine", "/directives/1", "/obligations.csv"])
def test_a_stranger_sees_no_list(online: OfficeOnline, path: str) -> None:
    busy(online.story)
    assert online.client().get(path).status_code == 303


def test_a_viewer_sees_the_late_work_first_with_all_that_tells_whom_to_call(any_online: OfficeOnline) -> None:
    busy(any_online.story)
    client = any_online.client(Rank.VIEWER)
    assert words(client, "/obligations") == [
        "Báo cáo kết quả cải cách hành chính.",
        "Phòng, chống dịch sốt xuất huyết.",
        "Rà soát quy hoạch đô thị.",
        "Chuẩn bị hội nghị xúc tiến đầu tư.",
    ]
    html = client.get("/obligations?standing=overdue").text
    for said in ("Quá hạn", "muộn 14 ngày", "trước ngày 20/3/2018, tức hết thứ Hai 19/3/2018", "Sở Nội vụ", "77/TB-VP"):
        assert said in html
    assert "sốt xuất huyết" not in html


def test_the_words_that_were_typed_need_no_accents_and_stay_in_the_address(any_online: OfficeOnline) -> None:
    busy(any_online.story)
    client = any_online.client(Rank.VIEWER)
    for typed in ("sot xuat huyet", "SO Y TE", "77/tb-vp dịch"):
        assert words(client, f"/obligations?q={typed}") == ["Phòng, chống dịch sốt xuất huyết."]
    assert words(client, "/conclusions?q=quy hoach") == ["77/TB-VP"]
    assert words(client, "/directives?q=so xay dung") == ["Rà soát quy hoạch đô thị."]
    assert words(client, "/agencies?q=so y te") == ["Sở Y tế"]
    assert 'value="SO Y TE"' in client.get("/obligations?q=SO Y TE").text


def test_every_parameter_that_pages_share_narrows_the_list(online: OfficeOnline) -> None:
    story = busy(online.story)
    story.does(ask, story.obligation("Sở Y tế"), parse_moment("2018-05-01"), "chờ", "ông A")
    one, client = story.one("Sở Y tế"), online.client(Rank.VIEWER)
    dengue = ["Phòng, chống dịch sốt xuất huyết."]
    for query in (
        f"agency={one.agency_id}",
        f"directive={one.directive_id}",
        "waiting=decide",
        "due_from=2018-04-04&due_to=2018-04-04",
        "due_from=04/4/2018&due_to=2018-04-04&state=assigned&standing=in_time&q=&sort=&page=1",
    ):
        assert words(client, f"/obligations?{query}") == dengue, query
    assert len(words(client, "/obligations?conclusion=1")) == 4
    assert words(client, "/obligations?owner=999") == []
    assert words(client, "/obligations?waiting=verify") == ["Chuẩn bị hội nghị xúc tiến đầu tư."]


@pytest.mark.parametrize(
    "query", ["standing=late", "agency=x", "agency=-1", f"agency={2**70}", "page=x", "sort=secret", "waiting=all"]
)
def test_what_no_list_has_is_not_there(online: OfficeOnline, query: str) -> None:
    assert online.client(Rank.VIEWER).get(f"/obligations?{query}").status_code == 404


def test_a_day_that_is_none_is_said_to_be_none(online: OfficeOnline) -> None:
    answer = online.client(Rank.VIEWER).get("/obligations?due_from=31/02/2018")
    assert answer.status_code == 422
    assert "31/02/2018" in answer.text


def test_fifty_rows_make_a_page_and_the_address_leads_on_with_the_same_filter(online: OfficeOnline) -> None:
    many(online.story, 120)
    client = online.client(Rank.VIEWER)
    html = client.get("/obligations?standing=in_time&sort=-notice").text
    assert "1–50 trong 120" in html
    assert '/obligations?standing=in_time&amp;sort=-notice&amp;page=2"' in html
    found = [words(client, f"/obligations?standing=in_time&sort=-notice&page={page}") for page in (1, 2, 3, 4)]
    assert [len(page) for page in found] == [50, 50, 20, 0]
    assert len({word for page in found for word in page}) == 120
    assert found[0][0] == "Nội dung mục 119."


def test_a_header_says_how_the_list_is_sorted_and_turns_it_round(online: OfficeOnline) -> None:
    busy(online.story)
    html = online.client(Rank.VIEWER).get("/obligations?sort=due&state=assigned").text
    assert '<th scope="col" aria-sort="ascending"><a href="/obligations?state=assigned&amp;sort=-due">' in html
    assert html.count('aria-sort="none"') == 3


def test_what_was_typed_runs_nowhere(online: OfficeOnline) -> None:
    client = online.client(Rank.VIEWER)
    for name in LISTS:
        html = client.get(f"/{name}", params={"q": '"><script>alert(1)</script>'}).text
        assert "<script>alert" not in html


def test_words_of_a_notice_run_nowhere_either(online: OfficeOnline) -> None:
    bad = "<img src=x onerror=alert(1)>"
    online.story.files(draft(directive("Sở Y tế", "2018-05-01", text=bad), number="<b>1</b>/TB"), NOW)
    client = online.client(Rank.VIEWER)
    for path in ("/obligations", "/directives", "/conclusions", "/directives/1", "/mine?owner=1"):
        html = client.get(path).text
        assert "<img src=x" not in html
        assert "<b>1</b>" not in html


def test_each_number_of_a_conclusion_leads_to_the_list_of_just_that_many(any_online: OfficeOnline) -> None:
    busy(any_online.story)
    client = any_online.client(Rank.VIEWER)
    for path in ("/conclusions", "/directives", "/directives/1"):
        links = re.findall(r'href="(/obligations\?[^"]*standing=[a-z_]+)"[^>]*>\D*(\d+)', client.get(path).text)
        assert links
        for link, number in links:
            assert len(words(client, unescape(link))) == int(number)


def test_agencies_stand_with_what_is_late_and_whom_to_write_to(any_online: OfficeOnline) -> None:
    busy(any_online.story)
    client = any_online.client(Rank.VIEWER)
    assert words(client, "/agencies")[0] == "Sở Nội vụ"
    html = client.get("/agencies?q=so noi vu").text
    assert "1 quá hạn" in html
    assert "so-noi-vu@coquan.example" in html
    assert words(client, "/agencies?level=district&sort=name") == sorted(
        words(client, "/agencies?level=district&sort=-name"),
        key=words(client, "/agencies?level=district&sort=name").index,
    )
    assert words(client, "/agencies?standing=overdue") == ["Sở Nội vụ"]


def test_the_matrix_shows_which_agencies_have_signed(any_online: OfficeOnline) -> None:
    story = any_online.story
    story.files(draft(directive(["Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"], "2018-03-15")), "2018-03-07 09:00")
    story.now = parse_moment("2018-03-12 09:00")
    story.reports("Sở Nội vụ", percent=40)
    story.reports("Sở Tư pháp")
    come_to(story, NOW)
    client = any_online.client(Rank.VIEWER)
    assert words(client, "/directives/1") == ["Sở Nội vụ", "Sở Y tế", "Sở Tư pháp"]
    html = client.get("/directives/1").text
    assert re.search(r'<span class="list-number">2</span> đã có tin', html)
    assert re.search(r'<span class="list-number">1</span> đã báo cáo hoàn thành', html)
    assert "40% · 09:00 12/3/2018" in html
    assert client.get("/directives/999").status_code == client.get("/directives/x").status_code == 404


def test_recurring_work_shows_its_periods_beside_each_other(online: OfficeOnline) -> None:
    weekly = {
        "kind": "recurring",
        "phrase": "hằng tuần",
        "rrule": "FREQ=WEEKLY;BYDAY=FR;BYHOUR=0;BYMINUTE=0;BYSECOND=0",
    }
    online.story.files(draft(directive("Sở Y tế", deadline=weekly)), "2018-03-07 09:00")
    online.story.waits_until("2018-03-20 09:00")
    come_to(online.story, "2018-03-20 09:00")
    html = online.client(Rank.VIEWER).get("/directives/1").text
    assert [f">{day}/3/2018</th>" in html for day in ("08", "15", "22")] == [True] * 3
    assert html.count('class="list-cell"') == 3


def test_an_owner_finds_what_waits_for_them_first_then_what_is_late(any_online: OfficeOnline) -> None:
    story = busy(any_online.story)
    lan = story.does(add_official, Role.OWNER, "Bà Lan", "Lan@vanphong.example")
    filed = story.files(draft(directive("Sở Tư pháp", "2018-03-25", text="Kiểm tra văn bản.")), NOW)
    story.does(put_in_charge, filed.conclusion, lan, Role.OWNER)
    with story.ledger.change(now=story.now, actor="test") as change:
        add_account(change, "lan", "Lan", Rank.CLERK, PASSWORD, "lan@vanphong.example")
    client = any_online.client()
    client.post("/login", data={"username": "lan", "password": PASSWORD})
    html = client.get("/mine").text
    parts = re.findall(r'id="h-(\w+)"', html)
    assert parts == ["verify", "overdue", "soon", "conclusions"]
    assert "Kiểm tra văn bản." in html
    other = client.get("/mine?owner=1").text
    assert "Kiểm tra văn bản." not in other
    assert client.get("/mine?owner=999").status_code == 404


def test_whoever_owns_nothing_is_told_how_an_owner_is_named(online: OfficeOnline) -> None:
    html = online.client(Rank.VIEWER).get("/mine").text
    assert "dondoc people" in html
    assert 'href="/people"' in html


WIDEST = "q=so+noi+vu&standing=overdue&state=assigned&owner=1&conclusion=1&due_from=2018-01-01&due_to=2018-12-31"


@pytest.mark.parametrize(
    "path", [f"/{name}{query}" for name in LISTS for query in ("", f"?{WIDEST}")] + ["/mine?owner=1", "/directives/1"]
)
def test_a_page_takes_under_fifteen_statements_however_many_rows_it_has(any_online: OfficeOnline, path: str) -> None:
    busy(any_online.story)
    client = any_online.client(Rank.VIEWER)
    with statements(any_online) as few:
        client.get(path)
    many(any_online.story, 60)
    with statements(any_online) as more:
        assert client.get(path).status_code == 200
    assert len(few) < 15
    assert len(more) == len(few)


def test_the_text_of_a_notice_is_not_read_for_a_list(online: OfficeOnline) -> None:
    busy(online.story)
    client = online.client(Rank.VIEWER)
    with statements(online) as seen:
        for path in (*(f"/{name}" for name in LISTS), "/mine?owner=1", "/directives/1", "/conclusions.csv"):
            assert client.get(path).status_code == 200
    assert not [one for one in seen if "source_text" in one]


def test_at_a_desk_the_list_follows_what_is_typed_and_so_does_the_address(online: OfficeOnline, desk: Page) -> None:
    busy(online.story)
    sign_in(desk, online, "viewer")
    desk.goto("/obligations")
    desk.fill("#f-q", "sot xuat huyet")
    expect(desk.locator("#list .list-main")).to_have_count(1)
    expect(desk.locator("#count")).to_have_text("1–1 trong 1")
    desk.wait_for_url("**/obligations?q=sot+xuat+huyet")
    desk.select_option("#f-standing", "overdue")
    expect(desk.locator("#list .empty-title")).to_be_visible()
    desk.wait_for_url("**/obligations?q=sot+xuat+huyet&standing=overdue")
    desk.reload()
    assert desk.input_value("#f-q") == "sot xuat huyet"
    assert desk.input_value("#f-standing") == "overdue"


def test_without_a_script_the_filter_is_a_plain_form(online: OfficeOnline) -> None:
    busy(online.story)
    html = online.client(Rank.VIEWER).get("/obligations").text
    form = re.search(
        r'<form class="card mb-3 list-filter" method="get" action="/obligations".*?</form>', html, re.DOTALL
    )
    assert form
    names = set(re.findall(r' name="(\w+)"', form[0]))
    assert names == {"q", "standing", "agency", "state", "waiting", "owner", "due_from", "due_to", "sort", "all"}
    assert "<button" in form[0]


@pytest.mark.parametrize("path", [*(f"/{name}" for name in LISTS), "/mine?owner=1", "/directives/1"])
def test_on_a_phone_nothing_runs_over_the_edge(online: OfficeOnline, phone: Page, path: str) -> None:
    busy(online.story)
    sign_in(phone, online, "viewer")
    phone.goto(path)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    first = phone.locator(".list-table .list-main").first
    expect(first).to_be_visible()
    box = first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360


def test_a_list_in_english_says_the_same(online: OfficeOnline) -> None:
    busy(online.story)
    client = online.client(Rank.VIEWER)
    client.cookies.set("dondoc_language", "en")
    html = client.get("/obligations?standing=overdue").text
    assert "14 days late" in html
