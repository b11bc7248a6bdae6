"""The other end of the wire: a local server that is as strict as Zalo is described to be."""

from __future__ import annotations

import itertools
import json
import os
import re
import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from pydantic import SecretStr

from config.clock import wall_clock
from config.settings import Settings, load_settings
from domain.errors import Refusal
from domain.founding import open_ledger
from domain.instants import local
from domain.written import parse_moment
from notifications.channels import ZALO_OA, open_channel
from notifications.channels.contract import ChannelError, Fault, Letter
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.tokens import Tokens

APP_ID, SECRET_KEY, OA_SECRET = "4310001", "khoa-ung-dung-7f3a", "khoa-su-kien-91bd"
BOT_TOKEN = "889:bot-token-5c2e"
WINDOW = timedelta(days=7)  #: after somebody wrote
MORNING = parse_moment("2018-03-07 09:00")
DAY = timedelta(hours=25)  #: an access token's life
BRIEF = "Giao nhiệm vụ: Thông báo 489/TB-VP, mục 2.1\nTrước ngày 09/3/2018\nhttps://dondoc.example/t/7-abc"
FACTS = {
    "kind": "assign",
    "what": "Giao nhiệm vụ",
    "number": "489/TB-VP",
    "deadline": "trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018",
    "day": "9/3/2018",
    "count": "1",
    "link": "https://dondoc.example/t/7-abc",
    "office": "Văn phòng Ủy ban nhân dân tỉnh Lâm Sơn",
}
PATIENCE = 60.0  #: seconds after which a held answer is given up
TOKEN_PATH = "/v4/oa/access_token"
TEMPLATE = "300123"
#: The template that the office had approved: its parameters, and what each takes.
PARAMETERS = {
    "what": "label",
    "number": "label",
    "deadline": "label",
    "day": "date",
    "count": "label",
    "link": "link",
    "office": "label",
}
TAKES: dict[str, Callable[[str], bool]] = {
    "label": lambda value: 0 < len(value) <= 30,
    "date": lambda value: re.fullmatch(r"(0[1-9]|[12]\d|3[01])/(0[1-9]|1[0-2])/\d{4}", value) is not None,
    "link": lambda value: value.startswith("https://") and len(value) <= 200,
}


@dataclass(frozen=True)
class Said:
    """One request as the server read it."""

    method: str
    path: str
    headers: dict[str, str]  #: names in lower case
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        said = json.loads(self.body)
        assert isinstance(said, dict)
        return said

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query)


class No(Exception):
    """Zalo refuses, with HTTP 200 and a code."""

    def __init__(self, code: int, words: str = "refused") -> None:
        super().__init__(code, words)
        self.code = code
        self.words = words


@dataclass
class ZaloPeer:
    """Zalo, for one test. `now` is its clock; the rest is what it knows and how it behaves today."""

    now: datetime
    wrote: dict[str, datetime] = field(default_factory=dict)  #: user id -> when they last wrote to the account
    phones: set[str] = field(default_factory=set)  #: numbers that have Zalo
    chats: set[str] = field(default_factory=set)  #: chats that were opened with the bot
    quota: int = 500
    rate: int = 4000  #: messages a minute
    next_answers: list[Any] = field(default_factory=list)  #: (status, body) or a code, given instead, one a request
    sent: list[dict[str, Any]] = field(default_factory=list)  #: messages taken
    asked: list[Said] = field(default_factory=list)
    refreshes: int = 0
    refresh_waits_for: int = 0  #: a refresh is answered when so many messages were refused for their token
    refusals: int = 0  #: messages refused for their token
    access: set[str] = field(default_factory=lambda: {"access-0"})  #: tokens that count
    refresh: str = "refresh-0"
    spent: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)  #: consent's code -> its verifier
    expires_in: Any = "90000"
    drops: bool = False  #: hangs up after it read a message
    arrived: dict[str, int] = field(default_factory=dict)
    url: str = ""

    def __post_init__(self) -> None:
        self.lock = threading.Condition()
        self.numbers = itertools.count(1)
        self.answers = threading.Event()  #: not set: takes a request and does not answer
        self.answers.set()
        self.taken: list[datetime] = []

    def settings(self, **more: Any) -> ZaloSettings:
        """What an office would be told, with this server for Zalo's."""
        given = {
            "app_id": APP_ID,
            "secret_key": SECRET_KEY,
            "oa_secret": OA_SECRET,
            "bot_token": BOT_TOKEN,
            "templates": {"default": TEMPLATE},
            **{f"{name}_host": self.url for name in ("oauth", "oa", "zns", "bot")},
        }
        return ZaloSettings(**(given | more))

    def expires_tokens(self) -> None:
        """No access token counts any more."""
        self.access.clear()

    @contextmanager
    def up(self) -> Iterator[ZaloPeer]:
        """The server answers while the block runs."""
        peer = self

        class Handler(_Handler):
            zalo = peer

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self.answers.set()
            server.shutdown()
            thread.join()
            server.server_close()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Reads what it is asked, and says nothing while the block runs."""
        self.answers.clear()
        try:
            yield
        finally:
            self.answers.set()

    # What it answers.

    def answer(self, said: Said) -> tuple[int, dict[str, Any] | str] | None:
        """Status and body; None hangs up."""
        with self.lock:
            self.asked.append(said)
            if self.next_answers:
                given = self.next_answers.pop(0)
                return (200, {"error": given, "message": f"zalo says {given}"}) if isinstance(given, int) else given
            if urlsplit(said.path).path == TOKEN_PATH:
                self.lock.wait_for(lambda: self.refusals >= self.refresh_waits_for, PATIENCE)
            try:
                answered = self._route(said)
            except No as no:
                return 200, {"error": no.code, "message": no.words}
            return None if self.drops else answered

    def _route(self, said: Said) -> tuple[int, dict[str, Any]]:
        routes = {
            ("POST", TOKEN_PATH): self._token,
            ("POST", "/v3.0/oa/message/cs"): self._message,
            ("POST", "/message/template"): self._template,
            ("GET", "/message/status"): self._status,
            ("POST", f"/bot{BOT_TOKEN}/sendMessage"): self._bot,
            ("POST", f"/bot{BOT_TOKEN}/getMe"): self._me,
        }
        handler = routes.get((said.method, urlsplit(said.path).path))
        return handler(said) if handler else (404, {})

    def _token(self, said: Said) -> tuple[int, dict[str, Any]]:
        """OAuth v4: a form, the app's key in a header, a refresh token that works once."""
        if said.headers.get("content-type") != "application/x-www-form-urlencoded":
            raise No(-14001, "not a form")
        if said.headers.get("secret_key") != SECRET_KEY or said.form.get("app_id") != APP_ID:
            raise No(-14004, "wrong app")
        if said.form.get("grant_type") == "authorization_code":
            code = said.form.get("code", "")
            if self.codes.pop(code, None) != said.form.get("code_verifier", ""):
                raise No(-14003, "wrong code")
        elif said.form.get("grant_type") != "refresh_token":
            raise No(-14001, "no grant")
        elif (token := said.form.get("refresh_token", "")) in self.spent:
            raise No(-14002, f"refresh token {token} was used before")
        elif token != self.refresh:
            raise No(-14003, "no such refresh token")
        return 200, self._new_tokens()

    def _new_tokens(self) -> dict[str, Any]:
        self.refreshes += 1
        self.spent.add(self.refresh)
        self.refresh = f"refresh-{self.refreshes}"
        access = f"access-{self.refreshes}"
        self.access.add(access)
        return {"access_token": access, "refresh_token": self.refresh, "expires_in": self.expires_in}

    def _allowed(self, said: Said) -> None:
        if "authorization" in said.headers or said.headers.get("access_token") not in self.access:
            self.refusals += 1
            self.lock.notify_all()
            raise No(-216, f"access token {said.headers.get('access_token')} is invalid")

    def _sends(self, *, night: int, quota: int) -> None:
        hour = local(self.now).hour
        if hour >= 22 or hour < 6:
            raise No(night, "not at night")
        if self.quota < 1:
            raise No(quota, "quota is used up")
        self.taken = [one for one in self.taken if one > self.now - timedelta(minutes=1)]
        if len(self.taken) >= self.rate:
            raise No(-32, "too many a minute")
        self.taken.append(self.now)
        self.quota -= 1

    def _message(self, said: Said) -> tuple[int, dict[str, Any]]:
        self._allowed(said)
        user, text = said.json["recipient"]["user_id"], said.json["message"]["text"]
        if not isinstance(user, str) or not isinstance(text, str) or not 0 < len(text) <= 2000:
            raise No(-201, "params invalid")
        if user not in self.wrote:
            raise No(-213, "user does not follow")
        if self.now - self.wrote[user] > WINDOW:
            raise No(-230, "user has not written for 7 days")
        self._sends(night=-234, quota=-211)
        id_ = self._takes(said)
        return 200, {"data": {"message_id": id_, "user_id": user}, "error": 0, "message": "Success"}

    def _template(self, said: Said) -> tuple[int, dict[str, Any]]:
        self._allowed(said)
        asked = said.json
        if not re.fullmatch(r"84[1-9]\d{8,9}", asked["phone"]):
            raise No(-108, "phone number is invalid")
        if asked["phone"] not in self.phones:
            raise No(-118, "Zalo account does not exist")
        if asked["template_id"] != TEMPLATE:
            raise No(-109, "template is invalid")
        if set(asked) - {"mode"} != {"phone", "template_id", "template_data", "tracking_id"}:
            raise No(-1124, "fields")
        if not 0 < len(asked["tracking_id"]) <= 48 or asked.get("mode", "development") != "development":
            raise No(-1124, "tracking id or mode")
        if set(asked["template_data"]) != set(PARAMETERS):
            raise No(-1122, "parameters")
        if not all(
            len(name) <= 30 and TAKES[PARAMETERS[name]](value) for name, value in asked["template_data"].items()
        ):
            raise No(-1121, "a parameter is too long or malformed")
        self._sends(night=-133, quota=-147)
        quota = {"dailyQuota": "500", "remainingQuota": str(self.quota)}
        data = {"msg_id": self._takes(said), "sent_time": "1520384400000", "quota": quota}
        return 200, {"error": 0, "message": "Success", "data": data}

    def _status(self, said: Said) -> tuple[int, dict[str, Any]]:
        self._allowed(said)
        status = self.arrived.get(said.query["message_id"][0], -1)
        return 200, {"error": 0, "message": "Success", "data": {"status": status}}

    def _bot(self, said: Said) -> tuple[int, dict[str, Any]]:
        if said.json["chat_id"] not in self.chats:
            return 200, {"ok": False, "error_code": 403, "description": f"no such chat of {BOT_TOKEN}"}
        if not 0 < len(said.json["text"]) <= 2000:
            return 200, {"ok": False, "error_code": 400, "description": "text length"}
        return 200, {"ok": True, "result": {"message_id": self._takes(said), "date": 1520384400000}}

    def _me(self, said: Said) -> tuple[int, dict[str, Any]]:
        return 200, {"ok": True, "result": {"id": "889", "account_name": "bot.VanPhong"}}

    def _takes(self, said: Said) -> str:
        self.sent.append(said.json)
        return f"m{next(self.numbers)}"


def letter(**more: Any) -> Letter:
    """A letter as the outbox hands it to a channel, on a Wednesday morning."""
    given: dict[str, Any] = {
        "recipient": "Sở Nội vụ",
        "address": "",
        "sender": "don-doc@vanphong.example",
        "sender_name": "Văn phòng",
        "subject": "[Đôn Đốc] Giao nhiệm vụ: Thông báo 489/TB-VP",
        "text": "",
        "html": "",
        "message_id": "<a1b2@vanphong.example>",
        "date": MORNING,
        "brief": BRIEF,
        "facts": FACTS,
    }
    return Letter(**(given | more))


class MemoryTokens:
    """A token store that forgets with the test, and notes how many requests there had been at each save."""

    def __init__(self, peer: ZaloPeer, tokens: Tokens | None) -> None:
        self.peer = peer
        self.tokens = tokens
        self.saved: list[tuple[Tokens, int]] = []
        self.fails: Refusal | None = None
        self.guard = threading.Lock()

    def load(self) -> Tokens | None:
        return self.tokens

    def save(self, tokens: Tokens) -> None:
        if self.fails is not None:
            raise self.fails
        self.tokens = tokens
        self.saved.append((tokens, len(self.peer.asked)))

    def lock(self) -> AbstractContextManager[bool]:
        return self.guard


def first_tokens(**more: Any) -> Tokens:
    given = {"access": "access-0", "refresh": "refresh-0", "given_at": MORNING, "expires_at": MORNING + DAY}
    return Tokens(**(given | more))


def settings_of(peer: ZaloPeer, settings: Settings, **more: Any) -> Settings:
    """The office's settings, with this server for Zalo's."""
    given = {
        "zalo_app_id": APP_ID,
        "zalo_secret_key": SecretStr(SECRET_KEY),
        "zalo_oa_secret": SecretStr(OA_SECRET),
        "zalo_bot_token": SecretStr(BOT_TOKEN),
        "zalo_templates": {"default": TEMPLATE},
        **{f"zalo_{name}_host": peer.url for name in ("oauth", "oa", "zns", "bot")},
    }
    return settings.model_copy(update=given | more)


def deliver_as_a_process(home: str, database_url: str, zalo: dict[str, Any], user: str, start: Barrier) -> None:
    """What a second runner does: opens the ledger by itself and delivers one message."""
    given = {f"zalo_{name}": value for name, value in zalo.items()}
    settings = load_settings(home=Path(home), database_url=database_url, **given)
    ledger = open_ledger(settings, wall_clock)
    with open_channel(ZALO_OA, settings, ledger) as channel:
        start.wait(PATIENCE)
        channel.deliver(letter(address=user))
    ledger.engine.dispose()


DISK_FULL = 28  #: exit code of a process that could not store the tokens, and so stopped


def deliver_on_a_full_disk(home: str, zalo: dict[str, Any], user: str) -> None:
    """The same where nothing can be written any more."""
    given = {f"zalo_{name}": value for name, value in zalo.items()}
    settings = load_settings(home=Path(home), **given)
    ledger = open_ledger(settings, wall_clock)
    with open_channel(ZALO_OA, settings, ledger) as channel:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        try:
            channel.deliver(letter(address=user))
        except ChannelError as error:
            os._exit(DISK_FULL if error.fault is Fault.DOWN else 1)


class _Handler(BaseHTTPRequestHandler):
    zalo: ZaloPeer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answered = self.zalo.answer(Said(self.command, self.path, headers, body))
        self.zalo.answers.wait(PATIENCE)
        if answered is None:
            self.close_connection = True
            return
        status, said = answered
        raw = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)
        except OSError:  # who asked has gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""
