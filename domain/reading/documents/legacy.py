"""Letters of fonts from before Unicode: TCVN3 (TCVN 5712:1993, ".VnTime") and VNI ("VNI-Times").

Such text is Western letters that only those fonts show as Vietnamese; it is read with the font's table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.reading.documents.syllables import share_of_vietnamese

SURE = 0.9
_WESTERN = re.compile(r"[\u00a1-\u00ff]")
_TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứự",
    0xFA: "ỳỷỹýỵ",
}
_FROM_TCVN3 = {start + step: letter for start, letters in _TCVN3.items() for step, letter in enumerate(letters)}
_VNI_BASES = {
    "a": ("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "u": ("ùøûõï", "úùủũụ"),
    "y": ("ùøûõ", "ýỳỷỹ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "ö": ("ùøûõï", "ứừửữự"),
}
_VNI_ALONE = dict(zip("ôöñíìæóòî", "ơưđíìỉĩịỵ", strict=True))
_FROM_VNI = {
    base + mark: letter for base, pairs in _VNI_BASES.items() for mark, letter in zip(*pairs, strict=True)
} | _VNI_ALONE
_FROM_VNI |= {old.upper(): new.upper() for old, new in _FROM_VNI.items()} | {
    old[0].upper() + old[1:]: new.upper() for old, new in _FROM_VNI.items() if len(old) == 2
}
_VNI = re.compile("|".join(sorted(map(re.escape, _FROM_VNI), key=len, reverse=True)))
_MIXED = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class OldFont:
    """A text converted to Unicode, and the name of the font's table."""

    name: str
    text: str


def from_tcvn3(text: str) -> str:
    """The text that a TCVN3 font shows; a word whose plain letters are capitals is all capitals (".VnTimeH")."""
    return _MIXED.sub(_capitals_together, text.translate(_FROM_TCVN3))


def from_vni(text: str) -> str:
    """The text that a VNI font shows."""
    return _VNI.sub(lambda match: _FROM_VNI[match.group()], text)


def old_font(text: str) -> OldFont | None:
    """The text converted, where it is surely the letters of an old font; None for any other text."""
    sample = text[:20_000]
    if len(_WESTERN.findall(sample)) < 0.05 * len(sample) or share_of_vietnamese(sample) >= SURE:
        return None
    tables = (("TCVN3", from_tcvn3), ("VNI", from_vni))
    name, convert = max(tables, key=lambda one: share_of_vietnamese(one[1](sample)))
    return OldFont(name, convert(text)) if share_of_vietnamese(convert(sample)) >= SURE else None


def of_font(font: str, text: str) -> str:
    """The text of a run of which the font is known."""
    name = font.casefold()
    if name.startswith(".vn"):
        converted = from_tcvn3(text)
        return converted.upper() if name.endswith("h") else converted
    return from_vni(text) if name.startswith("vni-") else text


def _capitals_together(match: re.Match[str]) -> str:
    word = match.group()
    plain = [letter for letter in word if letter.isascii()]
    return word.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else word
