"""What happens to an obligation: a report, an extension."""

from __future__ import annotations

import hashlib
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cli.at_work import actor, as_of, office
from cli.common import console, parse_day
from cli.following import follow
from config.settings import Settings
from config.words import say
from domain.agencies import agency_names
from domain.errors import Refusal
from domain.instants import at
from domain.life.extensions import extend as extend_deadline
from domain.planning import one_followed
from domain.reports import COMPLETE, KeptFile, Said
from domain.reports import report as take_down
from notifications.wording import deadline_words

app = typer.Typer()
LETTER = re.compile(r"^(?P<number>.+)/(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})$")


@app.command("report", help=say("cli.report.help"))
def report(
    obligation: Annotated[int, typer.Argument(help=say("cli.option.obligation"))],
    note: Annotated[str, typer.Option(help=say("cli.report.note"))],
    done: Annotated[bool, typer.Option("--done", help=say("cli.report.done"))] = False,
    progress: Annotated[int | None, typer.Option(help=say("cli.report.progress"))] = None,
    letter: Annotated[str | None, typer.Option(help=say("cli.report.letter"))] = None,
    attach: Annotated[list[Path] | None, typer.Option(help=say("cli.report.attach"))] = None,
    now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None,
) -> None:
    """Takes down what an agency reported."""
    if done == (progress is not None):
        raise Refusal("errors.done_or_progress")
    if progress is not None and not 0 <= progress < COMPLETE:
        raise Refusal("errors.bad_percent", percent=progress)
    settings, ledger = office()
    moment = as_of(ledger, now)
    number, day = parse_letter(letter) if letter else (None, None)
    files = tuple(keep_file(settings, path) for path in attach or ())
    said = Said(COMPLETE if done else progress or 0, note, actor(), "office", number, day, files)
    with ledger.change(now=moment, actor=actor()) as change:
        row = take_down(change, obligation, said)
        name = agency_names(change.session, ledger.office_id)[row.agency_id]
    console().print(
        say("cli.report.done_line" if done else "cli.report.progress_line", id=obligation, agency=name), markup=False
    )


def parse_letter(words: str) -> tuple[str, date]:
    """123/BC-SNV/08-3-2018 -> the letter's number and date. Raises Refusal for anything else."""
    found = LETTER.match(words.strip())
    if not found:
        raise Refusal("errors.bad_letter", words=words)
    return found["number"], parse_day(found["day"])


def keep_file(settings: Settings, path: Path) -> KeptFile:
    """Copies an attachment into the office's folder before anything is recorded. Raises Refusal if unreadable."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        kept = settings.attachments_folder / digest
        if not kept.exists():
            partial = kept.with_suffix(".part")
            shutil.copyfile(path, partial)
            partial.rename(kept)
        return KeptFile(path.name, digest, path.stat().st_size)
    except OSError as error:
        raise Refusal("errors.no_file", file=path, why=error.strerror or str(error)) from error


@app.command("extend", help=say("cli.extend.help"))
def extend(
    obligation: Annotated[int, typer.Argument(help=say("cli.option.obligation"))],
    last_day: Annotated[str, typer.Option(help=say("cli.extend.last_day"))],
    reason: Annotated[str, typer.Option(help=say("cli.extend.reason"))],
    now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None,
) -> None:
    """Moves the last moment of an obligation; its reminders move along."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    bound = at(parse_day(last_day) + timedelta(days=1))
    with ledger.change(now=moment, actor=actor()) as change:
        extend_deadline(change, obligation, bound, reason)
    console().print(say("cli.extend.line", id=obligation, deadline=deadline_words(bound)), markup=False)
    with ledger.look() as session:
        conclusion = one_followed(session, ledger.office_id, obligation).conclusion
    console().print(follow(settings, ledger, conclusion, moment), markup=False)
