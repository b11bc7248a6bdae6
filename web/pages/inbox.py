"""Mail that came in, as pages: what waits, one mail with its files and proposals, attaching it or dismissing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response
from sqlmodel import Session

from domain.accounts import Rank
from domain.agencies import agency_names
from domain.errors import Refusal
from domain.incoming import (
    Incoming,
    IncomingFile,
    IncomingState,
    dismiss,
    files_of,
    incoming_of,
    incoming_rows,
)
from domain.incoming_acts import Attaching, attach, attached_to
from domain.keys import key
from domain.reports import COMPLETE
from domain.written import parse_day
from notifications.inbox.proposing import Proposal, proposals
from notifications.inbox.words import own_words
from notifications.outbox import Message
from web.pages.attachments import DIGEST
from web.visit import Clerk, Form, Sent, Viewer, Visit

router = APIRouter()
LARGEST_ID = 2**31 - 1
MOST, MOST_WORDS = 200, 1000  #: mails of one list; characters of a mail that a report begins with


@dataclass(frozen=True, slots=True)
class Shown:
    """One mail with everything that its page shows."""

    row: Incoming
    files: list[IncomingFile]
    proposals: list[Proposal]
    attached_to: list[int]
    about: Message | None
    agencies: dict[int, str]

    @property
    def waits(self) -> bool:
        """Whether somebody has to look at it."""
        return self.row.state == IncomingState.WAITING


@router.get("/inbox")
def inbox(visit: Viewer, all: str = "") -> Response:
    """What waits; with `all` everything, the newest first."""
    with visit.look() as session:
        rows = incoming_rows(session, visit.office_id, everything=bool(all), most=MOST)
        with_files = {one.incoming_id for one in files_of(session, [key(row.id) for row in rows])}
        names = agency_names(session, visit.office_id)
    return visit.page("inbox.html", rows=rows, with_files=with_files, names=names, everything=bool(all))


@router.get("/inbox/{incoming_id}")
def mail(visit: Viewer, incoming_id: int) -> Response:
    """One mail."""
    return visit.page("inbox_mail.html", **_context(visit, incoming_id))


@router.post("/inbox/{incoming_id}/attach")
def attach_it(visit: Clerk, incoming_id: int, form: Sent) -> Response:
    """Attaches the mail to what was ticked; a refusal shows the form again with what was typed."""
    try:
        with visit.change() as change:
            works = attach(change, incoming_id, _chosen(form), _attaching(form))
    except Refusal as refusal:
        return visit.refused("inbox_mail.html", refusal, **_context(visit, incoming_id, form))
    visit.follow(*{key(one.conclusion.id): one.conclusion for one in works}.values())
    return visit.go(f"/inbox/{incoming_id}", "inbox.attached")


@router.post("/inbox/{incoming_id}/dismiss")
def dismiss_it(visit: Clerk, incoming_id: int, form: Sent) -> Response:
    """Dismisses the mail."""
    try:
        with visit.change() as change:
            dismiss(change, incoming_id, form.words("reason"))
    except Refusal as refusal:
        return visit.refused("inbox_mail.html", refusal, **_context(visit, incoming_id, form))
    return visit.go("/inbox", "inbox.dismissed")


@router.get("/inbox/{incoming_id}/files/{file_id}")
def file(visit: Viewer, incoming_id: int, file_id: int) -> Response:
    """One file of a mail, to be kept, never shown by the browser."""
    with visit.look() as session:
        _row(visit, session, incoming_id)
        found = next((one for one in files_of(session, [incoming_id]) if one.id == file_id), None)
    path = visit.settings.attachments_folder / found.sha256 if found and DIGEST.fullmatch(found.sha256) else None
    if found is None or path is None or not path.is_file():
        raise HTTPException(404)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


def _context(visit: Visit, incoming_id: int, form: Form | None = None) -> dict[str, Any]:
    with visit.look() as session:
        row = _row(visit, session, incoming_id)
        waits = row.state == IncomingState.WAITING
        shown = Shown(
            row,
            files_of(session, [incoming_id]),
            proposals(session, visit.office_id, row) if waits else [],
            attached_to(session, incoming_id),
            session.get(Message, row.about_id) if row.about_id else None,
            agency_names(session, visit.office_id),
        )
    ticked = form.all("obligation") if form else [str(one.id) for one in shown.proposals if one.likely]
    typed = form.typed() if form else _first_words(row)
    return {"shown": shown, "row": row, "ticked": ticked, "typed": typed, "may": visit.rank.reaches(Rank.CLERK)}


def _row(visit: Visit, session: Session, incoming_id: int) -> Incoming:
    try:
        return incoming_of(session, visit.office_id, min(max(incoming_id, 0), LARGEST_ID))
    except Refusal:
        raise HTTPException(404) from None


def _first_words(row: Incoming) -> dict[str, str]:
    """What the form holds before somebody typed: the letter, and the mail's own words as those of the report."""
    day = row.letter_date.isoformat() if row.letter_date and row.letter_number else ""
    return {
        "letter_number": row.letter_number if day else "",
        "letter_date": day,
        "note": own_words(row.text)[:MOST_WORDS],
    }


def _chosen(form: Form) -> list[int]:
    """The obligations that were ticked or named. Raises Refusal for a word that is no number."""
    words = [*form.all("obligation"), *form.words("others").replace(",", " ").split()]
    if not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in words):
        raise Refusal("web_work.refused.others")
    return list(map(int, words))


def _attaching(form: Form) -> Attaching:
    """What the form says. Raises Refusal for one that does not say how far the work is."""
    done, percent = form.words("what") == "done", form.words("percent")
    if not done and not (percent.isdecimal() and len(percent) < 4 and int(percent) < COMPLETE):
        raise Refusal("errors.done_or_progress")
    day = form.words("letter_date")
    return Attaching(
        COMPLETE if done else int(percent),
        form.words("note"),
        form.words("letter_number") or None,
        parse_day(day) if day else None,
    )
