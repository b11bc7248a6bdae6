"""How a message looks, before anybody gets one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pendulum
import typer
from rich.markup import escape

from cli.common import console, print_json
from config.clock import wall_clock
from config.settings import Settings, load_settings
from config.words import say
from domain.errors import Refusal
from domain.founding import open_ledger
from domain.moments import FOR_OFFICE, Kind
from domain.offices import the_office
from notifications.messages import Setting
from notifications.outbox import LINK
from notifications.previewing import preview

app = typer.Typer()
message_app = typer.Typer(help=say("preview.help"), no_args_is_help=True)
app.add_typer(message_app, name="message")
SAMPLE = pendulum.datetime(2026, 4, 17, 8, tz="Asia/Ho_Chi_Minh")
SAMPLE_LINK = "https://vanphong.example/a/12-AbCd"


@message_app.command("preview", help=say("preview.preview"))
def show(
    kind: Annotated[str, typer.Argument(help=say("preview.kind"))],
    language: Annotated[Literal["vi", "en"], typer.Option(help=say("preview.language"))] = "vi",
    form: Annotated[Literal["text", "html", "chat"], typer.Option(help=say("preview.form"))] = "text",
    count: Annotated[int, typer.Option(min=1, max=500, help=say("preview.count"))] = 1,
    request: Annotated[bool, typer.Option("--request", help=say("preview.request"))] = False,
    into: Annotated[Path | None, typer.Option("--into", help=say("preview.into"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    """One kind of message about made-up work, with the office's own templates."""
    if kind not in list(Kind):
        raise Refusal("preview.refused.no_kind", kind=kind[:40], kinds=", ".join(Kind))
    setting = _setting(load_settings(), language, Kind(kind))
    made = preview(Kind(kind), setting, count=count, request=request)
    whole = {"text": made.text, "html": made.html, "chat": made.brief}[form].replace(LINK, SAMPLE_LINK)
    if into is not None:
        _write(into, whole)
        return
    if as_json:
        facts = {name: value.replace(LINK, SAMPLE_LINK) for name, value in made.facts.items()}
        print_json({"kind": made.kind, "subject": made.subject, form: whole, "facts": facts})
        return
    console().print(escape(f"{say('preview.subject')}: {made.subject}\n"))
    console().print(escape(whole), soft_wrap=True)


def _write(path: Path, whole: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(whole)
    except OSError as error:
        raise Refusal("preview.refused.not_written", file=str(path), why=error.strerror or "") from error
    console().print(say("preview.written", file=escape(str(path))))


def _setting(settings: Settings, language: str, kind: Kind) -> Setting:
    for_office = kind in FOR_OFFICE
    who = say("messages.whom", language=language, name=say("outlook.role.owner"), address=settings.mail_from)
    return Setting(
        office=_name(settings),
        now=SAMPLE,
        language=language,
        answers=not for_office,
        whom_to_ask="" if for_office else who,
        pages=settings.base_url,
        templates=settings.templates_folder,
    )


def _name(settings: Settings) -> str:
    """The office's own name, where there is an office."""
    try:
        ledger = open_ledger(settings, wall_clock)
    except Refusal:  # a preview needs no office
        return say("cli.init.default_name")
    with ledger.look() as session:
        return the_office(session, ledger.office_id).name
