"""Physical lines to paragraphs: markers, wrapped lines and page breaks. Offsets index the text as given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.reading.flattened import with_bars
from domain.reading.grammar.language import UPPER
from domain.reading.tables import begins, columns, goes_on, is_row
from domain.reading.tones import with_new_tones

_BLANKED = re.compile(r"[*_#`>\u00a0\u200b\ufeff\t\r\f]")
_STAR_BULLET = re.compile(r"(?m)^([^\S\n]*)\*(?= \S)")
_PAGE_NUMBER = re.compile(r"(?m)^[^\S\n]*(?:[Tt]rang\s*|-\s*)?\d{1,3}(?:\s*/\s*\d{1,3}|\s*-)?[^\S\n]*$")
_RUNNING_HEAD = re.compile(  # the number and day of the notice at the head of its further pages
    r"(?m)^[^\S\n]*\d{1,3}[^\S\n]*\n\s*(?:Thông báo|Kết luận|TB)\s[^\n]{0,80}\d{4}[^\n]{0,20}$"
)
_MARKERS = (
    ("roman", re.compile(r"(?P<m>[IVX]{1,5})\s*(?:[.)/]|[-–](?=\s))\s+")),
    (
        "ordinal",
        re.compile(
            r"(?P<m>(?:Một|Hai|Ba|Bốn|Năm|Sáu|Bảy|Tám|Chín|Mười) là|Thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám))\s*[,:]\s*"
        ),
    ),
    ("number", re.compile(r"(?P<m>\d{1,2}(?:\.\d{1,2}){1,3})[.)]?\s+(?=\S)")),
    ("number", re.compile(r"(?P<m>\d{1,2})\s*[.)](?:\s+|(?=[^\W\d_]))")),
    ("number", re.compile(r"(?P<m>\d{1,2})\s*/\s+")),
    ("number", re.compile(rf"(?P<m>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})\s?[-–]\s+(?=[{UPPER}])")),
    ("capital", re.compile(rf"(?P<m>[A-HĐK])\s*[.)]\s+(?=[{UPPER}])")),
    ("bracketed", re.compile(r"\((?P<m>\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=\S)")),
    ("letter", re.compile(rf"(?P<m>[a-zđ])(?:\s*[.)/]\s*(?=\S)|\s?[-–]\s+(?=[{UPPER}]))")),
    ("dash", re.compile(r"(?P<m>[-–—])\s*(?=[^\W\d_(\"“])|(?P<m2>[-–—])\s+(?=\d)")),
    ("bullet", re.compile(r"(?P<m>[•●▪·◦♦❖])\s*(?=\S)")),
    ("plus", re.compile(r"(?P<m>\+)\s*(?=\S)")),
)
_ENDS = (".", ";", ":", "!", "?", "./", "/.")
_LETTERHEAD_LINE = re.compile(
    r"(?i)\s*(?:số\s*:|thông báo\s*$|nơi nhận|-{3,}|kt\.|tl\.|tm\.|tuq\.|q\.|phụ lục"
    r"|(?:đơn vị|cơ quan)\s+(?:chủ trì|thực hiện|phối hợp|phụ trách)[^:]{0,20}:|thời (?:gian|hạn)[^:.]{0,24}:)"
)
_OPEN_END = re.compile(
    r"(?:,|\b(?:ngày|tháng|năm|quý|số|và|của|với|cho|về|tại|từ|đến|trước|trong|các|là|để|theo|khoản|Điều|điểm"
    r"|trình|cùng|do|giữa|giao|gửi|cho|đưa|với sự|thuộc|kể|như|đến hết)|\bcác\s+\w+\s*:)$"
)
_WRAPPED_MARKERS = ("dash", "plus")
WRAP_SLACK = 18  # a line this much shorter than the widest was ended by its author, not by the page
MOST_LINES = 200_000  # what lies beyond is not read: no notice has as many
MAX_LINE = 130  # beyond it a line was not wrapped by a page


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: where it stands, its text made plain (same length as in the source), its marker if it has one."""

    start: int
    end: int
    text: str  #: emphasis and line breaks blanked, so that offsets agree with the source
    marker: str | None = None
    sort: str | None = None  #: roman, ordinal, number, letter, dash, plus
    is_row: bool = False  #: of a table
    is_rest: bool = False  #: what is left of a paragraph whose first sentence was read apart


def plain(text: str) -> str:
    """The text with emphasis and odd white space blanked and the new tone placement; as long as before."""
    bulleted = _STAR_BULLET.sub(r"\1•", with_bars(text))
    without_heads = _RUNNING_HEAD.sub(_blank, bulleted)
    return with_new_tones(_BLANKED.sub(" ", _PAGE_NUMBER.sub(_blank, without_heads)))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def caps(line: str) -> bool:
    """Whether the line is all capitals, as letterheads and titles are."""
    letters = [c for c in line if c.isalpha()]
    return len(letters) >= 3 and all(c.isupper() for c in letters)


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    blank_before: bool
    marker: str | None
    sort: str | None
    body: int  #: where the words begin, after the marker
    indent: int
    row: bool


def _lines(flat: str) -> list[_Line]:
    """The lines that hold something, page numbers left out."""
    found: list[_Line] = []
    at, blank = 0, True
    for raw in flat.split("\n"):
        if len(found) >= MOST_LINES:
            break
        start, at = at, at + len(raw) + 1
        stripped = raw.strip()
        if not stripped:
            blank = True
            continue
        begin = start + len(raw) - len(raw.lstrip())
        row = is_row(stripped)
        sort, marker, width = (None, None, 0) if row else marked(stripped)
        found.append(
            _Line(begin, start + len(raw.rstrip()), stripped, blank, marker, sort, begin + width, begin - start, row)
        )
        blank = False
    return found


def marked(line: str) -> tuple[str | None, str | None, int]:
    """The line's marker: (its sort, what it says, its width)."""
    for sort, pattern in _MARKERS:
        if match := pattern.match(line):
            return sort, match.group("m") or match.group("m2"), match.end()
    return None, None, 0


def _continues(previous: _Line, line: _Line, width: int) -> bool:
    """Whether `line` goes on with the paragraph of `previous`."""
    if line.row or previous.row:
        return goes_on(previous.text, line.text)
    if "|" in line.text or _LETTERHEAD_LINE.match(line.text):
        return False
    ended, full = previous.text.endswith(_ENDS), width - WRAP_SLACK <= previous.end - previous.start <= MAX_LINE
    if line.marker:  # "Văn hóa" at the end of a full line, "- Xã hội" at the start of the next
        return full and not ended and not line.blank_before and line.sort in _WRAPPED_MARKERS and _goes_on(previous)
    if line.blank_before:
        return not ended and line.text[0].islower() and not caps(previous.text)
    if caps(line.text) or caps(previous.text):
        return caps(line.text) and caps(previous.text) and previous.text.strip() != "THÔNG BÁO"
    if ended and line.indent > previous.indent + 1:
        return False  # the first line of a paragraph stands in
    if line.text[0].islower() or _OPEN_END.search(previous.text):
        return True
    return full and not previous.text.endswith(":")


def _in_row(group: list[_Line], line: _Line, bars: int) -> bool:
    """Whether a line goes on with a numbered row of a table that a page broke in the middle of a cell."""
    if not bars or not group[0].row or not begins(group[0].text) or begins(line.text) or line.blank_before:
        return False
    said = sum(one.text.count("|") for one in group)
    if said < bars:
        return said + line.text.count("|") <= bars
    return not line.row and not line.marker and not caps(line.text) and not _LETTERHEAD_LINE.match(line.text)


def _goes_on(previous: _Line) -> bool:
    """Whether the paragraph is one that a page wrapped: it began with a marker or is already longer than a line."""
    return previous.marker is not None or previous.text[:1].islower()


def _page_width(lines: list[_Line]) -> int:
    """How many characters a full line of the page has; beyond MAX_LINE where paragraphs stand on one line each."""
    lengths = [line.end - line.start for line in lines if "|" not in line.text and "   " not in line.text]
    if any(length > MAX_LINE for length in lengths):
        return MAX_LINE + WRAP_SLACK + 1
    return max(lengths, default=0)


def blocks(source: str) -> list[Block]:
    """The paragraphs of the text, in order."""
    flat = plain(source)
    lines = _lines(flat)
    width = _page_width(lines)
    groups: list[list[_Line]] = []
    bars = 0  #: that a row of the present table has; 0 outside a table
    for line in lines:
        if line.row and columns(line.text):
            bars = line.text.count("|")
        line.row = line.row or (bars > 0 and begins(line.text))
        if groups and (_in_row(groups[-1], line, bars) or _continues(groups[-1][-1], line, width)):
            groups[-1].append(line)
        else:
            groups.append([line])
            bars = bars if line.row else 0
    one_line = flat.replace("\n", " ")
    return [_block(group, flat if group[0].row else one_line) for group in groups]


def _block(group: list[_Line], flat: str) -> Block:
    first, end = group[0], group[-1].end
    body = first.body
    while body < end and flat[body].isspace():
        body += 1
    return Block(body, end, flat[body:end], first.marker, first.sort, first.row)
