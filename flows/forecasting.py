"""What will happen if nobody answers: a replay on a copy of the ledger, mail into a folder that is thrown away."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pendulum import DateTime
from sqlalchemy import Connection, Engine, Table, insert, select, update
from sqlmodel import Session, col
from sqlmodel import select as choose

from config.clock import wall_clock
from config.settings import Settings, load_settings
from domain.checkpoints import Checkpoint
from domain.conclusions import Conclusion, Directive
from domain.founding import migrate
from domain.obligations import Obligation
from domain.offices import Office
from domain.planning import open_calendar
from domain.sending import Mode
from domain.store import Ledger, database_errors, open_engine
from domain.tables import tables
from flows.desk import Desk, desk_at
from flows.holding import hold_without_prefect
from notifications.channels import MAILDIR
from notifications.outbox import Message, MessageCheckpoint, Status

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A message that would go out."""

    at: datetime
    recipient: str
    role: str
    kind: str
    subject: str
    conclusions: tuple[str, ...]
    obligations: tuple[int, ...]


def forecast(settings: Settings, ledger: Ledger, since: DateTime, until: datetime) -> list[Foreseen]:
    """What goes out from `since` to `until` with nobody answering, in time order; the ledger itself is not touched.

    Sending counts as live: it shows what would go out.
    """
    with copied_office(settings, ledger) as (own, copy):
        with copy.look() as session:
            gone = set(session.exec(choose(Message.id).where(Message.status == Status.SENT)))
        live_on(own, copy, since, until)
        with copy.look() as session:
            return _sent(session, copy.office_id, gone)


@contextmanager
def copied_office(settings: Settings, ledger: Ledger) -> Iterator[tuple[Settings, Ledger]]:
    """A simulated office with everything that the ledger holds, in a folder of its own, for as long as the block."""
    with tempfile.TemporaryDirectory(prefix="dondoc-") as folder:
        home = Path(folder)
        (home / "simulated").touch()
        own = load_settings(home=home, database_url="", smtp_url="", language=settings.language)
        engine = open_engine(own.ledger_url)
        migrate(engine)
        _copy_all(ledger.engine, engine, ledger.office_id)
        try:
            yield own, Ledger(engine, ledger.office_id, wall_clock)
        finally:
            engine.dispose()


def live_on(settings: Settings, ledger: Ledger, since: DateTime, until: datetime) -> None:
    """Every slot at which something waits has its round."""
    desk = desk_at(settings, ledger, since)
    if desk.hours.is_open(since):
        hold_without_prefect(desk)
    slot = since
    while (following := _next_slot(desk, slot)) is not None and following <= until:
        slot = following
        desk = desk_at(settings, ledger, slot)
        hold_without_prefect(desk)


def _next_slot(desk: Desk, now: datetime) -> DateTime | None:
    office_id = desk.ledger.office_id
    left = choose(Message.next_attempt_at).where(Message.office_id == office_id, Message.status == Status.QUEUED)
    with desk.ledger.look() as session:
        moments = [*(moment for moment, _ in open_calendar(session, office_id)), *session.exec(left)]
    later = (desk.hours.slot_on_or_after(max(moment, now + timedelta(seconds=1))) for moment in moments)
    return min(later, default=None)


def _copy_all(source: Engine, target: Engine, office_id: int) -> None:
    with database_errors(), _as_of_one_moment(source) as old, target.begin() as new:
        for table in tables():
            result = old.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table).order_by(*table.primary_key))
            for some in result.mappings().partitions(ROWS_AT_ONCE):
                new.execute(insert(table), [_light(table, dict(row)) for row in some])
        new.execute(
            update(Office).where(col(Office.id) == office_id).values(simulated=True, sending=Mode.LIVE, redirect_to="")
        )


def _as_of_one_moment(source: Engine) -> Connection:
    """A connection whose transaction sees the ledger as it is when it first looks, whatever rounds write meanwhile."""
    if source.dialect.name == "postgresql":
        return source.execution_options(isolation_level="REPEATABLE READ").connect()
    return source.execution_options(looking=True).connect()


def _light(table: Table, row: dict[str, object]) -> dict[str, object]:
    """A row without the long texts; mail that still waits goes into the copy's folder, not over the wire."""
    if table.name == "message":
        return row | {"text": "", "html": "", "channel": MAILDIR}
    return row | {"source_text": None} if table.name == "conclusion" else row


def _sent(session: Session, office_id: int, gone: set[int | None]) -> list[Foreseen]:
    """What was sent in the copy and had not been sent before."""
    query = (
        choose(Message)
        .where(Message.office_id == office_id, Message.status == Status.SENT)
        .order_by(col(Message.sent_at), col(Message.id))
    )
    messages = [one for one in session.exec(query) if one.id not in gone]
    about = _about(session, [one.id for one in messages if one.id is not None])
    return [
        Foreseen(
            at=one.sent_at or one.created_at,
            recipient=one.recipient,
            role=one.recipient_role,
            kind=one.kind,
            subject=one.subject,
            conclusions=tuple(dict.fromkeys(number for number, _ in about[one.id or 0])),
            obligations=tuple(dict.fromkeys(obligation for _, obligation in about[one.id or 0])),
        )
        for one in messages
    ]


def _about(session: Session, messages: list[int]) -> dict[int, list[tuple[str, int]]]:
    """Message id -> (number of the notice, obligation) of everything it speaks of."""
    query = (
        choose(MessageCheckpoint.message_id, Conclusion.number, Checkpoint.obligation_id)
        .join(Checkpoint, col(Checkpoint.id) == col(MessageCheckpoint.checkpoint_id))
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .order_by(col(Checkpoint.id))
    )
    wanted = set(messages)
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for message, number, obligation in session.exec(query):
        if message in wanted:
            found[message].append((number, obligation))
    return found
