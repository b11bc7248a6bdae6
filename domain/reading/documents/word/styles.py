"""Paragraph and character styles: what of them changes the words that a person sees."""

from __future__ import annotations

from dataclasses import dataclass

from domain.reading.documents.word.names import Element, W, find, is_on, value

_DEEPEST = 20  #: styles based on styles; a circle ends here


@dataclass(frozen=True, slots=True)
class Style:
    """What a style gives to its paragraphs."""

    list_id: str | None = None
    depth: str | None = None
    capitals: bool = False
    font: str | None = None
    ruled: bool = False  #: a table style that draws lines


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by their id, each with what it takes from those it is based on."""

    known: dict[str, Style]
    font: str | None = None  #: of the whole document

    def named(self, name: str | None) -> Style:
        """The style of an id; one that gives nothing where there is none."""
        return self.known.get(name or "", _NOTHING)


_NOTHING = Style()


def read_styles(root: Element | None) -> Styles:
    """The styles of styles.xml."""
    if root is None:
        return Styles({})
    found = {one.get(f"{W}styleId", ""): one for one in root.iterfind(f"{W}style")}
    default = find(root, "docDefaults/rPrDefault/rPr")
    return Styles({name: _style(one, found) for name, one in found.items()}, font_of(default))


def _style(one: Element, found: dict[str, Element]) -> Style:
    chain: list[Element] = []
    at: Element | None = one
    while at is not None and len(chain) < _DEEPEST:
        chain.append(at)
        at = found.get(value(at, "basedOn") or "")
    return Style(
        list_id=next((v for e in chain if (v := value(e, "pPr/numPr/numId"))), None),
        depth=next((v for e in chain if (v := value(e, "pPr/numPr/ilvl"))), None),
        capitals=next((is_on(e, "rPr/caps") for e in chain if find(e, "rPr/caps") is not None), False),
        font=next((v for e in chain if (v := font_of(find(e, "rPr")))), None),
        ruled=next((has_lines(b) for e in chain if (b := find(e, "tblPr/tblBorders")) is not None), False),
    )


def font_of(properties: Element | None) -> str | None:
    """The font of Western letters: the one that old Vietnamese fonts were set as."""
    fonts = find(properties, "rFonts")
    return None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")


def has_lines(borders: Element | None) -> bool:
    """Whether borders are drawn between cells or around them."""
    return borders is not None and any(
        value(borders, side) not in (None, "none", "nil") for side in ("insideH", "insideV", "top", "left")
    )
