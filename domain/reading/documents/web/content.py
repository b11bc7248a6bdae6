"""Where on a page its content is: the part that holds the most running text and the fewest links."""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from domain.reading.documents.web.weights import Weights

LONG = 40  #: characters: a paragraph, not a label
MOST = 0.75  #: of the text: a page that is nearly all content is taken whole
_PARAGRAPHS = frozenset(("p", "li", "td", "th", "div", "pre", "blockquote", "span", "dd", "section", "h2", "h3", "h4"))
_TITLES = ("h1", "h2")
_PARTS = frozenset(("tbody", "tr", "td", "table", "ul", "ol", "p", "span"))
LINKED = 0.4  #: a part of which as much is links leads elsewhere
SHORT = 15  #: characters: a heading as short names a part of the site
SUMMARY = 600  #: characters of what stands between title and content
FEW = 6

Element = etree._Element


def main_content(root: Element, weights: Weights) -> list[Element]:
    """The elements to be read, in order: the title and what stands under it, then the content."""
    body = root.find(".//body")
    body = root if body is None else body
    best = _best(body, weights)
    if best is None or weights.text(best) > MOST * weights.text(body):
        return [body]
    title = _title(body, best)
    return [*([] if title is None else [title, *_between(title, best, weights)]), best]


def _best(body: Element, weights: Weights) -> Element | None:
    """The element whose paragraphs weigh most; those of its children count half."""
    scores: dict[Element, float] = defaultdict(float)
    for element in body.iter(*_PARAGRAPHS):
        weight = _weight(element)
        for share, above in zip((1.0, 0.5, 0.25), element.iterancestors() if weight else (), strict=False):
            scores[above] += share * weight
    if not scores:
        return None
    return _with_article(max(scores, key=lambda one: scores[one] * (1 - weights.link_share(one))), weights)


def _weight(element: Element) -> float:
    """How much running text stands in an element itself; text in its inline children counts, links do not."""
    own = [element.text or "", *(child.tail or "" for child in element)]
    inline = [_words(child) for child in element if child.tag in ("b", "strong", "i", "em", "u", "span", "font")]
    length = len(" ".join(" ".join([*own, *inline]).split()))
    return float(length) if length >= LONG else 0.0


def _with_article(best: Element, weights: Weights) -> Element:
    """The whole article where the best part is only one of its parts."""
    for above in best.iterancestors():
        if above.tag in ("article", "main") and weights.link_share(above) < LINKED:
            return above
        if best.getparent() is above and best.tag in _PARTS:
            best = above
    return best


def _title(body: Element, best: Element) -> Element | None:
    """The heading of the content that stands before it, the last of the highest rank."""
    if any(True for _ in best.iter("h1")):
        return None
    before = _before(body, best)
    for tag in _TITLES:
        if found := [one for one in before if one.tag == tag and len(_words(one)) > SHORT]:
            return found[-1]
    return None


def _before(body: Element, best: Element) -> list[Element]:
    """The headings that stand before an element."""
    found: list[Element] = []
    for element in body.iter(etree.Element):
        if element is best:
            break
        if element.tag in _TITLES:
            found.append(element)
    return found


def _between(title: Element, best: Element, weights: Weights) -> list[Element]:
    """What stands between title and content: the day, the author, a summary."""
    holders = {best, *best.iterancestors()}
    found: list[Element] = []
    at = _next(title)
    while at is not None and at is not best and len(found) < FEW:
        if at in holders:
            at = at[0] if len(at) else None
            continue
        if weights.link_share(at) < LINKED and weights.text(at) < SUMMARY:
            found.append(at)
        at = _next(at)
    return found


def _next(element: Element) -> Element | None:
    """What follows an element when what it holds is passed over."""
    at: Element | None = element
    while at is not None:
        if (following := at.getnext()) is not None:
            return following
        at = at.getparent()
    return None


def _words(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
