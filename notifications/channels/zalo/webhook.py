"""Zalo's events: is it Zalo that speaks, and what does it say. Pure: the page that takes them is elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.channels.zalo.limits import LONGEST_TEXT, harmless, shortened
from notifications.channels.zalo.settings import ZaloSettings

HEADER = "X-ZEvent-Signature"
LONGEST_ID = 64  #: characters of Zalo's names of people and messages
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Followed:
    """Somebody follows the Official Account from now on."""

    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Somebody follows it no more: messages to them would be refused."""

    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wrote:
    """Somebody wrote to the Official Account: for 7 days it may write to them. The text can hold a one-time code."""

    user_id: str
    at: datetime
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message of ours is at the telephone. Either name of it can be empty."""

    user_id: str
    at: datetime
    message_id: str  #: the receipt's reference
    tracking_id: str  #: what we called it


Event = Followed | Unfollowed | Wrote | Arrived


def is_genuine(signature: str, body: bytes, zalo: ZaloSettings) -> bool:
    """Whether `mac=sha256(appId + body + timestamp + OASecretKey)`, in hex. Never without a secret."""
    stamp = read(body).get("timestamp")
    if not zalo.app_id or not zalo.oa_secret or not isinstance(stamp, str | int):
        return False
    return hmac.compare_digest(signature_of(body, str(stamp), zalo).encode(), signature.encode("utf-8", "replace"))


def signature_of(body: bytes, stamp: str, zalo: ZaloSettings) -> str:
    """The header's value for a body."""
    said = zalo.app_id.encode() + body + stamp.encode("utf-8", "replace") + zalo.oa_secret.encode()
    return f"mac={hashlib.sha256(said).hexdigest()}"


def event_of(body: bytes) -> Event | None:
    """The event in a body whose signature was checked; None for all that we have no use for."""
    said = read(body)
    reader = EVENTS.get(str(said.get("event_name")))
    at = moment_of(said.get("timestamp"))
    return reader(said, at) if reader is not None and at is not None else None


def _followed(said: Mapping[str, Any], at: datetime) -> Event | None:
    user = id_in(said, "follower", "id")
    return Followed(user, at) if user else None


def _unfollowed(said: Mapping[str, Any], at: datetime) -> Event | None:
    user = id_in(said, "follower", "id")
    return Unfollowed(user, at) if user else None


def _wrote(said: Mapping[str, Any], at: datetime) -> Event | None:
    user = id_in(said, "sender", "id")
    text = inner(said, "message").get("text")
    if not user or not isinstance(text, str):
        return None
    return Wrote(user, at, shortened(harmless(text), LONGEST_TEXT), id_in(said, "message", "msg_id"))


def _arrived(said: Mapping[str, Any], at: datetime) -> Event | None:
    message, tracking = id_in(said, "message", "msg_id"), id_in(said, "message", "tracking_id")
    return Arrived(id_in(said, "recipient", "id"), at, message, tracking) if message or tracking else None


EVENTS: Mapping[str, Callable[[Mapping[str, Any], datetime], Event | None]] = {
    "follow": _followed,
    "unfollow": _unfollowed,
    "user_send_text": _wrote,
    "user_received_message": _arrived,
}


def read(body: bytes) -> Mapping[str, Any]:
    """The object in a body; empty where there is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def inner(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside another; empty where there is none."""
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def id_in(said: Mapping[str, Any], where: str, name: str) -> str:
    """One of Zalo's names; empty for what is none."""
    value = inner(said, where).get(name, "")
    text = str(value) if isinstance(value, str | int) else ""
    return text if len(text) <= LONGEST_ID and text.isascii() and text.isprintable() else ""


def moment_of(stamp: object) -> datetime | None:
    """Milliseconds since 1970, as a string or a number."""
    try:
        return EPOCH + timedelta(milliseconds=int(stamp)) if isinstance(stamp, str | int) else None
    except (ValueError, OverflowError):
        return None
