"""Replays: documents live through their days in an office of their own; and the demo, a replay with a cast."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pendulum import DateTime
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli.common import console, waiting
from cli.notices import load_draft, read_draft
from config.clock import wall_clock
from config.settings import HOME_VARIABLE, Settings, load_settings
from config.words import say
from domain.errors import Refusal
from domain.filing import Notice
from domain.founding import found_office
from domain.instants import local
from domain.store import Ledger
from domain.written import parse_moment
from flows.server import free_port, running_server

if TYPE_CHECKING:
    from flows.replay import Event

app = typer.Typer()


@app.command("replay", help=say("cli.replay.help"))
def replay(
    from_: Annotated[str, typer.Option("--from", help=say("cli.replay.from"))],
    until: Annotated[str, typer.Option("--until", help=say("cli.replay.until"))],
    into: Annotated[Path, typer.Option("--into", help=say("cli.replay.into"))],
    files: Annotated[list[Path] | None, typer.Argument(help=say("cli.replay.files"))] = None,
) -> None:
    """Makes a simulated office and runs every slot of a stretch of time."""
    since, end = parse_moment(from_), end_of(until)
    if since >= end:
        raise Refusal("errors.backwards", since=from_, until=until)
    notices = {path.name: load_notice(path) for path in files or ()}
    settings, ledger = simulated_office(into, since)
    with prefect_for(settings):
        from flows.replay import filing

        events = [filing(notice, since, say("cli.replay.filing", name=name)) for name, notice in notices.items()]
        live(settings, ledger, events, since, end)
    console().print(say("cli.replay.done", folder=shlex.quote(str(settings.home))), soft_wrap=True)


def end_of(words: str) -> DateTime:
    """A day means all of it; a moment means itself."""
    moment = parse_moment(words)
    return moment if "T" in words or ":" in words else moment.end_of("day")


def load_notice(path: Path) -> Notice:
    """A document or a draft, ready to be filed. Raises Refusal for one with nothing to follow."""
    draft, text = (load_draft(path), None) if path.suffix.lower() == ".json" else read_draft(path, None, None)
    if not draft.directives:
        raise Refusal("errors.nothing_to_follow", file=path.name)
    return Notice(draft, text)


def simulated_office(into: Path, since: DateTime) -> tuple[Settings, Ledger]:
    """A new simulated office in a folder of its own. Raises Refusal when the folder holds something already."""
    folder = into.expanduser().resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal("errors.folder_in_use", folder=folder)
    os.environ[HOME_VARIABLE] = str(folder)
    os.environ["DONDOC_PREFECT_PORT"] = str(free_port())
    os.environ.pop("DONDOC_PREFECT_API_URL", None)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "simulated").touch()
    except OSError as error:
        raise Refusal("errors.home_unwritable", home=folder, why=error.strerror or str(error)) from error
    settings = load_settings(home=folder)
    ledger, _ = found_office(settings, wall_clock, name=say("cli.init.default_name"), simulated=True, now=since)
    return settings, ledger


@contextmanager
def prefect_for(settings: Settings) -> Iterator[None]:
    """A Prefect server for as long as the replay lasts, with the wait shown."""
    settings.point_prefect_here()
    os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
    with waiting(say("cli.up.starting")) as status:
        server = running_server(settings, lambda spent: status.update(say("cli.up.waiting", seconds=int(spent))))
        server.__enter__()
    try:
        yield
    finally:
        with console().status(say("cli.replay.stopping")):
            server.__exit__(None, None, None)


def live(settings: Settings, ledger: Ledger, events: list[Event], since: DateTime, until: DateTime) -> None:
    """Runs the replay with a bar that shows which day it is."""
    from flows.replay import replay as run_replay

    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console()
    ) as bar:
        task = bar.add_task(say("cli.replay.preparing"), total=None)

        def watch(event: Event, done: int, total: int) -> None:
            words = say("cli.replay.day", moment=f"{local(event.at):%H:%M %d/%m/%Y}")
            bar.update(task, description=words, completed=done, total=total)
            if event.name:
                bar.console.print(
                    say("cli.replay.event", moment=f"{local(event.at):%H:%M %d/%m/%Y}", name=event.name), markup=False
                )

        run_replay(settings, ledger, events, since=since, until=until, watch=watch)
        bar.update(task, description=say("cli.replay.lived"), completed=1, total=1)


@app.command("demo", help=say("cli.demo.help"))
def demo(
    into: Annotated[Path | None, typer.Option("--into", help=say("cli.demo.into"))] = None,
    serve: Annotated[bool, typer.Option("--serve", help=say("cli.demo.serve"))] = False,
) -> None:
    """A made-up notice lives through its month: one agency in time, one late, one silent."""
    from cli.demonstration import play

    folder = (into or load_settings().home / "demo").expanduser().resolve()
    if (folder / "simulated").is_file():  # an earlier demo or replay of ours: made anew
        shutil.rmtree(folder)
    play(folder, serve=serve)
