"""What an event of Zalo's changes in the ledger. An event that comes again changes nothing."""

from __future__ import annotations

import logging
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from config.words import say
from domain.actors import By
from domain.audit import AuditEntry
from domain.errors import Refusal
from domain.store import Ledger
from domain.ways import Way, mark_bad, mark_good
from notifications.channels import ZALO_OA, ZALO_ZNS
from notifications.channels.zalo.arrivals import ZALO, arrived
from notifications.channels.zalo.linking import code_in
from notifications.channels.zalo.webhook import Arrived, Event, Followed, Unfollowed, Wrote
from notifications.chat_codes import redeem

SHOWN = ("ways.shown", "ways.good")  #: acts after which an older unfollowing is stale news

log = logging.getLogger("dondoc.zalo")


class Took(StrEnum):
    """What came of an event."""

    DONE = "done"
    WRONG_CODE = "wrong_code"  #: what somebody wrote looks like a code, and is none that counts


class Taker:
    """Takes events of one office, as of `now`. `channel` is the way that a chat of this kind is."""

    def __init__(self, ledger: Ledger, secret: bytes, now: datetime, channel: str = ZALO_OA) -> None:
        self.ledger = ledger
        self.secret = secret
        self.now = now
        self.channel = channel

    def take(self, event: Event) -> Took:
        """Carries one event out. The telephone's clock may be ahead of ours: nothing happens later than now."""
        at = min(event.at, self.now)
        match event:
            case Arrived(message_id=reference):
                arrived(self.ledger, (ZALO_OA, ZALO_ZNS), [reference] if reference else [], at)
            case Unfollowed(user_id=chat):
                self._gone(chat, at)
            case Followed(user_id=chat):
                self._there(chat, at)
            case Wrote(user_id=chat, text=text):
                self._there(chat, at)
                return self._redeemed(text, chat)
        return Took.DONE

    def _there(self, chat: str, at: datetime) -> None:
        """Who follows or writes can be written to again."""
        with self.ledger.look() as session:
            bad = [one for one in self._ways(session, chat) if one.bad_since is not None and one.bad_since <= at]
        if bad:
            with self.ledger.change(now=at, actor=ZALO, by=By.AGENCY) as change:
                for way in bad:
                    mark_good(change, way.person, way.channel, way.address)

    def _gone(self, chat: str, at: datetime) -> None:
        """Who follows no more would only be refused by Zalo, unless they have come back since."""
        with self.ledger.look() as session:
            left = [one for one in self._ways(session, chat) if one.bad_since is None]
            left = [one for one in left if not _shown_since(session, one, at)]
        if left:
            with self.ledger.change(now=at, actor=ZALO, by=By.AGENCY) as change:
                for way in left:
                    mark_bad(change, way.person, way.channel, way.address, say("zalo.events.unfollowed"))

    def _redeemed(self, text: str, chat: str) -> Took:
        """The code in the text ties the chat to somebody."""
        if (code := code_in(text)) is None:
            return Took.DONE
        try:
            with self.ledger.change(now=self.now, actor=ZALO, by=By.AGENCY) as change:
                redeem(change, code, self.channel, chat, self.secret)
        except Refusal as refusal:
            log.info("code refused", extra={"why": refusal.code})
            return Took.WRONG_CODE
        return Took.DONE

    def _ways(self, session: Session, chat: str) -> list[Way]:
        query = select(Way).where(Way.office_id == self.ledger.office_id, Way.channel == self.channel)
        return list(session.exec(query.where(Way.address == chat).order_by(col(Way.id))))


def _shown_since(session: Session, way: Way, at: datetime) -> bool:
    """Whether somebody has shown since then that they are there."""
    query = select(AuditEntry.id).where(
        AuditEntry.office_id == way.office_id,
        AuditEntry.subject == way.person,
        col(AuditEntry.verb).in_(SHOWN),
        col(AuditEntry.effective_at) > at,
    )
    return session.exec(query.limit(1)).first() is not None
