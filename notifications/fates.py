"""What became of one message, and how that is written: one short transaction, plain SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, update
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from notifications.outbox import Message, Status

#: Minutes to wait after the 1st, 2nd, … passing failure; after the last the message has failed.
BACKOFF_MINUTES = (5, 15, 60, 60, 120, 240, 240, 480, 480, 720, 720, 1440)
LONGEST_DETAIL = 300  #: characters kept of a server's words
RETRY = "retry"  #: the outcome of an attempt after which the message waits again

# Built once: a delivery of thousands asks nothing else of the database.
MESSAGES, ATTEMPTS = (SQLModel.metadata.tables[name] for name in ("message", "attempt"))
IN_HAND = (
    "id", "kind", "recipient", "link_id", "channel", "address", "subject", "text", "html", "brief", "facts", "calendar",
    "message_id", "attempts", "created_at", "next_attempt_at",
)  # fmt: skip
CLAIM = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("which"), MESSAGES.c.status == Status.QUEUED)
    .values(status=str(Status.SENDING), attempts=MESSAGES.c.attempts + 1)
    .returning(*(MESSAGES.c[name] for name in IN_HAND))
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


def claim(connection: Connection, id_: int, now: datetime) -> InHand | None:
    """Takes a waiting message in hand, with an attempt of its own; None where somebody else was quicker."""
    row = connection.execute(CLAIM, {"which": id_}).first()
    if row is None:
        return None
    message = InHand(*row)
    attempt = {"message_id": id_, "number": message.attempts, "at": now, "outcome": Status.SENDING, "detail": ""}
    connection.execute(ATTEMPT, attempt)
    return message


def write_fate(connection: Connection, fate: Fate) -> None:
    """Writes what became of a message and of its attempt."""
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
    words = fate.detail[:LONGEST_DETAIL]
    connection.execute(TELL, {"which": message.id, "nth": message.attempts, "fate": fate.outcome, "words": words})


def in_hand(message: Message) -> InHand:
    """The same of a row."""
    return InHand(*(getattr(message, name) for name in IN_HAND))
