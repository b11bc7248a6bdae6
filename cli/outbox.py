"""The outbox: every message and what became of it; one in full; holding one back, and sending one again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import defer
from sqlmodel import col, select

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now
from config.words import say
from domain.errors import Refusal
from domain.instants import iso, local
from flows.desk import desk_at
from notifications.by_hand import attempts_of, find_message, hold_message, send_again, ways_tried
from notifications.outbox import LINK, Attempt, Message, Status
from notifications.wording import channel_words, moment_words

app = typer.Typer()
outbox_app = typer.Typer(help=say("outbox.help"), invoke_without_command=True)
app.add_typer(outbox_app, name="outbox")
AsJson = Annotated[bool, typer.Option("--json", help=say("cli.option.json"))]
Which = Annotated[int, typer.Argument(help=say("outbox.id"), min=1)]
Fate = Annotated[str | None, typer.Option("--status", help=say("outbox.status"))]


@outbox_app.callback()
def outbox(context: typer.Context, as_json: AsJson = False) -> None:
    """Lists every message when no subcommand is given."""
    if context.invoked_subcommand is None:
        _list(None, as_json)


@outbox_app.command("list", help=say("outbox.list"))
def list_(status: Fate = None, as_json: AsJson = False) -> None:
    """Every message, or those of one fate."""
    if status is not None and status not in list(Status):
        raise Refusal("outbox.refused.no_status", status=status[:40], statuses=", ".join(Status))
    _list(status, as_json)


def _list(status: str | None, as_json: bool) -> None:
    _, ledger = office()
    with ledger.look() as session:
        query = select(Message).where(Message.office_id == ledger.office_id).order_by(col(Message.id))
        query = query.options(defer(col(Message.text)), defer(col(Message.html)))  # type: ignore[arg-type]
        messages = list(session.exec(query.where(Message.status == status) if status else query))
    if as_json:
        print_json([_as_json(one) for one in messages])
        return
    names = ("id", "at", "recipient", "channel", "subject", "status", "attempts")
    table = Table(*(say(f"outbox.column.{name}") for name in names))
    for one in messages:
        cells = [str(one.id), _when(one.sent_at or one.created_at), one.recipient, channel_words(one.channel)]
        cells += [one.subject, say(f"views.message.{one.status}"), str(one.attempts)]
        table.add_row(*map(escape, cells))
    console().print(table)


@outbox_app.command("show", help=say("outbox.show"))
def show(message: Which, as_json: AsJson = False) -> None:
    """One message: every attempt in the server's words, every way that was tried, its text."""
    _, ledger = office()
    with ledger.look() as session:
        row = find_message(session, ledger.office_id, message)
        attempts, tried = attempts_of(session, row), ways_tried(session, row)
    if as_json:
        ways = [{"id": one.id, "channel": one.channel, "address": one.address, "status": one.status} for one in tried]
        text = row.text.replace(LINK, say("web_work.message.link"))
        print_json(_as_json(row) | {"tries": [_try(one) for one in attempts], "ways": ways, "text": text})
        return
    out = console()
    head = (
        ("recipient", f"{row.recipient} <{row.address}>"),
        ("channel", channel_words(row.channel)),
        ("status", say(f"views.message.{row.status}")),
        ("subject", row.subject),
        ("message_id", row.message_id),
        ("reference", row.reference),
        ("diverted", row.diverted_to),
        ("again", moment_words(row.next_attempt_at) if row.status == Status.QUEUED else ""),
    )
    for name, words in head:
        if words:
            out.print(f"{say(f'outbox.head.{name}')}: {escape(words)}")
    for one in attempts:
        words = f"{one.number}. {moment_words(one.at)} · {_outcome(one)} · {one.detail}"
        out.print(escape(words))
    for other in tried if len(tried) > 1 else ():
        line = say("outbox.way", id=other.id, channel=channel_words(other.channel), address=other.address)
        out.print(escape(f"{line}: {say(f'views.message.{other.status}')}"))
    out.print()
    out.print(escape(row.text.replace(LINK, say("web_work.message.link"))))


@outbox_app.command("retry", help=say("outbox.retry"))
def retry(message: Which, now: Now = None) -> None:
    """Queues one message again."""
    settings, ledger = office()
    desk = desk_at(settings, ledger, as_of(ledger, now))
    with ledger.change(now=desk.now, actor=actor()) as change:
        row = send_again(change, message, desk.voice.channels)
    console().print(say("outbox.queued", id=row.id, channel=channel_words(row.channel), address=escape(row.address)))


@outbox_app.command("hold", help=say("outbox.hold"))
def hold(message: Which, now: Now = None) -> None:
    """Holds one waiting message back."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        row = hold_message(change, message)
    console().print(say("outbox.held", id=row.id, recipient=escape(row.recipient)))


def _outcome(one: Attempt) -> str:
    return say("web_work.message.retry") if one.outcome == "retry" else say(f"views.message.{one.outcome}")


def _when(moment: datetime | None) -> str:
    return f"{local(moment):%H:%M %d/%m/%Y}" if moment else "—"


def _try(one: Attempt) -> dict[str, object]:
    return {"number": one.number, "at": iso(one.at), "outcome": one.outcome, "detail": one.detail}


def _as_json(one: Message) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "recipient": one.recipient,
        "channel": one.channel,
        "address": one.address,
        "subject": one.subject,
        "status": one.status,
        "attempts": one.attempts,
        "created_at": iso(one.created_at),
        "sent_at": iso(one.sent_at),
        "delivered_at": iso(one.delivered_at),
        "fallback_of": one.fallback_of,
        "message_id": one.message_id,
    }
