"""Number and day that stand only in the appearance of a signature: the clerk adds them when the notice is issued.

A digital signature shows itself by a form that holds other forms (PDF 32000-1, 12.7.4.5). Either it says the whole
("Số: 489/TB-VP"), or it fills what the page left open ("Số:      /TB-VP", "ngày      tháng 3 năm 2018"). What is in
neither is not known: the moment of signing is no date of issue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.reading.documents.pdf.rows import SAME_LINE, Row, rows_of
from domain.reading.documents.pdf.sheets import Glyph, Sheet

_NUMBER = re.compile(r"Số(?:\s+(?:văn\s+bản|ký\s+hiệu|VB))?\s*[:.]?\s*(\d+[a-z]?)\s*([/-])\s*([A-ZĐ][\wĐ&./-]*)")
_BARE_NUMBER = re.compile(r"^(\d+[a-z]?)\s*([/-])\s*([A-ZĐ][\wĐ&./-]*)$")
_DAY = re.compile(r"ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.IGNORECASE)
_ISSUED = re.compile(r"ngày\s+(?:ban\s+hành|văn\s+bản)\s*:?\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:(?:thời\s+gian|ngày|giờ)\s+ký|date|signed\s+on|signing\s+time)\D{0,12}(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})",
    re.IGNORECASE,
)
_LEADERS = frozenset("….·_\u00a0 ")
_OPEN = re.compile(r"Số\s*[:.]?|ngày|tháng|năm", re.IGNORECASE)
OPEN = 60.0  #: points: how wide a gap may be that is left open
BLANK_LEFT = 0.3  #: of the size
LINE = 0.9  #: of the size: how far above or below its line a stamp may stand
LONGEST = 30  #: characters of a stamp that fills something in


@dataclass(frozen=True, slots=True)
class Stamped:
    """What signatures say of a document, and its pages with what they fill in."""

    sheets: tuple[Sheet, ...]
    number: str | None = None
    issued_on: date | None = None
    signed_on: date | None = None  #: when a signature was made
    words: tuple[str, ...] = ()  #: everything they show


def stamped(sheets: Sequence[Sheet]) -> Stamped:
    """Number and day from the signatures of all pages; the first that says it goes before the others."""
    number, issued, signed = None, None, None
    filled = list(sheets)
    words: list[str] = []
    for n, sheet in enumerate(sheets):
        if not sheet.stamped:
            continue
        stamps = rows_of(sheet.stamped)
        own = "\n".join(row.text for row in stamps)
        words.append(own)
        filled[n], lines = _filled(sheet, stamps)
        seen = "\n".join(lines)
        number = number or _number(own) or _number(seen)
        issued = issued or _day(_DAY, own) or _day(_ISSUED, own) or _day(_DAY, seen)
        signed = signed or _day(_SIGNED, own)
    return Stamped(tuple(filled), number, issued, signed, tuple(words))


def _filled(sheet: Sheet, stamps: Sequence[Row]) -> tuple[Sheet, list[str]]:
    """The page with the stamps that complete a number or a day set into its lines, and those lines."""
    glyphs, lines = list(sheet.glyphs), []
    for row in rows_of(sheet.glyphs):
        near = [s for s in stamps if abs(s.y - row.y) < LINE * row.size and len(s.text) <= LONGEST]
        if not near or not _OPEN.search(row.text):
            continue
        line = [glyph for glyph in glyphs if abs(glyph.y - row.y) < SAME_LINE * row.size]
        complete = _set_into(line, row, near)
        text = "\n".join(one.text for one in rows_of(complete))
        if _number(text) or _day(_DAY, text):
            glyphs = [glyph for glyph in glyphs if glyph not in set(line)] + complete
            lines.append(text)
    return replace(sheet, glyphs=tuple(glyphs)), lines


def _set_into(line: Sequence[Glyph], row: Row, stamps: Sequence[Row]) -> list[Glyph]:
    """A line with its stamps, each in place of the dots that it covers; what they complete stands close to them."""
    pieces = [Glyph(one.text, one.x0, one.x1, row.y, row.size) for stamp in stamps for one in stamp.segments]
    kept = [
        glyph
        for glyph in line
        if not (glyph.text in _LEADERS and any(p.x0 - OPEN < glyph.x0 < p.x1 + OPEN for p in pieces))
    ]
    return [*kept, *(_widened(piece, kept) for piece in pieces)]


def _widened(piece: Glyph, line: Sequence[Glyph]) -> Glyph:
    """A stamp that takes up the whole gap in which it stands; a blank stays before and after words."""
    drawn = [glyph for glyph in line if not glyph.text.isspace()]
    before = max((g for g in drawn if g.x0 < piece.x0), key=lambda g: g.x1, default=None)
    after = min((g for g in drawn if g.x0 >= piece.x0), key=lambda g: g.x0, default=None)
    x0, x1 = piece.x0, piece.x1
    if before and piece.x0 - before.x1 < OPEN:
        x0 = before.x1 + BLANK_LEFT * piece.size
    if after and after.x0 - piece.x1 < OPEN:
        x1 = after.x0 - (BLANK_LEFT * piece.size if after.text.isalnum() else 0.0)
    return piece._replace(x0=x0, x1=max(x0, x1))


def _number(text: str) -> str | None:
    for line in text.split("\n"):
        if match := _NUMBER.search(line) or _BARE_NUMBER.match(line.strip()):
            return f"{match[1]}{match[2]}{match[3].rstrip('.,')}"
    return None


def _day(pattern: re.Pattern[str], text: str) -> date | None:
    for match in pattern.finditer(text):
        try:
            return date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            continue
    return None
