"""Messages without items: a trial, a word to whoever runs the office."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from html import escape

from config.words import spoken_language
from domain.store import Change
from notifications.outbox import Message
from notifications.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Plain:
    """What is said; paragraphs stand apart by an empty line."""

    kind: str
    subject: str
    text: str


def queue_plain(
    change: Change, to: Recipient, words: Plain, channel: str, domain: str, language: str | None = None
) -> Message:
    """Queues it to somebody's address."""
    html = "\n".join(f"<p>{escape(part)}</p>" for part in words.text.split("\n\n"))
    message = Message(
        office_id=change.office_id,
        kind=words.kind,
        recipient=to.name,
        recipient_role=to.role,
        agency_id=to.agency_id,
        channel=channel,
        address=to.address,
        language=language or spoken_language(),
        subject=words.subject,
        text=f"{words.text}\n",
        html=f"<!doctype html>\n<html><body>\n{html}\n</body></html>\n",
        brief=words.text,
        message_id=f"<{uuid.uuid4().hex}@{domain}>",
        created_at=change.now,
        next_attempt_at=change.now,
    )
    change.session.add(message)
    change.session.flush()
    return message
