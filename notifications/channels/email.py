"""`dondocmail://`, `dondocmails://`: mail over SMTP, one connection a delivery, TLS verified where it is used."""

from __future__ import annotations

import smtplib
import ssl
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.mail import MailPlugin, as_email

PATIENCE = 30.0  #: seconds that the server may take for one answer
PERMANENT = 500  #: SMTP codes from here on will not change by trying again (RFC 5321, 4.2.1)


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
        message = as_email(letter)
        wire = self._connected()
        try:
            wire.send_message(message, from_addr=letter.sender, to_addrs=[letter.address])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise ChannelError(_said(code, words), Fault.PASSING if code < PERMANENT else Fault.ADDRESS) from error
        except smtplib.SMTPResponseException as error:
            fault = Fault.PASSING if error.smtp_code < PERMANENT else Fault.REFUSED
            raise ChannelError(_said(error.smtp_code, error.smtp_error), fault) from error
        except (OSError, smtplib.SMTPException) as error:  # dropped in the middle: whether it was taken, nobody can say
            self._hang_up()
            raise ChannelError(str(error), Fault.DOWN) from error
        return Receipt("250")

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
        return wire

    def _hang_up(self) -> None:
        if self.wire is not None:
            try:
                self.wire.quit()
            except (OSError, smtplib.SMTPException):
                self.wire.close()
            self.wire = None


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"
