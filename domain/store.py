"""The ledger's engine and its transaction.

Every change goes through `Ledger.change`: state, message and audit entry are committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pendulum
from pendulum import DateTime
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, create_engine

from domain.actors import By
from domain.audit import Act, Stamp, append
from domain.errors import Refusal

WRITERS = 0x646F6E64  #: the advisory lock that one writer at a time holds on PostgreSQL
SQLITE_PATIENCE = 60.0  #: seconds that a writer waits for another


def open_engine(url: str) -> Engine:
    """The engine of a ledger: SQLite (durable, one writer at a time) or PostgreSQL."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_PATIENCE, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own comes too late to lock
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    looking = connection.get_execution_options().get("looking", False)
    connection.exec_driver_sql("BEGIN" if looking else "BEGIN IMMEDIATE")


@dataclass
class Change:
    """One change of the ledger: its session, the moment it takes effect, and what it will say of itself."""

    session: Session
    office_id: int
    now: DateTime  #: effective moment
    recorded_at: DateTime  #: wall clock
    actor: str = ""
    by: By = By.MANAGER  #: the side on which the actor stands
    link_id: int | None = None  #: the signed link that the actor came by
    acts: list[Act] = field(default_factory=list)

    def record(self, verb: str, subject: str, **payload: object) -> None:
        """Notes an act for the audit trail; it is appended last, just before the commit."""
        by_link = {} if self.link_id is None else {"link": self.link_id}
        self.acts.append(Act(verb=verb, subject=subject, payload={**payload, **by_link}))


@dataclass(frozen=True)
class Ledger:
    """One office's ledger. `clock` is the wall clock that `recorded_at` is read from."""

    engine: Engine
    office_id: int
    clock: Callable[[], DateTime]

    @contextmanager
    def change(self, *, now: datetime, actor: str, by: By = By.MANAGER, link_id: int | None = None) -> Iterator[Change]:
        """A change as of `now`. Writers queue: two rounds at one moment see each other's work, not half of it."""
        with database_errors(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            wait_for_writers(session)
            change = Change(session, self.office_id, pendulum.instance(now), self.clock(), actor, by, link_id)
            yield change
            session.flush()
            append(session, change.acts, Stamp(self.office_id, actor, change.now, change.recorded_at))

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A session that only looks: it waits for no writer."""
        with database_errors(), Session(self.engine.execution_options(looking=True), expire_on_commit=False) as session:
            yield session


def wait_for_writers(session: Session) -> None:
    """Holds the one writers' lock until the transaction ends; on SQLite BEGIN IMMEDIATE already does."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})


@contextmanager
def database_errors() -> Iterator[None]:
    """Turns what a database cannot do (disk full, server gone) into one line that a person can act on."""
    try:
        yield
    except OperationalError as error:
        raise Refusal("errors.database", why=str(error.orig).strip().splitlines()[0]) from error
