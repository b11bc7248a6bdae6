"""The mailbox, looked into every few minutes: what came back and what was answered is taken down."""

from __future__ import annotations

import logging
from datetime import datetime

from prefect import flow

from domain.errors import Refusal
from flows.desk import Desk, open_desk
from flows.scheduling import ensure_rounds
from notifications.inbox.polling import Polled, poll

log = logging.getLogger("dondoc.inbox")
READ = "read-inbox"


@flow(name=READ)
def read_inbox(now: datetime | None = None) -> dict[str, int]:
    """Reads what came since the last time; nothing where the office has no mailbox.

    A mailbox that cannot be reached fails the run, in the server's words: Prefect's page shows it, and the next run
    tries again.
    """
    desk = open_desk(now)
    if desk.simulated or not desk.settings.imap_url.get_secret_value():
        return figures(Polled())
    polled = poll(desk.ledger, desk.settings, desk.clock)
    see_to_returned(desk, polled)
    return figures(polled)


def see_to_returned(desk: Desk, polled: Polled) -> None:
    """What a bounce queued leaves with the next round; where Prefect does not answer, `reconcile` makes that round."""
    if not polled.moments:
        return
    try:
        ensure_rounds(desk, polled.moments)
    except Refusal as refusal:
        log.warning("rounds not scheduled", extra={"detail": refusal.code})


def figures(polled: Polled) -> dict[str, int]:
    """What was read, in numbers."""
    return {
        "mails": polled.mails,
        "waiting": polled.waiting,
        "returned": polled.returned,
        "auto": polled.auto,
    }
