"""Whom a command means that speaks of how somebody is reached: an official, or an agency's contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from sqlmodel import Session

from cli.people import contact_of
from config.words import say
from domain.agencies import find_agency
from domain.errors import Refusal
from domain.people import find_official, person_of, roles_of
from domain.policy import AGENCY_ROLES, Role

Somebody = Annotated[str, typer.Argument(metavar="PERSON", help=say("ways.option.person"))]
AtAgency = Annotated[str, typer.Option("--role", help=say("ways.option.role"))]


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who is written to."""

    name: str
    address: str  #: of their mail
    keys: tuple[str, ...]  #: "official:2", "contact:7": every role of one official, or one contact

    @property
    def key(self) -> str:
        """What their ways are looked up under: they are the same under each."""
        return self.keys[0]


def somebody(session: Session, office_id: int, words: str, role: str) -> Reached:
    """An official by name, address or number; with a role, and where no official is called so, an agency's contact.

    Raises Refusal for nobody.
    """
    if role and role not in AGENCY_ROLES:
        raise Refusal("errors.no_role", words=role[:40], roles=", ".join(sorted(AGENCY_ROLES)))
    if not role:
        try:
            row = find_official(session, office_id, words)
            return Reached(row.name, row.address, tuple(person_of(one) for one in roles_of(session, office_id, row)))
        except Refusal as refusal:
            if refusal.code != "errors.no_official":
                raise
    contact = contact_of(session, find_agency(session, office_id, words), head=role == Role.HEAD)
    return Reached(contact.name, contact.address, (person_of(contact),))
