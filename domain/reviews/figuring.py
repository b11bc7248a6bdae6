"""The figures of a period, put together. What each counts is said in docs/figures.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from domain.agencies import Agency, AgencyMember, agency_names
from domain.conclusions import Conclusion, Directive
from domain.keys import key
from domain.obligations import Obligation
from domain.offices import office_policy, the_office
from domain.regulations import Regulation, sides_of
from domain.reviews.counting import Cell, Heap, grouped, heaps_of, whole
from domain.reviews.figures import PeriodFigures, Row, Tally, Whole
from domain.reviews.months import issued_by_day, months_of, together
from domain.reviews.open_work import causes_of, how_many_open, open_work
from domain.reviews.periods import Period
from domain.reviews.population import Window, notice_conditions, population, window_of
from domain.reviews.scorecards import scores_of


def figures_of(
    session: Session, office_id: int, scope: Regulation | None, period: Period, now: datetime
) -> PeriodFigures:
    """Counts a period as of `now`, under one regulation and what it took the place of, or for the whole office.

    Changes nothing. Everything is counted by the database in a few passes; memory does not grow with the ledger.
    """
    policy = office_policy(the_office(session, office_id)).review
    window = window_of(session, office_id, scope, period, now)
    work = population(window)
    heaps = heaps_of(session, work, window, policy.long_late_days)
    issued = issued_by_day(session, window)
    last_heaps, last = _last(session, window, policy.long_late_days)
    names = agency_names(session, office_id)
    agencies = _by_agency(heaps)
    return PeriodFigures(
        period=period.code,
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=window.until,
        scope=f"regulation:{scope.id}" if scope else "office",
        regulation=scope.number if scope else "",
        regulation_title=scope.title if scope else "",
        whole=Whole(issued=together(issued), tally=whole(heaps)),
        last=last,
        last_period=period.before().code,
        by_side=_by_side(session, scope, heaps) if scope else (),
        by_agency=_rows({str(id_): tally for id_, tally in agencies.items()}, {str(k): v for k, v in names.items()}),
        by_field=_rows({str(name): tally for name, tally in grouped(heaps, lambda cell: cell.field).items()}),
        by_kind=_rows({str(name): tally for name, tally in grouped(heaps, lambda cell: cell.kind).items()}),
        by_month=months_of(session, work, window, issued),
        causes=causes_of(session, work, window),
        open_work=open_work(session, work, window),
        open_total=how_many_open(session, work),
        scores=scores_of(agencies, _by_agency(last_heaps), names, policy.fewest_ranked),
        fewest_ranked=policy.fewest_ranked,
        long_late_days=policy.long_late_days,
    )


def _by_agency(heaps: Mapping[Cell, Heap]) -> dict[int, Tally]:
    return {cell: tally for cell, tally in grouped(heaps, lambda cell: cell.agency).items() if isinstance(cell, int)}


def _last(session: Session, window: Window, long_late: int) -> tuple[Mapping[Cell, Heap], Whole | None]:
    """The period before; None where the ledger holds nothing that had begun by then."""
    earlier = window.earlier()
    if not _had_begun(session, earlier):
        return {}, None
    heaps = heaps_of(session, population(earlier), earlier, long_late)
    return heaps, Whole(issued=together(issued_by_day(session, earlier)), tally=whole(heaps))


def _had_begun(session: Session, window: Window) -> bool:
    query = (
        core_select(col(Obligation.id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(*notice_conditions(window), col(Directive.tracked), col(Obligation.assigned_at) <= window.until)
    )
    return session.connection().execute(query.limit(1)).first() is not None


def _rows(tallies: Mapping[str, Tally], names: Mapping[str, str] | None = None) -> tuple[Row, ...]:
    """Most work first; what has no name comes last."""
    named = [Row(key=code, name=names[code] if names else code, tally=tally) for code, tally in tallies.items()]
    return tuple(sorted(named, key=lambda row: (not row.key, -row.tally.counts.total, row.name)))


def _by_side(session: Session, regulation: Regulation, heaps: Mapping[Cell, Heap]) -> tuple[Row, ...]:
    """The sides in the order of the regulation; the work of those who belong to none comes last, without a name."""
    side_of, names = sides_by_agency(session, regulation)
    tallies = grouped(heaps, lambda cell: side_of.get(cell.agency, ""))
    rows = [Row(key=code, name=name, tally=tallies.get(code, Tally())) for code, name in names.items()]
    return (*rows, Row(key="", name="", tally=tallies[""])) if "" in tallies else tuple(rows)


def sides_by_agency(session: Session, regulation: Regulation) -> tuple[dict[int, str], dict[str, str]]:
    """(Agency id -> its side's id as a word, side's id -> name): groups with their members, bodies with successors.

    An agency that two sides name belongs to the first.
    """
    bodies = session.exec(select(Agency).where(Agency.office_id == regulation.office_id)).all()
    by_name = {one.name: one for one in bodies}
    members: dict[int, list[int]] = {}
    for pair in session.exec(select(AgencyMember)):
        members.setdefault(pair.group_id, []).append(pair.member_id)
    by_id = {key(one.id): one for one in bodies}
    side_of: dict[int, str] = {}
    names: dict[str, str] = {}
    for side in sides_of(session, key(regulation.id)):
        code = str(side.side.id)
        names[code] = side.name
        waiting = [key(one.id) for one in side.agencies]
        for id_ in waiting:
            side_of.setdefault(id_, code)
            after = [key(by_name[name].id) for name in by_id[id_].successors if name in by_name]
            waiting += [one for one in (*members.get(id_, ()), *after) if one not in waiting]
    return side_of, names
