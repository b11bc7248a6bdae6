"""Linting a draft before it is signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.padding import Padding

from cli.common import console, print_json
from cli.notices import has_office, load_draft, the_reader
from config.clock import wall_clock
from config.settings import load_settings
from config.words import say, say_with
from domain.desk import draft_of
from domain.drafts import Draft
from domain.errors import Refusal
from domain.linting import Desk, Finding, Severity, lint
from domain.reading import load_document
from domain.written import parse_day

app = typer.Typer()
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
FOUND = 1  #: exit code of --strict where something was found


@app.command("lint", help=say("cli.lint.help"))
def lint_(
    file: Annotated[Path, typer.Argument(help=say("cli.lint.file"))],
    issued_on: Annotated[str | None, typer.Option(help=say("cli.lint.issued_on"))] = None,
    strict: Annotated[bool, typer.Option("--strict", help=say("cli.lint.strict"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
    ocr: Annotated[bool, typer.Option("--ocr", help=say("cli.read.ocr"))] = False,
) -> None:
    """Says what nobody will be able to follow up, while it can still be written otherwise."""
    draft, text, signed_on = _draft(file, parse_day(issued_on) if issued_on else None, ocr=ocr)
    reader = the_reader()
    found = lint(draft, Desk(reader.registry, reader.calendar, signed_on, _due()), text)
    if not draft.directives and not found:
        raise Refusal("errors.nothing_to_follow", file=file.name)
    if as_json:
        print_json([one.as_json() for one in found])
    else:
        _show(file, draft, found, signed_on)
    raise typer.Exit(FOUND if strict and found else 0)


def _draft(file: Path, given: date | None, *, ocr: bool) -> tuple[Draft, str | None, date]:
    """The draft, its text where there is one, and the day it is to be signed: given, else its own, else today."""
    if file.suffix.lower() == ".json":
        draft = load_draft(file)
        return draft, None, given or draft.issued_on or wall_clock().date()
    document, reader = load_document(file, ocr=ocr), the_reader()
    draft = draft_of(document, reader, None, given)
    if draft.issued_on is None:  # periods run from the day of signing, so it is read as if signed today
        draft = draft_of(document, reader, None, wall_clock().date())
    return draft, document.text, draft.issued_on or wall_clock().date()


def _due() -> Mapping[tuple[str, date], int]:
    """What agencies have due already, where there is an office."""
    settings = load_settings()
    if not has_office(settings):
        return {}
    from domain.founding import open_ledger  # the ledger's libraries take half a second: only where there is one
    from domain.linting.due import due_by_week

    ledger = open_ledger(settings, wall_clock)
    with ledger.look() as session:
        return due_by_week(session, ledger.office_id)


def _show(file: Path, draft: Draft, found: list[Finding], signed_on: date) -> None:
    console().print(say("lint.title", name=file.name, day=f"{signed_on:%d/%m/%Y}"), markup=False)
    if not found:
        console().print(say("lint.clean", count=len(draft.directives)), markup=False)
        return
    for alike in _grouped(found):
        _show_alike(alike)
    counts = Counter(one.severity for one in found)
    figures = {"count": len(draft.directives)} | {f"{severity}s": counts[severity] for severity in Severity}
    console().print(say_with("lint.count", figures), markup=False)


def _grouped(found: Iterable[Finding]) -> list[list[Finding]]:
    """What is said of several items at once stands once, at the first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.message, one.advice), []).append(one)
    return list(groups.values())


def _show_alike(alike: list[Finding]) -> None:
    first = alike[0]
    paths = ", ".join(dict.fromkeys(one.path for one in alike))
    where = say("lint.item", path=paths) if first.path else say("lint.whole")
    severity = say(f"lint.severity.{first.severity}")
    console().print(f"[{COLOURS[first.severity]}]{severity}[/] · [bold]{escape(where)}[/] · {escape(first.message)}")
    console().print(Padding(escape(f"→ {first.advice}"), (0, 0, 0, 4), expand=False))
