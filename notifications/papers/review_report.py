"""The report of a period in the form of Decree 30/2020/NĐ-CP: sentences and charts, then the tables as annexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from config.words import say
from domain.instants import local
from domain.reviews.compiling import Compiled, SideSaid
from domain.reviews.cycles import one_cycle
from domain.reviews.figures import PeriodFigures
from domain.reviews.periods import parse_period
from notifications.papers.filling import Picture, fill_paper
from notifications.papers.office import VI, office_blocks
from notifications.papers.review_annexes import annexes, heads
from notifications.papers.review_charts import by_agency_chart, by_month_chart
from notifications.papers.review_request import ROMAN
from notifications.papers.review_sentences import as_of_words, sentences, share_words
from notifications.papers.review_words import Section, kind_words, open_lines, row_words
from notifications.wording import number_words, plain_line, quoted

CHART = 155.0  #: millimetres
MOST_NAMED = 10  #: pieces of open work that the body names
REPORTED = ("submitted", "accepted")


def report_paper(
    session: Session, office_id: int, compiled: Compiled, now: datetime, folder: Path | None = None
) -> bytes:
    """The report as .docx. Changes nothing. Raises Refusal where the office's own template cannot be filled."""
    figures = compiled.figures
    asked = _asked(session, office_id, compiled)
    blocks = dict(office_blocks(session, office_id, local(now).date(), ("leaders",)))
    context = blocks | {
        "title": title_of(figures),
        "opening": list(_opening(compiled)),
        "parts": _numbered([_results(figures), _causes(figures), _said(compiled.said, asked), _next(compiled, asked)]),
        "closing": say("review_papers.report.closing", language=VI, office=str(blocks["office"])),
        "annexes": annexes(compiled, {code: label for section in asked for code, label in section.figures}),
        "heads": heads(figures),
    }
    return fill_paper("review-report", context, folder)


def _asked(session: Session, office_id: int, compiled: Compiled) -> list[Section]:
    """What the sides were asked, where a review asked them."""
    if compiled.row.cycle_id is None:
        return []
    sections = one_cycle(session, office_id, compiled.row.cycle_id).row.sections
    return [
        Section(one.code, plain_line(one.heading), tuple((f.code, plain_line(f.label)) for f in one.figures))
        for one in sections
    ]


def title_of(figures: PeriodFigures) -> str:
    """What the report is about: a regulation in a period, or all that was decided."""
    name = "title" if figures.regulation else "title_office"
    return say(
        f"review_papers.report.{name}", language=VI, regulation=plain_line(figures.regulation_title), **_when(figures)
    )


def _when(figures: PeriodFigures) -> dict[str, str]:
    return {"period": parse_period(figures.period).words(VI), "day": as_of_words(figures)}


def _opening(compiled: Compiled) -> Iterator[str]:
    figures, said = compiled.figures, compiled.said
    name = "opening" if figures.regulation else "opening_office"
    yield say(
        f"review_papers.report.{name}",
        language=VI,
        number=plain_line(figures.regulation),
        regulation=plain_line(figures.regulation_title),
        **_when(figures),
    )
    if said:
        came = [one for one in said if one.state in REPORTED]
        counts = {"asked": number_words(len(said), VI), "came": number_words(len(came), VI)}
        yield say("review_papers.report.heard", language=VI, **counts)
        late = [plain_line(one.agency) for one in came if one.late]
        missing = [plain_line(one.agency) for one in said if one.state not in REPORTED]
        for which, names in (("heard_late", late), ("heard_missing", missing)):
            if names:
                yield say(f"review_papers.report.{which}", language=VI, names="; ".join(names))
    yield say("review_papers.report.unit", language=VI)


Part = tuple[str, list[dict[str, object]]]  #: heading, and its sections


def _numbered(parts: Sequence[Part]) -> list[dict[str, object]]:
    """I., II., … with 1., 2., … inside; a part about nothing is left out."""
    there = [(heading, sections) for heading, sections in parts if sections]
    return [
        {
            "heading": f"{ROMAN[place]}. {heading}",
            "sections": [
                section | {"heading": f"{number}. {section['heading']}" if section["heading"] else ""}
                for number, section in enumerate(sections, start=1)
            ],
        }
        for place, (heading, sections) in enumerate(there)
    ]


def _section(heading: str, lines: Sequence[str], chart: Picture | None = None, caption: str = "") -> dict[str, object]:
    words = say(f"review_papers.heading.{heading}", language=VI) if heading else ""
    return {"heading": words, "lines": list(lines), "chart": chart, "caption": caption}


def _caption(name: str) -> str:
    return say(f"review_papers.caption.{name}", language=VI)


def _results(figures: PeriodFigures) -> Part:
    sections = [_section("general", [one.text for one in sentences(figures)])]
    if figures.by_side:
        sections.append(_section("by_side", [row_words(row, row.name or "") for row in figures.by_side]))
    if figures.whole.tally.counts.total:
        chart = Picture(by_agency_chart(figures.by_agency), CHART)
        ranked = [card for card in figures.scores if card.rank is not None]
        lines = [say("review_papers.report.agencies", language=VI, count=number_words(len(figures.by_agency), VI))]
        if ranked:
            lines.append(say("review_papers.report.ranked", language=VI, count=number_words(len(ranked), VI)))
        sections.append(_section("by_agency", lines, chart, _caption("by_agency")))
        fields = [row for row in figures.by_field if row.key]
        if fields:
            sections.append(_section("by_field", [row_words(row, row.name) for row in fields]))
        kinds = [row for row in figures.by_kind if row.tally.counts.total]
        sections.append(_section("by_kind", [row_words(row, kind_words(row.key)) for row in kinds]))
    if len(figures.by_month) > 1 and figures.whole.tally.counts.total:
        chart = Picture(by_month_chart(figures.by_month), CHART)
        sections.append(_section("by_month", [], chart, _caption("by_month")))
    return say("review_papers.heading.results", language=VI), sections


def _causes(figures: PeriodFigures) -> Part:
    heading = say("review_papers.heading.limits", language=VI)
    sections = []
    total = sum(one.count for one in figures.causes)
    if total:
        lines = [
            say(
                "review_papers.report.cause",
                language=VI,
                cause=say(f"causes.{one.cause or 'none'}", language=VI),
                count=number_words(one.count, VI),
                share=share_words(one.count, total),
            )
            for one in figures.causes
        ]
        sections.append(_section("causes", lines))
    if figures.open_total:
        counts = number_words(figures.open_total, VI)
        lines = [say("review_papers.report.open", language=VI, count=counts), *open_lines(figures, MOST_NAMED)]
        sections.append(_section("open", lines))
    return heading, sections


def _said(said: Sequence[SideSaid], asked: Sequence[Section]) -> Part:
    """What the sides say, section by section; the plan for the next period has a part of its own."""
    sections: list[dict[str, object]] = []
    for section in asked:
        lines = [] if section.code == "plan" else _lines(said, section.code)
        if lines:
            sections.append({"heading": section.heading, "lines": lines, "chart": None, "caption": ""})
    letters = [
        say("review_papers.report.by_letter", language=VI, agency=plain_line(one.agency), note=quoted(one.note))
        for one in said
        if one.note
    ]
    if letters:
        sections.append(_section("letters", letters))
    return say("review_papers.heading.said", language=VI), sections


def _lines(said: Sequence[SideSaid], code: str) -> list[str]:
    found = []
    for one in said:
        paragraphs = [line for part in one.texts.get(code, "").splitlines() if (line := plain_line(part))]
        if paragraphs:
            found.append(
                say("review_papers.report.says", language=VI, agency=plain_line(one.agency), text=paragraphs[0])
            )
            found += paragraphs[1:]
    return found


def _next(compiled: Compiled, asked: Sequence[Section]) -> Part:
    plans = _lines(compiled.said, "plan") if any(section.code == "plan" for section in asked) else []
    lines = []
    if compiled.figures.open_total:
        count = number_words(compiled.figures.open_total, VI)
        lines.append(say("review_papers.report.carry_over", language=VI, count=count))
    sections = [_section("carry_over", lines)] if lines else []
    if plans:
        sections.append(_section("plans", plans))
    return say("review_papers.heading.next", language=VI), sections
