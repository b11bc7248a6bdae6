"""All the papers of a compilation together: what is written to a folder, and what a sign-off freezes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from config.words import say
from domain.reviews.compiling import Compiled
from domain.reviews.cycles import one_cycle
from domain.reviews.exporting import Counted
from notifications.papers.next_notice import next_notice_paper
from notifications.papers.office import VI
from notifications.papers.review_book import book_is_about, review_book
from notifications.papers.review_report import report_paper

REPORT, BOOK, NOTICE = "report.docx", "report.xlsx", "next-notice.docx"
KINDS = (REPORT, BOOK, NOTICE)
Papers = dict[str, tuple[str, bytes]]  #: kind -> (name of the file, its bytes)


def papers_of(
    session: Session,
    office_id: int,
    compiled: Compiled,
    rows: Iterable[Counted],
    now: datetime,
    folder: Path | None = None,
    kinds: Collection[str] = KINDS,
) -> Papers:
    """The report, its workbook, and the draft of the next notice, or those of them that are wanted. Changes nothing."""
    makers: dict[str, Callable[[], bytes]] = {
        REPORT: lambda: report_paper(session, office_id, compiled, now, folder),
        BOOK: lambda: review_book(compiled, rows, labels_of(session, office_id, compiled)),
        NOTICE: lambda: next_notice_paper(session, office_id, compiled, now, folder),
    }
    return {kind: (paper_name(compiled, kind), make()) for kind, make in makers.items() if kind in kinds}


def labels_of(session: Session, office_id: int, compiled: Compiled) -> dict[str, str]:
    """Code -> label of the figures that the sides were asked for."""
    if compiled.row.cycle_id is None:
        return {}
    sections = one_cycle(session, office_id, compiled.row.cycle_id).row.sections
    return {figure.code: figure.label for section in sections for figure in section.figures}


def paper_name(compiled: Compiled, kind: str) -> str:
    """The name of the file of one paper."""
    name, _, ending = kind.partition(".")
    return say(
        f"review_papers.file.{name.replace('-', '_')}",
        language=VI,
        period=book_is_about(compiled.figures),
        version=compiled.row.version,
        id=compiled.id,
        ending=ending,
    )
