"""PDF: what the page broke is whole again, what only the page needs is gone, what only a signature says is found."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer

from domain.errors import Refusal
from domain.reading import load_document
from tests.unit import documents_made as made

LETTERHEAD: list[tuple[float, float, str]] = [
    (85, 780, "VĂN PHÒNG UBND TỈNH"),
    (270, 780, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (300, 762, "Độc lập - Tự do - Hạnh phúc"),
    (85, 740, "Số:               /TB-VP"),
    (300, 740, "Sông Lam, ngày        tháng 3 năm 2026"),
    (250, 700, "THÔNG BÁO"),
]


def lines_of(path: Path) -> list[str]:
    return [line for line in load_document(path).text.split("\n") if line]


def test_a_long_notice_keeps_its_paragraphs_over_lines_and_pages(tmp_path: Path) -> None:
    notice = made.ten_pages()
    path = made.pdf(tmp_path / "a.pdf", notice, head="Thông báo của Văn phòng")
    assert len(pypdf.PdfReader(path).pages) > 8
    lines = lines_of(path)
    assert [line for line in lines if line[:1].isdigit()] == list(notice.body[1:])
    assert not any("Thông báo của Văn phòng" in line or line.isdigit() for line in lines)


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    path = made.pdf_lines(tmp_path / "a.pdf", [*LETTERHEAD, (85, 660, "Giao Sở Y tế báo cáo.")])
    assert lines_of(path) == [
        *("VĂN PHÒNG UBND TỈNH", "Số: /TB-VP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        *("Sông Lam, ngày tháng 3 năm 2026", "THÔNG BÁO", "Giao Sở Y tế báo cáo."),
    ]


def test_columns_that_nearly_touch_are_two(tmp_path: Path) -> None:
    path = made.pdf_lines(
        tmp_path / "a.pdf",
        [
            *((50, 780, "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH"), (292, 780, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")),
            *((90, 762, "Số: 5/TB-VP"), (310, 762, "Độc lập - Tự do - Hạnh phúc"), (250, 720, "THÔNG BÁO")),
        ],
    )
    assert lines_of(path)[:3] == ["VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH", "Số: 5/TB-VP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]


def test_number_and_day_that_a_signature_fills_in_are_found(tmp_path: Path) -> None:
    path = made.signed(made.pdf_lines(tmp_path / "a.pdf", LETTERHEAD), (112, 738, "489"), (393, 741, "07"))
    document = load_document(path)
    assert (document.number, document.issued_on) == ("489/TB-VP", date(2026, 3, 7))
    assert "Số: 489/TB-VP\n" in document.text
    assert "Sông Lam, ngày 07 tháng 3 năm 2026\n" in document.text


def test_dots_that_a_signature_covers_are_no_part_of_the_number(tmp_path: Path) -> None:
    page = [(85.0, 740.0, "Số: ................/TB-VP"), (85.0, 700.0, "THÔNG BÁO")]
    path = made.signed(made.pdf_lines(tmp_path / "a.pdf", page), (125, 740, "77"))
    assert load_document(path).number == "77/TB-VP"


def test_number_and_day_that_a_signature_says_in_whole_are_found(tmp_path: Path) -> None:
    page = made.pdf_lines(tmp_path / "a.pdf", [(85, 700, "THÔNG BÁO"), (85, 660, "Giao Sở Y tế báo cáo.")])
    stamp = "Số: 12/TB-VP\nSông Lam, ngày 07 tháng 3 năm 2026\nNgười ký: Văn phòng"
    document = load_document(made.signed(page, (300, 780, stamp)))
    assert (document.number, document.issued_on) == ("12/TB-VP", date(2026, 3, 7))
    assert "Người ký" not in document.text


def test_a_number_alone_in_a_signature_is_found(tmp_path: Path) -> None:
    page = made.pdf_lines(tmp_path / "a.pdf", [(85, 740, "Số:"), (85, 700, "THÔNG BÁO")])
    document = load_document(made.signed(page, (110, 740, "12/TB-VP")))
    assert (document.number, document.issued_on) == ("12/TB-VP", None)


def test_nothing_is_invented_where_no_signature_says_it(tmp_path: Path) -> None:
    path = made.signed(made.pdf_lines(tmp_path / "a.pdf", LETTERHEAD), (300, 300, "489"), (300, 260, "07"))
    document = load_document(path)
    assert (document.number, document.issued_on) == (None, None)
    assert "489" not in document.text


def test_the_moment_of_signing_is_no_date_of_issue_but_is_told(tmp_path: Path) -> None:
    path = made.signed(
        made.pdf_lines(tmp_path / "a.pdf", LETTERHEAD), (300, 300, "Thời gian ký: 08.03.2026 09:10:11 +07:00")
    )
    document = load_document(path)
    assert document.issued_on is None
    assert ["08/03/2026" in warning for warning in document.warnings] == [True]


def test_number_and_day_on_the_page_are_left_to_the_text(tmp_path: Path) -> None:
    document = load_document(made.pdf(tmp_path / "a.pdf"))
    assert (document.number, document.issued_on) == (None, None)
    assert "Số: 68/TB-VP" in document.text


def test_a_table_goes_on_over_pages_with_one_header(tmp_path: Path) -> None:
    rows = tuple((f"{n}", f"Việc số {n} của kế hoạch", "Sở Y tế", "", "Trước ngày 15/5/2026") for n in range(1, 60))
    path = made.pdf(
        tmp_path / "a.pdf",
        made.Notice(
            ("A B",), ("CỘNG HÒA XÃ HỘI",), ("THÔNG BÁO",), ((made.TABLE[0], *rows),), ("Nơi nhận:",), ("X Y",)
        ),
    )
    assert len(pypdf.PdfReader(path).pages) > 1
    assert [line for line in lines_of(path) if line.startswith("|")] == [
        f"| {' | '.join(row)} |" for row in (made.TABLE[0], *rows)
    ]


def test_a_table_without_lines_is_a_table_where_its_header_says_so(tmp_path: Path) -> None:
    template = SimpleDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4)
    template.build([made.pdf_table(made.TABLE, ruled=False), Spacer(1, 9)])
    assert lines_of(tmp_path / "a.pdf") == [f"| {' | '.join(row)} |" for row in made.TABLE]


def test_a_footnote_stands_behind_the_text(tmp_path: Path) -> None:
    path = made.pdf_lines(
        tmp_path / "a.pdf",
        [
            (85, 700, "Giao Sở Y tế kiểm tra các bệnh viện"),
            (294, 705, "1", 8),
            (302, 700, "trước ngày 10/5/2026."),
            (85, 60, "1", 7),
            (91, 57, "Theo danh sách kèm theo.", 10),
        ],
        [(85, 700, "Trang hai.")],
    )
    assert lines_of(path) == [
        "Giao Sở Y tế kiểm tra các bệnh viện trước ngày 10/5/2026.",
        "Trang hai.",
        "1 Theo danh sách kèm theo.",
    ]


def test_a_hyphen_at_the_end_of_a_line_stays_and_the_blank_does_not_come(tmp_path: Path) -> None:
    one = "Giao Sở Y tế xây dựng kế hoạch phát triển kinh tế và các tổ chức chính trị-"
    path = made.pdf_lines(tmp_path / "a.pdf", [(60, 700, one), (60, 682, "xã hội.")])
    assert lines_of(path) == [f"{one}xã hội."]


def test_letters_that_were_spaced_out_are_still_words(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    made.pdf_lines(tmp_path / "font.pdf", [(0, 0, "x")])
    text = canvas.beginText(85, 700)
    text.setFont(made.FONT, 13)
    text.setCharSpace(3)
    text.textLine("THÔNG BÁO KẾT LUẬN")
    canvas.drawText(text)
    canvas.save()
    assert lines_of(tmp_path / "a.pdf") == ["THÔNG BÁO KẾT LUẬN"]


@pytest.mark.parametrize("quarter", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(tmp_path: Path, quarter: int) -> None:
    width, height = A4
    canvas = Canvas(str(tmp_path / "a.pdf"))
    made.pdf_lines(tmp_path / "font.pdf", [(0, 0, "x")])
    canvas.setFont(made.FONT, 13)
    canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[quarter])
    canvas.rotate(quarter)
    for y, line in ((400, "Giao Sở Y tế báo cáo."), (300, "Giao Sở Nội vụ báo cáo.")):
        canvas.drawString(80, y, line)
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=str(tmp_path / "a.pdf"))
    writer.pages[0].rotate(quarter)
    writer.write(tmp_path / "b.pdf")
    assert lines_of(tmp_path / "b.pdf") == ["Giao Sở Y tế báo cáo.", "Giao Sở Nội vụ báo cáo."]


def test_the_caller_may_work_while_another_process_reads(tmp_path: Path) -> None:
    done: list[str] = []
    document = load_document(made.pdf(tmp_path / "a.pdf"), meanwhile=lambda: done.append("worked"))
    assert done == ["worked"]
    assert "Giao Sở Xây dựng" in document.text


def scanned(path: Path, *, with_text: bool = False) -> Path:
    """A page that is a picture of the notice; `with_text`: and a page of text behind it."""
    made.pdf(path.with_suffix(".text.pdf"))
    picture = pdfium.PdfDocument(path.with_suffix(".text.pdf"))[0].render(scale=3).to_pil()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.showPage()
    if with_text:
        canvas.setFont(made.FONT, 13)
        canvas.drawString(85, 700, "Phụ lục có chữ, giao Sở Y tế báo cáo trước ngày 10/5/2026.")
        canvas.showPage()
    canvas.save()
    return path


def test_a_scan_is_told_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        load_document(scanned(tmp_path / "quet.pdf"))
    assert refusal.value.code == "reading.scanned"


def test_a_scanned_page_among_others_is_a_warning(tmp_path: Path) -> None:
    document = load_document(scanned(tmp_path / "quet.pdf", with_text=True))
    assert "giao Sở Y tế" in document.text
    assert ["1" in warning for warning in document.warnings] == [True]


def test_a_scan_is_recognised_on_demand_or_says_what_to_install(tmp_path: Path) -> None:
    path = scanned(tmp_path / "quet.pdf")
    if not has_vietnamese_tesseract():
        with pytest.raises(Refusal) as refusal:
            load_document(path, ocr=True)
        assert refusal.value.code == "reading.no_ocr"
        return
    document = load_document(path, ocr=True)
    assert "Giao Sở Xây dựng chủ trì" in document.text
    assert ["máy nhận dạng" in warning for warning in document.warnings] == [True]


def test_without_tesseract_the_line_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refusal) as refusal:
        load_document(scanned(tmp_path / "quet.pdf"), ocr=True)
    assert refusal.value.code == "reading.no_ocr"


def has_vietnamese_tesseract() -> bool:
    program = shutil.which("tesseract")
    return bool(program) and b"vie" in subprocess.run([program, "--list-langs"], capture_output=True, check=True).stdout


def test_a_photograph_of_a_page_is_recognised_on_demand(tmp_path: Path) -> None:
    made.pdf(tmp_path / "a.pdf")
    picture = io.BytesIO()
    pdfium.PdfDocument(tmp_path / "a.pdf")[0].render(scale=3).to_pil().save(picture, "PNG")
    (tmp_path / "anh.png").write_bytes(picture.getvalue())
    if not has_vietnamese_tesseract():
        with pytest.raises(Refusal):
            load_document(tmp_path / "anh.png", ocr=True)
        return
    assert "Giao Sở Xây dựng chủ trì" in load_document(tmp_path / "anh.png", ocr=True).text
