"""The coordination regulation that a notice names: by number where it gives one, else in the words of its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from domain.drafts import DraftRegulation
from domain.reading.blocks import Block

_NAMED = r"quy\s+chế\s+phối\s+hợp"
_NUMBERED = re.compile(
    rf"{_NAMED}[^.;\n]{{0,200}}?(?<!\w)số\s*:?\s*(?P<number>\d{{1,5}}\s*[/-]\s*QC\S*?)(?=[\s,;.)/]*(?:\s|$))"
    r"(?:[\s,(]*(?:ban\s+hành\s+|ký\s+)?ngày\s+(?P<day>\d{1,2})\s*(?:[/.-]|tháng)\s*(?P<month>\d{1,2})"
    r"\s*(?:[/.-]|năm)\s*(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_WORDS = re.compile(rf"{_NAMED}\s[^.;\n]{{0,400}}?giữa\s[^.;\n]{{1,400}}", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*,?\s*(?:trong\s+)?(?:năm\s+\d{4}|\d+\s+tháng|sau\s+nửa\s+nhiệm\s+kỳ|nhiệm\s+kỳ\s+\d{4}).*$", re.DOTALL
)
LONGEST = 600  #: characters of the words that are kept
MOST_BLOCKS = 60  #: in which words are looked for: a regulation is named where a notice begins


def regulation_named(title: str | None, body: Sequence[Block]) -> DraftRegulation | None:
    """What a notice says of the regulation under which it was made; None where it names none.

    Several numbers are no answer: then the words alone are kept, and a person chooses.
    """
    texts = [title or "", *(block.text for block in body)]
    numbered = [found for text in texts for found in _NUMBERED.finditer(text)]
    numbers = {_tidy(found["number"]): found for found in reversed(numbered)}
    if len(numbers) == 1:
        (number, found), *_ = numbers.items()
        return DraftRegulation(written=_short(_last(found.group())), number=number, issued_on=_day(found))
    spoken = next((said for text in texts[: MOST_BLOCKS + 1] if (said := _WORDS.search(text))), None)
    return DraftRegulation(written=_short(_AFTER.sub("", spoken.group()))) if spoken else None


def _tidy(number: str) -> str:
    return re.sub(r"\s+", "", number)


def _last(words: str) -> str:
    """From the last time that a regulation is named: what stands before speaks of it without its number."""
    return words[[found.start() for found in re.finditer(_NAMED, words, re.IGNORECASE)][-1] :]


def _short(words: str) -> str:
    return " ".join(words.split())[:LONGEST]


def _day(found: re.Match[str]) -> date | None:
    """None for a day that does not exist: a slip is no reason to read nothing."""
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found["day"] else None
    except ValueError:
        return None
