"""From the bytes of a PDF to its pages, by pdfium. Runs in the process that may be stopped at any time."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from domain.reading.documents.pdf.drawings import pictured_share, strokes_of
from domain.reading.documents.pdf.sheets import Glyph, Refused, Sheet, Stroke

PAGES = 300
GLYPHS = 1_200_000  #: of a document
SMALLEST, LARGEST = 3.0, 200.0  #: points: sizes of letters that can be meant
_ASCENT = 1.15  #: height of a line's box to the size of its letters
_SHOWN_NOTES = frozenset((raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_FREETEXT))
_INVISIBLE = 3  #: text rendering mode, PDF 32000-1, table 106
OFF = 5.0  #: points: how far off the page a glyph may stand
_NO_GLYPHS = frozenset((0, 10, 13, 0xFFFE, 0xFFFF))
_HYPHEN = 0x02  #: pdfium's sign for a hyphen at the end of a line


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """The document. Raises Refused for one that is encrypted, broken, or too long."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        wants_password = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise Refused("reading.encrypted" if wants_password else "reading.broken_pdf") from error
    if len(document) > PAGES:
        raise Refused("reading.pdf_too_long", pages=PAGES)
    if not len(document):
        raise Refused("reading.broken_pdf")
    return document


def sheets_of(document: pdfium.PdfDocument) -> Iterator[Sheet]:
    """The pages, one after another. Raises Refused where there is more text than a document can hold."""
    seen = 0
    for number in range(len(document)):
        try:
            sheet = _sheet(document, number)
        except pdfium.PdfiumError as error:
            raise Refused("reading.broken_pdf") from error
        seen += len(sheet.glyphs)
        if seen > GLYPHS:
            raise Refused("reading.pdf_too_long", pages=PAGES)
        yield sheet


def _sheet(document: pdfium.PdfDocument, number: int) -> Sheet:
    page = document[number]
    turn = _Turn(page)
    glyphs = tuple(_glyphs(page, turn))
    strokes = tuple(turn.stroke(stroke) for stroke in strokes_of(page))
    pictured = pictured_share(page)
    unseen = pictured > 0.5 and _is_unseen(page)
    stamped = tuple(_stamped(document, number)) if _has_notes(page) else ()
    return Sheet(turn.width, turn.height, glyphs, strokes, stamped, pictured, unseen)


def _glyphs(page: pdfium.PdfPage, turn: _Turn) -> Iterator[Glyph]:
    """The characters in the order in which they were drawn; blanks that pdfium only supposes are left out.

    Each question to pdfium costs a microsecond and a page has thousands of characters, so size and base line are asked
    for only where a character's box is of another height than the one before it, or stands on another line.
    """
    text = raw.FPDFText_LoadPage(page)
    if not text:
        return
    unicode_of, box_of, box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FS_RECTF()
    box_at, line, size, base = ctypes.byref(box), (0.0, 0.0), 0.0, 0.0
    try:
        for n in range(min(raw.FPDFText_CountChars(text), GLYPHS + 1)):
            code = unicode_of(text, n)
            if code in _NO_GLYPHS or (code in (32, 0xA0) and raw.FPDFText_IsGenerated(text, n) == 1):
                continue
            box_of(text, n, box_at)
            if turn.quarters or (box.bottom, box.top) != line:
                line = (box.bottom, box.top)
                size, base = _size_and_base(text, n, turn, box)
            if glyph := turn.glyph("-" if code == _HYPHEN else chr(code), box, base, size):
                yield glyph
    finally:
        raw.FPDFText_ClosePage(text)


def _size_and_base(text: Any, n: int, turn: _Turn, box: raw.FS_RECTF) -> tuple[float, float]:
    """The size of a character and the height of its base line; its box serves where it has no size."""
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetMatrix(text, n, ctypes.byref(matrix))
    raw.FPDFText_GetCharOrigin(text, n, ctypes.byref(x), ctypes.byref(y))
    size = raw.FPDFText_GetFontSize(text, n) * math.hypot(matrix.c, matrix.d)
    if not SMALLEST < size < LARGEST:
        size = abs((box.right - box.left) if turn.quarters % 2 else (box.top - box.bottom)) / _ASCENT
    return size or 1.0, turn.point(x.value, y.value)[1]


class _Turn:
    """Pages may be turned by quarters: their glyphs stand on their side until they are turned, too."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.quarters = raw.FPDFPage_GetRotation(page)
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        across, up = self.right - self.left, self.top - self.bottom
        self.width, self.height = (up, across) if self.quarters % 2 else (across, up)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point as it is seen."""
        match self.quarters:
            case 1:
                return y - self.bottom, self.right - x
            case 2:
                return self.right - x, self.top - y
            case 3:
                return self.top - y, x - self.left
        return x - self.left, y - self.bottom

    def glyph(self, character: str, box: raw.FS_RECTF, base: float, size: float) -> Glyph | None:
        """A glyph as it is seen; None for one that lies off the page."""
        if self.quarters:
            one, other = self.point(box.left, box.bottom)[0], self.point(box.right, box.top)[0]
            x0, x1 = min(one, other), max(one, other)
        else:
            x0, x1 = box.left - self.left, box.right - self.left
        if x1 < -OFF or x0 > self.width + OFF or not -OFF < base < self.height + OFF:
            return None
        return Glyph(character, x0, x1, base, size)

    def stroke(self, stroke: tuple[float, float, float, float]) -> Stroke:
        """A line as it is seen."""
        one, other = self.point(stroke[0], stroke[1]), self.point(stroke[2], stroke[3])
        return Stroke(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def _is_unseen(page: pdfium.PdfPage) -> bool:
    """Whether the page's text is there to be searched, not to be seen."""
    for n in range(min(raw.FPDFPage_CountObjects(page), 50)):
        one = raw.FPDFPage_GetObject(page, n)
        if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_TEXT:
            return bool(raw.FPDFTextObj_GetTextRenderMode(one) == _INVISIBLE)
    return False


def _has_notes(page: pdfium.PdfPage) -> bool:
    """Whether something that is not the page's own adds to what is seen: signatures, stamps, fields."""
    for n in range(min(raw.FPDFPage_GetAnnotCount(page), 200)):
        note = raw.FPDFPage_GetAnnot(page, n)
        sort = raw.FPDFAnnot_GetSubtype(note) if note else 0
        if note:
            raw.FPDFPage_CloseAnnot(note)
        if sort in _SHOWN_NOTES:
            return True
    return False


def _stamped(document: pdfium.PdfDocument, number: int) -> Iterator[Glyph]:
    """What such notes show: drawn onto the page, from which then everything that was there before is taken away.

    However deep the forms of an appearance lie in each other, this reads them as they are seen.
    """
    page = document[number]
    before = raw.FPDFPage_CountObjects(page)
    flattened = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    page.close()
    if flattened != raw.FLATTEN_SUCCESS:
        return
    page = document[number]
    for _ in range(before):
        one = raw.FPDFPage_GetObject(page, 0)
        if not one or not raw.FPDFPage_RemoveObject(page, one):
            return
        raw.FPDFPageObj_Destroy(one)
    yield from _glyphs(page, _Turn(page))
