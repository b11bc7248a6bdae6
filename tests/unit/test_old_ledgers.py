"""A ledger of an earlier version is brought up to date with everything it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, insert
from sqlmodel import select

from config.clock import wall_clock
from config.settings import load_settings
from domain.conclusions import Directive
from domain.errors import Refusal
from domain.founding import MIGRATIONS, found_office, open_ledger
from domain.obligations import Obligation
from domain.store import open_engine
from domain.written import parse_moment

FILED = datetime(2018, 3, 7, 2, tzinfo=UTC)
DUE = parse_moment("2018-03-30")
ROWS: dict[str, dict[str, object]] = {
    "office": {"id": 1, "name": "Văn phòng", "simulated": False, "created_at": FILED, "settings": {}, "follow_up": {}},
    "agency": {
        "id": 1, "office_id": 1, "slug": "so-noi-vu", "name": "Sở Nội vụ", "level": "province", "kind": "body",
        "request_only": False, "successors": [],
    },
    "conclusion": {
        "id": 1, "office_id": 1, "kind": "notice", "number": "1/TB", "issued_on": date(2018, 3, 7),
        "contents_sha256": "0", "follow_up": {}, "filed_at": FILED, "recorded_at": FILED,
    },
    "directive": {
        "id": 1, "conclusion_id": 1, "place": 0, "path": "1", "text": "Báo cáo.", "tracked": True,
        "deadline_kind": "date", "due_before": DUE, "warnings": [],
    },
    "obligation": {
        "id": 1, "office_id": 1, "directive_id": 1, "agency_id": 1, "period": "", "due_before": DUE,
        "state": "assigned", "plan_no": 1,
    },
    "checkpoint": {
        "id": 1, "office_id": 1, "obligation_id": 1, "plan_no": 1, "kind": "assign", "step": 0, "ordinal": 0,
        "due_before": DUE, "planned_at": FILED, "at": FILED, "fate": "done",
    },
}  # fmt: skip


def fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    for name, row in ROWS.items():
        naive = connection.dialect.name == "sqlite"
        values = {k: v.replace(tzinfo=None) if naive and isinstance(v, datetime) else v for k, v in row.items()}
        if naive and "due_before" in values:
            values["due_before"] = datetime(2018, 3, 29, 17)  # noqa: DTZ001
        connection.execute(insert(tables.tables[name]).values(**values))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_an_old_ledger_is_refused_until_init_brings_it_up_with_what_it_holds(
    home: Path, database: str, schema: str, request: pytest.FixtureRequest
) -> None:
    url = "" if database == "sqlite" else request.getfixturevalue("postgres_url")
    settings = load_settings(home=home, database_url=url)
    home.mkdir()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = open_engine(settings.ledger_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema)
        fill(connection)
    engine.dispose()
    with pytest.raises(Refusal) as refusal:
        open_ledger(settings, wall_clock)
    assert refusal.value.params == {"schema": schema}
    del refusal
    ledger, made = found_office(settings, wall_clock, name="Văn phòng")
    with ledger.look() as session:
        (directive,) = session.exec(select(Directive)).all()
        (obligation,) = session.exec(select(Obligation)).all()
    ledger.engine.dispose()
    assert not made
    assert (directive.due_before, directive.waits_for) == (DUE, None)
    assert (obligation.first_due_before, obligation.assigned_at, obligation.turn) == (DUE, FILED, 0)
