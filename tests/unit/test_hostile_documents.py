"""Files made to harm: each is answered by one line, and costs neither the memory nor the time that it was made for."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.words import say_with
from domain.errors import Refusal
from domain.reading import load_document
from tests.unit import documents_made as made

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def package(path: Path, **parts: bytes) -> Path:
    """A zip whose parts lie in the folder word."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(f"word/{name}.xml", data)
    return path


def body(xml: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}"><w:body>{xml}</w:body></w:document>'.encode()


def zip_bomb(path: Path) -> Path:
    return package(path, document=body("<w:p/>" + " " * 200_000_000))


def many_members(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(6_000):
            archive.writestr(f"word/{n}.xml", b"")
    return path


def lying_sizes(path: Path) -> Path:
    """A package that says that its largest part is empty."""
    data = bytearray(zip_bomb(path).read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    return path


def billion_laughs(path: Path) -> Path:
    document_type = f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>'
    return package(path, document=body("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", document_type))


def other_file(path: Path) -> Path:
    document_type = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return package(path, document=body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", document_type))


def nested_xml(path: Path) -> Path:
    return package(path, document=body("<w:sdt>" * 100_000))


def nested_tables(path: Path) -> Path:
    inner = "<w:p/>"
    for _ in range(2_000):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    return package(path, document=body(inner))


def cut_off(path: Path) -> Path:
    data = made.word(path).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def encrypted_word(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"))
    return path


def encrypted_member(path: Path) -> Path:
    data = bytearray(package(path, document=body("<w:p/>")).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    return path


def spreadsheet(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
    return path


HOSTILE_WORD: list[tuple[Callable[[Path], Path], str]] = [
    (zip_bomb, "zip_bomb"),
    (many_members, "zip_bomb"),
    (lying_sizes, "broken_word"),
    (billion_laughs, "entities"),
    (other_file, "entities"),
    (nested_xml, "broken_word"),
    (nested_tables, "broken_word"),
    (cut_off, "broken_word"),
    (encrypted_word, "encrypted"),
    (encrypted_member, "encrypted"),
    (spreadsheet, "no_word"),
]


def refusal_of(path: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        load_document(path)
    said = say_with(caught.value.code, caught.value.params)
    assert path.name in said
    assert "\n" not in said
    return caught.value


@pytest.mark.parametrize(("make", "code"), HOSTILE_WORD, ids=lambda one: getattr(one, "__name__", one))
def test_a_harmful_word_file_is_refused(tmp_path: Path, make: Callable[[Path], Path], code: str) -> None:
    assert refusal_of(make(tmp_path / "x.docx")).code == f"reading.{code}"


def test_a_list_that_counts_to_anything_is_harmless(tmp_path: Path) -> None:
    numbering = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
        '<w:start w:val="999999999"/>'
        '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%1%1%9"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    ).encode()
    xml = '<w:p><w:pPr><w:numPr><w:ilvl w:val="x"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>'
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    assert load_document(package(tmp_path / "x.docx", document=body(xml + wide), numbering=numbering)).text


def objects(*bodies: bytes) -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    data, places = b"%PDF-1.7\n", []
    for n, one in enumerate(bodies, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (n, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def page_that_draws(*forms: bytes) -> bytes:
    """A PDF of one page that draws the first of these forms; they begin at object 5."""
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>"
        b"/Font<</T<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        stream(b"/F Do"),
        *forms,
    )


def form(content: bytes, inner: int) -> bytes:
    resources = b"/Resources<</XObject<</F %d 0 R>>/Font<</T<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>" % inner
    return stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]" + resources)


def laughing_forms() -> bytes:
    """Forms of which each draws the next one forty times."""
    return page_that_draws(*(form(b"/F Do " * 40, n + 6) for n in range(9)), form(b"BT /T 9 Tf (ha) Tj ET", 5))


def circling_forms() -> bytes:
    return page_that_draws(form(b"/F Do", 5))


def circling_pages() -> bytes:
    return objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>")


def endless_pages() -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(20_000))
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 20000>>" % kids,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
    )


def swelling_stream() -> bytes:
    squeezed = zlib.compress(zlib.compress(b"(ha) Tj " * 60_000_000, 9), 9)
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</T<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        stream(squeezed, b"/Filter[/FlateDecode/FlateDecode]"),
    )


@pytest.mark.parametrize("make", [laughing_forms, circling_forms, circling_pages, endless_pages, swelling_stream])
def test_a_harmful_pdf_is_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    (tmp_path / "x.pdf").write_bytes(make())
    assert refusal_of(tmp_path / "x.pdf").code in {
        *("reading.broken_pdf", "reading.pdf_too_long", "reading.pdf_too_heavy", "reading.empty"),
    }


def test_a_pdf_that_wants_a_password_is_refused(tmp_path: Path) -> None:
    assert refusal_of(made.pdf(tmp_path / "x.pdf", protected="secret")).code == "reading.encrypted"


def test_a_pdf_that_was_cut_off_is_refused_or_read(tmp_path: Path) -> None:
    data = made.pdf(tmp_path / "x.pdf").read_bytes()
    (tmp_path / "x.pdf").write_bytes(data[: len(data) // 3])
    assert refusal_of(tmp_path / "x.pdf").code in ("reading.broken_pdf", "reading.empty")


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li"])
def test_a_page_nested_beyond_reason_is_refused_or_read(tmp_path: Path, tag: str) -> None:
    (tmp_path / "x.html").write_text("<html><p>Giao Sở Y tế</p>" + f"<{tag}>" * 100_000 + "sâu", encoding="utf-8")
    assert refusal_of(tmp_path / "x.html").code in ("reading.too_deep", "reading.empty")


def test_entities_of_a_page_are_not_looked_at(tmp_path: Path) -> None:
    page = (
        f'<!DOCTYPE html [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>Giao &l9; &x;</p>'
    )
    (tmp_path / "x.html").write_text(page, encoding="utf-8")
    text = load_document(tmp_path / "x.html").text
    assert "haha" not in text
    assert "root:" not in text


def test_files_and_texts_too_large_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "x.pdf").open("wb") as sparse:
        sparse.truncate(60 * 1024**2)
    assert refusal_of(tmp_path / "x.pdf").code == "reading.too_large"
    (tmp_path / "x.txt").write_bytes("Giao Sở Y tế. ".encode() * 400_000)
    assert refusal_of(tmp_path / "x.txt").code == "reading.too_large"
    (tmp_path / "x.html").write_bytes(b"<html>" + "<p>Giao Sở Y tế.</p>".encode() * 700_000)
    assert refusal_of(tmp_path / "x.html").code in ("reading.too_large", "reading.too_deep")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    folder = tmp_path_factory.mktemp("honest")
    word = made.word(folder / "a.docx").read_bytes()
    return [("a.docx", word), ("a.html", made.page().encode()), ("a.txt", made.NOTICE.text().encode())]


DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.integers(0, 2), damage=DAMAGE)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, honest: list[tuple[str, bytes]], which: int, damage: list[tuple[float, int, bytes]]
) -> None:
    name, contents = honest[which]
    changed = bytearray(contents)
    for place, length, put in damage:
        at = int(place * len(changed))
        changed[at : at + length] = put
    (tmp_path / name).write_bytes(changed)
    try:
        assert load_document(tmp_path / name).text.strip()
    except Refusal as caught:
        said = say_with(caught.code, caught.params)
    else:
        said = ""
    assert "\n" not in said


WRAPPING = (
    "p",
    "tbl",
    "tr",
    "tc",
    "r",
    "ins",
    "del",
    "sdt",
    "sdtContent",
    "hyperlink",
    "pPr",
    "tcPr",
    "txbxContent",
    "pict",
)
ARRANGED = st.recursive(
    st.sampled_from(
        ["<w:t>Giao</w:t>", "<w:br/>", "<w:tab/>", "<w:sectPr/>", '<w:vMerge w:val="x"/>', "<w:numPr/>", "lời"]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<w:{tag}>{''.join(parts)}</w:{tag}>",
        st.sampled_from(WRAPPING),
        st.lists(inner, max_size=5),
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(ARRANGED, max_size=6))
def test_any_arrangement_of_elements_is_read_or_is_empty(tmp_path: Path, parts: list[str]) -> None:
    path = package(tmp_path / "x.docx", document=body("".join(parts)))
    try:
        code = "" if load_document(path) else "nothing"
    except Refusal as caught:
        code = caught.code
    assert code in ("", "reading.empty", "reading.scanned")
