"""The office's people: who fills which role, who looks after a notice, who stands in for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session, col, select

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now, the_conclusion
from config.words import say
from domain import people
from domain.agencies import Agency, Contact, contacts_of, find_agency
from domain.errors import Refusal
from domain.instants import local
from domain.keys import key
from domain.offices import Official
from domain.people import OFFICE_ROLES, Absence, person_of
from domain.policy import Role
from domain.written import parse_day
from notifications.wording import day_words, plain_line

app = typer.Typer()
people_app = typer.Typer(help=say("desk.people.help"), invoke_without_command=True)
app.add_typer(people_app, name="people")
Name = Annotated[str, typer.Option("--name", help=say("desk.people.name"))]
Email = Annotated[str, typer.Option("--email", help=say("desk.people.email"))]
Somebody = Annotated[str, typer.Argument(help=say("desk.people.who"))]
PerhapsSomebody = Annotated[str, typer.Argument(help=say("desk.people.who"))]
OfAgency = Annotated[str, typer.Option("--agency", help=say("desk.people.agency"))]
Head = Annotated[bool, typer.Option("--head", help=say("cli.agencies.head"))]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be on leave: every role of one official, or one contact of an agency."""

    name: str
    keys: tuple[str, ...]  #: "official:2", "contact:7"


def role_words(role: str) -> str:
    """A role as people say it."""
    return say(f"outlook.role.{role}")


def role_of(words: str) -> Role:
    """A role of the office. Raises Refusal for one that is none."""
    for role in OFFICE_ROLES:
        if words.strip().casefold() in (role, role_words(role).casefold()):
            return role
    raise Refusal("errors.no_role", words=words[:40], roles=", ".join(OFFICE_ROLES))


@people_app.callback()
def list_(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False
) -> None:
    """Lists the people when no subcommand is given."""
    if context.invoked_subcommand:
        return
    _, ledger = office()
    today = local(as_of(ledger, None)).date()
    with ledger.look() as session:
        rows = people.officials_of(session, ledger.office_id)
        leaves = [row for row in people.absences_of(session, ledger.office_id) if row.until >= today]
        contacts = _contact_names(session, leaves)
    if as_json:
        print_json({"people": [_json(one) for one in rows], "leave": [_leave_json(one) for one in leaves]})
        return
    console().print(_table(rows, leaves))
    for row in leaves:
        if row.person in contacts:
            console().print(_leave_line(contacts[row.person], row), markup=False)


def _table(rows: list[Official], leaves: list[Absence]) -> Table:
    table = Table(*(say(f"desk.people.column.{name}") for name in ("id", "role", "name", "address", "leave")))
    for one in rows:
        away = "; ".join(_leave(row) for row in leaves if row.person == person_of(one))
        cells = (str(one.id), role_words(one.role), plain_line(one.name), one.address, away)
        table.add_row(*(escape(cell) for cell in cells))
    return table


def _contact_names(session: Session, leaves: list[Absence]) -> dict[str, str]:
    """Person -> name, of the contacts of agencies that are on leave."""
    ids = [int(row.person.partition(":")[2]) for row in leaves if row.person.startswith("contact:")]
    return {person_of(row): row.name for row in session.exec(select(Contact).where(col(Contact.id).in_(ids)))}


def _leave(row: Absence) -> str:
    names = {"name": plain_line(row.name), "address": row.address}
    return say("desk.people.away", since=day_words(row.since), until=day_words(row.until), **names)


def _leave_line(name: str, row: Absence) -> str:
    return say("desk.people.leave_line", who=plain_line(name), leave=_leave(row))


def _json(one: Official) -> dict[str, object]:
    return {"id": one.id, "role": one.role, "name": one.name, "address": one.address}


def _leave_json(row: Absence) -> dict[str, object]:
    since, until = row.since.isoformat(), row.until.isoformat()
    return {"person": row.person, "since": since, "until": until, "name": row.name, "address": row.address}


@people_app.command("add", help=say("desk.people.add_help"))
def add(role: Annotated[str, typer.Option("--role", help=say("desk.people.role"))], name: Name, email: Email) -> None:
    """Adds somebody to a role."""
    chosen = role_of(role)
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        row = people.add_official(change, chosen, name, email)
    console().print(say("desk.people.added", name=row.name, role=role_words(chosen)), markup=False)


@people_app.command("set", help=say("desk.people.set_help"))
def set_(role: Annotated[str, typer.Argument(help=say("desk.people.role"))], name: Name, email: Email) -> None:
    """Somebody alone fills a role from now on."""
    chosen = role_of(role)
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        row = people.replace_officials(change, chosen, name, email)
    console().print(say("desk.people.set", name=row.name, role=role_words(chosen)), markup=False)


@people_app.command("remove", help=say("desk.people.remove_help"))
def remove(who: Somebody) -> None:
    """Takes somebody out of a role, by name out of every role."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        gone = people.find_officials(change.session, ledger.office_id, who)
        for row in gone:
            people.remove_official(change, row)
        left = {one.role for one in people.officials_of(change.session, ledger.office_id)}
    for row in gone:
        console().print(say("desk.people.removed", name=row.name, role=role_words(row.role)), markup=False)
        if row.role not in left:
            console().print(say("desk.people.nobody", role=role_words(row.role)), markup=False)


@people_app.command("leave", help=say("desk.people.leave_help"))
def leave(
    since: Annotated[str, typer.Option("--from", help=say("desk.people.since"))],
    until: Annotated[str, typer.Option("--until", help=say("desk.people.until"))],
    substitute: Annotated[str, typer.Option("--substitute", help=say("desk.people.substitute"))],
    who: PerhapsSomebody = "",
    email: Email = "",
    agency: OfAgency = "",
    head: Head = False,
) -> None:
    """Somebody is on leave, and another is written to."""
    first, last = parse_day(since), parse_day(until)
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        person = _person(change.session, ledger.office_id, who, agency, head=head)
        name, address = _stand_in(change.session, ledger.office_id, substitute, email)
        rows = [people.take_leave(change, one, first, last, name, address) for one in person.keys]
    console().print(_leave_line(person.name, rows[0]), markup=False)


@people_app.command("back", help=say("desk.people.back_help"))
def back(who: PerhapsSomebody = "", agency: OfAgency = "", head: Head = False, now: Now = None) -> None:
    """Somebody is back before the leave ends, or does not go."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        person = _person(change.session, ledger.office_id, who, agency, head=head)
        ended = [row for one in person.keys for row in people.come_back(change, one)]
    if not ended:
        raise Refusal("desk.refused.not_away", name=person.name)
    console().print(say("desk.people.back", name=person.name), markup=False)


def _person(session: Session, office_id: int, who: str, agency: str, *, head: bool) -> Person:
    """Who is meant. Raises Refusal for nobody, and unless it is exactly one of an official and an agency's contact."""
    if bool(who) == bool(agency) or (head and who):
        raise Refusal("errors.who_or_agency")
    if agency:
        row = contact_of(session, find_agency(session, office_id, agency), head=head)
        return Person(row.name, (person_of(row),))
    found = people.find_officials(session, office_id, who)
    same = people.roles_of(session, office_id, found[0])
    return Person(found[0].name, tuple(person_of(one) for one in same))


def contact_of(session: Session, agency: Agency, *, head: bool) -> Contact:
    """Whom an agency is written to through. Raises Refusal where nobody is set."""
    role = Role.HEAD if head else Role.OFFICER
    found = contacts_of(session, [key(agency.id)]).get((key(agency.id), role))
    if found is None:
        raise Refusal("errors.no_contact", name=agency.name)
    return found


def _stand_in(session: Session, office_id: int, substitute: str, email: str) -> tuple[str, str]:
    """Name and address of the substitute: somebody of the office, where no address is given."""
    if email:
        return substitute, email
    row = people.find_official(session, office_id, substitute)
    return row.name, row.address


@people_app.command("charge", help=say("desk.people.charge_help"))
def charge(
    conclusion: Annotated[str, typer.Argument(help=say("desk.people.conclusion"))],
    role: Annotated[str, typer.Option("--role", help=say("desk.people.charge_role"))],
    who: Annotated[str, typer.Option("--who", help=say("desk.people.who"))],
) -> None:
    """Names who looks after one notice."""
    chosen = role_of(role)
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        row = the_conclusion(change.session, ledger.office_id, conclusion)
        official = people.find_official(change.session, ledger.office_id, who)
        people.put_in_charge(change, row, official, chosen)
    words = say("desk.people.charged", number=row.number, name=official.name, role=role_words(chosen))
    console().print(words, markup=False)
