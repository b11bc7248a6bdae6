"""Agencies as a list shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from domain.agencies import Agency, Contact, contacts_of
from domain.instants import local
from domain.keys import key
from domain.listing.asked import Asked
from domain.listing.conditions import work_conditions
from domain.listing.pages import AT_ONCE, MOST_COUNTED, PAGE, Page
from domain.listing.searching import Spelt, words_of
from domain.listing.tallies import Tally, tallies
from domain.names import fold
from domain.obligations import Obligation
from domain.policy import Role

AGENCY_SORTS = ("name", "open", "late", "share")
LEVELS = ("central", "province", "district", "commune", "party_front", "other")
NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency with where its work stands, and whom to call."""

    agency: Agency
    tally: Tally
    contact: Contact | None

    @property
    def id(self) -> int:
        """The agency's id."""
        return key(self.agency.id)


def agency_page(
    session: Session, office_id: int, now: datetime, asked: Asked, sort: str, number: int
) -> Page[AgencyRow]:
    """One page of agencies, those with the most late work first where no other order is asked for."""
    ordered, stand = _ordered(session, office_id, now, asked, sort)
    some = ordered[(number - 1) * PAGE : number * PAGE]
    return Page(_rows(session, some, stand), number, min(len(ordered), MOST_COUNTED + 1), len(ordered) > number * PAGE)


def every_agency(session: Session, office_id: int, now: datetime, asked: Asked, sort: str) -> Iterator[AgencyRow]:
    """All the agencies that are asked for, in order."""
    ordered, stand = _ordered(session, office_id, now, asked, sort)
    for start in range(0, len(ordered), AT_ONCE):
        yield from _rows(session, ordered[start : start + AT_ONCE], stand)


def _ordered(
    session: Session, office_id: int, now: datetime, asked: Asked, sort: str
) -> tuple[list[Agency], dict[int, Tally]]:
    query = select(Agency).where(Agency.office_id == office_id)
    if asked.agency is not None:
        query = query.where(Agency.id == asked.agency)
    if asked.level:
        query = query.where(Agency.level == asked.level)
    if not asked.everything:
        query = query.where(or_(col(Agency.valid_to).is_(None), col(Agency.valid_to) >= local(now).date()))
    if asked.words:
        query = query.where(col(Agency.id).in_(Spelt(session, office_id).having(words_of(asked.words))))
    if asked.is_of_work or asked.conclusion is not None or asked.owner is not None:
        work = work_conditions(session, office_id, now, replace(asked, words=""))
        query = query.where(col(Agency.id).in_(select(Obligation.agency_id).where(*work)))
    stand = tallies(session, now, col(Obligation.agency_id), col(Obligation.office_id) == office_id)
    return _in_order(session.exec(query).all(), stand, sort), stand


def _in_order(agencies: Sequence[Agency], stand: Mapping[int, Tally], sort: str) -> list[Agency]:
    """By name; where figures are asked for, by those first. Who has no share yet stands last either way."""
    by_name = sorted(agencies, key=lambda one: fold(one.name), reverse=sort == "-name")
    if sort in ("name", "-name"):
        return by_name
    figure, back = (sort or "-late").removeprefix("-"), (sort or "-late").startswith("-")

    def place(one: Agency) -> tuple[float, ...]:
        tally = stand.get(key(one.id), NOTHING)
        if figure == "share":
            share = tally.in_time_share
            return (1.0, 0.0) if share is None else (0.0, -share if back else share)
        first, second = (tally.late, tally.open) if figure == "late" else (tally.open, tally.late)
        return (-first, -second) if back else (first, second)

    return sorted(by_name, key=place)


def _rows(session: Session, agencies: Sequence[Agency], stand: dict[int, Tally]) -> list[AgencyRow]:
    contacts = contacts_of(session, [key(one.id) for one in agencies])
    return [
        AgencyRow(one, stand.get(key(one.id), NOTHING), contacts.get((key(one.id), Role.OFFICER))) for one in agencies
    ]
