"""Reviews: opened, watched, and what each agency submitted: accepted or sent back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlmodel import Session, col

from domain.errors import Refusal
from domain.governed import in_force
from domain.instants import at
from domain.keys import key
from domain.life.verification import accept
from domain.regulations import find_regulation
from domain.reviews.compiling import compilations
from domain.reviews.cycles import Cycle, Opening, cycles, one_cycle, open_cycle
from domain.reviews.periods import parse_period
from domain.reviews.side_reports import Counts, counted, counts_of, side_reports
from domain.reviews.submissions import send_back, submissions_of
from domain.reviews.tables import Compilation
from domain.written import parse_day
from notifications.papers.review_request import request_name, request_paper
from web.exporting import check_rate
from web.pages.papers import WORD, download
from web.visit import Clerk, Form, Manager, Sent, Viewer, Visit

router = APIRouter()
LARGEST_ID = 2**31 - 1
MOST_SHOWN = 60  #: reviews and summaries of one page, the newest


@router.get("/reviews")
def index(visit: Viewer, regulation: str = "") -> Response:
    """Every review and every summary; the forms to open one and to compile one."""
    return visit.page("reviews/reviews.html", **_all(visit), typed={"regulation": regulation})


@router.post("/reviews/open")
def open_(visit: Manager, form: Sent) -> Response:
    """Asks every side for its report; one that is open already is shown."""
    try:
        due = at(parse_day(form.words("due")) + timedelta(days=1))
        period = parse_period(form.words("period"))
        with visit.change() as change:
            regulation = find_regulation(change.session, visit.office_id, form.words("regulation"))
            opened = open_cycle(change, Opening(regulation, period, due, form.words("number")))
    except Refusal as refusal:
        return visit.refused("reviews/reviews.html", refusal, **_all(visit), typed=form.typed())
    visit.follow(opened.conclusion)
    return visit.go(f"/reviews/{opened.cycle.id}", "reviews.opened" if opened.is_new else "reviews.open_before")


@router.get("/reviews/{cycle_id}")
def show(visit: Viewer, cycle_id: int) -> Response:
    """One review: everybody who was asked, and what was compiled of it."""
    return visit.page("reviews/review.html", **_one(visit, cycle_id))


@router.get("/reviews/{cycle_id}/letter.docx")
def letter(visit: Clerk, cycle_id: int, request: Request) -> Response:
    """The letter that asks the sides."""
    check_rate(request)
    with visit.look() as session:
        cycle = _cycle(session, visit, cycle_id)
        try:
            made = request_paper(session, visit.office_id, cycle, visit.now, visit.settings.letters_folder)
        except Refusal as refusal:
            return visit.refused("refused.html", refusal)
    return download(made, request_name(cycle), WORD)


@router.get("/reviews/{cycle_id}/reports/{obligation}")
def report(visit: Viewer, cycle_id: int, obligation: int) -> Response:
    """What one agency submitted."""
    return visit.page("reviews/submission.html", **_report(visit, cycle_id, obligation), typed={})


@router.post("/reviews/{cycle_id}/reports/{obligation}/accept")
def accepted(visit: Manager, cycle_id: int, obligation: int, form: Sent) -> Response:
    """Accepts it."""
    return _decide(visit, cycle_id, obligation, form, "accepted")


@router.post("/reviews/{cycle_id}/reports/{obligation}/send-back")
def sent_back(visit: Manager, cycle_id: int, obligation: int, form: Sent) -> Response:
    """Sends it back; the agency is told why."""
    return _decide(visit, cycle_id, obligation, form, "sent_back")


def _decide(visit: Visit, cycle_id: int, obligation: int, form: Form, what: str) -> Response:
    found = _report(visit, cycle_id, obligation)
    try:
        with visit.change() as change:
            if what == "accepted":
                accept(change, obligation)
            else:
                send_back(change, obligation, form.words("reason"))
    except Refusal as refusal:
        return visit.refused("reviews/submission.html", refusal, **found, typed=form.typed())
    visit.follow(found["cycle"].conclusion)
    return visit.go(f"/reviews/{cycle_id}", f"reviews.{what}")


def _cycle(session: Session, visit: Visit, cycle_id: int) -> Cycle:
    try:
        return one_cycle(session, visit.office_id, min(max(cycle_id, 0), LARGEST_ID))
    except Refusal:
        raise HTTPException(404) from None


def _all(visit: Visit) -> dict[str, Any]:
    with visit.look() as session:
        found = cycles(session, visit.office_id)
        shown = found[:MOST_SHOWN]
        counts = counts_of(session, [one.id for one in shown], visit.now)
        return {
            "reviews": [(one, counts.get(one.id, Counts())) for one in shown],
            "reviews_total": len(found),
            "summaries": compilations(session, visit.office_id, col(Compilation.cycle_id).is_(None))[:MOST_SHOWN],
            "regulations": in_force(session, visit.office_id, visit.now.date()),
            "now": visit.now,
        }


def _one(visit: Visit, cycle_id: int) -> dict[str, Any]:
    with visit.look() as session:
        cycle = _cycle(session, visit, cycle_id)
        rows = side_reports(session, cycle.row, visit.now)
        return {
            "cycle": cycle,
            "rows": rows,
            "counts": counted([row.one.obligation for row in rows], visit.now),
            "made": compilations(session, visit.office_id, Compilation.cycle_id == cycle.id),
        }


def _report(visit: Visit, cycle_id: int, obligation: int) -> dict[str, Any]:
    with visit.look() as session:
        cycle = _cycle(session, visit, cycle_id)
        row = next((one for one in side_reports(session, cycle.row, visit.now) if one.id == obligation), None)
        if row is None:
            raise HTTPException(404)
        return {"cycle": cycle, "row": row, "versions": submissions_of(session, key(row.one.obligation.id))}
