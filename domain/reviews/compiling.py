"""Compiling a review or a summary: the figures of its period and what the sides submitted, kept until it is signed.

What is signed is frozen, with the papers that were made of it; compiling again makes the next version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlmodel import Session, col, select

from domain.errors import Refusal
from domain.instants import local
from domain.keys import key
from domain.regulations import Regulation, one_regulation
from domain.reports import KeptFile
from domain.reviews.cycles import Cycle
from domain.reviews.figures import PeriodFigures
from domain.reviews.figuring import figures_of
from domain.reviews.periods import Period, parse_period
from domain.reviews.side_reports import SideReport, side_reports
from domain.reviews.tables import Compilation
from domain.store import Change

OFFICE = "office"  #: the scope of a summary of everything


class SideSaid(BaseModel):
    """What one agency submitted for a review, as it was compiled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    side: str
    agency: str
    obligation: int
    state: str  #: `SideReport.state`
    late: bool
    submitted_at: AwareDatetime | None
    version: int | None
    who: str
    letter: str  #: number of the letter that carried it
    texts: dict[str, str]  #: section's code -> text
    figures: dict[str, str]  #: figure's code -> decimal number
    note: str  #: of a report that came without a form
    files: tuple[str, ...]  #: their names


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked back upon: one regulation (with the review that asked its sides), or the whole office."""

    period: Period
    regulation: Regulation | None = None
    cycle: Cycle | None = None

    @property
    def code(self) -> str:
        """How it is kept."""
        return f"regulation:{self.regulation.id}" if self.regulation else OFFICE


def scope_of_cycle(cycle: Cycle) -> Scope:
    """What a review looks back upon. Raises Refusal for one whose request was undone."""
    if cycle.conclusion.withdrawal:
        raise Refusal("errors.withdrawn_already", number=cycle.conclusion.number)
    return Scope(cycle.row.span, cycle.regulation, cycle)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compilation with its parts read back."""

    row: Compilation
    figures: PeriodFigures
    said: tuple[SideSaid, ...]

    @property
    def id(self) -> int:
        """The compilation's."""
        return key(self.row.id)

    @property
    def period(self) -> Period:
        """The days it looks back upon."""
        return parse_period(self.row.period)

    @property
    def is_signed(self) -> bool:
        """Whether it is frozen."""
        return self.row.signed_at is not None


def compile_period(change: Change, scope: Scope) -> Compiled:
    """Compiles as of `change.now`: a draft takes the place of the draft before it, what was signed gets a next version.

    Raises Refusal for a period that has not begun.
    """
    if scope.period.begin > change.now:
        raise Refusal("reviews.refused.not_begun", period=scope.period.code)
    figures = figures_of(change.session, change.office_id, scope.regulation, scope.period, change.now)
    said = _said(change, scope)
    last = latest(change.session, change.office_id, scope.code, scope.period)
    is_draft = last is not None and last.signed_at is None
    row = last if last is not None and is_draft else _new(change, scope, last.version + 1 if last else 1)
    row.figures = figures.model_dump(mode="json")
    row.submissions = [one.model_dump(mode="json") for one in said]
    row.digest = _digest(row.figures, row.submissions)
    row.compiled_by, row.compiled_at = change.actor, change.now
    row.cycle_id = scope.cycle.id if scope.cycle else None
    change.session.add(row)
    change.session.flush()
    change.record(
        "review.compiled",
        f"compilation:{row.id}",
        scope=row.scope,
        period=row.period,
        version=row.version,
        digest=row.digest,
    )
    return Compiled(row, figures, tuple(said))


def _new(change: Change, scope: Scope, version: int) -> Compilation:
    return Compilation(
        office_id=change.office_id,
        scope=scope.code,
        period=scope.period.code,
        version=version,
        figures={},
        submissions=[],
        digest="",
        compiled_by=change.actor,
        compiled_at=change.now,
    )


def _said(change: Change, scope: Scope) -> list[SideSaid]:
    if scope.cycle is None:
        return []
    return [_one_said(one) for one in side_reports(change.session, scope.cycle.row, change.now)]


def _one_said(one: SideReport) -> SideSaid:
    """A draft that nobody submitted, and a submission that was sent back, say nothing yet."""
    report = one.report
    submission = one.submission if report is not None and one.submission else None
    counts = submission if submission and report and submission.report_id == report.id else None
    return SideSaid(
        side=one.side,
        agency=one.agency.name,
        obligation=one.id,
        state=one.state,
        late=one.is_late,
        submitted_at=local(report.effective_at) if report else None,
        version=counts.version if counts else None,
        who=report.who if report else "",
        letter=report.letter_number or "" if report else "",
        texts=dict(counts.texts) if counts else {},
        figures=dict(counts.figures) if counts else {},
        note=report.note if report and not counts else "",
        files=tuple(file.name for file in one.files) if report else (),
    )


def _digest(figures: Mapping[str, object], submissions: Sequence[Mapping[str, object]]) -> str:
    said = json.dumps([figures, submissions], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def sign(change: Change, compilation_id: int, note: str, papers: Mapping[str, KeptFile], seen: str = "") -> Compiled:
    """Signs a compilation off, with the papers that were made of it: from now on nothing of it changes.

    `seen` is the digest of what the person looked at. Raises Refusal for one that is signed already, and where it was
    compiled again meanwhile: nobody signs figures that they have not seen.
    """
    found = compiled(change.session, change.office_id, compilation_id)
    row = found.row
    if row.signed_at is not None:
        by = row.signed_by or ""
        raise Refusal("reviews.refused.signed", version=row.version, by=by, day=f"{local(row.signed_at):%d/%m/%Y}")
    if seen and seen != row.digest:
        raise Refusal("reviews.refused.compiled_again", version=row.version)
    row.signed_by, row.signed_at, row.note = change.actor, change.now, note.strip()
    row.papers = {name: {"name": file.name, "sha256": file.sha256, "size": file.size} for name, file in papers.items()}
    change.session.add(row)
    change.record(
        "review.signed",
        f"compilation:{row.id}",
        version=row.version,
        digest=row.digest,
        note=row.note,
        papers={name: file.sha256 for name, file in papers.items()},
    )
    return Compiled(row, found.figures, found.said)


def compiled(session: Session, office_id: int, compilation_id: int) -> Compiled:
    """A compilation by its id. Raises Refusal for none."""
    row = session.get(Compilation, compilation_id)
    if row is None or row.office_id != office_id:
        raise Refusal("reviews.refused.no_compilation", id=compilation_id)
    return as_compiled(row)


def as_compiled(row: Compilation) -> Compiled:
    """A row with its parts read back."""
    said = tuple(SideSaid.model_validate(one) for one in row.submissions)
    return Compiled(row, PeriodFigures.model_validate(row.figures), said)


def compilations(session: Session, office_id: int, *conditions: object) -> list[Compilation]:
    """Every compilation, the newest first."""
    query = select(Compilation).where(Compilation.office_id == office_id, *conditions)  # type: ignore[arg-type]
    return list(session.exec(query.order_by(col(Compilation.compiled_at).desc(), col(Compilation.id).desc())))


def latest(session: Session, office_id: int, scope: str, period: Period) -> Compilation | None:
    """The last version of a scope's period."""
    query = select(Compilation).where(
        Compilation.office_id == office_id, Compilation.scope == scope, Compilation.period == period.code
    )
    return session.exec(query.order_by(col(Compilation.version).desc())).first()


def scope_of(session: Session, row: Compilation, cycle: Cycle | None = None) -> Scope:
    """What a compilation looks back upon."""
    number = row.scope.partition(":")[2]
    regulation = one_regulation(session, row.office_id, int(number)) if number else None
    return Scope(parse_period(row.period), regulation, cycle)
