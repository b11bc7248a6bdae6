"""What the page of one agency shows: who is written to, how it stands, which links it was given and used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.agencies import Agency, AgencyAlias, AgencyMember, Contact
from domain.errors import Refusal
from domain.keys import key
from domain.life.extensions import Extension
from domain.life.handing import WorkReturn
from domain.links import Link, links_of
from domain.obligations import OPEN, Obligation, Standing, State, standing
from domain.people import Absence, absences_of, person_of
from domain.reports import StatusReport

SHOWN_LINKS = 30


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is written to, with the leave that runs or is to come."""

    contact: Contact
    leave: tuple[Absence, ...]


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link with how often something came by it."""

    link: Link
    used: int


@dataclass(frozen=True, slots=True)
class Body:
    """One agency with everything around it."""

    agency: Agency
    aliases: tuple[str, ...]
    members: tuple[Agency, ...]
    groups: tuple[Agency, ...]
    addressees: tuple[Addressee, ...]
    counts: dict[str, int]  #: standing -> how many
    to_urge: int  #: overdue, and the agency's turn: what was returned waits for the office
    links: tuple[GivenLink, ...]


def body_of(session: Session, office_id: int, agency_id: int, now: datetime, today: date) -> Body:
    """Everything about one agency. Raises Refusal when there is none."""
    agency = session.get(Agency, agency_id)
    if agency is None or agency.office_id != office_id:
        raise Refusal("errors.unknown_agency", name=agency_id)
    works = _works(session, agency_id)
    found = Counter(str(standing(one, now)) for one in works)
    aliases = session.exec(
        select(AgencyAlias.alias).where(AgencyAlias.agency_id == agency_id).order_by(col(AgencyAlias.id))
    )
    members = select(Agency).join(AgencyMember, col(AgencyMember.member_id) == col(Agency.id))
    groups = select(Agency).join(AgencyMember, col(AgencyMember.group_id) == col(Agency.id))
    return Body(
        agency=agency,
        aliases=tuple(aliases),
        members=tuple(session.exec(members.where(AgencyMember.group_id == agency_id).order_by(col(Agency.name)))),
        groups=tuple(session.exec(groups.where(AgencyMember.member_id == agency_id).order_by(col(Agency.name)))),
        addressees=_addressees(session, office_id, agency_id, today),
        counts={str(one): found[str(one)] for one in Standing},
        to_urge=sum(one.state in OPEN and standing(one, now) == Standing.OVERDUE for one in works),
        links=_links(session, office_id, agency_id),
    )


def _addressees(session: Session, office_id: int, agency_id: int, today: date) -> tuple[Addressee, ...]:
    contacts = session.exec(
        select(Contact).where(Contact.agency_id == agency_id).order_by(col(Contact.role).desc(), col(Contact.id))
    ).all()
    leave = [one for one in absences_of(session, office_id) if one.until >= today]
    return tuple(Addressee(one, tuple(row for row in leave if row.person == person_of(one))) for one in contacts)


def _works(session: Session, agency_id: int) -> Sequence[Obligation]:
    query = select(Obligation).where(Obligation.agency_id == agency_id, Obligation.state != State.CANCELLED)
    return session.exec(query).all()


def _links(session: Session, office_id: int, agency_id: int) -> tuple[GivenLink, ...]:
    links = links_of(session, office_id, agency_id)[:SHOWN_LINKS]
    used = _used(session, [key(one.id) for one in links])
    return tuple(GivenLink(one, used[key(one.id)]) for one in links)


def _used(session: Session, links: Iterable[int]) -> Counter[int]:
    """Link id -> how many reports, requests and returns came by it."""
    found: Counter[int] = Counter()
    for table in (StatusReport, Extension, WorkReturn):
        column = col(table.link_id)
        for link, count in session.exec(select(column, func.count()).where(column.in_(list(links))).group_by(column)):
            found[link or 0] += count
    return found
