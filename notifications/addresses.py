"""The addresses by which agencies answer: made when they are needed, and stored nowhere."""

from __future__ import annotations

from config.secret import secret_of
from config.settings import Settings
from domain.links import Link, Purpose, token_of
from domain.store import Ledger
from notifications.outbox import Message

PATHS = {Purpose.ANSWER: "/a/{token}", Purpose.FEED: "/feeds/{token}.ics"}


def address_of(link: Link, settings: Settings) -> str:
    """Where a link leads, whole."""
    return settings.base_url + PATHS[Purpose(link.purpose)].format(token=token_of(link, secret_of(settings)))


class AnswerAddresses:
    """Message -> the address that stands in for LINK in its body."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self.ledger = ledger
        self.settings = settings

    def of(self, message: Message) -> str:
        """The address of the message's link; empty where it has none."""
        if message.link_id is None:
            return ""
        with self.ledger.look() as session:
            link = session.get(Link, message.link_id)
        return address_of(link, self.settings) if link else ""
