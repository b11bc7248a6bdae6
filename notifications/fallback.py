"""When a way fails for good: the same words go by the next one, and after the last somebody of the office is told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from config.words import say
from domain import ways
from domain.checkpoints import LIVE, Checkpoint, add_news
from domain.conclusions import Conclusion, Directive
from domain.keys import key
from domain.moments import Kind
from domain.obligations import UNSETTLED, Obligation
from domain.offices import the_office, working_time
from domain.sending import Mode
from domain.store import Change
from notifications.outbox import TEST, Attempt, Message, MessageCheckpoint, Status
from notifications.reach import InForce, routes_of
from notifications.stops import stops
from notifications.wording import plain_line

#: What carries over to the next way; the rest is the new message's own.
COPIED = (
    "office_id", "kind", "recipient", "recipient_role", "person", "agency_id", "link_id", "language", "subject", "text",
    "html", "brief", "facts", "calendar",
)  # fmt: skip
LONGEST_CHAIN = 20

Waiting = tuple[datetime, str]  #: a moment at which a round is wanted, and the number of the conclusion


@dataclass(frozen=True, slots=True)
class FellBack:
    """What came of it."""

    message: Message | None = None  #: the same words by the next way
    moments: tuple[Waiting, ...] = ()  #: when the office's people are to be told that nobody was reached


def fall_back(change: Change, message: Message, why: str, channels: InForce, *, bad: bool) -> FellBack:
    """What follows where a message failed for good, or nobody can say whether it arrived.

    With `bad` its address takes nothing any more. The checkpoints move to the new message, so that the ladder waits for
    what becomes of that one.
    """
    if bad and message.person:
        ways.mark_bad(change, message.person, channels.way_of(message.channel), message.address, why)
    if message.kind == TEST:
        return FellBack()
    route = _next_route(change, message, channels)
    if route is not None:
        return FellBack(_again(change, message, channels.channel_of(route) or channels.mail, route.address))
    return FellBack(moments=tuple(nobody_reached(change, [message], why)))


def _next_route(change: Change, message: Message, channels: InForce) -> ways.Route | None:
    if not message.person:
        return None
    office = the_office(change.session, change.office_id)
    usable = channels if office.sending == Mode.LIVE else channels.mail_only
    tried = {(channels.way_of(one.channel), one.address) for one in chain(change.session, message)}
    open_ones = usable.without(stops(change.session, change.office_id))
    return open_ones.best(routes_of(change.session, change.office_id, message.person), tried)


def _again(change: Change, message: Message, channel: str, address: str) -> Message:
    domain = message.message_id.rpartition("@")[2].rstrip(">")
    new = Message(
        **{name: getattr(message, name) for name in COPIED},
        channel=channel,
        address=address,
        message_id=f"<{uuid.uuid4().hex}@{domain}>",
        fallback_of=message.id,
        created_at=change.now,
        next_attempt_at=change.now,
    )
    change.session.add(new)
    change.session.flush()
    change.session.exec(
        update(MessageCheckpoint)
        .where(col(MessageCheckpoint.message_id) == message.id)
        .values(message_id=new.id)
        .execution_options(synchronize_session=False)
    )
    change.record("message.fell_back", f"message:{message.id}", by=new.id, channel=channel)
    return new


def chain(session: Session, message: Message) -> list[Message]:
    """The message and those before it that said the same by other ways."""
    found = [message]
    while found[-1].fallback_of is not None and len(found) < LONGEST_CHAIN:
        found.append(session.get_one(Message, found[-1].fallback_of))
    return found


def nobody_reached(change: Change, messages: Iterable[Message], why: str) -> list[Waiting]:
    """The owner gets a task for every piece of open work that messages to somebody were about; answers the moments."""
    at = working_time(change.session, change.office_id).soonest(change.now)
    found = []
    for message in messages:
        if message.kind == Kind.UNREACHED:
            continue  # who is to be told cannot be told: the dashboard says so
        note = say("messages.unreached", language="vi", who=plain_line(message.recipient), why=plain_line(why))
        for obligation, number in _open_work(change.session, key(message.id)):
            add_news(change.session, obligation, Kind.UNREACHED, at, note)
            found.append((at, number))
    change.session.flush()
    return found


def _open_work(session: Session, message_id: int) -> list[tuple[Obligation, str]]:
    """The unsettled obligations a message is about, with the number of the notice, unless a task waits already."""
    about = (
        select(Checkpoint.obligation_id)
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .where(MessageCheckpoint.message_id == message_id)
    )
    told = select(Checkpoint.obligation_id).where(
        Checkpoint.kind == Kind.UNREACHED, col(Checkpoint.fate).in_(LIVE), col(Checkpoint.obligation_id).in_(about)
    )
    query = (
        select(Obligation, Conclusion.number)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(col(Obligation.id).in_(about), col(Obligation.state).in_(UNSETTLED), col(Obligation.id).not_in(told))
        .order_by(col(Obligation.id))
    )
    return list(session.exec(query))


def bounced(change: Change, message_id: int, why: str, channels: InForce) -> FellBack:
    """A message came back: it has failed, its address takes nothing any more, and its words go by the next way."""
    message = change.session.get_one(Message, message_id)
    if message.status not in (Status.SENT, Status.UNKNOWN):
        return FellBack()
    message.status, message.attempts = Status.FAILED, message.attempts + 1
    change.session.add(message)
    change.session.add(
        Attempt(message_id=message_id, number=message.attempts, at=change.now, outcome=Status.FAILED, detail=why)
    )
    change.session.flush()
    change.record("message.bounced", f"message:{message_id}", why=why)
    return fall_back(change, message, why, channels, bad=True)


def leave_channel(change: Change, channel: str, channels: InForce) -> int:
    """A channel stands still, or must not be used now: what waits for it goes another way where there is one."""
    query = select(Message).where(
        Message.office_id == change.office_id, Message.channel == channel, Message.status == Status.QUEUED
    )
    moved = 0
    for message in change.session.exec(query.order_by(col(Message.id))).all():
        route = _next_route(change, message, channels)
        if route is None:
            continue
        message.channel, message.address = channels.channel_of(route) or channels.mail, route.address
        message.next_attempt_at = change.now
        change.session.add(message)
        moved += 1
    if moved:
        change.record("channel.left", f"channel:{channel}", messages=moved)
    return moved
