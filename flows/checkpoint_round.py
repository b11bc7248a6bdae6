"""A round: every checkpoint whose moment has come, said in one message for each recipient, and delivered."""

from __future__ import annotations

import re
from datetime import date, datetime

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from config.words import say
from domain.conclusions import Conclusion
from domain.errors import Refusal
from domain.instants import iso
from domain.views import summary_markdown
from flows.desk import Desk, open_desk
from flows.holding import compose_round, deliver_all, figures
from flows.scheduling import ensure_rounds
from notifications.composing import Composed
from notifications.delivery import Delivered, deliver
from notifications.wording import channel_words

MOST_SHOWN = 25  #: conclusions that get a task run and an artifact of their own in one round


@flow(name="checkpoint-round", retries=2, retry_delay_seconds=20)
def checkpoint_round(slot: datetime, now: datetime | None = None) -> dict[str, int]:
    """Holds the round of `slot` as of `now` (this instant when none is given).

    Takes what is due by then, however late: after an outage the next round catches up. Outside the office's hours it
    says nothing and sees to it that the next slot has a round.
    """
    desk = open_desk(now)
    composed = compose_round(desk)
    for conclusion_id, number in sorted(composed.conclusions.items())[:MOST_SHOWN]:
        show_conclusion.with_options(task_run_name=say("flows.shown", language="vi", number=number))(
            conclusion_id, desk.now
        )
    delivered = deliver_all(desk, lambda channel: _by_task(channel, desk.now))
    if composed.messages:
        show_who_was_told(composed, desk.settings.base_url)
    schedule_what_waits(desk, composed, delivered)
    return figures(composed, delivered)


def _by_task(channel: str, now: datetime) -> Delivered:
    """One task run a channel, named in words."""
    name = say("flows.delivered", language="vi", channel=channel_words(channel, "vi"))
    return deliver_channel.with_options(task_run_name=name)(channel, now)


@task
def show_conclusion(conclusion_id: int, now: datetime) -> None:
    """Leaves an artifact that shows where one conclusion stands after this round."""
    desk = open_desk(now)
    with desk.ledger.look() as session:
        conclusion = session.get_one(Conclusion, conclusion_id)
        markdown = summary_markdown(session, conclusion, desk.now, desk.settings.base_url)
    create_markdown_artifact(
        markdown, key=artifact_key(conclusion.number, conclusion.issued_on), description=conclusion.number
    )


@task
def deliver_channel(channel: str, now: datetime) -> Delivered:
    """Sends what waits for one channel; what the wire refuses waits for a later attempt."""
    desk = open_desk(now)
    return deliver(desk.ledger, desk.settings, channel, desk.clock)


def show_who_was_told(composed: Composed, pages: str) -> None:
    """Leaves a table of who was told what in this round, each with its page."""
    create_table_artifact(
        [
            {
                "recipient": one.recipient,
                "channel": one.channel,
                "kind": one.kind,
                "subject": one.subject,
                "page": f"{pages}/messages/{one.id}",
            }
            for one in composed.messages
        ],
        key="round-messages",
        description=say("flows.told", language="vi", count=len(composed.messages)),
    )


def schedule_what_waits(desk: Desk, composed: Composed, delivered: list[Delivered]) -> None:
    """Gives a round to every slot at which something new falls, and to the next one when something was not sent."""
    moments = [*composed.moments, *(moment for one in delivered for moment in one.unreached)]
    if not desk.hours.is_open(desk.now) or any(one.waiting for one in delivered):
        moments.append((desk.now, say("flows.catching_up", language="vi")))
    try:
        ensure_rounds(desk, moments)
    except Refusal:  # reconcile is the net: a round that was held must not fail for what can be done again
        return


def artifact_key(number: str, issued_on: date) -> str:
    """tb-489-2018 for 489/TB-VP of 2018: what Prefect allows in a key, and a person recognises."""
    count, _, kind = number.partition("/")
    letters = re.sub(r"[^a-z0-9]+", "", kind.split("-")[0].lower().replace("đ", "d"))
    plain = re.sub(r"[^a-z0-9]+", "-", f"{letters or 'vb'}-{count.lower()}".replace("đ", "d")).strip("-")
    return f"{plain}-{issued_on.year}"


def round_name(moment: datetime) -> str:
    """The name of a round that is held at once."""
    return say("flows.round_now", language="vi", moment=iso(moment) or "")
