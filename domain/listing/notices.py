"""Conclusions and directives as lists show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from domain.agencies import Agency
from domain.conclusions import LEAD, Conclusion, Directive, DirectiveAgency
from domain.listing.asked import Asked
from domain.listing.conditions import Conditions, conclusion_conditions, directive_conditions
from domain.listing.pages import Page, all_ids, how_many, page_of_ids
from domain.listing.tallies import Tally, tallies, tallies_of_notices
from domain.obligations import Obligation, State
from domain.offices import Official
from domain.people import in_charge, officials_of
from domain.policy import Role

CONCLUSION_SORTS = ("day", "number")
DIRECTIVE_SORTS = ("day", "due")
NOTHING = Tally()


class Head(NamedTuple):
    """What a list says of a conclusion itself."""

    id: int
    number: str
    issued_on: date
    title: str | None
    place: str | None
    concluded_by: str | None
    filed_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """One conclusion with where its work stands."""

    head: Head
    directives: int
    tally: Tally
    owners: tuple[str, ...]


class DirectiveHead(NamedTuple):
    """What a list says of a directive itself."""

    id: int
    path: str
    words: str
    tracked: bool
    authority: str | None
    rrule: str | None
    due_before: datetime | None
    conclusion_id: int
    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class DirectiveRow:
    """One directive with where its work stands."""

    head: DirectiveHead
    leads: tuple[str, ...]  #: the agencies that answer for it; as they are written where there is no work
    tally: Tally


def conclusion_page(
    session: Session, office_id: int, now: datetime, asked: Asked, sort: str, number: int
) -> Page[ConclusionRow]:
    """One page of conclusions, the newest first where no other order is asked for."""
    conditions = conclusion_conditions(session, office_id, now, asked)
    total = how_many(session, col(Conclusion.id), *conditions)
    ids, has_more = page_of_ids(session, _conclusion_ids(conditions, sort), number)
    return Page(conclusion_rows(session, office_id, now, ids), number, total, has_more)


def every_conclusion(
    session: Session, office_id: int, now: datetime, asked: Asked, sort: str
) -> Iterator[ConclusionRow]:
    """All the conclusions that are asked for, in order; only some are in memory together."""
    ordered = _conclusion_ids(conclusion_conditions(session, office_id, now, asked), sort)
    for ids in all_ids(session, ordered):
        yield from conclusion_rows(session, office_id, now, ids)
        session.expunge_all()


def _conclusion_ids(conditions: Conditions, sort: str) -> Select[Any]:
    day, own = col(Conclusion.issued_on), col(Conclusion.id)
    orders = {
        "": (day.desc(), own.desc()),
        "-day": (day.desc(), own.desc()),
        "day": (day, own),
        "number": (col(Conclusion.number), own),
        "-number": (col(Conclusion.number).desc(), own.desc()),
    }
    return core_select(own).where(*conditions).order_by(*orders[sort])


def conclusion_rows(session: Session, office_id: int, now: datetime, ids: Sequence[int]) -> list[ConclusionRow]:
    """The conclusions of these ids, in their order; their texts stay where they are."""
    if not ids:
        return []
    columns = [Conclusion.__table__.c[name] for name in Head._fields]  # type: ignore[attr-defined]
    own = core_select(func.count()).where(col(Directive.conclusion_id) == col(Conclusion.id)).scalar_subquery()
    heads = core_select(*columns, own).where(col(Conclusion.id).in_(ids), col(Conclusion.office_id) == office_id)
    found = {row[0]: (Head._make(row[:-1]), row[-1]) for row in session.connection().execute(heads)}
    stand = tallies_of_notices(session, now, ids)
    owners = owners_of(session, office_id, ids)
    return [ConclusionRow(*found[id_], stand.get(id_, NOTHING), owners[id_]) for id_ in ids if id_ in found]


def owners_of(session: Session, office_id: int, conclusions: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Conclusion id -> who looks after it: whoever is named for it, else the owners of the office."""
    usual = tuple(one.name for one in officials_of(session, office_id) if one.role == Role.OWNER)
    named = in_charge(session, conclusions)
    return {id_: _called(named.get((id_, Role.OWNER)), usual) for id_ in conclusions}


def _called(named: Official | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    return (named.name,) if named else usual


def directive_page(
    session: Session, office_id: int, now: datetime, asked: Asked, sort: str, number: int
) -> Page[DirectiveRow]:
    """One page of directives, those of the newest notice first where no other order is asked for."""
    conditions = directive_conditions(session, office_id, now, asked)
    joined = _table(Directive).join(_table(Conclusion))
    total = how_many(session, col(Directive.id), *conditions, joined=joined)
    ids, has_more = page_of_ids(session, _directive_ids(conditions, sort), number)
    return Page(directive_rows(session, office_id, now, ids), number, total, has_more)


def every_directive(session: Session, office_id: int, now: datetime, asked: Asked, sort: str) -> Iterator[DirectiveRow]:
    """All the directives that are asked for, in order; only some are in memory together."""
    ordered = _directive_ids(directive_conditions(session, office_id, now, asked), sort)
    for ids in all_ids(session, ordered):
        yield from directive_rows(session, office_id, now, ids)
        session.expunge_all()


def _directive_ids(conditions: Conditions, sort: str) -> Select[Any]:
    newest = (col(Conclusion.issued_on).desc(), col(Conclusion.id).desc(), col(Directive.place))
    orders = {
        "": newest,
        "-day": newest,
        "day": (col(Conclusion.issued_on), col(Conclusion.id), col(Directive.place)),
        "due": (col(Directive.due_before).asc().nulls_last(), col(Directive.id)),
        "-due": (col(Directive.due_before).desc().nulls_last(), col(Directive.id)),
    }
    query = core_select(col(Directive.id)).join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
    return query.where(*conditions).order_by(*orders[sort])


def directive_rows(session: Session, office_id: int, now: datetime, ids: Sequence[int]) -> list[DirectiveRow]:
    """The directives of these ids, in their order."""
    if not ids:
        return []
    notice = Conclusion
    query = (
        core_select(
            col(Directive.id),
            col(Directive.path),
            col(Directive.text),
            col(Directive.tracked),
            col(Directive.authority),
            col(Directive.rrule),
            col(Directive.due_before),
            col(notice.id),
            col(notice.number),
            col(notice.issued_on),
        )
        .join(notice, col(notice.id) == col(Directive.conclusion_id))
        .where(col(Directive.id).in_(ids), col(notice.office_id) == office_id)
    )
    found = {row[0]: DirectiveHead._make(row) for row in session.connection().execute(query)}
    stand = tallies(session, now, col(Obligation.directive_id), col(Obligation.directive_id).in_(ids))
    leads = _leads(session, ids)
    return [DirectiveRow(found[id_], leads.get(id_, ()), stand.get(id_, NOTHING)) for id_ in ids if id_ in found]


def _leads(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Directive id -> who answers for it: the agencies at work, else those that are written there."""
    at_work = (
        select(Obligation.directive_id, Agency.name)
        .join(Agency, col(Agency.id) == col(Obligation.agency_id))
        .where(col(Obligation.directive_id).in_(ids), Obligation.state != State.CANCELLED)
        .order_by(col(Obligation.id))
    )
    written = select(DirectiveAgency.directive_id, DirectiveAgency.written).where(
        col(DirectiveAgency.directive_id).in_(ids), DirectiveAgency.role == LEAD
    )
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for id_, name in session.exec(at_work):
        found[id_].setdefault(name)
    idle: dict[int, dict[str, None]] = defaultdict(dict)
    for id_, name in session.exec(written.order_by(col(DirectiveAgency.id))):
        idle[id_].setdefault(name)
    return {id_: tuple(found.get(id_) or idle.get(id_, {})) for id_ in ids}


def _table(model: Any) -> Any:
    return model.__table__
