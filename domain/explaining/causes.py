"""Why a moment stands, or was said, later than the policy put it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.checkpoints import GONE, Checkpoint, Fate
from domain.explaining.memory import Remembered, was_stopped
from domain.instants import local
from domain.life.extensions import Extension
from domain.moments import NEWS, Kind
from domain.offices import WorkingTime
from domain.policy import FollowUp


class Cause(StrEnum):
    """What a moment waited for."""

    LET_GO = "let_go"  #: somebody had held it back
    EXTENSION = "extension"  #: a wish for more time was undecided
    APPROVAL = "approval"
    NEWS = "news"  #: the agency was told something else first
    BELOW = "below"  #: the step below had to be heard first
    STOPPED = "stopped"  #: sending was stopped
    OUTAGE = "outage"  #: nothing ran, or what was said before did not arrive


@dataclass(frozen=True, slots=True)
class Past:
    """All that happened to one obligation."""

    rows: Sequence[Checkpoint]
    extensions: Sequence[Extension]
    trail: Sequence[Remembered]
    policy: FollowUp
    office: WorkingTime


def why_moved(row: Checkpoint, past: Past) -> list[Cause]:
    """What moved a checkpoint from where the policy put it; empty where it stands there."""
    if row.at <= row.planned_at:
        return []
    found = list(_waited_for(row, past))
    return found or [_silence(past, row.planned_at, row.at)]


def why_late(row: Checkpoint, past: Past, since: datetime) -> Cause | None:
    """Why a checkpoint was said after its own round; None where it was not. What lay before `since` is not late."""
    if row.fate != Fate.DONE or row.handled_at is None or row.at < since:
        return None
    if row.handled_at < past.office.next_slot(past.office.slot_on_or_after(row.at)):
        return None
    return _silence(past, row.at, row.handled_at)


def waits_below(row: Checkpoint, rows: Sequence[Checkpoint]) -> bool:
    """Whether a step that is to come stands before one below it: the plan then moves it on."""
    below = _below(row, rows)
    return below is not None and below.handled_at is None and below.at >= row.at


def _silence(past: Past, since: datetime, until: datetime) -> Cause:
    return Cause.STOPPED if was_stopped(past.trail, since, until) else Cause.OUTAGE


def _waited_for(row: Checkpoint, past: Past) -> Iterator[Cause]:
    if any(act.verb == "checkpoint.released" and act.number == str(row.id) for act in past.trail):
        yield Cause.LET_GO
    if row.kind == Kind.ESCALATE:
        yield from _waited_on_the_ladder(row, past)
    if row.kind in (Kind.OVERDUE, Kind.ESCALATE) and any(_told_before(one, row, past.office) for one in past.rows):
        yield Cause.NEWS


def _waited_on_the_ladder(row: Checkpoint, past: Past) -> Iterator[Cause]:
    holds = past.policy.hold_ladder_while_extension_is_asked
    if holds and any(_undecided(one, row.planned_at, row.at) for one in past.extensions):
        yield Cause.EXTENSION
    needs_approval = row.step <= len(past.policy.ladder) and past.policy.rung(row.step).needs_approval
    if needs_approval and (row.approved_at is None or row.approved_at > row.planned_at):
        yield Cause.APPROVAL
    below = _below(row, past.rows)
    if below is not None and (below.handled_at is None or _day(below.handled_at) > _day(below.planned_at)):
        yield Cause.BELOW


def _undecided(one: Extension, since: datetime, until: datetime) -> bool:
    wished = one.wished is not None and one.asked_at < until
    return wished and (one.decided_at is None or one.decided_at > since)


def _below(row: Checkpoint, rows: Sequence[Checkpoint]) -> Checkpoint | None:
    """The step under an escalation, in the same climb: the level below, or the overdue notice.

    None where the level was said before: its repetition waits for nothing below.
    """
    same = [one for one in rows if (one.turn, one.due_before) == (row.turn, row.due_before) and one is not row]
    before = (one for one in same if (one.kind, one.step) == (row.kind, row.step) and one.ordinal < row.ordinal)
    said = any(one.fate == Fate.DONE for one in before)
    if row.kind != Kind.ESCALATE or said:
        return None
    wanted = (Kind.ESCALATE, row.step - 1) if row.step > 1 else (Kind.OVERDUE, 0)
    steps = [one for one in same if (one.kind, one.step) == wanted and one.fate not in (*GONE, Fate.SKIPPED)]
    return steps[-1] if steps else None


def _told_before(one: Checkpoint, row: Checkpoint, office: WorkingTime) -> bool:
    """Whether news took the place of a step in the round in which that was due: it then waits for the next day."""
    if one.kind not in NEWS or one.handled_at is None or one.fate in GONE:
        return False
    next_day = office.first_slot(local(one.handled_at).date() + timedelta(days=1))
    return row.planned_at <= one.handled_at and row.at == next_day


def _day(moment: datetime) -> str:
    return local(moment).date().isoformat()
