"""Delivery: from the outbox to the wire, honestly.

A message is committed as `sending` before the wire is touched. Whoever next holds the channel's lock and finds one left
over knows that its sender died. Mail that may be lost goes out once more under the same Message-ID, a second loss stays
`unknown`; a chat is not repeated. What fails or stays unknown goes by the recipient's next way.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from sqlalchemy import func
from sqlalchemy.engine import Connection
from sqlmodel import Session, col, select

from config.settings import Settings
from domain.actors import By
from domain.errors import Refusal
from domain.offices import the_office
from domain.sending import Mode
from domain.store import Ledger, database_errors
from notifications.addresses import AnswerAddresses
from notifications.channels import MAIL_CHANNELS, open_channel
from notifications.channels.contract import Channel, ChannelError, Fault, Letter, Receipt
from notifications.diverting import diverted_to, marked
from notifications.fallback import Waiting, fall_back, leave_channel
from notifications.fates import (
    BACKOFF_MINUTES,
    Claimed,
    Fate,
    InHand,
    claim,
    left_over,
    note_lost_attempt,
    settle,
    switch,
    write_fate,
)
from notifications.locks import channel_lock
from notifications.obsolete import withdraw_if_settled
from notifications.outbox import LINK, TEST, Attempt, Message, Status
from notifications.reach import InForce, in_force
from notifications.stops import stop_channel, stops
from notifications.telling_operator import tell_operator

log = logging.getLogger("dondoc.delivery")

ACTOR = "delivery"
LOOKED_UP = 200  #: ids of waiting messages that are in memory together


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0  #: still queued, for a later attempt
    unreached: tuple[Waiting, ...] = ()  #: when somebody of the office is to be told, by the number of the notice
    fell_to: frozenset[str] = frozenset()  #: the channels by which words go that this one did not get through


def deliver(
    ledger: Ledger, settings: Settings, channel: str, clock: Callable[[], datetime], *, only: int | None = None
) -> Delivered:
    """Sends everything that waits for `channel` and whose time has come (or `only` one), one process at a time.

    1. Takes the channel's lock. 2. Settles what a dead sender left. 3. Claims one, sends it, writes its fate in the
    transaction that claims the next; again. With `only` it sends that one message, even while sending is stopped.
    """
    with channel_lock(ledger.engine, settings.locks_folder, channel):
        sender = Sender(ledger, settings, channel, clock, only)
        sender.settle_leftovers()
        return sender.run()


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
        self.done = Delivered()

    @property
    def is_mail(self) -> bool:
        """Whether the same letter may be sent twice: its Message-ID tells so."""
        return self.channel in MAIL_CHANNELS

    def run(self) -> Delivered:
        """Sends until nothing waits, the channel is down, or somebody stops sending."""
        if self._may_be_used():
            try:
                with open_channel(self.channel, self.settings, self.ledger) as wire:
                    self._send_all(wire)
            except ChannelError as error:
                log.warning("channel down", extra={"channel": self.channel, "detail": error.detail})
            except Refusal as refusal:  # a chat that its settings do not make any more
                if self.is_mail:
                    raise
                self._stop(str(refusal))
        return replace(self.done, waiting=_waiting(self.ledger, self.channel))

    def _may_be_used(self) -> bool:
        """Not a chat that stands still, nor one of an office that is not live: what waits goes another way."""
        if self.is_mail:
            return True
        with self.ledger.look() as session:
            stopped = self.channel in stops(session, self.ledger.office_id)
            live = the_office(session, self.ledger.office_id).sending in (Mode.LIVE, Mode.STOPPED)
        if (stopped or not live) and self.only is None:
            with self.ledger.change(now=self.clock(), actor=ACTOR, by=By.SYSTEM) as change:
                leave_channel(change, self.channel, self._channels(change.session))
        return live and (not stopped or self.only is not None)

    def _channels(self, session: Session) -> InForce:
        office = the_office(session, self.ledger.office_id)
        return in_force(self.settings, simulated=office.simulated)

    def _send_all(self, wire: Channel) -> None:
        with database_errors(), self.ledger.engine.connect() as connection:  # one for all: each asks for no new one
            claimed = self._next(connection, None)
            while claimed is not None:
                fate = self._send(wire, claimed)
                self.done = replace(
                    self.done,
                    sent=self.done.sent + (fate.status == Status.SENT),
                    failed=self.done.failed + (fate.status == Status.FAILED),
                )
                claimed = self._next(connection, fate)

    def _next(self, connection: Connection, fate: Fate | None) -> Claimed | None:
        """Writes the fate of the message before, and claims the next one: committed before anybody touches the wire.

        The switch is looked at each time: who stops or diverts in the middle is obeyed from the next message.
        """
        if fate is not None and (fate.is_given_up or fate.stop):
            self._give_up(fate)
            if fate.down:
                return None
            fate = None
        with connection.begin():
            if fate is not None:
                write_fate(connection, fate)
                if fate.down:
                    return None
            return self._claim(connection)

    @property
    def _modes(self) -> Sequence[str]:
        """The positions of the switch in which this delivery may send."""
        if self.only is not None:
            return list(Mode)
        return [mode for mode in Mode if mode != Mode.STOPPED] if self.is_mail else [Mode.LIVE]

    def _claim(self, connection: Connection) -> Claimed | None:
        now, modes = self.clock(), self._modes
        while (id_ := self._candidate(connection, now)) is not None:
            claimed = claim(connection, self.ledger.office_id, id_, modes, now)
            if claimed is None:
                if switch(connection, self.ledger.office_id).sending not in modes:
                    return None
            elif not withdraw_if_settled(connection, claimed.message, now):
                return claimed
        return None

    def _give_up(self, fate: Fate, *, lost_before: bool = False) -> None:
        """Writes a fate that is not the end of it: the next way, a task for the owner, a channel that stands still."""
        with self.ledger.change(now=fate.at, actor=ACTOR, by=By.SYSTEM) as change:
            connection = change.session.connection()
            if lost_before:
                settle(connection, fate)
                note_lost_attempt(connection, fate.message)
            else:
                write_fate(connection, fate)
            channels = self._channels(change.session)
            if fate.is_given_up:
                message = change.session.get_one(Message, fate.message.id)
                fell = fall_back(change, message, fate.detail, channels, bad=fate.bad)
                self.done = replace(
                    self.done,
                    unreached=(*self.done.unreached, *fell.moments),
                    fell_to=self.done.fell_to | ({fell.message.channel} if fell.message else set()),
                )
        if fate.stop:
            self._stop(fate.detail)

    def _stop(self, why: str) -> None:
        log.error("channel stopped", extra={"channel": self.channel, "detail": why})
        with self.ledger.change(now=self.clock(), actor=ACTOR, by=By.SYSTEM) as change:
            channels = self._channels(change.session)
            if stop_channel(change, self.channel, why):
                tell_operator(change, self.channel, why, channels, self.settings)
            leave_channel(change, self.channel, channels)

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
        letter = _letter(message, self.settings, claimed.office.name, self.clock(), self.addresses.of(message.link_id))
        if (diverted := diverted_to(claimed.office, self.settings)) and message.kind != TEST:
            letter = marked(letter, diverted)
        try:
            receipt = wire.deliver(letter)
        except ChannelError as error:
            return self._failed(message, error)
        return self._sent(message, letter, receipt)

    def _sent(self, message: InHand, letter: Letter, receipt: Receipt) -> Fate:
        away = letter.address if letter.address != message.address else ""
        return Fate(message, Status.SENT, receipt.detail, self.clock(), away, receipt.reference)

    def _failed(self, message: InHand, error: ChannelError) -> Fate:
        log.warning("message not sent", extra={"message_id": message.id, "fault": error.fault, "detail": error.detail})
        lost = error.fault is Fault.UNKNOWN
        stop = error.fault is Fault.ACCOUNT and not self.is_mail
        if lost:
            again = self.is_mail and not self._was_lost_before(message.id)
        else:
            again = error.again and (stop or message.attempts <= len(BACKOFF_MINUTES))
        return Fate(
            message,
            Status.QUEUED if again else Status.UNKNOWN if lost else Status.FAILED,
            error.detail,
            self.clock(),
            not_before=error.not_before,
            lost=lost,
            bad=error.fault is Fault.ADDRESS,
            down=error.down or (lost and self.is_mail),  # the line is gone: the next one could be lost as well
            stop=stop,
        )

    def _was_lost_before(self, message_id: int) -> bool:
        with self.ledger.look() as session:
            query = select(Attempt.id).where(Attempt.message_id == message_id, Attempt.outcome == Status.UNKNOWN)
            return session.exec(query).first() is not None

    def settle_leftovers(self) -> None:
        """A `sending` under our lock belongs to nobody alive: unknown; and, mail once only, back into the queue."""
        with self.ledger.look() as session:
            left = session.exec(
                select(Message).where(
                    Message.office_id == self.ledger.office_id,
                    Message.channel == self.channel,
                    Message.status == Status.SENDING,
                )
            ).all()
        for row in left:
            self._settle_leftover(left_over(row, self.clock()))

    def _settle_leftover(self, message: InHand) -> None:
        again = self.is_mail and not self._was_lost_before(message.id)
        status, now = Status.QUEUED if again else Status.UNKNOWN, message.claimed_at
        fate = Fate(message, status, "", now, not_before=now, lost=True)
        if not again:
            self._give_up(fate, lost_before=True)
            return
        with database_errors(), self.ledger.engine.begin() as connection:
            settle(connection, fate)
            note_lost_attempt(connection, message)


def _letter(message: InHand, settings: Settings, office: str, moment: datetime, answer_at: str) -> Letter:
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
        reply_to=settings.office_mailbox,
        calendar=message.calendar.replace(LINK, answer_at),
        brief=message.brief.replace(LINK, answer_at),
        facts={name: value.replace(LINK, answer_at) for name, value in message.facts.items()},
    )


def _waiting(ledger: Ledger, channel: str) -> int:
    with ledger.look() as session:
        query = select(func.count(col(Message.id))).where(
            Message.office_id == ledger.office_id, Message.channel == channel, Message.status == Status.QUEUED
        )
        return session.exec(query).one()


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
