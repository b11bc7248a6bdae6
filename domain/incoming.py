"""Mail that came in: what was returned, what was answered, and the files that came with it.

A mail is evidence and no act: nothing in it changes an obligation before somebody of the office attaches it to one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from domain.columns import UtcDateTime, where
from domain.errors import Refusal
from domain.store import Change

LONGEST_TEXT = 20_000  #: characters kept of what a mail or a letter says
LONGEST_LINE = 500  #: characters kept of a subject or a name
LONGEST_REASON = 500


class IncomingKind(StrEnum):
    """What a mail is to the office."""

    BOUNCE = "bounce"  #: a message of ours came back
    REPLY = "reply"  #: to a message of ours, or from somebody the office writes to
    AUTO = "auto"  #: a machine's: out of office, delayed, delivered
    OTHER = "other"


class IncomingState(StrEnum):
    """Whether somebody still has to look at it."""

    WAITING = "waiting"
    ATTACHED = "attached"  #: reports were taken down from it
    DISMISSED = "dismissed"
    DONE = "done"  #: nobody had to do anything


class Incoming(SQLModel, table=True):
    """One mail."""

    __table_args__ = (
        UniqueConstraint("office_id", "message_id"),
        Index("incoming_waiting", "office_id", "id", **where("state = 'waiting'")),
        Index("incoming_about", "about_id", **where("about_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    message_id: str  #: its own Message-ID, or a digest of it where it has none
    about_id: int | None = Field(default=None, foreign_key="message.id")  #: the message of ours that it answers
    agency_id: int | None = Field(default=None, foreign_key="agency.id")  #: whose it is, or seems to be
    kind: str
    sender: str  #: address; anybody can write any
    sender_name: str = ""
    stranger: bool = False  #: the address is nobody's that the office knows
    subject: str = ""
    text: str = Field(default="", sa_column=Column(Text, nullable=False))  #: plain and harmless, never HTML
    received_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: when the mailbox got it
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    state: str = IncomingState.WAITING
    settled_by: str = ""
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    reason: str = ""  #: why it was dismissed, or what a machine said
    letter_number: str = ""  #: of the answer letter among its files
    letter_date: date | None = None
    letter_about: str = ""  #: what that letter says it carries out
    letter_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    letter_problem: str = ""  #: why a letter among its files could not be read


class IncomingFile(SQLModel, table=True):
    """A file that came with a mail; kept in the attachments folder, or refused with the reason."""

    __tablename__ = "incoming_file"

    id: int | None = Field(default=None, primary_key=True)
    incoming_id: int = Field(foreign_key="incoming.id", index=True)
    name: str
    mime: str = ""
    sha256: str = ""  #: empty: not kept
    size: int = 0  #: bytes
    refused: str = ""  #: why it was not kept


class IncomingReport(SQLModel, table=True):
    """A report that was taken down from a mail."""

    __tablename__ = "incoming_report"

    incoming_id: int = Field(foreign_key="incoming.id", primary_key=True)
    report_id: int = Field(foreign_key="status_report.id", primary_key=True)


class Mailbox(SQLModel, table=True):
    """How far a folder of the office's mailbox has been read (RFC 3501, 2.3.1.1)."""

    __table_args__ = (UniqueConstraint("office_id", "folder"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    folder: str
    uid_validity: int = Field(sa_column=Column(BigInteger, nullable=False))  #: 32 bits without a sign, like every UID
    last_uid: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


def waiting_count(session: Session, office_id: int) -> int:
    """How many mails wait for somebody to look at them."""
    query = select(func.count()).where(Incoming.office_id == office_id, Incoming.state == IncomingState.WAITING)
    return session.exec(query).one()


def incoming_rows(session: Session, office_id: int, *, everything: bool = False, most: int = 200) -> list[Incoming]:
    """The mails that wait, the newest first; with `everything` the settled ones too."""
    query = select(Incoming).where(Incoming.office_id == office_id).order_by(col(Incoming.id).desc()).limit(most)
    return list(session.exec(query if everything else query.where(Incoming.state == IncomingState.WAITING)))


def incoming_of(session: Session, office_id: int, incoming_id: int) -> Incoming:
    """One mail. Raises Refusal where there is none."""
    row = session.get(Incoming, incoming_id)
    if row is None or row.office_id != office_id:
        raise Refusal("inbox.refused.none", id=incoming_id)
    return row


def files_of(session: Session, mails: Iterable[int]) -> list[IncomingFile]:
    """The files of some mails, in the order in which they came."""
    query = select(IncomingFile).where(col(IncomingFile.incoming_id).in_(set(mails)))
    return list(session.exec(query.order_by(col(IncomingFile.id))))


def settle(change: Change, row: Incoming, state: IncomingState, reason: str = "") -> None:
    """Nobody has to look at it any more. Raises Refusal where somebody has settled it already."""
    if row.state != IncomingState.WAITING:
        raise Refusal("inbox.refused.settled", id=row.id)
    row.state, row.settled_by, row.settled_at = state, change.actor, change.now
    row.reason = reason[:LONGEST_REASON] or row.reason
    change.session.add(row)


def dismiss(change: Change, incoming_id: int, reason: str) -> Incoming:
    """A mail that says nothing about any work. Raises Refusal for an empty reason, and for one that is settled."""
    if not reason.strip():
        raise Refusal("inbox.refused.no_reason")
    row = incoming_of(change.session, change.office_id, incoming_id)
    settle(change, row, IncomingState.DISMISSED, " ".join(reason.split()))
    change.record("incoming.dismissed", f"incoming:{row.id}", reason=row.reason)
    return row
