"""What the page of a paper shows: its directives as rows, its text with what was found marked in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from config.words import say
from domain.agencies import nearest
from domain.doubts import SURE, Doubt, Doubtful, doubtful
from domain.drafts import DeadlineKind, DraftDeadline, DraftDirective
from domain.paper_corrections import DayNote, day_notes, shown_day
from domain.paperwork import Work
from notifications.wording import deadline_words
from web.marked_text import plain

ROWS = 40  #: directives on one page
MOST_UNKNOWN = 5  #: unknown names for which something alike is looked for
LONGEST_WORDS = 420  #: characters of a directive in its row


@dataclass(frozen=True, slots=True)
class Unknown:
    """A lead that the registry does not know, and the bodies that are spelt alike."""

    name: str
    alike: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A directive as the desk shows it."""

    place: int
    one: DraftDirective
    words: str
    bound: str  #: by when, in words
    day: date | None  #: the last day in time
    doubts: tuple[Doubt, ...]
    unknown: tuple[str, ...]
    blocks: bool
    seen: bool
    notes: tuple[DayNote, ...]  #: about the last day
    marked: bool  #: whether it has a place of its own in the text

    @property
    def needs(self) -> bool:
        """Whether somebody has to look at it."""
        return self.blocks or (bool(self.doubts) and not self.seen)

    @property
    def percent(self) -> int | None:
        """How sure the reading is; None where a person has looked at it."""
        return None if self.one.confidence is None else round(100 * self.one.confidence)

    @property
    def sure(self) -> bool:
        """Whether the reading is sure enough."""
        return self.one.confidence is None or self.one.confidence >= SURE


def rows_of(work: Work, marked: Collection[int]) -> list[Row]:
    """Every directive: those that need a look first, the least confident first; the others as the text has them."""
    found = {one.place: one for one in doubtful(work.draft, work.registry, news=work.is_news)}
    order = {place: n for n, place in enumerate(found)}
    rows = [_row(work, place, one, found.get(place), marked) for place, one in enumerate(work.draft.directives)]
    return sorted(rows, key=lambda row: (not row.needs, order.get(row.place, 0) if row.needs else row.place))


def _row(work: Work, place: int, one: DraftDirective, doubts: Doubtful | None, marked: Collection[int]) -> Row:
    return Row(
        place=place,
        one=one,
        words=_shortened(one.text),
        bound=bound_words(one.deadline),
        day=shown_day(one),
        doubts=doubts.doubts if doubts else (),
        unknown=doubts.unknown if doubts else (),
        blocks=doubts.blocks if doubts else False,
        seen=one.path in work.paper.seen,
        notes=tuple(day_notes(one, work)),
        marked=place in marked,
    )


def unknown_of(work: Work, row: Row) -> list[Unknown]:
    """The unknown leads of the row that is being corrected, each with what may be meant."""
    on = work.draft.issued_on
    return [
        Unknown(name, tuple(entry.name for entry in nearest(work.registry, name, on)))
        for name in row.unknown[:MOST_UNKNOWN]
    ]


def bound_words(deadline: DraftDeadline) -> str:
    """By when, in words; empty where nothing is said about time."""
    phrase = plain(" ".join((deadline.phrase or "").split()))
    if deadline.due_before is not None:
        return deadline_words(deadline.due_before)
    if deadline.waits_for is not None:
        return say("web_filing.bound.waits", event=plain(deadline.waits_for.event))
    if deadline.kind is DeadlineKind.NONE:
        return say("web_filing.bound.no_day", phrase=phrase) if phrase else ""
    return say(f"web_filing.bound.{deadline.kind}", phrase=phrase)


def _shortened(text: str) -> str:
    line = plain(" ".join(text[: 4 * LONGEST_WORDS].split()))
    return line if len(line) <= LONGEST_WORDS else line[:LONGEST_WORDS].rsplit(" ", 1)[0] + "…"
