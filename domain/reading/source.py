"""The text of a document, for those who need nothing else of it."""

from __future__ import annotations

from pathlib import Path

from domain.reading.documents.loading import load_document


def load_text(path: Path) -> str:
    """The document's text, composed (NFC); offsets of a draft index this string. Raises as load_document does."""
    return load_document(path).text
