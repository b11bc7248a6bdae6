"""The other end of the wire: a real SMTP server that refuses on demand, and processes that deliver to it."""

from __future__ import annotations

import multiprocessing
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from pydantic import SecretStr

from config.clock import wall_clock
from config.settings import Settings, load_settings
from domain.founding import open_ledger
from notifications.delivery import deliver

LOCAL = "127.0.0.1"
PATIENCE = 60.0  #: seconds after which a test gives up waiting for a process


@dataclass(frozen=True)
class Received:
    """One mail as the server took it."""

    sender: str
    recipients: tuple[str, ...]
    mail: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


class Peer:
    """An SMTP server of one test. `refuses` maps an address to what is answered to RCPT, `replies` to DATA."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[Received] = []
        self.refuses: dict[str, str] = {}
        self.replies: dict[str, str] = {}
        self.drops: set[str] = set()  #: addresses at whose mail it takes everything and hangs up
        self.connections = 0
        self.taken = threading.Event()  #: a mail is here, and the sender waits for the answer
        self.answers = threading.Event()
        self.answers.set()

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, host: str, responses: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = host
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if (reply := self.replies.get(envelope.rcpt_tos[0])) is not None:
            return reply
        self.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), mail))
        if envelope.rcpt_tos[0] in self.drops:
            server.transport.abort()
            return "451 gone"
        self.taken.set()
        await server.loop.run_in_executor(None, self.answers.wait, PATIENCE)
        return "250 Message accepted for delivery"

    @property
    def url(self) -> str:
        return f"smtp://{LOCAL}:{self.port}"

    def counts(self) -> Counter[str]:
        """Message-ID -> how often it arrived."""
        return Counter(one.message_id for one in self.received)

    @contextmanager
    def up(self) -> Iterator[Peer]:
        """The server answers while the block runs."""
        controller = Controller(self, hostname=LOCAL, port=self.port)
        controller.start()
        try:
            yield self
        finally:
            self.answers.set()
            controller.stop()

    @contextmanager
    def holding_its_answer(self) -> Iterator[None]:
        """Takes a mail, and does not say so while the block runs."""
        self.taken.clear()
        self.answers.clear()
        try:
            yield
        finally:
            self.answers.set()


def free_port() -> int:
    with socket.socket() as one:
        one.bind((LOCAL, 0))
        return int(one.getsockname()[1])


def settings_for(settings: Settings, smtp_url: str) -> Settings:
    """The same office, with a mail server."""
    return settings.model_copy(update={"smtp_url": SecretStr(smtp_url)})


def deliver_as_a_process(home: str, database_url: str, smtp_url: str, channel: str, start: Barrier | None) -> None:
    """What a second runner does: opens the ledger by itself and delivers."""
    settings = load_settings(home=Path(home), database_url=database_url, smtp_url=SecretStr(smtp_url))
    ledger = open_ledger(settings, wall_clock)
    if start is not None:
        start.wait(PATIENCE)
    deliver(ledger, settings, channel, wall_clock)
    ledger.engine.dispose()


def delivering(settings: Settings, channel: str = "email", start: Barrier | None = None) -> BaseProcess:
    """Starts a process that delivers this office's messages."""
    process = multiprocessing.get_context("spawn").Process(
        target=deliver_as_a_process,
        args=(str(settings.home), settings.database_url, settings.smtp_url.get_secret_value(), channel, start),
    )
    process.start()
    return process
