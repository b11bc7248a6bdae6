"""Trying out: one message to one person, and turning an office live without the mail of its trial."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select, update

from config.words import say
from domain import sending
from domain.errors import Refusal
from domain.keys import key
from domain.offices import the_office
from domain.sending import Mode
from domain.store import Change, Ledger
from notifications.outbox import TEST, Attempt, Message, Status
from notifications.plain import Plain, queue_plain
from notifications.queueing import Voice
from notifications.recipients import Recipient
from notifications.wording import moment_words, plain_line

LEFT = (Status.QUEUED, Status.SENDING)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a test message."""

    status: str  #: a Status
    detail: str  #: the server's words, or what went wrong


@dataclass(frozen=True, slots=True)
class Started:
    """What turning an office live came to."""

    told_anew: int  #: pieces of work that agencies are told of again
    dropped: int  #: messages of the trial that had not left, and will not


def write_test(change: Change, to: Recipient, voice: Voice) -> Message:
    """Queues one message that asks nothing of anybody, to somebody's real address whatever the mode.

    Raises Refusal while sending is stopped: then nothing leaves at all.
    """
    office = the_office(change.session, change.office_id)
    if office.sending == Mode.STOPPED:
        raise Refusal("desk.refused.stopped")
    subject, text = _words(change, to, office.name, voice.language)
    message = queue_plain(change, to, Plain(TEST, subject, text), voice.channel, voice.domain, voice.language)
    change.record("sending.tested", f"message:{message.id}", recipient=to.name, address=to.address)
    return message


def _words(change: Change, to: Recipient, office: str, language: str) -> tuple[str, str]:
    """Subject and text."""
    ours, at = plain_line(office), moment_words(change.now, language)
    text = say("messages.trial.text", language=language, recipient=plain_line(to.name), office=ours, at=at)
    return say("messages.trial.subject", language=language, office=ours), text


def tried(ledger: Ledger, message_id: int) -> Tried:
    """What became of a message so far."""
    with ledger.look() as session:
        message = session.get_one(Message, message_id)
        query = select(Attempt).where(Attempt.message_id == message_id).order_by(col(Attempt.number).desc())
        last = session.exec(query).first()
    return Tried(message.status, last.detail if last else "")


def go_live(change: Change, reason: str = "") -> Started:
    """Turns sending on for real, like `domain.sending.start`, and drops what was written for the trial and waits still.

    Its readers hear of open work anew; an escalation of the trial must not reach them before that.
    """
    unheard = the_office(change.session, change.office_id).unheard
    told_anew = sending.start(change, reason)
    return Started(told_anew, _drop(change) if unheard else 0)


def _drop(change: Change) -> int:
    session: Session = change.session
    query = select(Message).where(
        Message.office_id == change.office_id, col(Message.status).in_(LEFT), Message.kind != TEST
    )
    messages = list(session.exec(query))
    lost = {key(one.id) for one in messages if one.status == Status.SENDING}  # its sender died, or is just done
    session.exec(
        update(Attempt)
        .where(col(Attempt.message_id).in_(lost), col(Attempt.outcome) == Status.SENDING)
        .values(outcome=Status.UNKNOWN)
    )
    for one in messages:
        one.status, one.attempts = Status.FAILED, one.attempts + 1
        session.add(one)
        detail = say("desk.sending.dropped")
        session.add(
            Attempt(message_id=key(one.id), number=one.attempts, at=change.now, outcome=Status.FAILED, detail=detail)
        )
    if messages:
        change.record("outbox.dropped", f"office:{change.office_id}", messages=len(messages))
    return len(messages)
