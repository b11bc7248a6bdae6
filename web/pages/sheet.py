"""Today's sheet: what goes out today and on the next working day, and what the office says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from domain.checkpoints import LIVE, Checkpoint
from domain.coming import Days, most_serious
from domain.errors import Refusal
from domain.life import holding
from domain.obligations import Obligation
from domain.planning import followed
from domain.sheet import Coming, Task, held, may_hold, tasks
from domain.store import Change
from domain.views import Planned
from web.pages.dashboard import hours_of
from web.visit import Form, Manager, Sent, Viewer, Visit

router = APIRouter()
MOST_SHOWN, MOST_TASKS = 200, 15  #: checkpoints of one day; tasks, the oldest first
LARGEST_ID = 2**31 - 1
BACK = ("/", "/sheet")  #: the pages that show these forms


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one day."""

    days: Days
    today: list[Coming]
    tomorrow: list[Coming]
    held: list[Planned]
    tasks: list[Task]


@router.get("/sheet")
def sheet(visit: Viewer) -> Response:
    """The sheet."""
    return visit.page("sheet.html", **_context(visit))


@router.post("/sheet/hold")
def hold(visit: Manager, form: Sent) -> Response:
    """Holds one checkpoint back."""
    return _done(
        visit, form, "held", lambda change: holding.hold(change, _id(form, "checkpoint"), form.words("reason"))
    )


@router.post("/sheet/let-go")
def let_go(visit: Manager, form: Sent) -> Response:
    """Lets a held checkpoint go."""
    return _done(visit, form, "gone", lambda change: holding.let_go(change, _id(form, "checkpoint")))


@router.post("/sheet/approve")
def approve(visit: Manager, form: Sent) -> Response:
    """Approves the level of the ladder that the page showed; another one that waits now is not meant."""

    def approved(change: Change) -> Checkpoint:
        shown = change.session.get(Checkpoint, _id(form, "checkpoint"))
        if shown is None or shown.office_id != change.office_id:
            raise Refusal("errors.no_checkpoint", id=form.words("checkpoint"))
        if shown.fate not in LIVE or shown.approved_at is not None:
            raise Refusal("errors.nothing_to_approve", id=shown.obligation_id)
        holding.approve(change, shown.obligation_id, form.words("note"))
        return shown

    return _done(visit, form, "approved", approved)


def _done(visit: Visit, form: Form, word: str, deed: Callable[[Change], Checkpoint]) -> Response:
    """One deed, and back to where it was asked for; where it is refused, the sheet with what was typed."""
    try:
        with visit.change() as change:
            row = deed(change)
            (one,) = followed(change.session, Obligation.id == row.obligation_id)
    except Refusal as refusal:
        return visit.refused("sheet.html", refusal, **_context(visit, form))
    visit.follow(one.conclusion)
    back = form.words("back")
    known = back in BACK or back == f"/obligations/{row.obligation_id}"
    return visit.go(back if known else "/sheet", f"dashboard.{word}")


def _context(visit: Visit, form: Form | None = None) -> dict[str, Any]:
    """The sheet as it is now, and the reason somebody typed for one of its checkpoints."""
    with visit.look() as session:
        days = Days.of(visit.now, hours_of(visit, session))
        coming = most_serious(may_hold(session, visit.office_id, days.end))
        shown = Sheet(
            days,
            [one for one in coming if one.planned.checkpoint.at < days.after_today],
            [one for one in coming if one.planned.checkpoint.at >= days.after_today],
            held(session, visit.office_id),
            tasks(session, visit.office_id),
        )
    typed = {form.words("checkpoint"): form.words("reason")} if form and "reason" in form.data else {}
    return {"sheet": shown, "typed": typed, "most": MOST_SHOWN, "some": MOST_TASKS}


def _id(form: Form, name: str) -> int:
    """A number that a form sent. Raises Refusal for one that is no checkpoint's."""
    words = form.words(name)
    if not (words.isascii() and words.isdecimal() and 0 < int(words[:11]) <= LARGEST_ID):
        raise Refusal("errors.no_checkpoint", id=words[:11])
    return int(words)
