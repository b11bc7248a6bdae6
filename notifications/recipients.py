"""Who is told: roles at the agency and in the office, those who co-operate, and whoever stands in for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from domain.agencies import Agency, AgencyMember, Contact, contacts_of
from domain.checkpoints import Checkpoint
from domain.conclusions import COOPERATING, Conclusion, Directive, DirectiveAgency
from domain.keys import key
from domain.moments import FOR_OFFICE, Kind
from domain.obligations import Obligation
from domain.offices import Official
from domain.people import Absence, by_role, in_charge, officials_of, substitutes
from domain.policy import AGENCY_ROLES, FollowUp, Role

FOR_THOSE_WHO_HELP = (Kind.ASSIGN, Kind.ESCALATE)  #: what co-operating agencies get a copy of


@dataclass(frozen=True, slots=True)
class Due:
    """A checkpoint whose moment has come, with everything it speaks of."""

    checkpoint: Checkpoint
    obligation: Obligation
    directive: Directive
    conclusion: Conclusion
    agency: Agency


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told something."""

    key: str  #: "contact:7" or "official:2"
    name: str
    role: str
    address: str
    agency_id: int | None
    stands_in: bool = False  #: for whoever is on leave: the address is theirs, the other ways are not


class People:
    """Everybody whom a round may tell, looked up once."""

    def __init__(self, session: Session, office_id: int, due: Iterable[Due], today: date) -> None:
        rows = list(due)
        self._helpers = _helpers(session, {key(one.directive.id) for one in rows})
        agencies = {key(one.agency.id) for one in rows} | {id_ for ids in self._helpers.values() for id_ in ids}
        self._contacts: dict[tuple[int, str], Contact] = contacts_of(session, agencies)
        self._roles = by_role(officials_of(session, office_id))
        self._in_charge = in_charge(session, {key(one.conclusion.id) for one in rows})
        self._away: dict[str, Absence] = substitutes(session, office_id, today)

    def told(self, one: Due, policy: FollowUp) -> list[Recipient]:
        """Who is told of a checkpoint, each once; where nobody fills a role the chief of office must know."""
        kind = Kind(one.checkpoint.kind)
        if kind in FOR_OFFICE:
            found = self._role(one, Role.OWNER) or self._role(one, Role.CHIEF_OF_OFFICE)
        elif kind == Kind.ESCALATE:
            found = self._level(one, one.checkpoint.step, policy)
        else:
            found = self._role(one, Role.OFFICER) or self._role(one, Role.CHIEF_OF_OFFICE)
        return list(dict.fromkeys(found))

    def helping(self, one: Due) -> list[Recipient]:
        """The co-operating agencies that get a copy: of the assignment, and of what climbs the ladder."""
        if one.checkpoint.kind not in FOR_THOSE_WHO_HELP:
            return []
        helpers = self._helpers.get(key(one.directive.id), [])
        found = [self._contact(agency, Role.OFFICER) for agency in helpers if agency != one.agency.id]
        return [who for who in dict.fromkeys(found) if who]

    def owners(self, one: Due) -> list[Recipient]:
        """Who looks after it in the office: whom an agency may ask."""
        return self._role(one, Role.OWNER) or self._role(one, Role.CHIEF_OF_OFFICE)

    def empty_levels(self, one: Due, policy: FollowUp) -> frozenset[int]:
        """The levels of the ladder at which nobody fills any role."""
        levels = range(1, len(policy.ladder) + 1)
        return frozenset(level for level in levels if not self._level(one, level, policy))

    def _level(self, one: Due, level: int, policy: FollowUp) -> list[Recipient]:
        return [who for role in policy.rung(level).tell for who in self._role(one, role)]

    def _role(self, one: Due, role: Role) -> list[Recipient]:
        if role in AGENCY_ROLES:
            contact = self._contact(key(one.agency.id), role)
            return [contact] if contact else []
        named = self._in_charge.get((key(one.conclusion.id), role))
        return [self._official(who) for who in ([named] if named else self._roles.get(role, []))]

    def _contact(self, agency_id: int, role: Role) -> Recipient | None:
        row = self._contacts.get((agency_id, role))
        if row is None:
            return None
        return self._standing_in(Recipient(f"contact:{row.id}", row.name, role, row.address, agency_id))

    def _official(self, row: Official) -> Recipient:
        return self._standing_in(Recipient(f"official:{row.id}", row.name, row.role, row.address, None))

    def _standing_in(self, one: Recipient) -> Recipient:
        away = self._away.get(one.key)
        return replace(one, name=away.name, address=away.address, stands_in=True) if away else one


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of what somebody is told."""

    due: Due
    helping: bool = False  #: a copy, because they co-operate


def one_for_each_person(told: Iterable[tuple[Recipient, Told]]) -> dict[Recipient, list[Told]]:
    """Recipient -> what they are told, each piece once: whoever fills two roles gets one message.

    Two agencies at one address are told apart."""
    persons: dict[tuple[str, int | None], Recipient] = {}
    found: dict[Recipient, dict[int | None, Told]] = defaultdict(dict)
    for recipient, piece in told:
        person = persons.setdefault((recipient.address.casefold(), recipient.agency_id), recipient)
        found[person].setdefault(piece.due.checkpoint.id, piece)
    return {person: list(pieces.values()) for person, pieces in found.items()}


def _helpers(session: Session, directives: set[int]) -> dict[int, list[int]]:
    """Directive id -> the agencies that co-operate, groups as their members."""
    query = select(DirectiveAgency.directive_id, DirectiveAgency.agency_id).where(
        col(DirectiveAgency.directive_id).in_(directives),
        DirectiveAgency.role == COOPERATING,
        col(DirectiveAgency.agency_id).is_not(None),
    )
    rows = [(directive, agency) for directive, agency in session.exec(query) if agency is not None]
    members: dict[int, list[int]] = defaultdict(list)
    groups = select(AgencyMember).where(col(AgencyMember.group_id).in_({agency for _, agency in rows}))
    for pair in session.exec(groups):
        members[pair.group_id].append(pair.member_id)
    found: dict[int, list[int]] = defaultdict(list)
    for directive, agency in rows:
        found[directive] += members.get(agency) or [agency]
    return found
