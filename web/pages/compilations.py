"""Reports as pages: a review or a summary compiled, looked at, signed off, downloaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlmodel import Session

from domain.errors import Refusal
from domain.regulations import find_regulation
from domain.reviews.compiling import Compiled, Scope, compile_period, compiled, latest, scope_of_cycle
from domain.reviews.cycles import one_cycle
from domain.reviews.figures import Counts, Row
from domain.reviews.periods import parse_period
from domain.reviews.tables import Compilation
from flows.signing import frozen_papers, papers_now, sign_off
from notifications.papers.review_papers import labels_of
from notifications.papers.review_sentences import sentences
from web.exporting import KINDS, check_rate
from web.pages.papers import WORD, download
from web.pages.reviews import LARGEST_ID
from web.visit import Clerk, Form, Manager, Sent, Viewer, Visit

router = APIRouter()
MEDIA = {"report.docx": WORD, "report.xlsx": KINDS["xlsx"], "next-notice.docx": WORD}
PARTS = ("overdue", "in_time", "undated", "done_late", "done_in_time", "done_undated")
#: part of the counts -> the standing whose colour it has
COLOURS = {part: part for part in PARTS} | {"done_undated": "settled"}
MOST_OPEN = 100  #: pieces of open work that the page lists
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar; lengths are percent of the longest bar."""

    name: str
    colour: str
    count: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One group's work as a bar, with its row."""

    row: Row
    parts: tuple[Part, ...]


def bars(rows: Sequence[Row]) -> list[Bar]:
    """A bar for each group, as long as its work is much."""
    longest = max((row.tally.counts.total for row in rows), default=0)
    return [Bar(row, tuple(_parts(row.tally.counts, longest))) for row in rows]


def _parts(counts: Counts, longest: int) -> Iterable[Part]:
    before = 0
    for name in PARTS:
        if count := getattr(counts, name):
            left, width = round(100 * before / longest, 2), round(100 * count / longest, 2)
            yield Part(name, COLOURS[name], count, left, width)
            before += count


@router.post("/reviews/{cycle_id}/compile")
def compile_review(visit: Clerk, cycle_id: int, form: Sent) -> Response:
    """Compiles a review as it stands now."""
    with visit.look() as session:
        try:
            scope = scope_of_cycle(one_cycle(session, visit.office_id, min(max(cycle_id, 0), LARGEST_ID)))
        except Refusal:
            raise HTTPException(404) from None
    return _compiled(visit, scope)


@router.post("/summaries/compile")
def compile_summary(visit: Clerk, form: Sent) -> Response:
    """Compiles a month, quarter or any period, of the whole office or under one regulation."""
    try:
        scope = _scope(visit, form)
    except Refusal as refusal:
        return visit.refused("refused.html", refusal)
    return _compiled(visit, scope)


def _scope(visit: Visit, form: Form) -> Scope:
    words = form.words("regulation")
    with visit.look() as session:
        row = find_regulation(session, visit.office_id, words) if words else None
    return Scope(parse_period(form.words("period")), row)


def _compiled(visit: Visit, scope: Scope) -> Response:
    try:
        with visit.change() as change:
            made = compile_period(change, scope)
    except Refusal as refusal:
        return visit.refused("refused.html", refusal)
    return visit.go(f"/compilations/{made.id}", "reviews.compiled")


@router.get("/compilations/{compilation_id}")
def show(visit: Viewer, compilation_id: int) -> Response:
    """The report as a page."""
    return visit.page("reviews/compilation.html", **_one(visit, compilation_id), typed={})


@router.post("/compilations/{compilation_id}/sign")
def sign(visit: Manager, compilation_id: int, form: Sent) -> Response:
    """Signs it off: what was looked at, and nothing else, is frozen."""
    found = _one(visit, compilation_id)
    note, seen = form.words("note"), form.words("seen")
    try:
        sign_off(visit.settings, visit.ledger, compilation_id, note, visit.now, visit.account.username, seen or "-")
    except Refusal as refusal:
        return visit.refused("reviews/compilation.html", refusal, **found, typed=form.typed())
    return visit.go(f"/compilations/{compilation_id}", "reviews.signed")


@router.get("/compilations/{compilation_id}/{kind}")
def paper(visit: Viewer, compilation_id: int, kind: str, request: Request) -> Response:
    """The report, its workbook or the draft of the next notice; of what is signed, exactly what was signed."""
    if kind not in MEDIA:
        raise HTTPException(404)
    check_rate(request)
    with visit.look() as session:
        made = _made(session, visit, compilation_id)
        try:
            papers = frozen_papers(visit.settings, made) or papers_now(session, visit.settings, made, visit.now, [kind])
        except Refusal as refusal:
            return visit.refused("refused.html", refusal)
    name, contents = papers[kind]
    return download(contents, name, MEDIA[kind])


def _made(session: Session, visit: Visit, compilation_id: int) -> Compiled:
    try:
        return compiled(session, visit.office_id, min(max(compilation_id, 0), LARGEST_ID))
    except Refusal:
        raise HTTPException(404) from None


def _one(visit: Visit, compilation_id: int) -> dict[str, Any]:
    with visit.look() as session:
        made = _made(session, visit, compilation_id)
        cycle = one_cycle(session, visit.office_id, made.row.cycle_id) if made.row.cycle_id else None
        labels = labels_of(session, visit.office_id, made)
        newer = _newer(session, made.row)
    figures = made.figures
    return {
        "made": made,
        "figures": figures,
        "cycle": cycle,
        "labels": labels,
        "newer": newer,
        "sentences": sentences(figures),
        "bars": bars(figures.by_agency[:MOST_BARS]),
        "parts": PARTS,
        "colours": COLOURS,
        "open_work": figures.open_work[:MOST_OPEN],
    }


def _newer(session: Session, row: Compilation) -> int | None:
    """The id of a later version of the same period."""
    last = latest(session, row.office_id, row.scope, parse_period(row.period))
    return last.id if last is not None and last.version > row.version else None
