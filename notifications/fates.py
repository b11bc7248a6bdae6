"""What became of one message, and how that is written: one short transaction, plain SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, bindparam, exists, insert, select, update
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from notifications.outbox import Message, Status

#: Minutes to wait after the 1st, 2nd, … passing failure; after the last the message has failed.
BACKOFF_MINUTES = (5, 15, 60, 60, 120, 240, 240, 480, 480, 720, 720, 1440)
LONGEST_DETAIL = 300  #: characters kept of a server's words
RETRY = "retry"  #: the outcome of an attempt after which the message waits again

# Built once: a delivery of thousands asks nothing else of the database.
MESSAGES, ATTEMPTS, OFFICES = (SQLModel.metadata.tables[name] for name in ("message", "attempt", "office"))
OF_OFFICE = ("name", "sending", "redirect_to")
IN_HAND = (
    "id", "kind", "recipient", "link_id", "channel", "address", "subject", "text", "html", "brief", "facts", "calendar",
    "message_id", "attempts", "created_at", "next_attempt_at",
)  # fmt: skip
MODES: BindParameter[Sequence[str]] = bindparam("modes", expanding=True)
OFFICE = select(OFFICES.c.name, OFFICES.c.sending, OFFICES.c.redirect_to)
SWITCH = OFFICE.where(OFFICES.c.id == bindparam("office"))
#: Takes a message in hand where the switch lets it go, and tells how the switch stands: one statement, not two.
CLAIM = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("which"), MESSAGES.c.status == Status.QUEUED)
    .where(
        exists().where(OFFICES.c.id == MESSAGES.c.office_id, OFFICES.c.sending.in_(bindparam("modes", expanding=True)))
    )
    .values(status=str(Status.SENDING), attempts=MESSAGES.c.attempts + 1)
    .returning(
        *(MESSAGES.c[name] for name in IN_HAND),
        *(select(OFFICES.c[name]).where(OFFICES.c.id == bindparam("office")).scalar_subquery() for name in OF_OFFICE),
    )
)
ATTEMPT = insert(ATTEMPTS)
SETTLE = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("which"), MESSAGES.c.status == Status.SENDING)
    .values(
        diverted_to=bindparam("diverted"),
        status=bindparam("fate"),
        next_attempt_at=bindparam("again"),
        sent_at=bindparam("sent"),
        reference=bindparam("name"),
    )
)
TELL = (
    update(ATTEMPTS)
    .where(ATTEMPTS.c.message_id == bindparam("which"), ATTEMPTS.c.number == bindparam("nth"))
    .values(outcome=bindparam("fate"), detail=bindparam("words"))
)


@dataclass(frozen=True, slots=True)
class InHand:
    """A message that is committed as `sending`, as plain values: a row of the session costs as much as its sending."""

    id: int
    kind: str
    recipient: str
    link_id: int | None
    channel: str
    address: str
    subject: str
    text: str
    html: str
    brief: str
    facts: Mapping[str, str]
    calendar: str
    message_id: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class SenderOffice:
    """The office as the switch stands."""

    name: str
    sending: str
    redirect_to: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in hand, and the office as the switch stands."""

    message: InHand
    office: SenderOffice


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a claimed message."""

    message: InHand
    status: Status
    detail: str
    at: datetime
    diverted: str = ""
    reference: str = ""  #: the wire's own name of the message
    not_before: datetime | None = None
    lost: bool = False  #: nobody can say whether this attempt arrived
    bad: bool = False  #: its address takes nothing, for good
    down: bool = False  #: the channel takes nothing more just now
    stop: bool = False  #: the channel stands still until the operator has seen to it

    @property
    def is_given_up(self) -> bool:
        """Whether this way is tried no more, and the next one has to be found."""
        return self.status in (Status.FAILED, Status.UNKNOWN)

    @property
    def outcome(self) -> str:
        """What its attempt is called."""
        waits = self.status == Status.QUEUED
        return str(Status.UNKNOWN) if self.lost else RETRY if waits else str(self.status)


def claim(connection: Connection, office_id: int, id_: int, modes: Sequence[str], now: datetime) -> Claimed | None:
    """Takes a waiting message in hand; None where somebody else was quicker, or the switch is in none of `modes`."""
    row = connection.execute(CLAIM, {"which": id_, "office": office_id, "modes": modes}).first()
    if row is None:
        return None
    return Claimed(InHand(*(*row[: len(IN_HAND)], now)), SenderOffice(*row[len(IN_HAND) :]))


def switch(connection: Connection, office_id: int) -> SenderOffice:
    """How the switch stands."""
    return SenderOffice(*connection.execute(SWITCH, {"office": office_id}).one())


def write_fate(connection: Connection, fate: Fate) -> None:
    """Writes what became of a message, and its attempt."""
    settle(connection, fate)
    note_attempt(connection, fate.message, fate.outcome, fate.detail)


def settle(connection: Connection, fate: Fate) -> None:
    """Writes what became of a message that is still in our hand."""
    message = fate.message
    wait = timedelta(minutes=BACKOFF_MINUTES[min(message.attempts, len(BACKOFF_MINUTES)) - 1])
    connection.execute(
        SETTLE,
        {
            "which": message.id,
            "diverted": fate.diverted,
            "fate": fate.status,
            "again": (fate.not_before or fate.at + wait) if fate.status == Status.QUEUED else message.next_attempt_at,
            "sent": fate.at if fate.status == Status.SENT else None,
            "name": fate.reference,
        },
    )


def note_attempt(connection: Connection, message: InHand, outcome: str, words: str) -> None:
    """An attempt is noted with its outcome, at the moment when the message was taken in hand."""
    attempt = {"message_id": message.id, "number": message.attempts, "at": message.claimed_at}
    connection.execute(ATTEMPT, attempt | {"outcome": outcome, "detail": words[:LONGEST_DETAIL]})


def note_lost_attempt(connection: Connection, message: InHand) -> None:
    """The attempt of a sender that died; an earlier version of the program noted it before the wire was touched."""
    told = {"which": message.id, "nth": message.attempts, "fate": str(Status.UNKNOWN), "words": ""}
    if connection.execute(TELL, told).rowcount == 0:
        note_attempt(connection, message, Status.UNKNOWN, "")


def left_over(message: Message, now: datetime) -> InHand:
    """A message that a dead sender had in hand."""
    return InHand(*(*(getattr(message, name) for name in IN_HAND), now))
