"""The letter and the weekly sheet at the terminal: what is written where, and what is never overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document

from cli.main import main
from domain.offices import the_office
from tests.story import OfficeStory, directive, draft

OURS, OTHERS = "Sở Nội vụ", "Sở Tài chính"


@pytest.fixture
def late(office: OfficeStory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> OfficeStory:
    """Work late at one agency, work in time at another; whoever sits at the terminal is in an empty folder."""
    office.files(
        draft(directive(OURS, "2018-03-09", path="4.2"), directive(OTHERS, "2018-03-23", path="5")), "2018-03-07 09:00"
    )
    office.waits_until("2018-03-19 09:00")
    with office.ledger.change(now=office.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated_at = office.now
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return office


def says(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit code and everything that a command printed."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main(list(words))
    shown = capsys.readouterr()
    return int(end.value.code or 0), shown.out + shown.err


def test_a_clerk_drafts_a_letter_and_never_loses_the_one_already_corrected(
    late: OfficeStory, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "cong-van-don-doc-so-noi-vu-2018-03-19.docx"
    code, shown = says(capsys, "letter", OURS)
    assert (code, name in shown, "1 việc quá hạn" in shown) == (0, True, True)
    Path(name).write_text("đã sửa tay")
    code, shown = says(capsys, "letter", OURS)
    assert (code, "--force" in shown, len(shown.strip().splitlines())) == (2, True, 1)
    assert Path(name).read_text() == "đã sửa tay"
    code, _ = says(capsys, "letter", OURS, "--force")
    assert code == 0
    assert Document(name).tables


def test_a_letter_goes_where_it_is_wanted(late: OfficeStory, capsys: pytest.CaptureFixture[str]) -> None:
    Path("thu").mkdir()
    code, shown = says(capsys, "letter", OURS, "--out", "thu", "--json")
    answer = json.loads(shown)
    assert code == 0
    assert answer == {
        "file": "thu/cong-van-don-doc-so-noi-vu-2018-03-19.docx",
        "agency": OURS,
        "obligations": [row.id for row in late.status(late.now) if row.agency == OURS],
    }
    code, _ = says(capsys, "letter", OURS, "--out", "moi/cong-van.docx")
    assert (code, Path("moi/cong-van.docx").is_file()) == (0, True)


def test_nothing_late_or_nobody_known_is_one_line(late: OfficeStory, capsys: pytest.CaptureFixture[str]) -> None:
    for agency, words in ((OTHERS, "không có việc nào quá hạn"), ("Sở Không Có Thật", "Sở Không Có Thật")):
        code, shown = says(capsys, "letter", agency)
        assert (code, words in shown, len(shown.strip().splitlines())) == (2, True, 1)
    assert list(Path().iterdir()) == []


def test_the_weekly_sheet_comes_as_paper_and_as_workbook(late: OfficeStory, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = says(capsys, "weekly", "--out", "giao-ban", "--json")
    answer = json.loads(shown)
    assert code == 0
    assert answer["files"] == ["giao-ban/giao-ban-2018-03-19.docx", "giao-ban/giao-ban-2018-03-19.xlsx"]
    assert (answer["week"], answer["late"], answer["this_week"], answer["waiting"]) == ("2018-03-19", 1, 1, 0)
    assert all(Path(name).stat().st_size for name in answer["files"])


def test_one_sheet_that_is_there_already_keeps_both_from_being_written(
    late: OfficeStory, capsys: pytest.CaptureFixture[str]
) -> None:
    says(capsys, "weekly", "--format", "xlsx")
    before = Path("giao-ban-2018-03-19.xlsx").read_bytes()
    code, shown = says(capsys, "weekly")
    assert (code, "giao-ban-2018-03-19.xlsx" in shown) == (2, True)
    assert [path.name for path in Path().iterdir()] == ["giao-ban-2018-03-19.xlsx"]
    assert Path("giao-ban-2018-03-19.xlsx").read_bytes() == before


def test_a_place_that_cannot_be_written_is_one_line(late: OfficeStory, capsys: pytest.CaptureFixture[str]) -> None:
    Path("tep").write_text("không phải thư mục")
    code, shown = says(capsys, "weekly", "--out", "tep")
    assert (code, "Không ghi được" in shown, len(shown.strip().splitlines())) == (2, True, 1)


def test_the_offices_own_template_is_used_and_a_broken_one_is_named(
    late: OfficeStory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = late.settings.letters_folder
    folder.mkdir(parents=True)
    paper = Document()
    paper.add_paragraph("Mẫu riêng gửi {{ recipient }}")
    paper.save(str(folder / "reminder.docx"))
    assert says(capsys, "letter", OURS, "--out", "a.docx")[0] == 0
    assert Document("a.docx").paragraphs[0].text == "Mẫu riêng gửi Sở Nội vụ"
    (folder / "reminder.docx").write_bytes(b"not Word")
    code, shown = says(capsys, "letter", OURS, "--out", "b.docx")
    assert (code, "reminder.docx" in shown, Path("b.docx").exists()) == (2, True, False)


@pytest.mark.parametrize("command", ["letter", "weekly"])
def test_help_shows_how_it_is_called(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = says(capsys, command, "--help")
    assert (code, f"dondoc {command}" in shown) == (0, True)
