"""Word documents: what Word shows and does not store, what it stores and does not show."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document as new_word
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from domain.errors import Refusal
from domain.reading import load_document
from domain.reading.documents.word.numbering import Level, List, Numbering, written
from tests.unit import documents_made as made


def lines_of(path: Path) -> list[str]:
    return [line for line in load_document(path).text.split("\n") if line]


def of_body(folder: Path, xml: str) -> list[str]:
    return lines_of(made.word_with(folder / "a.docx", xml))


def said(*texts: str) -> str:
    return "".join(f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in texts)


def test_lists_are_counted_as_word_counts_them(tmp_path: Path) -> None:
    document = new_word()
    made.add_list(document, ("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "\uf0b7"))
    for level, text in [
        (0, "Đánh giá"),
        (0, "Nhiệm vụ"),
        (1, "Giao Sở Y tế"),
        (2, "một"),
        (2, "hai"),
        (3, "phụ"),
        (1, "Khác"),
        (2, "ba"),
    ]:
        made.count_paragraph(document, text, level)
    document.save(str(tmp_path / "a.docx"))
    assert lines_of(tmp_path / "a.docx") == [
        *("I. Đánh giá", "II. Nhiệm vụ", "1. Giao Sở Y tế", "a) một", "b) hai", "- phụ", "2. Khác", "a) ba"),
    ]


def test_numbers_of_several_levels_are_written_together(tmp_path: Path) -> None:
    document = new_word()
    made.add_list(document, ("decimal", "%1."), ("decimal", "%1.%2."), ("decimal", "%1.%2.%3"))
    for level, text in [(0, "A"), (1, "B"), (2, "C"), (2, "D"), (0, "E"), (1, "F")]:
        made.count_paragraph(document, text, level)
    document.save(str(tmp_path / "a.docx"))
    assert lines_of(tmp_path / "a.docx") == ["1. A", "1.1. B", "1.1.1 C", "1.1.2 D", "2. E", "2.1. F"]


def test_a_list_that_starts_anew_starts_where_it_says() -> None:
    levels = {0: Level(pattern="%1.")}
    numbering = Numbering({"1": List("a", levels, {}), "2": List("a", levels, {0: 5}), "3": List("b", levels, {})})
    assert [numbering.mark(n, 0) for n in ("1", "1", "2", "2", "1", "3", "9")] == [
        "1.",
        "2.",
        "5.",
        "6.",
        "7.",
        "1.",
        "",
    ]


@pytest.mark.parametrize(
    ("count", "sort", "shown"),
    [(4, "decimal", "4"), (4, "upperRoman", "IV"), (1994, "lowerRoman", "mcmxciv"), (28, "lowerLetter", "bb")],
)
def test_a_count_is_written_in_its_sort(count: int, sort: str, shown: str) -> None:
    assert written(count, sort) == shown


def test_a_style_can_bring_the_number(tmp_path: Path) -> None:
    document = new_word()
    made.add_list(document, ("decimal", "%1."))
    style = document.styles.add_style("Khoan", 1)
    style.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{made.LIST_ID}"/></w:numPr>')
    )
    for text in ("Giao Sở Y tế", "Giao Sở Nội vụ"):
        document.add_paragraph(text, style="Khoan")
    document.save(str(tmp_path / "a.docx"))
    assert lines_of(tmp_path / "a.docx") == ["1. Giao Sở Y tế", "2. Giao Sở Nội vụ"]


def test_what_was_deleted_is_gone_and_what_was_inserted_is_there(tmp_path: Path) -> None:
    change = 'w:id="1" w:author="x" w:date="2026-01-01T00:00:00Z"'
    body = (
        f"<w:p>{said('Giao Sở ')}<w:del {change}><w:r><w:delText>Y tế</w:delText></w:r></w:del>"
        f"<w:ins {change}>{said('Nội vụ')}</w:ins>{said(' báo cáo.')}</w:p>"
        f"<w:p><w:pPr><w:rPr><w:del {change}/></w:rPr></w:pPr>{said('Một ')}</w:p><w:p>{said('đoạn')}</w:p>"
    )
    path = made.word_with(tmp_path / "a.docx", body)
    assert lines_of(path) == ["Giao Sở Nội vụ báo cáo.", "Một đoạn"]
    assert ["Track Changes" in warning for warning in load_document(path).warnings] == [True]


def test_breaks_tabs_and_odd_hyphens_are_what_a_person_sees(tmp_path: Path) -> None:
    body = (
        f"<w:p>{said('Dòng một')}<w:r><w:br/></w:r>{said('dòng hai')}</w:p>"
        f"<w:p>{said('chính trị')}<w:r><w:noBreakHyphen/></w:r>{said('xã')}<w:r><w:softHyphen/></w:r>"
        f"{said('&#160;hội')}</w:p>"
        f"<w:p>{said('1.')}<w:r><w:tab/></w:r>{said('Giao Sở Y tế')}</w:p>"
        f"<w:p>{said('TỈNH SÔNG LAM')}<w:r><w:tab/></w:r><w:r><w:tab/></w:r>{said('CỘNG HÒA')}</w:p>"
    )
    assert of_body(tmp_path, body) == [
        *("Dòng một", "dòng hai", "chính trị-xã hội", "1. Giao Sở Y tế", "TỈNH SÔNG LAM      CỘNG HÒA"),
    ]


def test_hidden_text_is_not_read_and_capitals_are_what_they_look_like(tmp_path: Path) -> None:
    body = (
        f"<w:p>{said('Thấy')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>giấu</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>thông báo</w:t></w:r></w:p>"
    )
    assert of_body(tmp_path, body) == ["Thấy", "THÔNG BÁO"]


def test_links_fields_and_contents_of_controls_are_text(tmp_path: Path) -> None:
    body = (
        f"<w:p><w:hyperlink>{said('liên kết')}</w:hyperlink>"
        f"<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>"
        f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{said(' 20/4/2026')}"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        f"<w:sdt><w:sdtContent>{said(' ô nhập')}</w:sdtContent></w:sdt></w:p>"
    )
    assert of_body(tmp_path, body) == ["liên kết 20/4/2026 ô nhập"]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent><w:p>{said('Trong khung')}</w:p></w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        f"<w:p>{said('Ngoài')}<w:r><mc:AlternateContent {compatible}><mc:Choice Requires='wps'><w:drawing>{box}"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert of_body(tmp_path, body) == ["Ngoài", "Trong khung"]


def test_letters_of_an_old_font_are_read_as_they_look(tmp_path: Path) -> None:
    def in_font(font: str, text: str) -> str:
        return f'<w:p><w:r><w:rPr><w:rFonts w:ascii="{font}"/></w:rPr><w:t>{text}</w:t></w:r></w:p>'

    body = in_font(".VnTime", "ViÖt Nam") + in_font(".VnTimeH", "th«ng b¸o") + in_font("VNI-Times", "Vieät Nam")
    assert of_body(tmp_path, body) == ["Việt Nam", "THÔNG BÁO", "Việt Nam"]


def test_merged_cells_are_said_in_every_row_they_cover(tmp_path: Path) -> None:
    document = new_word()
    table = made.word_table(document, (("TT", "Việc", "Chủ trì"), ("1", "Đo đạc", "Sở Y tế"), ("2", "Báo cáo", "")))
    table.cell(1, 2).merge(table.cell(2, 2))
    across = table.add_row().cells
    across[0].merge(across[2]).text = "II. VIỆC KHÁC"
    document.save(str(tmp_path / "a.docx"))
    assert lines_of(tmp_path / "a.docx") == [
        *(
            "| TT | Việc | Chủ trì |",
            "| 1 | Đo đạc | Sở Y tế |",
            "| 2 | Báo cáo | Sở Y tế |",
            "| II. VIỆC KHÁC |  |  |",
        ),
    ]


def test_breaks_and_bars_in_a_cell_do_not_break_its_row(tmp_path: Path) -> None:
    document = new_word()
    made.word_table(document, (("TT", "Việc"), ("1", "Đo đạc\nlập bản đồ | in")))
    document.save(str(tmp_path / "a.docx"))
    assert lines_of(tmp_path / "a.docx") == ["| TT | Việc |", "| 1 | Đo đạc lập bản đồ ¦ in |"]


def test_a_table_in_a_table_is_read_where_it_stands(tmp_path: Path) -> None:
    document = new_word()
    cell = made.word_table(document, (("TT", "Việc"), ("1", "ngoài"))).cell(1, 1)
    cell.add_table(1, 2).rows[0].cells[0].text = "trong"
    document.save(str(tmp_path / "a.docx"))
    assert lines_of(tmp_path / "a.docx") == ["| TT | Việc |", "| 1 | ngoài trong |"]


def test_the_header_of_the_first_page_is_read_and_those_of_others_are_not(tmp_path: Path) -> None:
    document = new_word()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Số: 5/TB-VP"
    section.header.paragraphs[0].text = "Trang sau"
    section.footer.paragraphs[0].text = "Chân trang"
    document.add_paragraph("THÔNG BÁO")
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("Trang hai")
    document.save(str(tmp_path / "a.docx"))
    assert lines_of(tmp_path / "a.docx") == ["Số: 5/TB-VP", "THÔNG BÁO", "Trang hai"]


def test_a_footnote_stands_behind_the_text_and_not_in_a_sentence(tmp_path: Path) -> None:
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = (
        f"<w:p>{said('Giao Sở Y tế')}{reference.format(3)}{said(' báo cáo.')}</w:p>"
        f"<w:p>{said('Hết.')}{reference.format(2)}</w:p>"
    )
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p>{said(text)}</w:p></w:footnote>' for n, text in ((2, "Chú thích hai"), (3, "Một"))
    )
    path = made.word_with(tmp_path / "a.docx", body)
    made.with_part(path, "word/footnotes.xml", f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>".encode())
    assert lines_of(path) == ["Giao Sở Y tế báo cáo.", "Hết.", "[1] Một", "[2] Chú thích hai"]


def test_a_document_that_holds_only_a_picture_is_told_to_be_a_scan(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        of_body(tmp_path, "<w:p><w:r><w:drawing/></w:r></w:p>")
    assert refusal.value.code == "reading.scanned"
