"""News items about meetings: what the chair is said to have asked for, for a person to confirm.

The reporter tells of the meeting, of others who spoke, and then of the conclusions; from there to the end of the piece
the sentences are read as those of a notice, with the turns of reported speech ("được giao", "cũng sở này").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.drafts import Authority, DraftDirective
from domain.reading.addressees import Address, Namer
from domain.reading.blocks import Block
from domain.reading.grammar import anywhere, at_start
from domain.reading.making import Maker, Reading
from domain.reading.partners import helpers, reported_to
from domain.reading.splitting import acts, deciding, parts

_CONCLUDES, _ENDS = anywhere("reports.concludes"), at_start("reports.ends")
_ASKS, _NOT_ASKED = anywhere("reports.asks"), at_start("reports.not_asked")
_OTHERS, _SAME = anywhere("reports.others"), at_start("reports.same_body")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”]?\s+(?=[\"“]?[A-ZĐÁÀẢÂĂÊÔƠƯỦỨ])")
_ASIDE = re.compile(r"^(\S+\s+\S+\s+)[^,]{3,40},\s*")  # "đề nghị thời gian tới, Sở Y tế …"
_PASSIVE = re.compile(r"\s*,?\s*(?:cũng\s+)?được\s+(?P<how>giao|yêu\s+cầu|đề\s+nghị|phân\s+công)(?!\w)")
_SAYING = re.compile(r"(?:cho\s+biết|khẳng\s+định|nhấn\s+mạnh|cho\s+hay)(?:\s+thêm)?\s*[,:]?\s+(?=[A-ZĐ])")
_QUOTED = re.compile(r"[\"“]")
LONGEST = 20_000  # characters: what lies beyond in one sentence is not read
SHORTEST = 60  # characters: a shorter paragraph is a caption, a heading or a name
MOST_DIRECTIVES = 10_000
SHORTEST_ALONE = 120  # before the conclusions begin
NEAR, OPENING = (
    400,
    60,
)  # characters in which a paragraph says that the chair concludes; in which another speaker opens it


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    start: int


def reported(blocks: Sequence[Block], namer: Namer, make: Maker) -> list[DraftDirective]:
    """The sentences in which the chair asks a body that is named for something."""
    found: list[DraftDirective] = []
    last: Address | None = None
    for block, concluding in _speech(blocks):
        for sentence in _parts(block, namer, make) if concluding else _sentences(block):
            address = _asked(sentence.text, namer)
            if concluding:
                address = _passive(sentence.text, namer) or address or _told(sentence.text, namer, last)
            if address is None or not address.leads or sentence.text.rstrip().endswith(":"):
                continue
            last = address
            if len(found) >= MOST_DIRECTIVES:
                return found
            found.append(_directive(sentence, f"r{len(found) + 1}", address, namer, make))
    return found


def _speech(blocks: Sequence[Block]) -> Iterator[tuple[Block, bool]]:
    """(A paragraph in which the chair may ask, whether the conclusions have begun)."""
    concluding = False
    for block in blocks:
        if concluding and _ENDS.match(block.text):
            return
        if _OTHERS.search(block.text[:OPENING]) or len(block.text) < SHORTEST:
            continue
        concludes = bool(_CONCLUDES.search(block.text[:OPENING]))
        concluding = concluding or concludes
        if concluding or (len(block.text) >= SHORTEST_ALONE and _CONCLUDES.search(block.text[:NEAR])):
            yield block, concluding


def _sentences(block: Block) -> Iterator[_Sentence]:
    at = 0
    for match in _SENTENCE.finditer(block.text):
        yield _Sentence(block.text[at : min(match.start(), at + LONGEST)], block.start + at)
        at = match.end()
    yield _Sentence(block.text[at : at + LONGEST], block.start + at)


def _parts(block: Block, namer: Namer, make: Maker) -> Iterator[_Sentence]:
    """The sentences of the conclusions, each divided where another body leads or another day bounds."""
    for sentence in _sentences(block):
        for start, end in parts(sentence.text, make.setting, namer):
            yield _Sentence(sentence.text[start:end], sentence.start + start)


def _asked(text: str, namer: Namer) -> Address | None:
    """Somebody asked by name: "đề nghị …", "đồng chí giao …", "Đối với X, Chủ tịch yêu cầu …"."""
    for match in _ASKS.finditer(text):
        if _NOT_ASKED.match(text, match.end()):
            continue
        asked = text[match.start() :]
        if regarding := _regarding(text[: match.start()], namer):
            return replace(regarding, authority=_authority(match.group()))
        address = namer.opening(asked) or namer.opening(_ASIDE.sub(r"\1", asked))
        if address and address.explicit and address.leads:
            return address
    return None


def _regarding(before: str, namer: Namer) -> Address | None:
    """The body of "Đối với X, Chủ tịch UBND tỉnh yêu cầu …": the first that is named, not the one that asks."""
    if not before.lower().startswith("đối với"):
        return None
    body, comma, _ = before.partition(", ")
    address = namer.opening(body)
    named = address is not None and not any(lead.startswith(("những", "các")) for lead in address.leads)
    return address if comma and named else None


def _authority(words: str) -> Authority:
    return Authority.REQUEST if words.lower().startswith(("đề", "mong")) else Authority.ORDER


def _passive(text: str, namer: Namer) -> Address | None:
    """ "Sở Tài chính được giao …": the body is the subject."""
    for begin in _beginnings(text):
        address = namer.opening(text[begin:])
        if address and not address.explicit and (turn := _PASSIVE.match(text, begin + address.end)):
            return replace(address, authority=_authority(turn.group("how")))
    return None


def _told(text: str, namer: Namer, last: Address | None) -> Address | None:
    """A body as the subject that must act: "UBND các huyện … phải", "Sở Tài chính được giao …", "cũng sở này …"."""
    if last and _SAME.match(text):
        return replace(last, explicit=False)
    for begin in _beginnings(text):
        address = namer.opening(text[begin:])
        if not address or address.explicit:
            continue
        if address.authority is Authority.UNDERTAKING or acts(text[begin:], address):
            return replace(address, authority=address.authority or Authority.ORDER)
    return None


def _beginnings(text: str) -> Iterator[int]:
    """Where a subject may stand: at the start, or after words that lead up to it."""
    yield len(text) - len(text.lstrip('"“ '))
    if (saying := _SAYING.search(text)) and saying.end() < NEAR:
        yield saying.end()
    comma = text.find(", ")
    if 0 < comma < OPENING and not _QUOTED.search(text[:comma]):
        yield comma + 2


def _directive(sentence: _Sentence, path: str, address: Address, namer: Namer, make: Maker) -> DraftDirective:
    text = sentence.text
    reading = Reading(
        path=path,
        leads=address.leads,
        helpers=tuple(name for name in helpers(text, namer) if name not in address.leads),
        reported=reported_to(text, namer),
        authority=address.authority or Authority.REQUEST,
        word=deciding(text, make.setting),
        address=address,
        news=True,
    )
    return make.directive(text, sentence.start, reading)
