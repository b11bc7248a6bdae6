"""Reviews compiled: figures, report, workbook, draft of the next notice; signed off by a person; the data behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now, number
from cli.review_showing import compilation_line
from cli.reviews import AsJson, Force, app, group
from cli.writing import write_new
from config.settings import Settings
from config.words import say
from domain.errors import Refusal
from domain.regulations import find_regulation
from domain.reviews.compiling import Compiled, Scope, compile_period, compiled, scope_of_cycle
from domain.reviews.cycles import one_cycle
from domain.reviews.exporting import export_tables, write_csv
from domain.reviews.periods import parse_period
from domain.store import Ledger
from flows.signing import frozen_papers, papers_now, sign_off
from notifications.papers.review_sentences import sentences

__all__ = ["app"]

CompilationNumber = Annotated[int, typer.Argument(parser=number, help=say("review_cli.option.compilation"))]
OutFolder = Annotated[Path, typer.Option("--out", help=say("review_cli.option.folder"))]


@group.command("compile", help=say("review_cli.review.compile.help"))
def compile_(
    cycle: Annotated[int | None, typer.Argument(parser=number, help=say("review_cli.option.cycle"))] = None,
    period: Annotated[str | None, typer.Option("--period", help=say("review_cli.option.period"))] = None,
    regulation: Annotated[str | None, typer.Option("--regulation", help=say("review_cli.option.of"))] = None,
    out: Annotated[Path | None, typer.Option("--out", help=say("review_cli.option.folder"))] = None,
    force: Force = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Compiles a review, or a summary of any period."""
    if (cycle is None) == (period is None):
        raise Refusal("review_cli.refused.cycle_or_period")
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        scope = _scope(change.session, ledger.office_id, cycle, period, regulation)
        made = compile_period(change, scope)
    paths = _write_papers(settings, ledger, made.id, out, now, force=force) if out is not None else []
    if as_json:
        print_json(_as_json(made) | {"files": [str(path) for path in paths]})
        return
    console().print(compilation_line(made.row), markup=False, soft_wrap=True)
    for sentence in sentences(made.figures):
        console().print(f"  {sentence.text}", markup=False, soft_wrap=True)
    _tell(paths)


def _scope(session: Session, office_id: int, cycle: int | None, period: str | None, regulation: str | None) -> Scope:
    if cycle is not None:
        return scope_of_cycle(one_cycle(session, office_id, cycle))
    row = find_regulation(session, office_id, regulation) if regulation else None
    return Scope(parse_period(period or ""), row)


def _as_json(made: Compiled) -> dict[str, object]:
    return {
        "compilation": made.id,
        "version": made.row.version,
        "signed": made.is_signed,
        "digest": made.row.digest,
        "figures": made.row.figures,
        "submissions": made.row.submissions,
    }


@group.command("papers", help=say("review_cli.review.papers.help"))
def papers(compilation: CompilationNumber, out: OutFolder = Path("."), force: Force = False, now: Now = None) -> None:
    """Writes the report, the workbook and the draft of the next notice; of what is signed, what was signed."""
    settings, ledger = office()
    _tell(_write_papers(settings, ledger, compilation, out, now, force=force))


def _write_papers(
    settings: Settings, ledger: Ledger, compilation: int, out: Path, now: str | None, *, force: bool
) -> list[Path]:
    moment = as_of(ledger, now)
    with ledger.look() as session:
        made = compiled(session, ledger.office_id, compilation)
        files = frozen_papers(settings, made) or papers_now(session, settings, made, moment)
    paths = [out / name for name, _ in files.values()]
    if not force and (there := next((path for path in paths if path.exists()), None)):
        raise Refusal("papers_office.refused.there", file=str(there))
    for path, (_, contents) in zip(paths, files.values(), strict=True):
        write_new(path, contents, force=force)
    return paths


def _tell(paths: list[Path]) -> None:
    for path in paths:
        console().print(say("review_cli.review.papers.done", file=str(path)), markup=False, soft_wrap=True)


@group.command("sign", help=say("review_cli.review.sign.help"))
def sign(
    compilation: CompilationNumber,
    note: Annotated[str, typer.Option("--note", help=say("review_cli.option.note"))] = "",
    now: Now = None,
) -> None:
    """Signs a compilation off: its figures and papers are frozen."""
    settings, ledger = office()
    made = sign_off(settings, ledger, compilation, note, as_of(ledger, now), actor())
    console().print(compilation_line(made.row), markup=False, soft_wrap=True)


@group.command("data", help=say("review_cli.review.data.help"))
def data(out: OutFolder = Path("."), as_json: AsJson = False) -> None:
    """Writes everything that the figures are made of as CSV files."""
    _, ledger = office()
    with ledger.look() as session:
        paths = write_csv(out, export_tables(session, ledger.office_id))
    if as_json:
        print_json([str(path) for path in paths])
        return
    _tell(list(paths))
