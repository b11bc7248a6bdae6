"""Filing a notice: read, shown, asked, stored; then its flow is started."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.at_work import actor, as_of, office
from cli.common import console, parse_day
from cli.following import follow
from cli.notices import load_draft, read_draft, show
from config.words import say
from domain.conclusions import Notice, file_notice
from domain.errors import Refusal
from domain.instants import at

app = typer.Typer()


@app.command("file", help=say("cli.file.help"))
def file_(
    file: Annotated[Path, typer.Argument(help=say("cli.file.file"))],
    yes: Annotated[bool, typer.Option("--yes", help=say("cli.file.yes"))] = False,
    now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None,
    track_from: Annotated[str | None, typer.Option(help=say("cli.file.track_from"))] = None,
    number: Annotated[str | None, typer.Option(help=say("cli.read.number"))] = None,
    issued_on: Annotated[str | None, typer.Option(help=say("cli.read.issued_on"))] = None,
) -> None:
    """Files a confirmed notice: read, shown, asked, stored; then its flow is started."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    start = at(parse_day(track_from)) if track_from else None
    if file.suffix.lower() == ".json":
        draft, text = load_draft(file), None
    else:
        draft, text = read_draft(file, number, issued_on)
        if not draft.directives:
            raise Refusal("errors.nothing_to_follow", file=file.name)
        if not yes:
            show(draft)
            _ask()
    with ledger.change(now=moment, actor=actor()) as change:
        filed = file_notice(change, Notice(draft, text, start))
    words = "cli.file.filed" if filed.is_new else "cli.file.there"
    console().print(
        say(words, number=filed.conclusion.number, id=filed.conclusion.id, obligations=filed.obligations), markup=False
    )
    console().print(follow(settings, ledger, filed.conclusion, moment), markup=False)


def _ask() -> None:
    """Asks the person to confirm what was read. Raises Refusal where nobody can answer, Abort for a no."""
    if not sys.stdin.isatty():
        raise Refusal("errors.needs_yes")
    typer.confirm(say("cli.file.confirm"), abort=True)
