"""Zalo as an office uses it: from its settings and its ledger to the wire and back."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from config.secret import secret_of
from config.settings import Settings
from domain.agencies import Contact, find_agency
from domain.errors import Refusal
from domain.people import person_of, replace_contact
from domain.policy import Role
from domain.ways import routes
from notifications.channels import ZALO_BOT, ZALO_CHANNELS, ZALO_OA, ZALO_ZNS, chat_channels, lacking, open_channel
from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.arrivals import ask_arrivals
from notifications.channels.zalo.consent import code_and_state, consent, consent_address, verifier_of
from notifications.channels.zalo.tokens import ledger_tokens
from notifications.chat_codes import give_code, redeem
from notifications.outbox import Message, Status
from notifications.stops import stop_channel
from tests.story import OfficeStory
from tests.unit.zalo_peer import (
    DISK_FULL,
    MORNING,
    PATIENCE,
    ZaloPeer,
    deliver_on_a_full_disk,
    first_tokens,
    letter,
    settings_of,
)

HOME = "Sở Nội vụ"
USER, PHONE, CHAT = "user-1", "84912345678", "chat-1"
SECRET = b"an office's secret of some length"


@pytest.fixture
def zalo() -> Iterator[ZaloPeer]:
    peer = ZaloPeer(MORNING, wrote={USER: MORNING}, phones={PHONE}, chats={CHAT})
    with peer.up():
        yield peer


def consented(office: OfficeStory, zalo: ZaloPeer, **more: Any) -> Settings:
    """The settings of an office that has its tokens."""
    settings = settings_of(zalo, office.settings, **more)
    ledger_tokens(office.ledger, settings).save(first_tokens())
    return settings


@pytest.mark.parametrize(
    ("name", "address"), [(ZALO_OA, USER), (ZALO_ZNS, "0912 345 678"), (ZALO_BOT, CHAT)], ids=ZALO_CHANNELS
)
def test_each_of_zalos_channels_is_made_from_settings_and_sends(
    any_office: OfficeStory, zalo: ZaloPeer, name: str, address: str
) -> None:
    settings = consented(any_office, zalo)
    with open_channel(name, settings, any_office.ledger) as channel:
        receipt = channel.deliver(letter(address=address))
    assert receipt.reference == "m1"
    assert len(zalo.sent) == 1


def test_a_template_gets_the_parameters_that_it_was_approved_with(office: OfficeStory, zalo: ZaloPeer) -> None:
    settings = consented(office, zalo, zalo_templates={"default": "9", "assign": "300124: what, number ,link"})
    zalo.next_answers = [(200, {"error": 0, "message": "Success", "data": {"msg_id": "m1"}})]
    with open_channel(ZALO_ZNS, settings, office.ledger) as channel:
        channel.deliver(letter(address=PHONE))
    asked = zalo.asked[-1].json
    assert asked["template_id"] == "300124"
    link = "https://dondoc.example/t/7-abc"
    assert asked["template_data"] == {"what": "Giao nhiệm vụ", "number": "489/TB-VP", "link": link}


def test_an_office_has_the_channels_that_its_settings_make_and_a_simulated_one_has_none(
    office: OfficeStory, zalo: ZaloPeer
) -> None:
    settings = settings_of(zalo, office.settings)
    assert chat_channels(office.settings, simulated=False) == frozenset()
    assert chat_channels(settings, simulated=False) == frozenset(ZALO_CHANNELS)
    assert chat_channels(settings, simulated=True) == frozenset()
    without = settings_of(zalo, office.settings, zalo_templates={})
    assert chat_channels(without, simulated=False) == {ZALO_OA, ZALO_BOT}
    assert lacking(ZALO_ZNS, without) == ("zalo_templates",)


@pytest.mark.parametrize("name", [*ZALO_CHANNELS, "apprise-sms", "fax", "apprise-"])
def test_a_channel_that_the_settings_do_not_make_is_refused(office: OfficeStory, name: str) -> None:
    with pytest.raises(Refusal):
        open_channel(name, office.settings, office.ledger)


def test_an_expired_token_is_renewed_through_the_ledger(any_office: OfficeStory, zalo: ZaloPeer) -> None:
    settings = consented(any_office, zalo)
    zalo.expires_tokens()
    with open_channel(ZALO_OA, settings, any_office.ledger) as channel:
        channel.deliver(letter(address=USER))
    kept = ledger_tokens(any_office.ledger, settings).load()
    assert kept is not None
    assert (kept.access, zalo.refreshes) == ("access-1", 1)


def test_where_the_disk_is_full_no_refresh_token_is_spent(office: OfficeStory, zalo: ZaloPeer) -> None:
    settings = consented(office, zalo)
    zalo.expires_tokens()
    given = {"app_id": settings.zalo_app_id, "secret_key": settings.zalo_secret_key.get_secret_value()}
    hosts = {f"{name}_host": zalo.url for name in ("oauth", "oa", "zns", "bot")}
    process = multiprocessing.get_context("spawn").Process(
        target=deliver_on_a_full_disk, args=(str(settings.home), given | hosts, USER)
    )
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == DISK_FULL
    assert (zalo.refreshes, zalo.sent) == (0, [])
    with open_channel(ZALO_OA, settings, office.ledger) as channel:
        channel.deliver(letter(address=USER))
    assert zalo.refreshes == 1


# Consent.


def test_the_administrators_consent_gives_the_first_tokens(any_office: OfficeStory, zalo: ZaloPeer) -> None:
    settings, now = settings_of(zalo, any_office.settings), MORNING
    asked = consent_address(settings, now)
    _, state = code_and_state(asked)
    assert asked.startswith(f"{zalo.url}/v4/oa/permission?app_id=")
    zalo.codes["ma-1"] = verifier_of(state, secret_of(settings))
    back = f"https://vanphong.example/zalo/consent?oa_id=1&code=ma-1&state={state}"
    consent(any_office.ledger, settings, *code_and_state(back), now + timedelta(minutes=5))
    kept = ledger_tokens(any_office.ledger, settings).load()
    assert kept is not None
    assert kept.access in zalo.access
    with pytest.raises(Refusal, match="refused"):  # the code is spent
        consent(any_office.ledger, settings, *code_and_state(back), now + timedelta(minutes=6))


def test_an_answer_to_nothing_that_we_asked_or_too_late_is_refused(office: OfficeStory, zalo: ZaloPeer) -> None:
    settings = settings_of(zalo, office.settings)
    _, state = code_and_state(consent_address(settings, MORNING))
    for forged in ("", "x", "9999999999.abc.def", state[:-1] + ("0" if state[-1] != "0" else "1")):
        with pytest.raises(Refusal, match="bad_state"):
            consent(office.ledger, settings, "ma", forged, MORNING)
    with pytest.raises(Refusal, match="late"):
        consent(office.ledger, settings, "ma", state, MORNING + timedelta(hours=1))
    with pytest.raises(Refusal, match="no_code"):
        consent(office.ledger, settings, "", state, MORNING)
    assert zalo.asked == []


# What became of template messages.


def sent_by_zns(office: OfficeStory, *references: str, hours_ago: int = 1, status: Status = Status.SENT) -> None:
    with office.ledger.change(now=office.now, actor="test") as change:
        change.session.add_all(
            Message(
                office_id=change.office_id, kind="assign", recipient=HOME, recipient_role="officer", channel=ZALO_ZNS,
                address=PHONE, language="vi", subject="s", text="t", html="h", status=status, reference=one,
                message_id=f"<{one}@x.vn>", created_at=office.now, next_attempt_at=office.now,
                sent_at=office.now - timedelta(hours=hours_ago),
            )
            for one in references
        )  # fmt: skip


def fates(office: OfficeStory) -> dict[str, str]:
    with office.ledger.look() as session:
        return {one.reference: one.status for one in session.exec(select(Message))}


def test_template_messages_that_zalo_says_arrived_are_delivered(any_office: OfficeStory, zalo: ZaloPeer) -> None:
    settings = consented(any_office, zalo)
    sent_by_zns(any_office, "a", "b", "c")
    sent_by_zns(any_office, "old", hours_ago=49)
    sent_by_zns(any_office, "lost", status=Status.UNKNOWN)
    zalo.arrived = {"a": 1, "b": 0, "old": 1, "lost": 1}
    assert ask_arrivals(any_office.ledger, settings, any_office.now) == 1
    assert fates(any_office) == {"a": "delivered", "b": "sent", "c": "sent", "old": "sent", "lost": "unknown"}
    asked = [one.query["message_id"][0] for one in zalo.asked]
    assert sorted(asked) == ["a", "b", "c"]
    with any_office.ledger.look() as session:
        row = session.exec(select(Message).where(Message.reference == "a")).one()
    assert row.delivered_at == any_office.now


def test_no_more_than_two_hundred_are_asked_for_at_once(office: OfficeStory, zalo: ZaloPeer) -> None:
    settings = consented(office, zalo)
    sent_by_zns(office, *(f"r{n}" for n in range(230)))
    ask_arrivals(office.ledger, settings, office.now)
    assert len({one.query["message_id"][0] for one in zalo.asked}) == 200


def test_where_zalo_is_in_trouble_nothing_is_asked_again_and_nothing_raised(
    office: OfficeStory, zalo: ZaloPeer, caplog: pytest.LogCaptureFixture
) -> None:
    settings = consented(office, zalo)
    sent_by_zns(office, "a", "b")
    zalo.next_answers = [(503, "busy")]
    with caplog.at_level(logging.WARNING):
        assert ask_arrivals(office.ledger, settings, office.now) == 0
    assert len(zalo.asked) == 1
    assert ask_arrivals(office.ledger, office.settings, office.now) == 0
    bad = settings_of(zalo, settings, zalo_zns_host="http://elsewhere.example")
    assert ask_arrivals(office.ledger, bad, office.now) == 0
    with office.ledger.change(now=office.now, actor="test") as change:
        stop_channel(change, ZALO_ZNS, "tài khoản bị khóa")
    assert ask_arrivals(office.ledger, settings, office.now) == 0
    assert len(zalo.asked) == 1


# One-time codes.


def contact(office: OfficeStory, role: Role = Role.OFFICER) -> Contact:
    with office.ledger.look() as session:
        return next(one for one in session.exec(select(Contact).where(Contact.role == role)) if HOME in one.name)


def first_way(office: OfficeStory, one: Contact) -> tuple[str, str]:
    with office.ledger.look() as session:
        found = routes(session, office.ledger.office_id, {person_of(one): one.address})[person_of(one)]
    return found[0].channel, found[0].address


def test_a_code_makes_the_chat_the_first_way_once(any_office: OfficeStory) -> None:
    one = contact(any_office)
    code, ends = any_office.does(give_code, person_of(one), SECRET)
    assert ends == any_office.now + timedelta(hours=24)
    any_office.does(redeem, code, ZALO_OA, USER, SECRET)
    assert first_way(any_office, one) == (ZALO_OA, USER)
    with pytest.raises(Refusal, match="used"):
        any_office.does(redeem, code, ZALO_OA, "user-2", SECRET)
    assert first_way(any_office, one) == (ZALO_OA, USER)


def test_a_new_code_puts_the_one_before_out_of_use(office: OfficeStory) -> None:
    person = person_of(contact(office))
    old, _ = office.does(give_code, person, SECRET)
    new, _ = office.does(give_code, person, SECRET)
    with pytest.raises(Refusal, match="unknown"):
        office.does(redeem, old, ZALO_OA, USER, SECRET)
    assert office.does(redeem, new, ZALO_OA, USER, SECRET) == person


def test_a_code_counts_for_a_day_and_under_one_secret(office: OfficeStory) -> None:
    code, _ = office.does(give_code, person_of(contact(office)), SECRET)
    with pytest.raises(Refusal, match="unknown"):
        office.does(redeem, code, ZALO_OA, USER, b"another")
    office.now = office.now.add(hours=24)
    with pytest.raises(Refusal, match="expired"):
        office.does(redeem, code, ZALO_OA, USER, SECRET)


def test_the_code_of_somebody_who_was_replaced_ties_their_chat_to_nobody(any_office: OfficeStory) -> None:
    code, _ = any_office.does(give_code, person_of(contact(any_office, Role.HEAD)), SECRET)
    with any_office.ledger.change(now=any_office.now, actor="test") as change:
        body = find_agency(change.session, change.office_id, HOME)
        replace_contact(change, body, Role.HEAD, f"Người mới của {HOME}", "moi@coquan.example")
    with pytest.raises(Refusal, match="unknown"):
        any_office.does(redeem, code, ZALO_OA, USER, SECRET)
    assert first_way(any_office, contact(any_office, Role.HEAD))[0] == "mail"


def test_a_refused_account_is_told_by_its_fault(office: OfficeStory, zalo: ZaloPeer) -> None:
    settings = settings_of(zalo, office.settings)
    with open_channel(ZALO_OA, settings, office.ledger) as channel, pytest.raises(ChannelError) as caught:
        channel.deliver(letter(address=USER))
    assert caught.value.fault is Fault.ACCOUNT
