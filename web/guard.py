"""What stands before every page: security headers, the visitor's language, sizes, other sites' forms, rates."""

from __future__ import annotations

from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.words import LANGUAGES, say, speaking, spoken_language

#: nothing inline, nothing from elsewhere; Tabler's icons are data: pictures in its sheet
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",  # a link's token stands in the address
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
LANGUAGE_COOKIE = "dondoc_language"
SMALL, LARGE = 1 << 20, 130 << 20  #: bytes of a request: a form, one with files
WITH_FILES = ("/a/", "/filing", "/obligations/")
SAFE = ("GET", "HEAD", "OPTIONS")


class TooLarge(Exception):
    """The request's body is larger than the page takes."""


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = HEADERS | ({"strict-transport-security": "max-age=31536000"} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Checks the request, then has it answered in the visitor's language."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        with speaking(_language(request)):
            if scope["method"] not in SAFE and _is_from_elsewhere(request.headers):
                await PlainTextResponse(say("web.refused.elsewhere"), 403)(scope, receive, self._guarded(send))
                return
            most = LARGE if scope["path"].startswith(WITH_FILES) else SMALL
            answered = _Answered(self._guarded(send))
            try:
                await self.app(scope, _measured(receive, most), answered)
            except TooLarge:
                if not answered.started:
                    words = PlainTextResponse(say("web.refused.too_large", most=most >> 20), 413)
                    await words(scope, receive, self._guarded(send))

    def _guarded(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return with_headers


class _Answered:
    """Notes whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self.send(message)


def _language(request: Request) -> str:
    wished = request.cookies.get(LANGUAGE_COOKIE, "")
    return wished if wished in LANGUAGES else spoken_language()


def _is_from_elsewhere(headers: Headers) -> bool:
    """Whether another site sent the form: browsers say so themselves."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    return origin != "null" and urlsplit(origin).netloc != headers.get("host", "")


def _measured(receive: Receive, most: int) -> Receive:
    seen = 0

    async def measured() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge
        return message

    return measured


class Rates:
    """How often somebody may do what costs something or could be guessed at, in one minute.

    A whole province may sit behind one address: what is known (a link that counts, an account) is counted by itself,
    and an address only for what it gets wrong.
    """

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.limits = {
            "door": RateLimitItemPerMinute(10),  # wrong passwords from one address
            "stranger": RateLimitItemPerMinute(30),  # links that open nothing, from one address
            "link": RateLimitItemPerMinute(120),  # pages by one link
            "answer": RateLimitItemPerMinute(30),  # answers by one link
            "renew": RateLimitItemPerMinute(5),  # new links asked for by one link
            "code": RateLimitItemPerMinute(5),  # one-time codes that count for nobody, from one chat
            "export": RateLimitItemPerMinute(20),  # exports to one address
        }

    def allows(self, what: str, request: Request, whose: str = "") -> bool:
        """Whether it may be done once more; it counts. `whose`: what is counted, the address where it is empty."""
        return self.limiter.hit(self.limits[what], what, whose or _address(request))

    def spent(self, what: str, request: Request, whose: str = "") -> bool:
        """Whether it may not be done any more just now; looking counts nothing."""
        return not self.limiter.test(self.limits[what], what, whose or _address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else "-"
