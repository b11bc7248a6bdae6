"""Signing in: who gets in, who does not, and what a stranger learns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from domain.accounts import FREE_FAILURES, Account, Rank, find_account
from tests.web.conftest import sign_in
from tests.web.office_online import PASSWORD, OfficeOnline


def test_a_stranger_is_sent_to_the_door_and_comes_back_to_where_they_wanted_to_go(online: OfficeOnline) -> None:
    stranger = online.client()
    answer = stranger.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?to=%2Faccount")
    online.account(Rank.VIEWER)
    entered = stranger.post("/login", data={"username": "NGUOI-viewer ", "password": PASSWORD, "to": "/account"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/account")
    assert stranger.get("/account").status_code == 200


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_door_leads_to_no_other_site(online: OfficeOnline, to: str) -> None:
    online.account(Rank.VIEWER)
    answer = online.client().post("/login", data={"username": "nguoi-viewer", "password": PASSWORD, "to": to})
    assert answer.headers["location"] == "/"


def test_an_account_is_locked_after_some_wrong_passwords_and_the_right_one_does_not_help_then(
    online: OfficeOnline,
) -> None:
    name, client = online.account(Rank.CLERK), online.client()
    for _ in range(FREE_FAILURES):
        wrong = client.post("/login", data={"username": name, "password": "sai mật khẩu rồi"})
        assert wrong.status_code == 401
    right = client.post("/login", data={"username": name, "password": PASSWORD})
    assert right.status_code == 401
    assert wrong.text.count("không đúng") == right.text.count("không đúng") == 1  # nobody learns which it was
    assert ("account.locked" in [verb for _, verb in online.audit()]) is True
    with online.story.ledger.change(now=online.story.now, actor="test") as change:
        row = find_account(change.session, change.office_id, name)
        assert row.locked_until is not None
        row.locked_until = row.locked_until - timedelta(hours=2)
    assert client.post("/login", data={"username": name, "password": PASSWORD}).status_code == 303


def test_one_address_may_try_the_door_only_so_often(online: OfficeOnline) -> None:
    client, name = online.client(), online.account(Rank.VIEWER)
    entered = [client.post("/login", data={"username": name, "password": PASSWORD}).status_code for _ in range(15)]
    assert set(entered) == {303}  # a whole office comes from one address
    codes = [client.post("/login", data={"username": f"ai{n}", "password": "x"}).status_code for n in range(12)]
    assert codes == [401] * 10 + [429] * 2


def test_after_signing_out_the_session_opens_nothing_more(online: OfficeOnline) -> None:
    client = online.client(Rank.VIEWER)
    cookies = dict(client.cookies)
    assert online.posts(client, "/logout", shown_at="/account").status_code == 303
    thief = online.client()
    thief.cookies.update(cookies)
    assert thief.get("/account").status_code == 303


def test_a_form_that_was_not_shown_by_our_page_is_not_taken(online: OfficeOnline) -> None:
    client = online.client(Rank.VIEWER)
    assert client.post("/logout", data={}).status_code == 403
    assert client.post("/logout", data={"csrf": "0" * 64}).status_code == 403
    elsewhere = {"origin": "https://evil.example"}
    assert client.post("/language", data={"language": "en"}, headers=elsewhere).status_code == 403
    assert client.get("/account").status_code == 200


def test_a_new_password_ends_every_session(online: OfficeOnline) -> None:
    client, other = online.client(Rank.MANAGER), online.client(Rank.MANAGER)
    fields = {"old": PASSWORD, "new": "câu khác cũng dễ nhớ", "again": "câu khác cũng dễ nhớ"}
    refused = online.posts(client, "/account", **{**fields, "old": "không phải"})
    assert (refused.status_code, other.get("/account").status_code) == (422, 200)
    assert online.posts(client, "/account", **fields).status_code == 303
    assert (client.get("/account").status_code, other.get("/account").status_code) == (303, 303)


def test_no_password_and_no_session_can_be_read_from_the_ledger(online: OfficeOnline) -> None:
    client = online.client(Rank.ADMIN)
    token = next(iter(client.cookies.values()))
    with online.story.ledger.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert token not in dump
    assert PASSWORD not in dump
    with online.story.ledger.look() as session:
        row = session.get(Account, 1)
        assert row is not None
        assert row.password_hash.startswith("$argon2id$")


def test_every_page_carries_the_headers_that_keep_scripts_and_frames_out(online: OfficeOnline) -> None:
    client = online.client(Rank.VIEWER)
    for path in ("/login", "/account", "/nowhere", "/health"):
        headers = client.get(path).headers
        assert "'unsafe" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_pages_speak_english_to_whoever_asks_for_it(online: OfficeOnline, desk: Page) -> None:
    sign_in(desk, online, "viewer")
    desk.goto("/account")
    assert desk.locator("h1").inner_text() == "Tài khoản của tôi"
    desk.click("text=English")
    assert desk.locator("h1").inner_text() == "My account"
    assert desk.locator("html").get_attribute("lang") == "en"
