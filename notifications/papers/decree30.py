"""The blocks of an administrative document (Decree 30/2020/NĐ-CP, Annex I): what every template is built from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

TYPEFACE = "Times New Roman"
BODY = 14  #: points
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LEFT, CENTRE, RIGHT, JUSTIFIED = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
A4 = (Mm(210), Mm(297))
PADDING = 0.19  #: of a cell at each side, in cm
MOTTO_WIDTH = 5.8  #: of the motto in 13 points, bold, in cm: its line is as long (Annex I, part II, item 1)


def new_paper(*, landscape: bool = False) -> Paper:
    """An empty A4 paper: margins 20 mm, 30 mm at the left, 15 mm at the right; page numbers from the second page."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = A4[::-1] if landscape else A4
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    style = paper.styles["Normal"]
    style.font.name, style.font.size = TYPEFACE, Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), TYPEFACE)
    style.paragraph_format.space_after = Pt(0)
    for language in paper.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")  # else Word underlines every word as misspelt English
    properties = paper.core_properties
    properties.author, properties.title, properties.comments = "Đôn Đốc", "", ""
    return paper


def _page_number(paragraph: Paragraph) -> None:
    """Arabic, in the middle of the upper margin (Annex I, part I, item 7)."""
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)


def write(
    where: Paper | _Cell,
    words: str,
    *,
    size: float = BODY,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    lines: float = 1.0,
) -> Paragraph:
    """One paragraph; `indent` is of its first line, in cm; `before` and `after` are points."""
    empty = isinstance(where, _Cell) and len(where.paragraphs) == 1 and not where.paragraphs[0].runs
    paragraph = where.paragraphs[0] if empty else where.add_paragraph()
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after = align, Pt(before), Pt(after)
    form.first_line_indent, form.line_spacing = Cm(indent), lines
    return paragraph


def body(where: Paper, words: str, *, after: float = 0) -> Paragraph:
    """A paragraph of the body: justified, first line 1,27 cm in, 6 points apart.

    The 6 points stand at one side: of space before and space after Word takes the larger, not the sum.
    """
    return write(where, words, align=JUSTIFIED, indent=1.27, before=6, after=after, lines=1.15)


def rule(cell: _Cell, inset: float) -> None:
    """The short line under a block; `inset` is what it leaves free at each side, in cm."""
    paragraph = write(cell, "", size=1, align=CENTRE)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm(inset)
    form.line_spacing = Pt(5)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    _insert(paragraph._p.get_or_add_pPr(), borders)


def _insert(properties: Any, borders: Any) -> None:
    """At the place that the schema gives it: before spacing, indents and alignment."""
    later = [child for child in properties if child.tag in (qn("w:spacing"), qn("w:ind"), qn("w:jc"))]
    if later:
        later[0].addprevious(borders)
    else:
        properties.append(borders)


def columns(paper: Paper, *widths: float, rows: int = 1) -> Table:
    """A table without lines, whose columns are that wide, in cm."""
    table: Table = paper.add_table(rows=rows, cols=len(widths))
    _widths(table, widths)
    return table


def _widths(table: Table, widths: Sequence[float]) -> None:
    """Both in the grid and in every cell: Word reads one, other programs the other."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def letterhead(paper: Paper, *, left: float, right: float, about: str = "") -> None:
    """Issuing body, number and subject at the left; the nation's name, motto, place and date at the right.

    Number, place and date are the clerk's to fill in: the paper is a draft.
    """
    table = columns(paper, left, right, rows=2)
    issuer, nation = table.rows[0].cells
    write(issuer, "{%p if superior %}", size=2)
    write(issuer, "{{ superior }}", size=12, align=CENTRE)
    write(issuer, "{%p endif %}", size=2)
    write(issuer, "{{ issuer }}", size=12, bold=True, align=CENTRE)
    rule(issuer, left / 2 - PADDING - 1.1)
    write(nation, NATION, size=12, bold=True, align=CENTRE)
    write(nation, MOTTO, size=13, bold=True, align=CENTRE)
    rule(nation, right / 2 - PADDING - MOTTO_WIDTH / 2)
    number, place = table.rows[1].cells
    write(number, "Số:          /{{ symbol }}", size=13, align=CENTRE, before=6)
    if about:
        write(number, about, size=12, align=CENTRE, before=2)
    write(place, "{{ place_and_date }}", size=13, italic=True, align=CENTRE, before=6)


def signature(paper: Paper, *, left: float, right: float) -> None:
    """Where it goes at the left; who signs at the right, with room for seal and signature; never split by a page."""
    write(paper, "", size=6).paragraph_format.keep_with_next = True
    row = columns(paper, left, right).rows[0]
    _keep_whole(row)
    copies, signer = row.cells
    write(copies, "Nơi nhận:", size=12, bold=True, italic=True)
    for line in ("{%p for line in copies %}", "- {{ line }}", "{%p endfor %}"):
        write(copies, line, size=11)
    write(signer, "{{ signer_title }}", size=13, bold=True, align=CENTRE)
    for _ in range(4):
        write(signer, "", size=13)
    write(signer, "{{ signer_name }}", size=13, bold=True, align=CENTRE)


def ruled(
    paper: Paper,
    header: Sequence[tuple[str, float]],
    loop: str,
    cells: Sequence[str],
    *,
    size: float = 11,
    centred: Sequence[int] = (0,),
) -> Table:
    """A table with lines whose one row is repeated by the template: `loop` is "item in items"; widths are in cm."""
    table: Table = paper.add_table(rows=4, cols=len(header))
    table.style = "Table Grid"
    _widths(table, [width for _, width in header])
    first, opening, row, closing = table.rows
    for cell, (words, _) in zip(first.cells, header, strict=True):
        write(cell, words, size=size, bold=True, align=CENTRE)
    first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on every page
    write(opening.cells[0], f"{{%tr for {loop} %}}", size=size)
    write(closing.cells[0], "{%tr endfor %}", size=size)
    for place, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
        write(cell, words, size=size, align=CENTRE if place in centred else LEFT)
    _keep_whole(row)
    return table


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
