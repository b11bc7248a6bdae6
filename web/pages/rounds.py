"""The rounds: those to come and those that were held, each with its run in Prefect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import Response
from pendulum import DateTime

from domain.coming import Held, coming_rounds, past_rounds
from domain.instants import at
from domain.offices import WorkingTime
from web.pages.dashboard import hours_of
from web.prefect_runs import Run, Runs, runs_of
from web.visit import Viewer

router = APIRouter()
MOST_COMING, MOST_PAST = 30, 40
LATE_START = timedelta(minutes=15)  #: after its slot a round may begin; what begins later was held for itself


@dataclass(frozen=True, slots=True)
class Past:
    """A round that was held, and its run."""

    held: Held
    run: Run | None


@router.get("/rounds")
def rounds(visit: Viewer) -> Response:
    """Both lists."""
    runs = runs_of(visit.settings).runs()
    with visit.look() as session:
        hours = hours_of(visit, session)
        coming = coming_rounds(session, visit.office_id, visit.now, hours, MOST_COMING)
        held = past_rounds(session, visit.office_id, MOST_PAST)
    past = [Past(one, _run_of(one, hours, runs)) for one in held]
    return visit.page("rounds.html", coming=coming, past=past, runs=runs)


def _run_of(round_: Held, hours: WorkingTime, runs: Runs) -> Run | None:
    """The run of the slot that a round was held at; none for one that was held out of turn."""
    slot = _slot_before(round_.at, hours)
    return runs.of(slot) if slot is not None and round_.at - slot <= LATE_START else None


def _slot_before(moment: DateTime, hours: WorkingTime) -> DateTime | None:
    slots = [at(moment.date(), one) for one in hours.policy.slots]
    return max((slot for slot in slots if slot <= moment), default=None)
