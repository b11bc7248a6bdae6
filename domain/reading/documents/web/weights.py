"""How much text each element of a page holds, and how much of it is links: counted once for the whole page."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

Element = etree._Element


@dataclass(frozen=True, slots=True)
class Weights:
    """Lengths of text, white space at its ends left out, by element."""

    texts: dict[Element, int]
    links: dict[Element, int]

    def text(self, element: Element) -> int:
        """The characters in an element and all that it holds."""
        return self.texts.get(element, 0)

    def link_share(self, element: Element) -> float:
        """0 to 1: how much of its text is links."""
        return min(self.links.get(element, 0) / max(self.text(element), 1), 1.0)


def weights_of(root: Element) -> Weights:
    """Counts from the leaves up."""
    texts: dict[Element, int] = {}
    links: dict[Element, int] = {}
    for element in reversed(list(root.iter(etree.Element))):
        texts[element] = _length(element.text) + sum(texts.get(c, 0) + _length(c.tail) for c in element)
        links[element] = texts[element] if element.tag == "a" else sum(links.get(c, 0) for c in element)
    return Weights(texts, links)


def _length(text: str | None) -> int:
    return len(text.strip()) if text else 0
