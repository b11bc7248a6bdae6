"""How long delivery takes beside a bare smtplib loop that sends the same mails over one connection."""

from __future__ import annotations

import multiprocessing
import os
import resource
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import insert

from config.clock import wall_clock
from config.settings import Settings, load_settings
from domain.founding import found_office
from domain.links import Link, Purpose
from domain.store import Ledger
from flows.server import free_port
from notifications.channels.contract import Letter
from notifications.channels.mail import as_bytes
from notifications.delivery import deliver
from notifications.outbox import LINK, Message

COUNT = int(os.environ.get("BENCH_MAILS", "10000"))
TEXT = "Kính gửi: Sở Nội vụ\n\n" + "Nội dung nhiệm vụ được giao, thời hạn và cơ quan phối hợp.\n" * 20 + LINK + "\n"
HTML = f"<!doctype html><html><body><p>{TEXT}</p></body></html>"


class Sink:
    """Takes every mail and keeps none."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        return "250 OK"


def _serve(pipe: Connection) -> None:
    port = free_port()
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    pipe.send(port)
    pipe.recv()
    controller.stop()


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own; answers its port."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
    process.start()
    try:
        yield int(ours.recv())
    finally:
        ours.send("stop")
        process.join()


def fill(ledger: Ledger, count: int) -> None:
    """Queues mails, each with a link of its own."""
    now = wall_clock()
    with ledger.change(now=now, actor="benchmark") as change:
        links = [
            {"office_id": 1, "purpose": Purpose.ANSWER, "recipient": "Sở", "address": "", "created_at": now}
            for _ in range(count)
        ]
        change.session.connection().execute(insert(Link), links)
        rows = [
            {
                "office_id": 1,
                "kind": "remind",
                "recipient": f"Cơ quan {n}",
                "recipient_role": "officer",
                "link_id": n + 1,
                "channel": "email",
                "address": f"coquan{n}@tinh.example",
                "language": "vi",
                "subject": f"Nhắc việc: Mục {n} Thông báo 489/TB-VP",
                "text": TEXT,
                "html": HTML,
                "message_id": f"<{n}@vanphong.example>",
                "created_at": now,
                "next_attempt_at": now,
            }
            for n in range(count)
        ]
        change.session.connection().execute(insert(Message), rows)


def bare_loop(port: int, count: int) -> float:
    """Seconds for the same mails from a list that was made before."""
    now = wall_clock()
    made = [
        message_from_bytes(
            as_bytes(
                Letter(
                    f"Cơ quan {n}",
                    f"coquan{n}@tinh.example",
                    "don-doc@vanphong.example",
                    "Văn phòng",
                    f"Nhắc việc: Mục {n} Thông báo 489/TB-VP",
                    TEXT,
                    HTML,
                    f"<{n}@vanphong.example>",
                    now,
                )
            )
        )
        for n in range(count)
    ]
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as wire:
        for n, mail in enumerate(made):
            wire.send_message(mail, "don-doc@vanphong.example", [f"coquan{n}@tinh.example"])
    return time.perf_counter() - started


def measure_mail(folder: Path, count: int = COUNT, database_url: str = "") -> None:
    """Prints both times, their ratio, and how much memory delivery took beyond what was there before it."""
    with sink() as port:
        settings: Settings = load_settings(home=folder, smtp_url=f"smtp://127.0.0.1:{port}", database_url=database_url)
        ledger, _ = found_office(settings, wall_clock, name="Văn phòng")
        with ledger.change(now=wall_clock(), actor="benchmark") as change:
            from domain.offices import the_office

            the_office(change.session, ledger.office_id).sending = "live"
        fill(ledger, count)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        done = deliver(ledger, settings, "email", wall_clock)
        spent = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert done.sent == count, done
        bare = bare_loop(port, count)
        name = "PostgreSQL" if database_url else "SQLite"
        print(f"{count} mails, {name}: {spent:.1f} s, bare smtplib loop {bare:.1f} s, ratio {spent / bare:.2f}")
        print(f"  memory beyond what was there: {grown:.0f} MB")
