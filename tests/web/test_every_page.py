"""Every page and every form, by everybody: what is reachable, what changes, who may, and who can use it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from domain.accounts import Rank
from domain.keys import key
from domain.ways import MAIL, mark_bad
from notifications.outbox import Message, Status
from notifications.stops import stop_channel
from tests.story import OfficeStory
from tests.web.busy import OURS, make_busy
from tests.web.conftest import PHONE, WIDE, a_page
from tests.web.crawling import Crawl, crawl, route_of, routes
from tests.web.office_online import PASSWORD, OfficeOnline, served
from web.guard import Rates

PUBLIC = ("/login", "/language", "/health", "/a/", "/feeds/", "/static/")
#: forms that belong to whoever opens them, not to a rank
OWN = ("/logout", "/account", "/language", "/login")
AXE = {
    "iframes": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeOnline]:
    """One busy office for the whole file: its tests only look, or are refused."""
    services = '{"sms": "json://localhost/{address}", "tin": "json://localhost/{address}"}'
    story = OfficeStory.made(tmp_path_factory.mktemp("busy") / "home", services=services)
    make_busy(story)
    has_trouble(story)
    with served(story) as online:
        yield online
    story.ledger.engine.dispose()


def has_trouble(story: OfficeStory) -> None:
    """A message that failed, one that waits, a channel that stands still, an address that takes nothing."""
    first, second = (key(one.id) for one in story.messages()[:2])
    with story.ledger.change(now=story.now, actor="test") as change:
        change.session.get_one(Message, first).status = Status.FAILED
        change.session.get_one(Message, second).status = Status.QUEUED
        stop_channel(change, "apprise-tin", "401 Unauthorized")
        mark_bad(change, change.session.get_one(Message, first).person, MAIL, "so-noi-vu@coquan.example", "550 no user")


@pytest.fixture(scope="module")
def people(busy: OfficeOnline) -> dict[str, httpx.Client]:
    """Everybody, signed in once: signing in is written down."""
    return {str(rank): busy.client(rank) for rank in Rank} | {"stranger": busy.client()}


@pytest.fixture(autouse=True)
def fresh_rates(busy: OfficeOnline) -> None:
    """Each test begins with nobody having asked too often."""
    busy.app.state.rates = Rates()


@pytest.fixture(scope="module")
def found(busy: OfficeOnline, people: dict[str, httpx.Client]) -> Crawl:
    """Everything an administrator can click on, an agency's page and a calendar feed."""
    from domain.links import Purpose

    _, ours = busy.link(OURS)
    _, feed = busy.link(OURS, Purpose.FEED)
    receipts = [f"{ours}/receipts/{reference}" for reference in ("report-1", "report-2")]
    whole = crawl(people["admin"], busy.app, ["/", ours, *receipts, feed, "/health", "/login", "/live"])
    busy.app.state.rates = Rates()
    troubled = crawl(people["admin"], busy.app, ["/messages/1", "/messages/2", "/conclusions/3"])
    whole.forms, whole.shown_at = troubled.forms | whole.forms, troubled.shown_at | whole.shown_at
    return whole


def dump(online: OfficeOnline) -> list[str]:
    """The whole ledger."""
    with online.story.ledger.engine.connect() as connection:
        return list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def test_every_page_can_be_reached_by_clicking(
    busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client]
) -> None:
    missing = [route for route in routes(busy.app, "GET") if not found.pages.get(route) and route != "/login"]
    assert missing == []


def test_opening_every_page_as_anybody_changes_nothing(
    busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client]
) -> None:
    before = dump(busy)
    for client in people.values():
        for address in found.addresses:
            assert client.get(address).status_code in (200, 204, 303, 304, 403, 404, 429), address
            client.head(address)
    assert dump(busy) == before


def test_a_stranger_sees_nothing_but_the_door(
    busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client]
) -> None:
    stranger = people["stranger"]
    for address in found.addresses:
        if address.startswith(PUBLIC):
            continue
        answer = stranger.get(address)
        assert (answer.status_code, answer.headers["location"][:7]) == (303, "/login?"), address


def test_a_form_without_its_token_is_refused_whoever_sends_it(
    busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client]
) -> None:
    before = dump(busy)
    for client, codes in ((people["admin"], (403,)), (people["stranger"], (303,))):
        for action, fields in found.forms.items():
            if action.startswith(PUBLIC):
                continue
            sent = {name: value for name, value in fields.items() if name != "csrf"}
            assert client.post(action, data=sent).status_code in codes, action
    assert dump(busy) == before


def test_a_viewer_can_change_nothing_even_by_forms_that_were_shown_to_others(
    busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client]
) -> None:
    viewer, before = people["viewer"], dump(busy)
    for action, fields in found.forms.items():
        if action.startswith((*PUBLIC, *OWN)):
            continue
        answer = busy.posts(viewer, action, shown_at="/account", **fields)
        assert answer.status_code == 403, (action, answer.status_code)
    assert dump(busy) == before


def test_every_form_of_the_pages_is_one_that_was_tried(
    busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client]
) -> None:
    known = routes(busy.app, "POST")
    tried = {route_of(action.partition("?")[0], known) for action in found.forms}
    #: a link that counts offers no renewal; whoever is in sees no door; the seed policy asks nobody to approve a level;
    #: the office is live
    never_shown = {"/a/{token}/renew", "/login", "/sheet/approve", "/sending/start"}
    assert sorted(set(known) - tried - never_shown) == []


def test_no_secret_stands_on_any_page(busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client]) -> None:
    client = people["admin"]
    secret = busy.story.settings.secret_file.read_text(encoding="ascii")
    with busy.story.ledger.look() as session:
        from sqlmodel import select

        from domain.accounts import Account

        hashes = [one.password_hash for one in session.exec(select(Account))]
    for address in found.addresses:
        text = client.get(address).text
        assert not any(word in text for word in (secret, PASSWORD, *hashes)), address
        assert "Traceback" not in text


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_can_be_used_by_everybody_and_fits_its_screen(
    busy: OfficeOnline, found: Crawl, people: dict[str, httpx.Client], browser: Browser, size: dict[str, int]
) -> None:
    page, complaints = a_page(browser, busy, size), list[str]()
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("console", lambda line: complaints.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("response", lambda answer: complaints.append(f"missing: {answer.url}") if answer.status == 404 else None)
    cookies = [{"name": name, "value": value, "url": busy.url} for name, value in people["admin"].cookies.items()]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    for route, addresses in found.pages.items():
        if not addresses or route in found.others or route == "/live":  # a part of the first page
            continue
        page.goto(addresses[0])
        results = Axe().run(page, options=AXE).response["violations"]
        serious = [one for one in results if one["impact"] in ("serious", "critical")]
        complaints += [f"{addresses[0]}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in serious]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size["width"]:
            complaints.append(f"{addresses[0]}: {width} px wide")
    page.context.close()
    assert complaints == []
