"""Telling Prefect what pages have changed: beside the requests, so that no page waits for Prefect."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from config.clock import wall_clock
from config.settings import Settings
from domain.conclusions import Conclusion
from domain.store import Ledger
from flows.following import follow, follow_office

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

    def _soon(self, future: Future[str]) -> None:
        future.add_done_callback(_log_failure)

    def settle(self) -> None:
        """Waits until Prefect was told of everything so far."""
        self.pool.submit(lambda: None).result()

    def close(self) -> None:
        """Finishes what was begun."""
        self.pool.shutdown(wait=True)


def _log_failure(future: Future[str]) -> None:
    if error := future.exception():
        log.error("Prefect was not told", exc_info=error)
