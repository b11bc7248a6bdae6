"""A notice's text with what was found marked in it, in stretches that a page can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from config.words import say
from domain.drafts import Draft
from domain.marking import Mark, What, marks
from domain.names import Registry

MOST_TEXT = 120_000  #: characters of a text that one page shows
MOST_STRETCH = 20_000  #: characters of one stretch of it
AROUND = 1_200  #: characters around a directive, where the whole text is too much


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of the text. `what` is empty for text that is nothing; `parts` are what lies in a directive."""

    words: str = ""
    what: str = ""
    label: str = ""
    anchors: tuple[int, ...] = ()  #: places of the directives that begin here
    parts: tuple[Stretch, ...] = field(default=())


def plain(text: str) -> str:
    """Text of a document as the page may show it: without marks that turn its direction or cannot be seen."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))


def text_of(text: str, draft: Draft, registry: Registry) -> list[Stretch]:
    """The text in stretches; of a text that is too long for a page, what stands around the directives."""
    found = marks(text, draft, registry)
    anchors: dict[int, list[int]] = {}
    for place, one in enumerate(draft.directives):
        if one.start is not None and one.end is not None:
            anchors.setdefault(one.start, []).append(place)
    stretches: list[Stretch] = []
    at = 0
    for start, end in _windows(len(text), found):
        stretches += [_left_out(start - at)] if start > at else []
        inside = [mark for mark in found if start <= mark.start and mark.end <= end]
        stretches += _stretches(text, start, end, inside, anchors)
        at = end
    stretches += [_left_out(len(text) - at)] if at < len(text) else []
    return [replace(stretches[0], words=stretches[0].words.lstrip("\n")), *stretches[1:]] if stretches else []


def marked_in(stretches: Iterable[Stretch]) -> set[int]:
    """The places of the directives that can be gone to in the text."""
    return {place for one in stretches for place in one.anchors}


def _windows(length: int, found: Iterable[Mark]) -> list[tuple[int, int]]:
    """(start, end) of what is shown, in order, apart, and in all no more than a page holds."""
    if length <= MOST_TEXT:
        return [(0, length)]
    windows: list[tuple[int, int]] = [(0, AROUND)]
    shown = AROUND
    for mark in (one for one in found if one.what is What.DIRECTIVE):
        start, end = max(windows[-1][1], mark.start - AROUND), min(length, mark.end + AROUND)
        if end <= start:
            continue
        shown += end - start
        if shown > MOST_TEXT:
            break
        if start == windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _left_out(count: int) -> Stretch:
    return Stretch(say("web_filing.text.left_out", count=f"{count:,}".replace(",", ".")), "left-out")


def _stretches(
    text: str, start: int, end: int, found: Sequence[Mark], anchors: dict[int, list[int]]
) -> Iterator[Stretch]:
    """Plain stretches and marks in order; what lies in a directive is its part."""
    at = start
    for mark, inner in _nested(found):
        yield from _words(text[at : mark.start])
        if mark.what is What.DIRECTIVE:
            parts = tuple(_stretches(text, mark.start, mark.end, inner, {}))
            yield Stretch("", mark.what, mark.label, tuple(anchors.get(mark.start, ())), parts)
        else:
            yield Stretch(_cut(text[mark.start : mark.end]), mark.what)
        at = mark.end
    yield from _words(text[at:end])


def _nested(found: Iterable[Mark]) -> Iterator[tuple[Mark, list[Mark]]]:
    """Each mark that lies in no other, with those that lie in it."""
    outer, inner = None, list[Mark]()
    for mark in found:
        if outer is not None and outer.holds(mark):
            inner.append(mark)
            continue
        if outer is not None:
            yield outer, inner
        outer, inner = mark, []
    if outer is not None:
        yield outer, inner


def _words(text: str) -> Iterator[Stretch]:
    if text:
        yield Stretch(_cut(text))


def _cut(text: str) -> str:
    return plain(text) if len(text) <= MOST_STRETCH else plain(text[:MOST_STRETCH]) + "…"
