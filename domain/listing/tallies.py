"""How many obligations stand how, by what they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func
from sqlalchemy import select as core_select
from sqlmodel import Session, col

from domain.conclusions import Directive
from domain.listing.standings import standing_at
from domain.obligations import Obligation, Standing, State

Counting = Select[Any]
SERIOUS = (Standing.OVERDUE, Standing.IN_TIME, Standing.UNDATED, Standing.DONE_LATE, Standing.DONE_IN_TIME)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many obligations stand how."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, standing: str) -> int:
        return self.counts.get(standing, 0)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """Those that are not settled."""
        return self[Standing.IN_TIME] + self[Standing.OVERDUE] + self[Standing.UNDATED]

    @property
    def late(self) -> int:
        """Those that are open and late."""
        return self[Standing.OVERDUE]

    @property
    def in_time_share(self) -> float | None:
        """The share of what was done that was done in time; None where nothing is done."""
        done = self[Standing.DONE_IN_TIME] + self[Standing.DONE_LATE]
        return self[Standing.DONE_IN_TIME] / done if done else None

    @property
    def parts(self) -> Iterator[tuple[Standing, int]]:
        """(Standing, number) of the standings that occur, the most serious first."""
        return ((one, self[one]) for one in SERIOUS if self[one])


def tallies(
    session: Session, now: datetime, by: SQLColumnExpression[Any], *conditions: ColumnElement[bool]
) -> dict[int, Tally]:
    """What `by` names (a column of Obligation) -> its tally, without what was cancelled."""
    return _counted(session, now, core_select(by.label("owner")).select_from(Obligation), *conditions)


def tallies_of_notices(session: Session, now: datetime, conclusions: Sequence[int]) -> dict[int, Tally]:
    """Conclusion id -> its tally, without what was cancelled."""
    notice = col(Directive.conclusion_id)
    query: Counting = core_select(notice.label("owner")).select_from(Obligation)
    query = query.join(Directive, col(Directive.id) == col(Obligation.directive_id))
    return _counted(session, now, query, notice.in_(conclusions))


def _counted(session: Session, now: datetime, query: Counting, *conditions: ColumnElement[bool]) -> dict[int, Tally]:
    query = query.add_columns(standing_at(now).label("standing"), func.count())
    query = query.where(col(Obligation.state) != State.CANCELLED, *conditions).group_by("owner", "standing")
    found: dict[int, dict[str, int]] = {}
    for owner, name, count in session.connection().execute(query):
        found.setdefault(owner, {})[name] = count
    return {owner: Tally(counts) for owner, counts in found.items()}
