"""The rounds' runs in Prefect, where it answers: asked for by its own interface, and kept for some seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

import httpx

from config.settings import Settings
from domain.instants import iso
from flows.desk import deployment_name

ROUND = "checkpoint-round"  #: the flow, as flows.scheduling calls it
PATIENCE = 1.0  #: seconds that a page waits for Prefect
KEPT_FOR = 10.0  #: seconds for which an answer, or that there was none, is believed
MOST_RUNS = 200  #: that Prefect lists at once
ORDERS = ("EXPECTED_START_TIME_ASC", "EXPECTED_START_TIME_DESC")
ALIVE, OVER = ("SCHEDULED", "PENDING", "RUNNING"), ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
log = logging.getLogger("dondoc.web")


@dataclass(frozen=True, slots=True)
class Run:
    """One round's run."""

    name: str
    state: str  #: a state type of Prefect, in small letters
    href: str


@dataclass(frozen=True, slots=True)
class Runs:
    """What Prefect answered."""

    answers: bool
    by_slot: Mapping[str, Run] = field(default_factory=dict)  #: tag of a slot -> its run

    def of(self, slot: datetime) -> Run | None:
        """The run of a round that is held at a slot."""
        return self.by_slot.get(tag_of(slot))


def tag_of(slot: datetime) -> str:
    """The tag by which a round is found again, as flows.scheduling gives it."""
    return f"slot:{iso(slot)}"


class PrefectRuns:
    """Asks Prefect for the rounds of one office."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._kept: tuple[float, Runs] | None = None
        self._lock = Lock()

    def runs(self) -> Runs:
        """Coming and past runs, as Prefect had them some seconds ago at most; none where it does not answer."""
        with self._lock:  # whoever comes while Prefect is asked waits for the same answer
            if self._kept is None or time.monotonic() - self._kept[0] > KEPT_FOR:
                self._kept = time.monotonic(), self._ask()
            return self._kept[1]

    def _ask(self) -> Runs:
        found: dict[str, Run] = {}
        try:
            with httpx.Client(base_url=self.settings.prefect_api, timeout=PATIENCE, trust_env=False) as client:
                for states, order in ((OVER, ORDERS[1]), (ALIVE, ORDERS[0])):  # a run that lives hides one that failed
                    for run in reversed(self._listed(client, states, order)):
                        found |= self._by_tag(run)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.info("prefect does not answer", extra={"detail": str(error)[:200]})
            return Runs(answers=False)
        return Runs(answers=True, by_slot=found)

    def _listed(self, client: httpx.Client, states: tuple[str, ...], order: str) -> list[dict[str, Any]]:
        wanted = {
            "flows": {"name": {"any_": [ROUND]}},
            "deployments": {"name": {"any_": [deployment_name(self.settings)]}},
            "flow_runs": {"state": {"type": {"any_": list(states)}}},
            "sort": order,
            "limit": MOST_RUNS,
        }
        answer = client.post("/flow_runs/filter", json=wanted)
        answer.raise_for_status()
        listed: list[dict[str, Any]] = answer.json()
        return listed

    def _by_tag(self, run: dict[str, Any]) -> dict[str, Run]:
        href = f"{self.settings.prefect_ui}/runs/flow-run/{run['id']}"
        one = Run(str(run["name"]), str(run["state_type"]).lower(), href)
        return {tag: one for tag in run["tags"] if tag.startswith("slot:")}


_known: dict[tuple[str, str], PrefectRuns] = {}


def runs_of(settings: Settings) -> PrefectRuns:
    """The one of an installation."""
    return _known.setdefault((settings.prefect_api, deployment_name(settings)), PrefectRuns(settings))
