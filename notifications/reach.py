"""Which way a message to somebody goes: their own order, less what fails, what stands still and what nobody set up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from config.settings import Settings
from domain.agencies import Contact
from domain.offices import Official
from domain.ways import MAIL, Route, routes
from notifications.channels import MAIL_CHANNELS, channel_in_force, chat_channels


@dataclass(frozen=True, slots=True)
class InForce:
    """The channels that this office has: one for mail, and those for chats that its settings make usable."""

    mail: str
    chats: frozenset[str] = frozenset()

    def channel_of(self, route: Route) -> str | None:
        """The channel that takes a route; None where this office has none for it."""
        if route.channel == MAIL:
            return self.mail
        return route.channel if route.channel in self.chats else None

    def way_of(self, channel: str) -> str:
        """What a channel is called among somebody's ways."""
        return MAIL if channel in MAIL_CHANNELS else channel

    def without(self, stopped: Collection[str]) -> InForce:
        """The same without the chats that stand still; mail always waits for its server."""
        return InForce(self.mail, self.chats - frozenset(stopped))

    @property
    def mail_only(self) -> InForce:
        """Mail alone: what everything goes by until the office is live."""
        return InForce(self.mail)

    def best(self, among: Iterable[Route], tried: Collection[tuple[str, str]] = ()) -> Route | None:
        """The first route that is open, has a channel and was not tried yet; `tried` are (way, address)."""
        usable = (one for one in among if one.is_open and self.channel_of(one) is not None)
        return next((one for one in usable if (one.channel, one.address) not in tried), None)


def in_force(settings: Settings, *, simulated: bool) -> InForce:
    """What the settings make usable."""
    return InForce(channel_in_force(settings, simulated=simulated), chat_channels(settings, simulated=simulated))


def mail_of(session: Session, person: str) -> str:
    """Somebody's own mail address; empty where they are not written to any more."""
    kind, _, id_ = person.partition(":")
    if not id_.isdecimal():
        return ""
    row: Contact | Official | None = None
    if kind == "contact":
        row = session.get(Contact, int(id_))
    elif kind == "official":
        row = session.get(Official, int(id_))
    return row.address if row else ""


def routes_of(session: Session, office_id: int, person: str) -> tuple[Route, ...]:
    """Somebody's ways in order."""
    own = mail_of(session, person)
    return routes(session, office_id, {person: own})[person] if own else ()
