"""What is said: the items of one message, and its subject and bodies from the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from config.words import say
from domain.conclusions import ConclusionKind
from domain.deadlines import first_late_day, last_day
from domain.instants import local
from domain.moments import FOR_OFFICE, Kind
from notifications.filling import NAMES, fill
from notifications.outbox import LINK
from notifications.wording import bound_words, day_words, deadline_words, document_words, plain_line, quoted

LONGEST_SUBJECT = 200  #: characters; a header holds more, no reader does
MOST_NAMED = 20  #: pieces of work that one message names; the rest it counts
#: Most serious first: the order of a message's parts, and what its subject speaks of.
ORDER = (
    Kind.APPROVE,
    Kind.UNREACHED,
    Kind.ESCALATE,
    Kind.OVERDUE,
    Kind.REJECTED,
    Kind.INSISTED,
    Kind.DUE,
    Kind.REMIND,
    Kind.ASSIGN,
    Kind.CORRECTED,
    Kind.EXTENDED,
    Kind.REFUSED,
    Kind.RELEASED,
    Kind.ASK,
    Kind.LAPSE,
    Kind.REQUEST_STATUS,
    Kind.VERIFY,
    Kind.DECIDE,
    Kind.TAKE_BACK,
    Kind.STALE,
)


SPECIAL = {Kind.RELEASED: "released", Kind.UNREACHED: "unreached"}  #: kinds that close in a way of their own


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work that a message speaks of."""

    kind: Kind
    step: int
    number: str
    issued_on: date
    path: str
    text: str
    agency: str
    due_before: datetime | None
    request: bool  #: asked, not ordered
    tracked: bool
    to_agency: bool = True  #: the recipient is at the agency itself, not above it
    helping: bool = False  #: the recipient co-operates, and another leads
    note: str = ""  #: the reason that somebody gave
    id: int = 0  #: the obligation, as the office calls it
    document: str = ConclusionKind.NOTICE  #: what it stands in


@dataclass(frozen=True, slots=True)
class Setting:
    """Who speaks, when, in which language, and what an answer needs."""

    office: str
    now: datetime
    language: str
    answers: bool = False  #: the message names the link by which its recipient answers
    whom_to_ask: str = ""  #: who at the office knows more
    pages: str = ""  #: where the office's own people see everything
    quotes_in_chats: bool = False  #: a chat carries the directives' words too
    templates: Path | None = None  #: the office's own templates, which come before those that are built in


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready for the outbox."""

    kind: Kind
    subject: str
    text: str
    html: str
    brief: str  #: for a chat
    facts: Mapping[str, str]  #: for a template that a service approved beforehand


def render(recipient: str, items: Sequence[Item], setting: Setting) -> Rendered:
    """One message that says everything this recipient is told in one round, most serious first.

    It names the first twenty pieces of work and counts the rest.
    """
    ordered = sorted(items, key=_place)
    context = context_of(recipient, items, setting)
    names = (f"{setting.language}/{name}" for name in NAMES)
    text, html, brief = (fill(name, context, setting.templates) for name in names)
    facts = _facts(ordered, setting)
    return Rendered(ordered[0].kind, str(context["subject"]), text, html, brief.strip(), facts)


def context_of(recipient: str, items: Sequence[Item], setting: Setting) -> dict[str, object]:
    """What the templates are filled with; docs/templates.md names every field."""
    ordered = sorted(items, key=_place)
    lead, language, now = ordered[0], setting.language, setting.now
    named, rest = ordered[:MOST_NAMED], len(ordered[MOST_NAMED:])
    return {
        "recipient": plain_line(recipient),
        "office": plain_line(setting.office),
        "closing": _closing(lead, setting.office, language),
        "parts": [_part(voice, list(group), now, language) for voice, group in groupby(named, key=_voice)],
        "rest": say("messages.rest", language=language, count=rest) if rest else "",
        "link": LINK if setting.answers else "",
        "pages": "" if setting.answers or lead.to_agency else setting.pages,
        "whom_to_ask": setting.whom_to_ask,
        "today": day_words(local(now).date(), language),
        "subject": _subject(ordered, now, language),
        "quotes": setting.quotes_in_chats,
    }


def _facts(ordered: Sequence[Item], setting: Setting) -> dict[str, str]:
    """What a template of a service may fill in; its name picks the template."""
    lead, language = ordered[0], setting.language
    due = lead.due_before
    return {
        "kind": str(lead.kind),
        "what": _what(lead, setting.now, language),
        "number": plain_line(lead.number),
        "deadline": bound_words(due, language),
        "day": f"{last_day(due):%d/%m/%Y}" if due else "",
        "count": str(len(ordered)),
        "link": LINK if setting.answers else setting.pages,
        "office": plain_line(setting.office),
    }


def _closing(lead: Item, office: str, language: str) -> str:
    """What is asked in the end: a report of the agency, direction of those above it."""
    whose = "agency" if lead.to_agency else "owner" if lead.kind in FOR_OFFICE else "office"
    if lead.helping or lead.kind in SPECIAL:
        whose = "copy" if lead.helping else SPECIAL[lead.kind]
    return say(f"messages.closing.{whose}", language=language, office=plain_line(office))


def _place(item: Item) -> tuple[int, str, float, int, str, list[tuple[int, str]]]:
    """Most serious first, of these the most overdue; orders, requests and what is for information each together."""
    bound = item.due_before.timestamp() if item.due_before else float("inf")
    return ORDER.index(item.kind), _voice(item), bound, -item.step, item.number, _in_order(item.path)


def _in_order(path: str) -> list[tuple[int, str]]:
    """4.2 before 4.10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"[.\s]", path)]


def _voice(item: Item) -> str:
    """How an item is spoken of: a request is not an order, and an exhortation is for information."""
    if item.kind == Kind.ASSIGN and not item.tracked:
        return "assign_for_information"
    if item.helping:
        return f"{item.kind}_helping"
    if item.kind == Kind.ESCALATE and item.to_agency:
        return "escalate_agency"
    return f"{item.kind}_request" if item.request and item.kind in (Kind.ASSIGN, Kind.OVERDUE) else str(item.kind)


def _subject(ordered: Sequence[Item], now: datetime, language: str) -> str:
    lead = ordered[0]
    subject = say(
        "messages.subject.one",
        language=language,
        what=_what(lead, now, language),
        document=document_words(lead.document, language),
        number=plain_line(lead.number),
        path=plain_line(lead.path),
    )
    if len(ordered) > 1:
        subject = say("messages.subject.more", language=language, subject=subject, count=len(ordered) - 1)
    return subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"


def _what(item: Item, now: datetime, language: str) -> str:
    """The kind of news in a few words: an order or a request, due today or on the last working day before."""
    key = _voice(item)
    if item.kind == Kind.DUE and item.due_before and local(now).date() != last_day(item.due_before):
        key = "due_soon"
    return say(f"messages.what.{key}", language=language, step=item.step)


def _part(voice: str, items: list[Item], now: datetime, language: str) -> dict[str, object]:
    return {
        "serious": items[0].kind in (Kind.OVERDUE, Kind.ESCALATE) and not items[0].helping,
        "heading": say(f"messages.heading.{voice}", language=language, count=len(items)),
        "instruction": say(f"messages.instruction.{voice}", language=language),
        "items": [_row(item, now, language) for item in items],
    }


def _row(item: Item, now: datetime, language: str) -> dict[str, object]:
    return {
        "source": say(
            "messages.source",
            language=language,
            document=document_words(item.document, language),
            number=plain_line(item.number),
            day=day_words(item.issued_on, language),
            path=plain_line(item.path),
        ),
        "what": _what(item, now, language),
        "text": quoted(item.text),
        "agency": plain_line(item.agency),
        "deadline": deadline_words(item.due_before, language),
        "late": "" if item.kind == Kind.RELEASED else _late_words(item, now, language),
        "note": quoted(item.note) if item.note else "",
        "id": item.id if item.kind in FOR_OFFICE else 0,
    }


def _late_words(item: Item, now: datetime, language: str) -> str:
    """How many days late, counted on the calendar from the first late day; empty while in time."""
    if item.due_before is None or now < item.due_before:
        return ""
    days = local(now).date().toordinal() - first_late_day(item.due_before).toordinal() + 1
    return say("messages.late", language=language, days=days)
