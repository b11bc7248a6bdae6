"""The draft of the next notice of conclusions: what a period left open, proposed to be carried over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from sqlmodel import Session

from config.words import say
from domain.conclusions import is_request
from domain.deadlines import last_day
from domain.drafts import Authority, DirectiveKind, Draft, DraftDirective
from domain.instants import local
from domain.reviews.compiling import Compiled
from domain.reviews.figures import OpenWork
from domain.reviews.periods import parse_period
from notifications.papers.filling import fill_paper
from notifications.papers.office import VI, office_blocks
from notifications.papers.review_words import source_of
from notifications.wording import day_words, plain_line, quoted

MOST_CARRIED = 200  #: of the most urgent; nobody signs a longer notice


def next_notice(compiled: Compiled) -> Draft:
    """The same as a draft that can be filed once a person has given it number, day and deadlines."""
    return Draft(
        title=_title(compiled),
        directives=[
            DraftDirective(
                path=f"{place}.{number}",
                text=_line(one),
                kind=DirectiveKind(one.kind),
                authority=Authority.REQUEST if is_request(one.authority) else Authority.ORDER,
                lead=[one.agency],
            )
            for place, (_, some) in enumerate(_groups(compiled), start=1)
            for number, one in enumerate(some, start=1)
        ],
    )


def next_notice_paper(
    session: Session, office_id: int, compiled: Compiled, now: datetime, folder: Path | None = None
) -> bytes:
    """The draft as .docx: deadlines are blanks. Raises Refusal where the office's own template cannot be filled."""
    blocks = dict(office_blocks(session, office_id, local(now).date(), ("above",)))
    groups = _groups(compiled)
    words = {"period": parse_period(compiled.row.period).words(VI), "office": str(blocks["office"])}
    context = blocks | {
        "title": _title(compiled),
        "opening": [say(f"review_papers.notice.{'opening' if groups else 'nothing'}", language=VI, **words)],
        "groups": [_group(place, heading, some) for place, (heading, some) in enumerate(groups, start=1)],
        "closing": say("review_papers.notice.closing", language=VI, **words),
    }
    return fill_paper("next-notice", context, folder)


def _title(compiled: Compiled) -> str:
    figures = compiled.figures
    name = "title" if figures.regulation else "title_office"
    return say(
        f"review_papers.notice.{name}",
        language=VI,
        regulation=plain_line(figures.regulation_title),
        period=parse_period(figures.period).words(VI),
    )


def _groups(compiled: Compiled) -> list[tuple[tuple[bool, str], list[OpenWork]]]:
    """By agency: those that are ordered first, then those that are asked; each in the order of urgency."""
    work = compiled.figures.open_work[:MOST_CARRIED]

    def whose(one: OpenWork) -> tuple[bool, str]:
        return is_request(one.authority), one.agency

    return [(who, list(some)) for who, some in groupby(sorted(work, key=whose), key=whose)]


def _group(place: int, who: tuple[bool, str], some: Sequence[OpenWork]) -> Mapping[str, object]:
    requested, agency = who
    heading = "asks" if requested else "gives"
    return {
        "heading": f"{place}. " + say(f"review_papers.notice.{heading}", language=VI, agency=plain_line(agency)),
        "lines": list(_lines(place, some)),
    }


def _lines(place: int, some: Iterable[OpenWork]) -> Iterable[str]:
    for number, one in enumerate(some, start=1):
        yield f"{place}.{number}. {_line(one)}"


def _line(one: OpenWork) -> str:
    """What is to be gone on with, where it stands, and that it is overdue; the new deadline is a blank."""
    name = "line_late" if one.due_before and one.days_late else "line"
    return say(
        f"review_papers.notice.{name}",
        language=VI,
        text=quoted(one.text).rstrip(" .;"),
        source=source_of(one),
        day=day_words(last_day(one.due_before), VI) if one.due_before else "",
    )
