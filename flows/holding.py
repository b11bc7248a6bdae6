"""Holding a round on the ledger alone: what a flow run does, without a Prefect server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from domain.keys import key
from domain.planning import plan_conclusion, unplanned
from flows.desk import Desk
from flows.reviewing import open_due_reviews
from notifications.composing import Composed, compose
from notifications.delivery import Delivered, channels_with_mail, deliver

MOST_DELIVERIES = 20  #: of one round: a bound for what falls back and back


def compose_round(desk: Desk) -> Composed:
    """Writes the round as of the desk's moment into the ledger; the messages wait in the outbox."""
    return compose(desk.ledger, desk.now, desk.voice, actor="checkpoint-round")


def hold_without_prefect(desk: Desk) -> tuple[Composed, list[Delivered]]:
    """The same round where no Prefect answers: plans what is unplanned, says what is due, delivers it."""
    open_due_reviews(desk)
    with desk.ledger.look() as session:
        forgotten = unplanned(session, desk.ledger.office_id)
    for one in forgotten:
        with desk.ledger.change(now=desk.now, actor="checkpoint-round") as change:
            plan_conclusion(change, key(one.id))
    composed = compose_round(desk)
    return composed, deliver_all(desk, lambda channel: deliver(desk.ledger, desk.settings, channel, desk.clock))


def deliver_all(desk: Desk, by: Callable[[str], Delivered]) -> list[Delivered]:
    """Delivers each channel by which something waits, and those to which words fall back; nothing outside the hours."""
    if not desk.hours.is_open(desk.now):
        return []
    waiting = deque(channels_with_mail(desk.ledger, desk.now))
    found: list[Delivered] = []
    while waiting and len(found) < MOST_DELIVERIES:
        done = by(waiting.popleft())
        found.append(done)
        waiting.extend(sorted(done.fell_to - set(waiting)))
    return found


def figures(composed: Composed, delivered: list[Delivered]) -> dict[str, int]:
    """What a round came to: messages written, checkpoints folded, and what became of the outbox."""
    return {
        "messages": len(composed.messages),
        "folded": composed.folded,
        "sent": sum(one.sent for one in delivered),
        "waiting": sum(one.waiting for one in delivered),
        "failed": sum(one.failed for one in delivered),
    }
