"""Lines and pictures on a page: what is drawn and is no text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from domain.reading.documents.pdf.sheets import Stroke

OBJECTS = 60_000  #: of a page that are looked at
FORMS = 6  #: forms in forms
THIN = 3.0  #: points: a box as thin as this is a line
SHORT = 6.0  #: points: what is shorter is no line of a table
_SEGMENTS = 60  #: of a path; a drawing with more is a picture

Found = Iterator[tuple[float, float, float, float]]


def strokes_of(page: pdfium.PdfPage) -> Iterator[Stroke]:
    """The horizontal and vertical lines of a page. Word draws them as thin boxes, others as paths."""
    for one, matrices in _objects(page, raw.FPDF_PAGEOBJ_PATH):
        for line in _lines(one):
            yield Stroke(*_moved(line, matrices))


def pictured_share(page: pdfium.PdfPage) -> float:
    """The share of the page under its largest picture."""
    left, bottom, right, top = page.get_bbox()
    whole = (right - left) * (top - bottom)
    shares = [0.0]
    for one, matrices in _objects(page, raw.FPDF_PAGEOBJ_IMAGE):
        x0, y0, x1, y1 = _moved(_bounds(one), matrices)
        shares.append((min(x1, right) - max(x0, left)) * (min(y1, top) - max(y0, bottom)) / whole if whole else 0.0)
    return sum(share for share in shares if share > 0) if len(shares) < 200 else max(shares)


def _objects(page: pdfium.PdfPage, sort: int) -> Iterator[tuple[Any, tuple[raw.FS_MATRIX, ...]]]:
    """The objects of a sort, those in forms too, each with the matrices of the forms it lies in."""
    waiting: list[tuple[Any, tuple[raw.FS_MATRIX, ...]]] = [
        (raw.FPDFPage_GetObject(page, n), ()) for n in range(min(raw.FPDFPage_CountObjects(page), OBJECTS))
    ]
    seen = 0
    while waiting and seen < OBJECTS:
        one, matrices = waiting.pop()
        seen += 1
        found = raw.FPDFPageObj_GetType(one)
        if found == sort:
            yield one, matrices
        elif found == raw.FPDF_PAGEOBJ_FORM and len(matrices) < FORMS:
            inner = (_matrix(one), *matrices)
            count = min(raw.FPDFFormObj_CountObjects(one), OBJECTS)
            waiting += [(raw.FPDFFormObj_GetObject(one, n), inner) for n in range(count)]


def _lines(path: Any) -> Found:
    x0, y0, x1, y1 = _bounds(path)
    across, up = x1 - x0, y1 - y0
    if up <= THIN < SHORT < across:
        yield x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    elif across <= THIN < SHORT < up:
        yield (x0 + x1) / 2, y0, (x0 + x1) / 2, y1
    elif across > SHORT and up > SHORT and _is_stroked(path):
        yield from _edges(path)


def _is_stroked(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)


def _edges(path: Any) -> Found:
    """The straight pieces of a path that run along the page."""
    count = raw.FPDFPath_CountSegments(path)
    if count > _SEGMENTS:
        return
    matrix = _matrix(path)
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for n in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, n)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = _through(matrix, x.value, y.value)
        sort = raw.FPDFPathSegment_GetType(segment)
        if sort == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif sort == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _straight(last, first)


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Found:
    across, up = abs(one[0] - other[0]), abs(one[1] - other[1])
    if min(across, up) < 1 and max(across, up) > SHORT:
        yield min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _bounds(one: Any) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(one, *map(ctypes.byref, (left, bottom, right, top)))
    return left.value, bottom.value, right.value, top.value


def _matrix(one: Any) -> raw.FS_MATRIX:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(one, ctypes.byref(matrix))
    return matrix


def _through(matrix: raw.FS_MATRIX, x: float, y: float) -> tuple[float, float]:
    return matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f


def _moved(
    box: tuple[float, float, float, float], matrices: tuple[raw.FS_MATRIX, ...]
) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    for matrix in matrices:
        (x0, y0), (x1, y1) = _through(matrix, x0, y0), _through(matrix, x1, y1)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
