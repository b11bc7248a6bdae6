"""From the bytes of a PDF to its pages, by pdfium. Runs in the process that may be stopped at any time."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator

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
    """The characters in the order in which they were drawn; blanks that pdfium only supposes are left out."""
    text = raw.FPDFText_LoadPage(page)
    if not text:
        return
    box, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    box_at, matrix_at, x_at, y_at = map(ctypes.byref, (box, matrix, x, y))
    try:
        for n in range(min(raw.FPDFText_CountChars(text), GLYPHS + 1)):
            code = raw.FPDFText_GetUnicode(text, n)
            if code in (0, 10, 13, 0xFFFE, 0xFFFF) or (code in (32, 0xA0) and raw.FPDFText_IsGenerated(text, n) == 1):
                continue
            raw.FPDFText_GetLooseCharBox(text, n, box_at)
            raw.FPDFText_GetCharOrigin(text, n, x_at, y_at)
            raw.FPDFText_GetMatrix(text, n, matrix_at)
            size = raw.FPDFText_GetFontSize(text, n) * math.hypot(matrix.c, matrix.d)
            character = "-" if code == _HYPHEN else chr(code)
            if glyph := turn.glyph(character, box, (x.value, y.value), size):
                yield glyph
    finally:
        raw.FPDFText_ClosePage(text)


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

    def glyph(self, character: str, box: raw.FS_RECTF, origin: tuple[float, float], size: float) -> Glyph | None:
        """A glyph as it is seen; None for one off the page. The box of its line serves where it has no size."""
        one, other, base = self.point(box.left, box.bottom), self.point(box.right, box.top), self.point(*origin)
        x0, x1 = min(one[0], other[0]), max(one[0], other[0])
        if x1 < -5 or x0 > self.width + 5 or not -5 < base[1] < self.height + 5:
            return None
        if not SMALLEST < size < LARGEST:
            size = abs(other[1] - one[1]) / _ASCENT or 1.0
        return Glyph(character, x0, x1, base[1], size)

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
