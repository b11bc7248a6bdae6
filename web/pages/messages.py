"""The outbox as pages: what was sent to whom, what became of it, and the server's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from config.words import say
from domain.checkpoints import Checkpoint
from domain.conclusions import Conclusion, Directive
from domain.obligations import Obligation
from notifications.outbox import LINK, Attempt, Message, MessageCheckpoint, Status
from web.visit import Viewer, Visit

router = APIRouter()
A_PAGE = 50
LARGEST_ID = 2**31 - 1
MOST_PAGES = 10_000
LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True)
class About:
    """One piece of work that a message speaks of."""

    obligation: int
    number: str
    path: str
    kind: str
    step: int


@router.get("/messages")
def messages(visit: Viewer, status: str = "", agency: str = "", q: str = "", page: int = 1) -> Response:
    """The newest first, filtered by fate, agency and words."""
    if status and status not in list(Status):
        raise HTTPException(404)
    agency_id = int(agency) if agency.isascii() and agency.isdecimal() and len(agency) < 10 else None
    shown = min(max(page, 1), MOST_PAGES)
    conditions = _conditions(visit, status, agency_id, q)
    with visit.look() as session:
        rows = _rows(session, conditions, shown)
    asked = {"status": status, "agency": str(agency_id or ""), "q": q}
    known = [(one, say(f"views.message.{one}")) for one in Status]
    return visit.page(
        "messages.html", rows=rows[:A_PAGE], more=len(rows) > A_PAGE, page=shown, asked=asked, statuses=known
    )


def _conditions(visit: Visit, status: str, agency_id: int | None, words: str) -> list[Any]:
    found: list[Any] = [Message.office_id == visit.office_id]
    if status:
        found.append(Message.status == status)
    if agency_id is not None:
        found.append(Message.agency_id == agency_id)
    if words.strip():
        like = f"%{_escaped(words.strip().lower())}%"
        found.append(
            func.lower(col(Message.recipient)).like(like, escape="\\")
            | func.lower(col(Message.subject)).like(like, escape="\\")
            | func.lower(col(Message.address)).like(like, escape="\\")
        )
    return found


def _escaped(words: str) -> str:
    for sign in "\\%_":
        words = words.replace(sign, f"\\{sign}")
    return words


def _rows(session: Session, conditions: list[Any], page: int) -> list[Message]:
    """One page, and one more row where there is another page."""
    query = (
        select(Message)
        .where(*conditions)
        .options(defer(col(Message.text)), defer(col(Message.html)))  # type: ignore[arg-type]
        .order_by(col(Message.id).desc())
    )
    return list(session.exec(query.offset((page - 1) * A_PAGE).limit(A_PAGE + 1)))


@router.get("/messages/{message_id}")
def message(visit: Viewer, message_id: int) -> Response:
    """One message as it was written, and each attempt to send it."""
    with visit.look() as session:
        row = session.get(Message, min(max(message_id, 0), LARGEST_ID))
        if row is None or row.office_id != visit.office_id:
            raise HTTPException(404)
        attempts = session.exec(select(Attempt).where(Attempt.message_id == row.id).order_by(col(Attempt.number))).all()
        about = _about(session, row)
    link = say("web_work.message.link")
    text = row.text.replace(LINK, link)
    return visit.page("message.html", row=row, text=text, attempts=attempts, about=about)


@router.get("/messages/{message_id}/html")
def message_html(visit: Viewer, message_id: int) -> Response:
    """How the message looks, in a frame that runs nothing and loads nothing; its own styles are its letter's."""
    with visit.look() as session:
        row = session.get(Message, min(max(message_id, 0), LARGEST_ID))
    if row is None or row.office_id != visit.office_id:
        raise HTTPException(404)
    headers = {"content-security-policy": LETTER_POLICY, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(row.html.replace(LINK, say("web_work.message.link")), headers=headers)


def _about(session: Session, row: Message) -> list[About]:
    query = (
        select(Checkpoint, Conclusion.number, Directive.path)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .where(MessageCheckpoint.message_id == row.id)
        .order_by(col(Checkpoint.obligation_id))
    )
    return [
        About(point.obligation_id, number, path, point.kind, point.step) for point, number, path in session.exec(query)
    ]
