"""Reading a notice of conclusions: its text, and the directives in it.

The names are looked up when they are first used: the grammar of the reader takes a third of a second to build, and
who only wants a document's text (the process that reads a PDF, `dondoc read --text`) does not wait for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from domain.reading.documents.loading import load_document
    from domain.reading.documents.model import Document
    from domain.reading.notice import read_notice
    from domain.reading.source import load_text

__all__ = ["Document", "load_document", "load_text", "read_notice"]

_HOMES = {
    "Document": "domain.reading.documents.model",
    "load_document": "domain.reading.documents.loading",
    "load_text": "domain.reading.source",
    "read_notice": "domain.reading.notice",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
