"""Any service that Apprise knows, as a channel: an SMS gateway, Telegram, … . The office gives the address in settings.

A person's own address is only ever put in its place inside that address, quoted: it can add no host, path or parameter.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote

from apprise import Apprise, NotifyFormat

from config.settings import ADDRESS
from config.words import say
from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.zalo.limits import harmless
from notifications.channels.zalo.wire import said

#: Plugins unquote what they are given: what splits a list of recipients, or is a step in a path, is in no address.
RECIPIENT = re.compile(r"""(?!\.{1,2}$)[^\s,;/\\?&%|<>"'`{}\[\]]{1,200}""")
SECRET = re.compile(r"[^/:@?&=#,]{4,}")  #: pieces of the service's address: any of them can be a token

log = logging.getLogger("apprise")
log.addHandler(logging.NullHandler())
log.propagate = False  # an address that does not parse is logged whole, with its secrets


class ServiceChannel:
    """One service of the office's own choice, by its Apprise address with {address} where the recipient stands."""

    def __init__(self, name: str, template: str) -> None:
        self.name = name
        self.template = template

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def deliver(self, letter: Letter) -> Receipt:
        """Sends the brief. Apprise says yes or no and nothing more, so a no is UNKNOWN. Raises ChannelError."""
        text = harmless(letter.brief)
        if not text:
            raise ChannelError(say("channels.letter.empty"), Fault.REFUSED)
        service = self._service(letter.address)
        with _listening() as lines:
            taken = service.notify(body=text, body_format=NotifyFormat.TEXT)
        words = said(" ".join(lines), self._secrets())
        if not taken:
            raise ChannelError(words or say("channels.letter.service_says_no", name=self.name), Fault.UNKNOWN)
        return Receipt(words)

    def accepts(self, address: str) -> bool:
        """Whether the service could be asked to write there."""
        return self._made(address) is not None

    def _service(self, address: str) -> Apprise:
        """The service for one recipient. Raises ChannelError where they make no address together."""
        made = self._made(address)
        if made is None:
            raise ChannelError(say("channels.letter.bad_recipient", name=self.name), Fault.ADDRESS)
        return made

    def _made(self, address: str) -> Apprise | None:
        """The service for one recipient; None where it takes no such recipient.

        A plugin drops a recipient that it cannot read, and some then write to the sender instead.
        """
        made = Apprise()
        fits = RECIPIENT.fullmatch(address) is not None and address.isprintable()
        if not fits or not made.add(self.template.replace(ADDRESS, quote(address, safe=""))):
            return None
        return made if getattr(made[0], "targets", True) else None

    def _secrets(self) -> list[str]:
        """Every piece of the service's address, as written and as read."""
        pieces = SECRET.findall(self.template.partition("://")[2].replace(ADDRESS, "/"))
        return [form for piece in pieces for form in (piece, unquote(piece))]


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise logs in this thread while the block runs: its only words about what went wrong."""
    heard = _Heard()
    log.addHandler(heard)
    try:
        yield heard.lines
    finally:
        log.removeHandler(heard)


class _Heard(logging.Handler):
    """Keeps the warnings of one thread: another delivers by another service, with other secrets."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.whose = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one line."""
        if record.thread == self.whose:
            self.lines.append(record.getMessage())
