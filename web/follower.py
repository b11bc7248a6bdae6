"""What happens beside a page: Prefect is told what has changed, a letter leaves. No page waits for either."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from config.clock import wall_clock
from config.settings import Settings
from domain.conclusions import Conclusion
from domain.keys import key
from domain.offices import the_office
from domain.sending import Mode
from domain.store import Ledger
from flows.desk import desk_at
from flows.following import follow, follow_office
from notifications.delivery import deliver
from notifications.outbox import Message

log = logging.getLogger("dondoc.web")


class Follower:
    """One thread that tells Prefect, one thing after another. What is lost with the process, `reconcile` mends."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.settings = settings
        self.ledger = ledger
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="follower")

    def follow(self, conclusions: Iterable[Conclusion]) -> None:
        """Tells Prefect of each conclusion, soon."""
        for one in {one.id: one for one in conclusions}.values():
            self._soon(self.pool.submit(follow, self.settings, self.ledger, one, wall_clock()))

    def follow_office(self) -> None:
        """Tells Prefect of everything, soon."""
        self._soon(self.pool.submit(follow_office, self.settings, self.ledger))

    def deliver(self, message: Message) -> None:
        """Sends one message that was queued, soon; while sending is stopped it waits for a round."""
        self._soon(self.pool.submit(self._deliver, key(message.id), message.channel))

    def _deliver(self, message_id: int, channel: str) -> None:
        with self.ledger.look() as session:
            office = the_office(session, self.ledger.office_id)
        if office.sending != Mode.STOPPED:
            desk = desk_at(self.settings, self.ledger, office.simulated_at if office.simulated else None)
            deliver(self.ledger, self.settings, channel, desk.clock, only=message_id)

    def _soon(self, future: Future[Any]) -> None:
        future.add_done_callback(_log_failure)

    def settle(self) -> None:
        """Waits until Prefect was told of everything so far."""
        self.pool.submit(lambda: None).result()

    def close(self) -> None:
        """Finishes what was begun."""
        self.pool.shutdown(wait=True)


def _log_failure(future: Future[Any]) -> None:
    if error := future.exception():
        log.error("not done beside the page", exc_info=error)
