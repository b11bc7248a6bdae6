"""Rules of the grammar, loaded from the tables beside this file; a new phrase is a line in one of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.reading.grammar.language import regex
from domain.reading.grammar.phrases import Phrases

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rule:
    """One group of phrases that mean the same."""

    kind: str  #: table and meaning: "time.before"
    says: tuple[str, ...]
    examples: tuple[str, ...]  #: in each of them the rule finds itself
    never: tuple[str, ...]  #: in none of them
    reads: dict[str, str]  #: whole phrases -> what they are read as (deadlines only)
    source: str  #: law or practice

    @property
    def pattern(self) -> str:
        """Its phrases as one regular expression, the longest first."""
        return "|".join(regex(one) for one in sorted(self.says, key=len, reverse=True))


@cache
def rules(table: str) -> tuple[Rule, ...]:
    """Every rule of a table, in its order."""
    data = tomllib.loads((HERE / f"{table}.toml").read_text(encoding="utf-8"))
    return tuple(_rule(f"{table}.{means}", one) for means, group in data.items() for one in group)


def _rule(kind: str, one: dict[str, object]) -> Rule:
    def texts(name: str) -> tuple[str, ...]:
        found = one.get(name, ())
        assert isinstance(found, list | tuple), f"{kind}: {name}"
        return tuple(str(item) for item in found)

    reads = one.get("reads", {})
    assert isinstance(reads, dict), kind
    return Rule(kind, texts("says"), texts("examples"), texts("never"), dict(reads), str(one["source"]))


@cache
def said(kind: str) -> str:
    """All phrases of one meaning ("time.before") as an expression without borders, the longest first."""
    table = kind.split(".")[0]
    phrases = {phrase for rule in rules(table) if rule.kind == kind for phrase in rule.says}
    if not phrases:
        raise KeyError(kind)
    return "|".join(regex(one) for one in sorted(phrases, key=len, reverse=True))


@cache
def anywhere(*kinds: str, exact: bool = False) -> re.Pattern[str]:
    """The phrases of these meanings as whole words, wherever they stand; `exact`: in the letters' own case only."""
    return re.compile(rf"(?<!\w)(?:{_joined(kinds)})(?!\w)", _flags(exact))


@cache
def at_start(*kinds: str, exact: bool = False) -> Phrases:
    """The phrases of these meanings as whole words, for `match` at a given position."""
    tables = {kind.split(".")[0] for kind in kinds}
    return Phrases((one for t in tables for rule in rules(t) if rule.kind in kinds for one in rule.says), exact=exact)


@cache
def at_end(*kinds: str) -> re.Pattern[str]:
    """The phrases of these meanings as the last whole words of a text that is searched."""
    return re.compile(rf"(?<!\w)(?:{_joined(kinds)})[\s,:(]*$", re.IGNORECASE)


def _joined(kinds: Iterable[str]) -> str:
    return "|".join(said(kind) for kind in kinds)


def _flags(exact: bool) -> re.RegexFlag:
    return re.NOFLAG if exact else re.IGNORECASE
