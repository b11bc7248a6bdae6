"""Coordination regulations: the list, one with its sides, its notices and its reviews, and what is changed about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlmodel import Session

from domain.errors import Refusal
from domain.governed import governed, how_many_governed
from domain.keys import key
from domain.regulations import (
    NewRegulation,
    NewSide,
    Regulation,
    add_regulation,
    one_regulation,
    regulations,
    replace_regulation,
    sides_of,
)
from domain.reviews.cycles import cycles
from domain.reviews.periods import Shape
from domain.reviews.schedules import (
    SHAPES,
    NewSchedule,
    day_of_year,
    next_opening,
    schedules,
    set_schedule,
    stop_schedule,
)
from domain.store import Change
from domain.written import parse_day
from web.visit import Form, Manager, Sent, Viewer, Visit

router = APIRouter()
LARGEST_ID = 2**31 - 1
MOST_NOTICES = 200  #: that one page lists


@router.get("/regulations")
def index(visit: Viewer) -> Response:
    """Every regulation, and the form for another."""
    return visit.page("reviews/regulations.html", **_all(visit), typed={})


@router.post("/regulations/add")
def add(visit: Manager, form: Sent) -> Response:
    """Takes a regulation down, and what it takes the place of."""
    try:
        given = _given(form)
        with visit.change() as change:
            row = add_regulation(change, given)
            if form.words("replaces"):
                replace_regulation(change, _of(change.session, visit, _number(form.words("replaces"))), row)
    except Refusal as refusal:
        return visit.refused("reviews/regulations.html", refusal, **_all(visit), typed=form.typed())
    return visit.go(f"/regulations/{row.id}", "reviews.regulation_added")


def _given(form: Form) -> NewRegulation:
    return NewRegulation(
        number=form.words("number"),
        issued_on=parse_day(form.words("issued_on")),
        title=form.words("title"),
        sides=tuple(_side(line) for line in form.words("sides").splitlines() if line.strip()),
        term_from=_day(form.words("term_from")),
        term_to=_day(form.words("term_to")),
    )


def _side(line: str) -> NewSide:
    """ "Ủy ban nhân dân tỉnh = Sở Nội vụ; Sở Tài chính": a side, and who reports for it."""
    name, _, agencies = line.partition("=")
    named = (" ".join(part.split()) for part in agencies.split(";"))
    return NewSide(" ".join(name.split()), tuple(one for one in named if one))


def _day(words: str) -> date | None:
    return parse_day(words) if words else None


@router.get("/regulations/{regulation_id}")
def show(visit: Viewer, regulation_id: int) -> Response:
    """One regulation with everything under it."""
    return visit.page("reviews/regulation.html", **_one(visit, regulation_id), typed={})


@router.post("/regulations/{regulation_id}/replace")
def replace(visit: Manager, regulation_id: int, form: Sent) -> Response:
    """Says what took its place."""

    def replaced(change: Change, row: Regulation) -> None:
        new = _of(change.session, visit, _number(form.words("by")))
        replace_regulation(change, row, new, _day(form.words("until")))

    return _do(visit, regulation_id, form, "regulation_replaced", replaced)


@router.post("/regulations/{regulation_id}/schedule")
def schedule(visit: Manager, regulation_id: int, form: Sent) -> Response:
    """Has a review opened each year."""

    def scheduled(change: Change, row: Regulation) -> None:
        opens, due = day_of_year(form.words("opens")), day_of_year(form.words("due"))
        set_schedule(change, row, NewSchedule(_shape(form), opens, due, form.has("last_year")))

    return _do(visit, regulation_id, form, "scheduled", scheduled)


@router.post("/regulations/{regulation_id}/unschedule")
def unschedule(visit: Manager, regulation_id: int, form: Sent) -> Response:
    """A review opens by itself no more."""
    return _do(visit, regulation_id, form, "unscheduled", lambda change, row: stop_schedule(change, row, _shape(form)))


def _shape(form: Form) -> Shape:
    words = form.words("shape")
    return Shape(words) if words in tuple(Shape) else Shape.SPAN  # what does not come each year is refused


def _do(
    visit: Visit, regulation_id: int, form: Form, word: str, deed: Callable[[Change, Regulation], object]
) -> Response:
    try:
        with visit.change() as change:
            deed(change, _of(change.session, visit, regulation_id))
    except Refusal as refusal:
        return visit.refused("reviews/regulation.html", refusal, **_one(visit, regulation_id), typed=form.typed())
    return visit.go(f"/regulations/{regulation_id}", f"reviews.{word}")


def _number(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) < 10 else 0


def _of(session: Session, visit: Visit, regulation_id: int) -> Regulation:
    try:
        return one_regulation(session, visit.office_id, min(max(regulation_id, 0), LARGEST_ID))
    except Refusal:
        raise HTTPException(404) from None


def _all(visit: Visit) -> dict[str, Any]:
    with visit.look() as session:
        return {
            "rows": regulations(session, visit.office_id),
            "counts": how_many_governed(session, visit.office_id),
            "today": visit.now.date(),
        }


def _one(visit: Visit, regulation_id: int) -> dict[str, Any]:
    with visit.look() as session:
        row = _of(session, visit, regulation_id)
        notices = governed(session, key(row.id))
        yearly = [one for one, of in schedules(session, visit.office_id) if of.id == row.id]
        return {
            "row": row,
            "sides": sides_of(session, key(row.id)),
            "notices": notices[:MOST_NOTICES],
            "notices_total": len(notices),
            "reviews": [one for one in cycles(session, visit.office_id) if one.regulation.id == row.id],
            "yearly": [(one, next_opening(session, one, visit.now)) for one in yearly],
            "successor": session.get(Regulation, row.successor_id) if row.successor_id else None,
            "others": [one for one in regulations(session, visit.office_id) if one.id != row.id],
            "shapes": tuple(SHAPES),
        }
