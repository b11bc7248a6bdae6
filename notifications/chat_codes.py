"""One-time codes as rows: who writes the code to the Official Account or the bot shows which chat is theirs."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select, update

from domain.agencies import Contact
from domain.columns import UtcDateTime
from domain.errors import Refusal
from domain.offices import Official
from domain.people import person_of, roles_of
from domain.store import Change
from domain.ways import put_first
from notifications.channels.zalo.linking import LIVES, digest_of, new_code


class ChatCode(SQLModel, table=True):
    """A code that was given out: nobody reads the code from here."""

    __tablename__ = "chat_code"
    __table_args__ = (UniqueConstraint("office_id", "digest"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    person: str  #: "contact:7" or "official:2"
    #: keyed, of the code, a dot, and of whoever the person was: a database may give the number to somebody else
    digest: str
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    channel: str = ""  #: the channel that it was written to
    chat: str = ""  #: the user or chat that wrote it


def give_code(change: Change, person: str, secret: bytes) -> tuple[str, datetime]:
    """A code to tell somebody, and until when it counts; the codes that they have not used count no more."""
    old = select(ChatCode).where(ChatCode.office_id == change.office_id, ChatCode.person == person)
    for row in change.session.exec(old.where(col(ChatCode.used_at).is_(None))):
        change.session.delete(row)
    code, ends = new_code(), change.now + LIVES
    digest = f"{digest_of(code, secret)}.{_holder(change.session, person, secret)}"
    change.session.add(ChatCode(office_id=change.office_id, person=person, digest=digest, expires_at=ends))
    change.record("chat.code", person)
    return code, ends


def redeem(change: Change, code: str, channel: str, chat: str, secret: bytes) -> str:
    """Ties a chat to whom the code was given, and answers them; the chat is their first way from now on.

    The code is spent in one statement: of two who write it at once, one is too late. Raises Refusal for a code that
    counts no more, or that was given to somebody who has been replaced.
    """
    found = select(ChatCode).where(
        ChatCode.office_id == change.office_id, col(ChatCode.digest).startswith(digest_of(code, secret))
    )
    row = change.session.exec(found).first()
    if row is None or row.digest.partition(".")[2] != _holder(change.session, row.person, secret):
        raise Refusal("zalo.code.unknown")
    if row.expires_at <= change.now:
        raise Refusal("zalo.code.expired")
    spend = update(ChatCode).where(col(ChatCode.id) == row.id, col(ChatCode.used_at).is_(None))
    if change.session.exec(spend.values(used_at=change.now, channel=channel, chat=chat)).rowcount != 1:
        raise Refusal("zalo.code.used")
    for person in every_role(change.session, change.office_id, row.person):
        put_first(change, person, channel, chat)
    return row.person


def every_role(session: Session, office_id: int, person: str) -> list[str]:
    """Everything that the same person is called: an official fills several roles at one address."""
    row = _row(session, person)
    same = roles_of(session, office_id, row) if isinstance(row, Official) else []
    return [person_of(one) for one in same] or [person]


def _row(session: Session, person: str) -> Contact | Official | None:
    kind, _, id_ = person.partition(":")
    if not id_.isdecimal():
        return None
    return session.get(Contact, int(id_)) if kind == "contact" else session.get(Official, int(id_))


def _holder(session: Session, person: str, secret: bytes) -> str:
    """Whoever fills the place at the moment, keyed; another name or address is another person."""
    row = _row(session, person)
    who = f"{person}|{row.name}|{row.address}" if row else "nobody"
    return hmac.new(secret, f"dondoc chat holder|{who}".encode(), hashlib.sha256).hexdigest()[:32]
