"""Accent-free search: each word that was typed begins a word of the notice, the directive or the agency's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, literal, or_
from sqlmodel import Session, col, select

from domain.agencies import Agency, AgencyAlias
from domain.conclusions import Conclusion, Directive
from domain.names import ABBREVIATIONS, fold, key
from domain.obligations import Obligation

MOST_WORDS = 12  #: of one search; what follows is not looked at


def words_of(typed: str) -> tuple[str, ...]:
    """The words to look for, each once."""
    return tuple(dict.fromkeys(fold(typed[:500]).split()))[:MOST_WORDS]


def holds(folded: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    """Whether each word begins one of a folded text; folded words are letters and digits, so nothing is escaped."""
    return and_(*[(literal(" ") + folded).like(f"% {word}%") for word in words])


def notice_holds(words: Iterable[str]) -> ColumnElement[bool]:
    """Whether each word is found in a directive or in the notice that it comes from."""
    return holds(col(Directive.folded) + literal(" ") + col(Conclusion.folded), words)


@lru_cache(maxsize=8192)
def spellings(name: str) -> str:
    """An agency's name as people type it: folded, with its abbreviations in full and in short."""
    full = key(name)
    short = (short for short, long in ABBREVIATIONS if f" {long} " in f" {full} ")
    return " ".join(("", fold(name), full, *short))


class Spelt:
    """Every agency of the office with all its spellings, read once for a search."""

    def __init__(self, session: Session, office_id: int) -> None:
        self.haystacks: dict[int, str] = {}
        names = session.exec(select(Agency.id, Agency.name).where(Agency.office_id == office_id))
        for id_, name in names:
            if id_ is not None:
                self.haystacks[id_] = spellings(name)
        for row in session.exec(select(AgencyAlias)):
            if row.agency_id in self.haystacks:
                self.haystacks[row.agency_id] += spellings(row.alias)

    def having(self, words: Sequence[str]) -> list[int]:
        """The agencies whose spellings hold every word; none for no word."""
        return (
            []
            if not words
            else [id_ for id_, spelt in self.haystacks.items() if all(f" {word}" in spelt for word in words)]
        )

    def by_words(self, words: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
        """The words that are found in a name -> the agencies of which that is so."""
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for id_, spelt in self.haystacks.items():
            if matched := tuple(word for word in words if f" {word}" in spelt):
                found[matched].append(id_)
        return found


def found_in(
    session: Session,
    office_id: int,
    words: Sequence[str],
    said: Callable[[Sequence[str]], ColumnElement[bool]],
    led_by: Callable[[Sequence[int]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    """Whether each word is said in a notice (`said`) or in the name of an agency that answers for it (`led_by`)."""
    if not words:
        return false()  # only signs were typed: nothing is called so
    ways = [said(words)]
    for matched, ids in Spelt(session, office_id).by_words(words).items():
        rest = [word for word in words if word not in matched]
        ways.append(and_(led_by(ids), said(rest)) if rest else led_by(ids))
    return or_(*ways)


def work_holds(session: Session, office_id: int, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether each word is found in an obligation's notice, in its directive or in its agency's name."""

    def said(some: Sequence[str]) -> ColumnElement[bool]:
        query = (
            select(Directive.id)
            .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
            .where(Conclusion.office_id == office_id, notice_holds(some))
        )
        return col(Obligation.directive_id).in_(query)

    return found_in(session, office_id, words, said, col(Obligation.agency_id).in_)


def directive_holds(session: Session, office_id: int, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether each word is found in a directive, in its notice or in the name of an agency that answers for it."""

    def led_by(ids: Sequence[int]) -> ColumnElement[bool]:
        return col(Directive.id).in_(select(Obligation.directive_id).where(col(Obligation.agency_id).in_(ids)))

    return found_in(session, office_id, words, notice_holds, led_by)
