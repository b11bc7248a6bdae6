"""Which obligations a period counts, and what is true of each at its last instant: one SELECT for everything else.

What each column means, and why, is said in docs/figures.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pendulum import DateTime
from sqlalchemy import ColumnElement, Integer, Subquery, and_, case, func, literal, or_
from sqlalchemy import select as core_select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import GenericFunction
from sqlmodel import Session, col

from domain.columns import UtcDateTime
from domain.conclusions import Conclusion, ConclusionKind, Directive
from domain.instants import local
from domain.life.extensions import Decision, Extension
from domain.obligations import Obligation, State
from domain.regulations import Regulation, with_predecessors
from domain.reviews.periods import Period

EPOCH = date(1970, 1, 1).toordinal()
EAST = 7 * 3600  #: seconds that Asia/Ho_Chi_Minh is ahead of UTC: there has been no summer time since 1975
DAY = 86_400  #: seconds
FAR = 30_000  #: days that are added before dividing, so that no dividend is negative
INSTANT = timedelta(microseconds=1)


class local_day(GenericFunction[int]):
    """The day of an instant on the office's wall clock, as days since 1970-01-01; the second argument is seconds."""

    type = Integer()
    inherit_cache = True


@compiles(local_day, "sqlite")
def _on_sqlite(element: local_day, compiler: Any, **options: Any) -> str:
    instant, shift = (compiler.process(one, **options) for one in element.clauses)
    return f"((CAST(strftime('%s', {instant}) AS INTEGER) + {EAST + FAR * DAY} + {shift}) / {DAY} - {FAR})"


@compiles(local_day, "postgresql")
def _on_postgresql(element: local_day, compiler: Any, **options: Any) -> str:
    instant, shift = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(floor((extract(epoch from {instant}) + {EAST} + {shift}) / {DAY}) AS INTEGER)"


def day_in_sql(instant: Any, shift: int = 0) -> ColumnElement[int]:
    """The day number of an instant that the database holds."""
    return local_day(instant, literal(shift, Integer))


def day_number(moment: datetime) -> int:
    """The same number of a moment that we hold."""
    return local(moment).date().toordinal() - EPOCH


def day_of(number: int) -> date:
    """The day of a number."""
    return date.fromordinal(number + EPOCH)


@dataclass(frozen=True, slots=True)
class Window:
    """What is counted: the office, the regulations (None: all notices), the period, and up to which instant."""

    office_id: int
    regulations: tuple[int, ...] | None
    period: Period
    until: DateTime  #: the last instant that counts: the period's last one, or now while it is not over

    def earlier(self) -> Window:
        """The window of the period that this one is held against, in full."""
        before = self.period.before()
        return Window(self.office_id, self.regulations, before, min(self.until, before.end - INSTANT))


def window_of(session: Session, office_id: int, scope: Regulation | None, period: Period, now: datetime) -> Window:
    """What is counted of a period as of `now`."""
    regulations = tuple(with_predecessors(session, scope)) if scope else None
    return Window(office_id, regulations, period, min(local(now), period.end - INSTANT))


def notice_conditions(window: Window) -> list[ColumnElement[bool]]:
    """Which notices count: not withdrawn, not the review's own requests, under the regulations."""
    conditions = [
        col(Conclusion.office_id) == window.office_id,
        col(Conclusion.withdrawal) == 0,
        col(Conclusion.kind) != ConclusionKind.REVIEW_REQUEST,
    ]
    if window.regulations is not None:
        conditions.append(col(Conclusion.regulation_id).in_(window.regulations))
    return conditions


CARRIED, NEW = 0, 1
#: standings as numbers, so that the database compares no words
DONE_IN_TIME, DONE_UNDATED, DONE_LATE, IN_TIME, OVERDUE, UNDATED = range(6)
NAMES = ("done_in_time", "done_undated", "done_late", "in_time", "overdue", "undated")
LATE = (DONE_LATE, OVERDUE)


def population(window: Window) -> Subquery:
    """Every obligation that the window counts, with what is true of it at the window's last instant.

    Columns: id, directive_id, conclusion_id, agency_id, field, kind, came (CARRIED or NEW), began, assigned_at, bound,
    settled (NULL: not finished by then; before assigned_at where an older letter reports it), standing (a number),
    days_late.
    """
    until = window.until
    roots, moved = _roots(), _moved_later(until)
    began = func.coalesce(roots.c.began, col(Obligation.assigned_at))
    bound = case((moved.c.before.is_not(None), moved.c.before), else_=col(Obligation.due_before))
    settled = case((col(Obligation.settled_at) <= until, col(Obligation.settled_at)))
    inner = (
        core_select(
            col(Obligation.id),
            col(Obligation.directive_id),
            col(Directive.conclusion_id),
            col(Obligation.agency_id),
            col(Directive.field),
            col(Directive.kind),
            case((began < window.period.begin, CARRIED), else_=NEW).label("came"),
            began.label("began"),
            col(Obligation.assigned_at),
            bound.label("bound"),
            settled.label("settled"),
        )
        .select_from(Obligation)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .outerjoin(roots, roots.c.leaf == col(Obligation.id))
        .outerjoin(moved, and_(moved.c.obligation_id == col(Obligation.id), moved.c.place == 1))
        .where(
            *notice_conditions(window),
            col(Directive.tracked),
            col(Obligation.assigned_at) <= until,
            or_(col(Obligation.state) != State.CANCELLED, col(Obligation.cancelled_at) > until),
            or_(
                col(Obligation.settled_at).is_(None),
                col(Obligation.settled_at) >= window.period.begin,
                col(Obligation.assigned_at) >= window.period.begin,  # a letter of before: it would count nowhere else
            ),
        )
        .subquery("known")
    )
    known = inner.c
    judged = func.coalesce(known.settled, literal(until, UtcDateTime()))
    is_late = and_(known.bound.is_not(None), known.bound <= judged)
    days = func.coalesce(day_in_sql(known.settled), day_number(until)) - day_in_sql(known.bound) + 1
    standing = case(
        (and_(known.settled.is_not(None), known.bound.is_(None)), DONE_UNDATED),
        (and_(known.settled.is_not(None), is_late), DONE_LATE),
        (known.settled.is_not(None), DONE_IN_TIME),
        (known.bound.is_(None), UNDATED),
        (is_late, OVERDUE),
        else_=IN_TIME,
    )
    return core_select(inner, standing.label("standing"), case((is_late, days), else_=0).label("days_late")).subquery(
        "work"
    )


def _roots() -> Subquery:
    """Reassigned obligation -> when the work itself began: the first of its chain."""
    first, above = aliased(Obligation), aliased(Obligation)
    chain = (
        core_select(col(first.id).label("leaf"), col(first.came_from).label("parent"))
        .where(col(first.came_from).is_not(None))
        .cte("chain", recursive=True)
    )
    chain = chain.union_all(
        core_select(chain.c.leaf, col(above.came_from))
        .join(above, col(above.id) == chain.c.parent)
        .where(col(above.came_from).is_not(None))
    )
    root = aliased(Obligation)
    return (
        core_select(chain.c.leaf, col(root.assigned_at).label("began"))
        .join(root, col(root.id) == chain.c.parent)
        .where(col(root.came_from).is_(None))
        .subquery("roots")
    )


def _moved_later(until: datetime) -> Subquery:
    """Obligation -> the bound it had before the first extension that was granted after `until`."""
    place = func.row_number().over(
        partition_by=col(Extension.obligation_id), order_by=(col(Extension.decided_at), col(Extension.id))
    )
    return (
        core_select(col(Extension.obligation_id), col(Extension.before), place.label("place"))
        .where(col(Extension.decision).in_(GRANTED), col(Extension.decided_at) > until)
        .subquery("moved")
    )


GRANTED: Sequence[str] = (Decision.GRANTED, Decision.SHORTENED)
