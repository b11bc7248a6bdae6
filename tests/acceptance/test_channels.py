"""Channels and ways at the command line: set up, consented, tried, stopped; and who is reached how."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from config.secret import secret_of
from config.settings import load_settings
from notifications.channels.zalo.consent import code_and_state, verifier_of
from tests.acceptance.office_at_work import CommandLine
from tests.acceptance.test_desk import refused
from tests.story import OfficeStory
from tests.unit.zalo_peer import APP_ID, BOT_TOKEN, MORNING, SECRET_KEY, TEMPLATE, ZaloPeer

HOME = "Sở Nội vụ"
THEN = "2018-03-07 09:00"  #: Zalo takes nothing at night, whenever this is run


@pytest.fixture
def zalo() -> Iterator[ZaloPeer]:
    with ZaloPeer(MORNING, wrote={"user-1": MORNING}, phones={"84912345678"}).up() as peer:
        yield peer


@pytest.fixture
def known(live: CommandLine, zalo: ZaloPeer) -> CommandLine:
    """A live office whose settings know Zalo."""
    hosts = {f"DONDOC_ZALO_{name}_HOST": zalo.url for name in ("OAUTH", "OA", "ZNS", "BOT")}
    live.settings |= hosts | {
        "DONDOC_ZALO_APP_ID": APP_ID,
        "DONDOC_ZALO_SECRET_KEY": SECRET_KEY,
        "DONDOC_ZALO_BOT_TOKEN": BOT_TOKEN,
        "DONDOC_ZALO_TEMPLATES": json.dumps({"default": TEMPLATE}),
        "DONDOC_SERVICES": json.dumps({"sms": "signal://127.0.0.1:9/+84900000001/{address}"}),
    }
    return live


def consents(office: CommandLine, zalo: ZaloPeer) -> str:
    """The administrator opens the printed address and agrees; what the second command says."""
    address = office.does("channel", "consent").split()[-1]
    _, state = code_and_state(address)
    zalo.codes["ma-1"] = verifier_of(state, secret_of(load_settings(home=office.home)))
    return office.does("channel", "consent", "--code", f"https://vp.example/zalo/consent?code=ma-1&state={state}")


def channels(office: CommandLine) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in office.says("channel", "list")}


def test_the_list_says_what_is_lacking_and_the_words_name_the_settings(live: CommandLine) -> None:
    found = channels(live)
    assert list(found) == ["email", "maildir", "zalo-oa", "zalo-zns", "zalo-bot"]
    assert found["zalo-oa"]["lacking"] == ["DONDOC_ZALO_APP_ID", "DONDOC_ZALO_SECRET_KEY"]
    assert found["maildir"]["usable"] is True
    assert "DONDOC_SMTP_URL" in live.does("channel", "list")


def test_an_office_consents_checks_stops_and_starts(known: CommandLine, zalo: ZaloPeer) -> None:
    assert "cấp quyền" in str(channels(known)["zalo-oa"]["trouble"])
    assert known.run("channel", "check", "zalo-oa", "--now", THEN).returncode == 1
    assert "Đã lưu quyền" in consents(known, zalo)
    found = channels(known)
    assert found["zalo-oa"]["usable"]
    assert found["zalo-oa"]["consent_ends"]
    said = known.does("channel", "check", "zalo-oa", "--to", "user-1", "--now", THEN)
    assert "Zalo đã cấp quyền mới" in said
    assert "Đã gửi tin thử tới user-1" in said
    assert "Văn phòng" in zalo.sent[0]["message"]["text"]
    assert known.does("channel", "check", "zalo-bot", "--now", THEN).endswith("bot.VanPhong.\n")
    known.does("channel", "stop", "zalo-zns", "--reason", "Chờ duyệt mẫu")
    stopped = channels(known)["zalo-zns"]
    assert (stopped["usable"], stopped["stopped_why"]) == (False, "Chờ duyệt mẫu")
    assert "Chờ duyệt mẫu" in known.does("channel", "list")
    assert "từ trước" in known.does("channel", "stop", "zalo-zns", "--reason", "Lần nữa")
    known.does("channel", "start", "zalo-zns")
    assert channels(known)["zalo-zns"]["usable"]
    known.does("audit", "verify")


@pytest.mark.parametrize(
    ("code", "words"), [(-213, "quan tâm"), (-32, "tạm thời"), (-320, "tài khoản"), (-131, "mẫu tin")]
)
def test_a_check_that_fails_says_what_to_do_and_tells_no_secret(
    known: CommandLine, zalo: ZaloPeer, code: int, words: str
) -> None:
    consents(known, zalo)
    zalo.next_answers = [(200, zalo._new_tokens()), code]
    done = known.run("channel", "check", "zalo-oa", "--to", "user-1", "--now", THEN)
    assert done.returncode == 1
    assert words in done.stdout
    assert str(code) in done.stdout
    said = done.stdout + done.stderr
    assert not any(secret in said for secret in (SECRET_KEY, BOT_TOKEN, zalo.refresh, *zalo.access))


def test_a_code_is_given_with_the_words_to_tell(known: CommandLine) -> None:
    said = known.does("channel", "code", HOME, "--role", "head")
    assert re.search(r"[34679CDFGHJKMNPRTWX]{4}-[34679CDFGHJKMNPRTWX]{4}", said)
    assert f"Giám đốc {HOME}" in said
    assert "Chánh Văn phòng" in known.does("channel", "code", "Chánh Văn phòng")


def test_ways_are_put_in_order_and_shown(known: CommandLine) -> None:
    assert known.says("ways", HOME)["ways"][0]["channel"] == "mail"
    order = ("--set", "zalo-zns:0912 345 678", "--set", "apprise-sms:+84912345678", "--set", "mail")
    found = known.says("ways", HOME, "--role", "officer", *order, "--language", "en", "--hours", "07:30-17:00")
    assert [(one["channel"], one["address"]) for one in found["ways"]] == [
        ("zalo-zns", "84912345678"),
        ("apprise-sms", "+84912345678"),
        ("mail", "so-noi-vu@coquan.example"),
    ]
    assert (found["language"], found["hours"]) == ("en", ["07:30", "17:00"])
    kept = known.says("ways", HOME, "--hours", "any")
    assert (kept["language"], kept["hours"], len(kept["ways"])) == ("en", [], 3)
    shown = known.does("ways", HOME)
    assert "Zalo ZNS" in shown
    assert "tiếng Anh" in shown


def test_ways_that_cannot_be_are_refused_in_one_line(known: CommandLine) -> None:
    assert "mail, zalo-oa, zalo-zns, zalo-bot, apprise-sms" in refused(known, "ways", HOME, "--set", "fax:1")
    assert "số điện thoại" in refused(known, "ways", HOME, "--set", "zalo-zns:0123")
    assert "mã người dùng" in refused(known, "ways", HOME, "--set", "zalo-oa:a b")
    assert "apprise-sms" in refused(known, "ways", HOME, "--set", "apprise-sms:ông-An")
    assert "khac@x.vn" in refused(known, "ways", HOME, "--set", "mail:khac@x.vn")
    assert "hai lần" in refused(known, "ways", HOME, "--set", "mail", "--set", "mail")
    for hours in ("17:00-07:30", "7", "07:30", "25:00-26:00", "07:30-17:00-18:00"):
        assert "Khung giờ" in refused(known, "ways", HOME, "--hours", hours)
    assert "“fr”" in refused(known, "ways", HOME, "--language", "fr")
    refused(known, "ways", "Sở Không có")
    refused(known, "channel", "check", "fax")
    refused(known, "channel", "stop", "fax", "--reason", "x")
    assert "dondoc sending stop" in refused(known, "channel", "stop", "maildir", "--reason", "x")
    refused(known, "channel", "consent", "--code", "x", "--state", "y")
    refused(known, "channel", "code", HOME, "--role", "chairman")
    known.settings["DONDOC_SERVICES"] = '{"sms": "json://bi-mat-73/x"}'
    assert "bi-mat-73" not in refused(known, "channel", "list")


@pytest.mark.parametrize("words", [("list",), ("check",), ("stop",), ("start",), ("consent",), ("code",)])
def test_every_channel_command_helps_with_an_example(live: CommandLine, words: tuple[str, ...]) -> None:
    assert f"Ví dụ: dondoc channel {words[0]}" in " ".join(live.does("channel", *words, "--help").split())


def test_ways_helps_with_an_example(live: CommandLine) -> None:
    assert "Ví dụ: dondoc ways" in live.does("ways", "--help")


def test_a_simulated_office_tries_nothing_on_the_real_service(known: CommandLine, zalo: ZaloPeer) -> None:
    copy = CommandLine(known.home.with_name("mo-phong"), **known.settings)
    OfficeStory.made(copy.home).ledger.engine.dispose()
    assert "mô phỏng" in refused(copy, "channel", "check", "zalo-oa")
    assert zalo.asked == []
