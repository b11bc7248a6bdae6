"""The addresses by which agencies answer: made when they are needed, and stored nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from config.secret import secret_of
from config.settings import Settings
from domain.keys import key
from domain.links import Link, Purpose, token_of
from domain.store import Ledger

PATHS = {Purpose.ANSWER: "/a/{token}", Purpose.FEED: "/feeds/{token}.ics"}


def address_of(link: Link, settings: Settings) -> str:
    """Where a link leads, whole."""
    return _address(link, settings, secret_of(settings))


def _address(link: Link, settings: Settings, secret: bytes) -> str:
    return settings.base_url + PATHS[Purpose(link.purpose)].format(token=token_of(link, secret))


class AnswerAddresses:
    """A message's link -> the address that stands in for LINK in its body."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger = ledger
        self.settings = settings
        self.secret = secret_of(settings)
        self.known: dict[int, str] = {}

    def expect(self, links: Iterable[int | None]) -> None:
        """Looks up many links at once; what was looked up before is forgotten."""
        wanted = {one for one in links if one is not None}
        with self.ledger.look() as session:
            found = session.exec(select(Link).where(col(Link.id).in_(wanted))) if wanted else ()
            self.known = {key(link.id): _address(link, self.settings, self.secret) for link in found}

    def of(self, link_id: int | None) -> str:
        """The address of a message's link; empty where it has none."""
        if link_id is None:
            return ""
        if link_id not in self.known:
            self.expect([link_id])
        return self.known.get(link_id, "")
