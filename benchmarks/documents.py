"""Reading ten pages: a Word document and a PDF, the whole command from its start to its end."""

from __future__ import annotations

from pathlib import Path

from tests.unit.documents_made import pdf, ten_pages, word


def documents_in(folder: Path) -> dict[str, Path]:
    """The same notice of about ten pages as text, Word document and PDF, by what is to be printed beside the time."""
    notice = ten_pages()
    text = folder / "ten-pages.txt"
    text.write_text(notice.text(), encoding="utf-8")
    return {
        "dondoc read, 10 pages, text": text,
        "dondoc read, 10 pages, Word": word(folder / "ten-pages.docx", notice),
        "dondoc read, 10 pages, PDF": pdf(folder / "ten-pages.pdf", notice),
    }
