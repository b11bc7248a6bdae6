"""One directive across all its agencies: who has signed, reported, finished."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from domain.listing.matrix import matrix_of
from web.visit import Viewer

router = APIRouter()


@router.get("/directives/{directive_id}")
def directive(visit: Viewer, directive_id: int) -> Response:
    """The matrix of a directive."""
    everything = bool(visit.request.query_params.get("all"))
    with visit.look() as session:
        found = matrix_of(session, visit.office_id, visit.now, directive_id, everything=everything)
    if found is None:
        raise HTTPException(404)
    return visit.page("directive.html", matrix=found, everything=everything)
