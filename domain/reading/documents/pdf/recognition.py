"""Pages that are pictures, recognised by Tesseract with its Vietnamese model, where it is installed.

Its words come with their places, so they are put together like any other page: letterheads keep their columns.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from statistics import median

import pypdfium2 as pdfium

from domain.reading.documents.pdf.sheets import Glyph, Refused, Sheet

PROGRAM, LANGUAGE = "tesseract", "vie"
DOTS = 300  #: an inch: what Tesseract was trained on
LARGEST = 40_000_000  #: pixels of a page
SECONDS = 60  #: for a page
_POINTS = 72
_WORD_LEVEL = "5"
_LETTER = 0.72  #: of the height of a word's box: a letter's size, marks above and below left out


def recognised(document: pdfium.PdfDocument, number: int, sheet: Sheet) -> Sheet:
    """The page with the words that its picture shows. Raises Refused where Tesseract is not installed, or fails."""
    require_tesseract()
    page = document[number]
    scale = min(DOTS / _POINTS, (LARGEST / max(sheet.width * sheet.height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    header = f"P5 {bitmap.width} {bitmap.height} 255\n".encode()
    lines = bytes(bitmap.buffer)
    rows = b"".join(lines[n * bitmap.stride : n * bitmap.stride + bitmap.width] for n in range(bitmap.height))
    glyphs = tuple(words_in(header + rows, scale, sheet.height, number + 1))
    return replace(sheet, glyphs=glyphs, strokes=())


def words_in(picture: bytes, scale: float, height: float, page: int) -> Iterator[Glyph]:
    """The words in a picture, with places in points; all words of a line stand on its base line."""
    lines: dict[tuple[str, ...], list[Glyph]] = defaultdict(list)
    for entry in _answer(picture, page).splitlines()[1:]:
        columns = entry.split("\t")
        if len(columns) < 12 or columns[0] != _WORD_LEVEL or not columns[11].strip():
            continue
        left, top, across, up = (int(column) / scale for column in columns[6:10])
        lines[tuple(columns[2:5])].append(
            Glyph(columns[11].strip(), left, left + across, height - top - up, up * _LETTER)
        )
    for words in lines.values():
        base, size = median(word.y for word in words), median(word.size for word in words)
        yield from (word._replace(y=base, size=size) for word in words)


def _answer(picture: bytes, page: int) -> str:
    words = [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(DOTS), "--psm", "4", "tsv"]
    try:
        done = subprocess.run(words, input=picture, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise Refused("reading.ocr_failed", page=page) from error
    return done.stdout.decode("utf-8", "replace")


@cache
def require_tesseract() -> None:
    """Raises Refused where Tesseract or its Vietnamese model is not there."""
    program = shutil.which(PROGRAM)
    listed = ""
    if program:
        done = subprocess.run([program, "--list-langs"], capture_output=True, timeout=SECONDS, check=False)
        listed = (done.stdout + done.stderr).decode("utf-8", "replace")
    if LANGUAGE not in listed.split():
        raise Refused("reading.no_ocr")
