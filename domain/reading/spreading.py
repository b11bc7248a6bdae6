"""One head noun for many names: "các Sở: Tài chính, Xây dựng", "UBND các huyện A, B và thành phố C"."""

from __future__ import annotations

import re

from domain.names import Registry, clean
from domain.reading.grammar import at_start, said
from domain.reading.grammar.language import UPPER
from domain.reading.name_words import HEAD, PERSON, PLACE_WORD, PORTFOLIO, name_goes_on, words

MOST = 60  #: names that one head stands for
_SPREAD = re.compile(
    rf"(?:(?P<many>[Cc]ác\s+)?(?P<head>(?:(?:UBND|[ỦỤ]y\s+ban\s+[Nn]hân\s+dân|Công\s+an|HĐND|Đảng\s+ủy"
    rf"|Trung\s+tâm\s+Y\s+tế)\s+)?(?P<many2>các\s+)?(?:{said('bodies.spreadable')})))"
    rf"(?:,\s*(?:ngành|ban|thành\s+phố|thị\s+xã|phường|thị\s+trấn|đặc\s+khu|xã|quận|đơn\s+vị)|\s+và\s+(?:thành\s+phố|thị\s+xã"
    rf"|phường|thị\s+trấn))*\s*(?P<colon>:\s*|\s)(?=[{UPPER}])"
)
_MANY = re.compile(r"\bcác\s+")
_PLACE_AT_END = re.compile(rf"(?:{said('bodies.place')})$")
_FULL_HEAD = re.compile(r"UBND|Ủy|Công an|Trung|HĐND|Đảng")
_VERB = at_start("bodies.verb")
_DASH = re.compile(r"\s?[-–]\s?")
_COMMA = re.compile(r"\s*(?:,\s*(?:và\s+)?|\s(?:và|hoặc)\s+)(?=\S)")


def spread(text: str, at: int, registry: Registry) -> list[tuple[str, int, int]]:
    """(name, start, end) of each body; none where nothing is distributed."""
    match = _SPREAD.match(text, at)
    if not match:
        return []
    head = clean(_MANY.sub("", clean(match.group("head"))).strip())
    head = head if _FULL_HEAD.match(head) else head[0].upper() + head[1:]
    place = bool(_PLACE_AT_END.search(head))
    plural = bool(match.group("many") or match.group("many2") or ":" in match.group("colon"))
    if not place and not plural and head not in ("Sở", "Bộ", "Phòng"):
        return []
    found = _names(text, match.end(), _Head(head, place, plural, registry))
    return found if len(found) > 1 or (plural and found) else []


class _Head:
    """What is distributed, and how freely."""

    def __init__(self, head: str, place: bool, plural: bool, registry: Registry) -> None:
        self.head, self.place, self.plural, self.registry = head, place, plural, registry

    def read(self, text: str, at: int) -> tuple[int, str]:
        """One name of the distribution: (its end, its own kind of place where it says one); (at, "") for none."""
        own = PLACE_WORD.match(text, at) if self.place else None
        begin = own.end() if own else at
        if not own and (not text[at : at + 1].isupper() or PERSON.match(text, at) or self._headed(text, at)):
            return at, ""
        if self.place and (verb := _VERB.match(text, at)) and " " in verb.group():
            return at, ""  # "UBND các xã: Thực hiện …"
        if not self.place and (portfolio := PORTFOLIO.match(text, at)):
            return portfolio.end(), ""
        if not self.place and not self.plural:
            return at, ""
        end = self._capitals(text, begin)
        if (dash := _DASH.match(text, end)) and self._capitals(text, dash.end()) > dash.end():
            end = self._capitals(text, dash.end())  # "phường Xuân Hương - Đà Lạt"
        if not self.place and not self.registry.find(f"{self.head} {text[at:end]}"):
            end = name_goes_on(text, at)
        return end, own.group() if own else ""

    def _headed(self, text: str, at: int) -> bool:
        """Whether a body with a head of its own stands there."""
        return bool(HEAD.match(text, at)) and not (self.head == "Bộ" and PORTFOLIO.match(text, at))

    @staticmethod
    def _capitals(text: str, at: int) -> int:
        end = at
        for word in words(text, at, 8):
            if not word.group()[0].isupper() or (end > at and text[end : word.start()].strip()):
                break
            end = word.end()
        return end


def _names(text: str, at: int, head: _Head) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    while len(found) < MOST:
        end, kind = head.read(text, at)
        if end <= at:
            break
        whole = (
            _PLACE_AT_END.sub(kind, head.head) + text[at + len(kind) : end] if kind else f"{head.head} {text[at:end]}"
        )
        found.append((whole, at, end))
        separator = _COMMA.match(text, end)
        if not separator:
            break
        at = separator.end()
    return found
