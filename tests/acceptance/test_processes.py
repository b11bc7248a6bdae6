"""What happens when processes meet, or die."""

from __future__ import annotations

import asyncio
import email
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.server import free_port
from tests.acceptance.office_at_work import CommandLine, open_all_hours, write_draft
from tests.story import directive, draft

AGENCIES = ("Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", "Sở Y tế", "Sở Xây dựng", "Công an tỉnh")


class Mailbox:
    """A mail server that keeps what it is given; told to, it hangs with one letter on the wire."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.hang_at: int | None = None
        self.hanging = threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.letters.append(email.message_from_bytes(envelope.content or b""))
        if self.hang_at == len(self.letters):
            self.hanging.set()
            await asyncio.sleep(3600)
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_server(mailbox: Mailbox) -> Iterator[Controller]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def port_of(controller: Controller) -> int:
    return int(controller.port)


def agencies_draft(folder: Path) -> str:
    items = [directive(agency, "2099-01-05", path=str(n)) for n, agency in enumerate(AGENCIES, start=1)]
    return write_draft(folder, draft(*[item | {"deadline": {"kind": "none"}} for item in items], on="2026-01-05"))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_rounds_at_the_same_moment_send_each_message_once(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = {} if database == "sqlite" else {"DONDOC_DATABASE_URL": request.getfixturevalue("postgres_url")}
    office = CommandLine(tmp_path / "home", DONDOC_PREFECT_PORT="9", **open_all_hours(tmp_path), **url)
    office.does("init")
    office.does("file", agencies_draft(tmp_path))
    both = [office.starts("round"), office.starts("round")]
    for one in both:
        _, errors = one.communicate()
        assert one.returncode == 0, errors
    assert Counter(one["recipient"] for one in office.says("outbox")) == dict.fromkeys(AGENCIES, 1)
    assert {(one["status"], one["attempts"]) for one in office.says("outbox")} == {("sent", 1)}
    assert len(list((tmp_path / "home" / "mail" / "new").iterdir())) == len(AGENCIES)


def test_a_worker_killed_in_mid_delivery_loses_nothing_and_doubles_only_what_was_on_the_wire(
    tmp_path: Path, mailbox: Mailbox, mail_server: Controller
) -> None:
    url = f"smtp://127.0.0.1:{port_of(mail_server)}"
    office = CommandLine(tmp_path / "home", DONDOC_PREFECT_PORT="9", DONDOC_SMTP_URL=url, **open_all_hours(tmp_path))
    office.does("init")
    office.does("file", agencies_draft(tmp_path))
    mailbox.hang_at = 3
    killed = office.starts("round")
    assert mailbox.hanging.wait(60)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert Counter(one["status"] for one in office.says("outbox")) == {"sent": 2, "sending": 1, "queued": 3}
    mailbox.hang_at = None
    office.does("round")
    assert {one["status"] for one in office.says("outbox")} <= {"sent", "unknown"}
    arrived = Counter(letter["Message-ID"] for letter in mailbox.letters)
    assert len(arrived) == len(AGENCIES)
    assert sorted(arrived.values()) == [1, 1, 1, 1, 1, 2]
    assert office.does("audit", "verify")


def test_mail_waits_while_the_server_is_down_and_goes_out_once_it_is_back(
    tmp_path: Path, mailbox: Mailbox, mail_server: Controller
) -> None:
    office = CommandLine(
        tmp_path / "home", DONDOC_PREFECT_PORT="9", DONDOC_SMTP_URL="smtp://127.0.0.1:1", **open_all_hours(tmp_path)
    )
    office.does("init")
    office.does("sending", "start")
    office.does("file", agencies_draft(tmp_path))
    said = office.does("round")
    assert "chờ gửi lại 6" in said
    assert {one["status"] for one in office.says("outbox")} == {"queued"}
    office.settings["DONDOC_SMTP_URL"] = f"smtp://127.0.0.1:{port_of(mail_server)}"
    office.does("round")
    arrived = Counter(re.sub(r".*<(.*)>", r"\1", letter["To"]) for letter in mailbox.letters)
    assert set(arrived.values()) == {1}
    assert len(arrived) >= len(AGENCIES) - 1  # the one that met the closed door waits for its next attempt
