"""Reads lists of bodies out of a sentence: "các Sở: Tài chính, Xây dựng và UBND huyện X" names three.

Offsets index the text that is given. Nothing here knows whether a body leads, helps or is only mentioned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.names import Registry, clean, key
from domain.reading import lexicon as lex

_HEAD = lex.opening(lex.HEADS)
_AMBIGUOUS = re.compile(rf"(?:{lex.AMBIGUOUS})$")
_FOLLOWED = re.compile(rf"\s+(?:và\s+Phát\s+thanh|[^\W\d_a-zà-ỹđ]|(?:{lex.FOLLOW})(?!\w))|\s+\d{{2,3}}(?!\w)")
_NOT_NAMES = re.compile(r"(?:Báo\s+cáo|Tổ\s+chức(?!\s+(?:chính|Đ))|Hội\s+nghị|Xã\s+hội|Công\s+tác)(?!\w)")
_PERSON = lex.opening(lex.PERSONS)
_QUANTIFIER = lex.opening(lex.QUANTIFIERS)
_GROUP_NOUN = re.compile(rf"(?:{lex.GROUP_NOUNS})(?!\w)", re.IGNORECASE)
_STOP = lex.opening(lex.VERBS + "|" + lex.STOPS)
_PLACE = re.compile(rf"(?:{lex.PLACES}|ban|ngành|sở)(?!\w)(?!\s+[A-ZĐ])")
_OF_FIELDS = re.compile(r"(?:Trung tâm|Phòng|phòng|Ban|Báo|Đài|Trường)\s")
_MORE_FIELDS = re.compile(
    r",\s+(?P<next>[^\W\d_a-zà-ỹđ]\w*(?:\s+\w+){0,2})(?:,\s+[^\W\d_a-zà-ỹđ]\w*(?:\s+\w+){0,2})?\s+và\s+(?=[^\W\d_a-zà-ỹđ])"
)
_COMPOUND = re.compile(
    r"(?:chi\s+nhánh|chi\s+cục|chi\s+hội|(?:ngoài\s+)?công\s+lập|dân\s+lập|Phát\s+thanh(?:\s*[,-]\s*"
    r"|\s+và\s+)Truyền\s+hình|trực\s+thuộc"
    r"|nhân\s+(?:dân|lực|viên|tạo)|công\s+(?:trình|nghệ|nghiệp|thương)|chương\s+trình|giao\s+(?:thông"
    r"|dịch)|hợp\s+tác\s+xã|thi\s+(?:hành\s+án|đua)"
    r"|kiểm\s+(?:lâm|định|nghiệm|dịch|ngư|toán)|cấp\s+(?:thoát\s+)?nước|trồng\s+trọt|thu\s+phí"
    r"|phát\s+thanh|giáo\s+dục\s+(?:thường\s+xuyên|nghề\s+nghiệp)"
    r"|đăng\s+kiểm|thông\s+tin\s+điện\s+tử|quản\s+lý\s+(?:thị\s+trường|xuất\s+nhập\s+cảnh)|xây\s+lắp)(?!\w)"
)
_NAME_OF_PERSON = re.compile(r"(?:\s+(?-i:[A-ZĐÂĂÊÔƠƯÁÀẢÃẠÉÍÓÚÝỲ][\wỳ]*)){2,5}")
_IN_NAME = lex.opening(lex.IN_NAMES)
_PORTFOLIO = lex.opening(lex.PORTFOLIOS)
_WORD = re.compile(r"[\w'’./&]+(?:[-–](?=\w)[\w'’.&]+)*")
_SPACE = re.compile(r"\s*")
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:và\s+|cùng\s+)?|\s(?:và|cùng|cùng\s+với|cùng\s+các|hoặc)\s+|\s&\s)(?=\S)")
_COMMA = re.compile(r"\s*(?:,\s*(?:và\s+)?|\s(?:và|hoặc)\s+)(?=\S)")
_SHORT_INSIDE = re.compile(r"chỉ đạo|chỉ huy|thường trực|quân sự|kiểm sát|kiểm tra|quản lý|giám sát|đầu tư|giáo dục")
_OPENS_SHORT = re.compile(r"(?:Ban|Tổ|Ủy ban|Uỷ ban|Chi cục|Phòng|phòng|Cục|dự án|Kế hoạch và)\s+$")
_OPENS_LONG = re.compile(
    r"\b(?:Ban|BQL|Văn phòng|Chi cục|Trung tâm|trung tâm|Trạm|Phòng|Quỹ|Công ty|Hạt|Đội|lý|án|rừng|và"
    r"|Cảnh sát|Rừng|triển)\b[^,;:]*$"
)
_TAIL = re.compile(
    r"\s+(?:(?:có\s+)?liên\s+quan|cùng\s+cấp|các\s+cấp|cấp\s+(?:tỉnh|huyện|xã|cơ\s+sở)"
    r"|(?:của|thuộc|trực\s+thuộc)\s+(?:tỉnh|huyện|xã|phường|thành\s+phố)(?!\w)(?!\s+[A-ZĐÂĂÊÔƠƯ])"
    r"|(?:trên|trong)\s+(?:địa\s+bàn\s+)?(?:toàn\s+)?(?:tỉnh|huyện|xã|phường|thành\s+phố)(?!\w)(?:\s+[A-ZĐ]\w+)*"
    r"|tỉnh|huyện|xã|phường|thành\s+phố(?=\s*(?:[:;,.]|$|và\s))|nêu\s+trên|Việt\s+Nam|Trung\s+ương)(?!\w)"
)
_FILTER = re.compile(r"\s+(?:có|được|thuộc|nằm|trực\s+thuộc|thụ\s+hưởng|dự\s+họp|chưa|còn)(?!\w)")
_NO_FILTER = re.compile(
    r"\s+(?:có\s+(?:trách\s+nhiệm|nhiệm\s+vụ|văn\s+bản|báo\s+cáo|kế\s+hoạch|giải\s+pháp|biện\s+pháp"
    r"|phương\s+án|ý\s+kiến|mặt|nhiều|hình\s+thức|chuyển\s+biến)|chưa\s+(?:chủ|kịp|có|nghiêm|quyết"
    r"|tốt)|còn\s+(?:chậm|chưa|nhiều|hạn)|được\s+(?:đánh|ghi))"
)
_SPREAD = re.compile(
    rf"(?:(?:[Cc]ác\s+)?(?P<head>(?:(?:UBND|[UỦỤ][ỷy]\s+ban\s+[Nn]hân\s+dân|Công\s+an|HĐND"
    rf"|Trung\s+tâm\s+Y\s+tế)\s+)?(?:các\s+)?(?:{lex.SPREADABLE})))"
    r"(?P<rest>(?:,\s*(?:ngành|ban|thành\s+phố|thị\s+xã|phường|thị\s+trấn|đặc\s+khu))*)\s*(?::\s*"
    r"|\s)(?=[A-ZĐÂĂÊÔƠƯÁÀẢÃẠÉÈẺẼẸÍÌỈĨỊÓÒỎÕỌÚÙỦŨỤÝỲỶỸỴẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰ])"
)
LONGEST_NAME = 220  # characters: beyond it no body is named
MOST_BODIES = 60


@dataclass(frozen=True, slots=True)
class Body:
    """A body named in the text, where it stands."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads bodies with what the office knows: its registry."""

    registry: Registry

    def list_at(self, text: str, at: int, *, semicolons: bool = False) -> list[Body]:
        """The bodies listed from position `at` on; none when no body stands there."""
        found: list[Body] = []
        while len(found) < MOST_BODIES:
            step = self._spread(text, at) or self._one(text, at)
            if not step:
                break
            found += step
            at = step[-1].end
            separator = _SEPARATOR.match(text, at)
            if not separator or (";" in separator.group() and not semicolons):
                break
            at = separator.end()
        return found

    def _one(self, text: str, at: int) -> list[Body]:
        end = self.name_end(text, at)
        if end <= at:
            return []
        return [self._person(text, at, end) if _PERSON.match(text, at) else Body(clean(text[at:end]), at, end)]

    def _person(self, text: str, at: int, end: int) -> Body:
        """A person: a deputy leads by name, a head stands for the body."""
        name, title = text[at:end], re.compile(rf"\s*[,-]\s*(?=(?:{lex.PERSONS})\s)").match(text, end)
        if title and re.match(r"(?:[Cc]ác\s+)?(?:[Đđ]ồng\s+chí|[Đđ]/c|[ÔÔô]ng|[Bb]à)\s", name):
            after = self.name_end(text, title.end())
            if after > title.end():
                post = text[title.end() : after]
                own = re.sub(r"^(?:[Đđ]ồng\s+chí|[Đđ]/c|[Ôô]ng|[Bb]à)\s+", "", name)
                return Body(clean(own if "Phó" in post else post), at, after)
        if name.startswith("Phó") and (own_name := _NAME_OF_PERSON.match(text, end)):
            return Body(clean(own_name.group()), at, own_name.end())
        if (
            not name.startswith("Phó")
            and (named := _NAME_OF_PERSON.match(text, end))
            and re.match(r"(?:Giám|Chủ|Chánh|Trưởng)", name)
        ):
            return Body(clean(name), at, named.end())
        return Body(clean(re.sub(r"^(?:[Đđ]ồng\s+chí|[Đđ]/c|[Ôô]ng|[Bb]à)\s+", "", name)), at, end)

    def name_end(self, text: str, at: int) -> int:
        """Where the name that begins at `at` ends; `at` itself when none begins there."""
        known = self._known(text, at)
        if quantified := _QUANTIFIER.match(text, at):
            end = self._group_end(text, quantified.end())
        elif (head := (_PERSON.match(text, at) or _HEAD.match(text, at))) and _names(text, at, head.end()):
            end = self._single_end(text, at, head.end())
        else:
            end = at
        end = max(end, known)
        return self._with_tail(text, end) if end > at else at

    def _known(self, text: str, at: int) -> int:
        """Where the longest name of the registry that begins here ends."""
        if not (text[at : at + 1].isupper() or text[at : at + 5] in ("phòng", "trung") or _QUANTIFIER.match(text, at)):
            return at
        ends = [m.end() for m in _words(text, at, self.registry.longest + 3)]
        for end in reversed(ends):
            name = text[at:end]
            if name.endswith((" và", " &")):
                continue
            entry = self.registry.find(name)
            if entry and (len(ends) == 1 or " " in name or name.isupper() or key(name) == key(entry.name)):
                return end
        return at

    def _group_end(self, text: str, at: int) -> int:
        """The end of "các sở, ban, ngành và địa phương", a filter left for later; 0 where no noun of a group stands."""
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        noun = _GROUP_NOUN.match(text, at)
        if not noun:
            return self.name_end(text, at) if _HEAD.match(text, at) or _PERSON.match(text, at) else 0
        end = self._words_end(text, noun.end())
        while separator := _COMMA.match(text, end):
            following = _GROUP_NOUN.match(text, separator.end())
            if not following or _spread_known(text, separator.end()):
                break
            end = self._words_end(text, following.end())
        return end

    def _single_end(self, text: str, start: int, at: int) -> int:
        """The end of a name whose first word ends at `at`."""
        after = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        if re.match(r"(?:Sở|sở|Sơ|Phòng|phòng|Bộ)$", text[start:at]) and (portfolio := _PORTFOLIO.match(text, after)):
            return portfolio.end()
        if quantified := re.compile(r"các\s+").match(text, after):  # "UBND các xã", "Chủ tịch UBND các huyện"
            return max(self._group_end(text, quantified.end()), at)
        if _PERSON.match(text, start) and (
            _HEAD.match(text, after) or _PERSON.match(text, after) or _QUANTIFIER.match(text, after)
        ):
            return max(self.name_end(text, after), at)
        if text[at : at + 1] in ",;:." and text[start:at].islower():
            return start
        end = self._words_end(text, at)
        if (
            _OF_FIELDS.match(text, start)
            and (fields := _MORE_FIELDS.match(text, end))
            and not _HEAD.match(text, fields.start("next"))
        ):
            end = self._words_end(text, fields.end())
        return self._more_places(text, start, end)

    def _more_places(self, text: str, start: int, end: int) -> int:
        """Goes on over "UBND xã, phường, thị trấn", a group written without "các"."""
        if not re.search(r"(?:huyện|xã|phường|thành\s+phố|thị\s+xã|sở|ban|Sở|phòng)$", text[start:end]):
            return end
        while (separator := _COMMA.match(text, end)) and (place := _PLACE.match(text, separator.end())):
            end = place.end()
        return end

    def _words_end(self, text: str, at: int) -> int:
        """Consumes the words of a name: capitals freely, others until a verb or another part of speech."""
        end, limit = at, at + LONGEST_NAME
        while end < limit:
            begin = _SPACE.match(text, end).end()  # type: ignore[union-attr]
            dash = re.compile(r"[-–]\s*(?=\w)").match(text, begin)
            begin = dash.end() if dash else begin
            if begin == end and not dash and end > at:
                break
            word = _WORD.match(text, begin)
            if not word:
                break
            upper = word.group()[0].isupper()
            if word.group() in ("và", "&"):
                nxt = _SPACE.match(text, word.end()).end()  # type: ignore[union-attr]
                if not text[nxt : nxt + 1].isupper() or _HEAD.match(text, nxt) or _PERSON.match(text, nxt):
                    break
                end = word.end()
                continue
            if compound := _COMPOUND.match(text, begin) or (not upper and self._inside(text, at, begin)):
                end = compound.end()
                continue
            if not upper and (_STOP.match(text, begin) or _FILTER.match(" " + word.group())):
                break
            end = word.end()
            if text[end - 1] == ".":
                end -= 1
                break
        return end

    def _inside(self, text: str, start: int, at: int) -> re.Match[str] | None:
        """A phrase that looks like a verb but goes on with the name: "Ban Quản lý dự án đầu tư xây dựng huyện"."""
        phrase, before = _IN_NAME.match(text, at), text[max(0, start - 30) : at]
        if not phrase:
            return None
        opener = _OPENS_SHORT if _SHORT_INSIDE.fullmatch(" ".join(phrase.group().split())) else _OPENS_LONG
        return phrase if opener.search(before) else None

    def _with_tail(self, text: str, end: int) -> int:
        """Takes in what narrows a name: "liên quan", "cùng cấp", "có dự án đi qua"."""
        while tail := _TAIL.match(text, end):
            end = tail.end()
        filtering = _FILTER.match(text, end)
        if filtering and not _NO_FILTER.match(text, end):
            inner = self._filter_end(text, filtering.end())
            if inner > filtering.end():
                end = inner
        return end

    def _filter_end(self, text: str, at: int) -> int:
        end = at
        for word in _words(text, at, 12):
            if (
                end > at
                and _STOP.match(text, word.start())
                and not _IN_NAME.match(text, word.start())
                and word.group() not in ("qua", "trong", "trên", "còn", "cấp", "chi", "thu")
            ):
                break
            end = word.end()
        return end

    def _spread(self, text: str, at: int) -> list[Body]:
        """Distributes a head noun over the names that follow it: "các Sở: Tài chính, Xây dựng"."""
        opened = _PERSON.match(text, at)
        begin = _SPACE.match(text, opened.end()).end() if opened else at  # type: ignore[union-attr]
        match = _SPREAD.match(text, begin)
        if not match:
            return []
        head = re.sub(r"\bcác\s+", "", clean(match.group("head"))).strip()
        head = head if re.match(r"UBND|Ủy|Uỷ|Công an|Trung", head) else head[0].upper() + head[1:]
        place = bool(re.search(rf"(?:{lex.PLACES})$", head))
        if not place and ":" not in match.group() and head not in ("Sở", "Bộ", "Phòng"):
            return []
        found: list[Body] = []
        at = match.end()
        while len(found) < MOST_BODIES:
            end, kind = self._spread_name(text, at, head, place)
            if end <= at:
                break
            name = text[at:end] if kind else f"{head} {text[at:end]}"
            found.append(
                Body(
                    clean(re.sub(rf"(?:{lex.PLACES})$", kind, head) + text[at + len(kind) : end] if kind else name),
                    at,
                    end,
                )
            )
            separator = _COMMA.match(text, end)
            if not separator:
                break
            at = separator.end()
        plural = "ác" in match.group()[:5] or "các" in match.group() or ":" in match.group()
        return found if len(found) > 1 or (plural and found) else []

    def _spread_name(self, text: str, at: int, head: str, place: bool) -> tuple[int, str]:
        """One name of the distribution: (its end, its own kind of place where it says one)."""
        own = re.compile(rf"(?:{lex.PLACES})(?=\s+[A-ZĐ])").match(text, at) if place else None
        begin = own.end() if own else at
        headed = _HEAD.match(text, at) and head != "Bộ"
        if not own and (not text[at : at + 1].isupper() or headed):
            return at, ""
        if not place and (portfolio := _PORTFOLIO.match(text, at)):
            return portfolio.end(), ""
        end = begin
        for word in _words(text, begin, 8):
            if not word.group()[0].isupper() or (end > begin and text[end : word.start()].strip()):
                break
            end = word.end()
        if not place and not self.registry.find(f"{head} {text[at:end]}"):
            end = self._words_end(text, at)
        return end, own.group() if own else ""


def _names(text: str, start: int, end: int) -> bool:
    """Whether the word that could head a name does: "Báo Gia Lai", not "Báo cáo"."""
    if _NOT_NAMES.match(text, start):
        return False
    return not _AMBIGUOUS.match(text[start:end]) or bool(_FOLLOWED.match(text, end))


def _spread_known(text: str, at: int) -> bool:
    """Whether a group of its own begins here ("phòng Tư pháp" after "các đơn vị, ")."""
    return bool(re.compile(r"\w+\s+[A-ZĐ]").match(text, at)) and bool(_HEAD.match(text, at))


def _words(text: str, at: int, most: int) -> list[re.Match[str]]:
    """The next words of the same clause."""
    found: list[re.Match[str]] = []
    for word in _WORD.finditer(text, at, at + LONGEST_NAME):
        between = text[found[-1].end() if found else at : word.start()]
        if len(found) == most or any(c in ";:()." for c in between):
            break
        found.append(word)
    return found
