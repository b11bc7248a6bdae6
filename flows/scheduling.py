"""Runs in Prefect: one live round for each slot at which something waits.

Prefect's idempotency key gives back the run that exists whatever its state, so a key is (slot, generation): a slot
whose run failed or was cancelled gets the next generation. The ledger stays the truth;
everything here can be done again.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pendulum
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import PrefectException
from prefect.states import Cancelled, Scheduled

from config.words import say
from domain.errors import Refusal
from domain.instants import iso, local
from flows.desk import Desk, deployment_name

log = logging.getLogger("dondoc.scheduling")

ROUND, FOLLOW = "checkpoint-round", "follow-conclusion"
LIVE = (StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING)
PAGE = 200  #: the most runs that Prefect lists at once
DEAD_AFTER = timedelta(minutes=30)  #: a run that has been pending or running for longer has lost its worker


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that must be there."""

    flow: str
    key: str  #: tag that finds the run again: "slot:2018-03-08T08:00:00+07:00", "conclusion:7"
    name: str
    at: datetime
    parameters: dict[str, Any]
    tags: frozenset[str]


def slot_key(slot: datetime) -> str:
    """The tag of a round."""
    return f"slot:{iso(slot)}"


def ensure_rounds(desk: Desk, moments: Iterable[tuple[datetime, str]]) -> int:
    """Makes sure that every slot at which something falls after now has one live round; answers how many were made.

    `moments` are (moment, number of the conclusion); the round carries the number of every conclusion it concerns.
    Raises Refusal when Prefect does not answer.
    """
    slots: dict[datetime, set[str]] = defaultdict(set)
    for moment, number in moments:
        slot = desk.hours.slot_on_or_after(moment) if moment > desk.now else desk.hours.next_slot(desk.now)
        slots[slot].add(number)
    return ensure_runs(desk, [_round(desk, slot, numbers) for slot, numbers in sorted(slots.items())])


def _round(desk: Desk, slot: datetime, numbers: set[str]) -> Wanted:
    parameters = {"slot": iso(slot)} | ({"now": iso(slot)} if desk.simulated else {})
    name = say("flows.round", language="vi", slot=f"{local(slot):%H:%M %d/%m/%Y}")
    return Wanted(ROUND, slot_key(slot), name, slot, parameters, frozenset(numbers))


def ensure_followed(desk: Desk, conclusion_id: int, number: str) -> int:
    """Makes sure that a conclusion has its own flow run; answers 1 when it was made now."""
    parameters = {"conclusion_id": conclusion_id} | ({"now": iso(desk.now)} if desk.simulated else {})
    wanted = Wanted(FOLLOW, f"conclusion:{conclusion_id}", number, desk.now, parameters, frozenset({number}))
    return ensure_runs(desk, [wanted])


def ensure_runs(desk: Desk, wanted: list[Wanted]) -> int:
    """Makes the runs that are not there; adds missing tags to those that are."""
    if not wanted:
        return 0
    made = 0
    try:
        with get_client(sync_client=True) as client:
            flow = wanted[0].flow
            deployment = client.read_deployment_by_name(f"{flow}/{deployment_name(desk.settings)}").id
            there = _live_runs(client, deployment)
            for one in wanted:
                run = there.get(one.key)
                if run is None:
                    _create(client, deployment, one, desk)
                    made += 1
                elif not one.tags <= set(run.tags):
                    client.update_flow_run(run.id, tags=sorted({*run.tags, *one.tags}))
    except (PrefectException, httpx.HTTPError, RuntimeError) as error:
        log.warning("prefect does not take runs: %s", str(error)[:500])
        raise Refusal("errors.prefect_down", api=desk.settings.prefect_api) from error
    return made


def _create(client: SyncPrefectClient, deployment: UUID, one: Wanted, desk: Desk) -> None:
    generation = len(_runs(client, deployment, tags=[one.key]))
    client.create_flow_run_from_deployment(
        deployment,
        parameters=one.parameters,
        name=one.name,
        tags=sorted({*one.tags, one.key}),
        state=Scheduled(scheduled_time=pendulum.instance(one.at)),
        idempotency_key=f"{deployment_name(desk.settings)}:{one.key}:{generation}",
    )


def _live_runs(client: SyncPrefectClient, deployment: UUID) -> dict[str, FlowRun]:
    """Tag -> run, of every run that is scheduled, or is being worked on by somebody alive."""
    found: dict[str, FlowRun] = {}
    for run in _runs(client, deployment, states=LIVE):
        if not _abandoned(run):
            found |= dict.fromkeys(run.tags, run)
    return found


def _abandoned(run: FlowRun) -> bool:
    state = run.state
    if state is None or state.type == StateType.SCHEDULED:
        return False
    return pendulum.now("UTC") - pendulum.instance(state.timestamp) > DEAD_AFTER


def _runs(
    client: SyncPrefectClient, deployment: UUID, *, states: Iterable[StateType] = (), tags: Iterable[str] = ()
) -> list[FlowRun]:
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))) if states else None
    tagged = FlowRunFilterTags(all_=list(tags)) if tags else None
    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=state, tags=tagged),
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=PAGE,
            offset=len(found),
        )
        found += page
        if len(page) < PAGE:
            return found


def scheduled_runs(desk: Desk, flow: str, until: datetime) -> list[FlowRun]:
    """The runs of a flow that wait for a moment up to `until`, in time order."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"{flow}/{deployment_name(desk.settings)}").id
        waiting = _runs(client, deployment, states=[StateType.SCHEDULED])
    due = [run for run in waiting if run.next_scheduled_start_time and run.next_scheduled_start_time <= until]
    return sorted(due, key=lambda run: (run.next_scheduled_start_time or until, run.created or until))


def drop_missed_rounds(desk: Desk) -> int:
    """After an outage many rounds are late at once: the last of them says everything, the others are cancelled."""
    late = scheduled_runs(desk, ROUND, desk.now)
    with get_client(sync_client=True) as client:
        for run in late[:-1]:
            client.set_flow_run_state(run.id, Cancelled(message=say("flows.missed", language="vi")))
    return len(late[:-1])


def tagged_runs(desk: Desk, number: str) -> list[tuple[str, FlowRun]]:
    """(flow, run) of every run of this office that concerns a conclusion, past and to come, in time order."""
    found: list[tuple[str, FlowRun]] = []
    with get_client(sync_client=True) as client:
        for flow in (FOLLOW, ROUND):
            deployment = client.read_deployment_by_name(f"{flow}/{deployment_name(desk.settings)}").id
            found += [(flow, run) for run in _runs(client, deployment, tags=[number])]
    return sorted(found, key=lambda pair: pair[1].next_scheduled_start_time or pair[1].expected_start_time or desk.now)
