"""What a person has to look at before a draft is filed: the reading is unsure there, or filing would refuse it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.drafts import DeadlineKind, Draft, DraftDirective
from domain.names import Registry

FARTHEST_YEARS = 30  #: a deadline farther from its notice than this is a slip of the pen
SURE = 0.75  #: a reading with less confidence is shown to a person (see domain/reading/confidence.py)


class Doubt(StrEnum):
    """Why a directive needs a look."""

    NO_LEAD = "no_lead"
    UNKNOWN_LEAD = "unknown_lead"
    GONE = "gone"  #: a lead that did not exist on the day of issue
    FAR = "far"
    IMPOSSIBLE_DATE = "impossible_date"
    PAST = "past"
    UNSURE = "unsure"
    NEWS = "news"


UNDECIDABLE = (Doubt.NO_LEAD, Doubt.UNKNOWN_LEAD, Doubt.FAR)  #: nothing can be assumed in their place


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A directive with its doubts, and the leads that the registry does not know."""

    place: int  #: in the draft
    directive: DraftDirective
    doubts: tuple[Doubt, ...]
    unknown: tuple[str, ...] = field(default=())

    @property
    def blocks(self) -> bool:
        """Whether filing would refuse it."""
        return any(doubt in UNDECIDABLE for doubt in self.doubts)


def doubtful(draft: Draft, registry: Registry, *, news: bool = False) -> list[Doubtful]:
    """The directives that need a look: those that filing would refuse, then the least confident first.

    `news`: every one does, nothing of it is signed.
    """
    found = [_doubtful(n, one, registry, draft.issued_on, news) for n, one in enumerate(draft.directives)]
    return sorted((one for one in found if one.doubts), key=_urgency)


def doubts_of(directive: DraftDirective, registry: Registry, issued_on: date | None) -> Doubtful:
    """The doubts about one directive, as it stands."""
    return _doubtful(0, directive, registry, issued_on, news=False)


def _urgency(one: Doubtful) -> tuple[bool, float, int]:
    sure = one.directive.confidence
    return not one.blocks, (1.0 if sure is None else sure), one.place


def _doubtful(place: int, one: DraftDirective, registry: Registry, issued_on: date | None, news: bool) -> Doubtful:
    leads = {name: registry.find(name, issued_on) for name in one.lead}
    unknown = tuple(name for name, entry in leads.items() if entry is None)
    due = one.deadline.due_before
    found = {
        Doubt.NO_LEAD: one.tracked and not one.lead,
        Doubt.UNKNOWN_LEAD: bool(unknown),
        Doubt.GONE: any(entry is not None and not entry.exists(issued_on) for entry in leads.values()),
        Doubt.FAR: bool(due and issued_on and abs(due.year - issued_on.year) > FARTHEST_YEARS),
        Doubt.IMPOSSIBLE_DATE: one.deadline.kind is DeadlineKind.DATE and due is None,
        Doubt.PAST: bool(due and issued_on and due.date() <= issued_on),
        Doubt.UNSURE: one.confidence is not None and one.confidence < SURE,
        Doubt.NEWS: news,
    }
    return Doubtful(place, one, tuple(doubt for doubt, there in found.items() if there), unknown)
