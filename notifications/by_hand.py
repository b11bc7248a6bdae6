"""What a person of the office does to one message: hold it back, or send it again by the way that is open now."""

from __future__ import annotations

from sqlmodel import Session, col, select

from domain import ways
from domain.agencies import contacts_of
from domain.errors import Refusal
from domain.keys import key
from domain.people import person_of
from domain.store import Change
from notifications.fallback import chain
from notifications.outbox import TEST, Attempt, Message, Status
from notifications.reach import InForce, mail_of, routes_of

LARGEST_ID = 2**31 - 1
AGAIN = (Status.FAILED, Status.UNKNOWN, Status.HELD, Status.WITHDRAWN)


def find_message(session: Session, office_id: int, message_id: int) -> Message:
    """A message of the office. Raises Refusal when there is none."""
    found = session.get(Message, message_id) if 0 < message_id <= LARGEST_ID else None
    if found is None or found.office_id != office_id:
        raise Refusal("outbox.refused.none", id=message_id)
    return found


def hold_message(change: Change, message_id: int) -> Message:
    """Holds a waiting message back. Raises Refusal for one that does not wait."""
    message = find_message(change.session, change.office_id, message_id)
    if message.status != Status.QUEUED:
        raise Refusal("outbox.refused.not_waiting", id=message_id)
    message.status = Status.HELD
    change.session.add(message)
    change.record("message.held", f"message:{message_id}")
    return message


def send_again(change: Change, message_id: int, channels: InForce) -> Message:
    """Queues a message once more, by the first way to its recipient that a person may try.

    Whoever asks has seen to the trouble: the way counts as good again. Raises Refusal for a message that waits or has
    gone out, and for one whose words went another way already.
    """
    message = find_message(change.session, change.office_id, message_id)
    if message.status not in AGAIN or message.kind == TEST:
        raise Refusal("outbox.refused.not_ended", id=message_id)
    if (later := _said_again_by(change.session, message_id)) is not None:
        raise Refusal("outbox.refused.said_again", id=message_id, later=later.id)
    if message.person:
        _by_an_open_way(change, message, channels)
    message.status, message.next_attempt_at = Status.QUEUED, change.now
    change.session.add(message)
    change.record("message.again", f"message:{message_id}", channel=message.channel, address=message.address)
    return message


def _by_an_open_way(change: Change, message: Message, channels: InForce) -> None:
    """Takes the first open way; where there is none, the mail address as it stands now is tried again."""
    _to_whoever_is_there_now(change, message)
    own = mail_of(change.session, message.person)
    if not own:
        return
    route = channels.best(routes_of(change.session, change.office_id, message.person))
    if route is None:
        ways.mark_good(change, message.person, ways.MAIL, own)
        route = ways.Route(ways.MAIL, own)
    message.channel, message.address = channels.channel_of(route) or channels.mail, route.address


def _to_whoever_is_there_now(change: Change, message: Message) -> None:
    """An agency's contact was replaced meanwhile: the message is for whoever fills the role now."""
    if message.agency_id is None or mail_of(change.session, message.person):
        return
    contact = contacts_of(change.session, [message.agency_id]).get((message.agency_id, message.recipient_role))
    if contact is not None:
        message.person, message.recipient = person_of(contact), contact.name


def attempts_of(session: Session, message: Message) -> list[Attempt]:
    """Every attempt to send a message, in order."""
    query = select(Attempt).where(Attempt.message_id == message.id).order_by(col(Attempt.number))
    return list(session.exec(query))


def ways_tried(session: Session, message: Message) -> list[Message]:
    """The same words by every way, the first one first."""
    found = chain(session, message)[::-1]
    while (following := _said_again_by(session, key(found[-1].id))) is not None:
        found.append(following)
    return found


def _said_again_by(session: Session, message_id: int) -> Message | None:
    return session.exec(select(Message).where(Message.fallback_of == message_id)).first()
