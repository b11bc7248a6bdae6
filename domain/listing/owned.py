"""The work of one owner: what waits for a decision first, then what is late, then what is due soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, literal, union_all
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from domain.conclusions import Conclusion
from domain.instants import local
from domain.keys import key
from domain.listing.asked import Asked, Waiting
from domain.listing.conditions import Conditions, is_same_person, looked_after_by, work_conditions, work_looked_after_by
from domain.listing.notices import ConclusionRow, conclusion_rows
from domain.listing.obligations import WorkRow, work_rows
from domain.listing.ordering import URGENT, ordered_ids
from domain.listing.pages import MOST_COUNTED
from domain.listing.standings import stands
from domain.obligations import Obligation, Standing
from domain.offices import Official
from domain.people import ConclusionPerson
from domain.policy import Role

MOST_SHOWN = 15  #: of each part; the rest stands in the list
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of somebody's work: the most urgent of it, and the list where all of it stands."""

    name: str  #: a Waiting, or "overdue" or "soon"
    asked: Asked
    total: int
    rows: Sequence[WorkRow]


@dataclass(frozen=True, slots=True)
class Mine:
    """The work of one owner."""

    shares: Sequence[Share]  #: those that are not empty
    conclusions: Sequence[ConclusionRow]  #: the newest


def owners(session: Session, people: Sequence[Official]) -> list[Official]:
    """Everybody who looks after a conclusion, each person once; `people` is everybody who fills a role."""
    query = select(ConclusionPerson.official_id).where(ConclusionPerson.role == Role.OWNER).distinct()
    named = set(session.exec(query))
    found: dict[str, Official] = {}
    for one in people:
        if one.role == Role.OWNER or one.id in named:
            found.setdefault(one.address.casefold(), one)
    return list(found.values())


def owner_called(people: Sequence[Official], address: str) -> Official | None:
    """Who of them has that address."""
    wanted = address.strip().casefold()
    return next((one for one in people if wanted and one.address.casefold() == wanted), None)


def mine(session: Session, office_id: int, now: datetime, people: Sequence[Official], owner: Official) -> Mine:
    """The work of one of the owners as of now; `people` is everybody who fills a role of the office."""
    id_, today = key(owner.id), local(now).date()
    parts: dict[str, Asked] = {
        **{str(one): Asked(owner=id_, waiting=one) for one in Waiting},
        "overdue": Asked(owner=id_, standing=Standing.OVERDUE),
        "soon": Asked(owner=id_, standing=Standing.IN_TIME, due_to=today + SOON),
    }
    roles = [one for one in people if is_same_person(one, owner)]
    of_owner = work_looked_after_by(roles)
    wanted = {
        name: Part([of_owner, *work_conditions(session, office_id, now, _plain(asked))], asked)
        for name, asked in parts.items()
    }
    totals = _totals(session, now, wanted)
    rows = _rows(session, office_id, now, wanted)
    shares = [Share(name, asked, totals[name], rows[name]) for name, asked in parts.items() if totals[name]]
    return Mine(shares, _conclusions(session, office_id, now, looked_after_by(roles)))


class Part(NamedTuple):
    """The conditions of one part, without its standing, and what they were made from."""

    conditions: Conditions
    asked: Asked


def _plain(asked: Asked) -> Asked:
    return replace(asked, owner=None, standing=None)


def _totals(session: Session, now: datetime, wanted: Mapping[str, Part]) -> dict[str, int]:
    """How many obligations each part has, in one statement."""
    counts = []
    for name, (conditions, asked) in wanted.items():
        so = [] if asked.standing is None else [stands(asked.standing, now)]
        some = core_select(col(Obligation.id)).where(*conditions, *so).limit(MOST_COUNTED + 1).subquery()
        counts.append(core_select(func.count()).select_from(some).scalar_subquery().label(name))
    return dict(session.connection().execute(core_select(*counts)).one()._mapping)


def _rows(session: Session, office_id: int, now: datetime, wanted: Mapping[str, Part]) -> dict[str, list[WorkRow]]:
    """The most urgent of each part; all are looked up together."""
    some = []
    for name, (conditions, asked) in wanted.items():
        most = None if asked.is_narrow else MOST_SHOWN
        first = ordered_ids(conditions, asked.standing, URGENT, now, most).limit(MOST_SHOWN).subquery()
        some.append(core_select(literal(name).label("name"), first.c.id))
    ids = session.connection().execute(union_all(*some)).all()
    known = {row.id: row for row in work_rows(session, office_id, now, list(dict.fromkeys(id_ for _, id_ in ids)))}
    found: dict[str, list[WorkRow]] = {name: [] for name in wanted}
    for name, id_ in ids:
        found[name].append(known[id_])
    return {name: sorted(rows, key=_urgency) for name, rows in found.items()}


def _urgency(row: WorkRow) -> tuple[bool, bool, datetime, int]:
    due = row.obligation.due_before
    return row.obligation.settled_at is not None, due is None, due or row.obligation.assigned_at, row.id


def _conclusions(
    session: Session, office_id: int, now: datetime, notices: ColumnElement[bool]
) -> Sequence[ConclusionRow]:
    newest = (
        core_select(col(Conclusion.id))
        .where(col(Conclusion.office_id) == office_id, col(Conclusion.withdrawal) == 0, notices)
        .order_by(col(Conclusion.issued_on).desc(), col(Conclusion.id).desc())
        .limit(MOST_SHOWN)
    )
    ids = [key(id_) for id_ in session.connection().execute(newest).scalars()]
    return conclusion_rows(session, office_id, now, ids)
