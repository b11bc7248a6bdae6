"""Composing a round: judge everything whose moment has come, and write the messages in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from pendulum import DateTime
from sqlalchemy import func, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from domain.actors import By
from domain.agencies import Agency
from domain.checkpoints import Checkpoint, Fate, add_moment
from domain.conclusions import Conclusion, Directive
from domain.instants import local
from domain.keys import key
from domain.life.handing import lapse
from domain.life.periods import open_periods
from domain.moments import FOR_OFFICE, Kind, following
from domain.obligations import UNSETTLED, Obligation, State
from domain.offices import WorkingTime, the_office, working_time
from domain.policy import FollowUp, Role
from domain.rounds import Judge, Verdict
from domain.rounds import Told as Heard
from domain.sending import Mode
from domain.store import Change, Ledger
from notifications.outbox import GONE_OUT, Message, MessageCheckpoint, Status
from notifications.queueing import Queue, Voice
from notifications.recipients import Due, People, Recipient, Told


@dataclass(slots=True)
class Composed:
    """What a round wrote."""

    messages: list[Message] = field(default_factory=list)
    folded: int = 0
    conclusions: dict[int, str] = field(default_factory=dict)  #: id -> number, of every conclusion touched
    moments: list[tuple[datetime, str]] = field(default_factory=list)  #: what waits now: (moment, number)


def compose(ledger: Ledger, now: DateTime, voice: Voice, *, actor: str) -> Composed:
    """Holds a round as of `now`: completes what is due and queues the messages, all in one transaction.

    Does nothing outside the office's hours, and nothing while sending is stopped: what comes due waits. Asking again at
    the same moment finds nothing left to say.
    """
    with ledger.change(now=now, actor=actor, by=By.SYSTEM) as change:
        office = working_time(change.session, change.office_id)
        if not office.is_open(now) or the_office(change.session, change.office_id).sending == Mode.STOPPED:
            return Composed()
        opened = open_periods(change)
        change.session.flush()
        due = _due(change)
        writer = RoundWriter(change, office, voice)
        for work in opened:
            writer.touched(work.conclusion, work.obligation)
        return writer.write(due) if due else writer.composed


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
            or_(
                col(Obligation.state).in_(UNSETTLED),
                col(Checkpoint.kind).in_((*FOR_OFFICE, Kind.RELEASED)),
            ),
        )
        .options(defer(col(Conclusion.source_text)))  # type: ignore[arg-type]
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

    def touched(self, conclusion: Conclusion, obligation: Obligation) -> None:
        """A period was opened: its moments want rounds."""
        query = select(Checkpoint.at).where(Checkpoint.obligation_id == obligation.id, Checkpoint.fate == Fate.OPEN)
        self.composed.conclusions[key(conclusion.id)] = conclusion.number
        self.composed.moments += [(at, conclusion.number) for at in self.session.exec(query)]

    def write(self, due: dict[int, list[Due]]) -> Composed:
        """Judges each obligation, then folds what is said into one message for each recipient."""
        heard = _heard(self.session, self.change)
        people = People(
            self.session,
            self.change.office_id,
            (row for rows in due.values() for row in rows[:1]),
            local(self.change.now).date(),
        )
        told: list[tuple[Recipient, Told]] = []
        for obligation_id, rows in due.items():
            first, policy = rows[0], self._policy(rows[0].conclusion)
            history = self._history(first, heard.get(obligation_id, Heard()), people, policy, rows)
            verdict = self.judge.judge([row.checkpoint for row in rows], history, policy)
            self._complete(first, verdict, policy)
            for point in (verdict.say, *verdict.also, *verdict.to_office):
                if point is not None:
                    told += self._told(replace(first, checkpoint=point), people, policy, history)
        queue = Queue(self.change, self.voice, people)
        self.composed.messages += queue.write(told)
        self.composed.moments += queue.moments
        self.change.record(
            "round.held", f"office:{self.change.office_id}", said=len(told), messages=len(self.composed.messages)
        )
        return self.composed

    def _policy(self, conclusion: Conclusion) -> FollowUp:
        id_ = key(conclusion.id)
        if id_ not in self.policies:
            self.policies[id_] = FollowUp.model_validate(conclusion.follow_up)
        return self.policies[id_]

    def _history(self, one: Due, heard: Heard, people: People, policy: FollowUp, rows: list[Due]) -> Heard:
        """What was heard about the work, and what stands in the ladder's way."""
        if not any(row.checkpoint.kind == Kind.ESCALATE for row in rows):
            return heard
        held = policy.hold_ladder_while_extension_is_asked and one.obligation.asked_at is not None
        return replace(heard, held=held, empty=people.empty_levels(one, policy))

    def _told(self, one: Due, people: People, policy: FollowUp, heard: Heard) -> list[tuple[Recipient, Told]]:
        told = [(who, Told(one)) for who in people.told(one, policy)]
        if one.checkpoint.kind == Kind.ESCALATE and one.checkpoint.step in heard.announced:
            return told  # those who help hear of a level once
        return told + [(who, Told(one, helping=True)) for who in people.helping(one)]

    def _complete(self, one: Due, verdict: Verdict, policy: FollowUp) -> None:
        self.composed.conclusions[key(one.conclusion.id)] = one.conclusion.number
        self.composed.folded += len(verdict.fold)
        for row in verdict.fold:
            self._handle(row, Fate.FOLDED)
        for row, until in verdict.postpone:
            row.at = until
            self.session.add(row)
            self.composed.moments.append((until, one.conclusion.number))
        for row in verdict.passed:
            self._handle(row, Fate.PASSED)
            self.change.record("level.passed", f"obligation:{one.obligation.id}", level=row.step)
        for said in (verdict.say, *verdict.also, *verdict.to_office):
            if said is not None:
                self._handle(said, Fate.DONE)
                self._repeat(one, said, policy)
        handled = (*verdict.fold, *((verdict.say,) if verdict.say else ()))
        if any(row.kind == Kind.LAPSE for row in handled) and one.obligation.state == State.ACKNOWLEDGED:
            lapse(self.change, one.obligation)

    def _handle(self, row: Checkpoint, fate: Fate) -> None:
        row.fate, row.handled_at = fate, self.change.now
        self.session.add(row)

    def _repeat(self, one: Due, said: Checkpoint, policy: FollowUp) -> None:
        today = local(self.change.now).date()
        moment = following(said.kind, said.step, said.ordinal, today, policy, self.office)
        if moment is not None:
            add_moment(self.session, one.obligation, moment, approved_at=said.approved_at)
            self.composed.moments.append((moment.at, one.conclusion.number))


def _heard(session: Session, change: Change) -> dict[int, Heard]:
    """Obligation id -> what was really sent about it, for every obligation with something due."""
    waiting = (
        select(Checkpoint.obligation_id)
        .where(Checkpoint.office_id == change.office_id, Checkpoint.fate == Fate.OPEN, col(Checkpoint.at) <= change.now)
        .distinct()
    )
    announced: dict[int, dict[int, datetime]] = defaultdict(dict)
    present = (
        col(Checkpoint.obligation_id).in_(waiting),
        col(Checkpoint.kind).in_((Kind.OVERDUE, Kind.ESCALATE)),
        col(Checkpoint.due_before) == col(Obligation.due_before),
        col(Checkpoint.turn) == col(Obligation.turn),
    )
    sent = (
        select(Checkpoint.obligation_id, Checkpoint.step, func.max(Message.sent_at))
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .where(*present, col(Message.status).in_(GONE_OUT))
        .group_by(col(Checkpoint.obligation_id), col(Checkpoint.step))
    )
    passed = (
        select(Checkpoint.obligation_id, Checkpoint.step, func.max(Checkpoint.handled_at))
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .where(*present, Checkpoint.fate == Fate.PASSED)
        .group_by(col(Checkpoint.obligation_id), col(Checkpoint.step))
    )
    for obligation_id, step, at in [*session.exec(sent), *session.exec(passed)]:
        announced[obligation_id][step] = at or change.now
    last = (
        select(Checkpoint.obligation_id.label("obligation_id"), func.max(Message.id).label("message_id"))  # type: ignore[attr-defined]
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .where(
            col(Checkpoint.obligation_id).in_(waiting),
            Message.recipient_role == Role.OFFICER,
            col(Message.agency_id) == col(Obligation.agency_id),
        )
        .group_by(col(Checkpoint.obligation_id))
        .subquery()
    )
    unheard = select(last.c.obligation_id).join(Message, col(Message.id) == last.c.message_id)
    lost = set(session.exec(unheard.where(col(Message.status).in_((Status.FAILED, Status.UNKNOWN)))))
    return {id_: Heard(announced.get(id_, {}), id_ in lost) for id_ in {*announced, *lost}}
