"""Which message of ours a mail is about, and whose it is.

The message is found only by its Message-ID, which nobody can guess who did not get the message. A sender's address,
which anybody can write, only proposes the agency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.agencies import Agency, Contact
from domain.offices import Official
from notifications.channels import MAIL_CHANNELS
from notifications.channels.contract import ChannelError
from notifications.channels.mail import wire_address
from notifications.inbox.bounces import Verdict
from notifications.inbox.parsing import Mail
from notifications.outbox import GONE_OUT, Message, Status

RECENT = timedelta(days=60)  #: how long after a message its address says whose a bounce is
LEFT = (*GONE_OUT, Status.UNKNOWN, Status.SENDING, Status.FAILED)  #: what can have reached a mail server


@dataclass(frozen=True, slots=True)
class Match:
    """What a mail is about."""

    message: Message | None = None
    agency_id: int | None = None
    stranger: bool = True  #: its sender's address is nobody's that the office knows
    is_ours: bool = False  #: a mail of our own that came to our own mailbox


def match(session: Session, office_id: int, mail: Mail, verdict: Verdict | None, now: datetime) -> Match:
    """What a mail is about."""
    if _message(session, office_id, (mail.message_id,)) is not None:
        return Match(is_ours=True)
    agency_id, stranger = _whose(session, office_id, mail.sender)
    message = _message(session, office_id, (*mail.answers, *mail.holds))
    if message is not None and message.agency_id is not None:
        return Match(message, message.agency_id, stranger)
    if agency_id is None and verdict is not None:
        agency_id = _lately_written_to(session, office_id, verdict.recipients, now - RECENT)
    return Match(message, agency_id, stranger)


def _message(session: Session, office_id: int, ids: tuple[str, ...]) -> Message | None:
    """The first of the Message-IDs that is a message's that left by mail."""
    query = select(Message).where(
        Message.office_id == office_id,
        col(Message.message_id).in_(ids),
        col(Message.channel).in_(MAIL_CHANNELS),
        col(Message.status).in_(LEFT),
    )
    found = {one.message_id: one for one in session.exec(query)} if ids else {}
    return next((found[one] for one in ids if one in found), None)


def _whose(session: Session, office_id: int, address: str) -> tuple[int | None, bool]:
    """(the agency whose contact has the address, whether nobody has it)."""
    if not address:
        return None, True
    contact = session.exec(
        select(Contact.agency_id)
        .join(Agency, col(Agency.id) == col(Contact.agency_id))
        .where(Agency.office_id == office_id, func.lower(Contact.address) == address.lower())
    ).first()
    if contact is not None:
        return contact, False
    official = select(Official.id).where(
        Official.office_id == office_id, func.lower(Official.address) == address.lower()
    )
    return None, session.exec(official).first() is None


def _lately_written_to(session: Session, office_id: int, addresses: frozenset[str], since: datetime) -> int | None:
    query = (
        select(Message.agency_id)
        .where(
            Message.office_id == office_id,
            func.lower(Message.address).in_(addresses),
            col(Message.created_at) >= since,
            col(Message.agency_id).is_not(None),
        )
        .order_by(col(Message.id).desc())
    )
    return session.exec(query).first() if addresses else None


def is_proven(message: Message, verdict: Verdict) -> bool:
    """Whether a bounce names the very address that the message went to; one that was diverted proves nothing."""
    if message.diverted_to:
        return False
    return bool(_spellings(message.address) & verdict.recipients)


def _spellings(address: str) -> frozenset[str]:
    """The address as we write it and as it goes over the wire (IDNA)."""
    try:
        return frozenset({address.casefold(), wire_address(address).casefold()})
    except ChannelError:
        return frozenset({address.casefold()})
