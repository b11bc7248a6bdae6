"""From bytes to text: what is read, and what is refused with a line that says what to do."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from domain.errors import Refusal

LARGEST = 5 * 1024 * 1024  # bytes
_ZIP, _PDF = b"PK\x03\x04", b"%PDF"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def load_text(path: Path) -> str:
    """The text of a .txt or .md file, composed (NFC); offsets of a draft index this string.

    Raises Refusal("reading.…") for a file that is missing, empty, too large, or no text.
    """
    data = _bytes(path)
    _refuse_formats(path, data)
    text = unicodedata.normalize("NFC", _decoded(path, data)).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Refusal("reading.empty", file=path.name)
    return text


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise Refusal("reading.directory", file=path.name)
        if path.stat().st_size > LARGEST:
            raise Refusal("reading.too_large", file=path.name, megabytes=LARGEST // 1024**2)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal("reading.no_file", file=str(path)) from error
    except (OSError, ValueError) as error:
        raise Refusal("reading.unreadable", file=path.name, why=type(error).__name__) from error


def _refuse_formats(path: Path, data: bytes) -> None:
    suffix = path.suffix.lower()
    if data.lstrip()[:4] == _PDF or suffix == ".pdf":
        raise Refusal("reading.pdf_not_yet", file=path.name)
    if data[:4] == _ZIP or suffix in (".docx", ".doc"):
        raise Refusal("reading.docx_not_yet", file=path.name)


def _decoded(path: Path, data: bytes) -> str:
    if not data:
        raise Refusal("reading.empty", file=path.name)
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\x00" in data:
        raise Refusal("reading.binary", file=path.name)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal("reading.not_text", file=path.name) from error
