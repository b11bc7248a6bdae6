"""How far the words of a body's name go: "Sở Tư pháp | chủ trì …", "Ban Quản lý dự án đầu tư xây dựng huyện | lập …".

Vietnamese capitalises the first syllable of each part of a name, so a lower-case word may go on with it or open the
predicate. Words that belong to names and verbs decide; after a proper noun (two capitals: "Quảng Trị") only a
word that belongs to names goes on.
"""

from __future__ import annotations

import re

from domain.reading.grammar import at_start, said
from domain.reading.grammar.language import UPPER
from domain.reading.grammar.phrases import Found

LONGEST_NAME = 220  # characters: beyond it no body is named
HEAD = at_start("bodies.head", exact=True)
PERSON = at_start("bodies.person", exact=True)
QUANTIFIER = at_start("bodies.quantifier")
STOP = at_start("bodies.verb", "bodies.stop", exact=True)
IN_NAME = at_start("bodies.in_name", exact=True)
_FIRST_IN_NAME = at_start("bodies.in_name_first", exact=True)
PORTFOLIO = at_start("bodies.portfolio", exact=True)
WORD = re.compile(r"[\w'’./&]+(?:[-–](?=\w)[\w'’.&]+)*")
SPACE = re.compile(r"\s*")
_COMPOUND = at_start("bodies.compound", exact=True)
_FIELD = at_start("bodies.field")
_FILTER = at_start("bodies.filter", exact=True)
_PLACE = at_start("bodies.place", exact=True)
_DASH = re.compile(r"[-–]\s*(?=\w)")
_LEVEL = re.compile(
    r"(?:tỉnh|huyện|xã|phường|thành\s+phố|thị\s+xã|thị\s+trấn|quận|đặc\s+khu|khu\s+vực|vùng|số|cấp|thôn|ấp)(?!\w)"
)
_OPENS_SHORT = re.compile(
    r"(?:Ban|Tổ|Ủy ban|Chi cục|Phòng|(?<!Biên )phòng|Cục|Cơ quan|Nhà thầu|Kế hoạch và|Viện|Văn phòng)\s+$"
)
_OPENS_LONG = re.compile(
    r"\b(?:Ban|BQL|Văn phòng|Chi cục|Trung tâm|trung tâm|Trạm|Phòng|Quỹ|Công ty|Hạt|Đội|lý|án|rừng|và|Xí nghiệp"
    r"|Cảnh sát|Rừng|triển|Cục|Viện|Trường|Hội|Tổ|Kế hoạch|Nhà máy)\b[^,;:]*$"
)


def next_word(text: str, at: int) -> int:
    """Where the next word begins."""
    match = SPACE.match(text, at)
    return match.end() if match else at


def words(text: str, at: int, most: int) -> list[re.Match[str]]:
    """The next words of the same clause."""
    found: list[re.Match[str]] = []
    for word in WORD.finditer(text, at, at + LONGEST_NAME):
        between = text[found[-1].end() if found else at : word.start()]
        if len(found) == most or any(c in ";:()." for c in between):
            break
        found.append(word)
    return found


def name_goes_on(text: str, at: int) -> int:
    """The end of the words of a name from `at` on, its first words already read."""
    end, limit, capitals, proper = at, at + LONGEST_NAME, 0, False
    while end < limit:
        begin = next_word(text, end)
        dash = _DASH.match(text, begin)
        if dash and PERSON.match(text, dash.end()):
            break  # "đồng chí Trần Bình - Phó Chủ tịch": a title follows, not more of the name
        begin = dash.end() if dash else begin
        if begin == end and not dash and end > at:
            break
        word = WORD.match(text, begin)
        if not word:
            break
        if word.group() in ("và", "&"):
            if not _joins_name(text, word.end()):
                break
            end, capitals = word.end(), 0
            continue
        upper = word.group()[0].isupper()
        head = HEAD.match(text, begin) if upper else None
        step = (
            head or _COMPOUND.match(text, begin) or (_FIELD.match(text, begin) if upper else _inside(text, at, begin))
        )
        if step:
            end, capitals = step.end(), 0
            continue
        if not upper and _ENDS_A_LEVEL.search(text, at, begin) and not _AFTER_LEVEL.match(text, begin):
            break  # "UBND tỉnh | kế hoạch …"
        if proper and (which := _WHICH_SCHOOL.match(text, begin)) and _SCHOOL.search(text, max(0, at - 20), begin):
            return which.end()
        if not upper and (
            STOP.match(text, begin) or _FILTER.match(text, begin) or (proper and not _LEVEL.match(text, begin))
        ):
            break
        capitals = capitals + 1 if upper and not word.group().isupper() else 0
        proper = proper or capitals > 1
        end = word.end()
        if text[end - 1] == ".":
            return end - 1
    return end


def _joins_name(text: str, at: int) -> bool:
    """Whether "và" stands inside a name: what follows has a capital and heads no name of its own."""
    following = next_word(text, at)
    own = HEAD.match(text, following) or PERSON.match(text, following)
    return text[following : following + 1].isupper() and not own


def _inside(text: str, start: int, at: int) -> Found | None:
    """A phrase that looks like a verb but goes on with the name: "Ban Quản lý dự án đầu tư xây dựng huyện"."""
    before = text[max(0, start - 30) : at]
    if (phrase := IN_NAME.match(text, at)) and _OPENS_LONG.search(before):
        return phrase
    return _FIRST_IN_NAME.match(text, at) if _OPENS_SHORT.search(before) else None


def filter_end(text: str, at: int) -> int:
    """The end of what narrows a group: "có dự án đi qua"."""
    end = at
    for word in words(text, at, 14):
        stops = STOP.match(text, word.start()) and not IN_NAME.match(text, word.start())
        if end > at and stops and word.group() not in _INNER and not _OF_A_NOUN.search(text[at : word.end()]):
            break
        end = word.end()
    return end


_SCHOOL, _WHICH_SCHOOL = re.compile(r"[Tt]rường\s"), re.compile(r"[1-9](?![\w.,/]|\s+(?:phòng|em|học|giáo))")
_ENDS_A_LEVEL = re.compile(r"(?<!\w)(?:tỉnh|huyện|phường)\s+$")
_AFTER_LEVEL = re.compile(
    r"(?:ủy|đoàn|đội|trực|có|liên|cũ|mới|được|thuộc|nằm|đang|chưa|còn|khu|miền|biên|vùng|ven|dọc|giáp)(?!\w)"
)
_INNER = ("qua", "trong", "còn", "cấp", "chi", "thu", "vốn")
_OF_A_NOUN = re.compile(
    r"(?:tỷ lệ|dự án|nhiệm vụ|hoạt động|kế hoạch|kết quả|số|mức|giao|giải ngân|dưới|trên|soạn thảo"
    r"|văn bản)\s+\w+$|chủ trì\s+soạn$"
)
PLACE_WORD = re.compile(rf"(?i:{said('bodies.place')})(?=\s+[{UPPER}])")
