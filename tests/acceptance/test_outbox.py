"""The outbox, previews and papers at the command line, as an operator calls them."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from tests.acceptance.office_at_work import CommandLine
from tests.acceptance.test_desk import refused


def test_a_simulated_office_shows_each_message_with_its_attempts_and_its_text(simulated: CommandLine) -> None:
    (first, *_) = simulated.says("outbox", "list", "--status", "sent")
    shown = simulated.says("outbox", "show", str(first["id"]))
    assert shown["tries"][0]["outcome"] == "sent"
    assert shown["text"].startswith("Kính gửi: ")
    assert "[liên kết trả lời]" in shown["text"]
    words = simulated.does("outbox", "show", str(first["id"]))
    assert first["recipient"] in words
    assert "đã gửi" in words


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("outbox", "show", "999"), "Không có tin số 999; xem dondoc outbox."),
        (("outbox", "list", "--status", "lost"), "Không có tình trạng “lost”; chọn một trong:"),
        (("message", "preview", "nonsense"), "Không có loại tin “nonsense”; chọn một trong:"),
        (("letter", "Sở Tài chính"), "không có việc nào quá hạn; không cần công văn đôn đốc."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(simulated: CommandLine, words: tuple[str, ...], line: str) -> None:
    assert line in refused(simulated, *words)


def test_a_message_that_has_gone_is_neither_held_nor_sent_again(simulated: CommandLine) -> None:
    number = str(simulated.says("outbox")[0]["id"])
    assert "không ở tình trạng chờ gửi" in refused(simulated, "outbox", "hold", number)
    assert "không gửi lại" in refused(simulated, "outbox", "retry", number)


def test_a_letter_and_a_weekly_sheet_are_written_once_and_never_over_a_file(
    simulated: CommandLine, tmp_path: Path
) -> None:
    late = ("--now", "2018-05-02 09:00")
    simulated.does("round", *late)
    agency = next(row["agency"] for row in simulated.says("status", *late) if row["standing"] == "overdue")
    path = tmp_path / "cong-van.docx"
    made = simulated.says("letter", agency, "--out", str(path), *late)
    assert made["agency"] == agency
    assert any(agency in one.text for one in Document(str(path)).paragraphs)
    assert "đã có; thêm --force" in refused(simulated, "letter", agency, "--out", str(path), *late)
    week = simulated.says("weekly", "--out", str(tmp_path / "giao-ban"), *late)
    assert [Path(one).name for one in week["files"]] == ["giao-ban-2018-04-30.docx", "giao-ban-2018-04-30.xlsx"]
    overdue = sum(row["standing"] == "overdue" for row in simulated.says("status", *late))
    assert week["late"] == overdue


def test_a_preview_needs_no_office_and_writes_no_file_twice(tmp_path: Path) -> None:
    nowhere = CommandLine(tmp_path / "none")
    path = tmp_path / "thu.html"
    nowhere.does("message", "preview", "overdue", "--form", "html", "--into", str(path))
    assert "QUÁ HẠN" in path.read_text(encoding="utf-8")
    assert "Không ghi được" in refused(nowhere, "message", "preview", "overdue", "--into", str(path))
    assert nowhere.says("message", "preview", "assign", "--form", "chat")["kind"] == "assign"
