"""Reading a notice. Imports little, so that it answers at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.panel import Panel

from cli.common import console, print_json
from cli.showing import directive_block, summary
from config.clock import wall_clock
from config.settings import ROOT, Settings, load_settings
from config.words import say
from domain import reading
from domain.calendar import WorkingCalendar
from domain.desk import Reader, draft_of
from domain.drafts import Draft
from domain.errors import Refusal
from domain.names import load_registry
from domain.written import parse_day

app = typer.Typer()


def has_office(settings: Settings) -> bool:
    """Whether an office may be there: a ledger in the home folder, or a database that is set."""
    return bool(settings.database_url) or (settings.home / "dondoc.db").is_file()


def the_reader() -> Reader:
    """The office as a reader. Without one the starter registry serves: reading stores nothing, so it needs none."""
    settings = load_settings()
    if not has_office(settings):
        return Reader(load_registry(settings.agencies_file or ROOT / "agencies.yaml"), WorkingCalendar(), False)
    from domain.agencies import registry_of  # the ledger's libraries take half a second: only where there is one
    from domain.founding import open_ledger
    from domain.offices import working_time

    ledger = open_ledger(settings, wall_clock)
    with ledger.look() as session:
        hours = working_time(session, ledger.office_id)
        registry = registry_of(session, ledger.office_id)
    return Reader(registry, hours.calendar, hours.policy.before_date == "inclusive")


def read_draft(path: Path, number: str | None, issued_on: str | None, *, ocr: bool = False) -> tuple[Draft, str]:
    """Reads a document into a draft; answers it with the document's text. Raises Refusal for one it cannot read.

    Number and day are the caller's, else the text's, else those that stand outside the text, in a signature.
    """
    day = parse_day(issued_on) if issued_on else None
    document = reading.load_document(path, ocr=ocr, meanwhile=_get_ready)
    return draft_of(document, the_reader(), number, day), document.text


def _get_ready() -> None:
    """Imports what reads: it takes about as long as another process takes to open a PDF."""
    _ = reading.read_notice


def load_draft(path: Path) -> Draft:
    """A draft from JSON. Raises Refusal that names the field that is wrong."""
    try:
        contents = path.read_bytes()
        if b"\\u0000" in contents or b"\0" in contents:
            raise Refusal("errors.bad_draft", file=path.name, where="\\u0000", why=say("cli.read.no_text"))
        return Draft.model_validate_json(contents)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "JSON"
        raise Refusal("errors.bad_draft", file=path.name, where=where, why=first["msg"]) from error
    except OSError as error:
        raise Refusal("errors.no_file", file=path, why=error.strerror or str(error)) from error


def save_draft(draft: Draft, path: Path) -> None:
    """Writes a draft for a person to correct. Raises Refusal rather than write over a file that is there."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(draft.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n")
    except FileExistsError as error:
        raise Refusal("errors.file_there", file=path) from error
    except OSError as error:
        raise Refusal("errors.file_unwritable", file=path, why=error.strerror or str(error)) from error


@app.command("read", help=say("cli.read.help"))
def read(
    file: Annotated[Path, typer.Argument(help=say("cli.read.file"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.read.json"))] = False,
    as_text: Annotated[bool, typer.Option("--text", help=say("cli.read.text"))] = False,
    number: Annotated[str | None, typer.Option(help=say("cli.read.number"))] = None,
    issued_on: Annotated[str | None, typer.Option(help=say("cli.read.issued_on"))] = None,
    ocr: Annotated[bool, typer.Option("--ocr", help=say("cli.read.ocr"))] = False,
    save: Annotated[Path | None, typer.Option("--save-draft", help=say("cli.read.save_draft"))] = None,
) -> None:
    """Reads a notice and stores nothing."""
    if as_text:
        sys.stdout.write(reading.load_document(file, ocr=ocr).text)
        return
    draft, text = read_draft(file, number, issued_on, ocr=ocr)
    if not draft.directives:
        raise Refusal("errors.nothing_to_follow", file=file.name)
    if save:
        save_draft(draft, save)
    if as_json:
        print_json(draft.model_dump(mode="json"))
        return
    show_text(text, draft)
    show(draft)
    if save:
        console().print(say("cli.read.saved", file=save), markup=False, soft_wrap=True)


def show_text(text: str, draft: Draft) -> None:
    """The notice's text with what was found marked in it."""
    from cli.marked import print_marked
    from domain.marking import marks

    print_marked(console(), text, marks(text, draft, the_reader().registry))


def show(draft: Draft) -> None:
    """The draft as a person checks it: what it is, then each directive with who and by when."""
    unknown = say("cli.read.unknown")
    issued = f"{draft.issued_on:%d/%m/%Y}" if draft.issued_on else unknown
    head = say("cli.read.head", number=draft.number or unknown, issued=issued, place=draft.place or unknown)
    console().print(Panel(escape(draft.title or unknown), title=escape(head), title_align="left"))
    for directive in draft.directives:
        console().print(*directive_block(directive), sep="\n")
    for warning in draft.warnings:
        console().print(f"[yellow]! {escape(warning)}[/]")
    console().print(summary(draft), markup=False)
