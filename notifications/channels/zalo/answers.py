"""What Zalo's answers mean. Errors come with HTTP 200 and a code; the code says what can help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from config.words import say
from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.limits import next_morning, tomorrow_morning
from notifications.wording import plain_line

TAKEN = 0
LONGEST_REFERENCE = 64  #: characters
TOO_MANY, SERVER_ERROR, REDIRECT = 429, 500, 300  #: HTTP


class Meaning(StrEnum):
    """Why Zalo did not do what it was asked."""

    TOKEN = "token"  #: the access token counts no more: refresh once, then again
    CONSENT = "consent"  #: the refresh token counts no more: a person must consent again
    PASSING = "passing"
    QUOTA = "quota"
    NIGHT = "night"
    RECIPIENT = "recipient"
    TEMPLATE = "template"
    ACCOUNT = "account"
    UNLISTED = "unlisted"  #: a code that no public description explains


LISTED: Mapping[Meaning, tuple[int, ...]] = {
    Meaning.TOKEN: (-216, -220, -124),
    Meaning.CONSENT: (-14002, -14003),
    Meaning.PASSING: (-32, -200),
    Meaning.QUOTA: (-144, -147, -211),
    Meaning.NIGHT: (-133, -234),
    Meaning.RECIPIENT: (-108, -114, -118, -139, -140, -141, -213, -227, -230),
    Meaning.TEMPLATE: (-109, -1121, -1122, -1124, -131, -145, -146),
    Meaning.ACCOUNT: (-101, -102, -103, -104, -105, -115, -135, -136, -137, -219, -320, -321, -201, -209),
}
MEANINGS: Mapping[int, Meaning] = {code: meaning for meaning, codes in LISTED.items() for code in codes}
FAULTS: Mapping[Meaning, Fault] = {
    Meaning.TOKEN: Fault.ACCOUNT,  # refused again though it was fresh
    Meaning.CONSENT: Fault.ACCOUNT,
    Meaning.PASSING: Fault.PASSING,
    Meaning.QUOTA: Fault.LATER,
    Meaning.NIGHT: Fault.LATER,
    Meaning.RECIPIENT: Fault.ADDRESS,
    Meaning.TEMPLATE: Fault.REFUSED,
    Meaning.ACCOUNT: Fault.ACCOUNT,
    Meaning.UNLISTED: Fault.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of Zalo's."""

    status: int  #: HTTP
    code: int | None  #: Zalo's; None where none can be read
    words: str  #: Zalo's, as one harmless line without our secrets
    body: Mapping[str, Any] = field(repr=False)  #: can hold tokens

    @property
    def data(self) -> Mapping[str, Any]:
        """What the answer carries; empty where it carries nothing."""
        data = self.body.get("data", self.body.get("result"))  # the bot's word for it
        return data if isinstance(data, dict) else {}

    def reference(self, name: str) -> str:
        """Zalo's own name of a message, from the data; empty where it gives none."""
        return plain_line(str(self.data.get(name, "")))[:LONGEST_REFERENCE]

    @property
    def refuses_the_token(self) -> bool:
        """Whether a refresh can help."""
        return self.status < SERVER_ERROR and self.code is not None and meaning_of(self.code) is Meaning.TOKEN


def meaning_of(code: int) -> Meaning:
    """The class of a code."""
    return MEANINGS.get(code, Meaning.UNLISTED)


def check(answer: Answer, now: datetime) -> None:
    """Raises ChannelError unless Zalo took what it was given."""
    if answer.status >= SERVER_ERROR or answer.status == TOO_MANY:
        raise ChannelError(f"HTTP {answer.status} {answer.words}".strip(), Fault.PASSING)
    if answer.code is not None and answer.code != TAKEN:
        raise trouble(answer.code, answer.words, now)
    if answer.status >= REDIRECT:  # not Zalo speaking: a wrong host or path, a gateway; the next would fare alike
        raise ChannelError(say("zalo.wire.not_zalo", status=answer.status), Fault.ACCOUNT)
    if answer.code is None:
        raise ChannelError(say("zalo.wire.unreadable", status=answer.status), Fault.UNKNOWN)


def trouble(code: int, words: str, now: datetime) -> ChannelError:
    """The error that a code stands for."""
    meaning = meaning_of(code)
    detail = f"{code} {words}".strip()
    if meaning in (Meaning.CONSENT, Meaning.TOKEN):
        detail = say("zalo.tokens.consent_again", said=detail)
    return ChannelError(detail, FAULTS[meaning], not_before=_not_before(meaning, now))


def _not_before(meaning: Meaning, now: datetime) -> datetime | None:
    if meaning is Meaning.QUOTA:
        return tomorrow_morning(now)
    return next_morning(now) if meaning is Meaning.NIGHT else None
