"""Papers to download: the official reminder letter of an agency, and the sheet of the Monday meeting."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from domain.agencies import Agency
from domain.errors import Refusal
from notifications.papers.reminder import reminder_letter
from notifications.papers.week import week_of
from notifications.papers.weekly import weekly_book, weekly_name, weekly_paper
from web.exporting import KINDS, check_rate
from web.visit import Clerk, Viewer

router = APIRouter()
LARGEST_ID = 2**31 - 1
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/agencies/{agency_id}/letter.docx")
def letter(visit: Clerk, agency_id: int, request: Request) -> Response:
    """The draft about what is overdue there; where nothing is, the page says so."""
    check_rate(request)
    with visit.look() as session:
        agency = session.get(Agency, min(max(agency_id, 0), LARGEST_ID))
        if agency is None or agency.office_id != visit.office_id:
            raise HTTPException(404)
        try:
            draft = reminder_letter(session, visit.office_id, agency, visit.now, visit.settings.letters_folder)
        except Refusal as refusal:
            return visit.refused("refused.html", refusal)
    return download(draft.contents, draft.name, WORD)


@router.get("/weekly.{kind}")
def weekly(visit: Viewer, kind: Literal["docx", "xlsx"], request: Request) -> Response:
    """The sheet of this week."""
    check_rate(request)
    with visit.look() as session:
        week = week_of(session, visit.office_id, visit.now)
        if kind == "xlsx":
            return download(weekly_book(week), weekly_name(week.monday, kind), KINDS["xlsx"])
        try:
            made = weekly_paper(session, visit.office_id, week, visit.now, visit.settings.letters_folder)
        except Refusal as refusal:
            return visit.refused("refused.html", refusal)
    return download(made, weekly_name(week.monday, kind), WORD)


def download(contents: bytes, name: str, media: str) -> Response:
    """A file to be kept under its name."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(contents, media_type=media, headers=headers)
