"""Names of bodies: which spellings are one agency, and who belongs to a group on a given day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from domain.errors import Refusal

#: Abbreviations of Vietnamese administration, accent-free: (as written, in full).
ABBREVIATIONS = (
    ("ubmttqvn", "uy ban mat tran to quoc"),
    ("ubmttq", "uy ban mat tran to quoc"),
    ("mttqvn", "mat tran to quoc"),
    ("mttq", "mat tran to quoc"),
    ("mat tran to quoc viet nam", "mat tran to quoc"),
    ("vpubnd", "van phong uy ban nhan dan"),
    ("vp ubnd", "van phong uy ban nhan dan"),
    ("vp hdnd", "van phong hoi dong nhan dan"),
    ("ubnd", "uy ban nhan dan"),
    ("hdnd", "hoi dong nhan dan"),
    ("dbqh", "dai bieu quoc hoi"),
    ("nn ptnt", "nong nghiep phat trien nong thon"),
    ("nnptnt", "nong nghiep phat trien nong thon"),
    ("ptnt", "phat trien nong thon"),
    ("nn mt", "nong nghiep moi truong"),
    ("nnmt", "nong nghiep moi truong"),
    ("tn mt", "tai nguyen moi truong"),
    ("tnmt", "tai nguyen moi truong"),
    ("kh dt", "ke hoach dau tu"),
    ("khdt", "ke hoach dau tu"),
    ("kh cn", "khoa hoc cong nghe"),
    ("khcn", "khoa hoc cong nghe"),
    ("tt tt", "thong tin truyen thong"),
    ("tttt", "thong tin truyen thong"),
    ("gd dt", "giao duc dao tao"),
    ("gddt", "giao duc dao tao"),
    ("gtvt", "giao thong van tai"),
    ("ld tb xh", "lao dong thuong binh xa hoi"),
    ("ldtb xh", "lao dong thuong binh xa hoi"),
    ("ldtbxh", "lao dong thuong binh xa hoi"),
    ("vh tt dl", "van hoa the thao du lich"),
    ("vhtt dl", "van hoa the thao du lich"),
    ("vhttdl", "van hoa the thao du lich"),
    ("tc kh", "tai chinh ke hoach"),
    ("vh xh", "van hoa xa hoi"),
    ("vh tt", "van hoa thong tin"),
    ("qlda", "quan ly du an"),
    ("bql", "ban quan ly"),
    ("bch", "ban chi huy"),
    ("chqs", "chi huy quan su"),
    ("bdbp", "bo doi bien phong"),
    ("lhpn", "lien hiep phu nu"),
    ("ccb", "cuu chien binh"),
    ("ldld", "lien doan lao dong"),
    ("bhxh", "bao hiem xa hoi"),
    ("kbnn", "kho bac nha nuoc"),
    ("nhnn", "ngan hang nha nuoc"),
    ("tand", "toa an nhan dan"),
    ("vksnd", "vien kiem sat nhan dan"),
    ("tncs", "thanh nien cong san"),
    ("xh", "xa hoi"),
)
_EXPANSION = dict(ABBREVIATIONS)
SHORTEST_REPAIRED = 9  #: letters of a name in which a slip can be told from another name
_PLACE_WORDS = {"huyen", "xa", "phuong", "quan", "thon", "tran", "khu", "ap", "ban", "truong", "cong"}
_OPEN_ABBREVIATIONS = {short.split()[0] for short, _ in ABBREVIATIONS if " " in short}  #: may go on with the next word
_ABBREVIATED = re.compile(r"\b(?:" + "|".join(sorted(_EXPANSION, key=len, reverse=True)) + r")\b")

#: The person who heads a body stands for it ("Giám đốc Sở Y tế"); a deputy does not.
_HEADED = re.compile(
    r"^(?:(?:các|đồng chí|đ/c|ông|bà)\s+)*"
    r"(?:(?:giám đốc|chủ tịch|thủ trưởng|người đứng đầu|lãnh đạo|chỉ huy trưởng|bộ trưởng|chủ nhiệm|tổng giám đốc)\s+"
    r"|(?:chánh|trưởng)\s+(?=(?:văn phòng|thanh tra|phòng|ban|công an|trạm|đài|chi cục)\b)"
    r"|(?:trạm|viện|cục|vụ|hiệu|hạt|chi cục|đội|đồn) trưởng\s+(?=(?:trạm|viện|cục|vụ|trường|hạt|chi cục|đội|đồn)\b)"
    r"|bí thư\s+(?=(?:tỉnh|huyện|thành|thị|đảng|đoàn)\b))",
    re.IGNORECASE,
)


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  #: the quick one where it was built in
_GROUPED = re.compile(r"(?:Các|Những|Mỗi|Từng|Trưởng các)\b")
_SMALL_HEAD = re.compile(r"^(?:phòng|sở|thanh tra|công an)\b")


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """The name without accents, case or punctuation: "Sở Kế hoạch & Đầu tư" -> "so ke hoach dau tu"."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


@lru_cache(maxsize=8192)
def key(name: str) -> str:
    """What two spellings of one body have in common: folded, abbreviations in full, "và" left out."""
    joined = " ".join(word for word in fold(name).split() if word != "va")
    spelt = _ABBREVIATED.sub(lambda m: _EXPANSION[m.group()], joined)
    return " ".join(w for w in spelt.replace("mat tran to quoc viet nam", "mat tran to quoc").split() if w != "va")


@lru_cache(maxsize=8192)
def without_person(name: str) -> str:
    """The body that a head stands for: "Giám đốc Sở Y tế" -> "Sở Y tế"; any other name as it is."""
    rest = _HEADED.sub("", name, count=1).strip()
    return rest[:1].upper() + rest[1:] if rest and rest != name.strip() and not rest.startswith("các") else rest or name


@lru_cache(maxsize=8192)
def clean(name: str) -> str:
    """The name as written, on one line, without the punctuation and emphasis around it."""
    tidy = " ".join(name.replace("*", " ").replace("_", " ").split()).strip(" ,;:.-–()")
    if _GROUPED.match(tidy):
        return tidy[0].lower() + tidy[1:]
    return _SMALL_HEAD.sub(lambda m: m.group().capitalize(), tidy)


@dataclass(frozen=True)
class RegistryEntry:
    """One body, or one group of bodies, that directives are addressed to."""

    name: str
    slug: str
    level: str
    kind: str = "body"  #: "body" or "group"
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None  #: last day it existed
    successors: tuple[str, ...] = ()
    members: tuple[str, ...] = ()  #: of a group: names of bodies
    request_only: bool = False  #: Front, unions, Party: the government asks them ("đề nghị"), it does not order

    def exists(self, on: date | None) -> bool:
        """Whether it existed on the day; always, when no day is given."""
        if on is None:
            return True
        return not (self.valid_from and on < self.valid_from) and not (self.valid_to and self.valid_to < on)


class Registry:
    """The bodies an office writes to, found by any of their spellings."""

    def __init__(self, entries: Iterable[RegistryEntry]) -> None:
        self.entries: tuple[RegistryEntry, ...] = tuple(entries)
        self._by_key: dict[str, list[RegistryEntry]] = {}
        for spelling, entry in _spellings(self.entries):
            known = self._by_key.setdefault(key(spelling), [])
            if entry not in known:
                known.append(entry)
        self.longest = max((len(k.split()) for k in self._by_key), default=0)  #: words of the longest spelling
        self._beginnings = {begun for k in self._by_key for begun in _beginnings(k)}

    def find(self, name: str, on: date | None = None) -> RegistryEntry | None:
        """The body of that name; where several share it, the one that existed on the day."""
        spelt = clean(name)
        for candidate in (spelt, without_person(spelt)):
            found = self._by_key.get(key(candidate))
            if found:
                return next((entry for entry in found if entry.exists(on)), found[0])
        return None

    def nearest(self, name: str, on: date | None = None) -> RegistryEntry | None:
        """The one body whose name differs by a single letter, as a scanner or a typist slips; none for places.

        Villages and districts are called alike ("xã Tân An", "xã Tân Ấn"): a slip there is never repaired.
        """
        spelt = key(clean(name))
        if len(spelt) < SHORTEST_REPAIRED or _PLACE_WORDS & set(spelt.split()):
            return None
        head = spelt.split()[0] + " "  # Bộ Tài chính is no slip for Sở Tài chính
        near = (k for k in self._by_key if k.startswith(head) and abs(len(k) - len(spelt)) < 2)
        alike = {id(self._by_key[k][0]): self._by_key[k] for k in near if one_letter_off(spelt, k)}
        found = next(iter(alike.values())) if len(alike) == 1 else None
        return next((entry for entry in found if entry.exists(on)), found[0]) if found else None

    def may_begin(self, words: str) -> bool:
        """Whether the words could be the first of a spelling that the registry knows."""
        spelt = key(words)
        return spelt in self._beginnings or any(word in _OPEN_ABBREVIATIONS for word in spelt.split()[-3:])

    def canonical(self, name: str, on: date | None = None) -> str:
        """The registry's name for it, or the name as written, tidied, with a head replaced by the body."""
        entry = self.find(name, on)
        return entry.name if entry else clean(without_person(clean(name)))

    def members(self, entry: RegistryEntry, on: date | None = None) -> tuple[RegistryEntry, ...]:
        """The bodies of a group that existed on the day; a body is its own only member."""
        if entry.kind != "group":
            return (entry,) if entry.exists(on) else ()
        found = (self.find(name, on) for name in entry.members)
        return tuple(member for member in found if member and member.exists(on))


def one_letter_off(one: str, other: str) -> bool:
    """Whether a single letter was changed, lost or added."""
    if len(one) > len(other):
        one, other = other, one
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one != other and (one[same:] == other[same + 1 :] or one[same + 1 :] == other[same + 1 :])


def _beginnings(spelt: str) -> Iterator[str]:
    """ "so y te" -> "so", "so y", "so y te"."""
    found = ""
    for word in spelt.split():
        found = f"{found} {word}".strip()
        yield found


def _spellings(entries: Sequence[RegistryEntry]) -> Iterator[tuple[str, RegistryEntry]]:
    """Every spelling; full names before aliases, so that an alias never hides a name."""
    yield from ((entry.name, entry) for entry in entries)
    yield from ((alias, entry) for entry in entries for alias in entry.aliases)


def load_registry(path: Path) -> Registry:
    """The registry in a YAML file. Raises Refusal("reading.registry_broken") for a file that is none."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        return Registry(_each_once([_entry(item) for item in data["agencies"]]))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Refusal("reading.registry_broken", file=path.name, why=why) from error


def _each_once(entries: list[RegistryEntry]) -> list[RegistryEntry]:
    """The entries. Raises ValueError where two share a name or a slug."""
    for shared in ([entry.name for entry in entries], [entry.slug for entry in entries]):
        for one in shared:
            if shared.count(one) > 1:
                raise ValueError(f"{one}: 2 ×")
    return entries


def _entry(item: dict[str, Any]) -> RegistryEntry:
    """One item of the file. Raises TypeError or ValueError where it is not of the shape."""
    known = {
        "name",
        "slug",
        "level",
        "kind",
        "aliases",
        "valid_from",
        "valid_to",
        "successors",
        "members",
        "request_only",
    }
    if not isinstance(item, dict) or set(item) - known or not isinstance(item.get("name"), str):
        raise ValueError(str(item))
    kind = item.get("kind", "body")
    if kind not in ("body", "group"):
        raise ValueError(f"kind: {kind}")
    return RegistryEntry(
        name=item["name"],
        slug=str(item.get("slug") or fold(item["name"]).replace(" ", "-")),
        level=str(item["level"]),
        kind=kind,
        aliases=_texts(item.get("aliases")),
        valid_from=_day(item.get("valid_from")),
        valid_to=_day(item.get("valid_to")),
        successors=_texts(item.get("successors")),
        members=_texts(item.get("members")),
        request_only=bool(item.get("request_only", False)),
    )


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError(str(value))
    return tuple(value)


def _day(value: object) -> date | None:
    if value is None or (isinstance(value, date)):
        return value
    raise ValueError(str(value))
