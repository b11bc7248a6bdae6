"""One mail taken apart: who wrote it, what it answers, what it says, which files it carries.

Headers are decoded by our own careful functions over the plain parser: the newer policies of the library parse every
header by a grammar, which hostile headers slow down or trip. Nothing is unpacked; any bytes give a mail.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Part
from email.parser import BytesHeaderParser

from notifications.inbox.words import LONGEST_HEADER, addresses_in, decoded, header_words, plain_text, text_of_html

MOST_PARTS, MOST_FILES = 500, 20  #: of one mail; what lies beyond is not looked at
MOST_BOUNDARIES = 40  #: more nested multiparts than any mail program writes: only the headers are read
MOST_LINES = (
    1_000_000  #: a mail of 40 MB has half as many; the parser of the library takes some seconds for each million
)
MOST_IDS = 100
LOOKED_AT = 200_000  #: characters of a text in which a returned message names its Message-ID
LARGEST_HEAD = 1 << 20  #: bytes of headers that are read where the rest is not
DECORATION = 64 << 10  #: bytes of a picture inside an HTML text under which it is a logo
_BOUNDARY = re.compile(rb"boundary", re.IGNORECASE)
_EMBEDDED = re.compile(rb"^content-type:\s{0,100}message/", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"<[^<>\s]{1,400}>")
_NAMES_ID = re.compile(
    r"^[ \t]{0,20}(?:message-id|references|in-reply-to)[ \t]{0,20}:(?P<ids>(?:[^\n]|\n[ \t])*)", re.I | re.M
)


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that a mail carries."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What a delivery-status report tells of one recipient (RFC 3464, 2.3)."""

    action: str
    status: str
    addresses: tuple[str, ...]  #: final and original
    words: str  #: the server's


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, harmless."""

    message_id: str  #: its own, or a digest of it
    headers: tuple[tuple[str, str], ...]  #: (small name, harmless line), in order
    sender: str = ""
    sender_name: str = ""
    text: str = ""
    answers: tuple[str, ...] = ()  #: Message-IDs, the likeliest first: In-Reply-To, References
    holds: tuple[str, ...] = ()  #: Message-IDs inside a returned message
    told: tuple[Told, ...] = ()
    report: str = ""  #: the type of a multipart/report: "delivery-status", "disposition-notification"
    files: tuple[MailFile, ...] = ()
    left_out: int = 0  #: parts that were not looked at

    def header(self, name: str) -> str:
        """A header's first value; empty where there is none."""
        return next((words for known, words in self.headers if known == name), "")

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.header("subject")


def parse(raw: bytes, *, whole: bool = True) -> Mail:
    """Takes a mail apart. Without `whole`, and where its parts are too intricate, only its headers are read."""
    digest = f"<sha256.{hashlib.sha256(raw).hexdigest()}@dondoc.invalid>"
    try:
        if whole and not _is_intricate(raw):
            return _parsed(message_from_bytes(raw), digest, whole=True)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        pass  # the parser of the library trips over it: its headers may still be good
    return _parsed(BytesHeaderParser().parsebytes(raw[:LARGEST_HEAD]), digest, whole=False)


def _is_intricate(raw: bytes) -> bool:
    """Whether it was made to keep a parser busy: no mail program writes so many parts within parts, or lines."""
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    return lines > MOST_LINES or len(_BOUNDARY.findall(raw)) + len(_EMBEDDED.findall(raw)) > MOST_BOUNDARIES


def _parsed(mail: Part, digest: str, *, whole: bool) -> Mail:
    raw = [(str(name).lower(), str(value)) for name, value in mail.raw_items()][:500]
    first: dict[str, str] = {}
    for name, value in raw:
        first.setdefault(name, value)
    sender_name, sender = next(iter(addresses_in(first.get("from", ""))), ("", ""))
    own = _ids(first.get("message-id", ""))
    contents = _contents(mail) if whole else _Contents()
    return Mail(
        message_id=own[0] if own else digest,
        headers=tuple((name, header_words(value)) for name, value in raw),
        sender=sender[:320],
        sender_name=sender_name,
        text=contents.text(),
        answers=_once([*_ids(first.get("in-reply-to", "")), *reversed(_ids(first.get("references", "")))]),
        holds=_once(contents.holds),
        told=tuple(contents.told),
        report=str(mail.get_param("report-type", "") or "").lower() if whole and _is(mail, "multipart/report") else "",
        files=tuple(contents.files),
        left_out=contents.left_out,
    )


class _Contents:
    """What the parts of a mail come to."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.html: list[str] = []
        self.holds: list[str] = []
        self.told: list[Told] = []
        self.files: list[MailFile] = []
        self.left_out = 0

    def text(self) -> str:
        """The plain text; where there is none, the words of the HTML."""
        plain = plain_text("\n\n".join(self.plain))
        return plain or plain_text("\n\n".join(map(text_of_html, self.html)))


def _contents(mail: Part) -> _Contents:
    found = _Contents()
    for count, (part, inside) in enumerate(_parts(mail)):
        if count >= MOST_PARTS:
            found.left_out += 1
        else:
            _look_at(part, inside, found)
    return found


def _parts(mail: Part, inside: str = "") -> Iterator[tuple[Part, str]]:
    """The parts that hold something, and the multipart each lies in; a returned message is one part."""
    stack = [(mail, inside)]
    while stack:
        part, within = stack.pop()
        kind = part.get_content_type()
        payload = part.get_payload()
        if isinstance(payload, list) and kind.startswith("multipart/"):
            stack.extend((one, kind) for one in reversed(payload) if isinstance(one, Part))
        else:
            yield part, within


def _look_at(part: Part, inside: str, found: _Contents) -> None:
    kind, name = part.get_content_type(), _file_name(part)
    if kind == "message/delivery-status":
        found.told += _told(part)
    elif kind in ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"):
        found.holds += _held_ids(part)
    elif kind in ("text/plain", "text/html") and not name and part.get_content_disposition() != "attachment":
        words = decoded(_bytes(part), part.get_content_charset())
        (found.plain if kind == "text/plain" else found.html).append(words)
        found.holds += [one for match in _NAMES_ID.finditer(words[:LOOKED_AT]) for one in _ids(match["ids"])]
    elif not kind.startswith(("multipart/", "message/")) or name:
        _add_file(part, kind, name, inside, found)


def _add_file(part: Part, kind: str, name: str, inside: str, found: _Contents) -> None:
    data = _bytes(part)
    if inside == "multipart/related" and kind.startswith("image/") and len(data) < DECORATION:
        return
    if kind == "application/pgp-signature" or not (name or data):
        return
    if len(found.files) >= MOST_FILES:
        found.left_out += 1
        return
    found.files.append(MailFile(name, kind[:100], data))


def _bytes(part: Part) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _file_name(part: Part) -> str:
    """The name a file was given, in its disposition or its type; both may be encoded by either of two standards."""
    name = part.get_filename() or ""
    return header_words(str(name))


def _held_ids(part: Part) -> list[str]:
    """The Message-ID of a returned message, whether its headers came parsed or as text."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if isinstance(inner, Part):
        return [
            one for name, value in inner.raw_items() if str(name).lower() == "message-id" for one in _ids(str(value))
        ]
    words = decoded(_bytes(part), part.get_content_charset())
    return [one for match in _NAMES_ID.finditer(words[:LOOKED_AT]) for one in _ids(match["ids"])]


def _told(part: Part) -> list[Told]:
    payload = part.get_payload()
    blocks = [one for one in payload if isinstance(one, Part)] if isinstance(payload, list) else []
    return [told for one in blocks[:MOST_PARTS] if (told := _told_of(one)) is not None]


def _told_of(block: Part) -> Told | None:
    fields = {str(name).lower(): header_words(str(value)) for name, value in block.raw_items()}
    if "action" not in fields and "final-recipient" not in fields:
        return None
    named = (fields.get("final-recipient", ""), fields.get("original-recipient", ""))
    addresses = (one.rpartition(";")[2].strip().strip("<>") for one in named)
    return Told(
        fields.get("action", "").lower(),
        fields.get("status", "").split(" ")[0],
        tuple(one for one in addresses if one),
        fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("status", ""),
    )


def _ids(value: str) -> list[str]:
    return _ID.findall(value[: LONGEST_HEADER * 10])[:MOST_IDS]


def _once(ids: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))[:MOST_IDS]


def _is(part: Part, kind: str) -> bool:
    return part.get_content_type() == kind
