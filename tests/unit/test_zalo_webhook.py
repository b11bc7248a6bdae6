"""Zalo's events are believed when they are signed, and a one-time code is found in what somebody wrote."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.words import LANGUAGES, say
from notifications.channels.zalo.linking import ALPHABET, code_in, digest_of, new_code
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.webhook import (
    Arrived,
    Followed,
    Unfollowed,
    Wrote,
    event_of,
    is_genuine,
    signature_of,
)
from tests.unit.zalo_peer import APP_ID, OA_SECRET

ZALO = ZaloSettings(app_id=APP_ID, oa_secret=OA_SECRET)
STAMP = "1520388000000"
AT = datetime(2018, 3, 7, 2, tzinfo=UTC)
SECRET = b"an office's secret of some length"


def body(**said: Any) -> bytes:
    return json.dumps({"app_id": APP_ID, "timestamp": STAMP} | said, ensure_ascii=False).encode()


def signed(raw: bytes, stamp: str = STAMP) -> str:
    """Made here from the description, not by the code that is tried."""
    return "mac=" + hashlib.sha256(APP_ID.encode() + raw + stamp.encode() + OA_SECRET.encode()).hexdigest()


@pytest.mark.parametrize("stamp", [STAMP, int(STAMP)])
def test_what_zalo_signed_is_believed(stamp: str | int) -> None:
    raw = body(event_name="follow", timestamp=stamp, follower={"id": "7"}, note="Đôn Đốc")
    assert is_genuine(signed(raw), raw, ZALO)


@pytest.mark.parametrize(
    "signature",
    ["", "mac=", "mac=" + "0" * 64, signed(body()).removeprefix("mac="), signed(body()) + "0", "mac=đ\ud800", "\x00"],
)
def test_another_signature_is_not(signature: str) -> None:
    assert not is_genuine(signature, body(), ZALO)


def test_a_body_that_was_changed_is_not() -> None:
    raw = body(follower={"id": "7"})
    assert not is_genuine(signed(raw), raw.replace(b'"7"', b'"8"'), ZALO)
    assert not is_genuine(signed(raw), raw + b" ", ZALO)


@pytest.mark.parametrize("lacking", [ZaloSettings(app_id=APP_ID), ZaloSettings(oa_secret=OA_SECRET), ZaloSettings()])
def test_without_a_secret_nothing_is_believed(lacking: ZaloSettings) -> None:
    raw = body()
    assert not is_genuine(signature_of(raw, STAMP, lacking), raw, lacking)


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"\xff\xfe", b"{}", b"[" * 100_000, b'{"timestamp": [1]}'])
def test_what_is_no_event_is_neither_believed_nor_read(raw: bytes) -> None:
    assert not is_genuine(signed(raw, ""), raw, ZALO)
    assert event_of(raw) is None


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ({"event_name": "follow", "follower": {"id": "7"}}, Followed("7", AT)),
        ({"event_name": "unfollow", "follower": {"id": "7"}}, Unfollowed("7", AT)),
        (
            {"event_name": "user_send_text", "sender": {"id": "7"}, "message": {"text": "mã cdfg", "msg_id": "m"}},
            Wrote("7", AT, "mã cdfg", "m"),
        ),
        (
            {"event_name": "user_received_message", "recipient": {"id": "7"}, "message": {"msg_id": "m"}},
            Arrived("7", AT, "m", ""),
        ),
        (
            {"event_name": "user_received_message", "message": {"tracking_id": "dondoc-1", "msg_id": "m"}},
            Arrived("", AT, "m", "dondoc-1"),
        ),
    ],
)
def test_the_four_events_are_read(said: dict[str, Any], event: object) -> None:
    assert event_of(body(**said)) == event


@pytest.mark.parametrize(
    "said",
    [
        {"event_name": "user_send_image", "sender": {"id": "7"}},
        {"event_name": ["follow"], "follower": {"id": "7"}},
        {"event_name": "follow"},
        {"event_name": "follow", "follower": "7"},
        {"event_name": "follow", "follower": {"id": "7" * 65}},
        {"event_name": "follow", "follower": {"id": {"$ne": ""}}},
        {"event_name": "follow", "follower": {"id": "7\r\n8"}},
        {"event_name": "follow", "follower": {"id": "7"}, "timestamp": "soon"},
        {"event_name": "follow", "follower": {"id": "7"}, "timestamp": "9" * 30},
        {"event_name": "user_send_text", "sender": {"id": "7"}, "message": {"text": None}},
        {"event_name": "user_received_message", "recipient": {"id": "7"}},
    ],
)
def test_anything_else_is_ignored(said: dict[str, Any]) -> None:
    assert event_of(body(**said)) is None


def test_hostile_words_of_somebody_are_read_harmless() -> None:
    said = {
        "event_name": "user_send_text",
        "sender": {"id": "7"},
        "message": {"text": "\u202ea\r\nb\x00" + "x " * 9000},
    }
    event = event_of(body(**said))
    assert isinstance(event, Wrote)
    assert len(event.text) <= 2000
    assert event.text.startswith("a\nb")


@given(st.binary())
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    assert not is_genuine("mac=", raw, ZALO)
    event_of(raw)


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_no_event_breaks_the_reader(inner: object) -> None:
    for name in ("follow", "unfollow", "user_send_text", "user_received_message"):
        event_of(json.dumps({"event_name": name, "timestamp": inner, "message": inner, "sender": inner}).encode())


def test_codes_are_easy_to_read_and_differ() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {8}
    assert not set("".join(codes)) & set("0O1IL2Z5S8BAEUY")


def test_a_code_is_worthless_under_another_secret() -> None:
    assert digest_of("CDFG3467", SECRET) != digest_of("CDFG3467", b"another")


@given(st.text(ALPHABET, min_size=8, max_size=8), st.sampled_from(["", " ", "-"]), st.booleans())
def test_a_code_is_found_however_it_is_written(code: str, gap: str, lower: bool) -> None:
    typed = code[:4] + gap + code[4:]
    assert code_in(f"Mã: {typed.lower() if lower else typed}.") == code


@pytest.mark.parametrize("text", ["", "Kính gửi văn phòng", "Chúc mừng năm mới", "THANH KHOA", "CDFG346", "CDFG34679"])
def test_ordinary_words_are_no_code(text: str) -> None:
    assert code_in(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", ["unknown", "used", "expired"])
def test_who_wrote_a_code_that_counts_no_more_is_told_what_to_do(language: str, why: str) -> None:
    assert say(f"zalo.code.{why}", language=language).endswith(".")
