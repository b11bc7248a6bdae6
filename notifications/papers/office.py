"""What every paper of an office says of itself: who writes, who signs, where and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session

from config.words import say
from domain.names import fold
from domain.offices import the_office
from domain.people import by_role, officials_of
from domain.policy import Role
from notifications.wording import plain_line

VI = "vi"  #: a paper under Decree 30 is in Vietnamese, whatever the pages speak


def office_blocks(session: Session, office_id: int, today: date, copies: Sequence[str]) -> Mapping[str, object]:
    """Issuer, number, place and date, signer: the clerk fills in what only a signed paper has.

    `copies` are the names of the lines under "Nơi nhận"; the one for the file comes last by itself.
    """
    office = plain_line(the_office(session, office_id).name)
    return {
        "superior": "",
        "issuer": office.upper(),
        "office": office,
        "symbol": say("papers_office.symbol", language=VI),
        "place_and_date": say("papers_office.place_and_date", language=VI, month=_month(today), year=today.year),
        "signer_title": say("outlook.role.chief_of_office", language=VI).upper(),
        "signer_name": _signer(session, office_id),
        "copies": [say(f"papers_office.copies.{name}", language=VI) for name in (*copies, "kept")],
    }


def _signer(session: Session, office_id: int) -> str:
    """The chief of office by name; empty while the office has entered no name but the role."""
    title = say("outlook.role.chief_of_office", language=VI)
    names = [one.name for one in by_role(officials_of(session, office_id)).get(Role.CHIEF_OF_OFFICE, [])]
    return next((plain_line(name) for name in names if fold(name) != fold(title)), "")


def _month(today: date) -> str:
    """Decree 30: a zero before January and February only."""
    return f"{today.month:02}" if today.month <= 2 else str(today.month)
