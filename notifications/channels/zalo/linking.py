"""One-time codes: who writes the code to the Official Account or the bot shows which chat is theirs."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

#: No vowel, so that no word looks like a code; nothing that is taken for another (0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V).
ALPHABET = "34679CDFGHJKMNPRTWX"
LENGTH = 8
LIVES = timedelta(hours=24)
CODE = re.compile(rf"(?<![0-9A-Z])[{ALPHABET}]{{4}}[ -]?[{ALPHABET}]{{4}}(?![0-9A-Z])")


def new_code() -> str:
    """A code to tell somebody."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def digest_of(code: str, secret: bytes) -> str:
    """What a code is found by. Keyed: eight characters alone could be guessed from a plain digest."""
    return hmac.new(secret, f"dondoc zalo code|{code}".encode(), hashlib.sha256).hexdigest()


def code_in(text: str) -> str | None:
    """The code in what somebody wrote, however they wrote it: "mã: cdfg-3467"; None where there is none."""
    found = CODE.search(text.upper())
    return re.sub(r"[ -]", "", found[0]) if found else None
