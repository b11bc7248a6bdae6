"""Makes the Word templates that come along: `python -m notifications.papers.making_templates`."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document as Paper

from notifications.papers.decree30 import CENTRE, JUSTIFIED, body, letterhead, new_paper, ruled, signature, write
from notifications.papers.making_review_templates import REVIEW_PAPERS

FOLDER = Path(__file__).parent / "templates"
ITEM = tuple(f"{{{{ item.{name} }}}}" for name in ("place", "source", "text", "deadline", "days", "reminded"))


def reminder() -> Paper:
    """An official letter that urges one agency: what is overdue, what it is asked to do, by when to answer."""
    paper = new_paper()
    letterhead(paper, left=6.5, right=10.0, about="V/v {{ about }}")
    write(paper, "Kính gửi: {{ recipient }}", align=CENTRE, before=14, after=6)
    write(paper, "{%p for group in groups %}")
    body(paper, "{{ group.opening }}", after=4)
    widths = {"source": 3.2, "text": 5.2, "deadline": 3.2, "days": 1.6, "reminded": 2.4}
    header = [("TT", 1.0), *((f"{{{{ group.columns.{name} }}}}", width) for name, width in widths.items())]
    ruled(paper, header, 'item in group["items"]', ITEM, centred=(0, 4))
    body(paper, "{{ group.asks }}")
    write(paper, "{%p endfor %}")
    body(paper, "{{ answer }}")
    body(paper, "{{ thanks }}").paragraph_format.keep_with_next = True
    signature(paper, left=7.5, right=9.0)
    return paper


def weekly() -> Paper:
    """What lies on the table on Monday: late, due this week and next, waiting for the office, changed last week."""
    paper = new_paper(landscape=True)
    letterhead(paper, left=11.0, right=14.2)
    write(paper, "{{ title }}", bold=True, align=CENTRE, before=12)
    write(paper, "{{ span }}", italic=True, align=CENTRE, after=6)
    write(paper, "{%p for line in summary %}")
    write(paper, "- {{ line }}", size=13, align=JUSTIFIED, before=2)
    write(paper, "{%p endfor %}")
    write(paper, "{%p if agencies %}")
    write(
        paper, "{{ agencies_heading }}", size=13, bold=True, before=10, after=4
    ).paragraph_format.keep_with_next = True
    late = (("TT", 1.1), ("Cơ quan", 13.0), ("Số nhiệm vụ quá hạn", 5.0), ("Quá hạn lâu nhất (ngày)", 6.1))
    columns = ("{{ one.place }}", "{{ one.agency }}", "{{ one.late }}", "{{ one.longest }}")
    ruled(paper, late, "one in agencies", columns, centred=(0, 2, 3))
    write(paper, "{%p endif %}")
    write(paper, "{%p for part in parts %}")
    write(paper, "{{ part.heading }}", size=13, bold=True, before=10, after=4).paragraph_format.keep_with_next = True
    write(paper, "{%p if part.rows %}")
    header = (
        ("TT", 1.1),
        ("Cơ quan", 5.0),
        ("Văn bản giao", 4.6),
        ("Nội dung", 7.6),
        ("Thời hạn", 3.9),
        ("Ghi chú", 3.0),
    )
    cells = ("{{ row.place }}", "{{ row.agency }}", "{{ row.source }}", "{{ row.text }}", "{{ row.deadline }}")
    ruled(paper, header, "row in part.rows", (*cells, "{{ row.note }}"))
    write(paper, "{%p endif %}")
    write(paper, "{%p if part.rest %}")
    write(paper, "{{ part.rest }}", size=12, italic=True, before=2)
    write(paper, "{%p endif %}")
    write(paper, "{%p endfor %}")
    signature(paper, left=11.0, right=14.2)
    return paper


PAPERS = {"reminder": reminder, "weekly": weekly, **REVIEW_PAPERS}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, make in PAPERS.items():
        make().save(str(FOLDER / f"{name}.docx"))
