"""Events that deadlines wait for: which there are, and saying when one happens."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import the_conclusion
from config.words import say
from domain.agencies import agency_names
from domain.conclusions import Conclusion, Directive
from domain.errors import Refusal
from domain.events import Awaited, Bound, about, awaited, parse_happening, supply
from domain.instants import iso
from domain.planning import one_followed
from flows.following import follow
from notifications.wording import deadline_words, moment_words

app = typer.Typer()
event_app = typer.Typer(help=say("cli.event.help"), invoke_without_command=True)
app.add_typer(event_app, name="event")
LONGEST_ID = 9  #: digits


@event_app.callback()
def event_(context: typer.Context) -> None:
    """Lists what waits when no subcommand is given."""
    if context.invoked_subcommand is None:
        _list(everything=False, as_json=False)


@event_app.command("list", help=say("cli.event.list_help"))
def list_(
    everything: Annotated[bool, typer.Option("--all", help=say("cli.event.all"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    """The deadlines that wait for an event."""
    _list(everything=everything, as_json=as_json)


def _list(*, everything: bool, as_json: bool) -> None:
    _, ledger = office()
    with ledger.look() as session:
        found = [one for one in awaited(session, ledger.office_id) if everything or not one.is_supplied]
        names = agency_names(session, ledger.office_id)
    if as_json:
        print_json([_json(one, names) for one in found])
    elif not found:
        console().print(say("cli.event.none"))
    else:
        console().print(_table(found, names))


def _json(one: Awaited, names: dict[int, str]) -> dict[str, object]:
    return {
        "conclusion": one.conclusion.number,
        "path": one.directive.path,
        "event": one.wait.event,
        "phrase": one.directive.phrase,
        "obligations": [work.obligation.id for work in one.works],
        "agencies": [names[work.obligation.agency_id] for work in one.works],
        "event_at": iso(one.directive.event_at),
        "due_before": iso(one.directive.due_before),
    }


def _table(found: list[Awaited], names: dict[int, str]) -> Table:
    columns = ("source", "event", "obligations", "bound")
    table = Table(*(say(f"cli.event.column.{name}") for name in columns), show_lines=True)
    for one in found:
        answering = ", ".join(f"{work.obligation.id} {names[work.obligation.agency_id]}" for work in one.works)
        bound = _bound_words(one) if one.is_supplied else say("cli.event.waits")
        phrase = " ".join((one.directive.phrase or "").split())
        event = f"{one.wait.event}\n({phrase})" if phrase else one.wait.event
        cells = (f"{one.conclusion.number} · {one.directive.path}", event, answering, bound)
        table.add_row(*(escape(cell) for cell in cells))
    return table


def _bound_words(one: Awaited) -> str:
    at = one.directive.event_at
    return f"{moment_words(at) if at else ''} → {deadline_words(one.directive.due_before)}"


@event_app.command("supply", help=say("cli.event.supply_help"))
def supply_(
    what: Annotated[list[str], typer.Argument(help=say("cli.event.what"), metavar=say("cli.event.metavar"))],
    on: Annotated[str, typer.Option("--on", help=say("cli.event.on"))],
    event: Annotated[str | None, typer.Option("--event", help=say("cli.event.event"))] = None,
    note: Annotated[str, typer.Option("--note", help=say("cli.event.note"))] = "",
    now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None,
) -> None:
    """Says when an event happens; the deadlines that wait for it get their bound."""
    happening = parse_happening(on)
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        found = {one.directive.id: one for words in what for one in _named(change.session, ledger.office_id, words)}
        bounds = supply(change, about(found.values(), event), happening, note)
    for bound in bounds:
        console().print(_line(bound), markup=False, soft_wrap=True)
    for conclusion in {one.awaited.conclusion.id: one.awaited.conclusion for one in bounds if one.changed}.values():
        console().print(follow(settings, ledger, conclusion, moment), markup=False)


def _line(bound: Bound) -> str:
    words = "cli.event.supplied" if bound.changed else "cli.event.same"
    directive, conclusion = bound.awaited.directive, bound.awaited.conclusion
    deadline = deadline_words(bound.due_before)
    return say(words, number=conclusion.number, path=directive.path, deadline=deadline)


def _named(session: Session, office_id: int, words: str) -> list[Awaited]:
    """What waits in the conclusion of that number, or for the obligation of that id.

    Raises Refusal where there is no such thing, where it waits for nothing, and where two years have the number.
    """
    if words.isdecimal() and len(words) > LONGEST_ID:
        raise Refusal("errors.no_obligation", id=words)
    if words.isdecimal():
        directive = one_followed(session, office_id, int(words)).directive
        found = awaited(session, office_id, Directive.id == directive.id)
    else:
        found = awaited(session, office_id, Conclusion.id == the_conclusion(session, office_id, words).id)
    if not found:
        raise Refusal("errors.waits_for_nothing", words=words)
    return found
