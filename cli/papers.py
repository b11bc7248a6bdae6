"""Papers to sign or to lay on the table: the official reminder letter, and the sheet of the Monday meeting."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.at_work import as_of, office
from cli.common import console, print_json
from cli.naming import Now
from cli.writing import write_new
from config.words import say
from domain.agencies import find_agency
from domain.errors import Refusal
from notifications.papers.reminder import reminder_letter
from notifications.papers.week import week_of
from notifications.papers.weekly import weekly_book, weekly_name, weekly_paper

app = typer.Typer()
Force = Annotated[bool, typer.Option("--force", help=say("papers_office.cli.force"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("cli.option.json"))]


@app.command("letter", help=say("papers_office.cli.letter"))
def letter(
    agency: Annotated[str, typer.Argument(help=say("papers_office.cli.agency"))],
    out: Annotated[Path | None, typer.Option("--out", help=say("papers_office.cli.out"))] = None,
    force: Force = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Drafts the letter about what is overdue at an agency."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.look() as session:
        body = find_agency(session, ledger.office_id, agency)
        draft = reminder_letter(session, ledger.office_id, body, moment, settings.letters_folder)
    path = out / draft.name if out is not None and out.is_dir() else out or Path(draft.name)
    write_new(path, draft.contents, force=force)
    if as_json:
        print_json({"file": str(path), "agency": body.name, "obligations": list(draft.works)})
        return
    words = say("papers_office.cli.letter_made", file=str(path), count=len(draft.works), agency=body.name)
    console().print(words, markup=False, soft_wrap=True)


@app.command("weekly", help=say("papers_office.cli.weekly"))
def weekly(
    out: Annotated[Path, typer.Option("--out", help=say("papers_office.cli.folder"))] = Path("."),
    kind: Annotated[Literal["docx", "xlsx", "both"], typer.Option("--format", help=say("papers_office.cli.format"))] = (
        "both"
    ),
    force: Force = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Makes the sheet of the week."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    made: dict[str, bytes] = {}
    with ledger.look() as session:
        week = week_of(session, ledger.office_id, moment)
        if kind in ("docx", "both"):
            made["docx"] = weekly_paper(session, ledger.office_id, week, moment, settings.letters_folder)
    if kind in ("xlsx", "both"):
        made["xlsx"] = weekly_book(week)
    paths = {form: out / weekly_name(week.monday, form) for form in made}
    if not force and (there := next((path for path in paths.values() if path.exists()), None)):
        raise Refusal("papers_office.refused.there", file=str(there))
    for form, path in paths.items():
        write_new(path, made[form], force=force)
    if as_json:
        counts = {name: len(rows) for name, rows in week.sections} | {"notices": week.notices}
        print_json({"files": [str(path) for path in paths.values()], "week": week.monday.isoformat(), **counts})
        return
    for path in paths.values():
        console().print(say("papers_office.cli.weekly_made", file=str(path)), markup=False, soft_wrap=True)
