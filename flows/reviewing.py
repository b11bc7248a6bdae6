"""Opening reviews: what a person, a schedule or an operator in Prefect asks for, followed like any other conclusion."""

from __future__ import annotations

from datetime import datetime

from domain.reviews.cycles import Opened, Opening, open_cycle
from domain.reviews.schedules import open_scheduled, schedules
from domain.store import Ledger
from flows.desk import Desk


def open_review(ledger: Ledger, asked: Opening, now: datetime, actor: str) -> Opened:
    """Opens a review in one transaction; its flow is for the caller to start. Twice is once."""
    with ledger.change(now=now, actor=actor) as change:
        return open_cycle(change, asked)


def open_due_reviews(desk: Desk) -> list[Opened]:
    """Opens the reviews whose day of the year has come; looks first, so that an idle hour writes nothing."""
    with desk.ledger.look() as session:
        if not schedules(session, desk.ledger.office_id):
            return []
    with desk.ledger.change(now=desk.now, actor="reconcile") as change:
        return open_scheduled(change)
