"""Who issued a notice, when, of which meeting, and who signed: the fields around its body.

Form of documents: Decree 30/2020/NĐ-CP, appendix I. What is not there is None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.reading.blocks import Block, caps

_UPPER = "A-ZĐÂĂÊÔƠƯÁÀẢÃẠÉÈẺẼẸÍÌỈĨỊÓÒỎÕỌÚÙỦŨỤÝỲỶỸỴẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰ"
_NUMBER = re.compile(
    rf"(?:^|\s|\|)Số\s*[:.]?\s*(?P<n>\d+[a-z]?)\s*(?P<sep>[/-])\s*(?P<code>T[BH][^\s,;|]*"
    rf"|[{_UPPER}\d][{_UPPER}\w&./-]*)",
    re.MULTILINE,
)
_PLACE_DAY = re.compile(
    rf"(?P<place>[{_UPPER}][^\d,;:"
    rf"|\n]{{0,48}}?)\s*,\s*ngày\s*(?P<d>\d{{1,2}})\s*tháng\s*(?P<m>\d{{1,2}})\s*năm\s*(?P<y>\d{{4}})"
)
_PLACE_ONLY = re.compile(
    rf"(?:^|\s\s|\|\s*)(?P<place>[{_UPPER}][^\d,;:|\n]{{1,30}}?)\s*,\s*ngày\s*(?:…|\.{{2,}}|\s)*\s*tháng"
)
_TITLE = re.compile(r"^\s*THÔNG\s+BÁO\b", re.IGNORECASE)
RECIPIENTS = re.compile(r"^\s*Nơi\s+nhận\b", re.IGNORECASE)
ANNEX = re.compile(r"^\s*(?:PHỤ\s+LỤC(?!\w)|Phụ\s+lục(?:\s+(?:[IVX\d]+|kèm|số|PHÂN|NHIỆM|DANH|BẢNG)|\s*:|\s*$|\s*\())")
_CAPACITY = re.compile(r"^(?:KT|TL|TM|TUQ|Q)\s*\.")
_POST = re.compile(
    r"CHỦ\s+TỊCH|CHÁNH|PHÓ|GIÁM\s+ĐỐC|TRƯỞNG|BÍ\s+THƯ|CHỦ\s+NHIỆM|BỘ\s+TRƯỞNG|TỔNG|[UỦ][ỶY]\s+BAN"
    r"|VĂN\s+PHÒNG|BAN\s|SỞ|CỤC|THỦ\s+TƯỚNG|KT\.|TL\.|TM\."
)
_NAME = re.compile(
    rf"(?:(?:TS|ThS|PGS|GS|BS|KS|Đại tá|Thượng tá|Trung tá|Thiếu tướng|Đồng "
    rf"chí)\.?\s*)*(?P<name>[{_UPPER}][\w’'-]*(?:\s+[{_UPPER}][\w’'-]*){{1,5}})$"
)
_DAY = (
    r"(?P<d>\d{1,2})(?:\s*[/.-]\s*(?P<m>\d{1,2})(?:\s*[/.-]\s*(?P<y>\d{4}))?"
    r"|\s+tháng\s+(?P<m2>\d{1,2})(?:\s*(?:,?\s*năm|/)\s*(?P<y2>\d{4}))?)"
)
_MEETING_DAY = re.compile(
    rf"(?:(?P<when>sáng|chiều|tối|trưa|trong|vào|hôm|ngày)\s+)+(?:ngày\s+)?(?:\d{{1,2}}\s*(?:-|và|,|–)\s*)??{_DAY}(?!\d|[-/.]\d)",
    re.IGNORECASE,
)
_MEETING_WORD = re.compile(
    r"họp|hội\s+nghị|làm\s+việc|chủ\s+trì|kiểm\s+tra|khảo\s+sát|phiên|giao\s+ban"
    r"|tiếp\s+(?:công\s+)?dân|buổi|tổ\s+chức|hội\s+thảo|thăm|nghe\s+báo\s+cáo",
    re.IGNORECASE,
)
_CITED = re.compile(
    r"(?:số\s+\S+|văn\s+bản|Quyết\s+định|Nghị\s+định|Luật[\w\s]*|Chỉ\s+thị|Nghị\s+quyết|Kế\s+hoạch|Công\s+văn|Tờ\s+trình|Thông\s+báo"
    r"|tính\s+đến|từ|Cập\s+nhật|đến)\s*(?:lúc\s*:?\s*)?$",
    re.IGNORECASE,
)
_LEGAL_BASIS = re.compile(r"(?:Căn\s+cứ|Theo\s+đề\s+nghị|Thực\s+hiện\s+(?:Luật|Nghị|Quyết|Kế|Chỉ|Chương))(?!\w)")
_PERSON = rf"(?P<name>[{_UPPER}]\w*(?:\s+[{_UPPER}]\w*){{1,4}})"
_CHAIRS = (
    re.compile(rf"(?:đồng chí|Đồng chí|đ/c|Đ/c|ông|bà|Bà|Ông)\s*:?\s+{_PERSON}\s*(?:,|-|–)"),
    re.compile(
        rf"(?:[Cc]hủ tịch|[Gg]iám đốc|[Bb]í thư|[Tt]hủ tướng|[Bb]ộ trưởng|[Tt]hứ trưởng|[Tt]rưởng ban"
        rf"|[Cc]hủ nhiệm)[^.,;:]{{0,60}}?\s(?!(?:Chính|Sở|Ủy|Uỷ|Ban|Thường|Mặt|Hội|Văn|Phó|Nhân"
        rf"|Chủ)\b){_PERSON}(?=\s+(?:tại|đã|chủ|kết|về|làm|phát|ghi|đồng)|,)"
    ),
)
_PUBLISHED = re.compile(r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})(?![\d/])")


@dataclass(frozen=True, slots=True)
class Zones:
    """The parts of a document, as ranges of its blocks."""

    head: Sequence[Block]
    title: Sequence[Block]
    body: Sequence[Block]
    tail: Sequence[Block]
    annex: Sequence[Block]
    signed: bool  #: whether it has the marks of a signed document


def zones(blocks: Sequence[Block]) -> Zones:
    """Divides a document: letterhead, title, body, recipients and signature, annexes."""
    at = next((i for i, b in enumerate(blocks[:30]) if _TITLE.match(b.text) and len(b.text) < 400), None)
    last = next((i for i, b in enumerate(blocks) if RECIPIENTS.match(b.text) and i > (at or 0)), None)
    signature = next(
        (i for i, b in enumerate(blocks) if _CAPACITY.match(b.text) and caps(b.text) and i > (at or 0)), None
    )
    ends = min((i for i in (last, signature) if i is not None), default=len(blocks))
    annex = next(
        (
            i
            for i, b in enumerate(blocks)
            if i > ends - 1 and i > (at or 0) and ANNEX.match(b.text) and len(b.text) < 200
        ),
        len(blocks),
    )
    title_end = _title_end(blocks, at)
    numbered = any(_NUMBER.search(b.text) and "TB" in b.text for b in blocks[:12])
    signed = at is not None or last is not None or signature is not None or numbered
    return Zones(
        blocks[: at or 0],
        blocks[at or 0 : title_end],
        blocks[title_end:ends],
        blocks[ends:annex],
        blocks[annex:],
        signed,
    )


def _title_end(blocks: Sequence[Block], at: int | None) -> int:
    if at is None:
        return 1 if blocks else 0
    end = at + 1
    own = _TITLE.sub("", blocks[at].text).strip()
    while end < min(at + 4, len(blocks)) and _is_title(blocks[end], first=end == at + 1 and len(own) < 40):
        end += 1
    return end


def _is_title(block: Block, *, first: bool) -> bool:
    if block.marker or _MEETING_DAY.match(block.text) or block.text.endswith((":", ".")):
        return False
    return (
        bool(
            re.match(
                r"(?:ý\s+kiến\s+)?(?:kết\s+luận|về\s+việc|chỉ\s+đạo|ý\s+kiến|nội\s+dung|v/v)|của\s|tại\s",
                block.text,
                re.IGNORECASE,
            )
        )
        or (first and len(block.text) < 500 and caps(block.text))
        or (bool(re.fullmatch(r"[-–—_*\s]+", block.text)))
    )


def number(blocks: Sequence[Block]) -> str | None:
    """The document's number as it is written, white space removed: "489/TB-VP"."""
    for block in blocks:
        if match := _NUMBER.search(block.text):
            return f"{match.group('n')}{match.group('sep')}{match.group('code').rstrip('.,')}"
    return None


def place_and_day(blocks: Sequence[Block]) -> tuple[str | None, date | None]:
    """Place and date of issue: "Kon Tum, ngày 07 tháng 3 năm 2018"."""
    for block in blocks:
        if match := _PLACE_DAY.search(block.text):
            return _place(match.group("place")), _date(match.group("y"), match.group("m"), match.group("d"))
        if match := _PLACE_ONLY.search(block.text):
            return _place(match.group("place")), None
    return None, None


def _place(words: str) -> str | None:
    """The place alone, where a line also held the end of another column."""
    parts = re.split(r"\s{2,}", words.strip())
    name = " ".join(parts[-1].split())
    if "phúc" in name.lower() and (match := re.search(r"phúc\s+(.+)$", name, re.IGNORECASE)):
        name = match.group(1)
    return re.sub(rf"^(?:TB|T[BH]-\S+)\s+(?=[{_UPPER}])", "", name) or None


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def title_text(title: Sequence[Block]) -> str | None:
    """The title on one line, without the word THÔNG BÁO and the rules under it."""
    words = " ".join(_TITLE.sub("", b.text) if i == 0 else b.text for i, b in enumerate(title))
    return " ".join(words.replace("---", " ").split()).strip(" -–_:") or None


def meeting_day(
    title: str | None, preamble: Sequence[Block], issued_on: date | None, published: date | None
) -> date | None:
    """The day of the meeting: the first day that a sentence about it names, or the title."""
    for text in [*(b.text for b in preamble[:8] if not _LEGAL_BASIS.match(b.text)), title or ""]:
        for match in _MEETING_DAY.finditer(text[:700]):
            if _CITED.search(text[max(0, match.start() - 40) : match.start()]) or not _MEETING_WORD.search(text):
                continue
            if day := _meeting_date(match, issued_on or published):
                return day
    return None


def _meeting_date(match: re.Match[str], latest: date | None) -> date | None:
    month, year = match.group("m") or match.group("m2"), match.group("y") or match.group("y2")
    if not month or (not year and not latest):
        return None
    if year:
        return _date(year, month, match.group("d"))
    assert latest is not None
    found = _date(latest.year, month, match.group("d"))
    return found if not found or found <= latest else _date(latest.year - 1, month, match.group("d"))


def published_day(blocks: Sequence[Block]) -> date | None:
    """The day a news item was put up: a numeric date in its first lines, alone in a short line."""
    for block in blocks[:6]:
        if len(block.text) < 80 and (match := _PUBLISHED.search(block.text)):
            return _date(match.group("y"), match.group("m"), match.group("d"))
    return None


def chair(title: str | None, preamble: Sequence[Block]) -> str | None:
    """Who concluded, where the document names the person."""
    for text in [title or "", *(b.text for b in preamble[:4])]:
        for pattern in _CHAIRS:
            if (match := pattern.search(text)) and not caps(match.group("name")):
                return match.group("name")
    return None


def speaker(blocks: Sequence[Block]) -> str | None:
    """Who concluded, in a news item: the person whose speech is reported last."""
    for block in reversed(blocks):
        if re.search(r"[Pp]hát biểu|[Kk]ết luận", block.text[:60]):
            for pattern in (*_CHAIRS, re.compile(rf"(?:tỉnh|huyện|xã|phố)\s+{_PERSON}(?=\s+(?:ghi|đánh|đề|yêu|nhấn))")):
                if match := pattern.search(block.text[:250]):
                    return match.group("name")
    return None


def signer(tail: Sequence[Block]) -> str | None:
    """The name under the signature: the last line of it that is a person's name and no post."""
    names = [
        name for block in tail if block.sort != "dash" or "   " in block.text for name in [_signature(block)] if name
    ]
    return names[-1] if names else None


def _signature(block: Block) -> str | None:
    for line in reversed(re.split(r"\s{3,}|\|", block.text)):
        words = line.strip(" -_*")
        match = _NAME.fullmatch(words)
        if (
            match
            and not (caps(words) and _POST.search(words))
            and not re.search(r"\d|Nơi nhận|Lưu\s*[:,.]|Đã ký", words)
        ):
            name = match.group("name")
            return name.title() if caps(name) else name
    return None
