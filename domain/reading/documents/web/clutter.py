"""What of a page is no content: scripts, menus, comments, what is hidden, links to other stories."""

from __future__ import annotations

import re

from lxml import etree

from domain.reading.documents.web.weights import weights_of

_NEVER = frozenset(
    (
        *(
            "script",
            "style",
            "noscript",
            "template",
            "iframe",
            "object",
            "embed",
            "svg",
            "canvas",
            "audio",
            "video",
            "map",
        ),
        *("form", "button", "input", "select", "textarea", "nav", "aside", "footer", "dialog", "figcaption", "head"),
    )
)
_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "menubar"))
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navbar|navigation|breadcrumbs?|sidebar|side|footer|banner|ads?|advert\w*|quangcao|quang-cao"
    r"|related|relate|lien-?quan|tin-?(?:khac|moi|lien-?quan|cung|doc-?nhieu)|bai-viet-(?:khac|lien)|other-?news|newsother"
    r"|comments?|binh-?luan|share|sharing|social|likes?|fb|facebook|zalo|tags?|tagcloud|rating|vote|danh-?gia|print"
    r"|tools?|toolbar|popup|modal|cookies?|subscribe|newsletter|pagination|pager|copyright|ban-quyen|counter|luot-xem"
    r"|most-?(?:read|viewed)|xem-?nhieu|recommend\w*|hidden|d-none|sr-only|visually-hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_KEPT = frozenset(("html", "body", "article", "main"))
MUCH = 0.5  #: of a page's text: what holds as much is content, whatever it is called


def without_clutter(root: etree._Element) -> None:
    """Empties everything in the tree that is no content; the text that follows it stays."""
    weights = weights_of(root)
    whole = max(weights.text(root), 1)
    for element in list(root.iter(etree.Element)):
        if element.tag in _KEPT:
            continue
        if element.tag in _NEVER or (_is_clutter(element) and weights.text(element) < MUCH * whole):
            element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are older than the argument


def _is_clutter(element: etree._Element) -> bool:
    given = element.attrib
    if "hidden" in given or given.get("aria-hidden") == "true" or given.get("role") in _ROLES:
        return True
    if _HIDDEN.search(given.get("style", "")):
        return True
    named = f"{given.get('class', '')} {given.get('id', '')}"
    return bool(_NAMES.search(named)) or _is_page_header(element)


def _is_page_header(element: etree._Element) -> bool:
    """Whether it is the header of the site, not of an article."""
    return element.tag == "header" and not any(above.tag in ("article", "main") for above in element.iterancestors())
