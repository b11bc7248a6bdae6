"""The Prefect server and the runner as processes of ours: started on loopback, and gone when we go."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from config.settings import LOCAL_HOST, Settings
from domain.errors import Refusal

START_PATIENCE = 120.0  #: seconds; the first start makes Prefect's database (about 20 s of CPU)
STOP_PATIENCE = 10.0  #: seconds between asking a process to stop and killing it
GLANCE = 2.0  #: seconds that a health check may take
PR_SET_PDEATHSIG = 1  #: Linux prctl: a signal for the child when its parent dies


def prefect_answers(settings: Settings) -> bool:
    """Whether a Prefect server answers at this office's address."""
    try:
        with urllib.request.urlopen(f"{settings.prefect_api}/health", timeout=GLANCE) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((LOCAL_HOST, 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether we could listen on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCAL_HOST, port))
        except OSError:
            return False
        return True


@contextmanager
def running_server(settings: Settings, waiting: Callable[[float], None] = lambda _: None) -> Iterator[None]:
    """A Prefect server on `settings.prefect_port`, for as long as the block lasts. `waiting` hears the seconds waited.

    Raises Refusal when the port is taken or the server does not come up.
    """
    if not port_is_free(settings.prefect_port):
        raise Refusal("errors.port_taken", port=settings.prefect_port)
    command = ["-m", "prefect", "server", "start", "--host", LOCAL_HOST, "--port", str(settings.prefect_port)]
    with running(settings, command, "prefect-server.log") as process:
        _wait_until_up(settings, process, waiting)
        yield


def _wait_until_up(settings: Settings, process: subprocess.Popen[bytes], waiting: Callable[[float], None]) -> None:
    started = time.monotonic()
    while not prefect_answers(settings):
        spent = time.monotonic() - started
        if process.poll() is not None or spent > START_PATIENCE:
            raise Refusal("errors.prefect_start", log=settings.logs_folder / "prefect-server.log")
        waiting(spent)
        time.sleep(0.2)


@contextmanager
def running(settings: Settings, arguments: list[str], log_name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process of ours in its own process group; at the end it and everything it started is gone."""
    settings.logs_folder.mkdir(parents=True, exist_ok=True)
    with open(settings.logs_folder / log_name, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, **settings.child_environment()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            cwd=Path(settings.home),
        )
    try:
        yield process
    finally:
        stop(process)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Asks the process to stop, then makes sure that nothing it started is left."""
    family = _family(process.pid)
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_PATIENCE)
    family += [one for one in _family(process.pid) if one not in family]
    alive = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    for one in alive:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(alive, timeout=STOP_PATIENCE)
    process.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
