"""Looking ahead at the terminal: `forecast`, `sheet` and `explain` as people call them, on a live office."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from config.clock import wall_clock
from tests.acceptance.office_at_work import CommandLine, write_draft
from tests.story import directive, draft

HOME, FINANCE = "Sở Nội vụ", "Sở Tài chính"


def rows(office: CommandLine) -> list[str]:
    """Everything in the ledger, as SQL."""
    connection = sqlite3.connect(office.home / "dondoc.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def files(office: CommandLine, folder: Path, *directives: dict[str, object], number: str = "31/TB-X") -> None:
    today = wall_clock().date().isoformat()
    office.does("file", write_draft(folder, draft(*directives, on=today, number=number)))


def in_days(days: int) -> str:
    return wall_clock().add(days=days).date().isoformat()


def test_a_forecast_of_a_live_office_leaves_its_ledger_and_its_mail_server_alone(
    live: CommandLine, tmp_path: Path
) -> None:
    live.settings["DONDOC_SMTP_URL"] = "smtp://127.0.0.1:9"  # nobody listens there
    live.does("sending", "start")
    files(live, tmp_path, directive(HOME, in_days(3)))
    live.run("round")  # the mail stays in the outbox
    before = rows(live)
    assert [one["status"] for one in live.says("outbox")] == ["queued"]
    messages = live.says("forecast", "--days", "10")
    assert rows(live) == before
    assert next(one["kind"] for one in messages if one["recipient"] == HOME) == "assign"
    assert {"overdue", "escalate"} <= {one["kind"] for one in messages}
    assert all(one["conclusions"] == ["31/TB-X"] and one["obligations"] == [1] for one in messages)
    assert all(one["at"].endswith("+07:00") for one in messages)
    assert not list(live.home.rglob("*.eml"))


def test_a_new_office_is_told_that_what_it_looks_at_reaches_only_its_own_mailbox(
    live: CommandLine, tmp_path: Path
) -> None:
    files(live, tmp_path, directive(HOME, in_days(3)))
    said = live.does("forecast", "--days", "5")
    assert "đang chạy thử" in said
    assert "cơ quan thực hiện" in said
    live.does("sending", "stop", "--reason", "Kiểm tra danh bạ")
    assert "đang dừng gửi" in live.does("sheet")
    live.does("sending", "start")
    assert "đang" not in live.does("sheet").splitlines()[0]


def test_the_sheet_of_the_day_holds_what_goes_out_and_what_somebody_can_do_about_it(
    live: CommandLine, tmp_path: Path
) -> None:
    files(live, tmp_path, directive(HOME, in_days(1)), directive(FINANCE, in_days(9), path="2"))
    live.does("round")
    live.does("extend", "2", "--ask", "--last-day", in_days(20), "--reason", "Chờ số liệu")
    sheet = live.says("sheet")
    assert set(sheet) == {"today", "tomorrow_escalates", "may_hold", "held", "waits_for_office"}
    assert [(one["kind"], one["obligation"], one["agency"]) for one in sheet["waits_for_office"]] == [
        ("decide", 2, FINANCE)
    ]
    overdue = next(one["id"] for one in sheet["may_hold"] if one["kind"] == "overdue")
    live.does("hold", str(overdue), "--reason", "Chờ ý kiến Chủ tịch")
    assert [one["id"] for one in live.says("sheet")["held"]] == [overdue]
    printed = live.does("sheet")
    for words in ("Hôm nay sẽ gửi", "dondoc hold MỐC", "Đang giữ", "chờ quyết định gia hạn"):
        assert words in printed


def test_explain_prints_the_account_under_headings_and_as_json(live: CommandLine, tmp_path: Path) -> None:
    files(live, tmp_path, directive(HOME, in_days(5)))
    live.does("round")
    printed = live.does("explain", "1")
    for heading in ("Nhiệm vụ", "Thời hạn", "Đã qua", "Tiếp theo"):
        assert heading in printed
    lines = live.says("explain", "1")
    assert set(lines[0]) == {"at", "kind", "text"}
    assert lines[-1]["kind"] == "next"
    live.settings["DONDOC_LANGUAGE"] = "en"
    assert "The notice says" in live.does("explain", "1")


def test_a_notice_whose_number_looks_like_markup_is_printed_as_it_is(live: CommandLine, tmp_path: Path) -> None:
    number = "3[/b]/TB-[red]X"
    files(live, tmp_path, directive(HOME, in_days(1), path="[/b]1"), number=number)
    live.does("round")
    for words in (("forecast",), ("sheet",), ("explain", "1"), ("status",), ("timeline",), ("outbox",)):
        assert "[/b]" in live.does(*words)
