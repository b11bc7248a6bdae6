"""Rounds with much to say: statements for each agency, and time, at two sizes in one run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pendulum
from sqlalchemy import Engine, event

from config.clock import wall_clock
from config.settings import ZONE, load_settings
from domain.agencies import add_agency
from domain.drafts import Draft
from domain.filing import Notice, file_notice
from domain.founding import found_office
from domain.names import RegistryEntry
from domain.planning import plan_conclusion
from flows.desk import desk_at
from flows.holding import hold_without_prefect

FILED = pendulum.datetime(2018, 3, 7, 9, tz=ZONE)
DUE = pendulum.datetime(2018, 3, 29, 8, tz=ZONE)
PER_AGENCY = 10


@dataclass
class Counter:
    """How many statements went to the database."""

    statements: int = 0


@contextmanager
def counted(engine: Engine) -> Iterator[Counter]:
    """Counts the statements of a block."""
    counter = Counter()

    def count(*_: object) -> None:
        counter.statements += 1

    event.listen(engine, "before_cursor_execute", count)
    yield counter
    event.remove(engine, "before_cursor_execute", count)


def measure_rounds(folder: Path) -> None:
    """A round for 50 agencies and one for 100, each with ten obligations due today."""
    for agencies in (50, 100):
        statements, spent, messages = one_round(folder / f"round-{agencies}", agencies)
        print(
            f"round, {agencies * PER_AGENCY:5} due, {agencies:3} agencies: {spent:5.2f} s on SQLite, "
            f"{messages} messages, {statements / agencies:.2f} statements an agency"
        )


def one_round(home: Path, agencies: int) -> tuple[int, float, int]:
    """Statements, seconds and messages of one round, delivery into the folder included."""
    settings = load_settings(home=home)
    ledger, _ = found_office(settings, wall_clock, name="Văn phòng", simulated=True, now=FILED)
    names = [f"Cơ quan số {n}" for n in range(agencies)]
    items = [
        {
            "path": f"{n}.{k}",
            "text": f"Báo cáo kết quả phần việc {n}.{k}.",
            "authority": "order",
            "lead": [name],
            "deadline": {"kind": "date", "due_before": "2018-03-30T00:00:00+07:00"},
        }
        for n, name in enumerate(names)
        for k in range(PER_AGENCY)
    ]
    draft = Draft.model_validate({"number": "1/TB-BM", "issued_on": "2018-03-07", "directives": items})
    with ledger.change(now=FILED, actor="bench") as change:
        for n, name in enumerate(names):
            add_agency(change.session, ledger.office_id, entry(name, n))
        filed = file_notice(change, Notice(draft))
        plan_conclusion(change, filed.conclusion.id or 0)
    hold_without_prefect(desk_at(settings, ledger, FILED))
    with counted(ledger.engine) as counter:
        started = time.perf_counter()
        composed, _ = hold_without_prefect(desk_at(settings, ledger, DUE))
        spent = time.perf_counter() - started
    ledger.engine.dispose()
    return counter.statements, spent, len(composed.messages)


def entry(name: str, n: int) -> RegistryEntry:
    """A made-up agency."""
    return RegistryEntry(
        name=name,
        slug=f"co-quan-{n}",
        level="province",
        kind="body",
        aliases=(),
        valid_from=None,
        valid_to=None,
        successors=(),
        members=(),
        request_only=False,
    )
