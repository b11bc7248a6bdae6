"""Replay: a simulated office lives through its days, each slot a real flow run on a real Prefect server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any

import pendulum
from pendulum import DateTime
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Scheduled

from config.settings import Settings
from domain.filing import Notice, file_notice
from domain.instants import at
from domain.keys import key
from domain.offices import the_office
from domain.store import Ledger
from flows.checkpoint_round import checkpoint_round, round_name
from flows.deployments import register
from flows.desk import Desk, desk_at
from flows.follow_conclusion import follow_conclusion
from flows.scheduling import FOLLOW, ROUND, ensure_followed, scheduled_runs

FILING_HOUR = pendulum.time(9)  #: when a notice is filed on the day it was issued


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment of a replay."""

    at: DateTime
    name: str  #: for whoever watches
    happen: Callable[[Desk], None]


def filing_moment(notice: Notice, since: DateTime) -> DateTime:
    """When a notice reaches the office: at 9 on the day it was issued, not before the replay begins."""
    issued_on = notice.draft.issued_on
    return max(since, at(issued_on, FILING_HOUR)) if issued_on else since


def filing(notice: Notice, since: DateTime, name: str) -> Event:
    """The event that a notice is filed and its flow follows it."""

    def happen(desk: Desk) -> None:
        with desk.ledger.change(now=desk.now, actor="replay") as change:
            filed = file_notice(change, notice)
        if filed.is_new:
            ensure_followed(desk, key(filed.conclusion.id), filed.conclusion.number)
        _work_off(desk, follow_conclusion, FOLLOW)

    return Event(filing_moment(notice, since), name, happen)


def replay(
    settings: Settings,
    ledger: Ledger,
    events: Iterable[Event],
    *,
    since: DateTime,
    until: DateTime,
    watch: Callable[[Event, int, int], None] = lambda event, done, total: None,
) -> None:
    """Lives through every slot and event from `since` to `until`, in time order; `watch` hears of each beforehand."""
    register(settings, scheduled=False)
    slots = [
        Event(slot, "", _hold_round) for slot in desk_at(settings, ledger, since).hours.slots_between(since, until)
    ]
    others = sorted((one for one in events if one.at <= until), key=lambda one: one.at)
    timeline = list(merge(others, slots, key=lambda one: one.at))
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        for done, event in enumerate(timeline):
            watch(event, done, len(timeline))
            event.happen(desk_at(settings, ledger, event.at))
    _remember(ledger, until)


def _hold_round(desk: Desk) -> None:
    """Runs what Prefect has scheduled up to now; a slot with nothing scheduled gets its round all the same."""
    if not _work_off(desk, checkpoint_round, ROUND):
        checkpoint_round.with_options(flow_run_name=round_name(desk.now))(slot=desk.now, now=desk.now)


def _work_off(desk: Desk, flow: Flow[Any, Any], name: str) -> int:
    """What a runner does: takes the scheduled runs whose time has come, and runs them."""
    runs = scheduled_runs(desk, name, desk.now)
    for run in runs:
        run_flow(flow, flow_run=_startable(run), parameters=run.parameters)
    return len(runs)


def _startable(run: FlowRun) -> FlowRun:
    """Prefect waits for a scheduled time that lies in the wall clock's future; a simulated office has come that far."""
    if run.next_scheduled_start_time and run.next_scheduled_start_time > pendulum.now("UTC"):
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(run.id, Scheduled(scheduled_time=pendulum.now("UTC")), force=True)
            return client.read_flow_run(run.id)
    return run


def _remember(ledger: Ledger, until: datetime) -> None:
    with ledger.change(now=until, actor="replay") as change:
        office = the_office(change.session, change.office_id)
        office.simulated_at = until
        change.session.add(office)
        change.record("office.replayed", f"office:{change.office_id}", until=until.isoformat())
