"""An answer letter as text: its number, its date, who issued it, and which papers it says it carries out.

Form of letters: Decree 30/2020/NĐ-CP, appendix I (number and symbol, place and date, "V/v", the body's first words).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.names import Registry, fold
from domain.reading import letterhead
from domain.reading.blocks import blocks

HEAD_BLOCKS, HEAD_CHARACTERS = 16, 4_000  #: where the letterhead stands
LOOKED_AT = 60_000  #: characters of a letter: what it carries out stands at its beginning
MOST_CITED = 20
LOOKED_BACK = 160  #: characters before a paper in which a letter says that it carries it out
SHORTEST_WORD = 4  #: letters of a folded word that two texts can have in common
_PAPER = (
    r"(?P<paper>Thông\s+báo(?:\s+kết\s+luận)?|Kết\s+luận|Công\s+văn|Văn\s+bản|Công\s+điện|Chỉ\s+thị|Quyết\s+định|TB)"
)
_DAY = (
    r"(?:[^.;\n]{0,30}?ngày\s+(?P<d>\d{1,2})\s*(?:[/.-]|tháng)\s*(?P<m>\d{1,2})\s*(?:[/.-]|,?\s*năm)\s*(?P<y>\d{4}))?"
)
_CITED = re.compile(
    rf"(?<!\w){_PAPER}\s+(?:số\s*[:.]?\s*)?(?P<number>\d+[a-z]?\s*[/-]\s*[^\W_][\w&./-]*){_DAY}", re.IGNORECASE
)
_CARRIES_OUT = re.compile(
    r"(?:thực\s+hiện|triển\s+khai|theo|phúc\s+đáp|trả\s+lời|chấp\s+hành|tiếp\s+theo)(?!\w)[^;]*$", re.IGNORECASE
)
_ITEM = re.compile(r"(?:mục|điểm|khoản)\s+(?P<path>(?:\d+|[IVX]+)(?:\.\d+)*(?:\.?[a-zđ]\b)?)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.?!]\s+|\n\s*\n")
_CELLS = re.compile(r"\||\s{2,}|\n")


@dataclass(frozen=True, slots=True)
class Cited:
    """A paper that a letter names."""

    paper: str
    number: str
    on: date | None
    carried_out: bool  #: it says that it carries it out or answers it

    def __str__(self) -> str:
        """As a letter cites it; a zero for days under 10 and months 1 and 2 (Decree 30/2020/NĐ-CP, appendix I)."""
        if self.on is None:
            return f"{self.paper} số {self.number}"
        month = f"{self.on.month:02}" if self.on.month <= 2 else str(self.on.month)
        return f"{self.paper} số {self.number} ngày {self.on.day:02}/{month}/{self.on.year}"


@dataclass(frozen=True, slots=True)
class AnswerLetter:
    """What an answer letter says of itself; what is not there is None, never a guess."""

    text: str
    number: str | None = None
    on: date | None = None
    issuer: str | None = None  #: as the registry writes it
    cited: tuple[Cited, ...] = ()

    @property
    def about(self) -> str:
        """The papers that it carries out, else those it names, as a person would list them."""
        chosen = [one for one in self.cited if one.carried_out] or self.cited
        return "; ".join(dict.fromkeys(map(str, chosen)))


def read_letter(
    text: str, registry: Registry, *, number: str | None = None, issued_on: date | None = None
) -> AnswerLetter:
    """Reads a letter. `number` and `issued_on` stand outside its text: in the appearance of a signature."""
    head = blocks(text[:HEAD_CHARACTERS])[:HEAD_BLOCKS]
    own = number or letterhead.number(head)
    _, day = letterhead.place_and_day(head)
    cited = tuple(one for one in cited_in(text) if number_key(one.number) != number_key(own or ""))
    return AnswerLetter(text, own, issued_on or day, _issuer(text, registry), cited)


def cited_in(text: str) -> tuple[Cited, ...]:
    """The papers that a text names by their numbers, each once, those that are carried out first."""
    found: dict[str, Cited] = {}
    for match in _CITED.finditer(text[:LOOKED_AT]):
        number = re.sub(r"\s+", "", match["number"]).rstrip(".,-/")
        before = text[max(0, match.start() - LOOKED_BACK) : match.start()]
        carries_out = _CARRIES_OUT.search(_SENTENCE.split(before)[-1]) is not None
        one = Cited(" ".join(match["paper"].split()), number, _day(match), carries_out)
        known = found.get(number_key(number))
        if known is None or (one.carried_out, one.on is not None) > (known.carried_out, known.on is not None):
            found[number_key(number)] = one
    return tuple(sorted(found.values(), key=lambda one: not one.carried_out))[:MOST_CITED]


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"])) if match["y"] else None
    except ValueError:
        return None


def number_key(number: str) -> str:
    """What two spellings of one number have in common: "489 / TB-VP" and "489/tb–vp"."""
    return re.sub(r"[\s–—-]+", "-", re.sub(r"\s*([/–—-])\s*", r"\1", number.strip().casefold()))


def paths_in(text: str) -> frozenset[str]:
    """The items that a text names: "mục 4.2", "điểm a khoản 3"."""
    return frozenset(match["path"].casefold() for match in _ITEM.finditer(text[:LOOKED_AT]))


def words_in(text: str) -> frozenset[str]:
    """The words by which two texts are compared, without accents."""
    return frozenset(word for word in fold(text).split() if len(word) >= SHORTEST_WORD)


def _issuer(text: str, registry: Registry) -> str | None:
    """Who issued it: the last body of the registry that stands before number and date."""
    found = None
    for words in _segments(text):
        if letterhead.RECIPIENTS.match(words) or fold(words).startswith("kinh gui"):
            break
        found = _body(words, registry) or found
    return found


def _segments(text: str) -> Iterator[str]:
    """The lines and cells of the letterhead, as they stand on the page."""
    for words in _CELLS.split(text[:HEAD_CHARACTERS])[: HEAD_BLOCKS * 3]:
        if tidy := " ".join(words.split()):
            yield tidy


def _body(words: str, registry: Registry) -> str | None:
    """The longest end of a line that names a body: "UBND TỈNH SÔNG LAM SỞ NỘI VỤ" names the last one."""
    parts = words.split()
    if not 0 < len(parts) <= 20:
        return None
    ends = (" ".join(parts[start:]) for start in range(len(parts)))
    entry = next((found for end in ends if (found := registry.find(end)) is not None), None)
    return entry.name if entry and entry.kind == "body" else None
