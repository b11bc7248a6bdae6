"""Old and new tone placement: hoà and hòa, uỷ and ủy are one word. The new one is read; offsets do not move."""

from __future__ import annotations

import re

_PAIRS = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)
_NEW = {form(old): form(new) for old, new in _PAIRS.items() for form in (str.lower, str.upper, str.capitalize)}
_OLD = re.compile(rf"(?<![qQ])(?:{'|'.join(_NEW)})(?!\w)")  # quý, quỷ: the u belongs to the q


def with_new_tones(text: str) -> str:
    """The text with tone marks where the new orthography puts them; as long as before. NFC is expected."""
    return _OLD.sub(lambda match: _NEW[match.group()], text)
