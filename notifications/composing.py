"""Composing a round: judge everything whose moment has come, and write the messages in the same transaction."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pendulum import DateTime
from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.agencies import Agency, Contact, contacts_of
from domain.checkpoints import Checkpoint, Fate, Kind, add_moment, following
from domain.conclusions import Conclusion, Directive, is_request
from domain.instants import local
from domain.keys import key
from domain.obligations import Obligation
from domain.offices import Office, Official, WorkingTime, the_office, working_time
from domain.policy import AGENCY_ROLES, FollowUp, Role
from domain.rounds import Judge, Told, Verdict
from domain.store import Change, Ledger
from notifications.messages import Item, render
from notifications.outbox import Message, MessageCheckpoint, Status

AGENCY_STEP = (Role.OFFICER,)  #: whom anything below the ladder tells


@dataclass(frozen=True, slots=True)
class Due:
    """A checkpoint whose moment has come, with everything it speaks of."""

    checkpoint: Checkpoint
    obligation: Obligation
    directive: Directive
    conclusion: Conclusion
    agency: Agency


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told something."""

    key: str  #: "contact:7" or "official:2"
    name: str
    role: str
    address: str
    agency_id: int | None


@dataclass(slots=True)
class Composed:
    """What a round wrote."""

    messages: list[Message] = field(default_factory=list)
    folded: int = 0
    conclusions: dict[int, str] = field(default_factory=dict)  #: id -> number, of every conclusion touched
    moments: list[tuple[datetime, str]] = field(default_factory=list)  #: what waits now: (moment, number)


def compose(ledger: Ledger, now: DateTime, *, channel: str, domain: str, language: str, actor: str) -> Composed:
    """Holds a round as of `now`: completes what is due and queues the messages, all in one transaction.

    Does nothing outside the office's hours. Asking again at the same moment finds nothing left to say.
    """
    with ledger.change(now=now, actor=actor) as change:
        office = working_time(change.session, change.office_id)
        if not office.is_open(now):
            return Composed()
        due = _due(change)
        if not due:
            return Composed()
        writer = RoundWriter(change, office, Voice(channel, domain, language))
        return writer.write(due)


@dataclass(frozen=True, slots=True)
class Voice:
    """By which channel, under which mail domain, and in which language a round speaks."""

    channel: str
    domain: str
    language: str


def _due(change: Change) -> dict[int, list[Due]]:
    """Obligation id -> its open checkpoints whose moment has come."""
    query = (
        select(Checkpoint, Obligation, Directive, Conclusion)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(
            Checkpoint.office_id == change.office_id,
            Checkpoint.fate == Fate.OPEN,
            col(Checkpoint.at) <= change.now,
            col(Obligation.settled_at).is_(None),
        )
        .order_by(col(Conclusion.issued_on), col(Conclusion.id), col(Directive.place), col(Checkpoint.id))
    )
    agencies = {one.id: one for one in change.session.exec(select(Agency).where(Agency.office_id == change.office_id))}
    found: dict[int, list[Due]] = defaultdict(list)
    for row in change.session.exec(query):
        found[key(row[1].id)].append(Due(*row, agencies[row[1].agency_id]))
    return found


class RoundWriter:
    """Writes one round: verdicts into checkpoints, what is said into messages."""

    def __init__(self, change: Change, office: WorkingTime, voice: Voice) -> None:
        self.change = change
        self.session: Session = change.session
        self.office = office
        self.voice = voice
        self.judge = Judge(office, change.now)
        self.composed = Composed()
        self.policies: dict[int, FollowUp] = {}

    def write(self, due: dict[int, list[Due]]) -> Composed:
        """Judges each obligation, then folds what is said into one message for each recipient."""
        told = _told(self.session, self.change)
        said: list[Due] = []
        for obligation_id, rows in due.items():
            policy = self._policy(rows[0].conclusion)
            verdict = self.judge.judge([row.checkpoint for row in rows], told.get(obligation_id, Told()), policy)
            self._complete(rows[0], verdict, policy)
            said += [row for row in rows if row.checkpoint is verdict.say]
        self._queue(said)
        self.change.record(
            "round.held", f"office:{self.change.office_id}", said=len(said), messages=len(self.composed.messages)
        )
        return self.composed

    def _policy(self, conclusion: Conclusion) -> FollowUp:
        id_ = key(conclusion.id)
        if id_ not in self.policies:
            self.policies[id_] = FollowUp.model_validate(conclusion.follow_up)
        return self.policies[id_]

    def _complete(self, one: Due, verdict: Verdict, policy: FollowUp) -> None:
        self.composed.conclusions[key(one.conclusion.id)] = one.conclusion.number
        self.composed.folded += len(verdict.fold)
        for row in verdict.fold:
            self._handle(row, Fate.FOLDED)
        for row, until in verdict.postpone:
            row.at = until
            self.session.add(row)
            self.composed.moments.append((until, one.conclusion.number))
        if verdict.say is not None:
            self._handle(verdict.say, Fate.DONE)
            self._repeat(one, verdict.say, policy)

    def _handle(self, row: Checkpoint, fate: Fate) -> None:
        row.fate, row.handled_at = fate, self.change.now
        self.session.add(row)

    def _repeat(self, one: Due, said: Checkpoint, policy: FollowUp) -> None:
        today = local(self.change.now).date()
        moment = following(said.kind, said.step, said.ordinal, today, policy, self.office)
        if moment is not None:
            add_moment(self.session, one.obligation, moment)
            self.composed.moments.append((moment.at, one.conclusion.number))

    def _queue(self, said: list[Due]) -> None:
        office = the_office(self.session, self.change.office_id)
        recipients = _recipients(self.session, self.change.office_id, said, self._policy)
        rows: list[tuple[Message, Recipient, list[Due]]] = []
        for recipient, told in recipients.items():
            message = self._message(office, recipient, told)
            self.session.add(message)
            rows.append((message, recipient, told))
        self.session.flush()
        for message, recipient, told in rows:
            self.composed.messages.append(message)
            self.session.add_all(
                MessageCheckpoint(
                    checkpoint_id=key(one.checkpoint.id), recipient=recipient.key, message_id=key(message.id)
                )
                for one in told
            )

    def _message(self, office: Office, recipient: Recipient, told: list[Due]) -> Message:
        language = self.voice.language
        words = render(
            recipient.name,
            [_item(one, recipient) for one in told],
            office=office.name,
            now=self.change.now,
            language=language,
        )
        return Message(
            office_id=self.change.office_id,
            kind=words.kind,
            recipient=recipient.name,
            recipient_role=recipient.role,
            agency_id=recipient.agency_id,
            channel=self.voice.channel,
            address=recipient.address,
            language=language,
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id=f"<{uuid.uuid4().hex}@{self.voice.domain}>",
            created_at=self.change.now,
            next_attempt_at=self.change.now,
        )


def _item(one: Due, recipient: Recipient) -> Item:
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
    )


def _told(session: Session, change: Change) -> dict[int, Told]:
    """Obligation id -> what was really sent about it, for every obligation with something due."""
    waiting = (
        select(Checkpoint.obligation_id)
        .where(Checkpoint.office_id == change.office_id, Checkpoint.fate == Fate.OPEN, col(Checkpoint.at) <= change.now)
        .distinct()
    )
    announced: dict[int, dict[int, datetime]] = defaultdict(dict)
    sent = (
        select(Checkpoint.obligation_id, Checkpoint.step, func.max(Message.sent_at))
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .where(
            col(Checkpoint.obligation_id).in_(waiting),
            col(Checkpoint.kind).in_((Kind.OVERDUE, Kind.ESCALATE)),
            col(Checkpoint.due_before) == col(Obligation.due_before),
            Message.status == Status.SENT,
        )
        .group_by(col(Checkpoint.obligation_id), col(Checkpoint.step))
    )
    for obligation_id, step, at in session.exec(sent):
        announced[obligation_id][step] = at or change.now
    last = (
        select(Checkpoint.obligation_id.label("obligation_id"), func.max(Message.id).label("message_id"))  # type: ignore[attr-defined]
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .where(col(Checkpoint.obligation_id).in_(waiting), Message.recipient_role == Role.OFFICER)
        .group_by(col(Checkpoint.obligation_id))
        .subquery()
    )
    unheard = select(last.c.obligation_id).join(Message, col(Message.id) == last.c.message_id)
    lost = set(session.exec(unheard.where(col(Message.status).in_((Status.FAILED, Status.UNKNOWN)))))
    return {key: Told(announced.get(key, {}), key in lost) for key in {*announced, *lost}}


def _recipients(
    session: Session, office_id: int, said: list[Due], policy_of: Callable[[Conclusion], FollowUp]
) -> dict[Recipient, list[Due]]:
    """Recipient -> what they are told, each piece once."""
    contacts = contacts_of(session, [key(one.agency.id) for one in said])
    officials = _officials(session, office_id)
    found: dict[Recipient, list[Due]] = defaultdict(list)
    for one in said:
        roles = _roles(one, policy_of(one.conclusion))
        for recipient in dict.fromkeys(_people(one, roles, contacts, officials)):
            found[recipient].append(one)
    return found


def _roles(one: Due, policy: FollowUp) -> tuple[Role, ...]:
    if one.checkpoint.kind != Kind.ESCALATE:
        return AGENCY_STEP
    return policy.ladder[min(one.checkpoint.step, len(policy.ladder)) - 1].tell


def _people(
    one: Due, roles: Iterable[Role], contacts: dict[tuple[int, str], Contact], officials: dict[str, list[Official]]
) -> list[Recipient]:
    """Whoever fills the roles; where nobody does, the chief of office must know rather than nobody."""
    found: list[Recipient] = []
    for role in roles:
        if role in AGENCY_ROLES:
            contact = contacts.get((key(one.agency.id), role))
            if contact is not None:
                found.append(Recipient(f"contact:{contact.id}", contact.name, role, contact.address, one.agency.id))
        else:
            found += _office_people(role, officials)
    return found or _office_people(Role.CHIEF_OF_OFFICE, officials)


def _office_people(role: Role, officials: dict[str, list[Official]]) -> list[Recipient]:
    return [Recipient(f"official:{who.id}", who.name, role, who.address, None) for who in officials.get(role, [])]


def _officials(session: Session, office_id: int) -> dict[str, list[Official]]:
    found: dict[str, list[Official]] = defaultdict(list)
    for official in session.exec(select(Official).where(Official.office_id == office_id).order_by(col(Official.id))):
        found[official.role].append(official)
    return found
