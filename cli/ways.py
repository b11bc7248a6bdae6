"""By which ways somebody is reached: see them, put them in order, hours and language, and try one again."""

from __future__ import annotations

from datetime import time
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now
from cli.reached import AtAgency, Reached, Somebody, somebody
from config.words import LANGUAGES, say
from domain import ways
from domain.errors import Refusal
from domain.instants import iso
from domain.store import Change, Ledger
from domain.ways import NOTHING_WANTED, Route, Wanted
from notifications.way_addresses import parsed_ways, way_names, way_words
from notifications.wording import moment_words, plain_line

app = typer.Typer()
ANY = "any"  #: what takes a wish back


@app.command("ways", help=say("ways.help"))
def ways_(
    who: Somebody,
    role: AtAgency = "",
    order: Annotated[list[str] | None, typer.Option("--set", help=say("ways.option.set"))] = None,
    language: Annotated[str, typer.Option("--language", help=say("ways.option.language"))] = "",
    hours: Annotated[str, typer.Option("--hours", help=say("ways.option.hours"))] = "",
    good: Annotated[str, typer.Option("--good", help=say("ways.option.good"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
    now: Now = None,
) -> None:
    """Shows the ways of somebody, after changing what was asked for."""
    settings, ledger = office()
    with ledger.look() as session:
        person = somebody(session, ledger.office_id, who, role)
    chosen = parsed_ways(settings, person.address, order or [])
    if good and good not in way_names(settings):
        raise Refusal("channels.refused.unknown", name=good[:40], known=", ".join(way_names(settings)))
    if order or language or hours or good:
        with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
            for key in person.keys:
                if order:
                    ways.arrange(change, key, person.address, chosen)
                if language or hours:
                    ways.prefer(change, key, _wanted(change, key, language, hours))
                _mark_good(change, person, key, good)
    _show(ledger, person, as_json=as_json)


def _wanted(change: Change, person: str, language: str, hours: str) -> Wanted:
    """What somebody wished before, with what is asked for now. Raises Refusal for a language or hours that are none."""
    old = ways.preferences(change.session, change.office_id, [person]).get(person, NOTHING_WANTED)
    spoken = {"": old.language, ANY: ""}.get(language, language)
    if spoken not in ("", *LANGUAGES):
        raise Refusal("ways.refused.language", words=language[:20], known=", ".join((*LANGUAGES, ANY)))
    opens, closes = parsed_hours(hours) if hours else (old.opens, old.closes)
    return Wanted(spoken, opens, closes)


def parsed_hours(words: str) -> tuple[time | None, time | None]:
    """07:30-17:00, or "any". Raises Refusal for anything else."""
    if words.strip() == ANY:
        return None, None
    try:
        opens, closes = (time.fromisoformat(one.strip()) for one in words.replace("–", "-").split("-"))
    except ValueError:
        raise Refusal("ways.refused.hours") from None
    return opens, closes


def _mark_good(change: Change, person: Reached, key: str, channel: str) -> None:
    """Every address of a channel may be tried again."""
    found = ways.routes(change.session, change.office_id, {key: person.address})[key] if channel else ()
    for route in found:
        if route.channel == channel:
            ways.mark_good(change, key, route.channel, route.address)


def _show(ledger: Ledger, person: Reached, *, as_json: bool) -> None:
    with ledger.look() as session:
        routes = ways.routes(session, ledger.office_id, {person.key: person.address})[person.key]
        wanted = ways.preferences(session, ledger.office_id, [person.key]).get(person.key, NOTHING_WANTED)
    if as_json:
        print_json(_json(person, routes, wanted))
        return
    table = Table(*(say(f"ways.column.{name}") for name in ("place", "channel", "address", "state")))
    for place, one in enumerate(routes, start=1):
        cells = (str(place), f"{way_words(one.channel)} ({one.channel})", one.address, _state(one))
        table.add_row(*(escape(cell) for cell in cells))
    console().print(say("ways.title", name=plain_line(person.name)), markup=False)
    console().print(table)
    console().print(wishes(wanted), markup=False)


def _state(one: Route) -> str:
    if one.bad_since is None:
        return say("ways.state.good")
    return say("ways.state.bad", since=moment_words(one.bad_since), why=plain_line(one.bad_why))


def wishes(wanted: Wanted) -> str:
    """Language and hours in one line."""
    spoken = say(f"ways.language.{wanted.language or 'office'}")
    hours = f"{wanted.opens:%H:%M}–{wanted.closes:%H:%M}" if wanted.opens and wanted.closes else say("ways.hours.any")
    return say("ways.wishes", spoken=spoken, hours=hours)


def _json(person: Reached, routes: tuple[Route, ...], wanted: Wanted) -> dict[str, object]:
    return {
        "name": person.name,
        "person": list(person.keys),
        "ways": [
            {"channel": one.channel, "address": one.address, "bad_since": iso(one.bad_since), "why": one.bad_why}
            for one in routes
        ],
        "language": wanted.language,
        "hours": [f"{one:%H:%M}" for one in (wanted.opens, wanted.closes) if one],
    }
