"""What filing a paper will bring: the plan and the messages to come, lived on an office that is thrown away."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pendulum import DateTime
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from config.clock import wall_clock
from config.settings import Settings
from domain.checkpoints import Checkpoint
from domain.filing import Notice
from domain.keys import key
from domain.paperwork import Work, file_work
from domain.planning import plan_conclusion
from domain.store import Ledger, database_errors, open_engine
from domain.tables import tables
from domain.views import planned_rows, status_rows
from flows.forecasting import Foreseen, forecast

#: what an office is apart from its notices: enough to file one more
OFFICE_TABLES = frozenset(
    {"office", "official", "calendar_day", "agency", "agency_alias", "agency_member", "contact", "absence"}
)
MOST_LIVED = 400  #: obligations whose messages are foreseen: more would keep the page waiting


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """An obligation that filing would bring, with its moments in time order."""

    id: int
    path: str
    agency: str
    due_before: datetime | None
    moments: tuple[Checkpoint, ...]


@dataclass(frozen=True, slots=True)
class ToCome:
    """A message that would go out, and the directives that it speaks of."""

    foreseen: Foreseen
    paths: tuple[str, ...]


@contextmanager
def bare_office(ledger: Ledger) -> Iterator[Ledger]:
    """The office as it is, without its notices, in a folder of its own for as long as the block."""
    with tempfile.TemporaryDirectory(prefix="dondoc-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'office.db'}")
        try:
            SQLModel.metadata.create_all(engine)
            with (
                database_errors(),
                ledger.engine.execution_options(looking=True).connect() as old,
                engine.begin() as new,
            ):
                for table in (one for one in tables() if one.name in OFFICE_TABLES):
                    if rows := old.execute(select(table)).mappings().all():
                        new.execute(insert(table), [dict(row) for row in rows])
            yield Ledger(engine, ledger.office_id, wall_clock)
        finally:
            engine.dispose()


def planned(copy: Ledger, work: Work, notice: Notice, now: DateTime) -> list[PlannedWork]:
    """Files the notice in a bare office and plans it there. Raises Refusal for what filing would refuse."""
    with copy.change(now=now, actor="preview") as change:
        filed = file_work(change, work, notice)
        plan_conclusion(change, key(filed.conclusion.id))
    with copy.look() as session:
        moments: dict[int, list[Checkpoint]] = defaultdict(list)
        for row in planned_rows(session, copy.office_id):
            moments[row.checkpoint.obligation_id].append(row.checkpoint)
        rows = status_rows(session, copy.office_id, now)
    return [PlannedWork(row.id, row.path, row.agency, row.due_before, tuple(moments[row.id])) for row in rows]


def to_come(settings: Settings, copy: Ledger, works: Sequence[PlannedWork], now: DateTime, days: int) -> list[ToCome]:
    """What goes out in the days after filing if nobody answers, from the bare office in which it was planned."""
    paths = {one.id: one.path for one in works}
    return [
        ToCome(one, tuple(dict.fromkeys(paths[id_] for id_ in one.obligations if id_ in paths)))
        for one in forecast(settings, copy, now, now.add(days=days))
    ]
