"""Telling Prefect what the ledger wants, where Prefect answers."""

from __future__ import annotations

from datetime import datetime

from config.settings import Settings
from config.words import say
from domain.conclusions import Conclusion
from domain.errors import Refusal
from domain.keys import key
from domain.offices import the_office
from domain.planning import open_moments
from domain.store import Ledger
from flows.server import prefect_answers


def follow(settings: Settings, ledger: Ledger, conclusion: Conclusion, now: datetime) -> str:
    """Starts a conclusion's flow, or sees to its rounds when it was planned already; answers the line to print.

    The ledger has what was filed: whatever Prefect cannot take now, `reconcile` gives it later.
    """
    with ledger.look() as session:
        if the_office(session, ledger.office_id).simulated:
            return say("cli.following.simulated")
        moments = open_moments(session, key(conclusion.id))
    if not prefect_answers(settings):
        return say("cli.following.down")
    settings.point_prefect_here()
    from flows.desk import desk_at
    from flows.scheduling import ensure_followed, ensure_rounds

    desk = desk_at(settings, ledger)
    try:
        if conclusion.planned_at is None:
            ensure_followed(desk, key(conclusion.id), conclusion.number)
            return say("cli.following.started", number=conclusion.number)
        ensure_rounds(desk, [(moment, conclusion.number) for moment in moments])
    except Refusal:
        return say("cli.following.down")
    return say("cli.following.planned", number=conclusion.number)


def follow_office(settings: Settings, ledger: Ledger) -> str:
    """Sees to the rounds of everything that is open, after the whole office was planned again; answers the line."""
    with ledger.look() as session:
        if the_office(session, ledger.office_id).simulated:
            return say("cli.following.simulated")
    if not prefect_answers(settings):
        return say("cli.following.down")
    settings.point_prefect_here()
    from flows.desk import desk_at
    from flows.reconcile import mend

    try:
        made = mend(desk_at(settings, ledger))
    except Refusal:
        return say("cli.following.down")
    return say("cli.reconcile.done", conclusions=made["conclusions"], rounds=made["rounds"])
