"""The characters of a text as the reader wants them: composed, one kind of line end, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\uffff]"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{4,}")
_END_OF_LINE = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)


def tidy(text: str) -> str:
    """The text composed (NFC), lines ended by LF, without characters that nobody sees."""
    lines = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", _UNSEEN.sub("", lines)))


def laid_out(text: str) -> str:
    """A text that was put together from parts: no blanks at the ends of lines, at most two blank lines together."""
    return _BLANK_LINES.sub("\n\n\n", _END_OF_LINE.sub("", text.replace("\u00a0", " "))).strip("\n") + "\n"
