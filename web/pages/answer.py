"""The agency's page by signed link: what is open for it, and its answers. A GET shows; only a POST changes anything."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from domain.answering import Piece, piece_of, receipt_of, work_of
from domain.conclusions import ConclusionKind
from domain.errors import Refusal
from domain.life import handing
from domain.once import new_form
from web.answering import AnsweringByLink, ByLink, Caller, ExpiredLink, closed_page
from web.answers import after, renewed, taken, understood
from web.filters import masked
from web.visit import SentByAnybody

router = APIRouter()
DEEDS = ("report", "extension", "return")


@router.get("/a/{token}")
def overview(caller: ByLink) -> Response:
    """Everything that is open for the agency, most urgent first."""
    return _overview(caller)


@router.get("/a/{token}/receipts/{reference}")
def receipt(caller: ByLink, reference: str) -> Response:
    """What was taken down."""
    with caller.ledger.look() as session:
        try:
            found = receipt_of(session, caller.ledger.office_id, caller.agency_id, reference)
        except Refusal:
            raise HTTPException(404) from None
    return caller.page("receipt.html", receipt=found, sent_to=masked(caller.writes_to()))


@router.post("/a/{token}/renew")
def renew(request: Request, old: ExpiredLink, form: SentByAnybody) -> Response:
    """Sends a new link to the agency's own address; whoever asks learns nothing but that."""
    message = renewed(old)
    after(old, None, message)
    return closed_page(request, Refusal("answer.renewed.sent"), status=200)


@router.get("/a/{token}/{obligation}/{deed}")
def show(caller: ByLink, obligation: int, deed: str, what: str = "") -> Response:
    """The form of one answer."""
    piece = _piece(caller, obligation)
    if _is_review(piece, deed):
        return caller.go(f"/{obligation}/submission")
    return _form(caller, piece, deed, {"form": new_form(), "what": what})


@router.post("/a/{token}/{obligation}/acknowledge")
def acknowledge(caller: AnsweringByLink, obligation: int, form: SentByAnybody) -> Response:
    """ "We have it": without progress that expires."""
    piece = _piece(caller, obligation)
    try:
        with caller.change() as change:
            handing.acknowledge(change, obligation, caller.agency.name)
    except Refusal as refusal:
        return _overview(caller, refusal)
    after(caller, piece, None)
    return caller.go(done="answer.acknowledged")


@router.post("/a/{token}/{obligation}/{deed}")
def answer(caller: AnsweringByLink, obligation: int, deed: str, form: SentByAnybody) -> Response:
    """Takes an answer down, once, and shows its receipt; what cannot be taken is shown again with what was typed."""
    piece = _piece(caller, obligation)
    if deed not in DEEDS or _is_review(piece, deed):
        raise HTTPException(404)
    try:
        reference = taken(caller, piece, understood(deed, form), form)
    except Refusal as refusal:
        typed = form.typed() | {"form": form.words("form") or new_form()}
        return _form(caller, piece, deed, typed, refusal)
    return caller.go(f"/receipts/{reference}")


def _overview(caller: Caller, refusal: Refusal | None = None) -> Response:
    with caller.ledger.look() as session:
        work = work_of(session, caller.ledger.office_id, caller.agency_id, caller.now)
    return caller.page("overview.html", status=422 if refusal else 200, work=work, refusal=refusal)


def _form(caller: Caller, piece: Piece, deed: str, typed: dict[str, str], refusal: Refusal | None = None) -> Response:
    if deed not in DEEDS:
        raise HTTPException(404)
    status = 422 if refusal else 200
    return caller.page(f"{deed}.html", status=status, piece=piece, typed=typed, refusal=refusal)


def _is_review(piece: Piece, deed: str) -> bool:
    """Whether it is the report for a review, which has sections of its own: see `web.pages.submission`."""
    return deed == "report" and piece.one.conclusion.kind == ConclusionKind.REVIEW_REQUEST


def _piece(caller: Caller, obligation: int) -> Piece:
    """The agency's piece of work; another's is a page that is not there."""
    with caller.ledger.look() as session:
        try:
            return piece_of(session, caller.ledger.office_id, caller.agency_id, obligation, caller.now)
        except Refusal:
            raise HTTPException(404) from None
