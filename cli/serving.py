"""The web pages as a process of ours, beside Prefect's."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from config.settings import LOCAL_HOST, Settings
from domain.accounts import accounts_of
from domain.errors import Refusal
from domain.store import Ledger
from flows.server import GLANCE, port_is_free, running

PATIENCE = 60.0  #: seconds that the pages may take to answer for the first time
LOG = "web.log"
EVERYWHERE = ("0.0.0.0", "::")


@contextmanager
def serving_pages(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The pages on `settings.web_port`, for as long as the block lasts.

    Raises Refusal when the port is taken or the pages do not come up.
    """
    if not port_is_free(settings.web_port):
        raise Refusal("errors.web_port_taken", port=settings.web_port)
    with running(settings, ["-m", "web.serving"], LOG) as process:
        _wait_until_up(settings, process)
        yield process


def has_accounts(ledger: Ledger) -> bool:
    """Whether anybody could sign in to the pages."""
    with ledger.look() as session:
        return bool(accounts_of(session, ledger.office_id))


def _wait_until_up(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    while not _answer(settings):
        if process.poll() is not None or time.monotonic() - started > PATIENCE:
            raise Refusal("errors.web_start", log=settings.logs_folder / LOG)
        time.sleep(0.1)


def _answer(settings: Settings) -> bool:
    host = LOCAL_HOST if settings.web_host in EVERYWHERE else settings.web_host
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.web_port}/health", timeout=GLANCE) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False
