"""The outbox: what one recipient gets in one round by one channel, and every attempt to send it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ColumnElement, Index, Text, UniqueConstraint, exists
from sqlalchemy.orm import aliased
from sqlalchemy.types import JSON
from sqlmodel import Field, SQLModel, col

from domain.columns import UtcDateTime, where
from domain.links import LINK_ID

LINK = "\ue000"  #: in a body: the address by which the recipient answers; its token is made when it is sent
TEST = "test"  #: the kind of a message that only tries whether somebody can be reached
NOTICE = "notice"  #: the kind of a word to whoever runs the office


class Status(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENDING = "sending"  #: committed before the wire is touched
    SENT = "sent"  #: the wire took it
    DELIVERED = "delivered"  #: the wire told that it is there
    FAILED = "failed"
    UNKNOWN = "unknown"  #: a sender died with it on the wire, and asking again could double it
    HELD = "held"  #: the office holds it back
    WITHDRAWN = "withdrawn"  #: what it says was settled before it could leave


GONE_OUT = (Status.SENT, Status.DELIVERED)


class Message(SQLModel, table=True):
    """One message to one recipient. It folds many checkpoints."""

    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("message_waiting", "channel", "status", "next_attempt_at"),
        Index("message_status", "office_id", "status", "id"),
        Index("message_agency", "agency_id", "id"),
        Index("message_reference", "channel", "reference", **where("reference <> ''")),
        Index("message_fallback", "fallback_of", **where("fallback_of IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    kind: str  #: the most serious of what it says
    recipient: str  #: who it is for, as a person would say
    recipient_role: str
    person: str = ""  #: "contact:7" or "official:2": whose other ways may be tried
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    link_id: int | None = Field(default=None, foreign_key=LINK_ID)  #: stands in for LINK where the body names it
    channel: str
    address: str
    diverted_to: str = ""  #: where it really went, while the office was not live
    language: str
    subject: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    html: str = Field(sa_column=Column(Text, nullable=False))
    brief: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))  #: for a chat
    facts: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    calendar: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))  #: iCalendar, a mail's
    message_id: str  #: the Message-ID, the same for every attempt
    fallback_of: int | None = Field(default=None, foreign_key="message.id")  #: the same words by the way before
    status: str = Status.QUEUED
    attempts: int = 0
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    next_attempt_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    delivered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    reference: str = ""  #: the wire's own name of it, by which its fate is told


class MessageCheckpoint(SQLModel, table=True):
    """A checkpoint is folded into a message: once for each recipient, whatever happens."""

    __tablename__ = "message_checkpoint"

    checkpoint_id: int = Field(foreign_key="checkpoint.id", primary_key=True)
    recipient: str = Field(primary_key=True)  #: "contact:7", "official:2"
    message_id: int = Field(foreign_key="message.id", index=True)


class Attempt(SQLModel, table=True):
    """One attempt to send a message."""

    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    number: int
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    outcome: str  #: a Status
    detail: str = ""  #: the server's words, or what went wrong


def nothing_later() -> ColumnElement[bool]:
    """A condition on messages: their words were not said again by another way."""
    later = aliased(Message)
    return ~exists().where(col(later.fallback_of) == col(Message.id))
