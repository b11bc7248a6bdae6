"""Delivery: from the outbox to the wire, honestly.

A message is committed as `sending` before the wire is touched. Whoever next holds the channel's lock and finds one left
over knows that its sender died: mail goes out once more under the same Message-ID, a second loss stays `unknown`.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape

from sqlalchemy import bindparam, insert, update
from sqlalchemy.engine import Connection
from sqlmodel import Session, SQLModel, col, select

from config.settings import Settings
from config.words import say
from domain.offices import Office
from domain.sending import Mode
from domain.store import Ledger, database_errors
from notifications.addresses import AnswerAddresses
from notifications.channels import open_channel
from notifications.channels.contract import Channel, ChannelError, Fault, Letter
from notifications.locks import channel_lock
from notifications.outbox import LINK, TEST, Attempt, Message, Status
from notifications.wording import plain_line

log = logging.getLogger("dondoc.delivery")

#: Minutes to wait after the 1st, 2nd, … passing failure; after the last the message has failed.
BACKOFF_MINUTES = (5, 15, 60, 60, 120, 240, 240, 480, 480, 720, 720, 1440)
LONGEST_DETAIL = 300  #: characters kept of a server's words
LOOKED_UP = 200  #: ids of waiting messages that are in memory together

# Built once: a delivery of thousands asks nothing else of the database.
MESSAGES, ATTEMPTS, OFFICES = (SQLModel.metadata.tables[name] for name in ("message", "attempt", "office"))
OFFICE = OFFICES.select().where(OFFICES.c.id == bindparam("id"))
CLAIM = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("which"), MESSAGES.c.status == Status.QUEUED)
    .values(status=str(Status.SENDING), attempts=MESSAGES.c.attempts + 1)
    .returning(*MESSAGES.c)
)
ATTEMPT = insert(ATTEMPTS)
SETTLE = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("which"), MESSAGES.c.status == Status.SENDING)
    .values(
        diverted_to=bindparam("diverted"),
        status=bindparam("fate"),
        next_attempt_at=bindparam("again"),
        sent_at=bindparam("sent"),
    )
)
TELL = (
    update(ATTEMPTS)
    .where(ATTEMPTS.c.message_id == bindparam("which"), ATTEMPTS.c.number == bindparam("nth"))
    .values(outcome=bindparam("fate"), detail=bindparam("words"))
)


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

    1. Takes the channel's lock. 2. Settles what a dead sender left. 3. Claims one, sends it, writes its fate in the
    transaction that claims the next; again. With `only` it sends that one message, even while sending is stopped.
    """
    with channel_lock(ledger.engine, settings.locks_folder, channel):
        _settle_leftovers(ledger, channel, clock())
        return Sender(ledger, settings, channel, clock, only).run()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is committed as `sending`, and the office as the switch stands."""

    message: Message
    office: Office


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a claimed message."""

    message: Message
    status: Status
    detail: str
    at: datetime
    diverted: str = ""
    not_before: datetime | None = None
    down: bool = False  #: the channel takes nothing more just now


class Sender:
    """One delivery by one channel, under its lock."""

    def __init__(
        self, ledger: Ledger, settings: Settings, channel: str, clock: Callable[[], datetime], only: int | None
    ) -> None:
        self.ledger = ledger
        self.settings = settings
        self.channel = channel
        self.clock = clock
        self.only = only
        self.addresses = AnswerAddresses(ledger, settings)
        self.waiting: deque[int] = deque()  #: ids of messages that were seen to wait, in order
        self.links: list[int | None] = []  #: of those messages, still to be looked up
        self.last = 0  #: the last id that was looked at: nothing is tried twice in one delivery

    def run(self) -> Delivered:
        """Sends until nothing waits, the channel is down, or somebody stops sending."""
        done = Delivered()
        try:
            with open_channel(self.channel, self.settings) as wire:
                claimed = self._next(None)
                while claimed is not None:
                    fate = self._send(wire, claimed)
                    done = replace(
                        done,
                        sent=done.sent + (fate.status == Status.SENT),
                        failed=done.failed + (fate.status == Status.FAILED),
                    )
                    claimed = self._next(fate)
        except ChannelError as error:
            log.warning("channel down", extra={"channel": self.channel, "detail": error.detail})
        return replace(done, waiting=_waiting(self.ledger, self.channel))

    def _next(self, fate: Fate | None) -> Claimed | None:
        """Writes the fate of the message before, and claims the next one: committed before anybody touches the wire.

        The switch is looked at each time: who stops or diverts in the middle is obeyed from the next message.
        """
        with database_errors(), self.ledger.engine.begin() as connection:
            if fate is not None:
                _write_fate(connection, fate)
                if fate.down:
                    return None
            office = Office(**connection.execute(OFFICE, {"id": self.ledger.office_id}).one()._mapping)
            if office.sending == Mode.STOPPED and self.only is None:
                return None
            message = self._claim(connection)
        return Claimed(message, office) if message else None

    def _claim(self, connection: Connection) -> Message | None:
        now = self.clock()
        while (id_ := self._candidate(connection, now)) is not None:
            row = connection.execute(CLAIM, {"which": id_}).first()
            if row is not None:
                message = Message(**row._mapping)
                attempt = {"message_id": id_, "number": message.attempts, "at": now, "outcome": Status.SENDING}
                connection.execute(ATTEMPT, attempt | {"detail": ""})
                return message
        return None

    def _candidate(self, connection: Connection, now: datetime) -> int | None:
        """The next message that may wait; several are looked up at once."""
        if not self.waiting:
            query = (
                select(Message.id, Message.link_id)
                .where(
                    Message.office_id == self.ledger.office_id,
                    Message.channel == self.channel,
                    Message.status == Status.QUEUED,
                    col(Message.next_attempt_at) <= now,
                    col(Message.id) > self.last,
                )
                .order_by(col(Message.id))
                .limit(LOOKED_UP)
            )
            query = query.where(Message.id == self.only) if self.only is not None else query
            rows = connection.execute(query).all()
            self.waiting.extend(id_ for id_, _ in rows)
            self.links = [link for _, link in rows]
        self.last = self.waiting[0] if self.waiting else self.last
        return self.waiting.popleft() if self.waiting else None

    def _send(self, wire: Channel, claimed: Claimed) -> Fate:
        message = claimed.message
        if self.links:
            self.addresses.expect(self.links)
            self.links = []
        letter = _letter(message, self.settings, claimed.office.name, self.clock(), self.addresses.of(message))
        if (diverted := _diverted_to(claimed.office, self.settings)) and message.kind != TEST:
            letter = _marked(letter, diverted)
        try:
            receipt = wire.deliver(letter)
        except ChannelError as error:
            return self._failed(message, error)
        away = letter.address if letter.address != message.address else ""
        return Fate(message, Status.SENT, receipt.detail, self.clock(), away)

    def _failed(self, message: Message, error: ChannelError) -> Fate:
        again = error.again and message.attempts <= len(BACKOFF_MINUTES)
        status = Status.QUEUED if again else Status.UNKNOWN if error.fault is Fault.UNKNOWN else Status.FAILED
        log.warning("message not sent", extra={"message_id": message.id, "fault": error.fault, "detail": error.detail})
        return Fate(message, status, error.detail, self.clock(), not_before=error.not_before, down=error.down)


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


def _write_fate(connection: Connection, fate: Fate) -> None:
    message = fate.message
    wait = timedelta(minutes=BACKOFF_MINUTES[min(message.attempts, len(BACKOFF_MINUTES)) - 1])
    again = fate.not_before or fate.at + wait
    connection.execute(
        SETTLE,
        {
            "which": message.id,
            "diverted": fate.diverted,
            "fate": fate.status,
            "again": again if fate.status == Status.QUEUED else message.next_attempt_at,
            "sent": fate.at if fate.status == Status.SENT else None,
        },
    )
    outcome = "retry" if fate.status == Status.QUEUED else str(fate.status)
    told = {"which": message.id, "nth": message.attempts, "fate": outcome, "words": fate.detail[:LONGEST_DETAIL]}
    connection.execute(TELL, told)


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
