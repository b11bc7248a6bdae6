"""What one round says about one obligation: the judgement, apart from rows and messages.

A round takes every open checkpoint whose moment has come, however long ago. Catching up never accuses: of what piled up
only the most serious is said, and lateness climbs one announced step at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.checkpoints import Checkpoint
from domain.instants import local
from domain.moments import FOR_OFFICE, NEWS, Kind
from domain.offices import WorkingTime
from domain.policy import FollowUp

#: What is folded into anything more serious, least serious first.
GENTLE = (Kind.REQUEST_STATUS, Kind.LAPSE, Kind.REMIND, Kind.DUE)


@dataclass(frozen=True, slots=True)
class Told:
    """What was really sent about an obligation under its present deadline."""

    announced: Mapping[int, datetime] = field(default_factory=dict)  #: level -> last time sent; 0 is the overdue notice
    unheard: bool = False  #: the agency's own last message failed, or nobody knows what became of it
    held: bool = False  #: an extension was asked for, and the ladder waits for its decision
    empty: frozenset[int] = frozenset()  #: levels at which there is nobody to tell


@dataclass(slots=True)
class Verdict:
    """What a round does with the checkpoints of one obligation whose moment has come."""

    say: Checkpoint | None = None  #: to the agency, or up the ladder
    also: list[Checkpoint] = field(default_factory=list)  #: other news for the agency, in the same message
    to_office: list[Checkpoint] = field(default_factory=list)  #: what waits for the office itself
    passed: list[Checkpoint] = field(default_factory=list)  #: levels with nobody to tell
    fold: list[Checkpoint] = field(default_factory=list)
    postpone: list[tuple[Checkpoint, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Judge:
    """One round's moment and rules, for judging obligation after obligation."""

    office: WorkingTime
    now: datetime

    def judge(self, due: Iterable[Checkpoint], told: Told, policy: FollowUp) -> Verdict:
        """What to say, what to fold into it, and what has to wait."""
        rows = list(due)
        verdict = Verdict()
        gentle = sorted((row for row in rows if row.kind in GENTLE), key=_seriousness)
        steps = sorted((row for row in rows if row.kind in (Kind.OVERDUE, Kind.ESCALATE)), key=_ladder_place)
        news = sorted((row for row in rows if row.kind in NEWS), key=lambda row: NEWS.index(Kind(row.kind)))
        self._tell_office(verdict, rows)
        if news:  # nobody is late with work that nobody gave: lateness waits for the next working day
            verdict.say = news.pop(0)
            whole = verdict.say.kind in (Kind.RELEASED, Kind.ASSIGN)  # it tells how things stand now, all of it
            for row in news:
                (verdict.fold if whole and row.kind != Kind.ASK else verdict.also).append(row)
            self._wait(verdict, steps, self._first_slot_after_days(1), policy)
        elif steps:
            self._climb(verdict, steps, told, policy)
        if verdict.say is None and gentle and not steps:
            verdict.say = gentle.pop()
        verdict.fold.extend(gentle)
        return verdict

    def _tell_office(self, verdict: Verdict, rows: list[Checkpoint]) -> None:
        """Each task of the office once, however often it piled up; an approval that was given is asked for no more."""
        approved = {row.step for row in rows if row.kind == Kind.ESCALATE and row.approved_at}
        said: set[tuple[str, int]] = set()
        for row in sorted((row for row in rows if row.kind in FOR_OFFICE), key=lambda row: row.ordinal, reverse=True):
            done = (row.kind, row.step) in said or (row.kind == Kind.APPROVE and row.step in approved)
            (verdict.fold if done else verdict.to_office).append(row)
            said.add((row.kind, row.step))

    def _climb(self, verdict: Verdict, steps: list[Checkpoint], told: Told, policy: FollowUp) -> None:
        """Says the lowest step that is due, when the step below it was heard long enough ago."""
        lowest, *higher = steps
        ready = self._ready_at(lowest, told, policy)
        if ready > self.now:
            self._wait(verdict, steps, ready, policy)
            return
        if lowest.kind == Kind.ESCALATE and lowest.step in told.empty:
            verdict.passed.append(lowest)
        else:
            verdict.say = lowest
        if higher:
            self._wait(verdict, higher, self._after(self.now, higher[0], policy), policy)

    def _ready_at(self, step: Checkpoint, told: Told, policy: FollowUp) -> datetime:
        """From when `step` may be said; the next slot while we do not know."""
        if step.kind == Kind.OVERDUE:
            return self.now
        repeating = step.step in told.announced
        heard = told.announced.get(step.step if repeating else step.step - 1)
        if heard is None or told.unheard or told.held or _waits_for_approval(step, policy):
            return self.office.next_slot(self.now)
        return self.now if repeating else self._after(heard, step, policy)

    def _after(self, heard: datetime, step: Checkpoint, policy: FollowUp) -> datetime:
        """The first slot of the day on which the delay of `step` has passed since `heard`."""
        delay = policy.delay_of(step.step) if step.step <= len(policy.ladder) else 1
        return self.office.first_slot(self.office.calendar.shift(local(heard).date(), delay))

    def _wait(self, verdict: Verdict, steps: list[Checkpoint], until: datetime, policy: FollowUp) -> None:
        """Moves the steps, each to when it can follow the one before it at the earliest."""
        for place, step in enumerate(steps):
            if place:
                until = self._after(until, step, policy)
            verdict.postpone.append((step, max(until, step.at)))

    def _first_slot_after_days(self, days: int) -> datetime:
        return self.office.first_slot(local(self.now).date() + timedelta(days=days))


def _seriousness(row: Checkpoint) -> tuple[int, int]:
    return GENTLE.index(Kind(row.kind)), -row.step


def _ladder_place(row: Checkpoint) -> tuple[int, int]:
    return row.step, row.ordinal


def _waits_for_approval(step: Checkpoint, policy: FollowUp) -> bool:
    return policy.rung(step.step).needs_approval and step.approved_at is None
