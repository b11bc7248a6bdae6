"""Bad input: one clear line, exit code 2, nothing stored, no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.office_at_work import CommandLine, write_draft
from tests.story import directive, draft

GOOD = draft(directive("Sở Nội vụ", "2026-12-10"), on="2026-11-20", number="5/TB-X")


def refused(office: CommandLine, *words: str) -> str:
    """The one line with which a command refuses."""
    done = office.run(*words)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("rong.txt", b"", "không có chữ"),
        ("anh.txt", b"\x00\x01\x02\xff" * 100, "anh.txt"),
        ("ky.pdf", b"%PDF-1.7\n...", "ky.pdf bị hỏng"),
        ("van-ban.docx", b"PK\x03\x04....", "van-ban.docx bị hỏng"),
        ("van-ban.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lưu thành .docx"),
        ("mat.txt", "TỐI MẬT\nTHÔNG BÁO\n1. Giao Sở Y tế báo cáo.\n".encode(), "độ mật"),
        ("tho.txt", "Trời hôm nay đẹp, không giao việc gì cho ai cả.\n".encode(), "nhiệm vụ"),
    ],
)
def test_a_document_that_is_no_notice_is_refused_in_one_line(
    live: CommandLine, tmp_path: Path, name: str, contents: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(contents)
    assert words in refused(live, "file", str(path), "--yes")
    assert live.says("status") == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"issued_on": "2026-02-31"}, "issued_on"),
        (
            {"directives": [directive("Sở Nội vụ") | {"deadline": {"kind": "date", "due_before": "2026-02-31"}}]},
            "due_before",
        ),
        ({"directives": [directive("Sở Nội vụ"), directive("Sở Hàng không vũ trụ", path="2")]}, "Hàng không vũ trụ"),
        ({"directives": []}, "nhiệm vụ"),
        ({"number": None}, "--number"),
        ({"surprise": 1}, "surprise"),
        ({"number": "9" * 10_000}, "ký hiệu"),
        ({"number": "5/TB\nX"}, "ký hiệu"),
        ({"number": "5/TB\0X"}, "0000"),
        ({"issued_on": "0001-01-01"}, "0001-01-01"),
        ({"directives": [directive("Sở Nội vụ") | {"deadline": {"due_before": "9999-12-31T23:59:59Z"}}]}, "31/12/9999"),
    ],
)
def test_a_draft_with_something_wrong_is_refused_and_nothing_is_stored_halfway(
    live: CommandLine, tmp_path: Path, change: dict[str, object], words: str
) -> None:
    path = tmp_path / "sai.json"
    path.write_text(json.dumps(GOOD | change), encoding="utf-8")
    assert words in refused(live, "file", str(path))
    assert live.says("status") == []
    assert live.says("timeline") == []


def test_a_draft_that_is_no_json_is_refused(live: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "sai.json"
    path.write_text("{", encoding="utf-8")
    assert "sai.json" in refused(live, "file", str(path))


def test_a_missing_file_is_refused(live: CommandLine) -> None:
    assert "khong-co.txt" in refused(live, "file", "khong-co.txt", "--yes")
    assert "khong-co.json" in refused(live, "file", "khong-co.json")


def test_filing_twice_is_once_and_other_contents_are_a_question(live: CommandLine, tmp_path: Path) -> None:
    live.does("file", write_draft(tmp_path, GOOD))
    assert "đã có trong sổ" in live.does("file", write_draft(tmp_path, GOOD))
    other = GOOD | {"directives": [directive("Sở Y tế", "2026-12-10")]}
    assert "đính chính hay bản thay thế?" in refused(live, "file", write_draft(tmp_path, other))
    assert [row["agency"] for row in live.says("status")] == ["Sở Nội vụ"]


def test_filing_without_prefect_succeeds_and_says_so(live: CommandLine, tmp_path: Path) -> None:
    assert "dondoc up" in live.does("file", write_draft(tmp_path, GOOD))
    assert "dondoc up" in refused(live, "reconcile")


def test_filing_a_text_asks_unless_a_person_has_checked_it(live: CommandLine) -> None:
    sample = Path("cli/samples/thong-bao-31.txt").resolve()
    done = live.run("file", str(sample))
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert live.says("status") == []


@pytest.mark.parametrize(
    "words", [("status",), ("timeline",), ("round",), ("reconcile",), ("outbox",), ("audit", "verify"), ("agencies",)]
)
def test_a_missing_office_is_an_error_that_names_init(tmp_path: Path, words: tuple[str, ...]) -> None:
    nowhere = CommandLine(tmp_path / "nowhere")
    assert "dondoc init" in refused(nowhere, *words)
    assert not (tmp_path / "nowhere").exists()


def test_a_broken_policy_makes_no_office(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("office: {slots: []}\n", encoding="utf-8")
    office = CommandLine(tmp_path / "home", DONDOC_POLICY_FILE=str(policy))
    assert "policy.yaml" in refused(office, "init")
    assert not (tmp_path / "home" / "dondoc.db").exists()


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "DONDOC_HOME" in refused(CommandLine(tmp_path / "file" / "home"), "init")


def test_the_future_is_refused_on_a_live_office(live: CommandLine) -> None:
    assert "replay" in refused(live, "round", "--now", "2099-01-01")


@pytest.mark.parametrize(
    ("name", "value"), [("DONDOC_PREFECT_PORT", "many"), ("DONDOC_LANGUAGE", "fr"), ("DONDOC_POLL_SECONDS", "0")]
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert name in refused(CommandLine(tmp_path / "home", **{name: value}), "init")


def test_a_database_that_is_not_there_is_said(tmp_path: Path) -> None:
    office = CommandLine(tmp_path / "home", DONDOC_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert "DONDOC_DATABASE_URL" in refused(office, "init")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("report", "1", "--note", "x"), "--done"),
        (("report", "1", "--done", "--note", " "), "--note"),
        (("report", "99", "--done", "--note", "x"), "99"),
        (("report", "1", "--done", "--note", "x", "--letter", "5"), "123/BC-SNV"),
        (("report", "1", "--done", "--note", "x", "--letter", "5/BC/31-2-2026"), "31-2-2026"),
        (("report", "1", "--progress", "120", "--note", "x"), "120"),
        (("report", "1", "--done", "--note", "x", "--attach", "khong-co"), "khong-co"),
        (("extend", "1", "--last-day", "2026-11-01", "--reason", "x"), "sau hạn"),
        (("status", "--now", "hôm qua"), "hôm qua"),
        (("extend", "1", "--last-day", "9999-12-31", "--reason", "x"), "9999-12-31"),
        (("timeline", "404/TB-X"), "404/TB-X"),
        (("agencies", "contact", "Sở Nội vụ", "--email", "không phải"), "không phải"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line(
    live: CommandLine, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    live.does("file", write_draft(tmp_path, GOOD))
    before = live.says("status")
    assert says in refused(live, *words)
    assert live.says("status") == before
