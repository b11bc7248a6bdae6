"""The page of one obligation: its source, its life, what was said, and every act that is possible now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from domain.accounts import Rank
from domain.agencies import agency_names
from domain.checkpoints import Checkpoint, Fate
from domain.errors import Refusal
from domain.keys import key
from domain.life.machine import Deed
from domain.moments import Kind
from domain.obligations import Obligation, State, standing
from domain.planning import one_followed
from domain.reviews.cycles import cycle_of_conclusion
from domain.telling import Whole, whole
from notifications.explaining import Line, explain
from notifications.outbox import Message, MessageCheckpoint
from web.acts import ACTS, FIRST, Act, said_by, take_report
from web.pages.messages import troubles
from web.uploads import kept_files
from web.visit import Clerk, Sent, Viewer, Visit

router = APIRouter()
LARGEST_ID = 2**31 - 1
LIFE = ("deed", "moment")  #: the lines of the account that stand in the timeline


@dataclass(frozen=True, slots=True)
class Account:
    """The account of an obligation, in the parts that the page shows apart."""

    source: tuple[Line, ...]
    life: tuple[Line, ...]  #: the newest first
    coming: tuple[Line, ...]


@router.get("/obligations/{obligation_id}")
def obligation(visit: Viewer, obligation_id: int) -> Response:
    """The page."""
    with visit.look() as session:
        found = _whole(visit, session, obligation_id)
        messages = _messages(session, obligation_id)
        context: dict[str, Any] = {
            "whole": found,
            "account": _account(explain(session, found.one, visit.now)),
            "messages": messages,
            "cycle": cycle_of_conclusion(session, key(found.one.conclusion.id)),
            "troubles": troubles(session, messages),
            "standing": standing(found.one.obligation, visit.now),
            "approval": _waits_for_approval(found),
            "held": [row for row in found.coming if row.fate == Fate.HELD],
        }
    possible = _possible(visit, found)
    first = [act for act in possible if _comes_first(act, found.one.obligation)]
    return visit.page("obligation.html", first=first, acts=[act for act in possible if act not in first], **context)


@router.get("/obligations/{obligation_id}/{act}")
def form(visit: Clerk, obligation_id: int, act: str, what: str = "") -> Response:
    """The form of one act, with what it will come to."""
    chosen = _act(visit, act)
    return visit.page("deeds/form.html", **_form_context(visit, obligation_id, chosen, {"what": what}))


@router.post("/obligations/{obligation_id}/{act}")
def do(visit: Clerk, obligation_id: int, act: str, form: Sent) -> Response:
    """Does it; a refusal shows the form again with what was typed."""
    chosen = _act(visit, act)
    try:
        if chosen.name == "report":
            said_by(form)
        files = kept_files(form.files("files"), visit.settings.attachments_folder) if chosen.name == "report" else ()
        with visit.change() as change:
            one_followed(change.session, visit.office_id, obligation_id)
            works = take_report(change, obligation_id, form, files) if files else chosen.do(change, obligation_id, form)
    except Refusal as refusal:
        context = _form_context(visit, obligation_id, chosen, form.typed())
        return visit.refused("deeds/form.html", refusal, **context)
    visit.follow(*(one.conclusion for one in works))
    shown = works[0].obligation.id if chosen.name == "reassign" else obligation_id
    return visit.go(f"/obligations/{shown}", f"work.{chosen.name.replace('-', '_')}")


def _act(visit: Visit, name: str) -> Act:
    """The act of a name. Raises 404 for none, 403 for one that is never the visitor's."""
    act = ACTS.get(name)
    if act is None:
        raise HTTPException(404)
    if not act.is_for(visit.rank.side):
        raise HTTPException(403)
    return act


def _whole(visit: Visit, session: Session, obligation_id: int) -> Whole:
    if not 0 < obligation_id <= LARGEST_ID:
        raise HTTPException(404)
    try:
        return whole(session, visit.office_id, obligation_id)
    except Refusal:
        raise HTTPException(404) from None


def _possible(visit: Visit, found: Whole) -> list[Act]:
    if not visit.rank.reaches(Rank.CLERK):
        return []
    return [act for act in ACTS.values() if act.is_possible(found.one, visit.rank.side)]


def _comes_first(act: Act, own: Obligation) -> bool:
    """Whether the office owes it as an answer now."""
    return act.name in FIRST or (own.state == State.RETURNED and act.deed is Deed.REASSIGN)


def _form_context(visit: Visit, obligation_id: int, act: Act, typed: dict[str, str]) -> dict[str, Any]:
    with visit.look() as session:
        found = _whole(visit, session, obligation_id)
        names = sorted(agency_names(session, visit.office_id).values()) if "agency" in act.fields else []
    possible = act.is_possible(found.one, visit.rank.side)
    return {"whole": found, "act": act, "typed": typed, "names": names, "possible": possible}


def _account(lines: list[Line]) -> Account:
    return Account(
        source=tuple(one for one in lines if one.kind in ("work", "bound")),
        life=tuple(reversed([one for one in lines if one.kind in LIFE])),
        coming=tuple(one for one in lines if one.kind == "next"),
    )


def _messages(session: Session, obligation_id: int) -> list[Message]:
    """Every message that spoke of it, the newest first."""
    query = (
        select(Message)
        .join(MessageCheckpoint, col(MessageCheckpoint.message_id) == col(Message.id))
        .join(Checkpoint, col(Checkpoint.id) == col(MessageCheckpoint.checkpoint_id))
        .where(Checkpoint.obligation_id == obligation_id)
        .distinct()
        .options(defer(col(Message.text)), defer(col(Message.html)))  # type: ignore[arg-type]
        .order_by(col(Message.id).desc())
    )
    return list(session.exec(query))


def _waits_for_approval(found: Whole) -> Checkpoint | None:
    """The lowest level of the ladder that waits for approval."""
    ladder = found.one.policy.ladder
    levels = {step for step, rung in enumerate(ladder, start=1) if rung.needs_approval}
    waiting = [
        row for row in found.coming if row.kind == Kind.ESCALATE and row.step in levels and row.approved_at is None
    ]
    return min(waiting, key=lambda row: row.step, default=None)
