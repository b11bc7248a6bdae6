"""Reading, linting and filing a document at a terminal, as a clerk does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.office_at_work import CommandLine, write_draft
from tests.acceptance.terminal import at_terminal
from tests.story import directive, draft

NOTICE = """ỦY BAN NHÂN DÂN TỈNH
VĂN PHÒNG

Số: 52/TB-VPUB

Sông Lam, ngày 02 tháng 11 năm 2026

THÔNG BÁO

Kết luận của Chủ tịch Ủy ban nhân dân tỉnh tại cuộc họp về số hóa hồ sơ lưu trữ

Chủ tịch Ủy ban nhân dân tỉnh kết luận như sau:

1. Giao Sở Nội vụ:

- Trước ngày 11/12/2026, trình Ủy ban nhân dân tỉnh kế hoạch số hóa hồ sơ lưu trữ.

2. Giao Trung tâm Lưu trữ Sông Lam phối hợp với Sở Tài chính lập dự toán kinh phí, gửi trước ngày 18/12/2026.

3. Giao Sở Y tế báo cáo kết quả trong thời hạn 05 ngày kể từ khi có hướng dẫn của Bộ Y tế.

4. Giao Sở Tư pháp gửi danh mục văn bản trước ngày 31/11/2026.

Nơi nhận:
- Như mục 1 đến mục 4;
- Lưu: VT.

CHÁNH VĂN PHÒNG


Lê Thị Minh Châu
"""
NEWS = """Họp bàn về số hóa hồ sơ lưu trữ

Sáng nay, Chủ tịch Ủy ban nhân dân tỉnh đã chủ trì cuộc họp. Phát biểu tại cuộc họp, Chủ tịch đề nghị Sở Nội vụ
khẩn trương xây dựng kế hoạch số hóa hồ sơ lưu trữ và báo cáo Ủy ban nhân dân tỉnh.
"""
MENU = "[x] bỏ ?"


@pytest.fixture
def notice(tmp_path: Path) -> str:
    path = tmp_path / "thong-bao-52.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return str(path)


def lines(shown: str) -> str:
    """What was shown, as if on one line: where a terminal breaks it says nothing."""
    return " ".join(shown.split())


def test_reading_marks_in_the_text_who_and_by_when(live: CommandLine, notice: str) -> None:
    shown = lines(live.does("read", notice))
    assert "1. Giao <Sở Nội vụ>:" in shown
    assert "[1.1 {Trước ngày 11/12/2026}, trình" in shown
    assert "[2 Giao <Trung tâm Lưu trữ Sông Lam> phối hợp với ~Sở Tài chính~" in shown
    assert "[4.2 nhiệm vụ] · <chủ trì> · ~phối hợp~ · {thời hạn}" in shown


def test_reading_lists_the_first_late_moment_the_rule_and_how_sure_it_is(live: CommandLine, notice: str) -> None:
    shown = lines(live.does("read", notice))
    assert "thời hạn: trước ngày 11/12/2026, tức hết thứ Năm 10/12/2026" in shown
    assert "không gồm chính thời điểm đó" in shown
    assert "tin cậy 100%" in shown
    assert "Cơ quan chủ trì chưa có trong danh bạ" in shown
    assert "Tìm được 4 nhiệm vụ" in shown


def test_every_character_of_the_text_is_there_beside_the_signs(live: CommandLine, notice: str) -> None:
    shown = live.does("read", notice)
    plain = "".join(c for c in shown if c not in "[]<>{}~")
    for line in NOTICE.split():
        assert line.strip("[]") in plain


@pytest.mark.parametrize("settings", [{}, {"NO_COLOR": "1"}])
def test_a_terminal_of_80_columns_shows_colours_unless_it_is_asked_not_to(
    live: CommandLine, notice: str, settings: dict[str, str]
) -> None:
    with at_terminal(live, "read", notice, **settings) as terminal:
        assert terminal.ends() == 0
        assert max(map(len, terminal.shown.splitlines())) <= 80
        assert (b"\x1b[36m" in terminal.raw) is (not settings)
        assert ("{Trước ngày 11/12/2026}" in lines(terminal.shown)) is bool(settings)


def test_json_is_one_value_and_text_is_what_the_offsets_index(live: CommandLine, notice: str) -> None:
    read, text = live.says("read", notice), live.does("read", notice, "--text")
    assert all(text[one["start"] : one["end"]] == one["text"] for one in read["directives"])


def test_a_saved_draft_can_be_corrected_and_filed(live: CommandLine, notice: str, tmp_path: Path) -> None:
    saved = tmp_path / "ban-thao.json"
    live.does("read", notice, "--save-draft", str(saved))
    again = live.run("read", notice, "--save-draft", str(saved))
    assert (again.returncode, "đã có" in again.stderr) == (2, True)
    contents = json.loads(saved.read_text(encoding="utf-8"))
    contents["directives"] = [one for one in contents["directives"] if one["path"] != "2"]
    saved.write_text(json.dumps(contents), encoding="utf-8")
    live.does("file", str(saved))
    assert [row["path"] for row in live.says("status")] == ["1.1", "3", "4"]
    assert [one["event"] for one in live.says("event", "list")] == ["có hướng dẫn của Bộ Y tế"]


def test_what_is_uncertain_is_asked_then_the_whole_is_confirmed(live: CommandLine, notice: str) -> None:
    with at_terminal(live, "file", notice) as terminal:
        terminal.waits_for("3 trong 4 nhiệm vụ")
        terminal.waits_for("mục 2")
        terminal.answers(MENU, "")  # right but for the agency, which is not known
        terminal.waits_for("Trung tâm Lưu trữ Sông Lam")
        terminal.answers("gõ tên khác", "t")
        terminal.waits_for("mục 3")
        terminal.answers(MENU, "p")
        terminal.answers("Cơ quan phối hợp", "Sở Nội vụ; Sơ Tai chinh")
        terminal.answers(MENU, "")
        terminal.waits_for("không có thật")
        terminal.answers(MENU, "h")
        terminal.answers("Ngày cuối cùng còn trong hạn", "31/11/2026")
        terminal.waits_for("không có thật")
        terminal.answers("Ngày cuối cùng còn trong hạn", "30/11/2026")
        terminal.answers(MENU, "g")
        terminal.waits_for("Đã sửa mục: 3, 4.")
        terminal.answers("đưa vào sổ?", "y")
        assert terminal.ends() == 0
    due = {row["path"]: (row["agency"], row["due_before"]) for row in live.says("status")}
    assert due["2"] == ("Trung tâm Lưu trữ Sông Lam", "2026-12-18T00:00:00+07:00")
    assert due["4"] == ("Sở Tư pháp", "2026-12-01T00:00:00+07:00")
    assert live.says("audit", "verify")["first_broken"] is None


def test_a_wrong_lead_is_corrected_and_what_is_no_directive_dropped(live: CommandLine, notice: str) -> None:
    with at_terminal(live, "file", notice) as terminal:
        terminal.answers(MENU, "c")
        terminal.answers("Cơ quan chủ trì", "Sở Nội vu; Sở Y tế")
        terminal.waits_for("2  Sở Nội vụ; Sở Y tế")
        terminal.answers(MENU, "")
        terminal.answers(MENU, "x")
        terminal.answers(MENU, "b")
        terminal.waits_for("để biết")
        terminal.answers(MENU, "")
        terminal.answers("đưa vào sổ?", "y")
        assert terminal.ends() == 0
    agencies = [(row["path"], row["agency"]) for row in live.says("status")]
    assert agencies == [("1.1", "Sở Nội vụ"), ("2", "Sở Nội vụ"), ("2", "Sở Y tế"), ("4", "Sở Tư pháp")]


def test_a_name_that_is_nearly_right_is_offered(live: CommandLine, notice: str) -> None:
    with at_terminal(live, "file", notice) as terminal:
        terminal.answers(MENU, "c")
        terminal.answers("Cơ quan chủ trì", "Sở Nội vụu")
        terminal.waits_for("1  Sở Nội vụ")
        terminal.answers("gõ tên khác", "99")
        terminal.waits_for("Không hiểu lựa chọn")
        terminal.answers("gõ tên khác", "1")
        terminal.waits_for("2  Sở Nội vụ")


def test_whoever_does_not_decide_about_a_name_comes_back_to_the_item(live: CommandLine, notice: str) -> None:
    with at_terminal(live, "file", notice) as terminal:
        terminal.answers(MENU, "")
        terminal.answers("gõ tên khác", "")
        terminal.waits_for("2  Trung tâm Lưu trữ Sông Lam")
        terminal.answers(MENU, "c")
        terminal.answers("Cơ quan chủ trì", "Ban Mây trắng")
        terminal.answers("gõ tên khác", "")
        terminal.waits_for("2  Trung tâm Lưu trữ Sông Lam")
        terminal.answers(MENU, "x")
        terminal.answers(MENU, "")
        terminal.answers(MENU, "")
        terminal.waits_for("Đã bỏ mục: 2.")
        terminal.answers("đưa vào sổ?", "n")
        assert terminal.ends() == 130
    assert live.says("status") == []


def test_whoever_leaves_or_says_no_has_stored_nothing(live: CommandLine, notice: str) -> None:
    with at_terminal(live, "file", notice) as terminal:
        terminal.answers(MENU, "")
        terminal.answers("gõ tên khác", "t")
        terminal.waits_for(MENU)
        terminal.interrupts()
        assert terminal.ends() == 130
        assert "Traceback" not in terminal.shown
    assert live.says("status") == []
    assert live.run("agencies", "contact", "Trung tâm Lưu trữ Sông Lam", "--email", "a@b.vn").returncode == 2


def test_yes_files_nothing_where_a_person_has_to_decide(live: CommandLine, notice: str) -> None:
    done = live.run("file", notice, "--yes")
    assert done.returncode == 2
    assert "mục 2 (danh bạ chưa có Trung tâm Lưu trữ Sông Lam)" in done.stderr
    live.does("agencies", "add", "Trung tâm Lưu trữ Sông Lam")
    live.does("file", notice, "--yes")
    assert len(live.says("status")) == 4


def test_news_is_asked_about_item_by_item_and_needs_a_number_and_a_day(live: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "tin.txt"
    path.write_text(NEWS, encoding="utf-8")
    done = live.run("file", str(path), "--yes", "--number", "7/TB-VP", "--issued-on", "2026-11-02")
    assert (done.returncode, "tin về cuộc họp" in done.stderr) == (2, True)
    with at_terminal(live, "file", str(path)) as terminal:
        terminal.answers("Ngày ban hành", "2/11/2026")
        terminal.answers("Số, ký hiệu", "")
        terminal.answers("Số, ký hiệu", "7/TB-VP")
        terminal.waits_for("tin về cuộc họp")
        terminal.answers(MENU, "")
        terminal.answers("đưa vào sổ?", "y")
        assert terminal.ends() == 0
    assert [(row["conclusion"], row["agency"]) for row in live.says("status")] == [("7/TB-VP", "Sở Nội vụ")]


def test_an_event_is_listed_supplied_and_corrected(live: CommandLine, tmp_path: Path) -> None:
    wait = {"event": "có hướng dẫn", "count": 5, "unit": "working_day"}
    one = directive("Sở Y tế") | {"deadline": {"kind": "relative", "phrase": "trong 5 ngày …", "waits_for": wait}}
    live.does("file", write_draft(tmp_path, draft(one, on="2018-03-05", number="8/TB-X")))
    assert "có hướng dẫn" in live.does("event")
    assert "tức hết thứ Hai 19/3/2018" in lines(live.does("event", "supply", "8/TB-X", "--on", "12/3/2018"))
    assert live.says("event", "list") == []
    assert "tức hết thứ Ba 20/3/2018" in lines(live.does("event", "supply", "1", "--on", "2018-03-13 14:00"))
    assert [row["due_before"] for row in live.says("status")] == ["2018-03-21T00:00:00+07:00"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("event", "supply", "8/TB-X", "--on", "23/11/2026"), "8/TB-X"),
        (("event", "supply", "1", "--on", "23/11/2026"), "số 1"),
        (("event", "supply", "9" * 30, "--on", "23/11/2026"), "999"),
        (("event", "supply", "8/TB-X", "--on", "mai"), "mai"),
        (("lint", "khong-co.docx"), "khong-co.docx"),
        (("lint", "khong-co.json"), "khong-co.json"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(live: CommandLine, words: tuple[str, ...], says: str) -> None:
    done = live.run(*words)
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (2, "", 1)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_draft_is_linted_before_it_is_signed(live: CommandLine, notice: str) -> None:
    found = [(one["path"], one["code"]) for one in live.says("lint", notice)]
    assert found == [("2", "unknown_body"), ("3", "waits_for_event"), ("4", "impossible_date")]
    shown = live.does("lint", notice)
    assert "dondoc agencies add" in shown
    assert live.run("lint", notice, "--strict").returncode == 1
    assert ("2", "past") in [
        (one["path"], one["code"]) for one in live.says("lint", notice, "--issued-on", "2027-01-04")
    ]


@pytest.mark.parametrize("command", [("read",), ("file",), ("lint",), ("event", "list"), ("event", "supply")])
@pytest.mark.parametrize(("language", "example"), [("vi", "Ví dụ: dondoc"), ("en", "Example: dondoc")])
def test_every_command_has_an_example(tmp_path: Path, command: tuple[str, ...], language: str, example: str) -> None:
    office = CommandLine(tmp_path, DONDOC_LANGUAGE=language)
    assert example in office.does(*command, "--help")
