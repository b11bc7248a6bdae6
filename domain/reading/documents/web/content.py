"""Where on a page its content is: the part that holds the most running text and the fewest links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

LONG = 40  #: characters: a paragraph, not a label
MOST = 0.75  #: of the text: a page that is nearly all content is taken whole
_PARAGRAPHS = frozenset(("p", "li", "td", "th", "div", "pre", "blockquote", "span", "dd", "section", "h2", "h3", "h4"))
_TITLES = ("h1", "h2")

Element = etree._Element


def main_content(root: Element) -> list[Element]:
    """The elements to be read, in order: the title and what stands under it, then the content."""
    body = root.find(".//body")
    body = root if body is None else body
    best = _best(body)
    if best is None or _text_length(best) > MOST * _text_length(body):
        return [body]
    title = _title(body, best)
    return [*([] if title is None else [title, *_between(title, best)]), best]


def _best(body: Element) -> Element | None:
    """The element whose paragraphs weigh most; those of its children count half."""
    scores: dict[Element, float] = defaultdict(float)
    for element in body.iter(*_PARAGRAPHS):
        weight = _weight(element)
        for share, above in zip((1.0, 0.5, 0.25), element.iterancestors(), strict=False):
            scores[above] += share * weight
    if not scores:
        return None
    best = max(scores, key=lambda one: scores[one] * (1 - _link_share(one)))
    return _with_article(best)


def _weight(element: Element) -> float:
    """How much running text stands in an element itself; text in its inline children counts, links do not."""
    own = [element.text or "", *(child.tail or "" for child in element)]
    inline = [_words(child) for child in element if child.tag in ("b", "strong", "i", "em", "u", "span", "font")]
    length = len(" ".join(" ".join([*own, *inline]).split()))
    return float(length) if length >= LONG else 0.0


def _with_article(best: Element) -> Element:
    """The whole article where the best part is only one of its parts."""
    for above in best.iterancestors():
        if above.tag in ("article", "main") and _link_share(above) < 0.3:
            return above
        parent = best.getparent()
        if parent is above and best.tag in ("tbody", "tr", "td", "table", "ul", "ol", "p", "span"):
            best = above
    return best


def _title(body: Element, best: Element) -> Element | None:
    """The heading of the content that stands before it, the last of the highest rank."""
    if any(True for _ in best.iter("h1")):
        return None
    before = _before(body, best)
    for tag in _TITLES:
        if found := [one for one in before if one.tag == tag and len(_words(one)) > 15]:
            return found[-1]
    return None


def _before(body: Element, best: Element) -> Iterable[Element]:
    """The elements that stand before one, without those it lies in."""
    holders = set(best.iterancestors())
    found: list[Element] = []
    for element in body.iter(etree.Element):
        if element is best:
            break
        if element not in holders:
            found.append(element)
    return found


def _between(title: Element, best: Element) -> list[Element]:
    """What stands between title and content: the day, the author, a summary."""
    found: list[Element] = []
    at: Element = title
    while at is not best and len(found) < 6:
        following = at.getnext()
        if following is None:
            parent = at.getparent()
            if parent is None:
                break
            at = parent
            continue
        at = following
        while at is not best and best in at.iter():
            if not len(at):
                break
            at = at[0]
        if at is not best and _link_share(at) < 0.5 and len(_words(at)) < 600:
            found.append(at)
    return found


def _words(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _text_length(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _link_share(element: Element) -> float:
    """The share of an element's text that is links."""
    linked = sum(_text_length(link) for link in element.iter("a"))
    return min(linked / max(_text_length(element), 1), 1.0)
