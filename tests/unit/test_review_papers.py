"""The papers of a review: every number that is said can be checked, nothing is left blank that is not the clerk's."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar
from domain.drafts import Authority
from domain.errors import Refusal
from domain.instants import at
from domain.names import load_registry
from domain.reading import load_document
from domain.reading.notice import read_notice
from domain.regulations import Regulation
from domain.reports import COMPLETE, Said
from domain.reviews.compiling import Compiled, Scope, compile_period, scope_of_cycle, sign
from domain.reviews.cycles import Cycle, Opening, one_cycle, open_cycle
from domain.reviews.exporting import rows_of
from domain.reviews.figures import PeriodFigures
from domain.reviews.figuring import figures_of
from domain.reviews.periods import parse_period
from domain.reviews.side_reports import side_reports
from domain.reviews.submissions import Contents, submit
from domain.written import parse_moment
from notifications.papers.next_notice import next_notice
from notifications.papers.review_annexes import decimal_words
from notifications.papers.review_papers import BOOK, NOTICE, REPORT, Papers, papers_of
from notifications.papers.review_request import request_paper
from notifications.papers.review_sentences import Sentence, days_of, sentences, share_words
from tests.story import OfficeStory, directive, draft
from tests.unit.review_history import make_history

EVIL = "=1+1 {{ 7*7 }} <w:p/> & \u202e{%p for x in y %}\x0b"
TEXTS = {"results": f"Đã họp 4 lần. {EVIL}", "limits": "Còn gửi chậm.", "plan": "Họp hằng quý."}
NOT_FILLED = re.compile(r"\{\{|\{%|None|\bnan\b|Undefined")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeStory]:
    """An office with three years behind it and a review of the last, one side late, one silent."""
    story = OfficeStory.made(tmp_path_factory.mktemp("papers"))
    regulation = make_history(story.ledger, seed=5, directives=300)[1]
    story.now = parse_moment("2025-11-03 09:00")
    with story.ledger.change(now=story.now, actor="test") as change:
        row = change.session.get_one(Regulation, regulation.id)
        cycle = open_cycle(change, Opening(row, parse_period("2025"), parse_moment("2025-12-16"))).cycle
        rows = side_reports(change.session, cycle, story.now)
        contents = Contents(TEXTS, {"meetings": "4", "papers": "1.234,5"})
        submit(change, rows[0].id, contents, Said(COMPLETE, "", "bên", "link", who="Bà Hoa"))
    story.now = parse_moment("2025-12-20 09:00")
    with story.ledger.change(now=story.now, actor="test") as change:
        submit(change, rows[1].id, Contents(TEXTS), Said(COMPLETE, "", "bên", "link"))
    yield story
    story.ledger.engine.dispose()


def the_cycle(office: OfficeStory) -> Cycle:
    with office.ledger.look() as session:
        return one_cycle(session, office.ledger.office_id, 1)


def made(office: OfficeStory, scope: Scope) -> tuple[Compiled, Papers]:
    with office.ledger.change(now=office.now, actor="test") as change:
        compiled = compile_period(change, scope)
        arguments = (change.session, change.office_id, scope.regulation, scope.period, office.now)
        return compiled, papers_of(change.session, change.office_id, compiled, rows_of(*arguments), office.now)


def words(contents: bytes) -> str:
    paper = Document(io.BytesIO(contents))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_the_report_names_who_was_late_and_who_is_missing(office: OfficeStory) -> None:
    compiled, papers = made(office, scope_of_cycle(the_cycle(office)))
    said = words(papers[REPORT][1])
    came = [one for one in compiled.said if one.state == "submitted"]
    assert [one.late for one in came] == [False, True]
    assert f"Đã đề nghị {len(compiled.said)} cơ quan báo cáo; 2 cơ quan đã gửi báo cáo." in said
    assert f"Gửi báo cáo sau thời hạn: {came[1].agency}." in said
    missing = [one.agency for one in compiled.said if one.state == "missing"]
    assert f"Chưa nhận được báo cáo của: {'; '.join(missing)}." in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "PHỤ LỤC V. SỐ LIỆU DO CÁC BÊN BÁO CÁO" in said
    assert "1.234,5" in said
    assert "Cách tính: tỷ lệ đúng hạn" in said


@pytest.mark.parametrize("period", ["2025", "2025-Q4", "2025-11", "2019", "2023-01-01..2025-06-30"])
def test_no_paper_of_any_period_has_a_blank_that_is_not_the_clerks(office: OfficeStory, period: str) -> None:
    _, papers = made(office, Scope(parse_period(period)))
    for kind in (REPORT, NOTICE):
        said = words(papers[kind][1]).replace("{{ 7*7 }}", "").replace("{%p for x in y %}", "")
        assert not NOT_FILLED.search(said), NOT_FILLED.search(said)
        assert "0 lần" not in said
    if period == "2019":
        assert "Trong kỳ không có phần việc nào phải theo dõi." in words(papers[REPORT][1])
        assert "không có nội dung chuyển sang kỳ sau" in words(papers[NOTICE][1])


def test_what_a_side_writes_is_text_and_never_a_template(office: OfficeStory) -> None:
    _, papers = made(office, scope_of_cycle(the_cycle(office)))
    said = words(papers[REPORT][1])
    assert "{{ 7*7 }} <w:p/> &" in said
    assert "\u202e" not in said


def test_the_paper_is_a4_in_times_new_roman_with_the_margins_of_the_decree(office: OfficeStory) -> None:
    _, papers = made(office, scope_of_cycle(the_cycle(office)))
    paper = Document(io.BytesIO(papers[REPORT][1]))
    first, annex = paper.sections
    for section, size in ((first, (210, 297)), (annex, (297, 210))):
        assert (round(section.page_width.mm), round(section.page_height.mm)) == size
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(one.mm) for one in margins] == [20, 20, 30, 15]
    assert paper.styles["Normal"].font.name == "Times New Roman"
    assert len(paper.inline_shapes) == 2  # the charts


def test_the_letter_asks_every_side_for_every_section(office: OfficeStory) -> None:
    cycle = the_cycle(office)
    with office.ledger.look() as session:
        said = words(request_paper(session, office.ledger.office_id, cycle, office.now))
    assert "chậm nhất ngày 15/12/2025" in said
    assert "Mặt trận (Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh)" in said
    for section in cycle.row.sections:
        assert section.heading in said
        assert all(figure.label in said for figure in section.figures)
    assert not NOT_FILLED.search(said)


def test_the_workbook_counts_itself_again(office: OfficeStory) -> None:
    compiled, papers = made(office, scope_of_cycle(the_cycle(office)))
    book = openpyxl.load_workbook(io.BytesIO(papers[BOOK][1]))
    values = openpyxl.load_workbook(io.BytesIO(papers[BOOK][1]), data_only=True)
    data = list(book["Dữ liệu"].iter_rows(min_row=2, values_only=True))
    assert len(data) == compiled.figures.whole.tally.counts.total
    standings, agencies = [row[14] for row in data], [row[1] for row in data]
    for row, kept in zip(book["Tổng hợp"].iter_rows(min_row=3), values["Tổng hợp"].iter_rows(min_row=3), strict=True):
        label, value, formula = (row[0].value, row[1].value, row[2].value)
        if isinstance(formula, str) and "O:O" in formula:
            assert (value, kept[2].value) == (standings.count(label), value)
    for name, total, *_, formula in book["Theo cơ quan"].iter_rows(min_row=2, values_only=True):
        assert agencies.count(name) == total
        assert str(formula).startswith("=COUNTIF(")
    assert all(isinstance(row[4], datetime) for row in data)
    assert {len(sheet._charts) for sheet in book.worksheets} == {0, 1}


def test_what_is_carried_over_can_be_read_and_filed_again(office: OfficeStory) -> None:
    office_draft = draft(
        directive("Sở Nội vụ", "2018-03-09", text="Giao Sở Nội vụ tham mưu kế hoạch tinh giản biên chế năm 2018."),
        directive("Sở Y tế", path="2", text="Rà soát, báo cáo việc mua sắm thuốc của các bệnh viện."),
        directive("Hội Nông dân tỉnh", path="3", text="Phối hợp tuyên truyền chính sách vay vốn.", authority="request"),
    )
    story = OfficeStory.made(office.settings.home.parent / "next")
    story.files(office_draft, "2018-03-07 09:00")
    story.now = at(date(2018, 12, 20))
    compiled, papers = made(story, Scope(parse_period("2018")))
    proposal = next_notice(compiled)
    assert [(one.lead, one.authority) for one in proposal.directives] == [
        (["Sở Nội vụ"], Authority.ORDER),
        (["Sở Y tế"], Authority.ORDER),
        (["Hội Nông dân tỉnh"], Authority.REQUEST),
    ]
    path = story.settings.home / "du-thao.docx"
    path.write_bytes(papers[NOTICE][1])
    registry = load_registry(Path(__file__).parents[2] / "config" / "agencies.yaml")
    read = read_notice(load_document(path).text, name="x", registry=registry, calendar=WorkingCalendar({}))
    assert [one.lead for one in read.directives] == [one.lead for one in proposal.directives]
    assert [one.authority for one in read.directives] == [one.authority for one in proposal.directives]
    story.ledger.engine.dispose()


def test_an_offices_own_template_is_used_and_a_broken_one_is_one_line(office: OfficeStory, tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("BÁO CÁO RIÊNG: {{ title }}")
    own.save(str(tmp_path / "review-report.docx"))
    compiled, _ = made(office, Scope(parse_period("2025-10")))
    with office.ledger.look() as session:
        papers = papers_of(session, office.ledger.office_id, compiled, [], office.now, tmp_path)
        assert "BÁO CÁO RIÊNG: Kết quả thực hiện" in words(papers[REPORT][1])
        (tmp_path / "review-report.docx").write_bytes(b"khong phai word")
        with pytest.raises(Refusal, match=r"papers_office\.refused\.not_word"):
            papers_of(session, office.ledger.office_id, compiled, [], office.now, tmp_path)


def test_the_same_figures_make_the_same_charts(office: OfficeStory) -> None:
    from notifications.papers.review_charts import by_agency_chart, by_month_chart

    compiled, _ = made(office, Scope(parse_period("2025")))
    figures = compiled.figures
    assert by_agency_chart(figures.by_agency) == by_agency_chart(figures.by_agency)
    assert by_month_chart(figures.by_month).startswith(b"\x89PNG")
    odd = [row.model_copy(update={"name": "$x_1$ " + "Tên rất dài " * 20}) for row in figures.by_agency]
    assert by_agency_chart(odd).startswith(b"\x89PNG")


# --- signed, frozen, compiled again ---------------------------------------------------------------------------------


def test_what_is_signed_is_frozen_and_compiling_again_makes_version_two(office: OfficeStory) -> None:
    scope = Scope(parse_period("2024-Q2"))
    first, _ = made(office, scope)
    again, _ = made(office, scope)
    assert (again.id, again.row.version) == (first.id, 1)  # a draft takes the place of the draft
    with office.ledger.change(now=office.now, actor="Chánh Văn phòng") as change:
        with pytest.raises(Refusal, match="compiled_again"):
            sign(change, first.id, "", {}, seen="khác")
        sign(change, first.id, "Đồng ý", {}, seen=again.row.digest)
    with (
        pytest.raises(Refusal, match=r"reviews\.refused\.signed"),
        office.ledger.change(now=office.now, actor="x") as change,
    ):
        sign(change, first.id, "", {})
    second, _ = made(office, scope)
    assert (second.row.version, second.is_signed) == (2, False)
    assert second.row.digest == again.row.digest  # nothing happened meanwhile


def test_a_period_that_has_not_begun_cannot_be_compiled(office: OfficeStory) -> None:
    with pytest.raises(Refusal, match="not_begun"):
        made(office, Scope(parse_period("2027")))


# --- sentences --------------------------------------------------------------------------------------------------------

SAID = re.compile(r"\d[\d.]*(?:,\d+)?%?")
small = st.integers(0, 3000)


def numbers_in(sentence: Sentence, figures: PeriodFigures) -> list[str]:
    text = sentence.text
    for code in (figures.period, figures.last_period):
        text = text.replace(parse_period(code).words("vi"), "")
    return [found.rstrip(".") for found in SAID.findall(text)]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> PeriodFigures:
    story = OfficeStory.made(tmp_path_factory.mktemp("empty"))
    with story.ledger.look() as session:
        found = figures_of(session, story.ledger.office_id, None, parse_period("2026"), at(date(2027, 1, 1)))
    story.ledger.engine.dispose()
    return found


@given(data=st.data())
def test_every_number_of_every_sentence_is_a_figure(empty: PeriodFigures, data: st.DataObject) -> None:
    def tally() -> dict[str, Any]:
        parts = ("done_in_time", "done_undated", "done_late", "in_time", "overdue", "undated")
        counts = {part: data.draw(small) for part in parts}
        new = data.draw(st.integers(0, sum(counts.values())))
        days = data.draw(st.integers(0, 4000))
        return {
            "counts": counts
            | {
                "new": new,
                "carried": sum(counts.values()) - new,
                "overdue_long": data.draw(st.integers(0, counts["overdue"])),
            },
            "late": {"count": 3, "total": 9, "median": data.draw(st.integers(0, 9999)) / 2, "longest": days},
            "silent": data.draw(small),
            "asked": {"extensions_asked": data.draw(small), "extensions_granted": data.draw(small), "extended": 1},
        }

    whole = {"issued": {"directives": data.draw(small), "dated": 1}, "tally": tally()}
    kinds = [{"key": kind, "name": kind, "tally": tally()} for kind in ("task", "petition", "recommendation")]
    changed = {"whole": whole, "last": {"tally": tally()}, "by_kind": kinds}
    figures = PeriodFigures.model_validate(empty.model_dump(mode="json") | changed)
    for one in sentences(figures):
        assert numbers_in(one, figures) == list(one.numbers), one
        assert "None" not in one.text
    counts = figures.whole.tally.counts
    text = " ".join(one.text for one in sentences(figures))
    if counts.total:
        in_time = f"{counts.done_in_time:,}".replace(",", ".")
        share = share_words(counts.done_in_time, counts.total)
        assert f"{in_time} hoàn thành đúng hạn, đạt {share};" in text


def test_the_sentence_of_the_conference_reads_as_it_should(empty: PeriodFigures) -> None:
    counts = {"new": 100, "carried": 20, "done_in_time": 96, "done_late": 4, "in_time": 15, "overdue": 5}
    figures = PeriodFigures.model_validate(empty.model_dump(mode="json") | {"whole": {"tally": {"counts": counts}}})
    text = " ".join(one.text for one in sentences(figures))
    assert "Trong tổng số 120 phần việc phải theo dõi (20 chuyển từ kỳ trước, 100 giao trong kỳ)" in text
    assert "96 hoàn thành đúng hạn, đạt 80,0%" in text


@pytest.mark.parametrize(
    ("part", "whole", "words_"), [(1, 8, "12,5%"), (1, 3, "33,3%"), (2, 3, "66,7%"), (1, 16, "6,3%"), (1, 1, "100,0%")]
)
def test_shares_are_rounded_half_up_to_a_tenth(part: int, whole: int, words_: str) -> None:
    assert share_words(part, whole) == words_


def test_days_and_submitted_numbers_are_written_as_vietnamese_write_them() -> None:
    assert [days_of(value) for value in (3.0, 2.5, 1234.5)] == ["3", "2,5", "1.234,5"]
    assert [decimal_words(value) for value in ("12", "1234.50", "-0.05")] == ["12", "1.234,50", "-0,05"]
