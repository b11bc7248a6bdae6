"""Zalo's three ways, against a server as strict as Zalo is described to be: what arrives, and what a refusal means."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from apprise import Apprise, NotificationManager

from config.words import say
from domain.errors import Refusal
from domain.written import parse_moment
from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.zalo import PLUGINS, BotPlugin, OaPlugin, ZaloSettings, ZnsPlugin
from notifications.channels.zalo.answers import LISTED, Meaning
from notifications.channels.zalo.plugin import ZaloPlugin
from notifications.channels.zalo.zns import Arrival
from tests.unit.zalo_peer import (
    BOT_TOKEN,
    FACTS,
    MORNING,
    OA_SECRET,
    SECRET_KEY,
    TEMPLATE,
    MemoryTokens,
    ZaloPeer,
    first_tokens,
    letter,
)

USER, PHONE, CHAT = "2468101214", "84912345678", "chat-77"
ADDRESSES = {OaPlugin: USER, ZnsPlugin: "0912 345 678", BotPlugin: CHAT}
HOSTILE = "\u202eđảo\u202c\r\nBcc: x@xấu.vn\x00\x1b[31m <b>{0.__class__}</b> \u200b\ud800" + "dài " * 2500


@pytest.fixture
def zalo() -> Iterator[ZaloPeer]:
    peer = ZaloPeer(MORNING, wrote={USER: MORNING - timedelta(days=1)}, phones={PHONE}, chats={CHAT})
    with peer.up():
        yield peer


def plugin_of(kind: type[ZaloPlugin], peer: ZaloPeer, **settings: Any) -> ZaloPlugin:
    zalo = peer.settings(**settings)
    return kind(zalo) if kind is BotPlugin else kind(zalo, tokens=MemoryTokens(peer, first_tokens()))


def delivered(kind: type[ZaloPlugin], peer: ZaloPeer, one: Letter | None = None, **settings: Any) -> Receipt:
    with plugin_of(kind, peer, **settings) as plugin:
        return plugin.deliver(one or letter(address=ADDRESSES[kind]))


def refused(kind: type[ZaloPlugin], peer: ZaloPeer, one: Letter | None = None, **settings: Any) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        delivered(kind, peer, one, **settings)
    return caught.value


def test_somebody_who_wrote_to_the_account_gets_the_brief(zalo: ZaloPeer) -> None:
    receipt = delivered(OaPlugin, zalo)
    assert receipt == Receipt("0 Success", "m1")
    assert zalo.sent == [{"recipient": {"user_id": USER}, "message": {"text": letter().brief}}]


def test_a_telephone_gets_the_template_filled_from_the_facts(zalo: ZaloPeer) -> None:
    receipt = delivered(ZnsPlugin, zalo)
    assert receipt == Receipt("0 Success 499/500", "m1")
    (sent,) = zalo.sent
    assert sent["phone"] == PHONE
    assert sent["template_id"] == TEMPLATE
    assert len(sent["tracking_id"]) <= 48
    assert "mode" not in sent
    assert sent["template_data"] == {
        "what": "Giao nhiệm vụ",
        "number": "489/TB-VP",
        "deadline": "trước ngày 09/3/2018, tức hết…",
        "day": "09/03/2018",
        "count": "1",
        "link": "https://dondoc.example/t/7-abc",
        "office": "Văn phòng Ủy ban nhân dân…",
    }


def test_every_attempt_of_a_message_has_the_same_tracking_id_and_another_message_another(zalo: ZaloPeer) -> None:
    for message_id in ("<a@x>", "<a@x>", "<b@x>"):
        delivered(ZnsPlugin, zalo, letter(address=PHONE, message_id=message_id))
    first, again, other = (one["tracking_id"] for one in zalo.sent)
    assert first == again != other


def test_a_kind_with_a_template_of_its_own_uses_it_and_one_without_any_is_refused(zalo: ZaloPeer) -> None:
    delivered(ZnsPlugin, zalo, templates={"assign": TEMPLATE, "default": "1"})
    assert zalo.sent[0]["template_id"] == TEMPLATE
    assert refused(ZnsPlugin, zalo, templates={"overdue": TEMPLATE}).fault is Fault.REFUSED


def test_a_trial_is_marked_as_one(zalo: ZaloPeer) -> None:
    delivered(ZnsPlugin, zalo, mode="development")
    assert zalo.sent[0]["mode"] == "development"


def test_somebody_who_opened_a_chat_with_the_bot_gets_the_brief(zalo: ZaloPeer) -> None:
    assert delivered(BotPlugin, zalo) == Receipt("ok", "m1")
    assert zalo.sent == [{"chat_id": CHAT, "text": letter().brief}]


def test_what_became_of_a_template_message_can_be_asked_for(zalo: ZaloPeer) -> None:
    zalo.arrived = {"m1": 1, "m2": 0, "m3": -1, "m4": 7}
    with plugin_of(ZnsPlugin, zalo) as plugin:
        assert isinstance(plugin, ZnsPlugin)
        told = [plugin.arrival(name, MORNING) for name in ("m1", "m2", "m3", "m4")]
    assert told == [Arrival.DELIVERED, Arrival.ON_THE_WAY, Arrival.NOWHERE, Arrival.UNTOLD]


FAULTS = {
    Meaning.CONSENT: Fault.ACCOUNT,
    Meaning.PASSING: Fault.PASSING,
    Meaning.QUOTA: Fault.LATER,
    Meaning.NIGHT: Fault.LATER,
    Meaning.RECIPIENT: Fault.ADDRESS,
    Meaning.TEMPLATE: Fault.REFUSED,
    Meaning.ACCOUNT: Fault.ACCOUNT,
}


@pytest.mark.parametrize("kind", [OaPlugin, ZnsPlugin])
@pytest.mark.parametrize(("meaning", "code"), [(one, code) for one in FAULTS for code in LISTED[one]])
def test_every_code_of_the_list_says_what_can_help(
    zalo: ZaloPeer, kind: type[ZaloPlugin], meaning: Meaning, code: int
) -> None:
    zalo.next_answers = [code]
    error = refused(kind, zalo)
    assert error.fault is FAULTS[meaning]
    assert f"zalo says {code}" in error.detail
    assert zalo.sent == []


def test_a_code_that_nobody_describes_refuses_this_message_with_zalos_words(zalo: ZaloPeer) -> None:
    zalo.next_answers = [-9999]
    error = refused(OaPlugin, zalo)
    assert (error.fault, error.detail) == (Fault.REFUSED, "-9999 zalo says -9999")


@pytest.mark.parametrize("code", LISTED[Meaning.QUOTA])
def test_a_used_up_quota_waits_for_tomorrow(zalo: ZaloPeer, code: int) -> None:
    zalo.next_answers = [code]
    assert refused(OaPlugin, zalo).not_before == parse_moment("2018-03-08 06:05")


@pytest.mark.parametrize(("kind", "allowed"), [(OaPlugin, 2), (ZnsPlugin, 1)])
def test_the_quota_is_zalos(zalo: ZaloPeer, kind: type[ZaloPlugin], allowed: int) -> None:
    zalo.quota = allowed
    for _ in range(allowed):
        delivered(kind, zalo)
    assert refused(kind, zalo).fault is Fault.LATER
    assert len(zalo.sent) == allowed


@pytest.mark.parametrize("kind", [OaPlugin, ZnsPlugin])
@pytest.mark.parametrize(
    ("moment", "again"),
    [
        ("2018-03-07 22:00", "2018-03-08 06:05"),
        ("2018-03-07 23:59", "2018-03-08 06:05"),
        ("2018-03-08 00:00", "2018-03-08 06:05"),
        ("2018-03-08 05:59", "2018-03-08 06:05"),
    ],
)
def test_at_night_zalo_is_not_even_asked(zalo: ZaloPeer, kind: type[ZaloPlugin], moment: str, again: str) -> None:
    zalo.now = parse_moment(moment)
    error = refused(kind, zalo, letter(address=ADDRESSES[kind], date=zalo.now))
    assert (error.fault, error.not_before) == (Fault.LATER, parse_moment(again))
    assert zalo.asked == []


@pytest.mark.parametrize("moment", ["2018-03-07 06:00", "2018-03-07 21:59"])
def test_before_and_after_the_night_messages_go(zalo: ZaloPeer, moment: str) -> None:
    zalo.now = parse_moment(moment)
    assert delivered(OaPlugin, zalo, letter(address=USER, date=zalo.now)).reference


def test_the_night_is_viet_nams_wherever_the_server_stands(zalo: ZaloPeer) -> None:
    utc = parse_moment("2018-03-07 23:00").in_timezone("UTC")
    assert refused(OaPlugin, zalo, letter(address=USER, date=utc)).fault is Fault.LATER


@pytest.mark.parametrize("kind", [OaPlugin, ZnsPlugin])
def test_where_zalos_clock_says_night_the_message_waits_for_the_morning(zalo: ZaloPeer, kind: type[ZaloPlugin]) -> None:
    zalo.now = parse_moment("2018-03-07 22:01")
    ours = parse_moment("2018-03-07 21:59")
    error = refused(kind, zalo, letter(address=ADDRESSES[kind], date=ours))
    assert (error.fault, error.not_before) == (Fault.LATER, parse_moment("2018-03-08 06:05"))


def test_who_has_not_written_for_seven_days_must_be_reached_another_way(zalo: ZaloPeer) -> None:
    zalo.wrote = {USER: MORNING - timedelta(days=7)}
    delivered(OaPlugin, zalo)
    zalo.now += timedelta(seconds=1)
    error = refused(OaPlugin, zalo)
    assert (error.fault, error.again) == (Fault.ADDRESS, False)


def test_too_many_a_minute_is_passing(zalo: ZaloPeer) -> None:
    zalo.rate = 1
    delivered(OaPlugin, zalo)
    assert refused(OaPlugin, zalo).fault is Fault.PASSING
    zalo.now += timedelta(minutes=1)
    delivered(OaPlugin, zalo)


@pytest.mark.parametrize("kind", PLUGINS)
@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_in_trouble_is_passing(zalo: ZaloPeer, kind: type[ZaloPlugin], status: int) -> None:
    zalo.next_answers = [(status, "<html>Bad Gateway</html>")]
    assert refused(kind, zalo).fault is Fault.PASSING
    assert delivered(kind, zalo).reference == "m1"


@pytest.mark.parametrize("kind", PLUGINS)
def test_a_server_that_reads_and_does_not_answer_leaves_it_unknown(zalo: ZaloPeer, kind: type[ZaloPlugin]) -> None:
    with zalo.hanging():
        error = refused(kind, zalo, patience=0.3)
    assert (error.fault, error.again, error.down) == (Fault.UNKNOWN, False, False)
    assert len(zalo.sent) == 1


@pytest.mark.parametrize("kind", PLUGINS)
def test_a_server_that_reads_and_hangs_up_leaves_it_unknown(zalo: ZaloPeer, kind: type[ZaloPlugin]) -> None:
    zalo.drops = True
    assert refused(kind, zalo).fault is Fault.UNKNOWN
    assert len(zalo.sent) == 1


@pytest.mark.parametrize("kind", PLUGINS)
def test_a_server_that_is_not_there_has_taken_nothing(kind: type[ZaloPlugin]) -> None:
    gone = ZaloPeer(MORNING)
    with gone.up():
        pass
    error = refused(kind, gone)
    assert (error.fault, error.again, error.down) == (Fault.DOWN, True, True)


@pytest.mark.parametrize("kind", PLUGINS)
@pytest.mark.parametrize("answer", [(302, ""), (404, "nothing here"), (403, "<html>gateway</html>")])
def test_what_is_not_zalo_stops_the_channel(zalo: ZaloPeer, kind: type[ZaloPlugin], answer: tuple[int, str]) -> None:
    zalo.next_answers = [answer]
    assert refused(kind, zalo).fault is Fault.ACCOUNT


@pytest.mark.parametrize("kind", PLUGINS)
@pytest.mark.parametrize("body", ["", "ok", "[]", "null", "{}", '{"error": "x"}', "[" * 100_000, '{"data": 1}'])
def test_an_answer_that_nobody_can_read_leaves_it_unknown(zalo: ZaloPeer, kind: type[ZaloPlugin], body: str) -> None:
    zalo.next_answers = [(200, body)]
    assert refused(kind, zalo).fault is Fault.UNKNOWN


def test_a_code_that_comes_as_a_string_is_a_code(zalo: ZaloPeer) -> None:
    zalo.next_answers = [(200, {"error": "-213", "message": "x"})]
    assert refused(OaPlugin, zalo).fault is Fault.ADDRESS


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (400, Fault.REFUSED),
        (401, Fault.ACCOUNT),
        (403, Fault.ADDRESS),
        (404, Fault.ACCOUNT),
        (429, Fault.PASSING),
        (503, Fault.PASSING),
        (777, Fault.REFUSED),
        (-32, Fault.PASSING),
        (None, Fault.REFUSED),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_bot_that_is_refused_says_what_can_help(zalo: ZaloPeer, code: int | None, fault: Fault, status: int) -> None:
    zalo.next_answers = [(status, {"ok": False, "error_code": code, "description": "không nhận"})]
    error = refused(BotPlugin, zalo)
    assert error.fault is fault
    assert "không nhận" in error.detail


def test_a_chat_that_was_never_opened_takes_nothing(zalo: ZaloPeer) -> None:
    assert refused(BotPlugin, zalo, letter(address="other")).fault is Fault.ADDRESS


@pytest.mark.parametrize("kind", PLUGINS)
@pytest.mark.parametrize("address", ["", "don-doc@vanphong.example", "x y", "1\r\n2", "đ", "9" * 65, "../bot", "12"])
def test_what_is_no_address_of_this_channel_never_reaches_zalo(
    zalo: ZaloPeer, kind: type[ZaloPlugin], address: str
) -> None:
    if address == "12" and kind is not ZnsPlugin:
        return
    assert refused(kind, zalo, letter(address=address)).fault is Fault.ADDRESS
    assert zalo.asked == []


@pytest.mark.parametrize("kind", [OaPlugin, BotPlugin])
@pytest.mark.parametrize("brief", ["", " \r\n\u200b\u202e"])
def test_a_letter_that_says_nothing_is_not_sent(zalo: ZaloPeer, kind: type[ZaloPlugin], brief: str) -> None:
    assert refused(kind, zalo, letter(address=ADDRESSES[kind], brief=brief)).fault is Fault.REFUSED
    assert zalo.asked == []


@pytest.mark.parametrize("facts", [{"link": "https://x.example/" + "a" * 183}, {"n" * 31: "x"}, {"": "x"}])
def test_a_link_or_a_name_that_is_too_long_is_refused_here_and_never_cut(zalo: ZaloPeer, facts: dict[str, str]) -> None:
    assert refused(ZnsPlugin, zalo, letter(address=PHONE, facts=FACTS | facts)).fault is Fault.REFUSED
    assert zalo.asked == []


def test_a_link_of_two_hundred_characters_goes(zalo: ZaloPeer) -> None:
    link = "https://x.example/" + "a" * 182
    delivered(ZnsPlugin, zalo, letter(address=PHONE, facts=FACTS | {"link": link}))
    assert zalo.sent[0]["template_data"]["link"] == link


@pytest.mark.parametrize("kind", [OaPlugin, BotPlugin])
def test_hostile_text_arrives_harmless_and_the_link_whole(zalo: ZaloPeer, kind: type[ZaloPlugin]) -> None:
    link = "https://dondoc.example/t/7-abc"
    delivered(kind, zalo, letter(address=ADDRESSES[kind], brief=f"{HOSTILE}\n{link}"))
    text = zalo.sent[0]["text"] if kind is BotPlugin else zalo.sent[0]["message"]["text"]
    assert len(text) <= 2000
    assert text.startswith("đảo\nBcc: x@xấu.vn [31m <b>{0.__class__}</b> dài dài")
    assert text.endswith(f"dài…\n{link}")


def test_hostile_facts_arrive_harmless(zalo: ZaloPeer) -> None:
    facts = FACTS | dict.fromkeys(("what", "number", "deadline", "count", "office"), HOSTILE)
    delivered(ZnsPlugin, zalo, letter(address=PHONE, facts=facts, message_id=HOSTILE))
    assert zalo.sent[0]["template_data"]["office"] == "đảo Bcc: x@xấu.vn [31m…"


SECRETS = (SECRET_KEY, OA_SECRET, BOT_TOKEN, "access-0", "refresh-0", "access-1", "refresh-1")
ECHO = (200, {"ok": False, "error": -201, "message": f"you sent {' '.join((SECRET_KEY, BOT_TOKEN, 'access-0'))}"})


@pytest.mark.parametrize("kind", PLUGINS)
@pytest.mark.parametrize("answer", [-216, -201, (500, "x"), (404, "x"), (302, "x"), (200, "x"), ECHO, None])
def test_no_secret_gets_into_an_error_a_repr_an_address_or_a_log(
    zalo: ZaloPeer, kind: type[ZaloPlugin], answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    zalo.drops, zalo.next_answers = answer is None, [] if answer is None else [answer]
    hidden = {BotPlugin: [BOT_TOKEN]}.get(kind, ["access-0"]) if answer is ECHO else SECRETS
    plugin = plugin_of(kind, zalo)
    shown = [repr(plugin.zalo), repr(plugin), str(plugin), plugin.url(), plugin.url(privacy=True), repr(first_tokens())]
    try:
        with plugin:
            plugin.deliver(letter(address=ADDRESSES[kind]))
    except ChannelError as error:
        shown += [error.detail, repr(error), *traceback.format_exception(error)]
    shown.append(caplog.text)
    assert "HTTP Request" in caplog.text or zalo.drops
    assert [one for one in hidden if any(one in text for text in shown)] == []


@pytest.mark.parametrize("kind", PLUGINS)
def test_the_address_of_a_channel_is_its_scheme_and_nothing_else(zalo: ZaloPeer, kind: type[ZaloPlugin]) -> None:
    assert plugin_of(kind, zalo).url(privacy=False) == f"{kind.protocol}://"


@pytest.mark.parametrize("kind", PLUGINS)
def test_no_address_that_somebody_types_becomes_a_channel(kind: type[ZaloPlugin]) -> None:
    known = NotificationManager()
    assert kind.protocol not in known
    known.add(kind)
    try:
        for typed in (f"{kind.protocol}://", f"{kind.protocol}://user:secret@host/path?mode=x"):
            assert Apprise.instantiate(typed) is None
    finally:
        known.remove(kind.protocol)


def test_apprises_own_door_leads_to_the_same_wire(zalo: ZaloPeer) -> None:
    with plugin_of(OaPlugin, zalo) as plugin:
        assert plugin.send("", letter=letter(address=USER)) is True
    assert len(zalo.sent) == 1


@pytest.mark.parametrize(
    ("kind", "lacks"),
    [(OaPlugin, "app_id"), (OaPlugin, "secret_key"), (ZnsPlugin, "templates"), (BotPlugin, "bot_token")],
)
def test_a_channel_without_its_settings_is_refused_by_their_names(kind: type[ZaloPlugin], lacks: str) -> None:
    with pytest.raises(Refusal) as caught:
        plugin_of(kind, ZaloPeer(MORNING, url="http://127.0.0.1:1"), **{lacks: {} if lacks == "templates" else ""})
    assert f"DONDOC_ZALO_{lacks.upper()}" in say(caught.value.code, **caught.value.params)


@pytest.mark.parametrize(
    "wrong",
    [
        {"oa_host": "http://openapi.zalo.me"},
        {"oauth_host": "https://a:b@oauth.example"},
        {"zns_host": "ftp://x"},
        {"bot_host": "https://[x"},
        {"bot_host": ""},
        {"secret_key": "a\nb"},
        {"bot_token": "mã"},
    ],
)
def test_settings_that_would_show_a_secret_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        ZaloSettings(**wrong)


def test_the_settings_that_come_along_are_zalos_own() -> None:
    assert ZaloSettings().oa_host + ZaloSettings().message_path == "https://openapi.zalo.me/v3.0/oa/message/cs"
