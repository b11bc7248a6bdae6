"""Markings of state secrets. A document that bears one does not belong in this system, and nothing of it is shown.

Degrees: Law on the Protection of State Secrets 2018 (29/2018/QH14), article 8: Tuyệt mật, Tối mật, Mật. The marking
stands alone, in a line or a cell of its own, under the number (Decree 30/2020/NĐ-CP, appendix I, on documents with a
degree of secrecy; Circular 24/2020/TT-BCA, stamps): that is how it is told from words about secrecy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from domain.errors import Refusal

HEAD_LINES = 25  #: the lines in which a marking need not be in capitals, at most
LONGEST = 200  #: characters of a line that can be a marking
UNTITLED_HEAD = 12  #: likewise, where no title ends the head
_DEGREE = r"(?:TUYỆT\s*MẬT|TỐI\s*MẬT|MẬT)"
_FRAME = r"[\s*_#>\[\](){}.:;!~=|'\"“”•·–—-]*"
_LABEL = r"(?:(?:ĐỘ|MỨC\s+ĐỘ|CẤP\s+ĐỘ)\s+(?:BẢO\s+)?MẬT\s*[:.–-]*\s*|(?:TÀI\s+LIỆU|VĂN\s+BẢN)\s+)?"
_MARKING = re.compile(f"{_FRAME}{_LABEL}{_FRAME}{_DEGREE}{_FRAME}")
_LABELLED = re.compile(rf"(?:^|[\s|(]){_FRAME}(?:ĐỘ|MỨC\s+ĐỘ|CẤP\s+ĐỘ)\s+MẬT\s*[:–-]\s*{_DEGREE}(?!\w)")
_CELLS = re.compile(r"\||\t|\s{2,}")
_TITLE = re.compile(r"(?i)^[\s*_#>|]*(?:thông\s+báo|báo\s+cáo|quyết\s+định|kết\s+luận|kế\s+hoạch|công\s+điện)\b")
_SPACED = re.compile(r"(?<!\w)(?:\w ){2,}\w(?!\w)")


def refuse_secret(name: str, text: str, margins: Iterable[str] = ()) -> None:
    """Raises Refusal("reading.secret") for a marked document; it names the file and nothing that stands in it."""
    if is_secret(text, margins):
        raise Refusal("reading.secret", file=name)


def is_secret(text: str, margins: Iterable[str] = ()) -> bool:
    """Whether a document bears a marking: in its head, in a running head or foot, or in capitals alone in any line."""
    return any(map(_marks, _places(text, margins)))


def _places(text: str, margins: Iterable[str]) -> Iterator[str]:
    """The lines and cells where a marking may stand."""
    lines = [line for line in text.split("\n") if line.strip()]
    head = _head(lines)
    yield from _with_cells([*lines[:head], *(line for margin in margins for line in margin.split("\n"))])
    yield from (line for line in lines[head:] if line.isupper())


def _head(lines: Sequence[str]) -> int:
    """How many lines stand around number and title."""
    title = next((n for n, line in enumerate(lines[:HEAD_LINES]) if _TITLE.match(line)), None)
    return UNTITLED_HEAD if title is None else min(title + 4, HEAD_LINES)


def _with_cells(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from (line, *_CELLS.split(line))


def _marks(place: str) -> bool:
    words = unicodedata.normalize("NFC", place).strip()
    if (
        not words or len(words) > LONGEST or words.islower()
    ):  # "mật" in small letters is honey, or the end of a broken line
        return False
    closed = _SPACED.sub(lambda match: match.group().replace(" ", ""), words).upper()
    return bool(_MARKING.fullmatch(closed) or _LABELLED.search(closed))
