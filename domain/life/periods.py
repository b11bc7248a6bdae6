"""Recurring work: one obligation a period, opened in time and closed on its own."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from domain.conclusions import Conclusion, Directive
from domain.instants import iso
from domain.keys import key
from domain.obligations import AGAIN, Obligation, State
from domain.offices import WorkingTime, working_time
from domain.planning import Followed, Planner, day_after_telling
from domain.recurrence import next_bound, period_name
from domain.store import Change

MOST_AT_ONCE = 400  #: periods of one directive that are opened together, after a long outage


def open_periods(change: Change) -> list[Followed]:
    """Opens every period whose moment has come: that of the bound before it. Answers the new obligations.

    Whoever answered for the last period answers for the next; where it was cancelled for all, the work has ended.
    """
    query = (
        select(Directive, Conclusion)
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(
            Conclusion.office_id == change.office_id,
            col(Directive.next_opening_at) <= change.now,
            col(Conclusion.planned_at).is_not(None),
        )
        .order_by(col(Directive.id))
    )
    due = change.session.exec(query).all()
    if not due:
        return []
    office = working_time(change.session, change.office_id)
    opened = [work for directive, conclusion in due for work in _open(change, directive, conclusion, office)]
    change.session.flush()
    Planner(change).plan(opened)
    return opened


def _open(change: Change, directive: Directive, conclusion: Conclusion, office: WorkingTime) -> list[Followed]:
    opened: list[Followed] = []
    agencies = _answering(change, directive)
    for _ in range(MOST_AT_ONCE):
        opening = directive.next_opening_at
        if opening is None or opening > change.now:
            break
        bound = next_bound(directive.rrule or "", conclusion.issued_on, opening) if agencies else None
        directive.next_opening_at = bound
        change.session.add(directive)
        if bound is None:
            break
        rows = [_obligation(change, directive, agency, opening, bound, office) for agency in agencies]
        change.session.add_all(rows)
        opened += [Followed(row, directive, conclusion) for row in rows]
        change.record("period.opened", f"directive:{key(directive.id)}", path=directive.path, due_before=iso(bound))
    return opened


def _answering(change: Change, directive: Directive) -> list[int]:
    """The agencies of the latest period, without those from which the work was taken."""
    rows = change.session.exec(
        select(Obligation).where(Obligation.directive_id == key(directive.id)).order_by(col(Obligation.id))
    ).all()
    going = [row for row in rows if row.state != State.CANCELLED]
    latest = max((row.period.partition(AGAIN)[0] for row in rows), default="")
    return list(dict.fromkeys(row.agency_id for row in going if row.period == latest))


def _obligation(
    change: Change, directive: Directive, agency_id: int, opening: datetime, bound: datetime, office: WorkingTime
) -> Obligation:
    return Obligation(
        office_id=change.office_id,
        directive_id=key(directive.id),
        agency_id=agency_id,
        period=period_name(bound),
        due_before=bound,
        first_due_before=bound,
        assigned_at=opening,
        lateness_from=day_after_telling(change.now, office) if bound <= change.now else None,
    )
