"""Plain text: which encoding it is in, found by what the bytes give when they are read."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from config.words import say
from domain.errors import Refusal
from domain.reading.documents import legacy
from domain.reading.documents.model import Contents, Upload
from domain.reading.documents.syllables import share_of_vietnamese

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SURE = 0.9  #: the share of Vietnamese syllables from which an encoding is taken for the right one
SAMPLE = 20_000  #: bytes that are tried
_OLD: tuple[tuple[str, Callable[[bytes], str]], ...] = (
    ("", lambda data: data.decode("cp1258", "replace")),
    ("TCVN3", lambda data: legacy.from_tcvn3(data.decode("cp1252", "replace"))),
    ("VNI", lambda data: legacy.from_vni(data.decode("cp1252", "replace"))),
)


def read_plain(file: Upload) -> Contents:
    """The text of a .txt or .md file. Raises Refusal for bytes that are no text in any encoding that is known."""
    if (text := decoded(file)) is not None:
        return mended(text)
    name, decode = max(_OLD, key=lambda one: _share(one[1], file.data))
    if _share(decode, file.data) < SURE:
        raise Refusal("reading.not_text", file=file.name)
    return Contents(decode(file.data), warnings=_converted(name))


def decoded(file: Upload) -> str | None:
    """The text in Unicode, None where it is in none of its forms. Raises Refusal for what is no text at all."""
    for mark, encoding in _MARKS:
        if file.data.startswith(mark):
            return _decoded_as(file, encoding, len(mark))
    if guessed := _unmarked_utf16(file.data):
        return _decoded_as(file, guessed, 0)
    if b"\x00" in file.data:
        raise Refusal("reading.binary", file=file.name)
    try:
        return file.data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decoded_as(file: Upload, encoding: str, skipped: int) -> str:
    """Decoded as its mark says; the half of a character at the end of a file that was cut off is left out."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(file.data[skipped:])
    except UnicodeDecodeError as error:
        raise Refusal("reading.not_text", file=file.name) from error


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 by its high bytes: in Vietnamese nearly all are 00, 01, 03, 1E or 20."""
    sample = data[: SAMPLE - SAMPLE % 2]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    for encoding, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        usual = sum(map(high.count, (b"\x00", b"\x01", b"\x03", b"\x1e", b"\x20")))
        if usual > 0.97 * len(high) and low.count(b"\x00") < 0.01 * len(low) and " ".encode(encoding) in sample:
            return encoding
    return None


def mended(text: str) -> Contents:
    """The text, converted where it is Unicode in name only: letters of an old font, copied as they were."""
    found = legacy.old_font(text)
    return Contents(found.text, warnings=_converted(found.name)) if found else Contents(text)


def _converted(name: str) -> tuple[str, ...]:
    return (say("reading.converted", font=name),) if name else ()


def _share(decode: Callable[[bytes], str], data: bytes) -> float:
    """How much of the beginning is Vietnamese when it is read so."""
    return share_of_vietnamese(decode(data[:SAMPLE]))
