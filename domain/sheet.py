"""The sheet of the day: what may still be held or approved, what is held, and what waits for the office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from domain.agencies import agency_names
from domain.checkpoints import Checkpoint, Fate
from domain.moments import Kind
from domain.obligations import Obligation, State
from domain.planning import Followed, followed
from domain.policy import FollowUp
from domain.views import Planned, planned_rows


@dataclass(frozen=True, slots=True)
class Coming:
    """A checkpoint that will be said, with what somebody can do about it."""

    planned: Planned
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the office."""

    kind: Kind
    obligation: int
    conclusion: str
    path: str
    agency: str
    since: datetime


def may_hold(session: Session, office_id: int, until: datetime, *conditions: object) -> list[Coming]:
    """What will be said up to a moment unless somebody holds it."""
    rows = planned_rows(session, office_id, Checkpoint.fate == Fate.OPEN, col(Checkpoint.at) <= until, *conditions)
    waiting = _waiting_for_approval(session, rows)
    return [Coming(row, row.checkpoint.id in waiting) for row in rows]


def held(session: Session, office_id: int) -> list[Planned]:
    """What the office holds back."""
    return planned_rows(session, office_id, Checkpoint.fate == Fate.HELD)


def _waiting_for_approval(session: Session, rows: list[Planned]) -> set[int | None]:
    steps = [row.checkpoint for row in rows if row.checkpoint.kind == Kind.ESCALATE and not row.checkpoint.approved_at]
    ids = {one.obligation_id for one in steps}
    policies: dict[int | None, FollowUp] = {}
    for work in followed(session, col(Obligation.id).in_(ids)):
        policies[work.obligation.id] = work.policy
    return {one.id for one in steps if policies[one.obligation_id].rung(one.step).needs_approval}


def tasks(session: Session, office_id: int) -> list[Task]:
    """Reports to verify, extensions and returns to decide, the oldest first."""
    names = agency_names(session, office_id)
    works = followed(
        session,
        Obligation.office_id == office_id,
        col(Obligation.state).in_((State.REPORTED, State.RETURNED)) | col(Obligation.asked_at).is_not(None),
    )
    found = [task for work in works for task in _tasks_of(work, names)]
    return sorted(found, key=lambda task: (task.since, task.obligation))


def _tasks_of(work: Followed, names: dict[int, str]) -> Iterator[Task]:
    own = work.obligation
    waits = (
        (Kind.VERIFY, own.reported_at if own.state == State.REPORTED else None),
        (Kind.TAKE_BACK, own.returned_at if own.state == State.RETURNED else None),
        (Kind.DECIDE, own.asked_at),
    )
    for kind, since in waits:
        if since is not None:
            yield Task(kind, own.id or 0, work.conclusion.number, work.directive.path, names[own.agency_id], since)
