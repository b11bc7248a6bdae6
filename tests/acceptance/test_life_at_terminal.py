"""An obligation's life through the command line, from acknowledgement to closing, and every way to say no."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.office_at_work import CommandLine, write_draft
from tests.acceptance.test_bad_input import refused
from tests.story import directive, draft

HOME, FINANCE, HEALTH = "Sở Nội vụ", "Sở Tài chính", "Sở Y tế"


def states(office: CommandLine, now: str) -> dict[int, str]:
    return {row["id"]: row["state"] for row in office.says("status", "--now", now)}


def test_an_obligation_lives_from_acknowledgement_to_verification(simulated: CommandLine) -> None:
    def on(day: int) -> tuple[str, str]:
        return "--now", f"2018-03-{day:02}T10:00"

    assert "tiếp nhận phần việc số 1" in simulated.does("acknowledge", "1", "--by", "Văn thư", *on(7))
    asked = simulated.does("extend", "1", "--ask", "--last-day", "30/3/2018", "--reason", "Chờ số liệu", *on(8))
    assert "tức hết thứ Sáu 30/3/2018" in asked
    granted = simulated.does("extend", "1", "--last-day", "27/3/2018", "--reason", "Đến 27/3 là đủ", *on(9))
    assert "tức hết thứ Ba 27/3/2018" in granted
    assert "dondoc verify 1" in simulated.does("report", "1", "--done", "--note", "Đã trình", *on(12))
    assert states(simulated, "2018-03-12T10:00")[1] == "reported"
    simulated.does("verify", "1", "--reject", "--reason", "Thiếu phụ lục", *on(13))
    assert states(simulated, "2018-03-13T10:00")[1] == "in_progress"
    simulated.does("report", "1", "--done", "--note", "Đã bổ sung", *on(14))
    simulated.does("verify", "1", "--accept", *on(15))
    rows = {row["id"]: row for row in simulated.says("status", "--now", "2018-03-16")}
    assert (rows[1]["state"], rows[1]["standing"]) == ("done", "done_in_time")
    assert rows[1]["closed_at"] == "2018-03-15T10:00:00+07:00"
    told = "\n".join(line["text"] for line in simulated.says("explain", "1"))
    for words in ("gia hạn ngắn hơn đề nghị", "Thiếu phụ lục", "Văn thư" if "Văn thư" in told else "tiếp nhận"):
        assert words in told
    assert "nguyên vẹn" in simulated.does("audit", "verify")


def test_work_is_returned_insisted_on_given_to_another_linked_and_closed(simulated: CommandLine) -> None:
    now = ("--now", "2018-03-08T10:00")
    simulated.does("return", "1", "--reason", "Thuộc Sở Y tế", "--by", HOME, *now)
    assert [task["kind"] for task in simulated.says("sheet", *now)["waits_for_office"]] == ["take_back"]
    simulated.does("reassign", "1", "--insist", "--reason", "Đúng chức năng", *now)
    said = simulated.does("reassign", "1", "--to", HEALTH, "--reason", "Đã thống nhất", *now)
    assert "phần việc số 4 thay cho số 1" in said
    assert 1 not in states(simulated, "2018-03-08T11:00")
    assert "Đã thôi" in simulated.does("status", "--all", "--now", "2018-03-08T11:00")
    simulated.does("correct", "4", "--last-day", "23/3/2018", "--reason", "Đọc nhầm", *now)
    assert "2, 4" in simulated.does("link", "2", "4", *now)
    simulated.does("ask", "3", "--note", "Phục vụ giao ban", *now)
    assert "2, 4" in simulated.does("close", "2", "--reason", "Đã bàn giao", *now)
    simulated.does("cancel", "3", "--reason", "Thông báo khác thay thế", *now)
    assert states(simulated, "2018-03-08T11:00") == {2: "done", 4: "done"}
    simulated.does("round", "--now", "2018-03-08T14:00")
    kinds = {(one["recipient"], one["kind"]) for one in simulated.says("outbox")}
    assert {(HOME, "released"), (FINANCE, "released")} <= kinds


def test_a_checkpoint_is_held_and_let_go_by_its_number(simulated: CommandLine) -> None:
    sheet = simulated.says("sheet", "--now", "2018-03-20T07:00")
    number = next(one["id"] for one in sheet["may_hold"] if one["kind"] == "due")
    simulated.does("hold", str(number), "--reason", "Chờ ý kiến Chủ tịch", "--now", "2018-03-20T07:30")
    held = simulated.says("sheet", "--now", "2018-03-20T07:40")["held"]
    assert [one["id"] for one in held] == [number]
    assert "Thôi giữ" in simulated.does("hold", "--off", str(number), "--now", "2018-03-20T08:30")


def test_a_filing_is_undone_within_a_quarter_of_an_hour_and_the_number_is_free(
    simulated: CommandLine, tmp_path: Path
) -> None:
    said = simulated.does("undo", "8/TB-X", "--reason", "Nhầm tệp", "--now", "2018-03-07T09:10")
    assert "3 cơ quan đã nhận tin" in said
    assert simulated.says("status") == []
    contents = draft(directive(HOME, "2018-03-21"), on="2018-03-07", number="8/TB-X")
    assert "Đã vào sổ" in simulated.does("file", write_draft(tmp_path, contents), "--now", "2018-03-07T09:20")


def test_the_forecast_is_a_list_in_time_order(simulated: CommandLine) -> None:
    messages = simulated.says("forecast", "--days", "20", "--now", "2018-03-08")
    assert [one["at"] for one in messages] == sorted(one["at"] for one in messages)
    assert {"recipient", "role", "kind", "subject", "conclusions", "obligations", "at"} == set(messages[0])
    assert any(one["kind"] == "escalate" for one in messages)
    assert "tin trong 20 ngày" in simulated.does("forecast", "--days", "20", "--now", "2018-03-08")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("verify", "1", "--accept"), "không chấp nhận báo cáo được"),
        (("verify", "1"), "--accept hoặc --reject"),
        (("verify", "99999999999999999999", "--accept"), "không phải số"),
        (("verify", "77", "--accept"), "Không có phần việc số 77"),
        (("extend", "1", "--grant", "--reason", "x"), "không có đề nghị gia hạn"),
        (("extend", "1", "--ask", "--reason", "x"), "--last-day"),
        (("extend", "1", "--ask", "--refuse", "--reason", "x"), "Chỉ chọn một"),
        (("extend", "1", "--last-day", "01/3/2018", "--reason", "x"), "phải sau hạn hiện nay"),
        (("extend", "2", "--last-day", "01/5/2018", "--reason", "x"), "không ấn định ngày"),
        (("extend", "1", "--last-day", "01/5/2018", "--reason", " "), "lý do"),
        (("return", "1", "--reason", ""), "lý do"),
        (("reassign", "1", "--reason", "x"), "--to CƠ_QUAN hoặc --insist"),
        (("reassign", "1", "--insist", "--reason", "x"), "Đã giao"),
        (("reassign", "1", "--to", "Sở Hàng không", "--reason", "x"), "Sở Hàng không"),
        (("reassign", "1", "--to", HOME, "--reason", "x"), "chính việc này"),
        (("correct", "1", "--reason", "x"), "đúng một"),
        (("correct", "3", "--undated", "--reason", "x"), "lặp lại theo kỳ"),
        (("correct", "1", "--last-day", "20/3/2018", "--reason", "x"), "không có gì để đính chính"),
        (("link", "1"), "ít nhất hai"),
        (("link", "--off", "1"), "không liên kết"),
        (("approve", "1"), "chờ duyệt"),
        (("hold", "1", "--reason", "x"), "không còn ở phía trước"),
        (("hold", "--off", "1"), "không bị giữ"),
        (("hold", "999", "--reason", "x"), "Không có mốc số 999"),
        (("undo", "8/TB-X", "--reason", "x", "--now", "2018-03-07T09:15"), "quá 15 phút"),
        (("undo", "9/TB-X", "--reason", "x"), "9/TB-X"),
        (("explain", "77"), "Không có phần việc số 77"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(simulated: CommandLine, words: tuple[str, ...], why: str) -> None:
    assert why in refused(simulated, *words)
