"""Large ledgers, made by bulk inserts: many open obligations with their checkpoints and a history, few of them due."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pendulum
from sqlalchemy import insert, text
from sqlmodel import Session, col, select

from config.clock import wall_clock
from config.settings import ZONE, Settings, load_settings
from domain.agencies import Agency, Contact
from domain.checkpoints import Checkpoint, Fate
from domain.conclusions import Conclusion, Directive
from domain.founding import found_office
from domain.moments import Work, moments
from domain.obligations import Obligation
from domain.offices import follow_up_policy, the_office, working_time
from domain.store import Ledger
from notifications.outbox import Message, MessageCheckpoint, Status

FILED = pendulum.datetime(2018, 3, 7, 9, tz=ZONE)
NOW = pendulum.datetime(2018, 3, 29, 8, tz=ZONE)  #: the round that is measured
DUE_BOUND = pendulum.datetime(2018, 3, 30, tz=ZONE)  #: of what is due in that round
FIRST_LATER = pendulum.datetime(2018, 6, 1, tz=ZONE)  #: of everything else, spread over half a year
AGENCIES, DIRECTIVES_A_CONCLUSION, LEADS = 1_000, 25, 4
CHUNK = 5_000


def large_office(home: Path, open_: int, due: int, database_url: str = "") -> tuple[Settings, Ledger]:
    """A simulated office with so many open obligations, of which some are due at NOW; planned, told and analysed."""
    settings = load_settings(home=home, database_url=database_url)
    ledger, _ = found_office(settings, wall_clock, name="Văn phòng", simulated=True, now=FILED)
    with Session(ledger.engine) as session, session.begin():
        _fill(session, ledger.office_id, open_, due)
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return settings, ledger


def _fill(session: Session, office_id: int, open_: int, due: int) -> None:
    agencies = _agencies(session, office_id)
    per_conclusion = DIRECTIVES_A_CONCLUSION * LEADS
    conclusions = -(-open_ // per_conclusion)
    follow_up = follow_up_policy(the_office(session, office_id)).model_dump(mode="json")
    _insert(session, Conclusion, (_conclusion(office_id, n, follow_up) for n in range(1, conclusions + 1)))
    _insert(session, Directive, (_directive(n, due) for n in range(conclusions * DIRECTIVES_A_CONCLUSION)))
    _insert(session, Obligation, (_obligation(office_id, n, due, agencies) for n in range(open_)))
    planner = _Plans(session, office_id)
    _insert(session, Checkpoint, itertools.chain.from_iterable(planner.rows(n, _bound(n, due)) for n in range(open_)))
    _history(session, office_id, agencies)
    if session.get_bind().dialect.name == "postgresql":
        for table in ("agency", "contact", "conclusion", "directive", "obligation", "checkpoint", "message"):
            session.connection().execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )


def _insert(session: Session, table: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    while some := list(itertools.islice(rows, CHUNK)):
        session.connection().execute(insert(table), some)


def _agencies(session: Session, office_id: int) -> list[int]:
    first = 1 + max(session.exec(select(Agency.id)).all(), default=0)  # type: ignore[type-var, operator]
    ids = list(range(first, first + AGENCIES))
    _insert(
        session,
        Agency,
        (
            {"id": n, "office_id": office_id, "slug": f"cq-{n}", "name": f"Cơ quan số {n}", "level": "province",
             "kind": "body", "request_only": False, "successors": []}
            for n in ids
        ),
    )  # fmt: skip
    contact = itertools.count(1 + max(session.exec(select(Contact.id)).all(), default=0))  # type: ignore[type-var, operator]
    _insert(
        session,
        Contact,
        (
            {
                "id": next(contact),
                "agency_id": n,
                "role": role,
                "name": f"{role} {n}",
                "address": f"{role}-{n}@a.example",
            }
            for n in ids
            for role in ("officer", "head")
        ),
    )
    return ids


def _conclusion(office_id: int, n: int, follow_up: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": n, "office_id": office_id, "kind": "notice", "number": f"{n}/TB-BM", "issued_on": FILED.date(),
        "source_text": "Nội dung thông báo. " * 200, "contents_sha256": str(n), "follow_up": follow_up,
        "filed_at": FILED, "recorded_at": FILED, "planned_at": FILED, "withdrawal": 0,
    }  # fmt: skip


def _bound(n: int, due: int) -> datetime:
    return DUE_BOUND if n < due else FIRST_LATER + timedelta(days=n % 180)


def _directive(n: int, due: int) -> dict[str, Any]:
    return {
        "id": n + 1, "conclusion_id": n // DIRECTIVES_A_CONCLUSION + 1, "place": n % DIRECTIVES_A_CONCLUSION,
        "path": str(n % DIRECTIVES_A_CONCLUSION), "text": f"Báo cáo kết quả phần việc {n}.", "authority": "order",
        "tracked": True, "deadline_kind": "date", "due_before": _bound(n * LEADS, due), "warnings": [],
        "first_period": "",
    }  # fmt: skip


def _obligation(office_id: int, n: int, due: int, agencies: list[int]) -> dict[str, Any]:
    bound = _bound(n // LEADS * LEADS, due)
    return {
        "id": n + 1, "office_id": office_id, "directive_id": n // LEADS + 1,
        "agency_id": agencies[(n // LEADS * 7 + n % LEADS) % AGENCIES], "period": "", "due_before": bound,
        "state": "assigned", "plan_no": 1, "first_due_before": bound, "assigned_at": FILED, "turn": 0,
        "extensions": 0, "link": 0,
    }  # fmt: skip


class _Plans:
    """The checkpoints of obligations, computed once for each bound."""

    def __init__(self, session: Session, office_id: int) -> None:
        self.office = working_time(session, office_id)
        self.policy = follow_up_policy(the_office(session, office_id))
        self.office_id = office_id
        self.ids = itertools.count(1)
        self.known: dict[datetime, list[dict[str, Any]]] = {}

    def rows(self, n: int, bound: datetime) -> Iterator[dict[str, Any]]:
        bound = _bound(n // LEADS * LEADS, 0) if bound != DUE_BOUND else bound
        if bound not in self.known:
            work = Work(due_before=bound, assigned_at=FILED)
            self.known[bound] = [
                {"kind": str(one.kind), "step": one.step, "ordinal": one.ordinal, "planned_at": one.at, "at": one.at}
                for one in moments(work, self.policy, self.office)
            ]
        for one in self.known[bound]:
            past = one["at"] < NOW
            yield one | {
                "id": next(self.ids), "office_id": self.office_id, "obligation_id": n + 1, "plan_no": 1, "turn": 0,
                "due_before": bound, "fate": Fate.DONE if past else Fate.OPEN,
                "handled_at": one["at"] if past else None,
                "note": "",
            }  # fmt: skip


def _history(session: Session, office_id: int, agencies: list[int]) -> None:
    """What was said was sent: a message for each agency and moment, folding its checkpoints."""
    said = session.exec(
        select(Checkpoint.id, Checkpoint.at, Obligation.agency_id)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .where(Checkpoint.fate == Fate.DONE)
        .order_by(col(Checkpoint.at), col(Obligation.agency_id))
    ).all()
    messages: dict[tuple[datetime, int], int] = {}
    for _, at, agency in said:
        messages.setdefault((at, agency), len(messages) + 1)
    _insert(
        session,
        Message,
        (
            {"id": id_, "office_id": office_id, "kind": "assign", "recipient": f"Cơ quan số {agency}",
             "recipient_role": "officer", "agency_id": agency, "channel": "maildir", "address": f"{agency}@a.example",
             "diverted_to": "", "language": "vi", "subject": "Giao nhiệm vụ", "text": "…", "html": "…",
             "message_id": f"<{id_}@a.example>", "status": Status.SENT, "attempts": 1, "created_at": at,
             "next_attempt_at": at, "sent_at": at}
            for (at, agency), id_ in messages.items()
        ),
    )  # fmt: skip
    _insert(
        session,
        MessageCheckpoint,
        (
            {"checkpoint_id": point, "recipient": f"agency:{agency}", "message_id": messages[at, agency]}
            for point, at, agency in said
        ),
    )
