"""News items about meetings: what the chair is said to have asked for, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.drafts import Authority, DraftDirective
from domain.reading.addressees import Address, Namer
from domain.reading.blocks import Block
from domain.reading.making import Maker, Reading
from domain.reading.partners import helpers, reported_to
from domain.reading.splitting import deciding

_CONCLUDES = re.compile(r"kết\s+luận|phát\s+biểu|chỉ\s+đạo|nhấn\s+mạnh|đề\s+nghị|yêu\s+cầu", re.IGNORECASE)
_OTHERS = re.compile(r"đại\s+biểu|tham\s+luận|thảo\s+luận|cử\s+tri\s+(?:đã\s+)?(?:kiến|đề)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZĐÁÀẢÂĂÊÔƠƯỦỨ])")
_ASKS = re.compile(r"(?<!\w)(?:đề\s+nghị|yêu\s+cầu|giao)(?!\w)(?!\s+(?:của|phát|từ))", re.IGNORECASE)
_ASIDE = re.compile(r"^(\S+\s+\S+\s+)[^,]{3,40},\s*")  # "đề nghị thời gian tới, Sở Y tế …"
SHORTEST = 120  # characters: a shorter paragraph is a caption or a heading


def reported(blocks: Sequence[Block], namer: Namer, make: Maker) -> list[DraftDirective]:
    """The sentences in which the chair asks a body that is named for something."""
    found: list[DraftDirective] = []
    for block in blocks:
        if not _CONCLUDES.search(block.text[:400]) or len(block.text) < SHORTEST or _OTHERS.search(block.text[:60]):
            continue
        for start, text in _sentences(block):
            if made := _sentence(text, start, f"r{len(found) + 1}", namer, make):
                found.append(made)
    return found


def _sentences(block: Block) -> Iterator[tuple[int, str]]:
    at = 0
    for match in _SENTENCE.finditer(block.text):
        yield block.start + at, block.text[at : match.start()]
        at = match.end()
    yield block.start + at, block.text[at:]


def _sentence(text: str, start: int, path: str, namer: Namer, make: Maker) -> DraftDirective | None:
    for match in _ASKS.finditer(text):
        asked = text[match.start() :]
        address = _asked(asked, namer)
        if address is None:
            continue
        reading = Reading(
            path=path,
            leads=address.leads,
            helpers=tuple(name for name in helpers(asked, namer) if name not in address.leads),
            reported=reported_to(asked, namer),
            authority=address.authority or Authority.REQUEST,
            word=deciding(asked, make.setting),
            address=address,
            news=True,
        )
        return make.directive(text, start, reading)
    return None


def _asked(asked: str, namer: Namer) -> Address | None:
    address = namer.opening(asked) or namer.opening(_ASIDE.sub(r"\1", asked))
    return address if address and address.explicit and address.leads else None
