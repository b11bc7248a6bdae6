"""The words of one paragraph: runs, breaks, tabs, changes, fields, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.reading.documents import legacy
from domain.reading.documents.word.names import DROPPED, MATH, MC, VAL, WRAPPERS, Element, W, find, is_on, value
from domain.reading.documents.word.styles import Styles, font_of

DEEPEST = 60  #: wrappers inside wrappers
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}  #: a soft hyphen is left out: it is seen only where a line ends
_ARROWS = {"F0E0": "→", "F0DE": "⇒"}


@dataclass(slots=True)
class Words:
    """What was gathered of a paragraph."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  #: ("footnote", its id)
    boxes: list[Element] = field(default_factory=list)  #: the contents of text boxes
    pictures: int = 0
    changed: bool = False  #: somebody's tracked changes are in it

    @property
    def text(self) -> str:
        """The words as they stand."""
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class RunReader:
    """Gathers the words of paragraphs."""

    styles: Styles

    def words(self, paragraph: Element) -> Words:
        """The words of a paragraph; what was deleted is left out, what was inserted is there."""
        words = Words()
        style = self.styles.named(value(paragraph, "pPr/pStyle"))
        self._gather(paragraph, words, style.capitals, style.font or self.styles.font, 0)
        return words

    def _gather(self, element: Element, words: Words, capitals: bool, font: str | None, depth: int) -> None:
        for child in element if depth < DEEPEST else ():
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, words, capitals, font)
            elif tag in WRAPPERS:
                words.changed |= tag in (f"{W}ins", f"{W}moveTo")
                self._gather(child, words, capitals, font, depth + 1)
            elif tag in DROPPED:
                words.changed |= tag in (f"{W}del", f"{W}moveFrom")
            elif tag == f"{MC}AlternateContent":
                self._gather(_choice(child), words, capitals, font, depth + 1)
            elif str(tag).startswith(MATH):
                words.pieces += [sign.text or "" for sign in child.iter(f"{MATH}t")]

    def _run(self, run: Element, words: Words, capitals: bool, font: str | None) -> None:
        properties = find(run, "rPr")
        if properties is not None:
            if is_on(properties, "vanish"):
                return
            named = self.styles.named(value(properties, "rStyle"))
            capitals = is_on(properties, "caps") if find(properties, "caps") is not None else capitals or named.capitals
            font = font_of(properties) or named.font or font
        for child in run:
            self._piece(child, words, capitals, font or "")

    def _piece(self, piece: Element, words: Words, capitals: bool, font: str) -> None:
        tag = piece.tag
        if tag == f"{W}t":
            text = legacy.of_font(font, piece.text or "")
            words.pieces.append(text.upper() if capitals else text)
        elif tag in _SIGNS:
            words.pieces.append(_SIGNS[tag])
        elif tag == f"{W}sym":
            words.pieces.append(_ARROWS.get(piece.get(f"{W}char", "").upper(), ""))
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            words.notes.append((tag[len(W) : -len("Reference")], piece.get(f"{W}id", "")))
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            self._drawing(piece, words)
        elif tag == f"{MC}AlternateContent":
            for inner in _choice(piece):
                self._piece(inner, words, capitals, font)

    @staticmethod
    def _drawing(piece: Element, words: Words) -> None:
        boxes = [box for box in piece.iter(f"{W}txbxContent") if not _is_inside(box, piece, f"{W}txbxContent")]
        words.boxes += boxes
        words.pictures += not boxes


def _choice(alternatives: Element) -> Element:
    """The contents for programs that know everything: both hold the same words."""
    found = alternatives.find(f"{MC}Choice")
    if found is None:
        found = alternatives.find(f"{MC}Fallback")
    return alternatives if found is None else found


def _is_inside(element: Element, top: Element, tag: str) -> bool:
    """Whether an element lies in another of the same name, or in the second of two alternatives."""
    for above in element.iterancestors():
        if above is top:
            return False
        if above.tag in (tag, f"{MC}Fallback"):
            return True
    return False


def mark_is_deleted(paragraph: Element) -> bool:
    """Whether the end of the paragraph was deleted as a tracked change: it goes on with the next one."""
    return find(paragraph, "pPr/rPr/del") is not None


def list_of(paragraph: Element, styles: Styles) -> tuple[str | None, str | None, str | None]:
    """The list that counts a paragraph: (its id, the level, the style that names it where the paragraph does not)."""
    style = value(paragraph, "pPr/pStyle")
    given = styles.named(style)
    own = find(paragraph, "pPr/numPr/numId")
    depth = value(paragraph, "pPr/numPr/ilvl")
    if own is not None:
        return own.get(VAL), depth, None
    return given.list_id, depth or given.depth, style
