"""What a round says becomes messages: one for each recipient, by the first of their ways that is open."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from sqlmodel import Session

from config.words import say
from domain.conclusions import is_request
from domain.keys import key
from domain.links import Link, Purpose, new_link
from domain.moments import Kind
from domain.offices import Office, office_policy, the_office
from domain.planning import Followed
from domain.policy import Role
from domain.sending import Mode
from domain.store import Change
from domain.ways import MAIL, NOTHING_WANTED, Route, Wanted, preferences, routes
from notifications.deadline_file import deadline_file
from notifications.fallback import Waiting, nobody_reached
from notifications.messages import Item, Setting, render
from notifications.outbox import Attempt, Message, MessageCheckpoint, Status
from notifications.reach import InForce
from notifications.recipients import Due, People, Recipient, Told, one_for_each_person
from notifications.stops import stops
from notifications.wording import plain_line

DATED = (Kind.ASSIGN, Kind.REMIND, Kind.DUE, Kind.CORRECTED, Kind.EXTENDED, Kind.INSISTED, Kind.REFUSED)


@dataclass(frozen=True, slots=True)
class Voice:
    """By which channels, under which mail domain, and in which language an office speaks."""

    channel: str  #: the mail channel
    domain: str
    language: str
    chats: frozenset[str] = frozenset()
    pages: str = ""  #: where the office's own people see everything
    templates: Path | None = None  #: the office's own templates

    @property
    def channels(self) -> InForce:
        """The channels that may be used."""
        return InForce(self.channel, self.chats)


@dataclass(frozen=True, slots=True)
class Way:
    """How one recipient is written to."""

    route: Route | None  #: None: every way fails
    why: str  #: of the last way that failed
    wanted: Wanted


class Queue:
    """Writes what one round says into the outbox."""

    def __init__(self, change: Change, voice: Voice, people: People) -> None:
        self.change = change
        self.session: Session = change.session
        self.voice = voice
        self.people = people
        self.moments: list[Waiting] = []  #: when somebody has to be told that somebody was not reached

    def write(self, told: Iterable[tuple[Recipient, Told]]) -> list[Message]:
        """One message for each recipient, in one order; answers them."""
        office = the_office(self.session, self.change.office_id)
        folded = one_for_each_person(told)
        links, ways = self._links(office, folded), self._ways(office, list(folded))
        rows = [
            (self._message(office, one, pieces, links.get(one), ways[one]), one, pieces)
            for one, pieces in folded.items()
        ]
        self.session.add_all(message for message, _, _ in rows)
        self.session.flush()
        for message, recipient, pieces in rows:
            self.session.add_all(
                MessageCheckpoint(
                    checkpoint_id=key(one.due.checkpoint.id), recipient=recipient.key, message_id=key(message.id)
                )
                for one in pieces
            )
        self._tell_of_the_unreachable([(message, ways[one]) for message, one, _ in rows if ways[one].route is None])
        return [message for message, _, _ in rows]

    def _ways(self, office: Office, recipients: Sequence[Recipient]) -> dict[Recipient, Way]:
        """Recipient -> how they are written to; whoever stands in for somebody is written to by mail."""
        own = {one.key: one.address for one in recipients if not one.stands_in}
        known = routes(self.session, key(office.id), own)
        wishes = preferences(self.session, key(office.id), own)
        channels = self.voice.channels if office.sending == Mode.LIVE else self.voice.channels.mail_only
        if channels.chats:
            channels = channels.without(stops(self.session, key(office.id)))
        found = {}
        for one in recipients:
            among = known[one.key] if one.key in own else (Route(MAIL, one.address),)
            route = channels.best(among)
            why = next((bad.bad_why for bad in reversed(among) if not bad.is_open), "")
            found[one] = Way(route, why, wishes.get(one.key, NOTHING_WANTED) if one.key in own else NOTHING_WANTED)
        return found

    def _links(self, office: Office, folded: Iterable[Recipient]) -> dict[Recipient, Link]:
        """A link of its own for each message to an agency, so that the office can see which one was used."""
        days = office_policy(office).link_days
        given = {
            one: new_link(
                self.change.office_id, Purpose.ANSWER, one.agency_id, one.name, one.address, self.change.now, days
            )
            for one in folded
            if one.agency_id is not None
        }
        self.session.add_all(given.values())
        self.session.flush()
        return given

    def _message(
        self, office: Office, recipient: Recipient, pieces: list[Told], link: Link | None, way: Way
    ) -> Message:
        language = way.wanted.language or self.voice.language
        setting = Setting(
            office=office.name,
            now=self.change.now,
            language=language,
            answers=link is not None,
            whom_to_ask=self._whom_to_ask(pieces, recipient, language),
            pages=self.voice.pages,
            quotes_in_chats=office_policy(office).chats_quote_directives,
            templates=self.voice.templates,
        )
        words = render(recipient.name, _items(pieces, recipient), setting)
        return Message(
            office_id=self.change.office_id,
            kind=words.kind,
            recipient=recipient.name,
            recipient_role=recipient.role,
            person="" if recipient.stands_in else recipient.key,
            agency_id=recipient.agency_id,
            link_id=link.id if link else None,
            channel=(self.voice.channels.channel_of(way.route) if way.route else None) or self.voice.channel,
            address=way.route.address if way.route else recipient.address,
            language=language,
            subject=words.subject,
            text=words.text,
            html=words.html,
            brief=words.brief,
            facts=dict(words.facts),
            calendar=self._calendar(pieces, recipient, language),
            message_id=f"<{uuid.uuid4().hex}@{self.voice.domain}>",
            created_at=self.change.now,
            next_attempt_at=way.wanted.soonest(self.change.now),
        )

    def _whom_to_ask(self, pieces: Sequence[Told], recipient: Recipient, language: str) -> str:
        """The owner of the first piece of work; the office's own people ask nobody."""
        if recipient.agency_id is None or not pieces:
            return ""
        owners = self.people.owners(pieces[0].due)
        if not owners:
            return ""
        one = owners[0]
        return say("messages.whom", language=language, name=plain_line(one.name), address=plain_line(one.address))

    def _calendar(self, pieces: Iterable[Told], recipient: Recipient, language: str) -> str:
        """The deadlines to come of those who have to keep them."""
        if recipient.role != Role.OFFICER or recipient.agency_id is None:
            return ""
        works = [
            (Followed(one.due.obligation, one.due.directive, one.due.conclusion), one.due.agency.name)
            for one in pieces
            if not one.helping and one.due.checkpoint.kind in DATED and _is_to_come(one.due, self.change.now)
        ]
        return deadline_file(works, self.voice.domain, language)

    def _tell_of_the_unreachable(self, rows: Iterable[tuple[Message, Way]]) -> None:
        """A message for which there is no way has failed before it left; the owner is told in the next round."""
        for message, way in rows:
            message.status, message.attempts = Status.FAILED, 1
            self.session.add(message)
            detail = say("messages.no_way", language="vi", why=plain_line(way.why))
            self.session.add(
                Attempt(
                    message_id=key(message.id), number=1, at=self.change.now, outcome=Status.FAILED, detail=detail[:300]
                )
            )
            self.session.flush()
            self.moments += nobody_reached(self.change, [message], way.why)


def _is_to_come(one: Due, now: datetime) -> bool:
    return one.obligation.due_before is not None and one.obligation.due_before > now


def _items(pieces: Iterable[Told], recipient: Recipient) -> list[Item]:
    """One item for each piece of work; those who help hear of a directive once, with all its leads."""
    own = [_item(one, recipient) for one in pieces if not one.helping]
    copies = sorted((one for one in pieces if one.helping), key=_copied)
    for _, group in groupby(copies, key=_copied):
        some = list(group)
        leads = "; ".join(dict.fromkeys(one.due.agency.name for one in some))
        own.append(replace(_item(some[0], recipient), agency=leads))
    return own


def _copied(one: Told) -> tuple[int, str, int]:
    return key(one.due.directive.id), one.due.checkpoint.kind, one.due.checkpoint.step


def _item(told: Told, recipient: Recipient) -> Item:
    one = told.due
    return Item(
        kind=Kind(one.checkpoint.kind),
        step=one.checkpoint.step,
        number=one.conclusion.number,
        issued_on=one.conclusion.issued_on,
        path=one.directive.path,
        text=one.directive.text,
        agency=one.agency.name,
        due_before=one.obligation.due_before,
        request=is_request(one.directive.authority),
        tracked=one.directive.tracked,
        to_agency=recipient.agency_id is not None,
        helping=told.helping,
        note=one.checkpoint.note,
        id=key(one.obligation.id),
        document=one.conclusion.kind,
    )
