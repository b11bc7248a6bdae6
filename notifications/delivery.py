"""Delivery: from the outbox to the wire, honestly.

A message is committed as `sending` before the wire is touched. Whoever next holds the channel's lock and finds one left
over knows that its sender died: mail goes out once more under the same Message-ID, a second loss stays `unknown`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape

from sqlmodel import Session, col, select, update

from config.settings import Settings
from config.words import say
from domain.keys import key
from domain.offices import Office, the_office
from domain.sending import Mode
from domain.store import Ledger
from notifications.addresses import AnswerAddresses
from notifications.channels import open_channel
from notifications.channels.contract import Channel, ChannelError, Letter
from notifications.locks import channel_lock
from notifications.outbox import LINK, TEST, Attempt, Message, Status
from notifications.wording import plain_line

log = logging.getLogger("dondoc.delivery")

#: Minutes to wait after the 1st, 2nd, … passing failure; after the last the message has failed.
BACKOFF_MINUTES = (5, 15, 60, 60, 120, 240, 240, 480, 480, 720, 720, 1440)
LONGEST_DETAIL = 300  #: characters kept of a server's words


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0  #: still queued, for a later attempt


def deliver(
    ledger: Ledger, settings: Settings, channel: str, clock: Callable[[], datetime], *, only: int | None = None
) -> Delivered:
    """Sends everything that waits for `channel` and whose time has come (or `only` one), one process at a time.

    1. Takes the channel's lock. 2. Settles what a dead sender left. 3. Claims one, sends it, writes its fate; again.
    With `only` it sends that one message, even while sending is stopped.
    """
    with channel_lock(ledger.engine, settings.locks_folder, channel):
        _settle_leftovers(ledger, channel, clock())
        return _send_all(ledger, settings, channel, clock, only)


def _send_all(
    ledger: Ledger, settings: Settings, channel: str, clock: Callable[[], datetime], only: int | None
) -> Delivered:
    done, tried = Delivered(), set[int]()
    try:
        addresses = AnswerAddresses(ledger, settings)
        with open_channel(channel, settings) as wire:
            while (claimed := _claim(ledger, channel, clock(), tried, only)) is not None:
                message, office = claimed
                tried.add(key(message.id))
                letter = _letter(message, settings, office.name, clock(), addresses.of(message))
                if (diverted := _diverted_to(office, settings)) and message.kind != TEST:
                    letter = _marked(letter, diverted)
                status, down = _send(ledger, wire, message, letter, clock)
                done = replace(
                    done, sent=done.sent + (status == Status.SENT), failed=done.failed + (status == Status.FAILED)
                )
                if down:
                    break
    except ChannelError as error:
        log.warning("channel down", extra={"channel": channel, "detail": error.detail})
    return replace(done, waiting=_waiting(ledger, channel))


def _diverted_to(office: Office, settings: Settings) -> str:
    """Where everything goes while the office is not live; empty where each goes to whom it is meant for."""
    if office.sending == Mode.SHADOW:
        return settings.office_mailbox or settings.mail_from
    return office.redirect_to if office.sending == Mode.REDIRECTED else ""


def _marked(letter: Letter, address: str) -> Letter:
    """The letter to another address, marked with whom it was meant for."""
    words = say("messages.diverted.line", recipient=plain_line(letter.recipient), address=plain_line(letter.address))
    subject = say("messages.diverted.subject", recipient=plain_line(letter.recipient), subject=letter.subject)
    html = f"<p><strong>{escape(words)}</strong></p>"
    body = re.search(r"<body[^>]*>", letter.html)
    at = body.end() if body else 0
    return replace(
        letter,
        address=address,
        subject=subject,
        text=f"{words}\n\n{letter.text}",
        html=letter.html[:at] + html + letter.html[at:],
    )


def _letter(message: Message, settings: Settings, office: str, moment: datetime, answer_at: str) -> Letter:
    return Letter(
        recipient=message.recipient,
        address=message.address,
        sender=settings.mail_from,
        sender_name=office,
        subject=message.subject,
        text=message.text.replace(LINK, answer_at),
        html=message.html.replace(LINK, escape(answer_at)),
        message_id=message.message_id,
        date=moment,
    )


def _claim(
    ledger: Ledger, channel: str, now: datetime, tried: set[int], only: int | None
) -> tuple[Message, Office] | None:
    """The next message, committed as `sending` with its attempt before anybody touches the wire.

    The switch is looked at each time: who stops or diverts in the middle of a delivery is obeyed from the next message.
    """
    with Session(ledger.engine, expire_on_commit=False) as session, session.begin():
        office = the_office(session, ledger.office_id)
        if office.sending == Mode.STOPPED and only is None:
            return None
        query = (
            select(Message)
            .where(
                Message.office_id == ledger.office_id,
                Message.channel == channel,
                Message.status == Status.QUEUED,
                col(Message.next_attempt_at) <= now,
                col(Message.id) > max(tried, default=0),
            )
            .order_by(col(Message.id))
            .limit(1)
        )
        query = query.where(Message.id == only) if only is not None else query
        message = session.exec(query if only is None else query.where(Message.id == only)).first()
        if message is None:
            return None
        message.status, message.attempts = Status.SENDING, message.attempts + 1
        session.add(Attempt(message_id=key(message.id), number=message.attempts, at=now, outcome=Status.SENDING))
        return message, office


def _send(
    ledger: Ledger, wire: Channel, message: Message, letter: Letter, clock: Callable[[], datetime]
) -> tuple[Status, bool]:
    """Sends one claimed message and writes its fate; answers it, and whether the channel is down."""
    diverted = letter.address if letter.address != message.address else ""
    try:
        receipt = wire.deliver(letter)
    except ChannelError as error:
        again = error.again and message.attempts <= len(BACKOFF_MINUTES)
        _write_fate(ledger, message, Status.QUEUED if again else Status.FAILED, error.detail, clock())
        log.warning("message not sent", extra={"message_id": message.id, "again": again, "detail": error.detail})
        return (Status.QUEUED if again else Status.FAILED), error.down
    _write_fate(ledger, message, Status.SENT, receipt.detail, clock(), diverted)
    return Status.SENT, False


def _write_fate(
    ledger: Ledger, message: Message, status: Status, detail: str, now: datetime, diverted: str = ""
) -> None:
    wait = timedelta(minutes=BACKOFF_MINUTES[min(message.attempts, len(BACKOFF_MINUTES)) - 1])
    changed = {
        "diverted_to": diverted,
        "status": status,
        "next_attempt_at": now + wait if status == Status.QUEUED else message.next_attempt_at,
    }
    if status == Status.SENT:
        changed["sent_at"] = now
    outcome = "retry" if status == Status.QUEUED else status
    with Session(ledger.engine) as session, session.begin():
        session.exec(
            update(Message)
            .where(col(Message.id) == message.id, col(Message.status) == Status.SENDING)
            .values(**changed)
        )
        session.exec(
            update(Attempt)
            .where(col(Attempt.message_id) == message.id, col(Attempt.number) == message.attempts)
            .values(outcome=outcome, detail=detail[:LONGEST_DETAIL])
        )


def _settle_leftovers(ledger: Ledger, channel: str, now: datetime) -> None:
    """A `sending` under our lock belongs to nobody alive: unknown; and, once only, back into the queue."""
    with Session(ledger.engine) as session, session.begin():
        left = session.exec(
            select(Message).where(
                Message.office_id == ledger.office_id, Message.channel == channel, Message.status == Status.SENDING
            )
        ).all()
        for message in left:
            lost = session.exec(
                select(Attempt).where(Attempt.message_id == message.id, Attempt.outcome == Status.UNKNOWN)
            ).first()
            attempt = session.exec(
                select(Attempt).where(Attempt.message_id == message.id, Attempt.number == message.attempts)
            ).one()
            attempt.outcome = Status.UNKNOWN
            message.status = Status.UNKNOWN if lost else Status.QUEUED
            message.next_attempt_at = now
            session.add(attempt)
            session.add(message)


def _waiting(ledger: Ledger, channel: str) -> int:
    with ledger.look() as session:
        query = select(Message.id).where(
            Message.office_id == ledger.office_id, Message.channel == channel, Message.status == Status.QUEUED
        )
        return len(session.exec(query).all())


def channels_with_mail(ledger: Ledger, now: datetime) -> list[str]:
    """The channels by which something waits to be sent, or was left over by a dead sender."""
    with ledger.look() as session:
        query = (
            select(Message.channel)
            .where(
                Message.office_id == ledger.office_id,
                col(Message.status).in_((Status.QUEUED, Status.SENDING)),
                col(Message.next_attempt_at) <= now,
            )
            .distinct()
        )
        return sorted(session.exec(query))
