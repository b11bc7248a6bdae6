"""`dondocmail://`, `dondocmails://`: mail over SMTP, one connection a delivery, TLS verified where it is used."""

from __future__ import annotations

import re
import smtplib
import ssl
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from config.words import say
from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.mail import MailPlugin, as_bytes, wire_address
from notifications.wording import plain_line

PATIENCE = 30.0  #: seconds that the server may take for one answer
PERMANENT = 500  #: SMTP codes from here on will not change by trying again (RFC 5321, 4.2.1)
TAKEN, FORWARDED, CLOSING, TOO_LARGE = 250, 251, 421, 552
NO_MAILBOX = (550, 551, 553)
ENHANCED = re.compile(rb"5\.\d{1,3}\.\d{1,3}")
NO_SUCH_ADDRESS = (b"5.2.1",)  #: besides 5.1.x: disabled


class SmtpPlugin(MailPlugin):
    """Speaks to one server. Modes: plain, starttls, tls."""

    service_name = "Mail"
    protocol = "dondocmail"
    secure_protocol = "dondocmails"
    templates = ("{schema}://{host}:{port}", "{schema}://{user}:{password}@{host}:{port}")

    def __init__(self, mode: str = "plain", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mode = mode
        self.wire: smtplib.SMTP | None = None

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """`dondocmail://[user:password@]host[:port][?mode=starttls]`."""
        parts = urlsplit(url)
        if not parts.hostname:
            return None
        return {
            "schema": parts.scheme,
            "host": parts.hostname,
            "port": parts.port,
            "user": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "mode": "tls" if parts.scheme == "dondocmails" else ("starttls" if "starttls" in parts.query else "plain"),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.wire is not None:
            self._hang_up()

    def deliver(self, letter: Letter) -> Receipt:
        """Sends the letter over the open connection, opening it when there is none."""
        message = as_bytes(letter)
        wire = self._connected()
        try:
            self._announce(wire, letter)
        except (OSError, smtplib.SMTPException) as error:  # gone before the letter was given: nothing was taken
            self._hang_up()
            raise ChannelError(str(error), Fault.DOWN) from error
        try:
            code, words = wire.data(message)
        except smtplib.SMTPDataError as error:  # it does not even want to see the letter
            raise _refused(wire, error.smtp_code, error.smtp_error, Fault.REFUSED) from error
        except (OSError, smtplib.SMTPException) as error:  # gone in the middle: whether it was taken, nobody can say
            self._hang_up()
            raise ChannelError(str(error), Fault.UNKNOWN) from error
        if code != TAKEN:
            raise _refused(wire, code, words, Fault.REFUSED)
        return Receipt(_said(code, words))

    def _announce(self, wire: smtplib.SMTP, letter: Letter) -> None:
        """Names the sender and the recipient. Raises ChannelError for what the server says against them."""
        sender, recipient = wire_address(letter.sender), wire_address(letter.address)
        beyond = not (sender.isascii() and recipient.isascii())
        if beyond and not wire.has_extn("smtputf8"):
            raise ChannelError(say("messages.wire.no_utf8", address=plain_line(letter.address)), Fault.ADDRESS)
        code, words = wire.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"] if beyond else [])
        if code != TAKEN:  # the server has something against us, not against this letter
            raise _refused(wire, code, words, Fault.REFUSED if code == TOO_LARGE else Fault.DOWN)
        code, words = wire.rcpt(recipient)
        if code not in (TAKEN, FORWARDED):
            raise _refused(wire, code, words, _against(code, words))

    def _connected(self) -> smtplib.SMTP:
        if self.wire is None:
            try:
                self.wire = self._connect()
            except smtplib.SMTPAuthenticationError as error:
                raise ChannelError(_said(error.smtp_code, error.smtp_error), Fault.DOWN) from error
            except (OSError, smtplib.SMTPException) as error:
                raise ChannelError(f"{self.host}:{self.port or ''} {error}", Fault.DOWN) from error
        return self.wire

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        wire: smtplib.SMTP
        if self.mode == "tls":
            wire = smtplib.SMTP_SSL(self.host, self.port or 465, timeout=PATIENCE, context=context)
        else:
            wire = smtplib.SMTP(self.host, self.port or (587 if self.mode == "starttls" else 25), timeout=PATIENCE)
        if self.mode == "starttls":
            wire.starttls(context=context)
        if self.user:
            wire.login(self.user, self.password or "")
        wire.ehlo_or_helo_if_needed()
        wire.command_encoding = "utf-8"  # for addresses beyond ASCII, which only go to a server that takes them
        return wire

    def _hang_up(self) -> None:
        if self.wire is not None:
            try:
                self.wire.quit()
            except (OSError, smtplib.SMTPException):
                self.wire.close()
            self.wire = None


def _refused(wire: smtplib.SMTP, code: int, words: bytes | str, for_good: Fault) -> ChannelError:
    """What the server's no means; the line is made ready for the next letter, or given up where it closes."""
    if code == CLOSING:
        wire.close()
        return ChannelError(_said(code, words), Fault.DOWN)
    try:
        wire.rset()
    except (OSError, smtplib.SMTPException):
        wire.close()
    return ChannelError(_said(code, words), Fault.PASSING if code < PERMANENT else for_good)


def _against(code: int, words: bytes) -> Fault:
    """Whom a permanent no to the recipient is against: the address itself, or this letter (RFC 3463)."""
    enhanced = ENHANCED.match(words)
    if enhanced:
        return Fault.ADDRESS if enhanced[0] in NO_SUCH_ADDRESS or enhanced[0].startswith(b"5.1.") else Fault.REFUSED
    return Fault.ADDRESS if code in NO_MAILBOX else Fault.REFUSED


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return plain_line(f"{code} {text}")
