"""The mailbox over IMAP (RFC 3501): mails read one at a time by their UIDs, never deleted, TLS verified.

A mail is read without being marked; it is marked as seen only after it is safe in the ledger.
"""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

from domain.errors import Refusal
from notifications.inbox.taking import Raw
from notifications.wording import plain_line

PATIENCE = 30.0  #: seconds that the server may take for one answer
LARGEST = 40 << 20  #: bytes of a mail; of a larger one only the headers are read
PORTS = {"imaps": 993, "imap+starttls": 143, "imap": 143}
HERE = ("localhost", "127.0.0.1", "::1")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Address:
    """Where the mailbox is, and who reads it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @property
    def shown(self) -> str:
        """The address without its secret."""
        return f"{self.scheme}://{self.user}@{self.host}:{self.port}/{self.folder}"


def address_of(url: str) -> Address:
    """`imaps://user:password@host[:port][/FOLDER]`. Raises Refusal for an address that is none, or is not safe."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refusal("inbox.refused.url") from None
    if parts.scheme not in PORTS or not (parts.hostname and parts.username and parts.password):
        raise Refusal("inbox.refused.url")
    if parts.scheme == "imap" and parts.hostname not in HERE:
        raise Refusal("inbox.refused.plain", host=parts.hostname)
    return _address(parts, port or PORTS[parts.scheme])


def _address(parts: SplitResult, port: int) -> Address:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Address(parts.scheme, parts.hostname or "", port, user, password, unquote(parts.path.strip("/")) or "INBOX")


class Box:
    """One folder of the mailbox, open for reading."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.uid_validity = 0
        self._wire: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack, self._failing():
            stack.callback(self.close)
            self._connect()
            self._sign_in(self._line)
            self._open(self._line)
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Says good-bye where somebody still listens, and hangs up in any case."""
        if self._wire is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                self._wire.logout()
            with suppress(OSError):
                self._wire.shutdown()

    @property
    def _line(self) -> imaplib.IMAP4:
        assert self._wire is not None
        return self._wire

    def uids_after(self, last: int, since: date | None = None) -> list[int]:
        """The mails after a UID, in order; `since`: only those that came on that day or later."""
        criteria = ["UID", f"{last + 1}:*"]
        if since is not None:
            criteria += ["SINCE", f"{since.day:02}-{MONTHS[since.month - 1]}-{since.year}"]
        (found,) = self._asked("SEARCH", *criteria)[:1] or [b""]
        uids = sorted(int(word) for word in _bytes(found).split())
        return [uid for uid in uids if uid > last]  # "*" names the last mail even where it is an old one

    def fetch(self, uid: int) -> Raw | None:
        """One mail; None where it is gone."""
        told = b" ".join(_heads(self._asked("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")))
        size, received = _SIZE.search(told), _DATE.search(told)
        if size is None or received is None:
            return None
        whole = int(size[1]) <= LARGEST
        answer = self._asked("FETCH", str(uid), "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])")
        data = next((_bytes(part[1]) for part in answer if isinstance(part, tuple)), None)
        return None if data is None else Raw(uid, data, _moment(received[1]), whole)

    def mark_seen(self, uid: int) -> None:
        """People who open the mailbox see that it was taken down."""
        self._asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _asked(self, command: str, *arguments: str) -> list[Any]:
        with self._failing():
            answer, data = self._line.uid(command, *arguments)
            if answer != "OK":
                raise imaplib.IMAP4.error(f"{command}: {data!r}")
        return list(data or [])

    def _connect(self) -> None:
        one, context = self.address, ssl.create_default_context()
        if one.scheme == "imaps":
            self._wire = imaplib.IMAP4_SSL(one.host, one.port, ssl_context=context, timeout=PATIENCE)
            return
        self._wire = imaplib.IMAP4(one.host, one.port, timeout=PATIENCE)
        if one.scheme == "imap+starttls":
            self._wire.starttls(context)

    def _sign_in(self, wire: imaplib.IMAP4) -> None:
        """By SASL PLAIN where the server takes it: it knows letters beyond ASCII."""
        one = self.address
        if "AUTH=PLAIN" in wire.capabilities:
            wire.authenticate("PLAIN", lambda _: f"\0{one.user}\0{one.password}".encode())
        else:
            wire.login(one.user, one.password)

    def _open(self, wire: imaplib.IMAP4) -> None:
        answer, data = wire.select(folder_name(self.address.folder))
        if answer != "OK":
            raise imaplib.IMAP4.error(f"{self.address.folder}: {data!r}")
        _, told = wire.response("UIDVALIDITY")
        self.uid_validity = int(told[0]) if told and told[0] else 0

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """What a server or the line cannot do is one line that a person can act on, without the password."""
        try:
            yield
        except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
            words = plain_line(str(error) or type(error).__name__).replace(self.address.password, "***")
            raise Refusal("inbox.refused.unreachable", address=self.address.shown, why=words[:300]) from None


def folder_name(name: str) -> str:
    """A folder's name as IMAP writes it: quoted, and beyond ASCII in its own UTF-7 (RFC 3501, 5.1.3)."""
    spelt = re.sub(r"[^\x20-\x7e]+", lambda match: _utf7(match.group()), name.replace("&", "&-"))
    return '"' + spelt.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(words: str) -> str:
    return "&" + base64.b64encode(words.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"


def _bytes(part: object) -> bytes:
    return part if isinstance(part, bytes) else b""


def _heads(answer: list[Any]) -> Iterator[bytes]:
    yield from (_bytes(part[0] if isinstance(part, tuple) else part) for part in answer)


def _moment(internal: bytes) -> datetime:
    return parsedate_to_datetime(internal.decode("ascii", "replace").strip())
