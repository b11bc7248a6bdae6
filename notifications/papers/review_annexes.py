"""The tables of a report: agency by agency, by side, field and kind, what is open, scorecards, what was submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from config.words import say
from domain.deadlines import last_day
from domain.reviews.compiling import Compiled
from domain.reviews.figures import PeriodFigures, Row, Score
from notifications.papers.making_review_templates import COUNTED
from notifications.papers.office import VI
from notifications.papers.review_sentences import days_of, share_words
from notifications.papers.review_words import kind_words, source_of
from notifications.wording import day_words, number_words, plain_line, quoted

MOST_OPEN = 200  #: rows of the paper; the workbook has all
TABLES = {
    "counts": ("place", "name", *(name for name, _ in COUNTED)),
    "open": ("place", "agency", "source", "text", "deadline", "days", "cause"),
    "scores": ("rank", "agency", "judged", "share", "median", "before", "trend"),
    "submitted": ("place", "side", "agency", "figure", "value"),
}


def heads(figures: PeriodFigures) -> Mapping[str, Mapping[str, str]]:
    """The headings of every table."""
    return {
        which: {name: say(f"review_papers.column.{name}", language=VI) for name in columns}
        for which, columns in TABLES.items()
    }


def annexes(compiled: Compiled, labels: Mapping[str, str]) -> Mapping[str, object]:
    """Everything that stands after the signature; `labels` are those of the figures that were asked for."""
    figures = compiled.figures
    return {
        "of": say("review_papers.annex.of", language=VI),
        "agencies": {"title": _title("agencies"), "rows": _counted(figures.by_agency), "none": _title("none")},
        "groups": {"tables": _groups(figures)},
        "open": {"title": _title("open"), "rows": _open(figures), "rest": _rest(figures)},
        "scores": {
            "title": _title("scores"),
            "rows": [_score(card) for card in figures.scores],
            "method": say("review_papers.annex.method", language=VI, fewest=number_words(figures.fewest_ranked, VI)),
        },
        "submitted": {"title": _title("submitted"), "rows": _submitted(compiled, labels)},
    }


def _title(name: str) -> str:
    return say(f"review_papers.annex.{name}", language=VI)


def _groups(figures: PeriodFigures) -> list[Mapping[str, object]]:
    tables = [
        {"title": _title("sides"), "rows": _counted(figures.by_side, say("review_papers.no_side", language=VI))},
        {"title": _title("fields"), "rows": _counted(figures.by_field, say("review_papers.book.unnamed", language=VI))},
        {"title": _title("kinds"), "rows": _counted(_named_kinds(figures.by_kind))},
    ]
    return [table for table in tables if table["rows"]]


def _named_kinds(rows: Iterable[Row]) -> list[Row]:
    return [row.model_copy(update={"name": kind_words(row.key)}) for row in rows]


def _counted(rows: Iterable[Row], unnamed: str = "") -> list[Mapping[str, object]]:
    return [
        {"place": place, "name": plain_line(row.name) or unnamed, **_counts(row)}
        for place, row in enumerate(rows, start=1)
    ]


def _counts(row: Row) -> Mapping[str, str]:
    counts = row.tally.counts
    found = {name: number_words(getattr(counts, name), VI) for name, _ in COUNTED if name != "share"}
    return found | {"share": share_words(counts.done_in_time, counts.judged) if counts.judged else "–"}


def _open(figures: PeriodFigures) -> list[Mapping[str, object]]:
    return [
        {
            "place": place,
            "agency": plain_line(one.agency),
            "source": source_of(one),
            "text": quoted(one.text),
            "deadline": day_words(last_day(one.due_before), VI) if one.due_before else "–",
            "days": number_words(one.days_late, VI) if one.days_late else "–",
            "cause": say(f"causes.{one.cause}", language=VI) if one.cause else "–",
        }
        for place, one in enumerate(figures.open_work[:MOST_OPEN], start=1)
    ]


def _rest(figures: PeriodFigures) -> str:
    rest = figures.open_total - min(len(figures.open_work), MOST_OPEN)
    return say("review_papers.annex.rest", language=VI, count=number_words(rest, VI)) if rest > 0 else ""


def _score(card: Score) -> Mapping[str, str]:
    return {
        "rank": rank_words(card),
        "agency": plain_line(card.agency),
        "judged": number_words(card.judged, VI),
        "share": _percent(card.in_time_share),
        "median": days_of(card.median_days) if card.median_days is not None else "–",
        "before": _percent(card.before),
        "trend": say(f"review_papers.trend.{card.trend or 'none'}", language=VI),
    }


def rank_words(card: Score) -> str:
    """2 (đồng hạng); a dash for who is not ranked."""
    if card.rank is None:
        return "–"
    return say("review_papers.tied", language=VI, rank=card.rank) if card.tied else str(card.rank)


def _percent(share: float | None) -> str:
    return "–" if share is None else share_words(*share.as_integer_ratio())


def _submitted(compiled: Compiled, labels: Mapping[str, str]) -> list[Mapping[str, object]]:
    found = [
        (one, labels[code], value) for one in compiled.said for code, value in one.figures.items() if code in labels
    ]
    return [
        {
            "place": place,
            "side": plain_line(one.side),
            "agency": plain_line(one.agency),
            "figure": label,
            "value": decimal_words(value),
        }
        for place, (one, label, value) in enumerate(found, start=1)
    ]


def decimal_words(number: str) -> str:
    """ "1234.5" as it was submitted -> 1.234,5; every digit stays."""
    exact = Decimal(number)
    return f"{exact:,f}".translate(str.maketrans(",.", ".,"))
