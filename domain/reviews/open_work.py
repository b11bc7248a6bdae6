"""What of a period is not finished, and why late work is late, as its agencies say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Subquery, case, func, literal, union_all
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from domain.agencies import Agency
from domain.conclusions import Conclusion, Directive
from domain.instants import local
from domain.life.extensions import Extension
from domain.reports import StatusReport
from domain.reviews.figures import MOST_OPEN, CauseCount, OpenWork
from domain.reviews.population import IN_TIME, LATE, OVERDUE, Window

LONGEST_TEXT = 2000  #: characters of a directive that are kept
LONGEST_WORD = 1000


def causes_of(session: Session, work: Subquery, window: Window) -> tuple[CauseCount, ...]:
    """How much late work is late for which cause, the most first; where none was given comes last."""
    last = last_causes(window)
    cause = func.coalesce(last.c.cause, "")
    query = (
        core_select(cause, func.count())
        .select_from(work.outerjoin(last, last.c.obligation_id == work.c.id))
        .where(work.c.standing.in_(LATE))
        .group_by(cause)
    )
    rows = sorted(session.connection().execute(query), key=lambda row: (not row[0], -row[1], row[0]))
    return tuple(CauseCount(cause=name, count=count) for name, count in rows)


def last_causes(window: Window) -> Subquery:
    """Obligation -> the cause that its agency named last: in a report, or when it asked for more time."""
    until = window.until
    reports: Select[Any] = core_select(
        col(StatusReport.obligation_id),
        col(StatusReport.effective_at).label("at"),
        literal(1).label("source"),
        col(StatusReport.id).label("id"),
        col(StatusReport.cause),
    ).where(col(StatusReport.cause) != "", col(StatusReport.effective_at) <= until)
    wishes: Select[Any] = core_select(
        col(Extension.obligation_id),
        col(Extension.asked_at).label("at"),
        literal(0).label("source"),
        col(Extension.id).label("id"),
        col(Extension.cause),
    ).where(col(Extension.cause) != "", col(Extension.asked_at) <= until)
    said = union_all(reports, wishes).subquery("said")
    place = func.row_number().over(
        partition_by=said.c.obligation_id, order_by=(said.c.at.desc(), said.c.source.desc(), said.c.id.desc())
    )
    ranked = core_select(said.c.obligation_id, said.c.cause, place.label("place")).subquery("ranked")
    return core_select(ranked.c.obligation_id, ranked.c.cause).where(ranked.c.place == 1).subquery("last_cause")


def how_many_open(session: Session, work: Subquery) -> int:
    """How many obligations are not finished."""
    query = core_select(func.count()).select_from(work).where(work.c.settled.is_(None))
    return session.connection().execute(query).scalar_one()


def open_work(session: Session, work: Subquery, window: Window) -> tuple[OpenWork, ...]:
    """Overdue first, the longest first; then what falls due next, then what has no date; at most `MOST_OPEN`."""
    last = last_causes(window)
    urgency = case((work.c.standing == OVERDUE, 0), (work.c.standing == IN_TIME, 1), else_=2)
    query = (
        core_select(
            work.c.id,
            col(Agency.name),
            col(Conclusion.number),
            col(Conclusion.issued_on),
            col(Directive.path),
            func.substr(col(Directive.text), 1, LONGEST_TEXT),
            col(Directive.kind),
            col(Directive.authority),
            work.c.bound,
            work.c.days_late,
            func.coalesce(last.c.cause, ""),
        )
        .select_from(work)
        .join(Directive, col(Directive.id) == work.c.directive_id)
        .join(Conclusion, col(Conclusion.id) == work.c.conclusion_id)
        .join(Agency, col(Agency.id) == work.c.agency_id)
        .outerjoin(last, last.c.obligation_id == work.c.id)
        .where(work.c.settled.is_(None))
        .order_by(urgency, work.c.bound, work.c.id)
        .limit(MOST_OPEN)
    )
    rows = session.connection().execute(query).all()
    words = _last_words(session, window, [row[0] for row in rows])
    return tuple(
        OpenWork(
            id=id_,
            agency=agency,
            number=number,
            issued_on=issued_on,
            path=path,
            text=text,
            kind=kind,
            authority=authority,
            due_before=local(bound) if bound else None,
            days_late=days,
            cause=cause,
            last_word=words[id_].note[:LONGEST_WORD] if id_ in words else "",
            last_word_at=local(words[id_].effective_at) if id_ in words else None,
        )
        for id_, agency, number, issued_on, path, text, kind, authority, bound, days, cause in rows
    )


def _last_words(session: Session, window: Window, ids: Sequence[int]) -> dict[int, StatusReport]:
    query = select(StatusReport).where(
        col(StatusReport.obligation_id).in_(ids), col(StatusReport.effective_at) <= window.until
    )
    rows = session.exec(query.order_by(col(StatusReport.effective_at), col(StatusReport.id)))
    return {row.obligation_id: row for row in rows}
