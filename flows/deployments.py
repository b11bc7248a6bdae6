"""The deployments of an office: registered, and served by a runner on this machine."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from prefect import Flow, serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Interval
from prefect.types.entrypoint import EntrypointType

from config.settings import Settings
from domain.errors import Refusal
from flows.annual_review import annual_review
from flows.checkpoint_round import checkpoint_round
from flows.desk import deployment_name, open_desk
from flows.follow_conclusion import follow_conclusion
from flows.inbox import read_inbox
from flows.reconcile import mend, reconcile
from flows.scheduling import drop_missed_rounds

RECONCILE_EVERY = timedelta(hours=1)
MOST_AT_ONCE = 4  #: flow runs that one runner works on


def deployments(settings: Settings, *, scheduled: bool) -> list[RunnerDeployment]:
    """This office's deployments; `scheduled` gives reconcile its hourly schedule, and the mailbox its own."""
    name = deployment_name(settings)
    has_inbox = scheduled and bool(settings.imap_url.get_secret_value())
    looked_into = Interval(timedelta(minutes=settings.imap_poll_minutes)) if has_inbox else None
    return [
        _deployment(follow_conclusion, name),
        _deployment(checkpoint_round, name),
        _deployment(reconcile, name, schedule=Interval(RECONCILE_EVERY) if scheduled else None),
        _deployment(read_inbox, name, schedule=looked_into),
        _deployment(annual_review, name),
    ]


def _deployment(which: Flow[Any, Any], name: str, **options: Any) -> RunnerDeployment:
    made = which.to_deployment(name, entrypoint_type=EntrypointType.MODULE_PATH, **options)
    assert isinstance(made, RunnerDeployment)  # a coroutine only where an event loop runs
    return made


def register(settings: Settings, *, scheduled: bool) -> None:
    """Registers the deployments with Prefect; registering again changes nothing else."""
    for deployment in deployments(settings, scheduled=scheduled):
        deployment.apply()


def work() -> None:
    """Registers, mends what was missed while nothing ran, and works until it is told to stop."""
    desk = open_desk()
    register(desk.settings, scheduled=True)
    drop_missed_rounds(desk)
    with suppress(Refusal):  # the hourly reconcile tries again
        mend(desk)
    (desk.settings.home / "runner.ready").touch()
    serve(
        *deployments(desk.settings, scheduled=True),
        pause_on_shutdown=False,
        print_starting_message=False,
        limit=MOST_AT_ONCE,
    )


if __name__ == "__main__":
    work()
