"""One directive across all its agencies: who has signed, reported, finished."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from domain.classifying import classify
from domain.drafts import DirectiveKind
from domain.errors import Refusal
from domain.listing.matrix import matrix_of
from domain.offices import office_policy, the_office
from web.visit import Clerk, Sent, Viewer, Visit

router = APIRouter()


@router.get("/directives/{directive_id}")
def directive(visit: Viewer, directive_id: int) -> Response:
    """The matrix of a directive."""
    return visit.page("directive.html", **_context(visit, directive_id))


@router.post("/directives/{directive_id}/classify")
def classified(visit: Clerk, directive_id: int, form: Sent) -> Response:
    """Says its kind, its field, and whose petition it is."""
    found = _context(visit, directive_id)
    try:
        with visit.change() as change:
            kind, field = form.words("kind"), form.words("field")
            classify(change, directive_id, kind=kind, field=field, raised_by=form.words("raised_by"))
    except Refusal as refusal:
        return visit.refused("directive.html", refusal, **found)
    return visit.go(f"/directives/{directive_id}", "reviews.classified")


def _context(visit: Visit, directive_id: int) -> dict[str, Any]:
    everything = bool(visit.request.query_params.get("all"))
    with visit.look() as session:
        found = matrix_of(session, visit.office_id, visit.now, directive_id, everything=everything)
        fields = [one.name for one in office_policy(the_office(session, visit.office_id)).review.fields]
    if found is None:
        raise HTTPException(404)
    return {"matrix": found, "everything": everything, "fields": fields, "kinds": tuple(DirectiveKind)}
