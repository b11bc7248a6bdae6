"""Looking into the mailbox: everything that came since it was last read, one mail after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.settings import Settings
from domain.errors import Refusal
from domain.incoming import IncomingKind
from domain.instants import local
from domain.store import Ledger
from notifications.inbox.taking import Place, Raw, Taken, position, take
from notifications.inbox.wire import Box, address_of
from notifications.locks import channel_lock

log = logging.getLogger("dondoc.inbox")

LOCK = "inbox"  #: one process at a time reads the mailbox
FIRST_LOOK = timedelta(days=30)  #: how far back the first reading of a mailbox goes


@dataclass(frozen=True, slots=True)
class Polled:
    """What one look into the mailbox came to."""

    mails: int = 0  #: that were not there before
    returned: int = 0  #: messages of ours that have failed by a bounce
    waiting: int = 0  #: mails that somebody has to look at
    auto: int = 0
    moments: tuple[tuple[datetime, str], ...] = ()  #: when rounds are wanted, each with the number of a notice

    def with_mail(self, taken: Taken) -> Polled:
        """The same and one mail more."""
        return replace(
            self,
            mails=self.mails + (taken.kind is not None),
            returned=self.returned + taken.returned,
            waiting=self.waiting + taken.waits,
            auto=self.auto + (taken.kind is IncomingKind.AUTO),
            moments=(*self.moments, *taken.moments),
        )


def poll(ledger: Ledger, settings: Settings, clock: Callable[[], datetime]) -> Polled:
    """Reads what came since the last time. Raises Refusal where there is no mailbox, or it cannot be reached.

    1. Takes the inbox's lock. 2. Asks for the mails after the last UID. 3. Reads one, takes it down together with how
    far the mailbox was read, marks it as seen; again. Whoever dies in between reads the same mail once more, and finds
    it there.
    """
    address = address_of(configured(settings))
    polled = Polled()
    with channel_lock(ledger.engine, settings.locks_folder, LOCK), Box(address) as box:
        place = Place(f"{address.user}@{address.host}/{address.folder}", box.uid_validity)
        for uid in _new(ledger, box, place, clock()):
            raw = box.fetch(uid)
            if raw is None:
                continue
            polled = polled.with_mail(_taken(ledger, settings, place, raw, clock()))
            box.mark_seen(uid)
    log.info("inbox read", extra={"mails": polled.mails, "returned": polled.returned, "waiting": polled.waiting})
    return polled


def configured(settings: Settings) -> str:
    """The mailbox's address. Raises Refusal where the settings name none."""
    url = settings.imap_url.get_secret_value()
    if not url:
        raise Refusal("inbox.refused.no_inbox")
    return url


def _new(ledger: Ledger, box: Box, place: Place, now: datetime) -> list[int]:
    """The UIDs that were not read yet; a mailbox that is new, or numbers its mails anew, is read some days back."""
    with ledger.look() as session:
        row = position(session, ledger.office_id, place.folder)
    if row is None or row.uid_validity != place.uid_validity:
        return box.uids_after(0, local(now - FIRST_LOOK).date())
    return box.uids_after(row.last_uid)


def _taken(ledger: Ledger, settings: Settings, place: Place, raw: Raw, now: datetime) -> Taken:
    try:
        return take(ledger, settings, place, raw, now)
    except OSError as error:  # the disk is full: the mail stays where it is, and is read again
        raise Refusal("inbox.refused.disk", why=error.strerror or type(error).__name__) from error
