"""What both mail channels share: the letter as an RFC 5322 message, and the Apprise side of a plugin."""

from __future__ import annotations

from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

from apprise import NotifyType
from apprise.plugins import NotifyBase

from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.wording import plain_line

UTF8 = "utf-8"


def as_email(letter: Letter) -> Message:
    """The letter with text and HTML parts. Raises ChannelError for an address that no mail can have.

    Built from the plain MIME classes: `EmailMessage` parses and folds every header anew and takes five times as long.
    What stands in a header has been made one harmless line first.
    """
    mail = MIMEMultipart("alternative")
    headers = (
        ("From", _mailbox(letter.sender_name, letter.sender)),
        ("To", _mailbox(letter.recipient, letter.address)),
        ("Subject", Header(plain_line(letter.subject), UTF8, header_name="Subject")),
    )
    for name, words in headers:
        mail[name] = words  # type: ignore[assignment]  # a Header is folded when it is sent
    mail["Date"] = format_datetime(letter.date)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.attach(MIMEText(_lines(letter.text), "plain", UTF8))
    mail.attach(MIMEText(_lines(letter.html), "html", UTF8))
    return mail


def _lines(words: str) -> str:
    """Lines that end as mail wants them to (RFC 2046, 4.1.1)."""
    return "".join(f"{line}\r\n" for line in words.splitlines())


def _mailbox(name: str, address: str) -> Header:
    """A name and an address as a header holds them. Raises ChannelError for an address that no mail can have."""
    try:
        spec = Address(addr_spec=address).addr_spec
    except (ValueError, IndexError, AttributeError, MessageError) as error:  # all that the parser raises
        raise ChannelError(f"{address}: {error}", Fault.ADDRESS) from error
    header = Header(plain_line(name), UTF8)
    header.append(f"<{spec}>", "us-ascii")
    return header


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
