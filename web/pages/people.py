"""The people of the office: who fills which role, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from domain.errors import Refusal
from domain.offices import Official
from domain.people import (
    OFFICE_ROLES,
    absences_of,
    add_official,
    change_official,
    come_back,
    officials_of,
    person_of,
    remove_official,
    roles_of,
    take_leave,
)
from domain.policy import Role
from domain.store import Change
from domain.written import parse_day
from web.visit import Clerk, Form, Manager, Sent, Viewer, Visit

router = APIRouter()


@router.get("/people")
def people(visit: Viewer) -> Response:
    """Everybody, role after role."""
    return visit.page("office/people.html", **_context(visit))


@router.post("/people/add")
def add(visit: Manager, form: Sent) -> Response:
    """Adds somebody to a role."""

    def added(change: Change) -> None:
        if form.words("role") not in OFFICE_ROLES:
            raise Refusal("errors.no_role", words=form.words("role")[:40], roles=", ".join(OFFICE_ROLES))
        add_official(change, Role(form.words("role")), form.words("name"), form.words("email"))

    return _do(visit, form, "person_added", added)


@router.post("/people/{official_id}/change")
def change(visit: Manager, official_id: int, form: Sent) -> Response:
    """Another name or address."""
    return _do(
        visit,
        form,
        "person_changed",
        lambda one: change_official(one, _official(one, official_id), form.words("name"), form.words("email")),
    )


@router.post("/people/{official_id}/remove")
def remove(visit: Manager, official_id: int, form: Sent) -> Response:
    """Takes somebody out of a role."""
    return _do(visit, form, "person_removed", lambda one: remove_official(one, _official(one, official_id)))


@router.post("/people/{official_id}/leave")
def leave(visit: Clerk, official_id: int, form: Sent) -> Response:
    """Somebody is on leave in every role, and another is written to."""

    def away(change: Change) -> None:
        row = _official(change, official_id)
        since, until = parse_day(form.words("since")), parse_day(form.words("until"))
        for one in roles_of(change.session, change.office_id, row):
            take_leave(change, person_of(one), since, until, form.words("name"), form.words("email"))

    return _do(visit, form, "leave_taken", away)


@router.post("/people/{official_id}/back")
def back(visit: Clerk, official_id: int, form: Sent) -> Response:
    """Somebody is back in every role."""

    def returned(change: Change) -> None:
        for one in roles_of(change.session, change.office_id, _official(change, official_id)):
            come_back(change, person_of(one))

    return _do(visit, form, "back", returned)


def _do(visit: Visit, form: Form, word: str, deed: Callable[[Change], object]) -> Response:
    try:
        with visit.change() as change:
            deed(change)
    except Refusal as refusal:
        return visit.refused("office/people.html", refusal, **(_context(visit) | {"typed": form.typed()}))
    return visit.go("/people", f"office.{word}")


def _official(change: Change, official_id: int) -> Official:
    row = next((one for one in officials_of(change.session, change.office_id) if one.id == official_id), None)
    if row is None:
        raise HTTPException(404)
    return row


def _context(visit: Visit) -> dict[str, Any]:
    with visit.look() as session:
        rows = officials_of(session, visit.office_id)
        today = visit.now.date()
        leave = [one for one in absences_of(session, visit.office_id) if one.until >= today]
    away = {one.id: [row for row in leave if row.person == person_of(one)] for one in rows}
    return {"people": rows, "away": away, "roles": OFFICE_ROLES, "typed": {}}
