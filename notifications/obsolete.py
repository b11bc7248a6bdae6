"""A message that waited so long that it is not true any more: the work was reported or settled meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from config.words import say
from domain.moments import Kind
from domain.obligations import OPEN
from notifications.fates import InHand, note_attempt
from notifications.outbox import Status

#: What is wrong to say once the agency has reported; news stays true.
PRESSING = (
    Kind.ESCALATE, Kind.OVERDUE, Kind.DUE, Kind.REMIND, Kind.LAPSE, Kind.REQUEST_STATUS, Kind.ASK, Kind.ASSIGN,
)  # fmt: skip
FRESH = timedelta(minutes=30)  #: what waited no longer than this was true a moment ago

_tables = SQLModel.metadata.tables
MESSAGES = _tables["message"]
FOLDED, POINTS, WORK = (_tables[name] for name in ("message_checkpoint", "checkpoint", "obligation"))
ABOUT = (
    select(POINTS.c.kind, WORK.c.state, func.count())
    .select_from(FOLDED.join(POINTS, POINTS.c.id == FOLDED.c.checkpoint_id))
    .join(WORK, WORK.c.id == POINTS.c.obligation_id)
    .where(FOLDED.c.message_id == bindparam("which"))
    .group_by(POINTS.c.kind, WORK.c.state)
)
WITHDRAW = update(MESSAGES).where(MESSAGES.c.id == bindparam("which")).values(status=str(Status.WITHDRAWN))


def withdraw_if_settled(connection: Connection, message: InHand, now: datetime) -> bool:
    """Withdraws a claimed message that waited, and presses for nothing but work that is not open any more."""
    if now - message.created_at < FRESH:
        return False
    about = connection.execute(ABOUT, {"which": message.id}).all()
    if not about or any(state in OPEN or kind not in PRESSING for kind, state, _ in about):
        return False
    connection.execute(WITHDRAW, {"which": message.id})
    note_attempt(connection, message, Status.WITHDRAWN, say("messages.settled_meanwhile"))
    return True
