"""Channels that stand still: our own account there is refused, and more attempts would only make it worse."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from domain.columns import UtcDateTime
from domain.store import Change

LONGEST_WHY = 300  #: characters


class ChannelStop(SQLModel, table=True):
    """A channel sends nothing until the operator has seen to it."""

    __tablename__ = "channel_stop"
    __table_args__ = (UniqueConstraint("office_id", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    channel: str
    since: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    why: str  #: the server's words, without secrets


def stops(session: Session, office_id: int) -> dict[str, ChannelStop]:
    """Channel -> why it stands still."""
    query = select(ChannelStop).where(ChannelStop.office_id == office_id).order_by(col(ChannelStop.channel))
    return {row.channel: row for row in session.exec(query)}


def stop_channel(change: Change, channel: str, why: str) -> bool:
    """A channel stands still from now on; answers whether it did not before."""
    if channel in stops(change.session, change.office_id):
        return False
    change.session.add(
        ChannelStop(office_id=change.office_id, channel=channel, since=change.now, why=why[:LONGEST_WHY])
    )
    change.record("channel.stopped", f"channel:{channel}", why=why[:LONGEST_WHY])
    return True


def start_channel(change: Change, channel: str) -> bool:
    """A channel sends again; answers whether it stood still."""
    row = stops(change.session, change.office_id).get(channel)
    if row is None:
        return False
    change.session.delete(row)
    change.record("channel.started", f"channel:{channel}")
    return True
