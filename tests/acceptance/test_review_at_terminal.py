"""A review from opening to signed report at the command line: one side late and escalated, one report sent back."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from docx import Document

from config.clock import wall_clock
from config.settings import load_settings
from domain.founding import found_office
from domain.instants import at
from tests.acceptance.office_at_work import CommandLine, write_draft
from tests.story import directive, draft

HOME, FINANCE, FRONT = "Sở Nội vụ", "Sở Tài chính", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"
NUMBER = "03/QCPH-UBND-MTTQ"
TEXTS = {"results": "Đã họp bốn lần.", "limits": "Có việc còn chậm.", "plan": "Họp hằng quý."}


@pytest.fixture
def office(tmp_path: Path) -> CommandLine:
    """A simulated office in March 2018, with a regulation and a notice under it."""
    return made(tmp_path)


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The same, for tests after which nothing has changed."""
    return made(tmp_path_factory.mktemp("refusing"))


def made(tmp_path: Path) -> CommandLine:
    home = tmp_path / "home"
    home.mkdir()
    (home / "simulated").touch()
    since = at(wall_clock().date().replace(year=2018, month=3, day=1))
    ledger, _ = found_office(load_settings(home=home), wall_clock, name="Văn phòng", simulated=True, now=since)
    ledger.engine.dispose()
    office = CommandLine(home)
    title = "Quy chế phối hợp công tác giữa Ủy ban nhân dân tỉnh và Mặt trận Tổ quốc tỉnh"
    sides = ("--side", f"Ủy ban nhân dân tỉnh = {HOME}; {FINANCE}", "--side", FRONT)
    office.does("regulation", "add", NUMBER, "--on", "10/01/2017", "--title", title, *sides)
    contents = draft(
        directive(HOME, "2018-03-21", text="Giao Sở Nội vụ tham mưu kế hoạch tinh giản biên chế."),
        directive(FINANCE, "2018-03-26", path="2", text="Giao Sở Tài chính trả lời kiến nghị của cử tri xã Ea Kly."),
        on="2018-03-07",
        number="8/TB-X",
    )
    contents |= {"regulation": {"written": "Quy chế phối hợp", "number": NUMBER}}
    said = office.does("file", write_draft(tmp_path, contents), "--now", "2018-03-07T09:00")
    assert f"Thuộc quy chế phối hợp số {NUMBER}" in said
    office.does("round", "--now", "2018-03-07T09:00")
    return office


def answers(folder: Path, **texts: str) -> str:
    path = folder / "bao-cao.json"
    contents = {"texts": TEXTS | texts, "figures": {"meetings": "4", "papers": 12, "petitions_received": "1.234"}}
    path.write_text(json.dumps(contents, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_a_review_goes_from_opening_to_the_signed_report(office: CommandLine, tmp_path: Path) -> None:
    office.does("classify", "2", "--kind", "petition", "--raised-by", "Cử tri xã Ea Kly", "--now", "2018-03-07T10:00")
    office.does("report", "1", "--done", "--note", "Đã trình", "--now", "2018-03-20T09:00")
    office.does("verify", "1", "--accept", "--now", "2018-03-20T10:00")
    letter = tmp_path / "cong-van.docx"
    asked = ("review", "open", NUMBER, "--period", "2018-Q1", "--due", "06/4/2018", "--now", "2018-03-26T08:00")
    said = office.does(*asked, "--letter", str(letter))
    assert "Đã mở kỳ đánh giá 1" in said
    assert "ĐỀ CƯƠNG BÁO CÁO" in "\n".join(one.text for one in Document(str(letter)).paragraphs)
    assert "đã mở từ trước" in office.does(*asked)  # twice is once
    review = office.says("review", "status", "1", "--now", "2018-03-26T08:00")
    ids = {one["agency"]: str(one["obligation"]) for one in review["submissions"]}
    assert (review["asked"], review["reported"]) == (3, 0)

    # one agency reports, is sent back, and reports again
    office.does("round", "--now", "2018-03-26T08:00")
    skeleton = json.loads(office.does("review", "form", ids[HOME]))
    assert {"results", "limits", "plan"} <= set(skeleton["texts"])
    letter_of = ("--letter", "45/BC-SNV/28-3-2018", "--attach", answers(tmp_path))
    office.does(
        "review", "submit", ids[HOME], "--file", answers(tmp_path), *letter_of, "--by", "Bà Hoa", "--now", "2018-03-28"
    )
    office.does("review", "send-back", ids[HOME], "--reason", "Thiếu phụ lục", "--now", "2018-03-29T09:00")
    back = office.says("review", "show", ids[HOME], "--now", "2018-03-29T09:00")
    assert (back["state"], back["sent_back"]) == ("sent_back", "Thiếu phụ lục")
    office.does("round", "--now", "2018-03-29T14:00")
    again = answers(tmp_path, results="Đã họp năm lần.")
    office.does("review", "submit", ids[HOME], "--file", again, "--now", "2018-04-02T09:00")
    office.does("review", "accept", ids[HOME], "--now", "2018-04-02T10:00")
    office.does("review", "submit", ids[FRONT], "--file", again, "--now", "2018-04-03T09:00")
    office.does("review", "accept", ids[FRONT], "--now", "2018-04-03T10:00")

    # the other is late: told, then its head is told; it reports late
    for moment in ("2018-04-05T08:00", "2018-04-06T08:00", "2018-04-09T08:00", "2018-04-10T08:00"):
        office.does("round", "--now", moment)
    told = [
        (row["kind"], message["recipient"])
        for row in office.says("timeline", "01/YC-BC")
        for message in row["messages"]
        if row["agency"] == FINANCE
    ]
    assert ("overdue", FINANCE) in told
    assert ("escalate", f"Giám đốc {FINANCE}") in told
    assert office.says("review", "status", "--now", "2018-04-10T08:00")["reviews"][0]["late"] == 1
    office.does("review", "submit", ids[FINANCE], "--file", again, "--now", "2018-04-10T10:00")
    office.does("review", "accept", ids[FINANCE], "--now", "2018-04-10T11:00")
    late = office.says("review", "show", ids[FINANCE], "--now", "2018-04-10T11:00")
    assert (late["state"], late["late"]) == ("accepted", True)

    # compiled, looked at, signed; then frozen
    compiled = office.says("review", "compile", "1", "--out", str(tmp_path / "ban-1"), "--now", "2018-04-11T08:00")
    counts = compiled["figures"]["whole"]["tally"]["counts"]
    assert (counts["new"], counts["done_in_time"], counts["overdue"]) == (2, 1, 1)
    assert {row["key"]: row["tally"]["counts"]["overdue"] for row in compiled["figures"]["by_kind"]} == {
        "petition": 1,
        "task": 0,
    }
    report = next(path for path in compiled["files"] if path.endswith(".docx") and "bao-cao" in path)
    text = "\n".join(one.text for one in Document(report).paragraphs)
    assert "1 hoàn thành đúng hạn, đạt 50,0%" in text
    assert f"Gửi báo cáo sau thời hạn: {FINANCE}." in text
    assert "Đã họp năm lần." in text
    assert "Kiến nghị của cử tri: 1; đã giải quyết, trả lời 0" in text
    number = str(compiled["compilation"])
    assert "ký duyệt" in office.does("review", "sign", number, "--note", "Đồng ý", "--now", "2018-04-11T09:00")
    office.does("report", "2", "--done", "--note", "Đã trả lời", "--now", "2018-04-12T09:00")
    first, second = (_papers(office, number, tmp_path / name, "2018-04-20") for name in ("a", "b"))
    assert first == second
    refused = office.run("review", "sign", number, "--now", "2018-04-12T10:00")
    assert (refused.returncode, "ký duyệt" in refused.stderr) == (2, True)
    assert office.says("review", "compile", "1", "--now", "2018-04-12T10:00")["version"] == 2
    assert "lần 1" in office.does("review", "status", "1", "--now", "2018-04-12T10:00")
    assert "toàn vẹn" in office.does("audit", "verify") or office.run("audit", "verify").returncode == 0


def _papers(office: CommandLine, number: str, folder: Path, now: str) -> dict[str, str]:
    office.does("review", "papers", number, "--out", str(folder), "--now", now)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_month_of_the_whole_office_is_compiled_the_same_way(office: CommandLine, tmp_path: Path) -> None:
    said = office.does("review", "compile", "--period", "2018-03", "--now", "2018-04-02T08:00")
    assert "toàn văn phòng" in said
    assert "Trong tổng số 2 phần việc" in said
    compiled = office.says(
        "review", "compile", "--period", "2018-03", "--regulation", NUMBER, "--now", "2018-04-02T08:00"
    )
    assert compiled["figures"]["regulation"] == NUMBER


def test_the_data_behind_the_figures_can_be_counted_again(office: CommandLine, tmp_path: Path) -> None:
    office.does("review", "data", "--out", str(tmp_path / "csv"))
    with (tmp_path / "csv" / "obligations.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["assigned_at"] for row in rows] == ["2018-03-07T09:00:00+07:00"] * 2


def test_regulations_are_listed_shown_linked_replaced_and_scheduled(office: CommandLine) -> None:
    assert [one["number"] for one in office.says("regulation", "list")] == [NUMBER]
    shown = office.says("regulation", "show", NUMBER)
    assert [side["name"] for side in shown["sides"]] == ["Ủy ban nhân dân tỉnh", FRONT]
    assert [one["number"] for one in shown["conclusions"]] == ["8/TB-X"]
    assert "không thuộc quy chế nào" in office.does("regulation", "link", "8/TB-X", "--none")
    assert "thuộc quy chế số" in office.does("regulation", "link", "8/TB-X", NUMBER)
    said = office.does("regulation", "schedule", NUMBER, "--opens", "01/11", "--due", "15/12", "--now", "2018-03-08")
    assert "01/11/2018" in said
    assert len(office.says("regulation", "show", NUMBER)["opens"]) == 1
    office.does("regulation", "unschedule", NUMBER)
    new = ("--title", "Quy chế mới", "--side", f"Ủy ban nhân dân tỉnh = {HOME}", "--side", FRONT)
    office.does("regulation", "add", "9/QC", "--on", "01/4/2018", *new, "--replaces", NUMBER)
    assert office.says("regulation", "show", NUMBER)["term_to"] == "2018-03-31"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("review", "open", "khong-co", "--period", "2018", "--due", "15/12/2018"), "khong-co"),
        (("review", "open", NUMBER, "--period", "20x8", "--due", "15/12/2018"), "20x8"),
        (("review", "open", NUMBER, "--period", "2018", "--due", "31/02/2018"), "31/02/2018"),
        (("review", "open", NUMBER, "--period", "2018", "--due", "01/02/2018"), "01/02/2018"),
        (("review", "status", "99"), "99"),
        (("review", "compile"), "--period"),
        (("review", "compile", "99"), "99"),
        (("review", "compile", "--period", "2030"), "2030"),
        (("review", "sign", "99"), "99"),
        (("review", "papers", "99"), "99"),
        (("review", "form", "1"), "1"),
        (("review", "submit", "1", "--file", "khong-co.json"), "khong-co.json"),
        (("regulation", "add", "x", "--on", "1/1/2018", "--title", "y", "--side", "A"), "hai bên"),
        (("regulation", "show", "99"), "99"),
        (("regulation", "link", "8/TB-X"), "--none"),
        (("regulation", "schedule", NUMBER, "--opens", "31/02", "--due", "1/1"), "31/02"),
        (("classify", "1"), "--kind"),
        (("classify", "1", "--field", "không có"), "không có"),
        (("report", "1", "--done", "--note", "x", "--cause", "lười"), "lười"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_two(
    refusing: CommandLine, words: tuple[str, ...], says: str
) -> None:
    refused = refusing.run(*words)
    assert refused.returncode == 2, refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert says in refused.stderr
    assert "Traceback" not in refused.stderr
