"""`dondoc up` with everything real: server, runner, flow runs in processes of their own."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from flows.server import free_port
from tests.acceptance.office_at_work import CommandLine, open_all_hours, write_draft
from tests.story import directive, draft

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("up")]
PATIENCE = 90.0  # seconds: a bound for a machine that is busy, not a claim about speed


class Running:
    """An office with `dondoc up` at work."""

    def __init__(self, office: CommandLine, port: int) -> None:
        self.office = office
        self.api = f"http://127.0.0.1:{port}/api"
        self.process: subprocess.Popen[str] | None = None

    def up(self) -> None:
        self.process = self.office.starts("up")
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Ctrl-C" in line:
                return
        raise AssertionError(self.process.communicate()[1])

    def down(self) -> list[psutil.Process]:
        """Ctrl-C; answers whatever is left of the processes."""
        assert self.process is not None
        family = psutil.Process(self.process.pid).children(recursive=True)
        assert len(family) >= 2
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def runs(self, number: str) -> list[dict[str, Any]]:
        body = {"flow_runs": {"tags": {"all_": [number]}}}
        answer = httpx.post(f"{self.api}/flow_runs/filter", json=body, timeout=30)
        return list(answer.json())

    def scheduled(self, flow: str) -> list[Any]:
        """The runs of a flow that wait for their moment."""
        wanted = {"flows": {"name": {"any_": [flow]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        answer = httpx.post(f"{self.api}/flow_runs/filter", json=wanted, timeout=30)
        runs = answer.json()
        assert isinstance(runs, list)
        return runs

    def until(self, met: Callable[[], bool]) -> None:
        """Waits for Prefect and its worker processes, which tell nobody when they are through."""
        for _ in range(int(PATIENCE / 0.5)):
            if met():
                return
            assert self.process is not None
            with pytest.raises(subprocess.TimeoutExpired):  # it must still be up
                self.process.wait(0.5)
        raise AssertionError("it did not happen")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    port, web = free_port(), free_port()
    office = CommandLine(
        tmp_path / "home",
        DONDOC_PREFECT_PORT=str(port),
        DONDOC_WEB_PORT=str(web),
        DONDOC_POLL_SECONDS="1",
        **open_all_hours(tmp_path),
    )
    made = Running(office, port)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
    if made.process is not None:
        made.process.communicate()


def test_a_filed_notice_is_followed_and_nothing_is_left_when_up_stops(running: Running, tmp_path: Path) -> None:
    running.up()
    item = directive("Sở Nội vụ", "2099-01-05") | {"deadline": {"kind": "none"}}
    said = running.office.does("file", write_draft(tmp_path, draft(item, on="2026-01-05", number="5/TB-X")))
    assert "Prefect đã nhận" in said
    assert any(run["name"] == "5/TB-X" for run in running.runs("5/TB-X"))
    running.until(
        lambda: any(run["name"] == "5/TB-X" and run["state_name"] == "Completed" for run in running.runs("5/TB-X"))
    )
    assert [one["status"] for one in running.office.says("outbox")] == ["sent"]
    scheduled = [run for run in running.runs("5/TB-X") if run["state_name"] == "Scheduled"]
    assert len(scheduled) == 2  # the status request in thirty days, and in ninety the owner hears of silence
    assert running.down() == []

    shutil.rmtree(tmp_path / "home" / "prefect")
    running.up()
    running.office.does("reconcile")
    assert {run["name"] for run in running.runs("5/TB-X")} == {run["name"] for run in scheduled}
    assert running.down() == []


def test_the_agency_answers_by_its_link_while_up_is_at_work(running: Running, tmp_path: Path) -> None:
    running.up()
    item = directive("Sở Nội vụ", "2050-01-05")
    running.office.does("file", write_draft(tmp_path, draft(item, on="2026-01-05", number="7/TB-X")))
    running.until(lambda: len(running.office.says("outbox")) == 1)
    address = running.office.does("access", "give", "Sở Nội vụ").strip()
    page = httpx.get(address, timeout=30)
    assert (page.status_code, "7/TB-X" in page.text) == (200, True)
    (row,) = running.office.says("status")
    assert httpx.post(f"{address}/{row['id']}/acknowledge", timeout=30).status_code == 303
    assert running.office.says("status")[0]["state"] == "acknowledged"
    lapse = next(one for one in running.office.says("timeline") if one["kind"] == "lapse")
    day = lapse["at"][:10]  # the page had Prefect told of the moment that the answer brought
    running.until(lambda: any(run["expected_start_time"][:10] <= day for run in running.runs("7/TB-X")))
    running.office.does("access", "revoke", "--all", "Sở Nội vụ")
    assert httpx.get(address, timeout=30).status_code == 404
    assert running.down() == []


def test_a_notice_filed_while_prefect_was_down_is_followed_after_up(running: Running, tmp_path: Path) -> None:
    running.office.does("init")
    item = directive("Sở Nội vụ", "2099-01-05") | {"deadline": {"kind": "none"}}
    said = running.office.does("file", write_draft(tmp_path, draft(item, on="2026-01-05", number="6/TB-X")))
    assert "Prefect chưa chạy" in said
    running.up()
    running.office.does("reconcile")
    running.until(
        lambda: any(run["state_name"] == "Scheduled" and "Đợt" in run["name"] for run in running.runs("6/TB-X"))
    )
    assert [one["recipient"] for one in running.office.says("outbox")] == ["Sở Nội vụ"]
    assert running.down() == []


def test_what_comes_by_the_clock_is_scheduled_by_prefect_itself(running: Running) -> None:
    running.office.settings["DONDOC_IMAP_URL"] = "imaps://vp:secret@127.0.0.1:9"  # nobody answers there
    running.up()
    running.until(lambda: len(running.scheduled("reconcile")) > 1 and len(running.scheduled("read-inbox")) > 1)
    assert running.down() == []
