"""A year of 100,000 obligations compiled, with as many of the year before: seconds and memory, on both databases."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session, select

from benchmarks.life import _postgres
from config.clock import wall_clock
from config.settings import load_settings
from domain.agencies import Agency
from domain.causes import Cause
from domain.conclusions import Conclusion, Directive
from domain.founding import found_office
from domain.instants import at
from domain.keys import key
from domain.life.extensions import Extension
from domain.obligations import Obligation, State
from domain.reports import StatusReport
from domain.store import Ledger

YEAR = int(os.environ.get("BENCH_YEAR", "100000"))  #: obligations of the year that is compiled
DIRECTIVES_A_CONCLUSION, LEADS, AGENCIES, CHUNK = 25, 4, 100, 5_000
FIELDS = ("Kinh tế - ngân sách", "Văn hóa - xã hội", "Đất đai - xây dựng", "Nội chính - an ninh", "")
KINDS = ("task", "task", "task", "petition", "recommendation")
COMPILE = """
import time
from pathlib import Path
from datetime import date
from config.clock import wall_clock
from domain.instants import at
from domain.reviews.compiling import Scope, compile_period
from domain.reviews.periods import parse_period
from domain.store import Ledger, open_engine
def most():  # kilobytes; of this process alone, where getrusage remembers what its parent had
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
ledger = Ledger(open_engine({url!r}), {office}, wall_clock)
with ledger.look() as session:
    session.connection().exec_driver_sql("SELECT 1")
before = most()
started = time.perf_counter()
with ledger.change(now=at(date(2019, 1, 15)), actor="bench") as change:
    made = compile_period(change, Scope(parse_period("2018")))
spent = time.perf_counter() - started
after = most()
print(made.figures.whole.tally.counts.total, spent, after // 1024, (after - before) // 1024)
"""


def measure_reviews(folder: Path) -> None:
    """On SQLite, then on PostgreSQL."""
    _one("SQLite", folder / "sqlite", "")
    with _postgres(folder / "postgres") as urls:
        _one("PostgreSQL", folder / "pg", urls[0])


def _one(name: str, home: Path, url: str) -> None:
    settings = load_settings(home=home, database_url=url)
    ledger, _ = found_office(settings, wall_clock, name="Văn phòng", simulated=True, now=at(date(2017, 1, 1)))
    _fill(ledger)
    script = COMPILE.format(url=settings.ledger_url, office=ledger.office_id)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    counted, spent, whole, grown = done.stdout.split()
    print(
        f"{name:10} a year of {counted} obligations compiled: {float(spent):.1f} s (< 20), "
        f"{whole} MB in all, {grown} MB more than before (< 500)"
    )
    ledger.engine.dispose()


def _fill(ledger: Ledger) -> None:
    chance = random.Random(7)
    with Session(ledger.engine) as session, session.begin():
        agencies = [key(one) for one in session.exec(select(Agency.id)).all()][:AGENCIES]
        per_notice = DIRECTIVES_A_CONCLUSION * LEADS
        notices = 2 * YEAR // per_notice
        days = [date(2017, 1, 1) + timedelta(days=n * 729 // max(notices - 1, 1)) for n in range(notices)]
        _insert(session, Conclusion, (_conclusion(ledger.office_id, n + 1, day) for n, day in enumerate(days)))
        directives = notices * DIRECTIVES_A_CONCLUSION
        _insert(session, Directive, (_directive(n, days[n // DIRECTIVES_A_CONCLUSION]) for n in range(directives)))
        rows = [
            _obligation(ledger.office_id, n, days[n // per_notice], agencies[n * 7 % len(agencies)], chance)
            for n in range(notices * per_notice)
        ]
        _insert(session, Obligation, iter(rows))
        _insert(session, StatusReport, (_report(row, chance) for row in rows if chance.random() < 0.7))
        _insert(session, Extension, (_extension(row, chance) for row in rows if chance.random() < 0.05))
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _insert(session: Session, table: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    while some := list(itertools.islice(rows, CHUNK)):
        session.connection().execute(insert(table), some)


def _conclusion(office_id: int, n: int, day: date) -> dict[str, Any]:
    return {
        "id": n, "office_id": office_id, "kind": "notice", "number": f"{n}/TB-BM", "issued_on": day,
        "contents_sha256": str(n), "follow_up": {}, "filed_at": at(day), "recorded_at": at(day), "planned_at": at(day),
        "withdrawal": 0, "folded": "",
    }  # fmt: skip


def _directive(n: int, day: date) -> dict[str, Any]:
    due = at(day + timedelta(days=20 + n % 120)) if n % 10 else None
    return {
        "id": n + 1, "conclusion_id": n // DIRECTIVES_A_CONCLUSION + 1, "place": n % DIRECTIVES_A_CONCLUSION,
        "path": str(n % DIRECTIVES_A_CONCLUSION), "text": f"Báo cáo kết quả phần việc {n}.", "authority": "order",
        "tracked": True, "kind": KINDS[n % 5], "field": FIELDS[n % 5], "raised_by": "", "deadline_kind": "date",
        "due_before": due, "warnings": [], "first_period": "", "folded": "",
    }  # fmt: skip


def _obligation(office_id: int, n: int, day: date, agency: int, chance: random.Random) -> dict[str, Any]:
    directive = n // LEADS
    bound = at(day + timedelta(days=20 + directive % 120)) if directive % 10 else None
    dice = chance.random()
    settled = at(day + timedelta(days=chance.randint(1, 200))) if dice < 0.8 else None
    if settled is not None and settled > at(date(2019, 1, 10)):
        settled = None
    return {
        "id": n + 1, "office_id": office_id, "directive_id": directive + 1,
        "agency_id": agency, "period": "" if n % LEADS == 0 else f"k{n % LEADS}",
        "due_before": bound, "first_due_before": bound, "state": State.DONE if settled else State.ASSIGNED,
        "settled_at": settled, "reported_at": settled, "assigned_at": at(day), "plan_no": 1, "turn": 0,
        "extensions": 0, "link": 0,
    }  # fmt: skip


def _report(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    moment: datetime = row["settled_at"] or row["assigned_at"] + timedelta(days=chance.randint(1, 60))
    return {
        "obligation_id": row["id"], "percent": 100 if row["settled_at"] else 50, "note": "đã làm", "door": "link",
        "actor": "bên", "who": "", "phone": "", "effective_at": moment, "recorded_at": moment,
        "cause": chance.choice(("", *Cause)),
    }  # fmt: skip


def _extension(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    asked = row["assigned_at"] + timedelta(days=chance.randint(1, 60))
    bound = row["due_before"] or row["assigned_at"]
    return {
        "obligation_id": row["id"], "before": bound, "wished": bound, "asked_by": "bên", "reason": "chờ",
        "asked_at": asked, "decision": "refused", "granted": None, "decided_by": "vp", "note": "",
        "decided_at": asked, "cause": "",
    }  # fmt: skip


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        measure_reviews(Path(made))
