"""One notice in every format: what is read of it is the same, and a file is what it holds, not what it is called."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from config.settings import ROOT
from domain.calendar import WorkingCalendar
from domain.drafts import Draft
from domain.errors import Refusal
from domain.names import load_registry
from domain.reading import load_document, load_text, read_notice
from tests.unit import documents_made as made

REGISTRY = load_registry(ROOT / "agencies.yaml")
TCVN3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam\n\nTh«ng b¸o kÕt luËn cña Chñ tÞch Uû ban nh©n d©n tØnh\n"
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\n\nThoâng baùo keát luaän cuûa Chuû tòch UÛy ban nhaân daân tænh\n"


def draft_of(path: Path) -> Draft:
    document = load_document(path)
    return read_notice(
        document.text,
        name=document.name,
        registry=REGISTRY,
        calendar=WorkingCalendar(),
        number=document.number,
        issued_on=document.issued_on,
    )


def tasks(draft: Draft) -> list[tuple[object, ...]]:
    return [
        (d.path, d.lead, d.cooperating, d.deadline.due_before, d.deadline.rrule, " ".join(d.text.split()))
        for d in draft.directives
    ]


def head(draft: Draft) -> tuple[object, ...]:
    return draft.number, draft.place, draft.issued_on, draft.meeting_on, draft.title, draft.signer


def typed(folder: Path) -> Path:
    (folder / "thong-bao.txt").write_text(made.NOTICE.text(), encoding="utf-8")
    return folder / "thong-bao.txt"


def on_the_web(folder: Path) -> Path:
    (folder / "trang.html").write_text(made.page(), encoding="utf-8")
    return folder / "trang.html"


FORMATS: dict[str, Callable[[Path], Path]] = {
    "word": lambda folder: made.word(folder / "a.docx"),
    "word that counts": lambda folder: made.word(folder / "a.docx", counted=True),
    "pdf": lambda folder: made.pdf(folder / "a.pdf"),
    "pdf with running heads": lambda folder: made.pdf(folder / "a.pdf", head="Văn phòng UBND tỉnh Sông Lam"),
    "web page": on_the_web,
}


@pytest.mark.parametrize("sort", FORMATS)
def test_a_notice_says_the_same_in_every_format(tmp_path: Path, sort: str) -> None:
    expected, found = draft_of(typed(tmp_path)), draft_of(FORMATS[sort](tmp_path))
    assert len(expected.directives) == 7
    assert head(found) == head(expected)
    assert tasks(found) == tasks(expected)


@pytest.mark.parametrize("sort", FORMATS)
def test_every_directive_stands_in_the_printed_text(tmp_path: Path, sort: str) -> None:
    path = FORMATS[sort](tmp_path)
    text = load_text(path)
    assert all(text[d.start : d.end] == d.text for d in draft_of(path).directives)
    assert text == unicodedata.normalize("NFC", text)
    assert "\r" not in text


def test_a_document_knows_its_name_and_the_digest_of_its_bytes(tmp_path: Path) -> None:
    path = made.word(tmp_path / "van-ban.docx")
    document = load_document(path)
    assert (document.name, document.sha256) == ("van-ban.docx", sha256(path.read_bytes()).hexdigest())
    assert (document.number, document.issued_on, document.warnings) == (None, None, ())


@pytest.mark.parametrize(
    "encoded",
    [
        made.NOTICE.text().encode("utf-8"),
        codecs.BOM_UTF8 + made.NOTICE.text().encode("utf-8"),
        made.NOTICE.text().encode("utf-16"),
        codecs.BOM_UTF16_BE + made.NOTICE.text().encode("utf-16-be"),
        made.NOTICE.text().encode("utf-16-le"),
        made.NOTICE.text().encode("utf-16-be"),
        unicodedata.normalize("NFD", made.NOTICE.text()).encode("utf-8"),
        made.NOTICE.text().replace("\n", "\r\n").encode("utf-8"),
        made.NOTICE.text().replace("\n", "\r").encode("utf-8"),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16 be", "le unmarked", "be unmarked", "nfd", "windows ends", "mac ends"],
)
def test_a_text_is_the_same_in_every_encoding(tmp_path: Path, encoded: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(encoded)
    assert load_text(path) == made.NOTICE.text()


def test_a_text_of_old_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(as_windows_1258(made.NOTICE.text()))
    assert load_text(path) == made.NOTICE.text()


def as_windows_1258(text: str) -> bytes:
    """Letters with their hat or horn, tones after them, as Windows types them."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = "".join(part for part in parts if part not in tones)
        written += unicodedata.normalize("NFC", base) + "".join(part for part in parts if part in tones)
    return written.encode("cp1258")


@pytest.mark.parametrize(("text", "font"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_letters_of_an_old_font_are_converted_with_a_warning(
    tmp_path: Path, text: str, font: str, encoding: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    document = load_document(path)
    assert document.text.startswith("Cộng h")
    assert "xã hội chủ nghĩa Việt Nam" in document.text
    assert "kết luận của Chủ tịch" in document.text
    assert [font in warning for warning in document.warnings] == [True]


@pytest.mark.parametrize(
    ("name", "contents", "code"),
    [
        ("a.txt", b"", "reading.empty"),
        ("a.txt", b" \n\t ", "reading.empty"),
        ("a.txt", "\ufeff\u200b\n".encode(), "reading.empty"),
        ("a.txt", b"a\x00b\x01", "reading.binary"),
        ("a.txt", b"\xff\xe1\xb0", "reading.not_text"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "reading.old_word"),
        ("a.doc", rb"{\rtf1\ansi Thong bao}", "reading.rich_text"),
        ("a.docx", rb"{\rtf1\ansi Thong bao}", "reading.rich_text"),
        ("a.xml", b"<?xml version='1.0'?><a>x</a>", "reading.other_format"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 100, "reading.scanned"),
        ("a.pdf", b"%PDF-1.7", "reading.broken_pdf"),
        ("a.txt", b"%PDF-1.7\n...", "reading.broken_pdf"),
        ("a.docx", b"PK\x03\x04....", "reading.broken_word"),
    ],
)
def test_what_cannot_be_read_is_refused_by_what_it_holds(tmp_path: Path, name: str, contents: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(contents)
    with pytest.raises(Refusal) as refusal:
        load_document(tmp_path / name)
    assert (refusal.value.code, refusal.value.params["file"]) == (code, name)


@pytest.mark.parametrize(("wrong", "sort"), [("a.txt", "word"), ("a.txt", "pdf"), ("a.doc", "web page"), ("a", "pdf")])
def test_a_wrong_name_does_not_matter(tmp_path: Path, wrong: str, sort: str) -> None:
    right = FORMATS[sort](tmp_path)
    text = load_text(right)
    assert load_text(right.rename(tmp_path / wrong)) == text


def test_characters_that_nobody_sees_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Giao Sở\u200b Y tế\x07\u00ad báo cáo\u2028ngay\n", encoding="utf-8")
    assert load_text(path) == "Giao Sở Y tế báo cáo\nngay\n"


def test_a_missing_file_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    for path, code in (
        (tmp_path / "no.txt", "no_file"),
        (tmp_path, "directory"),
        (Path("/dev/null"), "no_regular_file"),
    ):
        with pytest.raises(Refusal) as refusal:
            load_document(path)
        assert refusal.value.code == f"reading.{code}"


def test_a_name_with_a_line_break_stays_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.txt"
    path.write_bytes(b"")
    with pytest.raises(Refusal) as refusal:
        load_document(path)
    assert refusal.value.params["file"] == "a b.txt"
