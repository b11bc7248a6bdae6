"""Numbers in digits or words: "10", "05", "10 (mười)", "mười lăm", "nửa"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.reading.grammar.language import SLOTS

_ONES = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
WORDS = {word: value for value, word in enumerate(_ONES, start=1)} | {"bẩy": 7, "tư": 4, "nửa": 0, "mười": 10}
WORDS |= {f"mười {word}": 10 + value for value, word in enumerate(_ONES, start=1)} | {"mười lăm": 15}
WORDS |= {f"{word} mươi": 10 * value for value, word in enumerate(_ONES, start=1)}
WORDS |= {f"{tens} mươi lăm": 10 * value + 5 for value, tens in enumerate(_ONES, start=1)}
#: A number in a phrase; the longer words first.
NUMBER = f"{SLOTS['n']}|" + "|".join(w.replace(" ", r"\s+") for w in sorted(WORDS, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Number:
    """A count; `half` for "nửa"."""

    whole: int
    half: bool = False


def number(words: str | None) -> Number:
    """The number that the words say; 1 where none is said."""
    spelt = " ".join((words or "một").lower().split())
    if digits := re.match(r"\d+", spelt):
        return Number(int(digits.group()))
    return Number(WORDS.get(spelt, 0), half=spelt == "nửa")
