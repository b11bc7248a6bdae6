"""One HTTP client for a delivery: what goes wrong on the way becomes a fault, and no secret gets into an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from config.words import say
from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.answers import Answer
from notifications.channels.zalo.limits import shortened
from notifications.wording import plain_line

LONGEST_WORDS = 300  #: characters kept of what Zalo said
HIDDEN = "•••"
#: Raised before anything of a request was sent.
BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
#: The settings make no request.
IMPOSSIBLE = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)
WORDS = ("message", "description", "error_description", "error_name", "error_reason")
CODES = ("error", "error_code")


class Wire:
    """The way to Zalo. Follows no redirect: it would carry the token elsewhere."""

    def __init__(self, patience: float) -> None:
        self.client = httpx.Client(timeout=patience, follow_redirects=False, headers={"User-Agent": "dondoc"})

    def close(self) -> None:
        """Hangs up."""
        self.client.close()

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        hidden: Iterable[str] = (),
    ) -> Answer:
        """Asks once. `hidden` are secrets that an answer could repeat; header values are hidden anyway.

        Raises ChannelError: DOWN when nothing was sent, UNKNOWN when no answer came.
        """
        host = urlsplit(url).hostname or ""
        try:
            response = self.client.request(method, url, headers=headers, json=json, data=form, params=params)
        except httpx.RequestError as error:  # told by its kind: its words and its request can hold a secret
            raise _trouble(error, host) from None
        return _answer(response, [*hidden, *(headers or {}).values()])


def _trouble(error: httpx.RequestError, host: str) -> ChannelError:
    why = type(error).__name__
    if isinstance(error, BEFORE):
        return ChannelError(say("zalo.wire.unreachable", host=host, why=why), Fault.DOWN)
    if isinstance(error, IMPOSSIBLE):
        return ChannelError(say("zalo.wire.impossible", host=host, why=why), Fault.ACCOUNT)
    return ChannelError(say("zalo.wire.no_answer", host=host, why=why), Fault.UNKNOWN)


def _answer(response: httpx.Response, secrets: Iterable[str]) -> Answer:
    body = _object(response)
    code = next((_number(body[name]) for name in CODES if name in body), None)
    words = next((body[name] for name in WORDS if isinstance(body.get(name), str) and body[name]), "")
    return Answer(response.status_code, code, said(words, secrets), body)


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _number(value: object) -> int | None:
    """A code, which some descriptions give as a string."""
    try:
        return int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None


def said(words: str, secrets: Iterable[str]) -> str:
    """Zalo's words as one harmless line without any of our secrets."""
    for secret in sorted({one for one in secrets if one}, key=len, reverse=True):
        words = words.replace(secret, HIDDEN)
    return shortened(plain_line(words), LONGEST_WORDS)
