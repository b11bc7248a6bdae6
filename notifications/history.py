"""What became of the messages a checkpoint was folded into."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.checkpoints import Checkpoint
from notifications.outbox import Message, MessageCheckpoint


@dataclass(frozen=True, slots=True)
class Sending:
    """One recipient of one checkpoint."""

    recipient: str
    channel: str
    status: str
    attempts: int
    at: datetime  #: when it was sent; when it was written, while it was not
    diverted_to: str = ""  #: where it really went, while the office was not live


def sendings(session: Session, office_id: int, obligation_id: int | None = None) -> dict[int, list[Sending]]:
    """Checkpoint id -> the messages that carried it, in the order they were written; of one obligation, where named."""
    query = (
        select(MessageCheckpoint.checkpoint_id, Message)
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .where(Message.office_id == office_id)
        .order_by(col(Message.id))
    )
    if obligation_id is not None:
        query = query.join(Checkpoint, col(Checkpoint.id) == col(MessageCheckpoint.checkpoint_id))
        query = query.where(Checkpoint.obligation_id == obligation_id)
    found: dict[int, list[Sending]] = defaultdict(list)
    for checkpoint_id, one in session.exec(query):
        found[checkpoint_id].append(
            Sending(
                one.recipient, one.channel, one.status, one.attempts, one.sent_at or one.created_at, one.diverted_to
            )
        )
    return found
