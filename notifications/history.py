"""What became of the messages a checkpoint was folded into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from notifications.outbox import Message, MessageCheckpoint


@dataclass(frozen=True, slots=True)
class Sending:
    """One recipient of one checkpoint."""

    recipient: str
    channel: str
    status: str
    attempts: int
    at: datetime  #: when it was sent; when it was written, while it was not


def sendings(session: Session, office_id: int) -> dict[int, list[Sending]]:
    """Checkpoint id -> the messages that carried it, in the order they were written."""
    query = (
        select(MessageCheckpoint.checkpoint_id, Message)
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .where(Message.office_id == office_id)
        .order_by(col(Message.id))
    )
    found: dict[int, list[Sending]] = defaultdict(list)
    for checkpoint_id, one in session.exec(query):
        found[checkpoint_id].append(
            Sending(one.recipient, one.channel, one.status, one.attempts, one.sent_at or one.created_at)
        )
    return found
