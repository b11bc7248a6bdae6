"""Phrases that the papers of a review share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.words import say
from domain.deadlines import last_day
from domain.drafts import DirectiveKind
from domain.reviews.figures import OpenWork, PeriodFigures, Row
from notifications.papers.office import VI
from notifications.papers.review_sentences import share_words
from notifications.wording import day_words, number_words, plain_line, quoted


@dataclass(frozen=True, slots=True)
class Section:
    """A section that the sides were asked for."""

    code: str
    heading: str
    figures: tuple[tuple[str, str], ...]  #: (code, label)


def kind_words(kind: str) -> str:
    """Nhiệm vụ, kiến nghị của cử tri, kiến nghị sau giám sát."""
    known = kind if kind in tuple(DirectiveKind) else DirectiveKind.TASK
    return say(f"classify.kind.{known}", language=VI)


def row_words(row: Row, name: str) -> str:
    """One group in a sentence: how much, done, in time, overdue."""
    counts = row.tally.counts
    who = plain_line(name) or say("review_papers.no_side", language=VI)
    if not counts.total:
        return say("review_papers.report.row_none", language=VI, name=who)
    return say(
        "review_papers.report.row",
        language=VI,
        name=who,
        total=number_words(counts.total, VI),
        done=number_words(counts.done, VI),
        share=share_words(counts.done, counts.total),
        late=number_words(counts.done_late, VI),
        open=number_words(counts.open, VI),
        overdue=number_words(counts.overdue, VI),
    )


def source_of(one: OpenWork) -> str:
    """Thông báo số 489/TB-VP ngày 07/3/2018, mục 4.2."""
    return say(
        "messages.source",
        language=VI,
        document=say("wording.document.notice", language=VI),
        number=plain_line(one.number),
        day=day_words(one.issued_on, VI),
        path=plain_line(one.path),
    )


def open_lines(figures: PeriodFigures, most: int) -> Iterator[str]:
    """The longest overdue, each in a line."""
    for one in figures.open_work[:most]:
        if one.due_before is None or not one.days_late:
            return
        yield say(
            "review_papers.report.open_line",
            language=VI,
            agency=plain_line(one.agency),
            text=quoted(one.text),
            source=source_of(one),
            day=day_words(last_day(one.due_before), VI),
            days=number_words(one.days_late, VI),
        )
