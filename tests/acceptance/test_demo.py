"""The demo and replay, as a newcomer runs them."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import httpx
import pytest

from flows.server import free_port
from tests.acceptance.office_at_work import CommandLine

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("demo")]


def test_the_demo_lives_the_moments_of_the_design(tmp_path: Path) -> None:
    home = CommandLine(tmp_path / "home")
    shown = home.does("demo")
    assert "Đợt đôn đốc 08:00 23/03/2018" in shown
    office = CommandLine(tmp_path / "home" / "demo")
    silent = [row for row in office.says("timeline") if row["agency"] == "Sở Nội vụ" and row["state"] == "done"]
    assert [(row["at"], row["kind"], row["step"]) for row in silent] == [
        ("2018-03-07T09:00:00+07:00", "assign", 0),
        ("2018-03-08T08:00:00+07:00", "due", 0),
        ("2018-03-09T08:00:00+07:00", "overdue", 0),
        ("2018-03-12T08:00:00+07:00", "escalate", 1),
        ("2018-03-16T08:00:00+07:00", "escalate", 2),
        ("2018-03-23T08:00:00+07:00", "escalate", 3),
        ("2018-03-30T08:00:00+07:00", "escalate", 3),
        ("2018-04-06T08:00:00+07:00", "escalate", 3),
    ]
    assert [message["recipient"] for message in silent[5]["messages"]] == ["Chủ tịch"]
    standings = {row["agency"]: row["standing"] for row in office.says("status")}
    assert standings["Sở Tài chính"] == "done_in_time"
    assert standings["Sở Tư pháp"] == "done_late"
    assert standings["Sở Nội vụ"] == "overdue"
    assert len(list((tmp_path / "home" / "demo" / "mail" / "new").iterdir())) == len(office.says("outbox"))
    assert "nguyên vẹn" in office.does("audit", "verify")

    number = str(next(row["id"] for row in office.says("status") if row["agency"] == "Sở Nội vụ"))
    office.does("report", number, "--done", "--note", "Đã trình", "--now", "2018-04-09T09:00")
    after = [row for row in office.says("timeline", "31/TB-VPUB") if row["agency"] == "Sở Nội vụ"]
    assert [row["kind"] for row in after if row["state"] not in ("done", "folded", "cancelled")] == ["verify"]


def test_the_demo_can_be_clicked_through(tmp_path: Path) -> None:
    office = CommandLine(tmp_path / "home", DONDOC_WEB_PORT=str(free_port()))
    process = office.starts("demo", "--serve")
    assert process.stdout is not None
    shown = ""
    for line in process.stdout:
        shown += line
        if "Ctrl-C" in line:
            break
    said = re.search(r"Mở (\S+) và đăng nhập: tài khoản (\S+), mật khẩu (\S+)", shown)
    agency = re.search(r"Trang trả lời của Sở Nội vụ: (\S+)", shown)
    assert said, shown
    assert agency, shown
    with httpx.Client(base_url=said[1], timeout=30) as visitor:
        assert visitor.post("/login", data={"username": said[2], "password": said[3]}).status_code == 303
        assert "Sở Nội vụ" in visitor.get("/").text
        assert "quá hạn" in visitor.get(agency[1]).text
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_replay_refuses_a_folder_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "thing").touch()
    done = CommandLine(tmp_path / "home").run(
        "replay", "--from", "2018-03-07", "--until", "2018-03-08", "--into", str(tmp_path / "used")
    )
    assert done.returncode == 2
    assert "--into" in done.stderr
