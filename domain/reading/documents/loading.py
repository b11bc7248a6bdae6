"""From a file to a Document: its format is recognised by its content, read, tidied, and refused if it is secret."""

from __future__ import annotations

import hashlib
from pathlib import Path

from domain.errors import Refusal
from domain.reading.documents.characters import tidy
from domain.reading.documents.files import LARGEST_TEXT, too_large, upload
from domain.reading.documents.kinds import Kind, kind_of
from domain.reading.documents.model import Contents, Document, Meanwhile, Upload, nothing
from domain.reading.secrecy import refuse_secret

#: what cannot be read, and the words that say so
_REFUSED = {
    Kind.OLD_WORD: "reading.old_word",
    Kind.ENCRYPTED: "reading.encrypted",
    Kind.RICH_TEXT: "reading.rich_text",
    Kind.XML: "reading.other_format",
}


def load_document(path: Path, *, ocr: bool = False, meanwhile: Meanwhile = nothing) -> Document:
    """The document in a file. `ocr`: pages that are pictures are recognised by Tesseract, where it is installed.

    `meanwhile` is called while another process reads the file (a PDF): what the caller has to do in any case, such as
    importing what comes next. Raises Refusal("reading.…") for a file that cannot be read, holds no text, or is marked
    as a state secret.
    """
    file = upload(path)
    contents = _contents(file, ocr, meanwhile)
    text = tidy(contents.text)
    refuse_secret(file.name, text, contents.margins)
    if not text.strip():
        raise Refusal("reading.empty", file=file.name)
    if len(text) > LARGEST_TEXT or len(text.encode("utf-8", "replace")) > LARGEST_TEXT:
        raise too_large(file.name, LARGEST_TEXT)
    return Document(
        text=text,
        name=file.name,
        sha256=hashlib.sha256(file.data).hexdigest(),
        number=contents.number,
        issued_on=contents.issued_on,
        warnings=contents.warnings,
    )


def _contents(file: Upload, ocr: bool, meanwhile: Meanwhile) -> Contents:
    """Read by the reader of its format. Each is imported only when it is needed: they bring large libraries."""
    kind = kind_of(file)
    if kind in _REFUSED:
        raise Refusal(_REFUSED[kind], file=file.name)
    if kind is Kind.WORD:
        from domain.reading.documents.word.document import read_word

        return read_word(file)
    if kind in (Kind.PDF, Kind.PICTURE):
        from domain.reading.documents.pdf.reading import read_pdf, read_picture

        return read_pdf(file, ocr, meanwhile) if kind is Kind.PDF else read_picture(file, ocr, meanwhile)
    if kind is Kind.PAGE:
        from domain.reading.documents.web.page import read_page

        return read_page(file)
    from domain.reading.documents.plain import read_plain

    return read_plain(file)
