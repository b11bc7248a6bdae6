"""The people of the office: who fills which role, for which conclusion, and who stands in for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from domain.agencies import is_mail_address
from domain.conclusions import Conclusion
from domain.errors import Refusal
from domain.keys import key
from domain.names import fold
from domain.offices import Official
from domain.policy import AGENCY_ROLES, Role
from domain.store import Change

OFFICE_ROLES = tuple(role for role in Role if role not in AGENCY_ROLES)


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


def find_official(session: Session, office_id: int, words: str) -> Official:
    """The one whose name, address or id somebody gives. Raises Refusal for none, and where several are meant."""
    people = officials_of(session, office_id)
    wanted = fold(words)
    found = [one for one in people if words == str(one.id) or wanted in (fold(one.name), fold(one.address))]
    if not found:
        raise Refusal("errors.no_official", words=words)
    if len({(one.name, one.address) for one in found}) > 1:
        raise Refusal("errors.which_official", words=words, ids=", ".join(str(one.id) for one in found))
    return found[0]


def add_official(change: Change, role: Role, name: str, address: str) -> Official:
    """Adds somebody to a role of the office. Raises Refusal for an address or a name that is none, and for a double."""
    _check_person(name, address)
    if role in AGENCY_ROLES:
        raise Refusal("errors.not_an_office_role", role=role)
    there = [one for one in officials_of(change.session, change.office_id) if one.role == role]
    if any(fold(one.address) == fold(address) for one in there):
        raise Refusal("errors.official_there", address=address)
    row = Official(office_id=change.office_id, role=role, name=" ".join(name.split()), address=address)
    change.session.add(row)
    change.session.flush()
    change.record("official.added", f"official:{row.id}", role=role, name=row.name, address=address)
    return row


def replace_officials(change: Change, role: Role, name: str, address: str) -> Official:
    """Somebody else fills a role from now on, for the office and for every conclusion that named who filled it."""
    old = [one for one in officials_of(change.session, change.office_id) if one.role == role]
    if len(old) == 1:
        return change_official(change, old[0], name, address)
    row = add_official(change, role, name, address)
    for one in old:
        remove_official(change, one)
    return row


def change_official(change: Change, one: Official, name: str, address: str) -> Official:
    """Another name or address for whoever fills a role."""
    _check_person(name, address)
    one.name, one.address = " ".join(name.split()), address
    change.session.add(one)
    change.record("official.changed", f"official:{one.id}", role=one.role, name=one.name, address=address)
    return one


def remove_official(change: Change, one: Official) -> None:
    """Takes somebody out of a role, also for the conclusions they were named for."""
    named = change.session.exec(select(ConclusionPerson).where(ConclusionPerson.official_id == one.id))
    for row in named:
        change.session.delete(row)
    change.session.flush()
    change.session.delete(one)
    change.record("official.removed", f"official:{one.id}", role=one.role, name=one.name)


def put_in_charge(change: Change, conclusion: Conclusion, official: Official, role: Role) -> None:
    """Names who fills a role for one conclusion: its owner, the deputy or the chairman in charge."""
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


def take_leave(change: Change, person: str, since: date, until: date, name: str, address: str) -> Absence:
    """Somebody ("official:2", "contact:7") is on leave, both days included, and another is written to.

    Raises Refusal for days that are backwards, for an address that is none, and for leave that overlaps.
    """
    _check_person(name, address)
    if until < since:
        raise Refusal("errors.leave_backwards", since=f"{since:%d/%m/%Y}", until=f"{until:%d/%m/%Y}")
    for other in absences_of(change.session, change.office_id):
        if other.person == person and other.since <= until and since <= other.until:
            raise Refusal("errors.leave_overlaps", since=f"{other.since:%d/%m/%Y}", until=f"{other.until:%d/%m/%Y}")
    row = Absence(office_id=change.office_id, person=person, since=since, until=until, name=name, address=address)
    change.session.add(row)
    change.session.flush()
    change.record(
        "absence.added", f"absence:{row.id}", person=person, since=since.isoformat(), until=until.isoformat(), name=name
    )
    return row


def absences_of(session: Session, office_id: int) -> list[Absence]:
    """Every leave, in time order."""
    query = select(Absence).where(Absence.office_id == office_id).order_by(col(Absence.since), col(Absence.id))
    return list(session.exec(query))


def substitutes(session: Session, office_id: int, on: date) -> dict[str, Absence]:
    """Person -> who is written to in their place on a day."""
    query = select(Absence).where(Absence.office_id == office_id, Absence.since <= on, Absence.until >= on)
    return {row.person: row for row in session.exec(query)}


def by_role(officials: Iterable[Official]) -> dict[str, list[Official]]:
    """Role -> who fills it for the whole office."""
    found: dict[str, list[Official]] = defaultdict(list)
    for one in officials:
        found[one.role].append(one)
    return found


def _check_person(name: str, address: str) -> None:
    if not is_mail_address(address):
        raise Refusal("errors.bad_address", address=address)
    if not name.strip():
        raise Refusal("errors.no_name")
