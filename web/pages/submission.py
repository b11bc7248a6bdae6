"""The form by which an agency reports for a review: by its link, without an account and without a script."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from domain.answering import Piece, piece_of
from domain.conclusions import ConclusionKind
from domain.errors import Refusal
from domain.once import new_form
from domain.reviews.side_reports import SideReport, side_reports
from domain.reviews.submissions import files_of, request_of
from domain.reviews.tables import ReviewCycle
from web.answering import AnsweringByLink, ByLink, Caller
from web.submitting import FIGURE, TEXT, saved, submitted
from web.visit import SentByAnybody

router = APIRouter()


@router.get("/a/{token}/{obligation}/submission")
def show(caller: ByLink, obligation: int) -> Response:
    """What was written so far, to go on with; or what was submitted."""
    piece, cycle, row = _asked(caller, obligation)
    return _form(caller, piece, cycle, row, _typed(row))


@router.post("/a/{token}/{obligation}/submission")
def send(caller: AnsweringByLink, obligation: int, form: SentByAnybody) -> Response:
    """Keeps the draft, or takes the report down; what cannot be taken is shown again with what was typed."""
    piece, cycle, row = _asked(caller, obligation)
    try:
        if form.words("act") == "save":
            saved(caller, piece, cycle, form)
            return caller.go(f"/{obligation}/submission", done="reviews.saved")
        reference = submitted(caller, piece, cycle, form)
    except Refusal as refusal:
        typed = _typed(row) | form.typed() | {"form": form.words("form") or new_form()}
        return _form(caller, piece, cycle, row, typed, refusal)
    return caller.go(f"/receipts/{reference}")


def _asked(caller: Caller, obligation: int) -> tuple[Piece, ReviewCycle, SideReport]:
    """The agency's own report for a review; anything else is a page that is not there."""
    with caller.ledger.look() as session:
        try:
            piece = piece_of(session, caller.ledger.office_id, caller.agency_id, obligation, caller.now)
            if piece.one.conclusion.kind != ConclusionKind.REVIEW_REQUEST:
                raise HTTPException(404)
            cycle, _ = request_of(session, caller.ledger.office_id, obligation)
        except Refusal:
            raise HTTPException(404) from None
        row = next((one for one in side_reports(session, cycle, caller.now) if one.id == obligation), None)
    if row is None:
        raise HTTPException(404)
    return piece, cycle, row


def _typed(row: SideReport) -> dict[str, str]:
    """The fields as the draft has them, else as they were submitted."""
    found = {"form": new_form()}
    if row.draft is not None:
        found |= {f"{TEXT}{code}": text for code, text in row.draft.texts.items()}
        found |= {f"{FIGURE}{code}": number for code, number in row.draft.figures.items()}
        found |= {"who": row.draft.who, "phone": row.draft.phone}
    return found


def _form(
    caller: Caller,
    piece: Piece,
    cycle: ReviewCycle,
    row: SideReport,
    typed: dict[str, str],
    refusal: Refusal | None = None,
) -> Response:
    status = 422 if refusal else 200
    return caller.page(
        "submission.html",
        status=status,
        piece=piece,
        cycle=cycle,
        row=row,
        kept=files_of(row.draft),
        typed=typed,
        refusal=refusal,
    )
