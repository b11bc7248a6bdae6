"""Reads lists of bodies out of a sentence: "các Sở: Tài chính, Xây dựng và UBND huyện X" names three.

Offsets index the text that is given. Nothing here knows whether a body leads, helps or is only mentioned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.names import Registry, clean, fold, key
from domain.reading.grammar import at_start, said
from domain.reading.grammar.language import UPPER
from domain.reading.name_words import (
    HEAD,
    PERSON,
    PORTFOLIO,
    QUANTIFIER,
    filter_end,
    name_goes_on,
    next_word,
    words,
)
from domain.reading.spreading import spread

_AMBIGUOUS = re.compile(rf"(?:{said('bodies.ambiguous')})$")
_FOLLOWED = re.compile(
    rf"\s+(?:và\s+(?:Đài\s+)?Phát\s+thanh|[{UPPER}]|(?:{said('bodies.follow')})(?!\w))|\s+\d{{2,3}}(?!\w)"
)
_NOT_NAMES = re.compile(
    r"(?:Báo\s+cáo|Tổ\s+chức(?!\s+(?:chính|Đ))|Hội\s+nghị|Xã\s+hội|Công\s+tác|Tổ\s+trưởng\s+Tổ|Ban\s+hành|Bộ\s+phận\s+nào"
    r"|Bà\s+con|Thuế\s+suất|Đoàn\s+kết|Hội\s+thi|Hội\s+thảo|Đội\s+ngũ|Phòng,|Trường\s+hợp|Cơ\s+quan\s+nào|Tư\s+vấn\s+cho)(?!\w)"
)
_GROUP_NOUN = at_start("bodies.group_noun")
_PLACE = re.compile(rf"(?:{said('bodies.place')}|ban|ngành|sở)(?!\w)(?!\s+[A-ZĐ])")
_OF_FIELDS = re.compile(r"(?:Trung tâm|Phòng|phòng|Ban|Báo|Đài|Trường|Vụ|Viện|Tổng cục|Cục|Chi cục)\s")
_MORE_FIELDS = re.compile(
    rf",\s+(?P<next>[{UPPER}]\w*(?:\s+\w+){{0,3}})(?:,\s+[{UPPER}]\w*(?:\s+\w+){{0,3}})?\s+và\s+(?=[{UPPER}])"
)
_NAME_OF_PERSON = re.compile(r"(?:\s+(?-i:[A-ZĐÂĂÊÔƠƯÁÀẢÃẠÉÍÓÚÝỲ][\wỳ]*)){2,5}")
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:và\s+)?|\s(?:và|hoặc)\s+|\s&\s)(?=\S)")
_COMMA = re.compile(r"\s*(?:,\s*(?:và\s+)?|\s(?:và|hoặc)\s+)(?=\S)")
_TAIL = re.compile(
    rf"\s+(?:(?:{said('bodies.tail')}|thành\s+phố(?=\s*(?:[:;,.]|$|và\s)))"
    r"|(?:của|thuộc|trực\s+thuộc)\s+(?:tỉnh|huyện|xã|phường|thành\s+phố|sở|Sở|Bộ|bộ)(?!\w)(?!\s+[A-ZĐÂĂÊÔƠƯ])"
    r"|(?:trên|trong)\s+(?:địa\s+bàn\s+)?(?:toàn\s+)?(?:tỉnh|huyện|xã|phường|thành\s+phố)(?!\w)(?:\s+[A-ZĐ]\w+)*)(?!\w)"
)
_FILTER = re.compile(rf"\s+(?:{said('bodies.filter')})(?!\w)")
_NO_FILTER = re.compile(rf"\s+(?:{said('bodies.no_filter')})(?!\w)")
_COURTESY = re.compile(r"^(?:[Cc]ác\s+)?(?:[Đđ]ồng\s+chí|[Đđ]/c|[Ôô]ng|[Bb]à|[Cc]ô|[Tt]hầy)\s+")
_TITLE_AFTER = re.compile(rf"\s*[,-]\s*(?=(?:{said('bodies.person')})\s)")
_FIELD_HEAD = re.compile(r"(?:Sở|sở|Sơ|Phòng|phòng|Bộ)$")
_OWN_OFFICE = re.compile(r"(?:Sở|Bộ|Cục|Chi\s+cục|Ban|đơn\s+vị|Trung\s+tâm|Văn\s+phòng|Trường|Bệnh\s+viện)(?!\w)")
_MANY = re.compile(r"các\s+")
_PLACES_AT_END = re.compile(r"(?:huyện|xã|phường|thành\s+phố|thị\s+xã|sở|ban|Sở|phòng)$")
MOST_BODIES = 60
LONGEST_LIST = 4000  # characters: no list of addressees is longer


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
        begin = at
        while len(found) < MOST_BODIES and at - begin < LONGEST_LIST:
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

    def _spread(self, text: str, at: int) -> list[Body]:
        opened = PERSON.match(text, at)
        begin = next_word(text, opened.end()) if opened else at
        return [Body(clean(name), start, end) for name, start, end in spread(text, begin, self.registry)]

    def _one(self, text: str, at: int) -> list[Body]:
        end = self.name_end(text, at)
        if end <= at:
            return []
        return [self._person(text, at, end) if PERSON.match(text, at) else Body(clean(text[at:end]), at, end)]

    def _person(self, text: str, at: int, end: int) -> Body:
        """A person: a deputy leads by name, a head stands for the body."""
        name, title = text[at:end], _TITLE_AFTER.match(text, end)
        own = _COURTESY.sub("", name, count=1)
        if title and own != name:
            after = self.name_end(text, title.end())
            if after > title.end():
                post = text[title.end() : after]
                return Body(clean(own if "Phó" in post else post), at, after)
        named = _NAME_OF_PERSON.match(text, end)
        if name.startswith("Phó") and named:
            return Body(clean(named.group()), at, named.end())
        if named and re.match(r"(?:Giám|Chủ|Chánh|Trưởng)", name):
            return Body(clean(name), at, named.end())
        return Body(clean(own), at, end)

    def name_end(self, text: str, at: int) -> int:
        """Where the name that begins at `at` ends; `at` itself when none begins there."""
        if quantified := QUANTIFIER.match(text, at):
            end = self._group_end(text, quantified.end())
        elif (head := (PERSON.match(text, at) or HEAD.match(text, at))) and _names(text, at, head.end()):
            end = self._single_end(text, at, head.end())
        else:
            end = at
        end = max(end, self._known(text, at))
        return self._with_tail(text, at, end) if end > at else at

    def _known(self, text: str, at: int) -> int:
        """Where the longest name of the registry that begins here ends."""
        if not (text[at : at + 1].isupper() or text[at : at + 5] in ("phòng", "trung") or QUANTIFIER.match(text, at)):
            return at
        longest, ends = at, [m.end() for m in words(text, at, self.registry.longest + 3)]
        for end in ends:
            name = text[at:end]
            if name.endswith(" &") or fold(name).endswith(" va"):
                continue
            if not self.registry.may_begin(name):
                break
            if self._is_known(name, alone=len(ends) == 1):
                longest = end
        return longest

    def _is_known(self, name: str, *, alone: bool) -> bool:
        """Whether the registry has the name; a single word that is no abbreviation only in its full spelling."""
        entry = self.registry.find(name)
        return entry is not None and (alone or " " in name or name.isupper() or key(name) == key(entry.name))

    def _group_end(self, text: str, at: int) -> int:
        """The end of "các sở, ban, ngành và địa phương", a filter left for later; 0 where no noun of a group stands."""
        at = next_word(text, at)
        noun = _GROUP_NOUN.match(text, at)
        if not noun:
            return self.name_end(text, at) if HEAD.match(text, at) or PERSON.match(text, at) else 0
        end = name_goes_on(text, noun.end())
        while separator := _COMMA.match(text, end):
            following = _GROUP_NOUN.match(text, separator.end())
            if not following or _names_its_own(text, separator.end()) or PERSON.match(text, separator.end()):
                break
            end = name_goes_on(text, following.end())
        return end

    def _single_end(self, text: str, start: int, at: int) -> int:
        """The end of a name whose first word ends at `at`."""
        after = next_word(text, at)
        if _FIELD_HEAD.match(text[start:at]) and (portfolio := PORTFOLIO.match(text, after)):
            return portfolio.end()
        if quantified := _MANY.match(text, after):  # "UBND các xã", "Chủ tịch UBND các huyện"
            return max(self._group_end(text, quantified.end()), at)
        if PERSON.match(text, start) and (
            HEAD.match(text, after) or PERSON.match(text, after) or QUANTIFIER.match(text, after)
        ):
            own = _OWN_OFFICE.match(text, after)
            return max(self.name_end(text, after), own.end() if own else at)
        if text[at : at + 1] in ",;:." and text[start:at].islower():
            return start
        end = name_goes_on(text, at)
        if (
            _OF_FIELDS.match(text, start)
            and (fields := _MORE_FIELDS.match(text, end))
            and not HEAD.match(text, fields.start("next"))
        ):
            end = name_goes_on(text, fields.end())
        return self._more_places(text, start, end)

    def _more_places(self, text: str, start: int, end: int) -> int:
        """Goes on over "UBND xã, phường, thị trấn", a group written without "các"."""
        if not _PLACES_AT_END.search(text[start:end]):
            return end
        while (separator := _COMMA.match(text, end)) and (place := _PLACE.match(text, separator.end())):
            end = place.end()
        return end

    def _with_tail(self, text: str, start: int, end: int) -> int:
        """Takes in what narrows a name: "liên quan", "cùng cấp", and of a group "có dự án đi qua"."""
        while tail := _TAIL.match(text, end):
            end = tail.end()
        filtering = _FILTER.match(text, end) if _is_group(text[start:end]) else None
        if filtering and not _NO_FILTER.match(text, end):
            end = max(end, self._filtered(text, filtering.end()))
        return end

    @staticmethod
    def _filtered(text: str, at: int) -> int:
        inner = filter_end(text, at)
        return inner if inner > at else 0


def _is_group(name: str) -> bool:
    """Whether several bodies are meant, so that a clause may say which of them."""
    return name[:1].islower() or "ác " in name or bool(QUANTIFIER.match(name) or _PLACES_AT_END.search(name))


def _names(text: str, start: int, end: int) -> bool:
    """Whether the word that could head a name does: "Báo Gia Lai", not "Báo cáo"."""
    if _NOT_NAMES.match(text, start):
        return False
    return not _AMBIGUOUS.match(text[start:end]) or bool(_FOLLOWED.match(text, end))


def _names_its_own(text: str, at: int) -> bool:
    """Whether a group of its own begins here ("phòng Tư pháp" after "các đơn vị, ")."""
    return bool(re.compile(r"\w+\s+[A-ZĐ]").match(text, at)) and bool(HEAD.match(text, at))
