"""What both mail channels share: the letter as an RFC 5322 message, and the Apprise side of a plugin."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from apprise import NotifyType
from apprise.plugins import NotifyBase

from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.wording import plain_line


def as_email(letter: Letter) -> EmailMessage:
    """The letter with text and HTML parts. Raises ChannelError for an address that no mail can have."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(plain_line(letter.sender_name), addr_spec=letter.sender)
        message["To"] = Address(plain_line(letter.recipient), addr_spec=letter.address)
        message["Subject"] = plain_line(letter.subject)
    except (ValueError, IndexError, AttributeError, MessageError) as error:  # all that the parser raises
        raise ChannelError(f"{letter.address}: {error}", Fault.ADDRESS) from error
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    return message


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
