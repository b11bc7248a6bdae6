"""Agencies in the ledger: names valid from-to, aliases, members of groups, and whom to write to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from itertools import count

from sqlalchemy import Column, UniqueConstraint
from sqlalchemy.types import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from config.words import say
from domain.errors import Refusal
from domain.keys import key
from domain.names import Registry, RegistryEntry, fold
from domain.names import key as name_key
from domain.policy import Role
from domain.store import Change

ADDRESS = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
PLACEHOLDER_DOMAIN = "coquan.example"  #: a starter address: good for a folder of mail, never for the wire (RFC 2606)

LONGEST_NAME, LONGEST_SLUG = 300, 60  #: characters
LIKE, MOST_OFFERED = 0.6, 5  #: how like a name must be to be offered in place of an unknown one, and how many are


class Agency(SQLModel, table=True):
    """A body, or a group of bodies, that can be told to do something."""

    __table_args__ = (UniqueConstraint("office_id", "slug"), UniqueConstraint("office_id", "name"))

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    slug: str
    name: str
    level: str
    kind: str  #: "body" or "group"
    request_only: bool = False  #: the Front, a union, a Party body: asked, not ordered
    valid_from: date | None = None
    valid_to: date | None = None
    successors: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class AgencyAlias(SQLModel, table=True):
    """Another way an agency is written."""

    __tablename__ = "agency_alias"
    __table_args__ = (UniqueConstraint("agency_id", "alias"),)

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    alias: str


class AgencyMember(SQLModel, table=True):
    """A body belongs to a group."""

    __tablename__ = "agency_member"

    group_id: int = Field(foreign_key="agency.id", primary_key=True)
    member_id: int = Field(foreign_key="agency.id", primary_key=True)


class Contact(SQLModel, table=True):
    """Whom to write to at an agency: the officer who follows the work, the head who answers for it."""

    __table_args__ = (UniqueConstraint("agency_id", "role", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", index=True)
    role: str  #: Role.OFFICER or Role.HEAD
    name: str
    address: str


def seed_agencies(session: Session, office_id: int, registry: Registry) -> None:
    """Gives a new office its starter registry, with placeholder addresses."""
    for entry in registry.entries:
        add_agency(session, office_id, entry)
    session.flush()
    ids = agency_ids(session, office_id)
    for entry in registry.entries:
        members = {ids[member] for member in entry.members if member in ids}
        session.add_all(AgencyMember(group_id=ids[entry.name], member_id=member) for member in members)


def add_agency(session: Session, office_id: int, entry: RegistryEntry) -> Agency:
    """Adds one agency with its aliases and placeholder contacts; the caller records it."""
    agency = Agency(
        office_id=office_id,
        slug=entry.slug,
        name=entry.name,
        level=entry.level,
        kind=entry.kind,
        request_only=entry.request_only,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        successors=list(entry.successors),
    )
    session.add(agency)
    session.flush()
    session.add_all(AgencyAlias(agency_id=key(agency.id), alias=alias) for alias in sorted(set(entry.aliases)))
    session.add_all(placeholder_contacts(agency))
    return agency


def new_body(name: str, aliases: Iterable[str] = ()) -> RegistryEntry:
    """A body that the registry does not know yet; a group where its name begins small ("các chủ đầu tư").

    Raises Refusal for a name that is none.
    """
    clean = " ".join(name.split())
    slug = fold(clean).replace(" ", "-")[:LONGEST_SLUG]
    if not any(map(str.isalpha, slug)) or len(clean) > LONGEST_NAME:
        raise Refusal("errors.bad_agency_name", name=clean[:LONGEST_SLUG])
    kind = "group" if clean[:1].islower() else "body"
    return RegistryEntry(name=clean, slug=slug, level="other", kind=kind, aliases=tuple(aliases))


def register(change: Change, entry: RegistryEntry, email: str | None = None) -> Agency:
    """Adds a body to the office's registry, audited.

    Raises Refusal where the registry knows it already by one of its spellings, and for an address that is none.
    """
    known = registry_of(change.session, change.office_id)
    if there := known.find(entry.name):
        raise Refusal("errors.agency_there", name=entry.name, known=there.name)
    slugs = {one.slug for one in known.entries}
    free = next(slug for n in count(1) if (slug := entry.slug if n == 1 else f"{entry.slug}-{n}") not in slugs)
    agency = add_agency(change.session, change.office_id, replace(entry, slug=free))
    if email:
        set_contact(change.session, agency, Role.OFFICER, entry.name, email)
    change.record("agency.added", f"agency:{agency.id}", name=entry.name, email=email)
    return agency


def nearest(registry: Registry, name: str, on: date | None) -> list[RegistryEntry]:
    """The agencies of the day whose spelling is most like `name`, the likest first."""
    wanted, likeness = name_key(name), dict[str, float]()
    for entry in registry.entries:
        if entry.exists(on):
            spellings = (name_key(spelling) for spelling in (entry.name, *entry.aliases))
            likeness[entry.name] = max(SequenceMatcher(None, wanted, one).ratio() for one in spellings)
    ordered = sorted(registry.entries, key=lambda entry: -likeness.get(entry.name, 0))
    return [entry for entry in ordered if likeness.get(entry.name, 0) >= LIKE][:MOST_OFFERED]


def placeholder_contacts(agency: Agency) -> list[Contact]:
    """The contacts an agency has until the office enters the real ones."""
    return [
        Contact(
            agency_id=key(agency.id), role=Role.OFFICER, name=agency.name, address=f"{agency.slug}@{PLACEHOLDER_DOMAIN}"
        ),
        Contact(
            agency_id=key(agency.id),
            role=Role.HEAD,
            name=head_of(agency.name),
            address=f"thu-truong.{agency.slug}@{PLACEHOLDER_DOMAIN}",
        ),
    ]


def head_of(name: str) -> str:
    """What the head of a body is called: Giám đốc Sở …, Chủ tịch Ủy ban …, Chánh Văn phòng …."""
    for opening, title in (("Sở ", "director"), ("Ủy ban ", "chair"), ("UBND ", "chair"), ("Văn phòng ", "chief")):
        if name.startswith(opening):
            return say(f"agencies.head.{title}", language="vi", name=name)
    return say("agencies.head.other", language="vi", name=name)


def registry_of(session: Session, office_id: int) -> Registry:
    """The office's registry as it stands, for looking names up."""
    agencies = session.exec(select(Agency).where(Agency.office_id == office_id).order_by(col(Agency.id))).all()
    names = {agency.id: agency.name for agency in agencies}
    aliases: dict[int, list[str]] = defaultdict(list)
    for alias in session.exec(select(AgencyAlias).order_by(col(AgencyAlias.id))):
        aliases[alias.agency_id].append(alias.alias)
    members: dict[int, list[str]] = defaultdict(list)
    for pair in session.exec(select(AgencyMember).order_by(col(AgencyMember.member_id))):
        if pair.member_id in names:
            members[pair.group_id].append(names[pair.member_id])
    return Registry([_entry(agency, aliases[key(agency.id)], members[key(agency.id)]) for agency in agencies])


def _entry(agency: Agency, aliases: Sequence[str], members: Sequence[str]) -> RegistryEntry:
    return RegistryEntry(
        name=agency.name,
        slug=agency.slug,
        level=agency.level,
        kind=agency.kind,
        aliases=tuple(aliases),
        valid_from=agency.valid_from,
        valid_to=agency.valid_to,
        successors=tuple(agency.successors),
        members=tuple(members),
        request_only=agency.request_only,
    )


def agency_ids(session: Session, office_id: int) -> dict[str, int]:
    """Name -> id of every agency of the office."""
    rows = session.exec(select(Agency.name, Agency.id).where(Agency.office_id == office_id)).all()
    return {name: id_ for name, id_ in rows if id_ is not None}


def agency_names(session: Session, office_id: int) -> dict[int, str]:
    """Id -> name of every agency of the office."""
    rows = session.exec(select(Agency.id, Agency.name).where(Agency.office_id == office_id))
    return {id_: name for id_, name in rows if id_ is not None}


def find_agency(session: Session, office_id: int, name: str) -> Agency:
    """The agency somebody means. Raises Refusal when the registry does not know it."""
    entry = registry_of(session, office_id).find(name)
    if entry is None:
        raise Refusal("errors.unknown_agency", name=name)
    return session.exec(select(Agency).where(Agency.office_id == office_id, Agency.name == entry.name)).one()


def is_mail_address(address: str) -> bool:
    """Whether mail could be sent there, as far as the writing tells: one local part, one host name with a dot."""
    plain = "".join(c if c.isascii() or not c.isalnum() else "x" for c in address)  # RFC 6531: letters are letters
    try:
        return ADDRESS.fullmatch(HeaderAddress(addr_spec=plain).addr_spec) is not None
    except (ValueError, IndexError, AttributeError, MessageError):  # all that the parser raises
        return False


def set_contact(session: Session, agency: Agency, role: Role, name: str, address: str) -> None:
    """Replaces whoever filled `role` at the agency. Raises Refusal for an address that is none."""
    if not is_mail_address(address):
        raise Refusal("errors.bad_address", address=address)
    for contact in session.exec(select(Contact).where(Contact.agency_id == agency.id, Contact.role == role)):
        session.delete(contact)
    session.flush()
    session.add(Contact(agency_id=key(agency.id), role=role, name=name, address=address))


def contacts_of(session: Session, agencies: Iterable[int]) -> dict[tuple[int, str], Contact]:
    """(agency id, role) -> contact, for all the agencies at once."""
    rows = session.exec(select(Contact).where(col(Contact.agency_id).in_(set(agencies))).order_by(col(Contact.id)))
    found: dict[tuple[int, str], Contact] = {}
    for contact in rows:
        found.setdefault((contact.agency_id, contact.role), contact)
    return found
