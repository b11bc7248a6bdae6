"""The Word templates of reviews: the letter that asks, the report, the draft of the next notice."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Cm, Mm

from notifications.papers.decree30 import (
    A4,
    CENTRE,
    JUSTIFIED,
    body,
    letterhead,
    new_paper,
    ruled,
    signature,
    write,
)

LEFT, RIGHT = 6.5, 10.0  #: cm of the two columns of a letterhead
COUNTED = (
    ("total", 1.7),
    ("done_in_time", 2.2),
    ("done_late", 2.2),
    ("done_undated", 2.2),
    ("in_time", 2.2),
    ("overdue", 2.0),
    ("undated", 2.2),
    ("share", 2.2),
)


def _heading(paper: Paper, words: str, *, before: float = 8) -> None:
    paragraph = write(paper, words, bold=True, align=JUSTIFIED, indent=1.27, before=before)
    paragraph.paragraph_format.keep_with_next = True


def _when(paper: Paper, condition: str) -> None:
    write(paper, f"{{%p if {condition} %}}")


def _end(paper: Paper, what: str = "if") -> None:
    write(paper, f"{{%p end{what} %}}")


def review_request() -> Paper:
    """An official letter that asks every side of a regulation for its report; the outline is its annex."""
    paper = new_paper()
    letterhead(paper, left=LEFT, right=RIGHT, about="V/v {{ about }}")
    write(paper, "Kính gửi:", align=CENTRE, before=14)
    write(paper, "{%p for line in recipients %}")
    recipient = write(paper, "- {{ line }}", indent=-0.3)
    recipient.paragraph_format.left_indent = Cm(5.0)
    _end(paper, "for")
    write(paper, "", size=6)
    write(paper, "{%p for line in paragraphs %}")
    body(paper, "{{ line }}")
    _end(paper, "for")
    body(paper, "{{ thanks }}").paragraph_format.keep_with_next = True
    signature(paper, left=7.5, right=9.0)
    _annex(paper, "{{ outline_title }}", "{{ outline_of }}", landscape=False)
    write(paper, "{%p for section in sections %}")
    _heading(paper, "{{ section.place }}. {{ section.heading }}")
    _when(paper, "section.hint")
    body(paper, "{{ section.hint }}")
    _end(paper)
    write(paper, "{%p for figure in section.figures %}")
    body(paper, "- {{ figure }}: …………")
    _end(paper, "for")
    _end(paper, "for")
    return paper


def review_report() -> Paper:
    """The report of a period: sentences and charts in the body, tables in the annexes."""
    paper = new_paper()
    letterhead(paper, left=LEFT, right=RIGHT)
    write(paper, "BÁO CÁO", bold=True, align=CENTRE, before=14)
    write(paper, "{{ title }}", bold=True, align=CENTRE, after=8)
    write(paper, "{%p for line in opening %}")
    body(paper, "{{ line }}")
    _end(paper, "for")
    write(paper, "{%p for part in parts %}")
    write(
        paper, "{{ part.heading }}", bold=True, align=JUSTIFIED, indent=1.27, before=10
    ).paragraph_format.keep_with_next = True
    write(paper, "{%p for section in part.sections %}")
    _when(paper, "section.heading")
    _heading(paper, "{{ section.heading }}", before=6)
    _end(paper)
    write(paper, "{%p for line in section.lines %}")
    body(paper, "{{ line }}")
    _end(paper, "for")
    _when(paper, "section.chart")
    chart = write(paper, "{{ section.chart }}", align=CENTRE, before=6)
    chart.paragraph_format.keep_with_next = True
    write(paper, "{{ section.caption }}", size=12, italic=True, align=CENTRE, after=4)
    _end(paper)
    _end(paper, "for")
    _end(paper, "for")
    body(paper, "{{ closing }}").paragraph_format.keep_with_next = True
    signature(paper, left=7.5, right=9.0)
    _annexes(paper)
    return paper


def _annexes(paper: Paper) -> None:
    _annex(paper, "{{ annexes.agencies.title }}", "{{ annexes.of }}")
    _when(paper, "annexes.agencies.rows")
    _counted(paper, "row in annexes.agencies.rows")
    _end(paper)
    _when(paper, "not annexes.agencies.rows")
    write(paper, "{{ annexes.agencies.none }}", align=CENTRE, before=6)
    _end(paper)
    _between(paper, "annexes.groups.tables")
    write(paper, "{%p for table in annexes.groups.tables %}")
    write(
        paper, "{{ table.title }}", bold=True, align=CENTRE, before=12, after=4
    ).paragraph_format.keep_with_next = True
    _counted(paper, "row in table.rows")
    _end(paper, "for")
    _end(paper)
    _between(paper, "annexes.open.rows")
    write(
        paper, "{{ annexes.open.title }}", bold=True, align=CENTRE, before=12, after=4
    ).paragraph_format.keep_with_next = True
    columns: Sequence[tuple[str, float]] = (
        ("place", 1.1),
        ("agency", 4.4),
        ("source", 4.4),
        ("text", 7.4),
        ("deadline", 2.9),
        ("days", 1.8),
        ("cause", 3.2),
    )
    _table(paper, "open", columns, "row in annexes.open.rows", centred=(0, 4, 5))
    _when(paper, "annexes.open.rest")
    write(paper, "{{ annexes.open.rest }}", size=12, italic=True, before=2)
    _end(paper)
    _end(paper)
    _between(paper, "annexes.scores.rows")
    write(
        paper, "{{ annexes.scores.title }}", bold=True, align=CENTRE, before=12, after=4
    ).paragraph_format.keep_with_next = True
    columns = (
        ("rank", 1.9),
        ("agency", 8.2),
        ("judged", 3.2),
        ("share", 3.2),
        ("median", 3.6),
        ("before", 3.0),
        ("trend", 2.1),
    )
    _table(paper, "scores", columns, "row in annexes.scores.rows", centred=(0, 2, 3, 4, 5, 6))
    write(paper, "{{ annexes.scores.method }}", size=12, italic=True, align=JUSTIFIED, before=4)
    _end(paper)
    _between(paper, "annexes.submitted.rows")
    write(
        paper, "{{ annexes.submitted.title }}", bold=True, align=CENTRE, before=12, after=4
    ).paragraph_format.keep_with_next = True
    columns = (("place", 1.1), ("side", 6.0), ("agency", 6.6), ("figure", 8.0), ("value", 3.5))
    _table(paper, "submitted", columns, "row in annexes.submitted.rows", centred=(0, 4))
    _end(paper)


def _annex(paper: Paper, title: str, of: str, *, landscape: bool = True) -> None:
    """A new page with its own title; its numbers go on at the top of the page."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = A4[::-1]
        section.top_margin, section.bottom_margin = Mm(20), Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
    write(paper, title, bold=True, align=CENTRE)
    write(paper, of, size=13, italic=True, align=CENTRE, after=6)


def _between(paper: Paper, condition: str) -> None:
    """Opens a part that is left out where its list is empty."""
    _when(paper, condition)


def _counted(paper: Paper, loop: str) -> None:
    """A table of groups with their counts."""
    columns = (("place", 1.1), ("name", 7.2), *COUNTED)
    _table(paper, "counts", columns, loop, centred=(0, *range(2, len(columns))))


def _table(
    paper: Paper, which: str, columns: Sequence[tuple[str, float]], loop: str, *, centred: Sequence[int]
) -> None:
    """A ruled table: its headings stand in `heads`, so that the catalogue words them."""
    header = [(f"{{{{ heads.{which}.{name} }}}}", width) for name, width in columns]
    ruled(paper, header, loop, [f"{{{{ row.{name} }}}}" for name, _ in columns], centred=centred)


def next_notice() -> Paper:
    """The draft of the next notice of conclusions: what was left open, proposed to be carried over."""
    paper = new_paper()
    letterhead(paper, left=LEFT, right=RIGHT)
    write(paper, "THÔNG BÁO", bold=True, align=CENTRE, before=14)
    write(paper, "{{ title }}", bold=True, align=CENTRE, after=8)
    write(paper, "{%p for line in opening %}")
    body(paper, "{{ line }}")
    _end(paper, "for")
    write(paper, "{%p for group in groups %}")
    body(paper, "{{ group.heading }}").paragraph_format.keep_with_next = True
    write(paper, "{%p for line in group.lines %}")
    body(paper, "{{ line }}")
    _end(paper, "for")
    _end(paper, "for")
    body(paper, "{{ closing }}").paragraph_format.keep_with_next = True
    signature(paper, left=7.5, right=9.0)
    return paper


REVIEW_PAPERS = {"review-request": review_request, "review-report": review_report, "next-notice": next_notice}
