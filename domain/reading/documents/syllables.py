"""Whether a text is Vietnamese: its words have the build of Vietnamese syllables, and enough of them bear marks."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
_NUCLEUS = r"(?:uyê|oai|oay|uây|iêu|yêu|uôi|ươi|ươu|oeo|uya|uyu|iê|yê|uô|ươ|ia|ya|ua|ưa|[aăâeêioôơuưy]{1,2})"
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}(?:ng|nh|ch|[cmnpt])?")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
MARKED = 0.3  #: of the words of a Vietnamese text bear a mark, in truth three in four
WORDS = 2_000  #: that are looked at


def share_of_vietnamese(text: str) -> float:
    """0 to 1: the share of words that are Vietnamese syllables; 0 where too few bear a mark for Vietnamese."""
    words = [unicodedata.normalize("NFC", word) for word in _WORD.findall(unicodedata.normalize("NFC", text))[:WORDS]]
    marked = sum(not word.isascii() for word in words)
    if not words or marked < MARKED * len(words):
        return 0.0
    return sum(map(_is_syllable, words)) / len(words)


def _is_syllable(word: str) -> bool:
    if word.isupper() and word.isascii():  # an abbreviation
        return True
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    return bool(_SYLLABLE.fullmatch(_without_tone(word.lower())))


def _without_tone(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONES))
