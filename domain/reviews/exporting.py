"""Everything that figures are made of, as plain tables: for CSV files that anybody can count again, and workbooks."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Select, func
from sqlalchemy import select as core_select
from sqlmodel import Session, SQLModel, col

from domain.agencies import Agency, AgencyMember
from domain.conclusions import Conclusion, Directive
from domain.errors import Refusal
from domain.instants import local
from domain.life.extensions import Extension
from domain.life.handing import WorkReturn
from domain.obligations import Obligation
from domain.regulations import Regulation, RegulationSide, SideAgency
from domain.reports import StatusReport
from domain.reviews.figuring import sides_by_agency
from domain.reviews.open_work import last_causes
from domain.reviews.periods import Period
from domain.reviews.population import CARRIED, NAMES, population, window_of

AT_ONCE = 2000  #: rows that are in memory together
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  #: a spreadsheet would take such a text for a formula
Value = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its columns, and its rows as they come from the database."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


#: table -> what it holds, and which of its columns; every row of the office
COLUMNS: Mapping[str, tuple[type[SQLModel], tuple[str, ...]]] = {
    "obligations": (
        Obligation,
        (
            "id",
            "directive_id",
            "agency_id",
            "period",
            "state",
            "assigned_at",
            "came_from",
            "due_before",
            "first_due_before",
            "settled_at",
            "reported_at",
            "closed_at",
            "cancelled_at",
        ),
    ),
    "directives": (
        Directive,
        (
            "id",
            "conclusion_id",
            "path",
            "tracked",
            "kind",
            "field",
            "raised_by",
            "authority",
            "deadline_kind",
            "due_before",
            "rrule",
            "text",
        ),
    ),
    "conclusions": (Conclusion, ("id", "kind", "number", "issued_on", "regulation_id", "withdrawal", "filed_at")),
    "extensions": (
        Extension,
        ("id", "obligation_id", "before", "wished", "asked_at", "decision", "granted", "decided_at", "cause"),
    ),
    "returns": (WorkReturn, ("id", "obligation_id", "at", "decision", "decided_at")),
    "reports": (StatusReport, ("id", "obligation_id", "percent", "effective_at", "cause", "letter_number", "note")),
    "agencies": (Agency, ("id", "name", "kind", "valid_from", "valid_to", "successors")),
    "members": (AgencyMember, ("group_id", "member_id")),
    "regulations": (Regulation, ("id", "number", "issued_on", "title", "term_from", "term_to", "successor_id")),
    "sides": (RegulationSide, ("id", "regulation_id", "place", "name")),
    "side_agencies": (SideAgency, ("side_id", "agency_id")),
}


def export_tables(session: Session, office_id: int) -> Iterator[Table]:
    """Every table that the figures of the office are counted from; instants are ISO with +07:00."""
    for name, (model, columns) in COLUMNS.items():
        yield Table(name, columns, _rows(session, _select(model, columns, office_id)))


def _select(model: type[SQLModel], columns: Sequence[str], office_id: int) -> Select[Any]:
    wanted = [getattr(model, name) for name in columns]
    query: Select[Any] = core_select(*wanted).order_by(*wanted[:2])
    if model in (Extension, WorkReturn, StatusReport):
        query = query.join(Obligation, col(Obligation.id) == model.obligation_id)
        return query.where(col(Obligation.office_id) == office_id)
    if model is Directive:
        query = query.join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        return query.where(col(Conclusion.office_id) == office_id)
    return query.where(model.office_id == office_id) if hasattr(model, "office_id") else query


def _rows(session: Session, query: Select[Any]) -> Iterator[Sequence[Value]]:
    streamed = session.connection().execution_options(yield_per=AT_ONCE).execute(query)
    for row in streamed:
        yield [_plain(value) for value in row]


def _plain(value: object) -> Value:
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def write_csv(folder: Path, tables: Iterable[Table]) -> list[Path]:
    """Writes each table as a file, UTF-8 with its mark. Raises Refusal where the folder cannot be written.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    paths: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in tables:
            path = folder / f"{table.name}.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(table.columns)
                writer.writerows([_harmless(value) for value in row] for row in table.rows)
            paths.append(path)
    except OSError as error:
        raise Refusal("errors.no_file", file=folder, why=error.strerror or str(error)) from error
    return paths


def _harmless(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


class Counted(NamedTuple):
    """One obligation that a period counts, with what put it into each figure."""

    id: int
    number: str  #: of the notice
    issued_on: date
    path: str
    text: str
    kind: str  #: a `drafts.DirectiveKind`
    field: str
    raised_by: str
    agency: str
    side: str  #: the regulation's name for it; empty for none
    carried: bool
    began: datetime
    assigned_at: datetime
    bound: datetime | None  #: first instant that is late, as it stood
    settled: datetime | None
    standing: str  #: a name of `figures.Counts`: done_in_time, done_undated, done_late, in_time, overdue, undated
    days_late: int
    cause: str


def rows_of(
    session: Session, office_id: int, scope: Regulation | None, period: Period, now: datetime
) -> Iterator[Counted]:
    """Every obligation that `figuring.figures_of` counts for the same arguments, in the order of the ledger."""
    window = window_of(session, office_id, scope, period, now)
    work = population(window)
    last = last_causes(window)
    side_of, sides = sides_by_agency(session, scope) if scope else ({}, {})
    query = (
        core_select(
            work,
            col(Conclusion.number),
            col(Conclusion.issued_on),
            col(Directive.path),
            col(Directive.text),
            col(Directive.raised_by),
            col(Agency.name).label("agency"),
            func.coalesce(last.c.cause, "").label("cause"),
        )
        .select_from(work)
        .join(Directive, col(Directive.id) == work.c.directive_id)
        .join(Conclusion, col(Conclusion.id) == work.c.conclusion_id)
        .join(Agency, col(Agency.id) == work.c.agency_id)
        .outerjoin(last, last.c.obligation_id == work.c.id)
        .order_by(work.c.id)
    )
    for row in session.connection().execution_options(yield_per=AT_ONCE).execute(query).mappings():
        yield Counted(
            id=row["id"],
            number=row["number"],
            issued_on=row["issued_on"],
            path=row["path"],
            text=row["text"],
            kind=row["kind"],
            field=row["field"],
            raised_by=row["raised_by"],
            agency=row["agency"],
            side=sides.get(side_of.get(row["agency_id"], ""), ""),
            carried=row["came"] == CARRIED,
            began=local(row["began"]),
            assigned_at=local(row["assigned_at"]),
            bound=local(row["bound"]) if row["bound"] else None,
            settled=local(row["settled"]) if row["settled"] else None,
            standing=NAMES[row["standing"]],
            days_late=row["days_late"],
            cause=row["cause"],
        )
