"""Obligations as a list shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as core_select
from sqlalchemy.orm import load_only
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Session, SQLModel, col, select

from domain.agencies import Agency
from domain.checkpoints import Checkpoint, Fate
from domain.conclusions import Conclusion, Directive
from domain.deadlines import first_late_day
from domain.instants import local
from domain.keys import key
from domain.listing.asked import Asked
from domain.listing.conditions import work_conditions
from domain.listing.ordering import ordered_ids
from domain.listing.pages import PAGE, Page, all_ids, how_many, page_of_ids
from domain.listing.standings import stands
from domain.obligations import AGAIN, Obligation, Standing, is_stale, standing
from domain.offices import follow_up_policy, the_office


class Coming(NamedTuple):
    """The next moment of an obligation."""

    at: datetime
    kind: str
    step: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One obligation with everything a list says of it."""

    obligation: Obligation
    directive: Directive  #: its place, path, words, authority and rule; the rest is not loaded
    conclusion: Conclusion  #: its kind, number, day and title; the rest is not loaded
    agency: str
    standing: Standing
    days_late: int  #: counted on the calendar from the first late day; 0 while in time
    is_stale: bool  #: undated, and silent for long
    coming: Coming | None

    @property
    def id(self) -> int:
        """The obligation's id."""
        return key(self.obligation.id)

    @property
    def agency_id(self) -> int:
        """The agency's id."""
        return self.obligation.agency_id

    @property
    def period(self) -> str:
        """The period of recurring work, as its bound names it; empty for any other."""
        return self.obligation.period.partition(AGAIN)[0]


def work_page(session: Session, office_id: int, now: datetime, asked: Asked, sort: str, number: int) -> Page[WorkRow]:
    """One page of the obligations that are asked for."""
    rest = work_conditions(session, office_id, now, replace(asked, standing=None))
    so = [] if asked.standing is None else [stands(asked.standing, now)]
    total = how_many(session, col(Obligation.id), *rest, *so)
    most = None if asked.is_narrow else number * PAGE + 1
    ordered = ordered_ids(rest, asked.standing, sort, now, most)
    ids, has_more = page_of_ids(session, ordered, number)
    return Page(work_rows(session, office_id, now, ids), number, total, has_more)


def every_work(session: Session, office_id: int, now: datetime, asked: Asked, sort: str) -> Iterator[WorkRow]:
    """All the obligations that are asked for, in order; only some are in memory together."""
    rest = work_conditions(session, office_id, now, replace(asked, standing=None))
    for ids in all_ids(session, ordered_ids(rest, asked.standing, sort, now)):
        yield from work_rows(session, office_id, now, ids)
        session.expunge_all()


def work_rows(session: Session, office_id: int, now: datetime, ids: Sequence[int]) -> list[WorkRow]:
    """The obligations of these ids, in their order."""
    if not ids:
        return []
    stale_after = follow_up_policy(the_office(session, office_id)).stale_after_days
    upcoming = next_moments(session, ids)
    query = (
        select(Obligation, Directive, Conclusion, Agency.name)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .join(Agency, col(Agency.id) == col(Obligation.agency_id))
        .where(Obligation.office_id == office_id, col(Obligation.id).in_(ids))
        .options(_only(Directive, "place", "path", "text", "authority", "tracked", "rrule", "conclusion_id"))
        .options(_only(Conclusion, "kind", "number", "issued_on", "title"))
    )
    found = {
        key(own.id): WorkRow(
            own,
            directive,
            conclusion,
            agency,
            standing=standing(own, now),
            days_late=days_late(own, now),
            is_stale=is_stale(own, now, stale_after),
            coming=upcoming.get(key(own.id)),
        )
        for own, directive, conclusion, agency in session.exec(query)
    }
    return [found[id_] for id_ in ids if id_ in found]


def _only(table: type[SQLModel], *columns: str) -> ExecutableOption:
    return load_only(*[getattr(table, name) for name in columns])


def days_late(obligation: Obligation, now: datetime) -> int:
    """How many days late: until it was settled, else until now; 0 for work that is in time."""
    settled = obligation.settled_at
    until = settled if settled is not None and settled <= now else now
    if obligation.due_before is None or not obligation.is_late(until):
        return 0
    return local(until).date().toordinal() - first_late_day(obligation.due_before).toordinal() + 1


def next_moments(session: Session, obligations: Sequence[int]) -> dict[int, Coming]:
    """Obligation id -> the next of its moments that will come."""
    place = func.row_number().over(
        partition_by=col(Checkpoint.obligation_id), order_by=(col(Checkpoint.at), col(Checkpoint.id))
    )
    ranked = (
        core_select(
            col(Checkpoint.obligation_id),
            col(Checkpoint.at),
            col(Checkpoint.kind),
            col(Checkpoint.step),
            place.label("n"),
        )
        .where(col(Checkpoint.obligation_id).in_(obligations), col(Checkpoint.fate) == Fate.OPEN)
        .subquery()
    )
    rows = session.connection().execute(core_select(ranked).where(ranked.c.n == 1))
    return {row.obligation_id: Coming(row.at, row.kind, row.step) for row in rows}
