"""The office's own desk through the command line: people, calendar, switch and policy."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.acceptance.office_at_work import CommandLine, open_all_hours, write_draft
from tests.story import directive, draft
from tests.unit.smtp_peer import Peer, free_port

HOME, DEPUTY = "Sở Nội vụ", "Phó [red]Chủ tịch"


def refused(office: CommandLine, *words: str) -> str:
    """The one line with which a command refuses."""
    done = office.run(*words)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer(free_port()).up() as one:
        yield one


def test_a_new_office_says_that_it_is_in_shadow_mode_and_how_to_go_live(live: CommandLine) -> None:
    for words in (("init",), ("doctor",), ("sending",)):
        said = live.does(*words)
        assert "CHẠY THỬ" in said
        assert "dondoc sending start" in said
    assert live.says("doctor")["sending"] == "shadow"
    assert "GỬI THẬT" in live.does("sending", "start")
    assert "GỬI THẬT" in live.does("doctor")
    assert live.says("sending")["mode"] == "live"


def test_people_are_added_replaced_put_on_leave_and_removed(live: CommandLine, tmp_path: Path) -> None:
    live.does("file", write_draft(tmp_path, draft(directive(HOME, "2026-12-30"), on="2026-11-20", number="5/TB-X")))
    live.does(
        "people", "add", "--role", "lãnh đạo phụ trách", "--name", "Phó [red]Chủ tịch", "--email", "pct@t.example"
    )
    live.does("people", "set", "chairman", "--name", "Bà Chủ tịch", "--email", "ct@tinh.example")
    stands_in = ("--substitute", DEPUTY)
    said = live.does("people", "leave", "Bà Chủ tịch", "--from", "01/12/2099", "--until", "05/12/2099", *stands_in)
    assert "05/12/2099" in said
    assert "pct@t.example" in said
    live.does(
        "people", "leave", "--agency", HOME, "--head", "--from", "2099-12-01", "--until", "2099-12-05",
        "--substitute", "Ông Phó", "--email", "pho@snv.example",
    )  # fmt: skip
    listed = live.says("people")
    assert [one["role"] for one in listed["people"]] == ["chief_of_office", "deputy", "chairman"]
    assert [one["address"] for one in listed["leave"]] == ["pct@t.example", "pho@snv.example"]
    shown = live.does("people")
    assert DEPUTY in shown
    assert "lãnh đạo phụ trách" in shown
    live.does("people", "charge", "5/TB-X", "--role", "chairman", "--who", DEPUTY)
    live.does("people", "back", "Bà Chủ tịch")
    assert "bỏ qua" in live.does("people", "remove", "Bà Chủ tịch")
    assert [one["role"] for one in live.says("people")["people"]] == ["chief_of_office", "deputy"]
    assert live.does("audit", "verify")


SENSELESS = (
    (("people", "add", "--role", "vua", "--name", "A", "--email", "a@b.vn"), "vua"),
    (("people", "add", "--role", "officer", "--name", "A", "--email", "a@b.vn"), "officer"),
    (("people", "add", "--role", "owner", "--name", " ", "--email", "a@b.vn"), "tên"),
    (("people", "set", "owner", "--name", "A", "--email", "a b"), "a b"),
    (("people", "remove", "Ai đó"), "Ai đó"),
    (("people", "leave", "--from", "1/1/2027", "--until", "2/1/2027", "--substitute", "A"), "--agency"),
    (("people", "leave", "1", "--from", "31/2/2027", "--until", "2/3/2027", "--substitute", "A"), "31/2/2027"),
    (("people", "leave", "1", "--from", "1/3/2027", "--until", "2/3/2027", "--substitute", "Ai đó"), "Ai đó"),
    (("people", "back", "1"), "nghỉ"),
    (("people", "charge", "404/TB", "--role", "owner", "--who", "1"), "404/TB"),
    (("calendar", "off", "2026-02-31", "--reason", "x"), "2026-02-31"),
    (("calendar", "off", "9999-01-01", "--reason", "x"), "9999-01-01"),
    (("calendar", "off", "2027-03-01", "--reason", " "), "--reason"),
    (("calendar", "forget", "2031-03-03"), "03/03/2031"),
    (("calendar", "--year", "12345"), "2100"),
    (("sending", "stop", "--reason", " "), "--reason"),
    (("sending", "redirect", "--to", "không phải"), "không phải"),
    (("sending", "shadow"), "chạy thử"),
    (("sending", "test", "Sở Hàng không"), "Sở Hàng không"),
    (("policy", "set", "khong-co.yaml"), "khong-co.yaml"),
    (("policy", "apply", "--reason", "x"), "--to-open"),
    (("policy", "export", "/khong/co/x.yaml"), "/khong/co/x.yaml"),
)


def test_what_makes_no_sense_is_refused_in_one_line(live: CommandLine) -> None:
    before = live.says("people"), live.says("calendar"), live.says("sending"), live.says("policy")
    for words, says in SENSELESS:
        assert says in refused(live, *words)
    assert (live.says("people"), live.says("calendar"), live.says("sending"), live.says("policy")) == before


def test_a_change_of_the_calendar_says_what_moved(live: CommandLine, tmp_path: Path) -> None:
    period = {
        "kind": "relative", "phrase": "trong 10 ngày làm việc", "due_before": "2027-03-12T00:00:00+07:00",
        "runs": {"anchor": "2027-02-25", "count": 10, "unit": "working_day"},
    }  # fmt: skip
    contents = draft(
        directive(HOME) | {"deadline": period}, directive("Sở Tài chính", "2027-03-12", path="2"),
        on="2026-11-20", number="6/TB-X",
    )  # fmt: skip
    live.does("file", write_draft(tmp_path, contents))
    live.does("round")
    said = live.does("calendar", "off", "08/3/2027", "--reason", "Nghỉ [red]bù")
    assert "6/TB-X" in said
    assert HOME in said
    assert "Sở Tài chính" not in said
    assert "tức hết thứ Năm 11/3/2027" in said
    assert "tức hết thứ Sáu 12/3/2027" in said
    assert "2 phần việc" in said
    assert "dondoc up" in said
    rows = live.says("calendar", "--year", "2027")
    assert {"day": "2027-03-08", "worked": False, "reason": "Nghỉ [red]bù", "source": "office"} in rows
    assert any(row["source"] == "country" and row["day"] == "2027-04-30" for row in rows)
    assert {row["day"][:4] for row in rows} == {"2027"}
    assert "Nghỉ [red]bù" in live.does("calendar")
    assert "đã như vậy" in refused(live, "calendar", "off", "08/3/2027", "--reason", "x")
    assert "thứ Năm 11/3/2027" in live.does("calendar", "forget", "08/3/2027")


def test_a_test_message_really_arrives_and_says_what_became_of_it(tmp_path: Path, peer: Peer) -> None:
    office = CommandLine(
        tmp_path / "home", DONDOC_PREFECT_PORT="9", DONDOC_SMTP_URL=peer.url, **open_all_hours(tmp_path)
    )
    office.does("init")
    office.does("agencies", "contact", HOME, "--email", "that@snv.example")
    assert "đã nhận" in office.does("sending", "test", HOME)
    peer.refuses["that@snv.example"] = "550 khong co nguoi nay"
    assert "khong co nguoi nay" in office.does("sending", "test", HOME)
    assert [one.recipients for one in peer.received] == [("that@snv.example",)]
    office.does("sending", "stop", "--reason", "Bảo trì")
    assert "dừng gửi" in refused(office, "sending", "test", HOME)


def test_outside_hours_a_test_message_waits_for_somebody_who_insists(tmp_path: Path) -> None:
    seeds = open_all_hours(tmp_path)
    closed = Path(seeds["DONDOC_CALENDAR_FILE"])
    closed.write_text(closed.read_text(encoding="utf-8").replace("worked: true", "worked: false"), encoding="utf-8")
    office = CommandLine(tmp_path / "home", DONDOC_PREFECT_PORT="9", **seeds)
    office.does("init")
    assert "--force" in refused(office, "sending", "test", HOME)
    assert "đã ghi vào" in office.does("sending", "test", HOME, "--head", "--force")
    (path,) = (tmp_path / "home" / "mail" / "new").glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert "thu-truong.so-noi-vu@coquan.example" in str(mail["To"])


def test_a_policy_is_exported_changed_and_applied(live: CommandLine, tmp_path: Path) -> None:
    live.does("file", write_draft(tmp_path, draft(directive(HOME, "2026-12-30"), on="2026-11-20", number="5/TB-X")))
    live.does("round")
    path = tmp_path / "moi.yaml"
    live.does("policy", "export", str(path))
    assert live.does("policy") == path.read_text(encoding="utf-8")
    assert "đã có" in refused(live, "policy", "export", str(path))
    assert "không có gì thay đổi" in live.does("policy", "set", str(path))
    words = path.read_text(encoding="utf-8").replace("[7, 3, 1]", "[9, 4]")
    path.write_text(words, encoding="utf-8")
    assert "policy apply --to-open" in live.does("policy", "set", str(path))
    assert live.says("policy")["follow_up"]["remind_working_days_before"] == [9, 4]
    assert "1 thông báo" in live.does("policy", "apply", "--to-open", "--reason", "Quy chế mới")
    assert "không có gì thay đổi" in live.does("policy", "apply", "--to-open", "--reason", "Quy chế mới")
    path.write_text("office: {slots: [}", encoding="utf-8")
    assert "moi.yaml" in refused(live, "policy", "set", str(path))
    assert live.says("policy")["follow_up"]["remind_working_days_before"] == [9, 4]
