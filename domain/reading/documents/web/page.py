"""A saved page as text: parsed as browsers would, its main content found, its title and day put before it."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from domain.errors import Refusal
from domain.reading.documents.characters import laid_out
from domain.reading.documents.files import Budget, too_large
from domain.reading.documents.legacy import old_font
from domain.reading.documents.model import Contents, Upload
from domain.reading.documents.web.clutter import without_clutter
from domain.reading.documents.web.content import main_content
from domain.reading.documents.web.rendering import rendered
from domain.reading.documents.web.weights import weights_of

LARGEST = 12 * 1024**2  #: bytes, the pictures in it not counted
DEEPEST = 150  #: elements in elements; real pages have some thirty
ELEMENTS = 120_000
_EMBEDDED = re.compile(rb"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s%]{200,}")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read_page(file: Upload) -> Contents:
    """The main content of a page. Raises Refusal for one that is too large or nested beyond reason."""
    data = _EMBEDDED.sub(b"", file.data)
    if len(data) > LARGEST:
        raise too_large(file.name, LARGEST)
    root = _parsed(file.name, _text(data))
    without_clutter(root)
    weights = weights_of(root)
    text = laid_out(rendered(main_content(root, weights), weights, Budget(file.name)))
    converted = old_font(text)
    return Contents(converted.text if converted else text)


def _text(data: bytes) -> str:
    """Decoded by its mark, by what it declares, or by what it can be."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_declared(data), "replace")


def _declared(data: bytes) -> str:
    if data[:200].count(b"\x00") > 20:
        return "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
    match = _DECLARED.search(data[:8192])
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else "cp1258"
    except LookupError:
        return "cp1258"
    return "cp1258" if name in ("utf-8", "iso8859-1", "cp1252") else name


def _parsed(name: str, text: str) -> etree._Element:
    """The tree of the page; entities of a document type are not looked at in HTML."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal("reading.empty", file=name) from error
    if root is None:
        raise Refusal("reading.empty", file=name)
    if _is_unreasonable(root):
        raise Refusal("reading.too_deep", file=name)
    return root


def _is_unreasonable(root: etree._Element) -> bool:
    """Whether a page is nested so deeply, or has so many elements, that no person made it."""
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > DEEPEST or count > ELEMENTS:
            return True
    return False
