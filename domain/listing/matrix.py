"""One directive across all its agencies, and for recurring work across its periods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from domain.conclusions import Conclusion, Directive, DirectiveAgency
from domain.deadlines import last_day
from domain.keys import key
from domain.listing.asked import Asked
from domain.listing.conditions import work_conditions
from domain.listing.obligations import WorkRow, work_rows
from domain.listing.tallies import SERIOUS, Tally
from domain.names import fold
from domain.obligations import AGAIN, WHOLE, Obligation, State
from domain.reports import StatusReport

MOST_PERIODS = 24  #: that are shown beside each other, the latest ones


@dataclass(frozen=True, slots=True)
class Line:
    """One agency: its work of the latest period, what it last said of it, and its work of each period."""

    latest: WorkRow
    word: StatusReport | None
    periods: Mapping[str, WorkRow]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One directive across all its agencies."""

    directive: Directive
    conclusion: Conclusion
    written: Mapping[str, Sequence[str]]  #: role -> the agencies as the notice names them
    lines: Sequence[Line]
    periods: Mapping[str, date | None]  #: the latest ones and their last days; empty for work that does not recur
    earlier: int  #: how many periods are not shown
    tally: Tally  #: of the latest period

    @property
    def reported(self) -> int:
        """How many agencies have reported their work complete."""
        return sum(line.latest.obligation.reported_at is not None for line in self.lines)

    @property
    def heard(self) -> int:
        """How many agencies have said anything at all."""
        return sum(line.word is not None for line in self.lines)


def matrix_of(
    session: Session, office_id: int, now: datetime, directive_id: int, *, everything: bool = False
) -> Matrix | None:
    """The matrix of a directive, None where the office has none; what was cancelled only where `everything` is."""
    found = session.exec(
        select(Directive, Conclusion)
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(Directive.id == directive_id, Conclusion.office_id == office_id)
        .options(defer(col(Conclusion.source_text)))  # type: ignore[arg-type]
    ).first()
    if found is None:
        return None
    directive, conclusion = found
    rows, earlier = _rows(session, office_id, now, Asked(directive=directive_id, everything=everything))
    lines = _lines(rows, last_words(session, [row.id for row in rows]))
    counted = (line.latest.standing for line in lines if line.latest.obligation.state != State.CANCELLED)
    return Matrix(
        directive=directive,
        conclusion=conclusion,
        written=_written(session, directive_id),
        lines=lines,
        periods=_periods(rows),
        earlier=earlier,
        tally=Tally(Counter(counted)),
    )


def _rows(session: Session, office_id: int, now: datetime, asked: Asked) -> tuple[list[WorkRow], int]:
    """The obligations of the latest periods, and how many periods came before."""
    query = select(Obligation.id, Obligation.period).where(*work_conditions(session, office_id, now, asked))
    ids = [(key(id_), period.partition(AGAIN)[0]) for id_, period in session.exec(query.order_by(col(Obligation.id)))]
    periods = sorted({period for _, period in ids})
    shown = set(periods[-MOST_PERIODS:])
    rows = work_rows(session, office_id, now, [id_ for id_, period in ids if period in shown])
    return rows, len(periods) - len(shown)


def _periods(rows: Sequence[WorkRow]) -> dict[str, date | None]:
    """Period -> its last day in time as the rule gave it, in time order."""
    bounds = {row.period: row.obligation.first_due_before for row in rows if row.period != WHOLE}
    return {period: last_day(bound) if bound else None for period, bound in sorted(bounds.items())}


def _lines(rows: Sequence[WorkRow], words: Mapping[int, StatusReport]) -> list[Line]:
    """An agency a line, the most serious first; what was cancelled makes way for what came in its place."""
    by_agency: dict[int, dict[str, WorkRow]] = defaultdict(dict)
    for row in sorted(rows, key=lambda one: (one.obligation.state != State.CANCELLED, one.id)):
        by_agency[row.agency_id][row.period] = row
    lines = []
    for periods in by_agency.values():
        latest = periods[max(periods)]
        lines.append(Line(latest, words.get(latest.id), periods))
    return sorted(lines, key=lambda line: (SERIOUS.index(line.latest.standing), fold(line.latest.agency)))


def last_words(session: Session, obligations: Sequence[int]) -> dict[int, StatusReport]:
    """Obligation id -> the report that its agency sent last."""
    last = (
        select(func.max(StatusReport.id))
        .where(col(StatusReport.obligation_id).in_(obligations))
        .group_by(col(StatusReport.obligation_id))
    )
    return {row.obligation_id: row for row in session.exec(select(StatusReport).where(col(StatusReport.id).in_(last)))}


def _written(session: Session, directive_id: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = select(DirectiveAgency).where(DirectiveAgency.directive_id == directive_id)
    for row in session.exec(query.order_by(col(DirectiveAgency.id))):
        found[row.role].append(row.written)
    return found
