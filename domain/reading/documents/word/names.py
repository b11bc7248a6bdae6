"""Names of WordprocessingML (ECMA-376, part 1) in the form that lxml gives them."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
VAL = f"{W}val"
Element = etree._Element

#: what only wraps its contents; inserted text counts, as if the change had been accepted
WRAPPERS = frozenset(
    f"{W}{name}"
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "bdo", "dir")
)
#: what is no longer, or never was, part of the text
DROPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "sdtPr", "sdtEndPr", "pPr", "rPr", "tblPr", "trPr", "tcPr")
)


def value(element: Element | None, path: str) -> str | None:
    """The `w:val` of a descendant: "pPr/numPr/numId"."""
    found = find(element, path)
    return None if found is None else found.get(VAL)


def find(element: Element | None, path: str) -> Element | None:
    """The first descendant along a path of names without their prefix."""
    return None if element is None else element.find("/".join(f"{W}{step}" for step in path.split("/")))


def is_on(element: Element | None, path: str) -> bool:
    """Whether a property that is a switch is there and not switched off."""
    found = find(element, path)
    return found is not None and found.get(VAL) not in ("0", "false", "off", "none")


def number(text: str | None, default: int) -> int:
    """A whole number in an attribute; `default` for what is none, or is no number that a document can mean."""
    return int(text) if text and len(text) < 10 and text.lstrip("-").isdecimal() and text.isascii() else default
