"""The outbox as pages: what was sent to whom, what became of it, and the server's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from config.words import say
from domain.agencies import Agency, agency_names
from domain.checkpoints import Checkpoint
from domain.conclusions import Conclusion, Directive
from domain.errors import Refusal
from domain.keys import key
from domain.listing.searching import found_in, words_of
from domain.moments import Kind
from domain.names import fold
from domain.obligations import Obligation
from domain.people import officials_of
from domain.store import Change
from flows.desk import desk_at
from notifications.by_hand import AGAIN, attempts_of, hold_message, send_again, ways_tried
from notifications.channels import MAIL_CHANNELS
from notifications.outbox import (
    GONE_OUT,
    LINK,
    NOTICE,
    TEST,
    Attempt,
    Message,
    MessageCheckpoint,
    Status,
    nothing_later,
)
from notifications.receipts import NEW_LINK, RECEIPT
from web.visit import Clerk, Sent, Viewer, Visit

router = APIRouter()
A_PAGE = 50
LARGEST_ID = 2**31 - 1
MOST_PAGES = 10_000
LONGEST_SEARCH = 200  #: characters
KINDS = (*map(str, Kind), RECEIPT, NEW_LINK, TEST, NOTICE)
LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for; what is empty is not."""

    status: str = ""
    kind: str = ""
    agency: int | None = None
    q: str = ""
    final: bool = False  #: not said again by another way
    page: int = 1

    def to_page(self, number: int) -> str:
        """The same list, another page."""
        fields = {
            "status": self.status,
            "kind": self.kind,
            "agency": self.agency,
            "q": self.q,
            "final": self.final or "",
        }
        page = {"page": number} if number > 1 else {}
        written = urlencode({name: value for name, value in fields.items() if value} | page)
        return f"/messages?{written}" if written else "/messages"

    @property
    def is_narrowed(self) -> bool:
        """Whether it is asked for less than everything."""
        return replace(self, page=1) != Asked()


@dataclass(frozen=True, slots=True)
class About:
    """One piece of work that a message speaks of."""

    obligation: int
    number: str
    path: str
    agency: str
    kind: str
    step: int


@router.get("/messages")
def messages(
    visit: Viewer, status: str = "", kind: str = "", agency: str = "", q: str = "", final: str = "", page: int = 1
) -> Response:
    """The newest first, filtered by fate, kind, agency and words."""
    if (status and status not in list(Status)) or (kind and kind not in KINDS):
        raise HTTPException(404)
    agency_id = int(agency) if agency.isascii() and agency.isdecimal() and len(agency) < 10 else None
    asked = Asked(status, kind, agency_id, q.strip()[:LONGEST_SEARCH], bool(final), min(max(page, 1), MOST_PAGES))
    with visit.look() as session:
        rows = _rows(session, _conditions(visit, session, asked), asked.page)
        context: dict[str, Any] = {"troubles": troubles(session, rows), "agencies": _agencies(visit, session)}
    context |= {"statuses": [(str(one), say(f"views.message.{one}")) for one in Status], "kinds": _kinds()}
    return visit.page("messages.html", rows=rows[:A_PAGE], more=len(rows) > A_PAGE, asked=asked, **context)


def _conditions(visit: Visit, session: Session, asked: Asked) -> list[Any]:
    found: list[Any] = [Message.office_id == visit.office_id]
    if asked.status:
        found.append(Message.status == asked.status)
    if asked.final:
        found.append(nothing_later())
    if asked.kind:
        found.append(Message.kind == asked.kind)
    if asked.agency is not None:
        found.append(Message.agency_id == asked.agency)
    if asked.q:
        found.append(_says(session, visit.office_id, asked.q))
    return found


def _says(session: Session, office_id: int, typed: str) -> ColumnElement[bool]:
    """Whether what was typed stands in a message's head; names of agencies and people are found without accents."""
    people = [one.name for one in officials_of(session, office_id)]

    def said(some: Sequence[str]) -> ColumnElement[bool]:
        return and_(*[or_(_holds(word), col(Message.recipient).in_(_named(people, word))) for word in some])

    return or_(_holds(typed), found_in(session, office_id, words_of(typed), said, col(Message.agency_id).in_))


def _holds(words: str) -> ColumnElement[bool]:
    like = f"%{_escaped(words.lower())}%"
    columns = (col(Message.recipient), col(Message.subject), col(Message.address))
    return or_(*[func.lower(one).like(like, escape="\\") for one in columns])


def _named(people: Sequence[str], word: str) -> list[str]:
    return [name for name in people if f" {word}" in f" {fold(name)}"]


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


def troubles(session: Session, rows: Sequence[Message]) -> dict[int, str]:
    """What the server said last of each message that has not gone out."""
    ids = [key(one.id) for one in rows if one.attempts and one.status not in GONE_OUT]
    if not ids:
        return {}
    query = select(Attempt).where(col(Attempt.message_id).in_(ids)).order_by(col(Attempt.number))
    return {one.message_id: one.detail for one in session.exec(query)}


def _agencies(visit: Visit, session: Session) -> list[tuple[str, str]]:
    names = agency_names(session, visit.office_id)
    return [(str(id_), name) for id_, name in sorted(names.items(), key=lambda one: one[1])]


def _kinds() -> list[tuple[str, str]]:
    return [(one, say(f"web_work.message_kind.{one}")) for one in KINDS]


@router.get("/messages/{message_id}")
def message(visit: Viewer, message_id: int) -> Response:
    """One message as it was written, each attempt to send it, and the ways its words went."""
    return visit.page("message.html", **_context(visit, message_id))


@router.post("/messages/{message_id}/again")
def again(visit: Clerk, message_id: int, form: Sent) -> Response:
    """Queues it once more, by the way that is open now."""
    desk = desk_at(visit.settings, visit.ledger, visit.now)
    return _do(visit, message_id, "again", lambda change: send_again(change, message_id, desk.voice.channels))


@router.post("/messages/{message_id}/hold")
def hold(visit: Clerk, message_id: int, form: Sent) -> Response:
    """Holds it back while it waits."""
    return _do(visit, message_id, "held", lambda change: hold_message(change, message_id))


def _do(visit: Visit, message_id: int, word: str, deed: Callable[[Change], Message]) -> Response:
    context = _context(visit, message_id)
    try:
        with visit.change() as change:
            deed(change)
    except Refusal as refusal:
        return visit.refused("message.html", refusal, **context)
    return visit.go(f"/messages/{message_id}", f"work.message_{word}")


def _context(visit: Visit, message_id: int) -> dict[str, Any]:
    with visit.look() as session:
        row = session.get(Message, min(max(message_id, 0), LARGEST_ID))
        if row is None or row.office_id != visit.office_id:
            raise HTTPException(404)
        attempts, tried = attempts_of(session, row), ways_tried(session, row)
        about = _about(session, tried[-1])
    link = say("web_work.message.link")
    last = tried[-1].id == row.id
    return {
        "row": row,
        "text": row.text.replace(LINK, link),
        "brief": row.brief.replace(LINK, link) if row.channel not in MAIL_CHANNELS else "",
        "attempts": attempts,
        "about": about,
        "tried": tried if len(tried) > 1 else [],
        "may_again": last and row.status in AGAIN and row.kind != TEST,
        "may_hold": row.status == Status.QUEUED,
    }


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
        select(Checkpoint, Conclusion.number, Directive.path, Agency.name)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Agency, col(Agency.id) == col(Obligation.agency_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .where(MessageCheckpoint.message_id == row.id)
        .order_by(col(Checkpoint.obligation_id))
    )
    return [
        About(point.obligation_id, number, path, agency, point.kind, point.step)
        for point, number, path, agency in session.exec(query)
    ]
