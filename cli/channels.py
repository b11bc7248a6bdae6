"""The channels: how each stands, trying one, stopping and starting, Zalo's consent, and codes that tie a chat."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now
from cli.reached import AtAgency, Somebody, somebody
from config.secret import secret_of
from config.settings import Settings
from config.words import say
from domain.errors import Refusal
from domain.instants import iso
from domain.offices import the_office
from notifications.channels import MAIL_CHANNELS, MAILDIR, channel_names
from notifications.channels.standing import ChannelStanding, channel_standings
from notifications.channels.trying import trial_letter, try_channel
from notifications.channels.zalo.consent import code_and_state, consent, consent_address, note_consent
from notifications.chat_codes import give_code
from notifications.stops import start_channel, stop_channel
from notifications.way_addresses import checked_address
from notifications.wording import channel_words, day_words, moment_words, plain_line

app = typer.Typer()
channel_app = typer.Typer(help=say("channels.help"), no_args_is_help=True)
app.add_typer(channel_app, name="channel")
Name = Annotated[str, typer.Argument(metavar="NAME", help=say("channels.option.name"))]
FAILED = 1  #: exit code of a check that did not go well


def _known(settings: Settings, name: str) -> str:
    """The channel's name. Raises Refusal for one that is none."""
    if name not in channel_names(settings):
        raise Refusal("channels.refused.unknown", name=name[:40], known=", ".join(channel_names(settings)))
    return name


@channel_app.command("list", help=say("channels.list.help"))
def list_(as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False) -> None:
    """How each channel stands."""
    settings, ledger = office()
    rows = channel_standings(ledger, settings)
    if as_json:
        print_json([_json(one) for one in rows])
        return
    table = Table(*(say(f"channels.column.{name}") for name in ("name", "state", "consent", "waiting", "lost")))
    for one in rows:
        ends = day_words(one.consent_ends.date()) if one.consent_ends else "–"
        cells = (f"{channel_words(one.name)} ({one.name})", _state(one), ends, str(one.waiting), str(one.lost))
        table.add_row(*(escape(cell) for cell in cells))
    console().print(table)


def _state(one: ChannelStanding) -> str:
    if one.lacking:
        return say("channels.state.lacking", names=", ".join(f"DONDOC_{name.upper()}" for name in one.lacking))
    if one.stop is not None:
        return say("channels.state.stopped", since=moment_words(one.stop.since), why=plain_line(one.stop.why))
    return one.trouble or say("channels.state.ready")


def _json(one: ChannelStanding) -> dict[str, object]:
    return {
        "name": one.name,
        "usable": one.is_usable,
        "lacking": [f"DONDOC_{name.upper()}" for name in one.lacking],
        "trouble": one.trouble,
        "stopped_since": iso(one.stop.since) if one.stop else None,
        "stopped_why": one.stop.why if one.stop else "",
        "consent_ends": iso(one.consent_ends),
        "waiting": one.waiting,
        "lost": one.lost,
    }


@channel_app.command("check", help=say("channels.check.help_text"))
def check(
    name: Name, to: Annotated[str, typer.Option("--to", help=say("channels.option.to"))] = "", now: Now = None
) -> None:
    """Tries a channel against the real service."""
    settings, ledger = office()
    channel = _known(settings, name)
    address = to if not to or channel in MAIL_CHANNELS else checked_address(settings, channel, to, "")
    with ledger.look() as session:
        row = the_office(session, ledger.office_id)
    if row.simulated and channel != MAILDIR:
        raise Refusal("channels.refused.simulated")
    letter = trial_letter(settings, row.name, address, as_of(ledger, now))
    done = try_channel(ledger, settings, channel, letter)
    for line in done.lines:
        console().print(line, markup=False, soft_wrap=True)
    if not done.went_well:
        raise typer.Exit(FAILED)


@channel_app.command("stop", help=say("channels.stop.help"))
def stop(name: Name, reason: Annotated[str, typer.Option("--reason", help=say("acts.reason"))]) -> None:
    """A channel stands still; what waits for it goes by the recipient's next way."""
    settings, ledger = office()
    channel = _known(settings, name)
    if channel in MAIL_CHANNELS:
        raise Refusal("channels.refused.mail")
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        changed = stop_channel(change, channel, reason)
    words = "channels.stop.line" if changed else "channels.stop.already"
    console().print(say(words, channel=channel), markup=False)


@channel_app.command("start", help=say("channels.start.help"))
def start(name: Name) -> None:
    """A channel sends again."""
    settings, ledger = office()
    channel = _known(settings, name)
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        changed = start_channel(change, channel)
    words = "channels.start.line" if changed else "channels.start.already"
    console().print(say(words, channel=channel), markup=False)


@channel_app.command("consent", help=say("channels.consent.help"))
def consent_(
    code: Annotated[str, typer.Option("--code", help=say("channels.option.code"))] = "",
    state: Annotated[str, typer.Option("--state", help=say("channels.option.state"))] = "",
) -> None:
    """Prints where the Official Account's administrator consents, or takes the answer."""
    settings, ledger = office()
    moment = as_of(ledger, None)
    if not code:
        console().print(say("channels.consent.go_there"), markup=False, soft_wrap=True)
        console().print(consent_address(settings, moment), markup=False, soft_wrap=True)
        return
    tokens = consent(ledger, settings, *code_and_state(code, state), moment)
    with ledger.change(now=moment, actor=actor()) as change:
        note_consent(change, tokens)
    ends = day_words(tokens.consent_ends.date())
    console().print(say("channels.consent.stored", ends=ends), markup=False, soft_wrap=True)


@channel_app.command("code", help=say("channels.code.help"))
def code_(who: Somebody, role: AtAgency = "", now: Now = None) -> None:
    """Makes a one-time code; it is shown this once."""
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        person = somebody(change.session, ledger.office_id, who, role)
        code, ends = give_code(change, person.key, secret_of(settings))
        row = the_office(change.session, ledger.office_id)
    shown = f"{code[:4]}-{code[4:]}"
    words = say(
        "channels.code.tell",
        code=shown,
        name=plain_line(person.name),
        office=plain_line(row.name),
        ends=moment_words(ends),
    )
    console().print(words, markup=False, soft_wrap=True)
