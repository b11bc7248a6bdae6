"""The process that opens a PDF: bytes in, JSON out. A file that loops or swells ends this process and nothing else.

Called by `domain.reading.documents.pdf.reading` as `python -m domain.reading.documents.pdf.child MEGABYTES [ocr]`.
"""

from __future__ import annotations

import contextlib
import gc
import json
import sys
from collections.abc import Sequence
from typing import Any

from domain.reading.documents.pdf.sheets import Refused, Sheet

PICTURED = 0.4  #: of a page: a picture as large as this may be the page itself
FEW = 60  #: characters: a page with fewer holds no text worth the name


def main(words: Sequence[str]) -> None:
    """Reads the PDF on standard input, within so many megabytes of memory."""
    gc.disable()  # hundreds of thousands of glyphs live as long as this process does
    _limit_memory(int(words[0]))
    try:
        answer = _read(sys.stdin.buffer.read(), ocr="ocr" in words[1:])
    except Refused as refused:
        answer = {"refused": refused.code, "params": refused.params}
    except (MemoryError, RecursionError):
        answer = {"refused": "reading.pdf_too_heavy", "params": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit_memory(megabytes: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # where the system knows no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024**2, megabytes * 1024**2))


def _read(data: bytes, *, ocr: bool) -> dict[str, Any]:
    from domain.reading.documents.pdf.document import text_of_pages
    from domain.reading.documents.pdf.opening import open_pdf, sheets_of
    from domain.reading.documents.pdf.stamps import stamped

    document = open_pdf(data)
    sheets = list(sheets_of(document))
    scanned = [number for number, sheet in enumerate(sheets) if is_scanned(sheet)]
    if ocr and scanned:
        from domain.reading.documents.pdf.recognition import recognised

        for number in scanned:
            sheets[number] = recognised(document, number, sheets[number])
    signs = stamped(sheets)
    text = text_of_pages(signs.sheets)
    return {
        "text": text.text,
        "margins": [*text.margins, *signs.words],
        "number": signs.number,
        "issued_on": signs.issued_on.isoformat() if signs.issued_on else None,
        "signed_on": signs.signed_on.isoformat() if signs.signed_on else None,
        "pages": len(sheets),
        "scanned": [number + 1 for number in scanned],
        "unseen": any(sheet.unseen_text for sheet in sheets),
    }


def is_scanned(sheet: Sheet) -> bool:
    """Whether a page is a picture of a page: hardly any text, and a picture under most of it."""
    return sheet.pictured > PICTURED and sum(not glyph.text.isspace() for glyph in sheet.glyphs) < FEW


if __name__ == "__main__":
    main(sys.argv[1:])
