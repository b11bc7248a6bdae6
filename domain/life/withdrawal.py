"""Undoing a filing that should not have been, within a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from config.words import say
from domain.actors import OFFICE
from domain.checkpoints import add_news
from domain.conclusions import Conclusion, Directive
from domain.errors import Refusal
from domain.keys import key
from domain.life.handing import was_told
from domain.life.machine import reason_of
from domain.moments import Kind
from domain.obligations import State
from domain.offices import working_time
from domain.planning import followed, replan
from domain.store import Change

UNDO_WITHIN = timedelta(minutes=15)


def withdraw(change: Change, conclusion_id: int, reason: str) -> int:
    """Undoes a filing: its work is cancelled, its number is free again; answers how many agencies were told already.

    They are told at once that the notice was withdrawn. Everything stays in the ledger to be seen. Raises Refusal
    after a quarter of an hour, where somebody has reported already, and for a notice that was withdrawn before.
    """
    said = reason_of(reason)
    if change.by not in OFFICE:
        raise Refusal("errors.not_yours_to_do", deed=say("life.deed.cancelled"), by=say(f"life.by.{change.by}"))
    conclusion = change.session.get_one(Conclusion, conclusion_id)
    if conclusion.withdrawal:
        raise Refusal("errors.withdrawn_already", number=conclusion.number)
    if change.now >= conclusion.filed_at + UNDO_WITHIN:
        raise Refusal("errors.too_late_to_undo", number=conclusion.number, minutes=UNDO_WITHIN.seconds // 60)
    works = followed(change.session, Conclusion.id == conclusion.id)
    if any(one.obligation.heard_at is not None for one in works):
        raise Refusal("errors.answered_already", number=conclusion.number)
    for one in works:
        one.obligation.state, one.obligation.cancelled_at = State.CANCELLED, change.now
        change.session.add(one.obligation)
    conclusion.withdrawal, conclusion.withdrawn_at = key(conclusion.id), change.now
    conclusion.planned_at = conclusion.planned_at or change.now
    change.session.add(conclusion)
    for directive in change.session.exec(select(Directive).where(Directive.conclusion_id == key(conclusion.id))):
        directive.next_opening_at = None
        change.session.add(directive)
    replan(change, works)
    office = working_time(change.session, change.office_id)
    told = [one.obligation for one in works if was_told(change.session, key(one.obligation.id))]
    for own in told:
        add_news(change.session, own, Kind.RELEASED, office.soonest(change.now), said)
    change.record(
        "conclusion.withdrawn", f"conclusion:{conclusion.id}", number=conclusion.number, reason=said, told=len(told)
    )
    return len({own.agency_id for own in told})
