"""Scores readings against the gold answers beside the documents, and how well confidence finds the wrong ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from config.settings import ROOT
from domain.calendar import WorkingCalendar
from domain.drafts import Draft, DraftDirective
from domain.names import Registry, fold, key, load_registry
from domain.reading import load_text, read_notice

DOCUMENTS = Path(__file__).parent / "reading_documents"


@dataclass(slots=True)
class Score:
    """Counts over some documents."""

    wanted: int = 0
    found: int = 0
    given: int = 0
    right: int = 0
    leads: int = 0
    cooperating: int = 0
    deadlines: int = 0
    doubts: list[tuple[float, bool]] = field(default_factory=list)  #: (confidence, is it wrong?) of each directive

    @property
    def recall(self) -> float:
        """The share of what was wanted that was found."""
        return self.found / max(self.wanted, 1)

    @property
    def precision(self) -> float:
        """The share of what was given that was wanted."""
        return self.right / max(self.given, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.recall * self.precision / max(self.recall + self.precision, 1e-9)

    def share(self, count: int) -> float:
        """A count among the directives that were found."""
        return count / max(self.found, 1)

    def caught(self) -> float:
        """The share of the wrong directives that stand among the least confident third."""
        ranked = sorted(self.doubts)
        third = ranked[: -(-len(ranked) // 3)]
        wrong = sum(is_wrong for _, is_wrong in ranked)
        return sum(is_wrong for _, is_wrong in third) / wrong if wrong else 1.0


def documents(folder: str) -> list[Path]:
    """The documents of a set that have a gold answer."""
    return [path for path in sorted((DOCUMENTS / folder).glob("*.txt")) if path.with_suffix(".json").is_file()]


def score(paths: Iterable[Path]) -> Score:
    """Reads and scores the documents."""
    registry, total = load_registry(ROOT / "agencies.yaml"), Score()
    for path in paths:
        draft = read_notice(load_text(path), name=path.name, registry=registry, calendar=WorkingCalendar())
        _count(json.loads(path.with_suffix(".json").read_text("utf-8"))["directives"], draft, registry, total)
    return total


def _count(gold: list[dict[str, Any]], draft: Draft, registry: Registry, total: Score) -> None:
    pairs = list(_pairs(gold, draft.directives, registry))
    matched = {id(directive) for _, directive in pairs}
    required = [(wanted, directive) for wanted, directive in pairs if not wanted.get("optional")]
    total.wanted += sum(not wanted.get("optional") for wanted in gold)
    total.found += len(required)
    total.given += len(draft.directives)
    total.right += len(pairs)
    for wanted, directive in required:
        lead, cooperating, deadline = _judged(wanted, directive, registry)
        total.leads += lead
        total.cooperating += cooperating
        total.deadlines += deadline
    judged = {id(d): all(_judged(w, d, registry)) for w, d in required}
    total.doubts += [(d.confidence or 0, not judged.get(id(d), id(d) in matched)) for d in draft.directives]


def _pairs(
    gold: list[dict[str, Any]], given: list[DraftDirective], registry: Registry
) -> Iterator[tuple[dict[str, Any], DraftDirective]]:
    """One given directive for one wanted one, the right ones first."""
    left = list(given)
    waiting = sorted(gold, key=lambda w: not any(_fits(w, d) and all(_judged(w, d, registry)) for d in given))
    for wanted in waiting:
        fitting = [d for d in left if _fits(wanted, d)]
        if fitting:
            best = max(fitting, key=lambda d: sum(_judged(wanted, d, registry)))
            left.remove(best)
            yield wanted, best


def _fits(wanted: dict[str, Any], directive: DraftDirective) -> bool:
    return fold(wanted["evidence"]) in fold(directive.text)


def _judged(wanted: dict[str, Any], directive: DraftDirective, registry: Registry) -> tuple[bool, bool, bool]:
    """(lead, co-operating, deadline) right or not."""

    def same(names: list[str], answers: list[list[str]]) -> bool:
        mine = {key(registry.canonical(name)) for name in names}
        return any(mine == {key(registry.canonical(name)) for name in answer} for answer in answers)

    deadline = wanted["deadline"]
    kinds = [deadline["kind"], *wanted.get("also_kinds", [])]
    dues = [deadline["due_before"], *wanted.get("also_due_before", [])]
    rules = [deadline["rrule"], *wanted.get("also_rrules", [])]
    due = directive.deadline.due_before
    return (
        same(directive.lead, [wanted["lead"], *wanted.get("also_leads", [])]),
        same(directive.cooperating, [wanted["cooperating"], *wanted.get("also_cooperating", [])]),
        directive.deadline.kind in kinds
        and (due is None or any(due == datetime.fromisoformat(one) for one in dues if one))
        and (due is not None or None in dues)
        and directive.deadline.rrule in rules,
    )
