"""What a file is, judged by its first bytes; its suffix only decides between formats that are text."""

from __future__ import annotations

import re
from enum import Enum

from domain.reading.documents.model import Upload

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  #: the stream in which Office keeps what it encrypts
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF")
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FLAT_XML = re.compile(rb"^\s*<\?xml", re.IGNORECASE)


class Kind(Enum):
    """The formats that are told apart."""

    TEXT = "text"
    WORD = "word"
    PDF = "pdf"
    PAGE = "page"
    OLD_WORD = "old_word"
    ENCRYPTED = "encrypted"
    RICH_TEXT = "rich_text"
    PICTURE = "picture"
    XML = "xml"


def kind_of(file: Upload) -> Kind:
    """The kind of file. A PDF may have some bytes of rubbish before its first line, as readers allow."""
    data = file.data
    if data.startswith(_ZIP):
        return Kind.WORD
    if data.startswith(_OLE):
        return Kind.ENCRYPTED if _ENCRYPTED_PACKAGE in data else Kind.OLD_WORD
    if data.startswith(_PICTURES):
        return Kind.PICTURE
    start = _legible(data[:4096])
    if start.lstrip()[:5] == b"%PDF-" or (b"%PDF-" in start[:1024] and file.suffix == ".pdf"):
        return Kind.PDF
    if start.lstrip().startswith(b"{\\rtf"):
        return Kind.RICH_TEXT
    return _kind_of_text(start, file.suffix)


def _kind_of_text(start: bytes, suffix: str) -> Kind:
    if suffix in (".md", ".txt") and not start.lstrip().startswith(b"<"):
        return Kind.TEXT
    if suffix in (".html", ".htm", ".xhtml") or _PAGE.search(start):
        return Kind.PAGE
    return Kind.XML if _FLAT_XML.match(start) else Kind.TEXT


def _legible(start: bytes) -> bytes:
    """The first bytes without the marks and zero bytes of UTF-16 and UTF-8."""
    return start.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
