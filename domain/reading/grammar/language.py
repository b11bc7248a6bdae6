"""The small language in which the grammar's phrases are written, and its translation into regular expressions.

    chậm nhất [là|vào|đến]      words; a space stands for any white space, also a line break
    (đề nghị|yêu cầu)           one of these
    [trong] quý                 what stands in brackets may be missing
    <n> ngày                    a slot: something that varies, named in SLOTS
    ngày/tháng, 6               every other sign stands for itself

Old and new tone placement (hoà, hòa) are made one before anything is matched; write the new one (hòa, ủy, thủy).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UPPER = "A-ZĐÂĂÊÔƠƯÁÀẢÃẠÉÈẺẼẸÍÌỈĨỊÓÒỎÕỌÚÙỦŨỤÝỲỶỸỴẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰ"

#: What a slot may hold. Bounded, so that no text makes matching slower than its length.
SLOTS = {
    "n": r"\d{1,3}(?:\s*\([^)\n]{1,20}\))?",
    "word": r"\w+",
    "words": r"\w+(?:\s+\w+){0,3}",
    "more": r"(?:\s+\w+){0,5}",
    "clause": r"[^.;:]{0,60}?",
    "long clause": r"[^.;:]{0,160}?",
    "piece": r"[^,;.]{3,40}?",
    "code": r"\S+",
    "Name": rf"(?-i:[{UPPER}])\w*",
    "year": r"\d{4}",
    "date": r"\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?",
}


class BadPhrase(ValueError):
    """A phrase of the grammar that is not of the language."""


@dataclass(frozen=True, slots=True)
class _Item:
    """What stands between two spaces."""

    regex: str
    optional: bool


@dataclass(slots=True)
class _Translator:
    """Walks a phrase once, left to right."""

    says: str
    at: int = 0

    def alternatives(self, closing: str = "") -> str:
        """The branches up to `closing`, as alternatives."""
        branches = [self._branch(closing)]
        while self._next() == "|":
            self.at += 1
            branches.append(self._branch(closing))
        if self._next() != closing:
            raise BadPhrase(self.says)
        return "|".join(branches)

    def _branch(self, closing: str) -> str:
        items = [self._item(closing)]
        while self._next() == " ":
            self.at += 1
            items.append(self._item(closing))
        return self._joined(items)

    def _item(self, closing: str) -> _Item:
        atoms: list[_Item] = []
        while (sign := self._next()) and sign not in (" ", "|", closing):
            self.at += 1
            atoms.append(self._atom(sign))
        if not atoms:
            raise BadPhrase(self.says)
        if len(atoms) == 1:
            return atoms[0]
        return _Item("".join(f"(?:{a.regex})?" if a.optional else a.regex for a in atoms), False)

    def _atom(self, sign: str) -> _Item:
        if sign in "([":
            inner = self.alternatives(")" if sign == "(" else "]")
            self.at += 1
            return _Item(f"(?:{inner})", sign == "[")
        if sign in ")]>":
            raise BadPhrase(self.says)
        return _Item(self._slot() if sign == "<" else re.escape(sign), False)

    def _joined(self, items: list[_Item]) -> str:
        """The items with white space between; one that may be missing takes its white space along."""
        first = next((i for i, item in enumerate(items) if not item.optional), None)
        if first is None:
            raise BadPhrase(self.says)
        found = "".join(rf"(?:{item.regex}\s+)?" for item in items[:first]) + items[first].regex
        for item in items[first + 1 :]:
            found += rf"(?:\s+{item.regex})?" if item.optional else rf"\s+{item.regex}"
        return found

    def _slot(self) -> str:
        end = self.says.find(">", self.at)
        name = self.says[self.at : end]
        if end < 0 or name not in SLOTS:
            raise BadPhrase(self.says)
        self.at = end + 1
        return f"(?:{SLOTS[name]})"

    def _next(self) -> str:
        return self.says[self.at : self.at + 1]


MOST_SPELLINGS = 200  #: a phrase with more ways to be written is not spelled out


def spellings(says: str) -> tuple[str, ...]:
    """Every way in which a phrase of plain words can be written; none where it holds a slot or too many ways."""
    if _PLAIN.fullmatch(says):
        return (says,)
    if "<" in says:
        return ()
    found = _Speller(says).alternatives()
    return tuple(found) if len(found) <= MOST_SPELLINGS and all(map(_PLAIN.fullmatch, found)) else ()


_PLAIN = re.compile(r"\w+(?: \w+)*")


@dataclass(slots=True)
class _Speller:
    """Walks a phrase once, left to right, and writes out every way to say it."""

    says: str
    at: int = 0

    def alternatives(self, closing: str = "") -> list[str]:
        """The ways up to `closing`."""
        found = self._branch(closing)
        while self.says[self.at : self.at + 1] == "|":
            self.at += 1
            found += self._branch(closing)
        return found

    def _branch(self, closing: str) -> list[str]:
        """A branch: its words one after the other, those that may be missing also left out."""
        found = [""]
        while (sign := self.says[self.at : self.at + 1]) and sign not in ("|", closing):
            self.at += 1
            pieces = self._piece(sign)
            found = [one + piece for one in found for piece in pieces]
        return [" ".join(one.split()) for one in found]

    def _piece(self, sign: str) -> list[str]:
        if sign not in "([":
            return [sign]
        inner = self.alternatives(")" if sign == "(" else "]")
        self.at += 1
        return inner if sign == "(" else ["", *inner]


def regex(says: str) -> str:
    """A phrase as a regular expression. Raises BadPhrase for one that is not of the language."""
    if _PLAIN.fullmatch(says):
        return says.replace(" ", r"\s+")
    return _Translator(says).alternatives()
