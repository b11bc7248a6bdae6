"""Items that tell to do something and tell nobody: the reader gives no directive for them, so lint must."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from domain.drafts import DraftDirective
from domain.linting.findings import Code, Finding
from domain.reading.blocks import blocks
from domain.reading.grammar import at_start
from domain.reading.letterhead import zones
from domain.reading.outline import Node, outline

_ACTS = at_start("bodies.verb")
_LOOKS_BACK = re.compile(r"\b(?:đã|đang|còn|chưa|vẫn|được|bị)\b", re.IGNORECASE)
SHORTEST, SHOWN = 25, 80  #: characters


def unaddressed(text: str, directives: Sequence[DraftDirective]) -> Iterator[Finding]:
    """The items that begin with a verb, follow the first directive, and belong to none."""
    body = outline(zones(blocks(text)).body)
    taken = sorted((one.start, one.end) for one in directives if one.start is not None and one.end is not None)
    after = taken[0][0] if taken else 0
    for node in _leaves(body):
        block = node.block
        if block and block.start >= after and _tells(node) and not _is_taken(taken, block.start, block.end):
            yield Finding(Code.UNADDRESSED, node.path, {"words": _shown(node.text)}, block.start)


def _is_taken(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of the stretches, which lie apart in order, shares a character with start:end."""
    place = bisect_left(taken, (end, end))
    return place > 0 and taken[place - 1][1] > start


def _leaves(node: Node) -> Iterator[Node]:
    if node.block is not None and not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def _tells(node: Node) -> bool:
    """Whether a marked item says what is to be done, and does not look back on what was."""
    if node.block is None or node.block.marker is None or node.block.is_row:
        return False
    words = node.text.strip()
    return len(words) >= SHORTEST and bool(_ACTS.match(words)) and not _LOOKS_BACK.search(words)


def _shown(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHOWN else line[:SHOWN].rsplit(" ", 1)[0] + "…"
