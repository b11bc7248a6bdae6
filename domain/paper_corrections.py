"""Corrections of a draft as a form sends them, and reading a text again without losing them. Stores nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.corrections import confirmed, for_information, with_cooperating, with_last_day, with_leads
from domain.deadlines import last_day
from domain.desk import draft_of
from domain.drafts import Authority, Draft, DraftDirective
from domain.errors import Refusal
from domain.names import Registry
from domain.paperwork import Work
from domain.reading import Document

LONGEST_DIRECTIVE = 20_000  #: characters of a directive that somebody adds
MOST_NAMES = 200  #: bodies of one directive


class Bound(StrEnum):
    """What somebody says about a deadline."""

    KEEP = "keep"
    DAY = "day"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A directive as somebody wants it."""

    leads: tuple[str, ...]
    cooperating: tuple[str, ...]
    tracked: bool
    bound: Bound = Bound.KEEP
    day: date | None = None  #: the last day in time


def names_in(fields: Iterable[str]) -> tuple[str, ...]:
    """Names as they were typed: one a field, or several with semicolons between them, each once."""
    names = (" ".join(name.split()) for field in fields for name in field.split(";"))
    found = tuple(dict.fromkeys(name for name in names if name))
    if len(found) > MOST_NAMES or any(len(name) > 300 for name in found):
        raise Refusal("web_filing.refused.names")
    return found


def corrected(one: DraftDirective, wanted: Wanted, registry: Registry, on: date | None) -> DraftDirective:
    """The directive with what differs changed; what somebody left as it was stays as it was read."""
    leads = [entry.name if (entry := registry.find(name, on)) else name for name in wanted.leads]
    if list(dict.fromkeys(leads)) != one.lead:
        one = with_leads(one, leads)
    helpers = [registry.canonical(name, on) for name in wanted.cooperating]
    if list(dict.fromkeys(helpers)) != one.cooperating:
        one = with_cooperating(one, helpers)
    if wanted.bound is Bound.NONE:
        one = with_last_day(one, None)
    elif wanted.bound is Bound.DAY and wanted.day != shown_day(one):
        one = with_last_day(one, wanted.day)
    if wanted.tracked != one.tracked:
        one = for_information(one)
    return one


def shown_day(one: DraftDirective) -> date | None:
    """The last day in time, where there is one."""
    return last_day(one.deadline.due_before) if one.deadline.due_before else None


def meant(draft: Draft, unknown: str, name: str) -> Draft:
    """The draft where a name that nobody knows is another one, wherever it leads."""
    return draft.model_copy(update={"directives": [_meant(one, unknown, name) for one in draft.directives]})


def _meant(one: DraftDirective, unknown: str, name: str) -> DraftDirective:
    """Only the name is settled by this: how sure the rest was read stays."""
    if unknown not in one.lead:
        return one
    led = with_leads(one, [name if lead == unknown else lead for lead in one.lead])
    return led.model_copy(update={"confidence": one.confidence, "reasons": one.reasons})


def with_added(work: Work, words: str, wanted: Wanted) -> Draft:
    """The draft with a directive that was missed, where its words stand in the text; else at the end.

    Raises Refusal for no words, or too many.
    """
    words = words.strip()
    if not words or len(words) > LONGEST_DIRECTIVE:
        raise Refusal("web_filing.refused.no_words", most=LONGEST_DIRECTIVE)
    place = where(work.paper.text, words)
    text = work.paper.text[slice(*place)] if place else words
    new = DraftDirective(path=_free_path(work.draft.directives), text=text)
    if place:
        new = new.model_copy(update={"start": place[0], "end": place[1]})
    new = corrected(new, wanted, work.registry, work.draft.issued_on)
    asked = any((entry := work.registry.find(name)) and entry.request_only for name in new.lead)
    new = new.model_copy(update={"authority": Authority.REQUEST if asked else Authority.ORDER})
    return work.draft.model_copy(update={"directives": _put_in(work.draft.directives, new)})


def where(text: str, words: str) -> tuple[int, int] | None:
    """Where the words stand in the text, however the blanks between them are written."""
    parts = words.split()
    if not parts:
        return None
    found = re.compile(r"\s+".join(map(re.escape, parts))).search(text)
    return found.span() if found else None


def _free_path(directives: Sequence[DraftDirective]) -> str:
    paths = {one.path for one in directives}
    return next(path for n in range(1, len(paths) + 2) if (path := f"bs{n}") not in paths)


def _put_in(directives: Sequence[DraftDirective], new: DraftDirective) -> list[DraftDirective]:
    """In the order of the text."""
    if new.start is None:
        return [*directives, new]
    before = [n for n, one in enumerate(directives) if one.start is not None and one.start <= new.start]
    place = before[-1] + 1 if before else 0
    return [*directives[:place], new, *directives[place:]]


def read_again(work: Work, number: str | None, issued_on: date | None) -> Draft:
    """What the text says with another number or day of issue, with everything that somebody corrected kept.

    A year that stands nowhere, and every period that is counted from the notice, hang on its day.
    """
    then, now = _read(work, work.draft.number, work.draft.issued_on), _read(work, number, issued_on)
    before, after = _by_path(then), _by_path(now)
    kept = [_newer(one, before.get(one.path), after.get(one.path)) for one in work.draft.directives]
    new = [one for path, one in after.items() if path not in before]
    for one in new:
        kept = _put_in(kept, one)
    other = [warning for warning in work.draft.warnings if warning not in then.warnings]
    changes = {"number": number, "issued_on": issued_on, "directives": kept, "warnings": [*other, *now.warnings]}
    if work.draft.meeting_on == then.meeting_on:
        changes["meeting_on"] = now.meeting_on
    return work.draft.model_copy(update=changes)


def as_first_read(work: Work) -> Draft:
    """What the text says, without anything that somebody corrected; number and day of issue stay."""
    read = _read(work, work.draft.number, work.draft.issued_on)
    return read.model_copy(update={"document_kind": work.draft.document_kind, "title": work.draft.title or read.title})


def _read(work: Work, number: str | None, issued_on: date | None) -> Draft:
    source = work.draft.source
    name, digest = (source.name, source.sha256) if source else (work.paper.name, "")
    return draft_of(Document(work.paper.text, name, digest), work.reader, number, issued_on)


def _by_path(draft: Draft) -> dict[str, DraftDirective]:
    return {one.path: one for one in draft.directives}


def _newer(one: DraftDirective, before: DraftDirective | None, after: DraftDirective | None) -> DraftDirective:
    """What was only read is read anew; what somebody corrected stays."""
    if before is None or after is None or after.text != one.text:
        return one
    if one == before:
        return after
    return confirmed(after) if one == confirmed(before) else one


class DayNote(StrEnum):
    """What a person should know of a last day."""

    DAY_OFF = "day_off"
    PAST = "past"  #: before the notice itself


def day_notes(one: DraftDirective, work: Work) -> list[DayNote]:
    """What a person should know of the last day of a directive; nothing where there is none."""
    day, issued = shown_day(one), work.draft.issued_on
    if day is None:
        return []
    off, past = not work.reader.calendar.is_working(day), issued is not None and day < issued
    return [note for note, there in ((DayNote.DAY_OFF, off), (DayNote.PAST, past)) if there]
