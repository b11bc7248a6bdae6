"""Corrections: the notice had been misread. Nothing was extended, and nothing counts as an extension."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col

from domain.conclusions import Directive
from domain.errors import Refusal
from domain.instants import iso
from domain.keys import key
from domain.life.extensions import drop_wish
from domain.life.handing import reassign
from domain.life.machine import Deed, advance, check, reason_of
from domain.moments import Kind
from domain.obligations import UNSETTLED, Obligation
from domain.planning import Followed, followed, one_followed, tell_anew
from domain.store import Change


def correct_deadline(change: Change, obligation_id: int, due_before: datetime | None, reason: str) -> list[Followed]:
    """Sets the bound that the notice really gives (None: it gives none), for every agency of that directive.

    A later bound that an extension gave stays. Each agency is told; no lateness is announced before the working day
    after that. Raises Refusal for settled work, for recurring work, and where the bound is the one there is.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    said = reason_of(reason)
    check(change, one.obligation, Deed.CORRECT)
    if one.directive.rrule is not None:
        raise Refusal("errors.recurring_not_corrected", id=obligation_id)
    if one.directive.due_before == due_before:
        raise Refusal("errors.nothing_to_correct", id=obligation_id)
    one.directive.due_before, one.directive.runs, one.directive.event_at = due_before, None, None  # no rule moves it
    change.session.add(one.directive)
    works = [work for work in _of_directive(change, one) if not _extended_beyond(work.obligation, due_before)]
    for work in works:
        own = work.obligation
        drop_wish(change, own)
        advance(change, own, Deed.CORRECT, before=iso(own.due_before), after=iso(due_before), reason=said)
        own.due_before = own.first_due_before = due_before
    tell_anew(change, works, Kind.CORRECTED, said)
    return works


def correct_lead(change: Change, obligation_id: int, agency: str, reason: str) -> Followed:
    """Gives the work to the agency that the notice really names."""
    one = one_followed(change.session, change.office_id, obligation_id)
    advance(change, one.obligation, Deed.CORRECT, lead=agency, reason=reason_of(reason))
    return reassign(change, obligation_id, agency, reason)


def correct_tracking(change: Change, obligation_id: int, *, tracked: bool, reason: str) -> list[Followed]:
    """Makes a directive one that is only told, or one that is followed up after all, for every agency of it.

    Raises Refusal where it is so already, and for settled work.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    said = reason_of(reason)
    check(change, one.obligation, Deed.CORRECT)
    if one.directive.tracked == tracked:
        raise Refusal("errors.nothing_to_correct", id=obligation_id)
    one.directive.tracked = tracked
    change.session.add(one.directive)
    works = _of_directive(change, one)
    for work in works:
        advance(change, work.obligation, Deed.CORRECT, tracked=tracked, reason=said)
    tell_anew(change, works, Kind.CORRECTED, said)
    return works


def _of_directive(change: Change, one: Followed) -> list[Followed]:
    own = key(one.directive.id)
    return followed(change.session, Directive.id == own, col(Obligation.state).in_(UNSETTLED))


def _extended_beyond(own: Obligation, due_before: datetime | None) -> bool:
    if not own.extensions or own.due_before is None or due_before is None:
        return False
    return own.due_before > due_before
