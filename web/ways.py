"""The form by which an agency's contact is given their ways, and what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from sqlmodel import Session

from config.settings import Settings
from config.words import LANGUAGES
from domain.agencies import Contact
from domain.errors import Refusal
from domain.people import person_of
from domain.store import Change
from domain.ways import NOTHING_WANTED, Route, Wanted, arrange, mark_good, prefer, preferences, routes
from notifications.way_addresses import checked_address
from web.visit import Form

EMPTY = 2  #: lines beside those that are filled
MOST = 12  #: lines that are read


@dataclass(frozen=True, slots=True)
class Shown:
    """The ways of one contact."""

    routes: tuple[Route, ...]
    wanted: Wanted

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(channel, address) of each line of the form; the last are empty."""
        return [*((one.channel, one.address) for one in self.routes), *[("", "")] * EMPTY]


def ways_shown(session: Session, office_id: int, contacts: Sequence[Contact]) -> dict[int | None, Shown]:
    """Contact id -> their ways."""
    mail = {person_of(one): one.address for one in contacts}
    found, wanted = routes(session, office_id, mail), preferences(session, office_id, mail)
    return {one.id: Shown(found[person_of(one)], wanted.get(person_of(one), NOTHING_WANTED)) for one in contacts}


def arrange_by_form(change: Change, settings: Settings, contact: Contact, form: Form) -> None:
    """Stores the lines of the form in their order, hours and language. Raises Refusal."""
    lines = [(form.words(f"channel_{n}"), form.words(f"address_{n}")) for n in range(1, MOST + 1)]
    chosen = [
        (channel, checked_address(settings, channel, address, contact.address)) for channel, address in lines if channel
    ]
    person, language = person_of(contact), form.words("language")
    arrange(change, person, contact.address, chosen)
    if language not in ("", *LANGUAGES):
        raise Refusal("ways.refused.language", words=language[:20], known=", ".join(LANGUAGES))
    prefer(change, person, Wanted(language, _hour(form.words("opens")), _hour(form.words("closes"))))


def try_again(change: Change, contact: Contact, channel: str) -> None:
    """Every address of a channel may be tried again."""
    person = person_of(contact)
    for one in routes(change.session, change.office_id, {person: contact.address})[person]:
        if one.channel == channel:
            mark_good(change, person, one.channel, one.address)


def _hour(words: str) -> time | None:
    try:
        return time.fromisoformat(words) if words else None
    except ValueError:
        raise Refusal("ways.refused.hours") from None
