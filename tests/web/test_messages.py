"""The list of messages: found by fate, kind, agency and words, page by page, with what the server said."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page

from notifications.outbox import Attempt, Message, Status
from tests.story import OfficeStory
from tests.web.busy import OURS, make_busy
from tests.web.conftest import sign_in
from tests.web.office_online import OfficeOnline
from web.pages import messages

SHOWN = re.compile(r'href="/messages/(\d+)"')


@pytest.fixture
def at_work(online: OfficeOnline) -> OfficeOnline:
    make_busy(online.story)
    return online


def shown(client: httpx.Client, **asked: object) -> list[int]:
    answer = client.get("/messages", params=asked)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text[:300]
    return [int(id_) for id_ in SHOWN.findall(answer.text)]


def ids_of(story: OfficeStory, **wanted: object) -> list[int]:
    """The messages that are so, the newest first."""
    found = [one for one in story.messages() if all(getattr(one, name) == value for name, value in wanted.items())]
    return sorted((one.id or 0 for one in found), reverse=True)


def goes_wrong(story: OfficeStory, message_id: int, words: str) -> None:
    with story.ledger.change(now=story.now, actor="test") as change:
        row = change.session.get_one(Message, message_id)
        row.status, row.attempts = Status.FAILED, row.attempts + 1
        change.session.add(
            Attempt(message_id=message_id, number=row.attempts, at=story.now, outcome=Status.FAILED, detail=words)
        )


def test_messages_are_found_by_kind_agency_and_fate(at_work: OfficeOnline) -> None:
    viewer, story = at_work.client("viewer"), at_work.story
    agency = next(one.agency_id for one in story.messages() if one.recipient == OURS)
    assert shown(viewer) == ids_of(story)
    assert shown(viewer, kind="overdue") == ids_of(story, kind="overdue") != []
    assert shown(viewer, agency=agency) == ids_of(story, agency_id=agency) != []
    assert shown(viewer, agency=agency, kind="remind", status="sent") == ids_of(
        story, agency_id=agency, kind="remind", status="sent"
    )
    assert shown(viewer, status="failed") == []
    assert viewer.get("/messages", params={"kind": "lost"}).status_code == 404


@pytest.mark.parametrize("words", ["so noi vu", "SỞ NỘI VỤ", "snv", "so-noi-vu@"])
def test_an_agency_is_found_however_its_name_is_typed(at_work: OfficeOnline, words: str) -> None:
    found = shown(at_work.client("viewer"), q=words)
    assert set(ids_of(at_work.story, recipient=OURS)) <= set(found)
    assert len(found) < len(at_work.story.messages())


def test_people_of_the_office_and_numbers_of_notices_are_found_too(at_work: OfficeOnline) -> None:
    viewer, story = at_work.client("viewer"), at_work.story
    person = next(one.recipient for one in story.messages() if one.agency_id is None)
    assert person == "Chuyên viên theo dõi"
    assert shown(viewer, q="chuyen vien") == ids_of(story, recipient=person)
    assert 0 < len(shown(viewer, q="so noi vu 31/TB")) < len(shown(viewer, q="so noi vu"))
    for nothing in ("%", "_", "\\", "' or 1=1 --", "không có gì như vậy"):
        assert shown(viewer, q=nothing) == [], nothing


def test_every_message_stands_on_one_page_and_the_filter_goes_along(
    at_work: OfficeOnline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "A_PAGE", 3)
    viewer, address, seen = at_work.client("viewer"), "/messages?status=sent", list[int]()
    while address:
        text = viewer.get(address).text
        seen += [int(id_) for id_ in SHOWN.findall(text)]
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
        assert not address or "status=sent" in address
    assert seen == ids_of(at_work.story, status="sent")
    assert len(seen) > 3


def test_a_message_that_did_not_go_out_says_what_the_server_said(at_work: OfficeOnline) -> None:
    viewer, story = at_work.client("viewer"), at_work.story
    known = next(row.id for row in story.status() if (row.conclusion, row.path, row.agency) == ("31/TB-VP", "1", OURS))
    its = [int(id_) for id_ in SHOWN.findall(viewer.get(f"/obligations/{known}").text)]
    goes_wrong(story, its[0], "550 5.1.1 <b>no such user</b>")
    assert shown(viewer, status="failed") == [its[0]]
    for path in ("/messages?status=failed", f"/obligations/{known}", f"/messages/{its[0]}"):
        assert "550 5.1.1 &lt;b&gt;no such user&lt;/b&gt;" in viewer.get(path).text, path


def test_a_viewer_goes_on_a_phone_from_a_message_to_the_work_it_speaks_of(at_work: OfficeOnline, phone: Page) -> None:
    sign_in(phone, at_work, "viewer")
    phone.goto("/messages")
    phone.fill("#f-q", "so noi vu")
    phone.select_option("#f-kind", "overdue")
    phone.click("button.list-apply")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.click(".list-main:has-text('31/TB-VP') >> nth=0")
    phone.click("a[href^='/obligations/']:has-text('31/TB-VP')")
    assert phone.locator("h1").inner_text().endswith(OURS)
