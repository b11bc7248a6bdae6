"""An office whose pages are served, and the people who use them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from sqlmodel import select

from domain.accounts import Rank, accounts_of, add_account
from domain.agencies import find_agency
from domain.audit import AuditEntry
from domain.links import Link, Purpose, give_link
from flows.server import free_port
from notifications.addresses import address_of
from tests.story import OfficeStory
from web.app import create_app

PASSWORD = "một câu dễ nhớ 123"
CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class OfficeOnline:
    """A simulated office that is served on a port of its own."""

    def __init__(self, story: OfficeStory, url: str, app: Any) -> None:
        self.story = story
        self.url = url
        self.app = app
        self.clients: list[httpx.Client] = []

    def account(self, rank: Rank | str, name: str = "") -> str:
        """An account of that rank, made once; answers its name."""
        username = name or f"nguoi-{rank}"
        with self.story.ledger.change(now=self.story.now, actor="test") as change:
            there = {one.username for one in accounts_of(change.session, change.office_id)}
            if username not in there:
                add_account(change, username, f"Người {rank}", Rank(rank), PASSWORD, f"{username}@vanphong.example")
        return username

    def client(self, rank: Rank | str | None = None) -> httpx.Client:
        """Somebody's browser without a screen; signed in where a rank is given."""
        client = httpx.Client(base_url=self.url, follow_redirects=False, timeout=30)
        self.clients.append(client)
        if rank is not None:
            answer = client.post("/login", data={"username": self.account(rank), "password": PASSWORD})
            assert answer.status_code == 303, answer.text
        return client

    def posts(self, client: httpx.Client, path: str, shown_at: str | None = None, **fields: Any) -> httpx.Response:
        """Sends a form as the page at `shown_at` (else `path`) shows it, with its token."""
        shown = client.get(shown_at or path)
        token = CSRF.search(shown.text)
        assert token, (shown.status_code, shown.text[:500])
        files = fields.pop("files", None)
        return client.post(path, data={"csrf": token[1], **fields}, files=files)

    def link(self, agency: str, purpose: Purpose = Purpose.ANSWER, days: int = 90) -> tuple[Link, str]:
        """A link of an agency, and its path."""
        with self.story.ledger.change(now=self.story.now, actor="test") as change:
            body = find_agency(change.session, change.office_id, agency)
            link = give_link(change, purpose, body, body.name, "", days)
        address = address_of(link, self.story.settings)
        return link, address.removeprefix(self.story.settings.base_url)

    def audit(self) -> list[tuple[str, str]]:
        """(actor, verb) of everything that was done."""
        with self.story.ledger.look() as session:
            rows = session.exec(select(AuditEntry).order_by(AuditEntry.seq)).all()  # type: ignore[arg-type]
        return [(row.actor, row.verb) for row in rows]


@contextmanager
def served(story: OfficeStory) -> Iterator[OfficeOnline]:
    """The office's pages on a free port, as long as the block lasts."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    story.settings = story.settings.model_copy(update={"public_url": url})
    app = create_app(story.settings, story.ledger)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", access_log=False))
    started = threading.Event()
    original = server.startup

    async def startup(sockets: Any = None) -> None:
        await original(sockets)
        started.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(30)
    running = OfficeOnline(story, url, app)
    try:
        yield running
    finally:
        for client in running.clients:
            client.close()
        server.should_exit = True
        thread.join(30)
