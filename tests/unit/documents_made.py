"""Makes one notice in every format that offices hold: Word, PDF, a web page, plain text. All of it is made up."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import font_roboto
import pypdf
from docx import Document as new_word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

FONT = "Roboto"
LIST_ID = "7"
MARK = re.compile(r"^(?:(?P<number>\d+)\.|(?P<letter>[a-zđ])\)|(?P<dash>-))\s+")

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Notice:
    """A notice: what stands in its letterhead, its body (a string is a paragraph, rows are a table), its end."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    title: tuple[str, ...]
    body: tuple[str | Rows, ...]
    recipients: tuple[str, ...]
    signature: tuple[str, ...]

    def text(self) -> str:
        """As somebody would type it."""
        lines = [*self.left, *self.right, "", *self.title, ""]
        for part in self.body:
            lines += [part] if isinstance(part, str) else [f"| {' | '.join(row)} |" for row in part]
            lines.append("")
        return "\n".join([*lines, *self.recipients, "", *self.signature, ""])


TABLE: Rows = (
    ("TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"),
    (
        "1",
        "Rà soát thủ tục đăng ký bến đò ngang, trình phương án cắt giảm",
        "Sở Xây dựng",
        "Sở Tư pháp",
        "Trước ngày 15/5/2026",
    ),
    ("2", "Lập danh mục hồ chứa cần sửa chữa", "Sở Nông nghiệp và Môi trường", "", "Trong tháng 6/2026"),
    (
        "3",
        "Bố trí kinh phí mua thuyền cứu hộ cho các xã ven sông",
        "Sở Tài chính",
        "Sở Xây dựng",
        "Chậm nhất ngày 20/5/2026",
    ),
)
NOTICE = Notice(
    left=("ỦY BAN NHÂN DÂN", "TỈNH SÔNG LAM", "VĂN PHÒNG", "Số: 68/TB-VP"),
    right=(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Sông Lam, ngày 20 tháng 4 năm 2026",
    ),
    title=(
        "THÔNG BÁO",
        "Kết luận của Chủ tịch Ủy ban nhân dân tỉnh tại cuộc họp về an toàn bến đò và hồ chứa năm 2026",
    ),
    body=(
        "Ngày 17/4/2026, Chủ tịch Ủy ban nhân dân tỉnh chủ trì cuộc họp về an toàn bến đò và hồ chứa nước trên địa bàn "
        "tỉnh. Sau khi nghe các cơ quan báo cáo và ý kiến của đại biểu, Chủ tịch Ủy ban nhân dân tỉnh kết luận:",
        "1. Giao Sở Xây dựng chủ trì, phối hợp với Công an tỉnh kiểm tra toàn bộ bến đò ngang đang hoạt động, đình chỉ "
        "bến không đủ điều kiện, báo cáo Ủy ban nhân dân tỉnh trước ngày 10/5/2026.",
        "2. Giao Sở Nông nghiệp và Môi trường:",
        "a) Kiểm định an toàn các hồ chứa trên một triệu mét khối, hoàn thành trước ngày 30/6/2026.",
        "b) Xây dựng kịch bản vận hành liên hồ mùa mưa lũ, trình Ủy ban nhân dân tỉnh chậm nhất ngày 15/6/2026.",
        "3. Phân công các cơ quan thực hiện những nhiệm vụ sau:",
        TABLE,
        "4. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh vận động người dân mặc áo phao khi qua sông, gửi kết quả "
        "trước ngày 01/7/2026.",
        "Văn phòng Ủy ban nhân dân tỉnh thông báo để các cơ quan, đơn vị biết, thực hiện./.",
    ),
    recipients=("Nơi nhận:", "- Chủ tịch, các Phó Chủ tịch UBND tỉnh;", "- Các cơ quan nêu tên;", "- Lưu: VT."),
    signature=("CHÁNH VĂN PHÒNG", "Đỗ Thị Bích Thảo"),
)


def ten_pages(notice: Notice = NOTICE) -> Notice:
    """The same with as many items as fill about ten pages."""
    bodies = ("Sở Nội vụ", "Sở Tài chính", "Sở Xây dựng", "Sở Y tế", "Sở Tư pháp", "Sở Công Thương")
    items = tuple(
        f"{n}. Giao {bodies[n % 6]} chủ trì, phối hợp với Văn phòng Ủy ban nhân dân tỉnh rà soát phần việc số {n} của "
        "kế hoạch năm, lập danh mục kèm theo kinh phí và nguồn nhân lực, lấy ý kiến các địa phương có liên quan, "
        f"tổng hợp báo cáo Ủy ban nhân dân tỉnh trước ngày {n % 28 + 1:02}/6/2026."
        for n in range(1, 96)
    )
    return replace(notice, body=(notice.body[0], *items))


# Word


def word(path: Path, notice: Notice = NOTICE, *, counted: bool = False) -> Path:
    """A .docx: letterhead and signature in tables without lines. `counted`: Word counts the items, nobody typed it."""
    document = new_word()
    if counted:
        add_list(document, ("decimal", "%1."), ("lowerLetter", "%2)"))
    _word_columns(document, notice.left, notice.right)
    for line in notice.title:
        document.add_paragraph(line)
    for part in notice.body:
        if isinstance(part, str):
            _word_paragraph(document, part, counted=counted)
        else:
            word_table(document, part)
    _word_columns(document, notice.recipients, notice.signature)
    document.save(str(path))
    return path


def add_list(document: Any, *levels: tuple[str, str]) -> None:
    """A list whose levels count as given: (sort, pattern)."""
    xml = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{sort}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for n, (sort, pattern) in enumerate(levels)
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{LIST_ID}70">{xml}</w:abstractNum>'))
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{LIST_ID}"><w:abstractNumId w:val="{LIST_ID}70"/></w:num>')
    )


def count_paragraph(document: Any, text: str, level: int = 0, list_id: str = LIST_ID) -> Any:
    """A paragraph that the list counts."""
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )
    return paragraph


def _word_paragraph(document: Any, text: str, *, counted: bool) -> None:
    match = MARK.match(text) if counted else None
    if match and not match["dash"]:
        count_paragraph(document, text[match.end() :], 0 if match["number"] else 1)
    else:
        document.add_paragraph(text)


def word_table(document: Any, rows: Rows, *, ruled: bool = True) -> Any:
    """A table with its rows; `ruled`: with lines."""
    table = document.add_table(len(rows), len(rows[0]))
    if ruled:
        table.style = "Table Grid"
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return table


def _word_columns(document: Any, left: tuple[str, ...], right: tuple[str, ...]) -> None:
    cells = document.add_table(1, 2).rows[0].cells
    for cell, lines in zip(cells, (left, right), strict=True):
        cell.text = lines[0]
        for line in lines[1:]:
            cell.add_paragraph(line)


def with_part(path: Path, name: str, contents: bytes) -> Path:
    """Adds a part to a package, or puts another in its place."""
    with zipfile.ZipFile(path) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for one, data in (parts | {name: contents}).items():
            package.writestr(one, data)
    return path


def word_with(path: Path, xml: str) -> Path:
    """A .docx whose body is this WordprocessingML."""
    document = new_word()
    body = document.element.body
    for element in reversed(parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a')}>{xml}</w:body>")):
        body.insert(0, element)
    document.save(str(path))
    return path


# PDF


def _styles() -> dict[str, ParagraphStyle]:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, font_roboto.Roboto))
    base = ParagraphStyle("base", fontName=FONT, fontSize=13, leading=18)
    return {
        "text": ParagraphStyle("text", base, alignment=TA_JUSTIFY, firstLineIndent=28, spaceAfter=6),
        "centre": ParagraphStyle("centre", base, alignment=TA_CENTER),
        "small": ParagraphStyle("small", base, fontSize=11, leading=13),
        "cell": ParagraphStyle("cell", base, fontSize=10, leading=12),
    }


def pdf(path: Path, notice: Notice = NOTICE, *, head: str = "", protected: str | None = None) -> Path:
    """A PDF with page numbers; `head`: a running head; `protected`: the password without which nobody opens it."""
    styles = _styles()
    story: list[Any] = [_pdf_columns(notice.left, notice.right, styles["centre"], styles["centre"]), Spacer(1, 16)]
    story += [Paragraph(line, styles["centre"]) for line in notice.title] + [Spacer(1, 10)]
    for part in notice.body:
        story.append(Paragraph(part, styles["text"]) if isinstance(part, str) else pdf_table(part))
    story += [Spacer(1, 12), _pdf_columns(notice.recipients, notice.signature, styles["small"], styles["centre"])]

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont(FONT, 11)
        if document.page > 1:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 40, str(document.page))
        if head:
            canvas.drawString(85, A4[1] - 55, head)

    template = SimpleDocTemplate(str(path), pagesize=A4, leftMargin=85, rightMargin=57, encrypt=protected)
    template.build(story, onFirstPage=furniture, onLaterPages=furniture)
    return path


def pdf_table(rows: Rows, *, ruled: bool = True) -> Any:
    """A table; its header is said again on each page."""
    cell = _styles()["cell"]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")] if ruled else []
    widths = [26, 160, 90, 85, 90][: len(rows[0])]
    cells = [[Paragraph(text, cell) for text in row] for row in rows]
    return Table(cells, widths, repeatRows=1, style=[*grid, ("VALIGN", (0, 0), (-1, -1), "TOP")])


def _pdf_columns(left: tuple[str, ...], right: tuple[str, ...], one: Any, other: Any) -> Any:
    cells = [[Paragraph(line, one) for line in left], [Paragraph(line, other) for line in right]]
    return Table([cells], [180, 273], style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])


def pdf_lines(path: Path, *pages: list[tuple[float, float, str] | tuple[float, float, str, float]]) -> Path:
    """A PDF with each line exactly where it is wanted: (x, y, text[, size])."""
    _styles()
    canvas = Canvas(str(path), pagesize=A4)
    for page in pages:
        for x, y, text, *size in page:
            canvas.setFont(FONT, size[0] if size else 13)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return path


def _stamp(text: str) -> bytes:
    """A small page that shows a text."""
    _styles()
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(200, 60))
    canvas.setFont(FONT, 13)
    for n, line in enumerate(text.split("\n")):
        canvas.drawString(0, 44 - 14 * n, line)
    canvas.save()
    return page.getvalue()


def signed(path: Path, *stamps: tuple[float, float, str]) -> Path:
    """Adds signatures to a PDF whose appearance shows a text, kept as signing programs do: forms in forms in forms."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(path.read_bytes())))

    def named(**entries: Any) -> Any:
        return DictionaryObject({NameObject(f"/{key}"): entry for key, entry in entries.items()})

    def form(content: bytes, resources: Any) -> Any:
        stream = StreamObject()
        stream._data = content
        box = ArrayObject(map(FloatObject, (0, 0, 200, 60)))
        stream.update(named(Type=NameObject("/XObject"), Subtype=NameObject("/Form"), BBox=box, Resources=resources))
        return writer._add_object(stream)

    notes = ArrayObject()
    for x, y, text in stamps:
        drawn = pypdf.PdfReader(io.BytesIO(_stamp(text))).pages[0]
        inner = form(drawn.get_contents().get_data(), drawn["/Resources"].clone(writer))
        outer = form(b"q /n2 Do Q", named(XObject=named(n2=inner)))
        frame = form(b"q /FRM Do Q", named(XObject=named(FRM=outer)))
        notes.append(
            writer._add_object(
                named(
                    Type=NameObject("/Annot"),
                    Subtype=NameObject("/Widget"),
                    FT=NameObject("/Sig"),
                    F=NumberObject(132),
                    Rect=ArrayObject(map(FloatObject, (x, y - 44, x + 200, y + 16))),
                    AP=named(N=frame),
                )
            )
        )
    writer.pages[0][NameObject("/Annots")] = notes
    writer.write(path)
    return path


# web pages


def page(notice: Notice = NOTICE) -> str:
    """The notice as the portal of a province shows it: menus, related stories and comments around it."""
    items = "".join(_html(part) for part in notice.body)
    titles = "".join(f'<p style="text-align:center"><b>{line}</b></p>' for line in notice.title)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Cổng thông tin</title>
<script>var menu = "Giao Sở Y tế báo cáo trước ngày 01/01/2020";</script><style>p {{ color: red }}</style></head><body>
<div class="main-menu"><ul><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức sự kiện</a></li></ul></div>
<div id="content">{_html_columns(notice.left, notice.right)}
{titles}{items}{_html_columns(notice.recipients, notice.signature)}</div>
<div class="related-news"><h3>Tin liên quan</h3><ul>
<li><a href="/1">Giao Sở Y tế kiểm tra bệnh viện trước ngày 02/02/2020</a></li></ul></div>
<div id="comments"><p>Bạn đọc: đề nghị Sở Tài chính trả lời trước ngày 03/3/2020 về việc nêu trên, xin cảm ơn.</p></div>
<footer>Bản quyền thuộc Cổng thông tin điện tử</footer></body></html>"""


def _html_columns(*columns: tuple[str, ...]) -> str:
    return "<table><tr>" + "".join("<td>" + "<br>".join(lines) + "</td>" for lines in columns) + "</tr></table>"


def _html(part: str | Rows) -> str:
    if isinstance(part, str):
        return f"<p>{part}</p>"
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in part)
    return f'<table border="1">{rows}</table>'
