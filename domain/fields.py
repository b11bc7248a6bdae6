"""The field of work that a directive belongs to, by the words of the office's policy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from domain.policy import FieldWords

WORD = re.compile(r"\w+")


def field_of(text: str, fields: Sequence[FieldWords]) -> str:
    """The field whose words stand in the text most often; the first of the policy where several do; empty for none.

    Accents count: "đất" is not "đạt".
    """
    plain = _plain(text)
    counts = [sum(plain.count(_plain(word)) for word in field.words) for field in fields]
    best = max(counts, default=0)
    return fields[counts.index(best)].name if best else ""


def _plain(words: str) -> str:
    """Small letters with one blank around every word, so that only whole words are found."""
    return f" {' '.join(WORD.findall(unicodedata.normalize('NFC', words).casefold()))} "
