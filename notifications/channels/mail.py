"""What both mail channels share: the letter as an RFC 5322 message, and the Apprise side of a plugin."""

from __future__ import annotations

from email._policybase import Compat32
from email.charset import BASE64, Charset
from email.errors import MessageError
from email.generator import BytesGenerator
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTPUTF8
from email.utils import format_datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

import idna
from apprise import NotifyType
from apprise.plugins import NotifyBase

from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.wording import plain_line


class Wire(Compat32):
    """How mail goes over the wire. A short plain header stays as it is: folding each anew costs a third of it all."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header as bytes."""
        if isinstance(value, str) and value.isascii() and value.isprintable() and len(name) + len(value) < PLAIN:
            return f"{name}: {value}{self.linesep}".encode()
        return super().fold_binary(name, value)


PLAIN = 76  #: characters of a header that needs no folding (RFC 5322, 2.1.1)
WIRE = Wire(linesep="\r\n")
UTF8 = "utf-8"
WORDS = Charset(UTF8)
WORDS.header_encoding = BASE64  # the shorter of two encodings would be looked for letter by letter
CALENDAR_FILE = "thoi-han.ics"


def as_bytes(letter: Letter) -> bytes:
    """The letter as it goes over the wire. Raises ChannelError for an address that no mail can have."""
    if letter.address.isascii() or wire_address(letter.address).isascii():
        mail = as_email(letter)
        with BytesIO() as found:
            BytesGenerator(found, policy=WIRE).flatten(mail)
            return found.getvalue()
    return _international(letter).as_bytes(policy=SMTPUTF8)


def as_email(letter: Letter) -> Message:
    """The letter with text and HTML parts, and its calendar beside them. Raises ChannelError for an impossible address.

    Built from the plain MIME classes: `EmailMessage` parses and folds every header anew and takes five times as long.
    What stands in a header has been made one harmless line first.
    """
    body = MIMEMultipart("alternative")
    body.attach(MIMEText(_lines(letter.text), "plain", UTF8))
    body.attach(MIMEText(_lines(letter.html), "html", UTF8))
    mail: MIMEMultipart = body
    if letter.calendar:
        mail = MIMEMultipart("mixed")
        mail.attach(body)
        mail.attach(_calendar(letter))
    headers = [
        ("From", _mailbox(letter.sender_name, letter.sender)),
        ("To", _mailbox(letter.recipient, letter.address)),
        ("Subject", Header(plain_line(letter.subject), WORDS, header_name="Subject")),
    ]
    if letter.reply_to:
        headers.append(("Reply-To", _mailbox(letter.sender_name, letter.reply_to)))
    for name, words in headers:
        mail[name] = words  # type: ignore[assignment]  # a Header is folded when it is sent
    for name, line in _plain_headers(letter):
        mail[name] = line
    return mail


def _plain_headers(letter: Letter) -> tuple[tuple[str, str], ...]:
    return (
        ("Date", format_datetime(letter.date)),
        ("Message-ID", letter.message_id),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: no holiday answers, please
    )


def _calendar(letter: Letter) -> MIMEText:
    part = MIMEText(_lines(letter.calendar), "calendar", UTF8)
    part.set_param("method", "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=CALENDAR_FILE)
    return part


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


@lru_cache(maxsize=64)
def _mailbox(name: str, address: str) -> Header:
    """A name and an address as a header holds them. Raises ChannelError for an address that no mail can have."""
    header = Header(plain_line(name), WORDS)
    header.append(f"<{wire_address(address)}>", "us-ascii")
    return header


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
