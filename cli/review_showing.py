"""Reviews and submissions as the terminal shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from sqlmodel import Session

from cli.common import console, print_json
from config.words import say
from domain.instants import iso
from domain.reviews.compiling import compilations
from domain.reviews.cycles import Cycle
from domain.reviews.side_reports import SideReport
from domain.reviews.tables import Compilation
from notifications.wording import deadline_words, moment_words, plain_line

STATES = ("accepted", "submitted", "sent_back", "returned", "draft", "missing")


def print_cycles(
    session: Session, office_id: int, found: Sequence[tuple[Cycle, Sequence[SideReport]]], *, as_json: bool
) -> None:
    """Every review, and every compilation of the whole office."""
    summaries = compilations(session, office_id)
    if as_json:
        print_json(
            {
                "reviews": [_cycle_json(one, rows) for one, rows in found],
                "compilations": [_compilation_json(row) for row in summaries],
            }
        )
        return
    if not found:
        console().print(say("review_cli.review.status.none"), markup=False)
    else:
        names = ("id", "regulation", "period", "due", "reported", "late")
        table = Table(*(say(f"review_cli.review.column.{name}") for name in names))
        for one, rows in found:
            table.add_row(
                str(one.id),
                plain_line(one.regulation.number),
                one.row.span.words(),
                deadline_words(one.row.due_before),
                f"{reported(rows)}/{len(rows)}",
                str(sum(row.is_late for row in rows)),
            )
        console().print(table)
    print_compilations(summaries)


def reported(rows: Sequence[SideReport]) -> int:
    """How many have reported."""
    return sum(row.state in ("submitted", "accepted") for row in rows)


def print_compilations(rows: Sequence[Compilation]) -> None:
    """What was compiled, and what of it is signed."""
    for row in rows:
        console().print(compilation_line(row), markup=False, soft_wrap=True)


def compilation_line(row: Compilation) -> str:
    """One compilation in a line."""
    signed = row.signed_at is not None
    return say(
        "review_cli.compilation.signed" if signed else "review_cli.compilation.draft",
        id=row.id,
        scope=say("review_cli.compilation.office" if row.scope == "office" else "review_cli.compilation.regulation"),
        period=row.period,
        version=row.version,
        at=moment_words(row.compiled_at),
        by=row.signed_by or "",
        signed_at=moment_words(row.signed_at) if row.signed_at else "",
    )


def print_cycle(session: Session, one: Cycle, rows: Sequence[SideReport], *, as_json: bool) -> None:
    """One review: everybody who was asked, and what was compiled of it."""
    made = [row for row in compilations(session, one.row.office_id) if row.cycle_id == one.id]
    if as_json:
        print_json(
            _cycle_json(one, rows)
            | {
                "submissions": [said_of(row) for row in rows],
                "compilations": [_compilation_json(row) for row in made],
            }
        )
        return
    heading = say(
        "review_cli.review.heading",
        id=one.id,
        period=one.row.span.words(),
        regulation=one.regulation.number,
        number=one.conclusion.number,
        due=deadline_words(one.row.due_before),
    )
    console().print(heading, markup=False, soft_wrap=True)
    table = Table(*(say(f"review_cli.review.column.{name}") for name in ("obligation", "side", "agency", "state")))
    for row in rows:
        table.add_row(str(row.id), plain_line(row.side), plain_line(row.agency.name), state_words(row))
    console().print(table)
    print_compilations(made)


def state_words(row: SideReport) -> str:
    """Where one agency's report stands, in words: late where it is."""
    at = moment_words(row.report.effective_at) if row.report else ""
    words = say(f"review_cli.state.{row.state}", at=at, reason=plain_line(row.sent_back))
    return say("review_cli.state.late", words=words) if row.is_late else words


def said_of(row: SideReport) -> dict[str, object]:
    """One agency's report as JSON."""
    submission = row.submission
    return {
        "obligation": row.id,
        "side": row.side,
        "agency": row.agency.name,
        "state": row.state,
        "state_words": state_words(row),
        "late": row.is_late,
        "submitted_at": iso(row.report.effective_at) if row.report else None,
        "version": submission.version if submission else None,
        "texts": dict(submission.texts) if submission else {},
        "figures": dict(submission.figures) if submission else {},
        "files": [file.name for file in row.files],
        "sent_back": row.sent_back,
    }


def _cycle_json(one: Cycle, rows: Sequence[SideReport]) -> dict[str, object]:
    states = Counter(row.state for row in rows)
    return {
        "id": one.id,
        "regulation": one.regulation.number,
        "period": one.row.period,
        "due_before": iso(one.row.due_before),
        "conclusion": one.conclusion.number,
        "asked": len(rows),
        "reported": reported(rows),
        "late": sum(row.is_late for row in rows),
        "states": {state: states[state] for state in STATES},
    }


def _compilation_json(row: Compilation) -> dict[str, object]:
    return {
        "id": row.id,
        "scope": row.scope,
        "period": row.period,
        "version": row.version,
        "review": row.cycle_id,
        "compiled_at": iso(row.compiled_at),
        "signed_at": iso(row.signed_at),
        "signed_by": row.signed_by,
        "digest": row.digest,
    }
