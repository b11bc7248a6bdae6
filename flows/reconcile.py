"""The net under it all: whatever the ledger wants and Prefect has forgotten is scheduled again, every hour."""

from __future__ import annotations

from datetime import datetime

from prefect import flow

from domain.keys import key
from domain.planning import open_calendar, unplanned
from flows.checkpoint_round import deliver_channel
from flows.desk import Desk, open_desk
from flows.holding import deliver_all
from flows.reviewing import open_due_reviews
from flows.scheduling import ensure_followed, ensure_rounds
from notifications.channels.zalo.arrivals import ask_arrivals


@flow(name="reconcile")
def reconcile(now: datetime | None = None) -> dict[str, int]:
    """Compares ledger and Prefect as of `now`, mends Prefect, and tries again what could not be sent."""
    desk = open_desk(now)
    opened = open_due_reviews(desk)
    made = mend(desk) | {"reviews": len(opened)}
    if not desk.simulated:
        ask_arrivals(desk.ledger, desk.settings, desk.now)
    delivered = deliver_all(desk, lambda channel: deliver_channel(channel, desk.now))
    ensure_rounds(desk, [moment for one in delivered for moment in one.unreached])
    return made


def mend(desk: Desk) -> dict[str, int]:
    """Gives every unplanned conclusion its flow and every slot its round; answers how many of each were made.

    Raises Refusal when Prefect does not answer.
    """
    with desk.ledger.look() as session:
        forgotten = unplanned(session, desk.ledger.office_id)
        calendar = open_calendar(session, desk.ledger.office_id)
    followed = sum(ensure_followed(desk, key(one.id), one.number) for one in forgotten)
    return {"conclusions": followed, "rounds": ensure_rounds(desk, calendar)}
