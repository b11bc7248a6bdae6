"""In which order obligations stand in a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, literal, null, union_all
from sqlalchemy import select as core_select
from sqlmodel import col

from domain.agencies import Agency
from domain.columns import UtcDateTime
from domain.conclusions import Conclusion, Directive
from domain.listing.conditions import Conditions
from domain.listing.standings import DONE, bound_of, due, settled, stands
from domain.obligations import Obligation, Standing

URGENT = ""  #: the order that is used where nobody asks for another
SORTS = ("due", "agency", "notice", "state", "heard")  #: each also backwards, with a dash before it

own = col(Obligation.id)
Column = SQLColumnExpression[Any]


def ordered_ids(
    conditions: Conditions, standing: Standing | None, sort: str, now: datetime, most: int | None = None
) -> Select[Any]:
    """The ids of the obligations that meet the conditions and stand so, in order.

    `most` is how many of them will be looked at; None for all, or where few meet the conditions.
    """
    if sort == URGENT and most is not None:
        return _walked(conditions, standing, now, most)
    so = [] if standing is None else [stands(standing, now)]
    return _urgent([*conditions, *so], now) if sort == URGENT else _sorted([*conditions, *so], sort)


def _urgent(conditions: Conditions, now: datetime) -> Select[Any]:
    """Most urgent first: what is late, the oldest first; what is due, the soonest first; undated; then what was done,
    the latest first."""
    part = case(
        (settled <= now, 3),
        (settled > now, 2),
        (due.is_(None), 1),
        else_=0,
    )
    up, down = case((settled <= now, null()), else_=due), case((settled <= now, settled))
    return core_select(own).where(*conditions).order_by(part, up, down.desc(), own)


def _walked(conditions: Conditions, standing: Standing | None, now: datetime, most: int) -> Select[Any]:
    """The same order, where each part walks its own index and stops at `most`: the first page costs the same however
    long the list is."""
    nothing = null().cast(UtcDateTime)
    parts = []
    for place, (condition, up, down) in enumerate(_parts(standing, now)):
        some: Select[Any] = core_select(
            own.label("id"),
            literal(place).label("part"),
            (nothing if up is None else up).label("up"),
            (nothing if down is None else down).label("down"),
        ).where(*conditions, *condition)
        order = [one for one in (up, None if down is None else down.desc(), own) if one is not None]
        parts.append(core_select(some.order_by(*order).limit(most).subquery()))
    together = union_all(*parts).subquery()
    columns = together.c
    return core_select(columns.id).order_by(columns.part, columns.up, columns.down.desc(), columns.id)


Part = tuple[Conditions, Column | None, Column | None]


def _parts(standing: Standing | None, now: datetime) -> list[Part]:
    """(Conditions, ordered up by, ordered down by) of each part in which a standing may occur."""
    bound = [] if standing is None else [bound_of(standing, now)]
    dated: Part = ([settled.is_(None), due.is_not(None), *bound], due, None)
    undated: Part = ([settled.is_(None), due.is_(None)], None, None)
    to_come: Part = ([settled > now, *bound], due, None)  # settled by a letter that this moment does not know yet
    done: Part = ([settled <= now, *bound], None, settled)
    if standing in DONE:
        return [done]
    if standing is Standing.UNDATED:
        return [undated, to_come]
    return [dated, to_come] if standing else [dated, undated, to_come, done]


def _sorted(conditions: Conditions, sort: str) -> Select[Any]:
    back, name = sort.startswith("-"), sort.removeprefix("-")
    query = core_select(own)
    if name == "agency":
        query = query.join(Agency, col(Agency.id) == col(Obligation.agency_id))
    if name == "notice":
        query = query.join(Directive, col(Directive.id) == col(Obligation.directive_id))
        query = query.join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
    return query.where(*conditions).order_by(*[_directed(one, back) for one in _columns(name)], own)


def _columns(name: str) -> list[Column]:
    columns: dict[str, list[Column]] = {
        "due": [due],
        "agency": [col(Agency.name), due],
        "notice": [col(Conclusion.issued_on), col(Conclusion.id), col(Directive.place)],
        "state": [col(Obligation.state), due],
        "heard": [col(Obligation.heard_at)],
    }
    return columns[name]


def _directed(one: Column, back: bool) -> ColumnElement[Any]:
    return (one.desc() if back else one.asc()).nulls_last()
