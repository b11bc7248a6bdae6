"""Papers that an office signs or lays on the table: they say what the ledger knows, in the form of Decree 30."""

from __future__ import annotations

import io
import random
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from docx import Document
from sqlmodel import col, select

from domain.actors import By
from domain.agencies import agency_names, find_agency
from domain.audit import AuditEntry
from domain.errors import Refusal
from domain.figures import figures
from domain.life.extensions import ask, extend
from domain.life.verification import accept
from domain.obligations import Standing
from domain.reports import COMPLETE, Said, report
from domain.written import parse_moment
from notifications.outbox import Message, Status
from notifications.papers.decree30 import JUSTIFIED
from notifications.papers.filling import MOST_BYTES, fill_paper
from notifications.papers.making_templates import FOLDER, PAPERS
from notifications.papers.reminder import Reminded, ReminderLetter, reminded, reminder_letter
from notifications.papers.week import Week, week_of
from notifications.papers.weekly import summary, weekly_book, weekly_paper
from tests.story import OfficeStory, directive, draft

OURS, FRONT = "Sở Nội vụ", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"
EVIL = '=HYPERLINK("https://xau.example") {{ 7*7 }} <w:p/> & \u202e' + "Đ" * 10_000


@pytest.fixture
def late(office: OfficeStory) -> OfficeStory:
    """Two pieces of work late since March, one due this week, one next week."""
    office.files(
        draft(
            directive(OURS, "2018-03-09", path="4.2", text=EVIL),
            directive(OURS, "2018-03-12", path="4.10"),
            directive(OURS, "2018-03-23", path="5"),
            directive("Sở Tài chính", "2018-03-29", path="6"),
            directive(FRONT, "2018-03-09", path="7", authority="request"),
            number="489/TB-VP",
        ),
        "2018-03-07 09:00",
    )
    office.waits_until("2018-03-19 09:00")
    return office


def letter(office: OfficeStory, agency: str = OURS, folder: Path | None = None) -> ReminderLetter:
    with office.ledger.look() as session:
        body = find_agency(session, office.ledger.office_id, agency)
        return reminder_letter(session, office.ledger.office_id, body, office.now, folder)


def week(office: OfficeStory) -> Week:
    with office.ledger.look() as session:
        return week_of(session, office.ledger.office_id, office.now)


def weekly_words(office: OfficeStory) -> str:
    with office.ledger.look() as session:
        return words_of(weekly_paper(session, office.ledger.office_id, week(office), office.now))


def words_of(contents: bytes) -> str:
    """Everything a reader sees, tables included."""
    paper = Document(io.BytesIO(contents))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_a_reminder_letter_names_what_is_overdue_since_when_and_how_often_it_was_asked_for(late: OfficeStory) -> None:
    made = letter(late)
    words = words_of(made.contents)
    overdue = [row.id for row in late.status(late.now) if row.standing == Standing.OVERDUE and row.agency == OURS]
    assert list(made.works) == overdue
    assert "Kính gửi: Sở Nội vụ" in words
    assert "còn 2 nhiệm vụ được giao đã quá thời hạn" in words
    assert "Thông báo số" in words
    assert "489/TB-VP ngày 07/3/2018, mục 4.10" in words
    assert "trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018" in words
    assert "gần nhất ngày" in words
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert made.name == "cong-van-don-doc-so-noi-vu-2018-03-19.docx"


def test_those_who_are_asked_are_not_ordered(late: OfficeStory) -> None:
    words = words_of(letter(late, FRONT).contents)
    assert "còn 1 nội dung đã đề nghị quý cơ quan phối hợp chưa được ghi nhận kết quả" in words
    assert "V/v đề nghị cho biết kết quả thực hiện" in words
    for order in ("khẩn trương", "nhiệm vụ", "yêu cầu", "được giao", "đôn đốc", "Quá hạn", "Văn bản giao"):
        assert order not in words


def test_an_order_and_a_request_to_one_agency_stand_in_two_lists(late: OfficeStory) -> None:
    late.files(draft(directive(OURS, "2018-03-16", path="2", authority="request"), number="512/TB-VP"))
    paper = Document(io.BytesIO(letter(late).contents))
    heads = [[cell.text for cell in table.rows[0].cells] for table in paper.tables[1:3]]
    assert [head[1] for head in heads] == ["Văn bản giao", "Văn bản"]
    assert [head[-1] for head in heads] == ["Đã đôn đốc", "Đã trao đổi"]
    assert [len(table.rows) for table in paper.tables[1:3]] == [3, 2]


def test_an_agency_was_reminded_on_the_days_it_really_was(late: OfficeStory) -> None:
    """Assigned on the 7th (urges nobody), due on the 8th, overdue on the 9th, then officer and head on the 12th."""
    assert late.told("Sở Nội vụ")[:2] == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn"]
    with late.ledger.look() as session:
        ours = find_agency(session, late.ledger.office_id, OURS)
        first = reminded(session, ours.id or 0, late.now)[1]
        sooner = reminded(session, ours.id or 0, parse_moment("2018-03-10 09:00"))[1]
    assert first == Reminded(3, date(2018, 3, 12))
    assert sooner == Reminded(2, date(2018, 3, 9))
    assert "3 lần, gần nhất ngày 12/3/2018" in words_of(letter(late).contents)


def test_what_was_sent_elsewhere_or_has_failed_did_not_remind(late: OfficeStory) -> None:
    with late.ledger.change(now=late.now, actor="test") as change:
        messages = change.session.exec(select(Message).where(Message.kind != "assign").order_by(col(Message.id))).all()
        for place, one in enumerate(messages):
            one.diverted_to, one.status = ("thu@vanphong.example", one.status) if place % 2 else ("", Status.FAILED)
    assert "3 lần" not in words_of(letter(late).contents)
    assert "chưa" in [cell.text for cell in Document(io.BytesIO(letter(late).contents)).tables[1].columns[5].cells]


def test_whoever_signs_sees_that_more_time_was_asked_for(late: OfficeStory) -> None:
    late.does(ask, 1, parse_moment("2018-04-06"), "Chờ Bộ.", OURS, by=By.AGENCY)
    assert "gần nhất ngày 12/3/2018; đang đề nghị gia hạn" in words_of(letter(late).contents)


def test_hostile_words_stay_words(late: OfficeStory) -> None:
    words = words_of(letter(late).contents)
    assert "{{ 7*7 }} <w:p/> &" in words
    assert "49" not in words.replace("489", "")
    assert "\u202e" not in words
    assert len(words) < 4_000


def test_an_agency_without_overdue_work_gets_no_letter(late: OfficeStory) -> None:
    with pytest.raises(Refusal) as refused:
        letter(late, "Sở Tài chính")
    assert refused.value.code == "papers_office.refused.nothing_late"


def test_the_paper_has_the_margins_and_the_typeface_of_the_decree(late: OfficeStory) -> None:
    paper = Document(io.BytesIO(letter(late).contents))
    section = paper.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20
    assert section.different_first_page_header_footer
    assert paper.styles["Normal"].font.name == "Times New Roman"


def test_paragraphs_stand_six_points_apart_and_are_vietnamese_to_the_speller(late: OfficeStory) -> None:
    paper = Document(io.BytesIO(letter(late).contents))
    said = [one for one in paper.paragraphs if one.paragraph_format.alignment == JUSTIFIED]
    assert {one.paragraph_format.space_before.pt for one in said} == {6.0}
    assert {round(one.paragraph_format.first_line_indent.cm, 2) for one in said} == {1.27}
    assert all(1.0 <= one.paragraph_format.line_spacing <= 1.5 for one in said)
    assert 'w:lang w:val="vi-VN"' in paper.styles.element.xml


def test_the_weekly_sheet_has_the_figures_of_the_status(late: OfficeStory) -> None:
    found = week(late)
    status = late.status(late.now)
    assert sorted(one.row.id for one in found.late) == sorted(
        row.id for row in status if row.standing == Standing.OVERDUE
    )
    assert [one.row.directive.path for one in found.this_week] == ["5"]
    assert [one.row.directive.path for one in found.next_week] == ["6"]
    assert (found.monday.isoformat(), found.sunday.isoformat()) == ("2018-03-19", "2018-03-25")
    assert next(iter(summary(found))) == "Có 3 nhiệm vụ đang quá hạn tại 2 cơ quan."
    words = weekly_words(late)
    assert "Phục vụ giao ban tuần từ ngày 19/3/2018 đến ngày 25/3/2018" in words
    assert "Có 3 nhiệm vụ đang quá hạn tại 2 cơ quan." in words
    assert "I. Nhiệm vụ quá hạn (3)" in words
    assert "- Thành phần dự giao ban;" in words
    assert "Như trên" not in words


def test_the_weekly_sheet_and_the_dashboard_count_alike(late: OfficeStory) -> None:
    late.does(report, 2, Said(COMPLETE, "Xong.", "Bình", "link"), by=By.AGENCY)
    late.does(ask, 1, parse_moment("2018-04-06"), "Chờ Bộ.", OURS, by=By.AGENCY)
    found = week(late)
    with late.ledger.look() as session:
        counted = figures(session, late.ledger.office_id, late.now)
        names = agency_names(session, late.ledger.office_id)
    assert len(found.late) == counted.totals.late
    late_there = {names[one.agency]: one.tally.late for one in counted.most_late}
    assert {one.agency: one.late for one in found.late_agencies} == late_there
    until = (found.sunday - late.now.date()).days
    assert len(found.this_week) == counted.due_within(late.now.date(), until)
    assert len(found.this_week) + len(found.next_week) == counted.due_within(late.now.date(), until + 7)
    assert len(found.waiting) == sum(counted.waiting.values()) == 2


def test_what_changed_last_week_is_on_the_sheet(late: OfficeStory) -> None:
    with late.ledger.change(now=late.now, actor="lan") as change:
        report(change, 2, Said(COMPLETE, "Xong.", "Bình", "terminal"))
        accept(change, 2)
        extend(change, 3, parse_moment("2018-04-06"), "Chờ Bộ.")
    found = week(late)
    assert [one.row.id for one in found.finished] == [2]
    assert [(one.row.id, one.note) for one in found.extended] == [(3, "hạn cũ: trước ngày 23/3/2018")]
    assert "Hoàn thành trong bảy ngày qua (1)" in weekly_words(late)


def test_work_that_was_extended_twice_in_a_week_is_one_with_its_first_bound(late: OfficeStory) -> None:
    for bound in ("2018-04-06", "2018-04-13"):
        late.extends("Sở Tài chính", bound)
    assert [one.note for one in week(late).extended] == ["hạn cũ: trước ngày 29/3/2018"]


def test_the_workbook_holds_the_same_rows_with_real_dates_and_no_formula(late: OfficeStory) -> None:
    book = openpyxl.load_workbook(io.BytesIO(weekly_book(week(late))))
    assert book.sheetnames[0] == "Quá hạn"
    sheet = book["Quá hạn"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 3
    assert {str(row[4])[:10] for row in rows} == {"2018-03-08", "2018-03-11"}
    assert any(str(row[3]).startswith("=HYPERLINK") for row in rows)
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert sheet.freeze_panes == "A2"
    assert [row[:2] for row in book["Theo cơ quan"].iter_rows(min_row=2, values_only=True)] == [(OURS, 2), (FRONT, 1)]


def test_a_draft_changes_nothing(late: OfficeStory) -> None:
    def entries() -> int:
        with late.ledger.look() as session:
            return len(session.exec(select(AuditEntry)).all())

    before = entries()
    letter(late)
    assert entries() == before


def test_an_office_edits_the_template_in_word(late: OfficeStory, tmp_path: Path) -> None:
    paper = Document(str(FOLDER / "reminder.docx"))
    paper.add_paragraph("Điện thoại liên hệ: 0263 111 222, gửi {{ recipient }}")
    paper.save(str(tmp_path / "reminder.docx"))
    assert "Điện thoại liên hệ: 0263 111 222, gửi Sở Nội vụ" in words_of(letter(late, folder=tmp_path).contents)


@pytest.mark.parametrize(
    "wrong",
    ["{{ nobody_knows }}", "{% for %}", "{{ ''.__class__.__mro__ }}", "{{ 1/0 }}", "{%p for item in %}"],
)
def test_a_template_with_an_error_is_named_with_what_is_wrong(late: OfficeStory, tmp_path: Path, wrong: str) -> None:
    path, paper = tmp_path / "reminder.docx", Document()
    paper.add_paragraph(wrong)
    paper.save(str(path))
    with pytest.raises(Refusal) as refused:
        letter(late, folder=tmp_path)
    assert refused.value.code == "papers_office.refused.broken"
    assert refused.value.params["file"] == str(path)
    assert "\n" not in str(refused.value.params["why"])


@pytest.mark.parametrize("contents", [b"", b"not a Word file", b"\xd0\xcf\x11\xe0 locked by a password"])
def test_what_is_no_word_document_is_no_template(late: OfficeStory, tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "reminder.docx").write_bytes(contents)
    with pytest.raises(Refusal) as refused:
        letter(late, folder=tmp_path)
    assert refused.value.code == "papers_office.refused.not_word"


def test_a_template_that_was_damaged_on_its_way_is_refused_wherever_it_is_hurt(tmp_path: Path) -> None:
    whole, path, chance = (FOLDER / "reminder.docx").read_bytes(), tmp_path / "reminder.docx", random.Random(6)
    for _ in range(40):
        hurt = bytearray(whole)
        for _ in range(20):
            hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        path.write_bytes(hurt)
        with pytest.raises(Refusal):
            fill_paper("reminder", {}, tmp_path)


def test_a_template_that_is_small_only_while_it_is_packed_is_refused(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "weekly.docx", "w", ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * (MOST_BYTES + 1))
    with pytest.raises(Refusal) as refused:
        fill_paper("weekly", {}, tmp_path)
    assert refused.value.code == "papers_office.refused.broken"


@pytest.mark.parametrize("mark", ["\ufffe", "\uffff", "\ud800", "\x00", "\x0b"])
def test_a_mark_that_xml_cannot_hold_costs_no_word_after_it(tmp_path: Path, mark: str) -> None:
    paper = Document()
    paper.add_paragraph("{{ before }} {{ after }}")
    paper.save(str(tmp_path / "note.docx"))
    made = fill_paper("note", {"before": f"đầu{mark}", "after": "cuối"}, tmp_path)
    assert words_of(made).strip() == "đầu cuối"


@pytest.mark.parametrize("name", PAPERS)
def test_the_templates_that_come_along_are_those_that_are_made(name: str, tmp_path: Path) -> None:
    PAPERS[name]().save(str(tmp_path / "made.docx"))
    for part in ("word/document.xml", "word/styles.xml", "word/header1.xml"):
        with ZipFile(tmp_path / "made.docx") as made, ZipFile(FOLDER / f"{name}.docx") as kept:
            assert made.read(part) == kept.read(part)
