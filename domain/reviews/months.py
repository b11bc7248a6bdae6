"""A period month by month, and the directives that were issued in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col

from domain.conclusions import Conclusion, Directive
from domain.instants import local
from domain.reviews.figures import Issued, Month
from domain.reviews.periods import Period
from domain.reviews.population import DONE_LATE, INSTANT, Window, day_in_sql, day_of, notice_conditions


def issued_by_day(session: Session, window: Window) -> dict[date, Issued]:
    """Day of issue -> what was issued on it, of the days of the window."""
    tracked, due, rrule = col(Directive.tracked), col(Directive.due_before), col(Directive.rrule)
    has_date = or_(due.is_not(None), rrule.is_not(None))
    query = (
        core_select(
            col(Conclusion.issued_on),
            func.count(col(Conclusion.id).distinct()),
            func.count(col(Directive.id)),
            func.count().filter(and_(tracked, has_date)),
            func.count().filter(and_(tracked, ~has_date)),
            func.count().filter(and_(tracked, rrule.is_not(None))),
            func.count().filter(~tracked),
        )
        .join(Directive, col(Directive.conclusion_id) == col(Conclusion.id))
        .where(
            *notice_conditions(window),
            col(Conclusion.issued_on).between(window.period.first_day, local(window.until).date()),
        )
        .group_by(col(Conclusion.issued_on))
    )
    return {
        day: Issued(
            notices=notices,
            directives=directives,
            dated=dated,
            undated=undated,
            recurring=recurring,
            information=information,
        )
        for day, notices, directives, dated, undated, recurring, information in session.connection().execute(query)
    }


def together(some: Mapping[date, Issued]) -> Issued:
    """All days as one."""
    return Issued(**{name: sum(getattr(one, name) for one in some.values()) for name in Issued.model_fields})


def months_of(session: Session, work: Subquery, window: Window, issued: Mapping[date, Issued]) -> tuple[Month, ...]:
    """The months of the window that have begun, in order."""
    today = local(window.until).date()
    months = [one for one in window.period.months if one.first_day <= today]
    begun = _by_day(session, work, day_in_sql(work.c.began))
    due = _by_day(session, work, day_in_sql(work.c.bound, -1))  # a bound at midnight ends the day before
    finishing = _finishing(work)
    finished = _by_day(session, work, finishing)
    late = _by_day(session, work, finishing, work.c.standing == DONE_LATE)
    overdue = _overdue(session, work, months)
    return tuple(
        Month(
            first_day=month.first_day,
            last_day=month.last_day,
            issued=sum(one.directives for day, one in issued.items() if month.first_day <= day <= month.last_day),
            begun=_within(begun, month),
            due=_within(due, month),
            finished=_within(finished, month),
            finished_late=_within(late, month),
            overdue=count if month.end - INSTANT <= window.until else None,
        )
        for month, count in zip(months, overdue, strict=True)
    )


def _finishing(work: Subquery) -> ColumnElement[int]:
    """The day on which work was finished; not before it was assigned, whatever an older letter says."""
    return day_in_sql(case((work.c.settled < work.c.assigned_at, work.c.assigned_at), else_=work.c.settled))


def _by_day(session: Session, work: Subquery, day: object, *conditions: object) -> Counter[date]:
    query = core_select(day, func.count()).select_from(work).where(*conditions).group_by(day)  # type: ignore[call-overload]
    return Counter(
        {day_of(number): count for number, count in session.connection().execute(query) if number is not None}
    )


def _within(days: Counter[date], month: Period) -> int:
    return sum(count for day, count in days.items() if month.first_day <= day <= month.last_day)


def _overdue(session: Session, work: Subquery, months: list[Period]) -> list[int]:
    """Of the counted work, what was open and late when each month ended."""
    ends = [month.end - INSTANT for month in months]
    counts = [
        func.count(
            case(
                (
                    and_(
                        work.c.assigned_at <= end,
                        work.c.bound <= end,
                        or_(work.c.settled.is_(None), work.c.settled > end),
                    ),
                    1,
                )
            )
        )
        for end in ends
    ]
    return list(session.connection().execute(core_select(*counts).select_from(work)).one()) if counts else []
