"""Who is told: forms of address, "Giao X …", "Đề nghị X …", "Đối với X:", "X chủ trì …", "X có trách nhiệm …".

The forms are rules in grammar/address.toml. What the addressee is to order of others does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from domain.drafts import Authority
from domain.names import clean, without_person
from domain.reading.bodies import Body, Reader
from domain.reading.grammar import at_start, said
from domain.reading.grammar.language import UPPER
from domain.reading.openings import after_label, openings

_ADDRESS = re.compile(
    rf"(?<!\w)(?:(?P<order>{said('address.order')})|(?P<request>{said('address.request')}))(?!\w)\s*:?\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:^|[.;:]\s+|,\s+(?=(?:giao|đề\s+nghị|yêu\s+cầu|phân\s+công)\s))")
_REGARDING = re.compile(rf"(?:{said('address.regarding')})\s+", re.IGNORECASE)
_FACT = re.compile(rf"\s*(?:,\s*)?(?:{said('address.fact')})(?!\w)", re.IGNORECASE)
_CITIZEN = re.compile(rf"\s*(?:{said('address.citizen')})(?!\w)", re.IGNORECASE)
_CITIZEN_NAME = re.compile(rf"(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Hh]ộ)(?:\s+(?:ông|bà))?\s+[{UPPER}]")
_POST = re.compile(r"(?:Phó\s+)?(?:Chủ tịch|Giám đốc|Trưởng|Chánh|Bí thư|Chủ nhiệm|Thủ trưởng|Cục|Vụ|Viện)")
_WILL = re.compile(rf"\s*(?:{said('address.will')})(?!\w)")
_AGENCY_LINE = re.compile(
    rf"(?<!\w)(?:(?P<lead>{said('address.lead_line')})|(?P<help>{said('address.help_line')}))\s*:\s*", re.IGNORECASE
)
MEMORY = 64  #: stretches of text whose opening is remembered: an item is looked at more than once
_TELLS = at_start("bodies.verb", "address.duty")
_WORDS = re.compile(r"[^\W\d]{2}")
_ISSUER = re.compile(
    r"Thường trực|Thường vụ|UBND|Ủy ban|HĐND|Hội đồng|Bộ trưởng|Thủ tướng|Lãnh đạo|Ban Chỉ đạo|Giám đốc"
)
_ASKS_OF = re.compile(r"\s*,?\s*(?:cũng\s+|tiếp\s+tục\s+)?(?=(?:đề\s+nghị|yêu\s+cầu|giao|phân\s+công)\s)")
_LEVELS = ("tỉnh", "huyện", "xã", "phường")
_BRACKETS = re.compile(r"\((?P<inner>[^()]{3,120})\)\s*[:.]?\s*$")
_CARRIES_OUT = re.compile(
    r"\s*(?:(?:chủ\s+trì|thực\s+hiện|phụ\s+trách|chịu\s+trách\s+nhiệm|tham\s+mưu|,|và)\s*)*", re.IGNORECASE
)
LONGEST_HEADING = 120  # characters of a heading that is a subject of its own and no sentence


@dataclass(frozen=True, slots=True)
class Address:
    """To whom a stretch of text speaks, by what right, and where its task begins."""

    leads: tuple[str, ...]
    authority: Authority | None  #: None where the form does not say
    start: int  #: of the address
    end: int  #: after the addressees
    explicit: bool  #: by "Giao/Đề nghị/Yêu cầu", not as the subject of a sentence


@dataclass(frozen=True, slots=True)
class Namer:
    """Reads addressees with the registry and the level of the issuer ("tỉnh", "huyện", "xã")."""

    reader: Reader
    level: str | None = None
    on: date | None = None  #: the day of the notice: names are looked up as of it
    party: bool = False  #: the issuer is a Party body: it orders the Front and the unions, where a government asks them
    memory: dict[str, Address | None] = field(default_factory=dict, init=False, compare=False, repr=False)

    def names(self, bodies: list[Body]) -> tuple[str, ...]:
        """Canonical names, each once; "MTTQ" is the issuer's own level's, unless a list says "cùng cấp"."""
        same_level = any("cùng cấp" in b.name for b in bodies)
        found = (self._name(b.name, alone=same_level) for b in bodies)
        return tuple(dict.fromkeys(name for name in found if name))

    def _name(self, name: str, *, alone: bool) -> str:
        registry, body = self.reader.registry, without_person(name)
        if self.level and not alone:
            here = registry.find(f"{clean(body)} {self.level}", self.on)
            if here and (here.kind == "group" or not registry.find(body)):
                return here.name
        known = registry.find(name, self.on)
        if known and self.level and _is_of_another_level(known.name, name, self.level):
            return clean(without_person(clean(name)))
        slip = None if known else registry.nearest(body, self.on)
        return slip.name if slip else registry.canonical(name, self.on)

    def address(self, text: str) -> Address | None:
        """The form of address with which the text opens, or that begins one of its sentences."""
        return self.opening(text) or self._later(text)

    def opening(self, text: str) -> Address | None:
        """The form of address with which the text opens, after words that only lead up to it."""
        if text not in self.memory:
            if len(self.memory) >= MEMORY:
                self.memory.clear()
            self.memory[text] = self._opening(text)
        return self.memory[text]

    def _opening(self, text: str) -> Address | None:
        for at in openings(text):
            if found := self._ordered(text, at) or self._subject(text, at):
                return found
        begin = after_label(text)
        if begin is None:
            return None
        found = self._ordered(text, begin) or self._subject(text, begin)
        return found if found and (found.explicit or tells(text, found)) else None

    def _later(self, text: str) -> Address | None:
        """ "Để …, giao Sở X …"; "…: yêu cầu Sở Y …"."""
        for sentence in _SENTENCE.finditer(text):
            if found := self._ordered(text, sentence.end()):
                return found
        return None

    def _ordered(self, text: str, at: int) -> Address | None:
        match = _ADDRESS.match(text, at)
        if not match:
            return None
        bodies = self.reader.list_at(text, match.end())
        if not bodies:
            return None
        authority = Authority.ORDER if match.group("order") else Authority.REQUEST
        return Address(self.names(bodies), authority, at, bodies[-1].end, explicit=True)

    def _subject(self, text: str, at: int) -> Address | None:
        """A body as the subject: "X chủ trì …", "X có trách nhiệm …", "UBND huyện sẽ …"."""
        regarding = _REGARDING.match(text, at)
        bodies = self.reader.list_at(text, regarding.end() if regarding else at)
        if not bodies or _FACT.match(text, bodies[-1].end) or _is_citizen(text, bodies[-1]):
            return None
        end = bodies[-1].end
        asks = _ASKS_OF.match(text, end) if _ISSUER.search(bodies[-1].name) else None
        if asks and (asked := self._ordered(text, asks.end())):
            return asked  # "Thường trực HĐND tỉnh đề nghị UBND tỉnh …"
        authority = Authority.UNDERTAKING if _WILL.match(text, end) else None
        return Address(self.names(bodies), authority, at, end, explicit=False)

    def heading(self, text: str) -> Address | None:
        """The addressee of a heading: "4. Giao Sở Nội vụ:", "Đối với các sở, ngành:", "1. Công an tỉnh"."""
        found = self.opening(text)
        if not found:
            return self._in_brackets(text)
        if text[found.end : found.end + 1] == ";":
            found = self._with_more(text, found) or found
        rest = text[found.end :].strip(" .:*")
        if not found.explicit and rest and not text.rstrip().endswith(":"):
            return self._whole(text, rest)
        return found

    def _in_brackets(self, text: str) -> Address | None:
        """The body that a heading names behind its topic: "1. Trồng trọt (Chi cục Trồng trọt thực hiện):"."""
        match = _BRACKETS.search(text)
        found = self.opening(match.group("inner")) if match else None
        if not match or not found or not _CARRIES_OUT.fullmatch(match.group("inner"), found.end):
            return None
        return replace(found, start=match.start("inner"), end=len(text))

    def _with_more(self, text: str, found: Address) -> Address | None:
        """A list that goes on after a semicolon, where the heading is nothing but the list."""
        more = self.reader.list_at(text, found.end + 2, semicolons=True)
        if not more or text[more[-1].end :].strip(" .:"):
            return None
        leads = tuple(dict.fromkeys((*found.leads, *self.names(more))))
        return Address(leads, found.authority, found.start, more[-1].end, found.explicit)

    @staticmethod
    def _whole(text: str, rest: str) -> Address | None:
        """A short heading that is one name we do not know to the end."""
        whole = len(text) < LONGEST_HEADING and not re.search(r"[.;:]", text.strip().rstrip(":"))
        return Address((clean(text),), None, 0, len(text), explicit=False) if whole and rest.startswith(",") else None

    def agency_line(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Leads and helpers of "Đơn vị chủ trì: …; đơn vị phối hợp: …"."""
        leads: tuple[str, ...] = ()
        helpers: tuple[str, ...] = ()
        for match in _AGENCY_LINE.finditer(text):
            names = self.names(self.reader.list_at(text, match.end()))
            if match.group("lead"):
                leads = leads or names
            else:
                helpers = helpers or names
        return leads, helpers

    def cell(self, text: str) -> tuple[str, ...]:
        """The agencies in a cell of a table."""
        begin = len(text) - len(text.lstrip())
        bodies = self.reader.list_at(text, begin, semicolons=True)
        as_written = bool(_WORDS.search(text)) and len(text) < LONGEST_HEADING and not bodies
        return (clean(text),) if as_written else self.names(bodies)


def _is_of_another_level(known: str, written: str, level: str) -> bool:
    """Whether a name that says no level would be taken for the body of another: a ward's office is no district's."""
    said = known.split()[-1]
    return said in _LEVELS and said != level and said not in written.split()


def tells(text: str, address: Address) -> bool:
    """Whether the subject of a sentence is told to do something: a verb or a duty follows it."""
    rest = text[address.end :].lstrip(" ,:")
    return address.authority is Authority.UNDERTAKING or bool(_TELLS.match(rest))


def _is_citizen(text: str, body: Body) -> bool:
    """Whether the subject is a person who came with a petition, not one who holds an office."""
    if not _CITIZEN_NAME.match(text, body.start):
        return False
    return bool(_CITIZEN.match(text, body.end)) or not _POST.search(text[body.start : body.end + 40])
