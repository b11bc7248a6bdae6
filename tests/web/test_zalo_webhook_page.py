"""Zalo's events over real HTTP: believed when signed, answered at once, and nothing twice."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import select

from config.secret import secret_of
from domain.agencies import Contact
from domain.people import person_of
from domain.ways import Way, mark_bad, put_first
from notifications.channels import ZALO_BOT, ZALO_OA, ZALO_ZNS
from notifications.channels.zalo.bot_events import SECRET_HEADER
from notifications.channels.zalo.consent import verifier_of
from notifications.channels.zalo.settings import zalo_settings
from notifications.channels.zalo.tokens import ledger_tokens
from notifications.channels.zalo.webhook import HEADER, signature_of
from notifications.chat_codes import ChatCode, give_code
from notifications.outbox import Message, Status
from tests.story import OfficeStory
from tests.unit.zalo_peer import PATIENCE, ZaloPeer, settings_of
from tests.web.office_online import OfficeOnline, served
from tests.web.test_work import set_clock

HOME, USER = "Sở Nội vụ", "user-7"
BOT_SECRET = "khoa-cua-bot-52"


@pytest.fixture
def zalo(any_office: OfficeStory) -> Iterator[ZaloPeer]:
    with ZaloPeer(any_office.now).up() as peer:
        yield peer


@pytest.fixture
def online(any_office: OfficeStory, zalo: ZaloPeer) -> Iterator[OfficeOnline]:
    """An office that Zalo knows, on each database."""
    any_office.settings = settings_of(zalo, any_office.settings, zalo_bot_secret=SecretStr(BOT_SECRET))
    set_clock(any_office)
    with served(any_office) as running:
        yield running


def stamp(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def says(online: OfficeOnline, name: str, at: datetime | None = None, **said: Any) -> httpx.Response:
    """Zalo tells of an event."""
    event = {"event_name": name, "timestamp": stamp(at or online.story.now), **said}
    raw = json.dumps(event, ensure_ascii=False).encode()
    signature = signature_of(raw, event["timestamp"], zalo_settings(online.story.settings))
    return online.client().post("/zalo/webhook", content=raw, headers={HEADER: signature})


def writes(online: OfficeOnline, text: str, user: str = USER, at: datetime | None = None) -> int:
    said = says(online, "user_send_text", at, sender={"id": user}, message={"text": text, "msg_id": "m"})
    return said.status_code


def officer(online: OfficeOnline) -> Contact:
    with online.story.ledger.look() as session:
        rows = session.exec(select(Contact).where(Contact.role == "officer"))
        return next(one for one in rows if one.name == HOME)


def code_for(online: OfficeOnline) -> str:
    code, _ = online.story.does(give_code, person_of(officer(online)), secret_of(online.story.settings))
    return str(code)


def ways(online: OfficeOnline) -> list[tuple[str, str, bool]]:
    """(channel, address, good) of everybody's."""
    with online.story.ledger.look() as session:
        return [(one.channel, one.address, one.bad_since is None) for one in session.exec(select(Way))]


def followed(online: OfficeOnline, channel: str = ZALO_OA) -> None:
    online.story.does(put_first, person_of(officer(online)), channel, USER)


def test_a_code_that_is_written_to_the_account_ties_the_chat_once(online: OfficeOnline) -> None:
    code = code_for(online)
    assert writes(online, f"Mã của tôi: {code[:4]}-{code[4:].lower()} ạ") == 200
    assert ways(online) == [(ZALO_OA, USER, True)]
    assert ("zalo", "ways.shown") in online.audit()
    done = len(online.audit())
    assert writes(online, code, user="user-8") == 200
    assert ways(online) == [(ZALO_OA, USER, True)]
    assert len(online.audit()) == done


def test_who_guesses_codes_is_not_listened_to_for_a_while_and_others_are(online: OfficeOnline) -> None:
    code = code_for(online)
    for guess in ("CDFG3467", "CDFG3469", "CDFG3476", "CDFG3479", "CDFG3496"):
        assert writes(online, guess, user="user-13") == 200
    assert writes(online, code, user="user-13") == 200
    assert ways(online) == []
    assert writes(online, code) == 200
    assert ways(online) == [(ZALO_OA, USER, True)]


def test_who_unfollows_is_not_written_to_until_they_are_back(online: OfficeOnline) -> None:
    followed(online)
    first, second, third = (online.story.now + timedelta(minutes=n) for n in (1, 2, 3))
    online.story.now = third
    set_clock(online.story)
    assert says(online, "unfollow", first, follower={"id": USER}).status_code == 200
    assert ways(online) == [(ZALO_OA, USER, False)]
    assert says(online, "follow", second, follower={"id": USER}).status_code == 200
    assert ways(online) == [(ZALO_OA, USER, True)]
    told = len(online.audit())
    says(online, "unfollow", first, follower={"id": USER})  # again, late
    says(online, "follow", second, follower={"id": USER})
    assert ways(online) == [(ZALO_OA, USER, True)]
    assert len(online.audit()) == told


def test_who_writes_is_there_again_but_an_old_word_proves_nothing(online: OfficeOnline) -> None:
    followed(online)
    online.story.does(mark_bad, person_of(officer(online)), ZALO_OA, USER, "-230")
    writes(online, "xin chào", at=online.story.now - timedelta(hours=1))
    assert ways(online) == [(ZALO_OA, USER, False)]
    writes(online, "xin chào")
    assert ways(online) == [(ZALO_OA, USER, True)]


def message(online: OfficeOnline, channel: str, reference: str, status: Status) -> None:
    now = online.story.now
    with online.story.ledger.change(now=now, actor="test") as change:
        change.session.add(
            Message(
                office_id=change.office_id, kind="assign", recipient=HOME, recipient_role="officer", channel=channel,
                address=USER, language="vi", subject="s", text="t", html="h", status=status, reference=reference,
                message_id=f"<{reference}@x.vn>", created_at=now, next_attempt_at=now, sent_at=now,
            )
        )  # fmt: skip


def fates(online: OfficeOnline) -> dict[str, tuple[str, bool]]:
    with online.story.ledger.look() as session:
        return {one.reference: (one.status, one.delivered_at is not None) for one in session.exec(select(Message))}


def test_a_message_that_is_at_the_telephone_is_delivered(online: OfficeOnline) -> None:
    message(online, ZALO_OA, "m1", Status.SENT)
    message(online, ZALO_ZNS, "m2", Status.UNKNOWN)
    message(online, ZALO_BOT, "m3", Status.SENT)
    for reference in ("m1", "m2", "m3", "m4", "m1"):
        told = says(online, "user_received_message", recipient={"id": USER}, message={"msg_id": reference})
        assert told.status_code == 200
    assert fates(online) == {"m1": ("delivered", True), "m2": ("unknown", False), "m3": ("sent", False)}


def test_what_is_not_signed_by_zalo_is_refused_and_what_we_have_no_use_for_is_not(online: OfficeOnline) -> None:
    code = code_for(online)
    stranger = online.client()
    body = json.dumps(
        {"event_name": "user_send_text", "timestamp": "1", "sender": {"id": USER}, "message": {"text": code}}
    )
    for headers in ({}, {HEADER: "mac=" + "0" * 64}, {HEADER: ""}):
        assert stranger.post("/zalo/webhook", content=body, headers=headers).status_code == 403
    assert stranger.post("/zalo/webhook", content=b"x" * 70_000).status_code == 403
    assert stranger.get("/zalo/webhook").status_code in (404, 405)
    assert ways(online) == []
    assert says(online, "oa_send_image").status_code == 200
    assert says(online, "user_send_text", sender={"id": "\u202e"}).status_code == 200


def test_zalo_is_answered_while_the_ledger_is_busy_and_nothing_is_lost(online: OfficeOnline) -> None:
    followed(online)
    with online.story.ledger.change(now=online.story.now, actor="test") as change:
        change.session.connection()  # a long round holds the ledger
        assert says(online, "unfollow", follower={"id": USER}).status_code == 200
    gives_up = time.monotonic() + PATIENCE
    while ways(online) != [(ZALO_OA, USER, False)]:
        assert time.monotonic() < gives_up


def test_a_code_that_is_written_to_the_bot_ties_that_chat(online: OfficeOnline) -> None:
    code = code_for(online)
    said = {"chat": {"id": "chat9"}, "text": f"/start {code}", "message_id": "b1", "date": int(stamp(online.story.now))}
    body = {"ok": True, "result": {"message": said, "event_name": "message.text.received"}}
    stranger = online.client()
    for secret in ("", "khác", BOT_SECRET + "1"):
        headers = {SECRET_HEADER.encode(): secret.encode()}
        assert stranger.post("/zalo/bot", json=body, headers=headers).status_code == 403
    assert ways(online) == []
    assert stranger.post("/zalo/bot", json=body, headers={SECRET_HEADER: BOT_SECRET}).status_code == 200
    assert ways(online) == [(ZALO_BOT, "chat9", True)]
    assert stranger.post("/zalo/bot", content=b"[", headers={SECRET_HEADER: BOT_SECRET}).status_code == 200


def test_an_administrator_stores_the_consent_and_nobody_else_can(online: OfficeOnline, zalo: ZaloPeer) -> None:
    admin, settings = online.client("admin"), online.story.settings
    page = admin.get("/zalo/consent").text
    found = re.search(r"state=([^\"&]+)", page)
    assert found
    state = found[1]
    zalo.codes["ma-1"] = verifier_of(state, secret_of(settings))
    back = f"/zalo/consent?oa_id=1&code=ma-1&state={state}"
    assert online.client("manager").get(back).status_code == 403
    assert online.client().get(back).status_code == 303
    shown = admin.get(back)
    assert (shown.status_code, "ma-1" in shown.text) == (200, True)
    assert ledger_tokens(online.story.ledger, settings).load() is None  # a GET stores nothing
    answer = f"{online.url}{back}"
    wrong = online.posts(admin, "/zalo/consent", answer=answer.replace(state, "x.y.z"))
    assert wrong.status_code == 422
    assert online.posts(admin, "/zalo/consent", answer=answer).status_code == 303
    kept = ledger_tokens(online.story.ledger, settings).load()
    assert kept is not None
    assert kept.access in zalo.access
    assert (online.account("admin"), "channel.consented") in online.audit()
    assert kept.access not in admin.get("/audit").text


def test_no_code_can_be_read_from_the_ledger(online: OfficeOnline) -> None:
    code = code_for(online)
    with online.story.ledger.look() as session:
        [row] = session.exec(select(ChatCode))
    assert code not in repr(row)
    assert not any(code in str(one) for one in online.audit())
