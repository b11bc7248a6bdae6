"""A conclusion's own flow: plans its checkpoints, gives every slot a round, and sends what is due at once."""

from __future__ import annotations

from datetime import datetime

from prefect import flow, tags

from domain.conclusions import Conclusion
from domain.planning import open_moments, plan_conclusion
from flows.checkpoint_round import checkpoint_round, round_name, show_conclusion
from flows.desk import open_desk
from flows.scheduling import ensure_rounds


@flow(name="follow-conclusion", retries=2, retry_delay_seconds=20)
def follow_conclusion(conclusion_id: int, now: datetime | None = None) -> int:
    """Follows one conclusion as of `now`; answers how many moments stand open.

    Doing it again changes nothing: planning is a diff, a slot has one live round, a message is sent once.
    """
    desk = open_desk(now)
    with desk.ledger.change(now=desk.now, actor="follow-conclusion") as change:
        conclusion = change.session.get_one(Conclusion, conclusion_id)
        planned = conclusion.planned_at is not None
        moments = open_moments(change.session, conclusion_id) if planned else plan_conclusion(change, conclusion_id)
    number = conclusion.number
    ensure_rounds(desk, [(moment, number) for moment in moments if moment > desk.now])
    if any(moment <= desk.now for moment in moments):
        if desk.hours.is_open(desk.now):
            with tags(number):
                checkpoint_round.with_options(flow_run_name=round_name(desk.now))(slot=desk.now, now=now)
        else:
            ensure_rounds(desk, [(desk.now, number)])
    else:
        show_conclusion(conclusion_id, desk.now)
    return len(moments)
