"""The characters of a text as the reader wants them: composed, one kind of line end, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

LONG = 100  #: characters: a paragraph, and no line that a page broke
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
    """A text that was put together from parts: no blanks at line ends, a blank line around every long paragraph."""
    lines = _END_OF_LINE.sub("", text.replace("\u00a0", " ")).split("\n")
    apart = [f"\n{line}" if _stand_apart(above, line) else line for above, line in pairwise(["", *lines])]
    return _BLANK_LINES.sub("\n\n\n", "\n".join(apart)).strip("\n") + "\n"


def _stand_apart(above: str, line: str) -> bool:
    if not above or not line or above.startswith("|") or line.startswith("|"):
        return False
    return len(above) > LONG or len(line) > LONG
