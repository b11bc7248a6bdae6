"""Reading a notice. Imports little, so that it answers at once."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.panel import Panel

from cli.common import console, parse_day, print_json
from config.clock import wall_clock
from config.settings import ROOT, load_settings
from config.words import say
from domain.calendar import WorkingCalendar
from domain.drafts import Draft, DraftDirective, DraftSource
from domain.errors import Refusal
from domain.names import Registry, load_registry
from domain.reading import load_text, read_notice

app = typer.Typer()


def the_reader() -> tuple[Registry, WorkingCalendar, bool]:
    """What reading needs of the office: registry, calendar, and whether "trước ngày X" includes X.

    Without an office the starter registry serves: reading stores nothing, so it needs none.
    """
    settings = load_settings()
    if not settings.database_url and not (settings.home / "dondoc.db").is_file():
        return load_registry(settings.agencies_file or ROOT / "agencies.yaml"), WorkingCalendar(), False
    from domain.agencies import registry_of  # the ledger's libraries take half a second: only where there is one
    from domain.founding import open_ledger
    from domain.offices import working_time

    ledger = open_ledger(settings, wall_clock)
    with ledger.look() as session:
        hours = working_time(session, ledger.office_id)
        return registry_of(session, ledger.office_id), hours.calendar, hours.policy.before_date == "inclusive"


def read_draft(path: Path, number: str | None, issued_on: str | None) -> tuple[Draft, str]:
    """Reads a document into a draft; answers it with the document's text. Raises Refusal for one it cannot read."""
    text = load_text(path)
    registry, calendar, inclusive = the_reader()
    day = parse_day(issued_on) if issued_on else None
    draft = read_notice(
        text, name=path.name, registry=registry, calendar=calendar, number=number, issued_on=day, inclusive=inclusive
    )
    source = DraftSource(name=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), chars=len(text))
    return draft.model_copy(update={"source": source}), text


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


@app.command("read", help=say("cli.read.help"))
def read(
    file: Annotated[Path, typer.Argument(help=say("cli.read.file"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.read.json"))] = False,
    as_text: Annotated[bool, typer.Option("--text", help=say("cli.read.text"))] = False,
    number: Annotated[str | None, typer.Option(help=say("cli.read.number"))] = None,
    issued_on: Annotated[str | None, typer.Option(help=say("cli.read.issued_on"))] = None,
) -> None:
    """Reads a notice and stores nothing."""
    if as_text:
        sys.stdout.write(load_text(file))
        return
    draft, _ = read_draft(file, number, issued_on)
    if not draft.directives:
        raise Refusal("errors.nothing_to_follow", file=file.name)
    if as_json:
        print_json(draft.model_dump(mode="json"))
    else:
        show(draft)


def show(draft: Draft) -> None:
    """The draft as a person checks it: what it is, then each directive with who and by when."""
    unknown = say("cli.read.unknown")
    issued = f"{draft.issued_on:%d/%m/%Y}" if draft.issued_on else unknown
    head = say("cli.read.head", number=draft.number or unknown, issued=issued, place=draft.place or unknown)
    console().print(Panel(escape(draft.title or unknown), title=escape(head), title_align="left"))
    for directive in draft.directives:
        _show_directive(directive)
    for warning in draft.warnings:
        console().print(f"[yellow]! {escape(warning)}[/]")
    console().print(say("cli.read.count", count=len(draft.directives)))


def _show_directive(directive: DraftDirective) -> None:
    kind = say(f"cli.read.authority.{directive.authority or 'none'}")
    mark = "" if directive.tracked else f" · {say('cli.read.for_information')}"
    leads = escape("; ".join(directive.lead)) or say("cli.read.unknown")
    console().print(f"[bold]{escape(directive.path)}[/]  [cyan]{leads}[/]  ({kind}{mark})")
    if directive.cooperating:
        console().print("    " + escape(say("cli.read.cooperating", names="; ".join(directive.cooperating))))
    console().print("    " + escape(" ".join(directive.text.split())[:300]))
    deadline = directive.deadline
    if deadline.due_before or deadline.rrule or deadline.phrase:
        when = deadline.explanation or deadline.phrase or deadline.rrule or ""
        console().print(f"    [green]{escape(say('cli.read.deadline', when=when))}[/]")
    for warning in directive.warnings:
        console().print(f"    [yellow]! {escape(warning)}[/]")
