"""The letter that asks the sides of a regulation for their reports, with the outline they follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from config.words import say
from domain.deadlines import last_day
from domain.instants import local
from domain.policy import Section
from domain.reviews.cycles import Cycle
from domain.reviews.side_reports import SideReport, side_reports
from notifications.papers.filling import fill_paper
from notifications.papers.office import VI, office_blocks
from notifications.wording import day_words, plain_line

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def request_paper(session: Session, office_id: int, cycle: Cycle, now: datetime, folder: Path | None = None) -> bytes:
    """The letter as .docx. Changes nothing. Raises Refusal where the office's own template cannot be filled."""
    blocks = dict(office_blocks(session, office_id, local(now).date(), ("above",)))
    regulation = plain_line(cycle.regulation.title)
    words = {
        "regulation": regulation,
        "number": plain_line(cycle.regulation.number),
        "signed": day_words(cycle.regulation.issued_on, VI),
        "period": cycle.row.span.words(VI),
        "office": str(blocks["office"]),
        "day": day_words(last_day(cycle.row.due_before), VI),
        "letter": plain_line(cycle.conclusion.number),
    }
    context = blocks | {
        "about": say("review_papers.request.about", language=VI, **words),
        "recipients": _recipients(side_reports(session, cycle.row, now)),
        "paragraphs": [say(f"review_papers.request.{name}", language=VI, **words) for name in ("why", "asks", "how")],
        "thanks": say("review_papers.request.thanks", language=VI),
        "outline_title": say("review_papers.request.outline_title", language=VI),
        "outline_of": say("review_papers.request.outline_of", language=VI, **words),
        "sections": _sections(cycle.row.sections),
    }
    return fill_paper("review-request", context, folder)


def _recipients(rows: Sequence[SideReport]) -> list[str]:
    """The sides, each with the agencies that report for it; a side that reports itself stands alone."""
    by_side: dict[str, list[str]] = {}
    for row in rows:
        by_side.setdefault(plain_line(row.side), []).append(plain_line(row.agency.name))
    return [
        agencies[0] if agencies == [side] or not side else f"{side} ({'; '.join(agencies)})"
        for side, agencies in by_side.items()
    ]


def _sections(sections: Sequence[Section]) -> list[Mapping[str, object]]:
    return [
        {
            "place": ROMAN[place] if place < len(ROMAN) else str(place + 1),
            "heading": plain_line(section.heading),
            "hint": plain_line(section.hint),
            "figures": [plain_line(figure.label) for figure in section.figures],
        }
        for place, section in enumerate(sections)
    ]


def request_name(cycle: Cycle) -> str:
    """The name of the file."""
    return say("review_papers.request.file", language=VI, id=cycle.id, period=cycle.row.period.replace("..", "-den-"))
