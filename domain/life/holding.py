"""What the office lets go out: a level of the ladder approved, a checkpoint held back, or let go again."""

from __future__ import annotations

from sqlmodel import col, select

from domain.checkpoints import LIVE, Checkpoint, Fate
from domain.errors import Refusal
from domain.instants import iso
from domain.life.machine import reason_of
from domain.moments import Kind
from domain.offices import working_time
from domain.planning import Followed, one_followed
from domain.store import Change


def approve(change: Change, obligation_id: int, note: str = "") -> list[Checkpoint]:
    """Approves the levels of an obligation's ladder that wait for it; they go out when their moment has come.

    Raises Refusal where nothing waits for approval.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    levels = [step for step, rung in enumerate(one.policy.ladder, start=1) if rung.needs_approval]
    rows = _live(change, one)
    waiting = [row for row in rows if row.kind == Kind.ESCALATE and row.step in levels and row.approved_at is None]
    if not waiting:
        raise Refusal("errors.nothing_to_approve", id=obligation_id)
    lowest = min(row.step for row in waiting)
    approved = [row for row in waiting if row.step == lowest]
    for row in approved:
        row.approved_at = change.now
        change.session.add(row)
    for row in rows:
        if row.kind == Kind.APPROVE and row.step == lowest:
            row.fate, row.handled_at = Fate.CANCELLED, change.now
            change.session.add(row)
    change.record("level.approved", f"obligation:{obligation_id}", level=lowest, note=note.strip())
    return approved


def hold(change: Change, checkpoint_id: int, reason: str) -> Checkpoint:
    """Holds one checkpoint back until it is let go. Raises Refusal where it is not to come any more."""
    row = _checkpoint(change, checkpoint_id)
    said = reason_of(reason)
    if row.fate != Fate.OPEN:
        raise Refusal("errors.not_to_come", id=checkpoint_id)
    row.fate = Fate.HELD
    change.session.add(row)
    change.record("checkpoint.held", f"checkpoint:{checkpoint_id}", obligation=row.obligation_id, reason=said)
    return row


def let_go(change: Change, checkpoint_id: int) -> Checkpoint:
    """Lets a held checkpoint go: at its own moment, or at once where that has passed."""
    row = _checkpoint(change, checkpoint_id)
    if row.fate != Fate.HELD:
        raise Refusal("errors.not_held", id=checkpoint_id)
    office = working_time(change.session, change.office_id)
    row.fate, row.at = Fate.OPEN, max(row.at, office.soonest(change.now))
    change.session.add(row)
    change.record("checkpoint.released", f"checkpoint:{checkpoint_id}", obligation=row.obligation_id, at=iso(row.at))
    return row


def _checkpoint(change: Change, checkpoint_id: int) -> Checkpoint:
    query = select(Checkpoint).where(Checkpoint.id == checkpoint_id, Checkpoint.office_id == change.office_id)
    row = change.session.exec(query).first()
    if row is None:
        raise Refusal("errors.no_checkpoint", id=checkpoint_id)
    return row


def _live(change: Change, one: Followed) -> list[Checkpoint]:
    query = select(Checkpoint).where(Checkpoint.obligation_id == one.obligation.id, col(Checkpoint.fate).in_(LIVE))
    return list(change.session.exec(query))
