"""What both mail channels share: the letter as an RFC 5322 message, and the Apprise side of a plugin."""

from __future__ import annotations

import hashlib
from base64 import encodebytes
from collections.abc import Iterator
from email.charset import BASE64, Charset
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

import idna
from apprise import NotifyType
from apprise.plugins import NotifyBase

from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.wording import plain_line

UTF8 = "utf-8"
WORDS = Charset(UTF8)
WORDS.header_encoding = BASE64  # the shorter of two encodings would be looked for letter by letter
CALENDAR_FILE = "thoi-han.ics"


def as_bytes(letter: Letter) -> bytes:
    """The letter as it goes over the wire. Raises ChannelError for an address that no mail can have.

    Its headers are the library's; its parts (base64, RFC 2045) are put together here: the library's generator folds
    every header of every part anew and costs more than everything else in a delivery.
    """
    if not wire_address(letter.address).isascii():
        return _international(letter).as_bytes(policy=SMTPUTF8)
    boundary = "=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]  # stands in no base64
    kind, body = f'multipart/alternative; boundary="{boundary}"', _alternative(letter, boundary)
    if letter.calendar:
        outer = f"{boundary}.1"
        inner = f"Content-Type: {kind}\r\n\r\n".encode() + body
        kind, body = f'multipart/mixed; boundary="{outer}"', _multipart(outer, inner, _calendar(letter))
    return "".join(_headers(letter, kind)).encode("ascii") + b"\r\n" + body


def _headers(letter: Letter, kind: str) -> Iterator[str]:
    """What stands in a header has been made one harmless line first."""
    yield f"From: {_mailbox(letter.sender_name, letter.sender)}\r\n"
    yield f"To: {_mailbox(letter.recipient, letter.address)}\r\n"
    yield f"Subject: {_words(letter.subject, 'Subject')}\r\n"
    if letter.reply_to:
        yield f"Reply-To: {_mailbox(letter.sender_name, letter.reply_to)}\r\n"
    for name, line in _plain_headers(letter):
        yield f"{name}: {plain_line(line)}\r\n"
    yield f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n"


def _alternative(letter: Letter, boundary: str) -> bytes:
    return _multipart(boundary, _part("text/plain", letter.text), _part("text/html", letter.html))


def _calendar(letter: Letter) -> bytes:
    shown = f'Content-Disposition: attachment; filename="{CALENDAR_FILE}"\r\n'
    return _part('text/calendar; method="PUBLISH"', letter.calendar, shown)


def _part(kind: str, words: str, more: str = "") -> bytes:
    head = f'Content-Type: {kind}; charset="{UTF8}"\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n'
    return head.encode() + encodebytes(_lines(words).encode(UTF8, "replace")).replace(b"\n", b"\r\n")


def _multipart(boundary: str, *parts: bytes) -> bytes:
    opened = b"--" + boundary.encode() + b"\r\n"
    return b"".join(opened + part + b"\r\n" for part in parts) + b"--" + boundary.encode() + b"--\r\n"


def _plain_headers(letter: Letter) -> tuple[tuple[str, str], ...]:
    return (
        ("Date", format_datetime(letter.date)),
        ("Message-ID", letter.message_id),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: no holiday answers, please
    )


def _international(letter: Letter) -> EmailMessage:
    """The same for an address beyond ASCII: its headers are UTF-8 as they stand (RFC 6532)."""
    mail = EmailMessage(policy=SMTPUTF8)
    mail["From"] = _person(letter.sender_name, letter.sender)
    mail["To"] = _person(letter.recipient, letter.address)
    mail["Subject"] = plain_line(letter.subject)
    if letter.reply_to:
        mail["Reply-To"] = _person(letter.sender_name, letter.reply_to)
    for name, line in _plain_headers(letter):
        mail[name] = line
    mail.set_content(_lines(letter.text))
    mail.add_alternative(_lines(letter.html), subtype="html")
    if letter.calendar:
        mail.add_attachment(
            _lines(letter.calendar), subtype="calendar", filename=CALENDAR_FILE, params={"method": "PUBLISH"}
        )
    return mail


def _lines(words: str) -> str:
    """Lines that end as mail wants them to (RFC 2046, 4.1.1)."""
    return "".join(f"{line}\r\n" for line in words.splitlines())


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str) -> str:
    """A name and an address as a header holds them. Raises ChannelError for an address that no mail can have."""
    header = Header(plain_line(name), WORDS)
    header.append(f"<{wire_address(address)}>", "us-ascii")
    return header.encode(linesep="\r\n")


@lru_cache(maxsize=1024)
def _words(words: str, name: str) -> str:
    """Words of a header, encoded and folded."""
    return Header(plain_line(words), WORDS, header_name=name).encode(linesep="\r\n")


@lru_cache(maxsize=1024)
def wire_address(address: str) -> str:
    """The address with its host in ASCII (IDNA). Raises ChannelError for an address that no mail can have."""
    local, at, host = _checked(address).rpartition("@")
    if host.isascii():
        return f"{local}{at}{host}"
    try:
        return f"{local}{at}{idna.encode(host, uts46=True).decode()}"
    except idna.IDNAError as error:
        raise ChannelError(f"{plain_line(address)}: {error}", Fault.ADDRESS) from error


def _checked(address: str) -> str:
    """The address as it is written, which the parser must understand; letters beyond ASCII count as letters."""
    try:
        HeaderAddress(addr_spec="".join(c if c.isascii() else "x" for c in address))
    except (ValueError, IndexError, AttributeError, MessageError) as error:  # all that the parser raises
        raise ChannelError(f"{plain_line(address)}: {error}", Fault.ADDRESS) from error
    local, _, host = address.rpartition("@")
    if not (local and host and address.isprintable()) or " " in address:
        raise ChannelError(plain_line(address), Fault.ADDRESS)
    return address


def _person(name: str, address: str) -> HeaderAddress:
    """A name and an address of any letters, for a header in UTF-8."""
    local, _, host = _checked(address).rpartition("@")
    return HeaderAddress(plain_line(name), username=local, domain=host)


class MailPlugin(NotifyBase):  # type: ignore[misc]
    """An Apprise plugin that keeps our Message-ID and tells what became of each letter."""

    request_rate_per_sec = 0
    title_maxlen = 998
    body_maxlen = 1_000_000

    def deliver(self, letter: Letter) -> Receipt:
        """Hands one letter to the wire. Raises ChannelError."""
        raise NotImplementedError

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **kwargs: Any) -> bool:
        """Apprise's own door, which has no place for a receipt; the letter says everything."""
        letter: Letter = kwargs["letter"]
        self.deliver(letter)
        return True

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The plugin's address, without secrets."""
        return f"{self.protocol}://"
