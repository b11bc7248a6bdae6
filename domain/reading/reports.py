"""News items about meetings: what the chair is said to have asked for, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.drafts import Authority, DraftDirective
from domain.reading.addressees import Namer
from domain.reading.blocks import Block
from domain.reading.deadlines import Setting
from domain.reading.splitting import deciding
from domain.reading.tracking import tracked

_CONCLUDES = re.compile(r"kết\s+luận|phát\s+biểu|chỉ\s+đạo|nhấn\s+mạnh|đề\s+nghị|yêu\s+cầu", re.IGNORECASE)
_OTHERS = re.compile(r"đại\s+biểu|tham\s+luận|thảo\s+luận|cử\s+tri\s+(?:đã\s+)?(?:kiến|đề)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-ZĐÁÀẢÂĂÊÔƠƯỦỨ])")
_ASKS = re.compile(r"(?<!\w)(?:đề\s+nghị|yêu\s+cầu|giao)(?!\w)(?!\s+(?:của|phát|từ))", re.IGNORECASE)
_CHAIR = re.compile(
    r"(?:đồng\s+chí|Chủ\s+tịch|Giám\s+đốc|Bí\s+thư|\bông\b|\bbà\b|Thủ\s+tướng|Bộ\s+trưởng)", re.IGNORECASE
)


def reported(source: str, blocks: Sequence[Block], namer: Namer, setting: Setting) -> list[DraftDirective]:
    """The sentences in which the chair asks a body that is named for something."""
    found: list[DraftDirective] = []
    for block in blocks:
        if not _CONCLUDES.search(block.text[:400]) or len(block.text) < 120 or _OTHERS.search(block.text[:60]):
            continue
        for start, end in _sentences(block):
            if made := _sentence(source, start, end, f"r{len(found) + 1}", namer, setting):
                found.append(made)
    return found


def _sentences(block: Block) -> Iterator[tuple[int, int]]:
    at = 0
    for match in _SENTENCE.finditer(block.text):
        yield block.start + at, block.start + match.start()
        at = match.end()
    yield block.start + at, block.start + len(block.text)


def _sentence(source: str, start: int, end: int, path: str, namer: Namer, setting: Setting) -> DraftDirective | None:
    text = " ".join(source[start:end].split("\n")) if "\n" in source[start:end] else source[start:end]
    for match in _ASKS.finditer(text):
        address = namer.opening(text[match.start() :]) or namer.opening(
            re.sub(r"^(\S+\s+\S+\s+)[^,]{3,40},\s*", r"\1", text[match.start() :])
        )
        if address and address.explicit and address.leads:
            word = deciding(text[match.start() :], setting)
            deadline = {"deadline": word.deadline} if word else {}
            return DraftDirective(
                path=path,
                text=source[start:end],
                start=start,
                end=end,
                authority=address.authority or Authority.REQUEST,
                tracked=tracked(text[match.start() :], word),
                lead=list(address.leads),
                report_to=list(namer.reported_to(text[match.start() :])),
                cooperating=[n for n in namer.helpers(text[match.start() :]) if n not in address.leads],
                warnings=list(word.warnings) if word else [],
                **deadline,
            )
    return None
