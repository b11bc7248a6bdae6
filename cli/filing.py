"""Filing a notice: read, shown, asked where it is uncertain, stored; then its flow is started."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli.asking import Bodies, Days, asked, tell
from cli.at_work import actor, as_of, office
from cli.common import console
from cli.notices import load_draft, save_draft, show, the_reader
from cli.reviewing import Review
from config.words import say
from domain.agencies import register
from domain.conclusions import Conclusion
from domain.desk import Reader, draft_of
from domain.doubts import UNDECIDABLE, Doubtful, doubtful
from domain.drafts import Draft
from domain.errors import Refusal
from domain.filing import Notice, contents_digest, file_notice, identity, same_number
from domain.governed import NONE
from domain.instants import at
from domain.names import RegistryEntry
from domain.reading import Document, load_document
from domain.regulations import Regulation, find_regulation
from domain.store import Ledger
from domain.written import parse_day
from flows.following import follow

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller said on the command line."""

    number: str | None = None
    issued_on: date | None = None
    yes: bool = False
    save: Path | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A draft that may be filed, its text, and the bodies that the registry learns with it."""

    draft: Draft
    text: str | None = None
    added: tuple[RegistryEntry, ...] = ()


@app.command("file", help=say("cli.file.help"))
def file_(
    file: Annotated[Path, typer.Argument(help=say("cli.file.file"))],
    yes: Annotated[bool, typer.Option("--yes", help=say("cli.file.yes"))] = False,
    now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None,
    track_from: Annotated[str | None, typer.Option(help=say("cli.file.track_from"))] = None,
    number: Annotated[str | None, typer.Option(help=say("cli.read.number"))] = None,
    issued_on: Annotated[str | None, typer.Option(help=say("cli.read.issued_on"))] = None,
    ocr: Annotated[bool, typer.Option("--ocr", help=say("cli.read.ocr"))] = False,
    save: Annotated[Path | None, typer.Option("--save-draft", help=say("cli.file.save_draft"))] = None,
    regulation: Annotated[str | None, typer.Option("--regulation", help=say("review_cli.option.filed_under"))] = None,
) -> None:
    """Files a confirmed notice: read, shown, asked, stored; then its flow is started."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    start = at(parse_day(track_from)) if track_from else None
    if file.suffix.lower() == ".json":
        ready = Confirmed(load_draft(file))
    else:
        given = Given(number, parse_day(issued_on) if issued_on else None, yes, save)
        ready = _confirmed(ledger, load_document(file, ocr=ocr), given)
    with ledger.change(now=moment, actor=actor()) as change:
        for entry in ready.added:
            register(change, entry)
        under = _regulation(change.session, ledger.office_id, regulation)
        filed = file_notice(change, Notice(ready.draft, ready.text, start, under))
        governs = _governing(change.session, filed.conclusion)
    words = "cli.file.filed" if filed.is_new else "cli.file.there"
    console().print(
        say(words, number=filed.conclusion.number, id=filed.conclusion.id, obligations=filed.obligations), markup=False
    )
    if governs:
        console().print(say("review_cli.filed_under", number=governs), markup=False)
    console().print(follow(settings, ledger, filed.conclusion, moment), markup=False)


def _regulation(session: Session, office_id: int, words: str | None) -> int | None:
    """The regulation that the caller names; None: the one that the notice names itself."""
    if words is None:
        return None
    return NONE if words.casefold() in ("none", "khong", "không") else find_regulation(session, office_id, words).id


def _governing(session: Session, conclusion: Conclusion) -> str:
    row = session.get(Regulation, conclusion.regulation_id) if conclusion.regulation_id else None
    return row.number if row else ""


def _confirmed(ledger: Ledger, document: Document, given: Given) -> Confirmed:
    """What a person has confirmed of a document. Raises Refusal where nobody can be asked, Abort where they leave."""
    reader = the_reader()
    draft = draft_of(document, reader, given.number, given.issued_on)
    if not draft.directives:
        raise Refusal("errors.nothing_to_follow", file=document.name)
    news = _is_news(document, draft, reader, given)
    if given.yes:
        _refuse_what_needs_a_person(draft, reader, news=news)
        return Confirmed(draft, document.text)
    if not sys.stdin.isatty():
        raise Refusal("errors.needs_yes")
    given = _identified(draft, given)
    draft = draft_of(document, reader, given.number, given.issued_on)
    _tell_if_there(ledger, draft)
    return _asked(draft, document.text, reader, given, news=news)


def _is_news(document: Document, draft: Draft, reader: Reader, given: Given) -> bool:
    """Whether it is news about a meeting: a number that the caller gives does not make it a signed notice."""
    if given.number is not None:
        draft = draft_of(document, reader, None, given.issued_on)
    return draft.document_kind == "report"


def _refuse_what_needs_a_person(draft: Draft, reader: Reader, *, news: bool) -> None:
    """Raises Refusal for news, and for what cannot be assumed: a lead that is missing or unknown."""
    if news:
        raise Refusal("errors.news_needs_person")
    blocking = [one for one in doubtful(draft, reader.registry) if one.blocks]
    if blocking:
        items = "; ".join(_item(one) for one in sorted(blocking, key=lambda one: one.place))
        raise Refusal("errors.needs_decision", items=items)


def _item(one: Doubtful) -> str:
    why = [say(f"cli.ask.why.{doubt}", names=", ".join(one.unknown)) for doubt in one.doubts if doubt in UNDECIDABLE]
    return say("cli.ask.why.item", path=one.directive.path, why=", ".join(why))


def _identified(draft: Draft, given: Given) -> Given:
    """With the number and the day of issue, asked for where neither the document nor the caller gives them."""
    given = replace(given, number=given.number or draft.number, issued_on=given.issued_on or draft.issued_on)
    if given.issued_on is None:
        given = replace(given, issued_on=asked(say("cli.ask.issued_on"), parse_day))
    if given.number is None:
        given = replace(given, number=asked(say("cli.ask.number"), lambda words: _number(draft, words, given)))
    return given


def _number(draft: Draft, words: str, given: Given) -> str:
    return identity(draft.model_copy(update={"number": words, "issued_on": given.issued_on}))[0]


def _tell_if_there(ledger: Ledger, draft: Draft) -> None:
    """A number that the ledger has already is said before the person answers for nothing."""
    number, issued_on = identity(draft)
    with ledger.look() as session:
        there = same_number(session, ledger.office_id, number, issued_on)
    if there is not None and there.contents_sha256 != contents_digest(draft):
        tell(say("cli.ask.number_there", number=number, day=f"{there.issued_on:%d/%m/%Y}"))


def _asked(draft: Draft, text: str, reader: Reader, given: Given, *, news: bool) -> Confirmed:
    """Goes through what is uncertain, then shows the whole and asks once more."""
    review = Review(text, Bodies(reader.registry, draft.issued_on), Days(reader.calendar, draft.issued_on))
    uncertain = doubtful(draft, reader.registry, news=news)
    if uncertain:
        console().print(say("cli.ask.opening", count=len(uncertain), total=len(draft.directives)), markup=False)
        draft = review.of(draft, uncertain)
        if not draft.directives:
            raise Refusal("errors.no_directives")
        console().rule(say("cli.ask.whole"))
    if given.save:
        save_draft(draft, given.save)
    show(draft)
    _tell_changes(review)
    typer.confirm(say("cli.file.confirm"), abort=True)
    named = {name for one in draft.directives for name in one.lead}
    return Confirmed(draft, text, tuple(entry for entry in review.bodies.added if entry.name in named))


def _tell_changes(review: Review) -> None:
    added = [entry.name for entry in review.bodies.added]
    for name, what in (("corrected", review.corrected), ("dropped", review.dropped), ("added", added)):
        if what:
            console().print(say(f"cli.ask.{name}", what=", ".join(what)), markup=False)
