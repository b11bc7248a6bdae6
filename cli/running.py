"""Running: the Prefect server and runner, a round by hand, reconcile."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.status import Status

from cli.at_work import as_of, office
from cli.common import console, waiting
from cli.serving import LOG, has_accounts, serving_pages
from config.clock import wall_clock
from config.logs import log_to_file
from config.settings import Settings, load_settings
from config.words import say, say_with
from domain.errors import Refusal
from domain.founding import found_office
from domain.offices import the_office
from domain.sending import Mode
from domain.store import Ledger
from flows.server import prefect_answers, running, running_server

app = typer.Typer()


class Stopped(Exception):
    """Somebody asked `dondoc up` to stop."""


@app.command("up", help=say("cli.up.help"))
def up() -> None:
    """Starts server and runner on loopback, and stops them together."""
    settings = load_settings()
    ledger, made = found_office(settings, wall_clock, name=say("cli.init.default_name"))
    log_to_file(settings)
    if made:
        console().print(say("cli.init.made", home=settings.home))
    signal.signal(signal.SIGTERM, _stop)
    try:
        with _alone(settings), ExitStack() as stack:
            _serve(settings, ledger, stack)
    except (KeyboardInterrupt, Stopped):
        console().print(say("cli.up.stopped"))


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped


def _serve(settings: Settings, ledger: Ledger, stack: ExitStack) -> None:
    settings.point_prefect_here()
    with waiting(say("cli.up.starting")) as status:
        if not settings.prefect_api_url:
            stack.enter_context(running_server(settings, lambda spent: _tell(status, spent)))
        with ledger.look() as session:
            simulated = the_office(session, ledger.office_id).simulated
        runner = None
        if not simulated:
            runner = stack.enter_context(running(settings, ["-m", "flows.deployments"], "prefect-runner.log"))
            _wait_for_deployments(settings, runner)
        pages = stack.enter_context(serving_pages(settings))
    console().print(say("cli.up.ready", ui=settings.prefect_ui, home=settings.home))
    console().print(say("cli.up.pages", address=settings.base_url), soft_wrap=True)
    if not has_accounts(ledger):
        console().print(say("cli.up.no_account"))
    console().print(say("cli.up.simulated" if simulated else "cli.up.stop"))
    _watch(settings, runner, pages)


def _tell(status: Status, spent: float) -> None:
    status.update(say("cli.up.waiting", seconds=int(spent)))


def _wait_for_deployments(settings: Settings, runner: subprocess.Popen[bytes]) -> None:
    """Until the runner says that it is about to work, in a file of its own."""
    ready = settings.home / "runner.ready"
    while not ready.exists():
        if runner.poll() is not None:
            raise Refusal("errors.runner_start", log=settings.logs_folder / "prefect-runner.log")
        time.sleep(0.2)


def _watch(settings: Settings, runner: subprocess.Popen[bytes] | None, pages: subprocess.Popen[bytes]) -> None:
    """Waits until somebody stops us; a runner or pages that die alone are an error that is said."""
    while runner is None or runner.poll() is None:
        if pages.poll() is not None:
            raise Refusal("errors.web_died", log=settings.logs_folder / LOG)
        time.sleep(1)
    raise Refusal("errors.runner_died", log=settings.logs_folder / "prefect-runner.log")


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One `up` for one home."""
    settings.locks_folder.mkdir(parents=True, exist_ok=True)
    (settings.home / "runner.ready").unlink(missing_ok=True)
    with open(settings.locks_folder / "up.lock", "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("errors.already_up", home=settings.home) from None
        yield


@app.command("round", help=say("cli.round.help"))
def round_(now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None) -> None:
    """Holds a round at once."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    settings.point_prefect_here()
    from flows.checkpoint_round import checkpoint_round, round_name
    from flows.desk import desk_at
    from flows.holding import figures, hold_without_prefect

    desk = desk_at(settings, ledger, moment)
    with ledger.look() as session:
        stopped = the_office(session, ledger.office_id).sending == Mode.STOPPED
    if stopped:
        console().print(say("cli.round.stopped"))
        return
    if not desk.hours.is_open(moment):
        console().print(say("cli.round.closed", slot=f"{desk.hours.next_slot(moment):%H:%M %d/%m/%Y}"))
        return
    if not desk.simulated and prefect_answers(settings):
        held = checkpoint_round.with_options(flow_run_name=round_name(moment))(slot=moment, now=moment)
    else:
        held = figures(*hold_without_prefect(desk))
    console().print(say_with("cli.round.held", held))


@app.command("reconcile", help=say("cli.reconcile.help"))
def reconcile(now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None) -> None:
    """Compares the ledger with Prefect, and schedules again whatever Prefect has lost."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    if not prefect_answers(settings):
        raise Refusal("errors.prefect_down", api=settings.prefect_api)
    settings.point_prefect_here()
    from flows.desk import desk_at
    from flows.reconcile import mend

    made = mend(desk_at(settings, ledger, moment))
    console().print(say("cli.reconcile.done", conclusions=made["conclusions"], rounds=made["rounds"]))
