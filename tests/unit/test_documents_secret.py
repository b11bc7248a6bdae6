"""A document that is marked as a state secret is refused, and nothing of it is said; words about secrecy are words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as new_word

from config.words import say_with
from domain.errors import Refusal
from domain.reading import load_document
from domain.reading.secrecy import is_secret
from tests.unit import documents_made as made

BODY = "THÔNG BÁO\nKết luận tại cuộc họp\n\n1. Giao Sở Y tế báo cáo trước ngày 10/5/2026.\n"


@pytest.mark.parametrize(
    "marking",
    [
        *(
            "MẬT",
            "TỐI MẬT",
            "TUYỆT MẬT",
            "Mật",
            "Tối mật",
            "Tuyệt mật",
            "[MẬT]",
            "** TỐI MẬT **",
            "M Ậ T",
            "T Ố I  M Ậ T",
        ),
        *("Độ mật: Mật", "ĐỘ MẬT: TUYỆT MẬT", "Mức độ mật: Tối mật", "| MẬT | CỘNG HÒA XÃ HỘI |", "VĂN BẢN MẬT"),
        *("Số: 5/TB-VP        MẬT", "\tTUYỆT MẬT", "MA\u0302\u0323T", "Độ mật: Mật        Độ khẩn: Hỏa tốc"),
    ],
)
def test_a_marking_at_the_head_is_seen(marking: str) -> None:
    assert is_secret(f"VĂN PHÒNG\n{marking}\nSố: 5/TB-VP\n{BODY}")


@pytest.mark.parametrize(
    "words",
    [
        *("Độ mật: Thường", "BẢO MẬT", "Bảo mật thông tin", "MẬT ĐỘ DÂN CƯ", "Mật độ xây dựng", "mật", "CƠ MẬT VIỆN"),
        *(
            "Về công tác bảo vệ bí mật nhà nước",
            "BÍ MẬT NHÀ NƯỚC",
            "| Độ mật | Số lượng |",
            "Mật ong",
            "Danh mục tài liệu mật",
        ),
        *("Văn bản mật thuộc lĩnh vực y tế do Bộ quản lý", "CHẾ ĐỘ BẢO MẬT"),
    ],
)
def test_words_about_secrecy_are_no_marking(words: str) -> None:
    assert not is_secret(f"VĂN PHÒNG\n{words}\nSố: 5/TB-VP\n{BODY}")


def test_a_marking_in_capitals_counts_wherever_it_stands_alone() -> None:
    assert is_secret(BODY + "Nội dung.\n" * 60 + "PHỤ LỤC\nTỐI MẬT\n")
    assert not is_secret(BODY + "Nội dung.\n" * 60 + "| 5 | Mật |\nMật\n")


def marked_word(folder: Path) -> Path:
    return made.word(folder / "a.docx", replace(made.NOTICE, left=(*made.NOTICE.left, "MẬT")))


def marked_header(folder: Path) -> Path:
    document = new_word()
    document.sections[0].header.paragraphs[0].text = "Trang 1"
    document.sections[0].footer.paragraphs[0].text = "TỐI MẬT"
    document.add_paragraph("Giao Sở Y tế báo cáo.")
    document.save(str(folder / "a.docx"))
    return folder / "a.docx"


def marked_pdf(folder: Path) -> Path:
    return made.pdf(folder / "a.pdf", made.ten_pages(), head="TUYỆT MẬT")


def stamped_pdf(folder: Path) -> Path:
    page = made.pdf_lines(folder / "a.pdf", [(85, 700, "THÔNG BÁO"), (85, 660, "Giao Sở Y tế báo cáo.")])
    return made.signed(page, (300, 760, "MẬT"))


def marked_page(folder: Path) -> Path:
    (folder / "a.html").write_text(made.page(replace(made.NOTICE, left=("VĂN PHÒNG", "Mật"))), encoding="utf-8")
    return folder / "a.html"


def marked_text(folder: Path) -> Path:
    (folder / "a.txt").write_text("TUYỆT MẬT\n" + made.NOTICE.text(), encoding="utf-16")
    return folder / "a.txt"


@pytest.mark.parametrize("made_in", [marked_word, marked_header, marked_pdf, stamped_pdf, marked_page, marked_text])
def test_a_marked_document_of_any_format_is_refused_and_nothing_of_it_is_said(tmp_path: Path, made_in: object) -> None:
    assert callable(made_in)
    with pytest.raises(Refusal) as refusal:
        load_document(made_in(tmp_path))
    assert refusal.value.code == "reading.secret"
    said = say_with(refusal.value.code, refusal.value.params)
    assert "Sở" not in said
    assert "\n" not in said
