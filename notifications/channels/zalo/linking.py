"""One-time codes: a contact writes the code to the Official Account or the bot, and so shows which chat is theirs."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.errors import Refusal

#: No vowel, so that no word looks like a code; nothing that is taken for another (0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V).
ALPHABET = "34679CDFGHJKMNPRTWX"
LENGTH = 8
LIVES = timedelta(hours=24)
CODE = re.compile(rf"(?<![0-9A-Z])[{ALPHABET}]{{4}}[ -]?[{ALPHABET}]{{4}}(?![0-9A-Z])")


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code as it is stored: whose it is, and a digest that tells nobody the code."""

    contact_id: int
    digest: str
    expires_at: datetime
    used_at: datetime | None = None
    chat: str = ""  #: the user id or chat id that it was written from


def new_code(contact_id: int, secret: bytes, now: datetime) -> tuple[str, LinkCode]:
    """A code to tell the contact, and what is stored of it."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return code, LinkCode(contact_id, digest_of(code, secret), now + LIVES)


def digest_of(code: str, secret: bytes) -> str:
    """What a code is found by. Keyed: eight characters alone could be guessed from a plain digest."""
    return hmac.new(secret, f"dondoc zalo code|{code}".encode(), hashlib.sha256).hexdigest()


def code_in(text: str) -> str | None:
    """The code in what somebody wrote, however they wrote it: "mã: cdfg-3467"; None where there is none."""
    found = CODE.search(text.upper())
    return re.sub(r"[ -]", "", found[0]) if found else None


def redeemed(row: LinkCode | None, chat: str, now: datetime) -> LinkCode:
    """The code, used by a chat at `now`; `row` is what lay under its digest. Raises Refusal when it counts no more.

    Its caller stores it where `used_at` is still empty, in one statement: two who write it at once are one too many.
    """
    if row is None:
        raise Refusal("zalo.code.unknown")
    if row.used_at is not None:
        raise Refusal("zalo.code.used")
    if row.expires_at <= now:
        raise Refusal("zalo.code.expired")
    return replace(row, used_at=now, chat=chat)
