"""What became of messages that Zalo took: told by its events, or asked for where it answers (ZNS)."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select, update

from config.settings import Settings
from domain.actors import By
from domain.errors import Refusal
from domain.store import Ledger
from notifications.channels import ZALO_ZNS, lacking, open_channel
from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.zns import Arrival, ZnsPlugin
from notifications.outbox import Message, Status
from notifications.stops import stops

ASKED_FOR = timedelta(days=2)  #: after that a telephone that was off is not waited for
MOST = 200  #: questions in one run
ZALO = "zalo"  #: who acts, in the audit trail

log = logging.getLogger("dondoc.zalo")


def arrived(ledger: Ledger, channels: Collection[str], references: Collection[str], at: datetime) -> int:
    """Messages by Zalo's own names are at the telephone; answers how many were not known to be. Only what was sent."""
    if not references:
        return 0
    told = (
        update(Message)
        .where(
            col(Message.office_id) == ledger.office_id,
            col(Message.channel).in_(channels),
            col(Message.reference).in_(references),
            col(Message.status) == Status.SENT,
        )
        .values(status=str(Status.DELIVERED), delivered_at=at)
    )
    with ledger.change(now=at, actor=ZALO, by=By.SYSTEM) as change:
        return change.session.exec(told).rowcount


def ask_arrivals(ledger: Ledger, settings: Settings, now: datetime) -> int:
    """Asks what became of template messages of the last days; answers how many have arrived. Raises nothing."""
    if lacking(ZALO_ZNS, settings):
        return 0
    try:
        waiting = _waiting(ledger, now)
        return arrived(ledger, (ZALO_ZNS,), _answers(ledger, settings, waiting, now), now) if waiting else 0
    except (Refusal, ChannelError) as error:
        log.warning("arrivals not asked", extra={"why": str(error)})
        return 0


def _waiting(ledger: Ledger, now: datetime) -> list[str]:
    """References, by chance: one that never arrives takes no other's turn for long."""
    query = select(Message.reference).where(
        Message.office_id == ledger.office_id,
        Message.channel == ZALO_ZNS,
        Message.status == Status.SENT,
        Message.reference != "",
        col(Message.sent_at) > now - ASKED_FOR,
    )
    with ledger.look() as session:
        if ZALO_ZNS in stops(session, ledger.office_id):
            return []
        return list(session.exec(query.order_by(func.random()).limit(MOST)))


def _answers(ledger: Ledger, settings: Settings, references: list[str], now: datetime) -> list[str]:
    """Those that have arrived. Raises Refusal where the settings make no channel."""
    channel, there = open_channel(ZALO_ZNS, settings, ledger), []
    with channel:
        if not isinstance(channel, ZnsPlugin):
            return []
        for reference in references:
            try:
                if channel.arrival(reference, now) is Arrival.DELIVERED:
                    there.append(reference)
            except ChannelError as error:
                log.warning("arrival not told", extra={"why": error.detail})
                if error.fault is not Fault.REFUSED:  # the next question would fare alike
                    break
    return there
