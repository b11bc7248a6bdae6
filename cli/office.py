"""The office itself: making it, its agencies, its settings, its audit trail."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import col, select

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.modes import diverted_to, mode_words
from cli.serving import has_accounts
from config.clock import wall_clock
from config.settings import Settings, load_settings
from config.words import say, say_with
from domain.agencies import (
    PLACEHOLDER_DOMAIN,
    Agency,
    Contact,
    contacts_of,
    find_agency,
    head_of,
    new_body,
    register,
    registry_of,
)
from domain.audit import AuditEntry, first_broken
from domain.errors import Refusal
from domain.founding import found_office, open_ledger
from domain.keys import key
from domain.names import RegistryEntry
from domain.offices import Office, the_office
from domain.people import officials_of, replace_contact
from domain.policy import Role

app = typer.Typer()
agencies_app = typer.Typer(help=say("cli.agencies.help"), invoke_without_command=True)
NOWHERE = ".example"  #: what ends an address that reaches nobody (RFC 2606)
audit_app = typer.Typer(help=say("cli.audit.help"), no_args_is_help=True)
app.add_typer(agencies_app, name="agencies")
app.add_typer(audit_app, name="audit")


@app.command("init", help=say("cli.init.help"))
def init(name: Annotated[str, typer.Option(help=say("cli.init.name"))] = "") -> None:
    """Makes an office in the home folder; doing it again leaves it as it is."""
    settings = load_settings()
    ledger, made = found_office(settings, wall_clock, name=name or say("cli.init.default_name"))
    console().print(say("cli.init.made" if made else "cli.init.there", home=settings.home))
    with ledger.look() as session:
        words = mode_words(the_office(session, ledger.office_id), settings)
    console().print(words, markup=False, soft_wrap=True)


@app.command("doctor", help=say("cli.doctor.help"))
def doctor(as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False) -> None:
    """Lists every setting with its value, and says what is amiss."""
    settings = load_settings()
    values = {f"DONDOC_{name.upper()}": str(getattr(settings, name)) for name in type(settings).model_fields}
    values["DONDOC_DATABASE_URL"] = _without_password(settings.ledger_url)
    row, findings = _office_row(settings), _findings(settings)
    if as_json:
        print_json({"settings": values, "sending": row.sending if row else None, "findings": findings})
        return
    table = Table("", "")
    for name, value in values.items():
        table.add_row(name, value)
    console().print(table)
    if row:
        console().print(mode_words(row, settings), markup=False, soft_wrap=True)
    for line in findings or [say("cli.doctor.fine")]:
        console().print(line, markup=False)


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:***@{tail}" if at and ":" in head.partition("://")[2] else url


def _office_row(settings: Settings) -> Office | None:
    """The office, where there is one."""
    try:
        ledger = open_ledger(settings, wall_clock)
    except Refusal:
        return None
    with ledger.look() as session:
        return the_office(session, ledger.office_id)


def _findings(settings: Settings) -> list[str]:
    """What somebody should look at, a line each."""
    from notifications.findings import channel_findings  # the other commands of this file need no channel

    try:
        ledger = open_ledger(settings, wall_clock)
    except Refusal as refusal:
        return [say_with(refusal.code, refusal.params)]
    found = []
    with ledger.look() as session:
        row = the_office(session, ledger.office_id)
        nobodies = [one for one in officials_of(session, ledger.office_id) if one.address.endswith(NOWHERE)]
        placeholders = session.exec(
            select(Contact).where(col(Contact.address).endswith("@" + PLACEHOLDER_DOMAIN))
        ).all()
    found += channel_findings(ledger, settings)
    if not has_accounts(ledger):
        found.append(say("cli.doctor.no_account"))
    if not settings.smtp_url.get_secret_value():
        return [*found, say("cli.doctor.maildir", folder=settings.mail_folder)]
    if not settings.public_url:
        found.append(say("cli.doctor.no_public_url", address=settings.base_url))
    elif settings.public_url.startswith("http://"):
        found.append(say("cli.doctor.not_https", address=settings.public_url))
    if placeholders:
        found.append(say("cli.doctor.placeholders", count=len(placeholders)))
    if nobodies:
        found.append(say("desk.people.placeholders", count=len(nobodies)))
    if (address := diverted_to(row, settings)).endswith(NOWHERE):
        found.append(say("desk.sending.no_mailbox", address=address))
    return found


@agencies_app.callback()
def list_agencies(
    ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False
) -> None:
    """Lists the registry when no subcommand is given."""
    if ctx.invoked_subcommand:
        return
    _, ledger = office()
    with ledger.look() as session:
        registry = registry_of(session, ledger.office_id)
        rows = session.exec(select(Agency).where(Agency.office_id == ledger.office_id).order_by(col(Agency.id))).all()
        contacts = contacts_of(session, [key(row.id) for row in rows])
    addresses = {row.name: contacts[who].address for row in rows if (who := (key(row.id), Role.OFFICER)) in contacts}
    if as_json:
        print_json([_entry_json(entry, addresses.get(entry.name)) for entry in registry.entries])
        return
    table = Table(*(say(f"cli.agencies.column.{name}") for name in ("name", "aliases", "address")))
    for entry in registry.entries:
        members = say("cli.agencies.members", count=len(entry.members)) if entry.kind == "group" else ""
        cells = (entry.name, ", ".join(entry.aliases[:4]), members or addresses.get(entry.name) or "—")
        table.add_row(*map(escape, cells))
    console().print(table)


def _entry_json(entry: RegistryEntry, address: str | None) -> dict[str, object]:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "level": entry.level,
        "aliases": list(entry.aliases),
        "members": list(entry.members),
        "address": address,
    }


@agencies_app.command("add", help=say("cli.agencies.add_help"))
def add(
    name: Annotated[str, typer.Argument(help=say("cli.agencies.name"))],
    alias: Annotated[list[str] | None, typer.Option(help=say("cli.agencies.alias"))] = None,
    email: Annotated[str | None, typer.Option(help=say("cli.agencies.email"))] = None,
) -> None:
    """Adds a body that the registry does not know."""
    _, ledger = office()
    entry = new_body(name, alias or ())
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        register(change, entry, email)
    console().print(say("cli.agencies.added", name=entry.name), markup=False)


@agencies_app.command("contact", help=say("cli.agencies.contact_help"))
def contact(
    name: Annotated[str, typer.Argument(help=say("cli.agencies.name"))],
    email: Annotated[str, typer.Option(help=say("cli.agencies.email"))],
    head: Annotated[bool, typer.Option("--head", help=say("cli.agencies.head"))] = False,
    person: Annotated[str, typer.Option(help=say("cli.agencies.person"))] = "",
) -> None:
    """Sets whom to write to at an agency."""
    _, ledger = office()
    role = Role.HEAD if head else Role.OFFICER
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        agency = find_agency(change.session, ledger.office_id, name)
        called = person or (head_of(agency.name) if head else agency.name)
        replace_contact(change, agency, role, called, email)
    console().print(say("cli.agencies.contact_set", name=agency.name, address=email), markup=False)


@audit_app.callback()
def audit() -> None:
    """The audit trail."""


@audit_app.command("verify", help=say("cli.audit.verify_help"))
def verify(as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False) -> None:
    """Checks the whole chain; exit code 1 when it is broken."""
    _, ledger = office()
    with ledger.look() as session:
        broken = first_broken(session, ledger.office_id)
        count = len(session.exec(select(AuditEntry.id).where(AuditEntry.office_id == ledger.office_id)).all())
    if as_json:
        print_json({"entries": count, "first_broken": broken})
    else:
        console().print(say("cli.audit.broken", seq=broken) if broken else say("cli.audit.whole", count=count))
    raise typer.Exit(1 if broken else 0)
