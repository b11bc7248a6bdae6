"""The people of the office: who fills which role, for which conclusion, and who stands in for whom."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from config.words import say
from domain.agencies import Agency, Contact, contacts_of, is_mail_address, set_contact
from domain.conclusions import Conclusion
from domain.errors import Refusal
from domain.instants import local
from domain.keys import key
from domain.names import fold
from domain.offices import Official
from domain.policy import AGENCY_ROLES, Role
from domain.store import Change
from domain.ways import forget_ways, move_ways

OFFICE_ROLES = tuple(role for role in Role if role not in AGENCY_ROLES)
IN_CHARGE = (Role.OWNER, Role.DEPUTY, Role.CHAIRMAN)  #: the roles that one conclusion may fill otherwise
LONGEST_NAME = 200  #: characters
UNSEEN = ("Cc", "Cf", "Zl", "Zp")  #: categories of characters that a name on one line does not have


class ConclusionPerson(SQLModel, table=True):
    """Who fills a role for one conclusion, in place of whoever fills it for the office."""

    __tablename__ = "conclusion_person"

    conclusion_id: int = Field(foreign_key="conclusion.id", primary_key=True)
    role: str = Field(primary_key=True)
    official_id: int = Field(foreign_key="official.id")


class Absence(SQLModel, table=True):
    """Somebody is on leave, and somebody else is written to."""

    __table_args__ = (UniqueConstraint("office_id", "person", "since"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    person: str  #: "official:2" or "contact:7"
    since: date  #: the first day of leave
    until: date  #: the last
    name: str  #: who is written to
    address: str


def officials_of(session: Session, office_id: int) -> list[Official]:
    """The people of the office, role after role."""
    query = select(Official).where(Official.office_id == office_id).order_by(col(Official.id))
    order = {role: place for place, role in enumerate(OFFICE_ROLES)}
    return sorted(session.exec(query), key=lambda one: order.get(Role(one.role), 0))


def find_officials(session: Session, office_id: int, words: str) -> list[Official]:
    """Every role of the one whose name or address somebody gives; by a number, that one role.

    Raises Refusal for nobody, and where several people are meant.
    """
    people = officials_of(session, office_id)
    if numbered := [one for one in people if words.strip() == str(one.id)]:
        return numbered
    found = [one for one in people if _is_called(one.name, words) or _same(one.address, words.strip())]
    if not found:
        raise Refusal("errors.no_official", words=words)
    if len({one.address.casefold() for one in found}) > 1:
        raise Refusal("errors.which_official", words=words, ids=", ".join(str(one.id) for one in found))
    return found


def find_official(session: Session, office_id: int, words: str) -> Official:
    """The one whose name, address or number somebody gives. Raises Refusal like `find_officials`."""
    return find_officials(session, office_id, words)[0]


def roles_of(session: Session, office_id: int, one: Official) -> list[Official]:
    """Every role that the same person fills: whose address it is."""
    return [other for other in officials_of(session, office_id) if _same(other.address, one.address)]


def add_official(change: Change, role: Role, name: str, address: str) -> Official:
    """Adds somebody to a role of the office. Raises Refusal for an address or a name that is none, and for a double."""
    called = _checked(name, address)
    if role in AGENCY_ROLES:
        raise Refusal("errors.not_an_office_role", role=role)
    there = [one for one in officials_of(change.session, change.office_id) if one.role == role]
    if any(_same(one.address, address) for one in there):
        raise Refusal("errors.official_there", address=address)
    row = Official(office_id=change.office_id, role=role, name=called, address=address)
    change.session.add(row)
    change.session.flush()
    change.record("official.added", f"official:{row.id}", role=role, name=row.name, address=address)
    return row


def replace_officials(change: Change, role: Role, name: str, address: str) -> Official:
    """Somebody alone fills a role from now on, for the office and for every conclusion that named who filled it."""
    old = [one for one in officials_of(change.session, change.office_id) if one.role == role]
    if not old:
        return add_official(change, role, name, address)
    kept = next((one for one in old if _same(one.address, address)), old[0])
    for one in old:
        if one is not kept:
            remove_official(change, one)
    return change_official(change, kept, name, address)


def change_official(change: Change, one: Official, name: str, address: str) -> Official:
    """Another name or address for whoever fills a role; where both are others it is another person, not on leave."""
    called = _checked(name, address)
    if fold(one.name) != fold(called):
        forget_ways(change, person_of(one))  # even at the same address: a telephone goes with the person who left
        if not _same(one.address, address):
            forget_leave(change, person_of(one))
    else:
        move_ways(change, person_of(one), person_of(one), address)
    one.name, one.address = called, address
    change.session.add(one)
    change.record("official.changed", f"official:{one.id}", role=one.role, name=one.name, address=address)
    return one


def remove_official(change: Change, one: Official) -> None:
    """Takes somebody out of a role, also for the conclusions they were named for, and with their leave."""
    named = change.session.exec(select(ConclusionPerson).where(ConclusionPerson.official_id == one.id))
    for row in named:
        change.session.delete(row)
    forget_leave(change, person_of(one))  # a database may give the number to somebody else
    forget_ways(change, person_of(one))
    change.session.flush()
    change.session.delete(one)
    change.session.flush()
    change.record("official.removed", f"official:{one.id}", role=one.role, name=one.name)


def replace_contact(change: Change, agency: Agency, role: Role, name: str, address: str) -> None:
    """Somebody else is written to at an agency; the leave of whoever was written to before concerns nobody any more.

    Raises Refusal for an address that is none.
    """
    called = _checked(name, address)
    old = contacts_of(change.session, [key(agency.id)]).get((key(agency.id), role))
    same = old is not None and fold(old.name) == fold(called)
    if old is not None:
        forget_leave(change, person_of(old))
        if not same:
            forget_ways(change, person_of(old))
    set_contact(change.session, agency, role, called, address)
    if old is not None and same:
        move_ways(change, person_of(old), person_of(_contact(change, agency, role)), address)
    change.record("agency.contact", f"agency:{agency.id}", role=role, name=called, address=address)


def _contact(change: Change, agency: Agency, role: Role) -> Contact:
    change.session.flush()
    return contacts_of(change.session, [key(agency.id)])[(key(agency.id), role)]


def put_in_charge(change: Change, conclusion: Conclusion, official: Official, role: Role) -> None:
    """Names who fills a role for one conclusion: its owner, the deputy or the chairman in charge.

    Raises Refusal for another role.
    """
    if role not in IN_CHARGE:
        raise Refusal("desk.refused.not_in_charge", role=say(f"outlook.role.{role}"))
    row = change.session.get(ConclusionPerson, (key(conclusion.id), role))
    row = row or ConclusionPerson(conclusion_id=key(conclusion.id), role=role, official_id=key(official.id))
    row.official_id = key(official.id)
    change.session.add(row)
    change.record("conclusion.in_charge", f"conclusion:{conclusion.id}", role=role, name=official.name)


def in_charge(session: Session, conclusions: Iterable[int]) -> dict[tuple[int, str], Official]:
    """(conclusion id, role) -> who fills it for that conclusion."""
    query = (
        select(ConclusionPerson, Official)
        .join(Official, col(Official.id) == col(ConclusionPerson.official_id))
        .where(col(ConclusionPerson.conclusion_id).in_(set(conclusions)))
    )
    return {(row.conclusion_id, row.role): official for row, official in session.exec(query)}


def person_of(row: Official | Contact) -> str:
    """What leave is kept under: "official:2", "contact:7"."""
    return f"{'official' if isinstance(row, Official) else 'contact'}:{row.id}"


def take_leave(change: Change, person: str, since: date, until: date, name: str, address: str) -> Absence:
    """Somebody ("official:2", "contact:7") is on leave, both days included, and another is written to.

    Raises Refusal for days that are backwards, for an address that is none, and for leave that overlaps.
    """
    called = _checked(name, address)
    if until < since:
        raise Refusal("errors.leave_backwards", since=f"{since:%d/%m/%Y}", until=f"{until:%d/%m/%Y}")
    for other in absences_of(change.session, change.office_id):
        if other.person == person and other.since <= until and since <= other.until:
            raise Refusal("errors.leave_overlaps", since=f"{other.since:%d/%m/%Y}", until=f"{other.until:%d/%m/%Y}")
    row = Absence(office_id=change.office_id, person=person, since=since, until=until, name=called, address=address)
    change.session.add(row)
    change.session.flush()
    change.record(
        "absence.added",
        f"absence:{row.id}",
        person=person,
        since=since.isoformat(),
        until=until.isoformat(),
        name=called,
        address=address,
    )
    return row


def come_back(change: Change, person: str) -> list[Absence]:
    """Somebody is back: the leave that runs ends with yesterday, and what was to come is forgotten."""
    today = local(change.now).date()
    ended = [row for row in _leave_of(change, person) if row.until >= today]
    for row in ended:
        change.record("absence.ended", f"absence:{row.id}", person=person, until=row.until.isoformat())
        if row.since < today:
            row.until = today - timedelta(days=1)
            change.session.add(row)
        else:
            change.session.delete(row)
    return ended


def forget_leave(change: Change, person: str) -> None:
    """Drops every leave of somebody who is not written to any more."""
    for row in _leave_of(change, person):
        change.session.delete(row)
        change.record("absence.forgotten", f"absence:{row.id}", person=person, name=row.name)


def _leave_of(change: Change, person: str) -> list[Absence]:
    return [row for row in absences_of(change.session, change.office_id) if row.person == person]


def absences_of(session: Session, office_id: int) -> list[Absence]:
    """Every leave, in time order."""
    query = select(Absence).where(Absence.office_id == office_id).order_by(col(Absence.since), col(Absence.id))
    return list(session.exec(query))


def substitutes(session: Session, office_id: int, on: date) -> dict[str, Absence]:
    """Person -> who is written to in their place on a day; where that one is on leave too, whoever stands in there."""
    query = select(Absence).where(Absence.office_id == office_id, Absence.since <= on, Absence.until >= on)
    away = {row.person: row for row in session.exec(query)}
    if len(away) < 2:
        return away
    known = {one.address.casefold(): person_of(one) for one in officials_of(session, office_id)}
    return {person: _present(row, away, known) for person, row in away.items()}


def _present(row: Absence, away: Mapping[str, Absence], known: Mapping[str, str]) -> Absence:
    """The first substitute who is there; the one who was named first where they name each other."""
    found, seen = row, {row.person}
    while (person := known.get(found.address.casefold(), "")) in away:
        if person in seen:
            return row
        seen.add(person)
        found = away[person]
    return found


def by_role(officials: Iterable[Official]) -> dict[str, list[Official]]:
    """Role -> who fills it for the whole office."""
    found: dict[str, list[Official]] = defaultdict(list)
    for one in officials:
        found[one.role].append(one)
    return found


def _is_called(name: str, words: str) -> bool:
    """Whether somebody means that name; accents and case may be left out."""
    return _same(name, words.strip()) or (fold(words) != "" and fold(words) == fold(name))


def _same(one: str, other: str) -> bool:
    """Whether two addresses are the same: case does not tell them apart."""
    return one.casefold() == other.casefold()


def _checked(name: str, address: str) -> str:
    """The name on one line. Raises Refusal for an address or a name that is none."""
    if not is_mail_address(address):
        raise Refusal("errors.bad_address", address=address)
    called = " ".join("".join(" " if unicodedata.category(c) in UNSEEN else c for c in name).split())
    if not called:
        raise Refusal("errors.no_name")
    if len(called) > LONGEST_NAME:
        raise Refusal("desk.refused.long_name", most=LONGEST_NAME)
    return called
