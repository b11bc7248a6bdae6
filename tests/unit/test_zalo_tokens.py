"""The Official Account's tokens: a refresh token works once, whoever needs it, and nothing of it is readable."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from config.secret import secret_of
from domain.errors import Refusal
from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.answers import LISTED, Meaning
from notifications.channels.zalo.oa import OaPlugin
from notifications.channels.zalo.refreshing import TokenKeeper
from notifications.channels.zalo.tokens import LedgerTokens, ZaloToken
from notifications.channels.zalo.wire import Wire
from tests.story import OfficeStory
from tests.unit.zalo_peer import (
    MORNING,
    PATIENCE,
    MemoryTokens,
    ZaloPeer,
    deliver_as_a_process,
    first_tokens,
    letter,
)

USERS = ("1001", "1002")
REFRESH = ["/v4/oa/access_token"]
SEND = ["/v3.0/oa/message/cs"]


@pytest.fixture
def zalo() -> Iterator[ZaloPeer]:
    peer = ZaloPeer(MORNING, wrote=dict.fromkeys(USERS, MORNING))
    with peer.up():
        yield peer


@pytest.fixture
def store(zalo: ZaloPeer) -> MemoryTokens:
    return MemoryTokens(zalo, first_tokens())


def sends(zalo: ZaloPeer, store: MemoryTokens, **more: Any) -> str:
    with OaPlugin(zalo.settings(), tokens=store) as plugin:
        return plugin.deliver(letter(address=USERS[0], **more)).reference


def fails(zalo: ZaloPeer, store: MemoryTokens) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        sends(zalo, store)
    return caught.value


def paths(zalo: ZaloPeer) -> list[str]:
    return [one.path for one in zalo.asked]


def test_a_token_that_counts_is_used_as_it_is(zalo: ZaloPeer, store: MemoryTokens) -> None:
    assert sends(zalo, store)
    assert paths(zalo) == SEND
    assert zalo.asked[0].headers["access_token"] == "access-0"
    assert "authorization" not in zalo.asked[0].headers


@pytest.mark.parametrize("code", LISTED[Meaning.TOKEN])
def test_a_refused_token_is_refreshed_once_and_the_message_goes(zalo: ZaloPeer, store: MemoryTokens, code: int) -> None:
    zalo.next_answers = [code]
    assert sends(zalo, store)
    assert paths(zalo) == SEND + REFRESH + SEND
    assert zalo.asked[1].headers["secret_key"] == zalo.settings().secret_key
    assert zalo.asked[1].form == {"app_id": "4310001", "grant_type": "refresh_token", "refresh_token": "refresh-0"}
    assert len(zalo.sent) == 1


def test_an_expired_token_is_refreshed_before_zalo_has_to_say_so(zalo: ZaloPeer, store: MemoryTokens) -> None:
    store.tokens = first_tokens(expires_at=MORNING + timedelta(minutes=5))
    zalo.expires_tokens()
    assert sends(zalo, store)
    assert paths(zalo) == REFRESH + SEND


def test_the_new_tokens_are_stored_before_they_are_used(zalo: ZaloPeer, store: MemoryTokens) -> None:
    zalo.expires_tokens()
    assert sends(zalo, store)
    rehearsal, (new, requests) = store.saved
    assert rehearsal == (first_tokens(), 1)
    assert (new.access, new.refresh, requests) == ("access-1", "refresh-1", 2)
    assert new.expires_at == MORNING + timedelta(hours=25)


def test_a_chain_of_refreshes_never_spends_a_token_twice(zalo: ZaloPeer, store: MemoryTokens) -> None:
    for _ in range(4):
        zalo.expires_tokens()
        assert sends(zalo, store)
    assert zalo.refreshes == 4
    assert zalo.spent == {"refresh-0", "refresh-1", "refresh-2", "refresh-3"}


def test_a_fresh_token_that_is_refused_too_stops_the_channel(zalo: ZaloPeer, store: MemoryTokens) -> None:
    zalo.next_answers = [-216, (200, {"access_token": "x", "refresh_token": "y", "expires_in": "90000"}), -216]
    error = fails(zalo, store)
    assert (error.fault, paths(zalo)) == (Fault.ACCOUNT, SEND + REFRESH + SEND)


@pytest.mark.parametrize("code", LISTED[Meaning.CONSENT])
def test_a_refresh_token_that_counts_no_more_asks_for_a_person(zalo: ZaloPeer, store: MemoryTokens, code: int) -> None:
    zalo.next_answers = [-216, code]
    error = fails(zalo, store)
    assert (error.fault, error.down) == (Fault.ACCOUNT, True)
    assert "cấp quyền lại" in error.detail


def test_a_refresh_token_that_was_used_before_is_refused(zalo: ZaloPeer, store: MemoryTokens) -> None:
    zalo.spent.add("refresh-0")
    zalo.expires_tokens()
    error = fails(zalo, store)
    assert error.fault is Fault.ACCOUNT
    assert "refresh-0" not in error.detail


def test_before_anybody_consented_the_channel_waits_for_a_person(zalo: ZaloPeer) -> None:
    error = fails(zalo, MemoryTokens(zalo, None))
    assert error.fault is Fault.ACCOUNT
    assert zalo.asked == []


@pytest.mark.parametrize("answer", [(500, "x"), (503, "x"), (200, "garbage")])
def test_a_refresh_in_trouble_has_sent_nothing_and_all_waits(zalo: ZaloPeer, store: MemoryTokens, answer: Any) -> None:
    zalo.next_answers = [-216, answer]
    error = fails(zalo, store)
    assert (error.fault, error.down, error.again) == (Fault.DOWN, True, True)
    assert store.tokens == first_tokens()
    assert sends(zalo, store)


def test_a_refresh_that_is_not_answered_is_not_an_unknown_message(zalo: ZaloPeer, store: MemoryTokens) -> None:
    store.tokens = first_tokens(expires_at=MORNING)
    with (
        zalo.hanging(),
        OaPlugin(zalo.settings(patience=0.3), tokens=store) as plugin,
        pytest.raises(ChannelError) as caught,
    ):
        plugin.deliver(letter(address=USERS[0]))
    assert caught.value.fault is Fault.DOWN
    assert zalo.sent == []


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "x", "expires_in": "90000"},
        {"access_token": "", "refresh_token": "y"},
        {"access_token": "x\r\ny", "refresh_token": "y"},
        {"access_token": 7, "refresh_token": "y"},
        {"error": 0},
    ],
)
def test_tokens_that_nobody_can_use_are_not_stored(zalo: ZaloPeer, store: MemoryTokens, answer: dict[str, Any]) -> None:
    zalo.next_answers = [-216, (200, answer)]
    assert fails(zalo, store).fault is Fault.ACCOUNT
    assert store.tokens == first_tokens()


@pytest.mark.parametrize("life", [None, "", "soon", "-1", [], 10**12])
def test_a_life_that_cannot_be_read_loses_no_token(zalo: ZaloPeer, store: MemoryTokens, life: Any) -> None:
    zalo.expires_in = life
    zalo.expires_tokens()
    assert sends(zalo, store)
    assert store.tokens is not None
    assert store.tokens.expires_at == MORNING + timedelta(hours=1)


def test_a_store_that_cannot_write_spends_no_token(zalo: ZaloPeer, store: MemoryTokens) -> None:
    zalo.expires_tokens()
    store.fails = Refusal("errors.database", why="database or disk is full")
    error = fails(zalo, store)
    assert (error.fault, zalo.refreshes) == (Fault.DOWN, 0)
    assert "disk is full" in error.detail
    store.fails = None
    assert sends(zalo, store)


def test_who_waited_uses_what_the_other_stored(zalo: ZaloPeer, store: MemoryTokens) -> None:
    zalo.expires_tokens()
    stale = first_tokens()
    wire = Wire(PATIENCE)
    first = TokenKeeper(zalo.settings(), store, wire).renewed(stale, MORNING)
    second = TokenKeeper(zalo.settings(), store, wire).renewed(stale, MORNING)
    wire.close()
    assert first == second
    assert zalo.refreshes == 1


def test_a_persons_consent_gives_the_first_tokens(zalo: ZaloPeer) -> None:
    zalo.codes["code-1"] = "verifier-1"
    store, wire = MemoryTokens(zalo, None), Wire(PATIENCE)
    keeper = TokenKeeper(zalo.settings(), store, wire)
    keeper.consented("code-1", "verifier-1", MORNING)
    assert sends(zalo, store)
    with pytest.raises(ChannelError) as caught:
        keeper.consented("code-1", "verifier-1", MORNING)
    wire.close()
    assert caught.value.fault is Fault.ACCOUNT
    assert store.tokens is not None
    assert store.tokens.consent_ends == MORNING + timedelta(days=90)


# In the ledger.


def ledger_tokens(office: OfficeStory, secret: bytes | None = None) -> LedgerTokens:
    engine = office.ledger.engine
    SQLModel.metadata.tables["zalo_token"].create(engine, checkfirst=True)
    return LedgerTokens(
        engine, office.ledger.office_id, secret or secret_of(office.settings), office.settings.locks_folder
    )


def test_the_ledger_keeps_one_row_that_nobody_can_read(any_office: OfficeStory) -> None:
    store = ledger_tokens(any_office)
    assert store.load() is None
    store.save(first_tokens())
    store.save(first_tokens(access="access-1", refresh="refresh-1", given_at=MORNING + timedelta(days=1)))
    assert store.load() == first_tokens(access="access-1", refresh="refresh-1", given_at=MORNING + timedelta(days=1))
    with Session(any_office.ledger.engine) as session:
        (row,) = session.exec(select(ZaloToken)).all()
        raw = str(session.connection().execute(text("SELECT * FROM zalo_token")).all())
    assert row.changed_at == MORNING + timedelta(days=1)
    assert "access" not in raw
    assert "refresh" not in raw


def test_tokens_of_another_secret_or_a_spoilt_row_ask_for_a_person(office: OfficeStory) -> None:
    ledger_tokens(office).save(first_tokens())
    with pytest.raises(ChannelError) as caught:
        ledger_tokens(office, b"another secret of this office, long enough").load()
    assert caught.value.fault is Fault.ACCOUNT
    with Session(office.ledger.engine) as session, session.begin():
        session.connection().execute(text("UPDATE zalo_token SET sealed = 'spoilt'"))
    with pytest.raises(ChannelError) as caught:
        ledger_tokens(office).load()
    assert caught.value.fault is Fault.ACCOUNT


def test_another_offices_row_cannot_be_put_in_the_place_of_ours(office: OfficeStory) -> None:
    store = ledger_tokens(office)
    store.save(first_tokens())
    key_of_another = LedgerTokens(store.engine, store.office_id + 1, secret_of(office.settings), store.locks_folder)
    key_of_another.office_id = store.office_id
    with pytest.raises(ChannelError):
        key_of_another.load()


def test_two_processes_that_refresh_at_once_end_with_one_refresh_and_both_send(
    any_office: OfficeStory, zalo: ZaloPeer
) -> None:
    store = ledger_tokens(any_office)
    store.save(first_tokens())
    zalo.expires_tokens()
    zalo.refresh_waits_for = len(USERS)
    spawned = multiprocessing.get_context("spawn")
    start = spawned.Barrier(len(USERS))
    settings, hosts = any_office.settings, {f"{name}_host": zalo.url for name in ("oauth", "oa", "zns", "bot")}
    given = {"app_id": "4310001", "secret_key": zalo.settings().secret_key, **hosts, "patience": PATIENCE}
    processes = [
        spawned.Process(
            target=deliver_as_a_process, args=(str(settings.home), settings.database_url, given, user, start)
        )
        for user in USERS
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0, 0]
    assert zalo.refreshes == 1
    assert sorted(one["recipient"]["user_id"] for one in zalo.sent) == list(USERS)
    kept = store.load()
    assert kept is not None
    assert (kept.access, kept.refresh) == ("access-1", "refresh-1")


def test_a_refresher_that_dies_leaves_no_lock_behind(any_office: OfficeStory) -> None:
    store = ledger_tokens(any_office)
    with pytest.raises(ZeroDivisionError), store.lock():
        raise ZeroDivisionError
    with store.lock():
        pass
