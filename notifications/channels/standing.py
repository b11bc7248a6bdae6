"""How each channel stands: set up or what is lacking, stopped, consented until when, what waits and what failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from config.settings import Settings
from config.words import say, say_with
from domain.errors import Refusal
from domain.store import Ledger
from notifications.channels import ZALO_CHANNELS, ZALO_OA, ZALO_ZNS, channel_names, lacking
from notifications.channels.contract import ChannelError
from notifications.channels.zalo.settings import zalo_settings
from notifications.channels.zalo.tokens import ledger_tokens
from notifications.outbox import Message, Status
from notifications.stops import ChannelStop, stops

WAITING = (Status.QUEUED, Status.SENDING)
LOST = (Status.FAILED, Status.UNKNOWN)
BY_CONSENT = (ZALO_OA, ZALO_ZNS)


@dataclass(frozen=True, slots=True)
class ChannelStanding:
    """One channel as it stands."""

    name: str
    lacking: tuple[str, ...]  #: settings that are empty
    trouble: str  #: what else is wrong, in words; empty: nothing
    stop: ChannelStop | None
    consent_ends: datetime | None
    waiting: int
    lost: int  #: failed or unknown

    @property
    def is_usable(self) -> bool:
        """Whether messages can leave by it."""
        return not self.lacking and not self.trouble and self.stop is None


def channel_standings(ledger: Ledger, settings: Settings) -> list[ChannelStanding]:
    """Every channel there is."""
    with ledger.look() as session:
        stopped, counts = stops(session, ledger.office_id), _counts(session, ledger.office_id)
    return [
        _standing(ledger, settings, name, stopped.get(name), counts.get(name, {})) for name in channel_names(settings)
    ]


def _standing(
    ledger: Ledger, settings: Settings, name: str, stop: ChannelStop | None, counts: Mapping[str, int]
) -> ChannelStanding:
    empty = lacking(name, settings)
    ends, trouble = (None, "") if empty or name not in ZALO_CHANNELS else _zalo(ledger, settings, name)
    waiting, lost = (sum(counts.get(one, 0) for one in some) for some in (WAITING, LOST))
    return ChannelStanding(name, empty, trouble, stop, ends, waiting, lost)


def _zalo(ledger: Ledger, settings: Settings, name: str) -> tuple[datetime | None, str]:
    """When the consent ends, and what is wrong."""
    try:
        zalo_settings(settings)
        tokens = ledger_tokens(ledger, settings).load() if name in BY_CONSENT else None
    except Refusal as refusal:
        return None, say_with(refusal.code, refusal.params)
    except ChannelError as error:
        return None, error.detail
    if name in BY_CONSENT and tokens is None:
        return None, say("zalo.tokens.nobody_consented")
    return (tokens.consent_ends if tokens else None), ""


def _counts(session: Session, office_id: int) -> dict[str, dict[str, int]]:
    """Channel -> status -> how many."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    query = select(Message.channel, Message.status, func.count()).where(
        Message.office_id == office_id, col(Message.status).in_((*WAITING, *LOST))
    )
    for channel, status, count in session.exec(query.group_by(col(Message.channel), col(Message.status))):
        found[channel][status] = count
    return found
