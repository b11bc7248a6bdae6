"""Looking: where obligations stand, the timeline, the outbox."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session, col, select

from cli.at_work import as_of, office
from cli.common import console, print_json
from config.words import say
from domain.checkpoints import Checkpoint
from domain.conclusions import Conclusion, find_conclusion
from domain.errors import Refusal
from domain.instants import iso, local
from domain.keys import key
from domain.obligations import Standing
from domain.reports import COMPLETE, Reported, reported_rows
from domain.views import Planned, StatusRow, planned_rows, status_rows
from notifications.history import Sending, sendings
from notifications.wording import moment_words, plain_line

app = typer.Typer()
COLOURS = {
    Standing.OVERDUE: "red",
    Standing.DONE_LATE: "yellow",
    Standing.DONE_IN_TIME: "green",
    Standing.IN_TIME: "cyan",
    Standing.UNDATED: "white",
}


@app.command("status", help=say("cli.status.help"))
def status(
    now: Annotated[str | None, typer.Option(help=say("cli.option.now"))] = None,
    everything: Annotated[bool, typer.Option("--all", help=say("acts.status.all"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    """Where every obligation stands."""
    _, ledger = office()
    moment = as_of(ledger, now)
    with ledger.look() as session:
        rows = status_rows(session, ledger.office_id, moment, everything=everything)
    if as_json:
        print_json([row.as_json() for row in rows])
        return
    table = Table(
        *(say(f"cli.status.column.{n}") for n in ("id", "source", "agency", "due", "standing", "state", "next"))
    )
    for row in rows:
        standing = f"[{COLOURS[row.standing]}]{_standing(row)}[/]"
        state = say(f"views.state.{row.state}")
        table.add_row(
            str(row.id),
            escape(f"{row.conclusion} · {row.path}"),
            escape(row.agency),
            _due(row),
            standing,
            state,
            _when(row.next_checkpoint),
        )
    console().print(table)
    counts = Counter(row.standing for row in rows)
    console().print(" · ".join(f"{say(f'views.standing.{one}')}: {counts[one]}" for one in Standing))
    console().print(say("cli.status.as_of", moment=moment_words(moment)))


def _standing(row: StatusRow) -> str:
    standing = say(f"views.standing.{row.standing}")
    return say("acts.status.stale", standing=standing) if row.is_stale else standing


def _due(row: StatusRow) -> str:
    due = _when(row.due_before)
    return say("acts.status.extended", due=due, times=row.extensions) if row.extensions else due


def _when(moment: datetime | None) -> str:
    return f"{local(moment):%H:%M %d/%m/%Y}" if moment else "—"


@app.command("timeline", help=say("cli.timeline.help"))
def timeline(
    conclusion: Annotated[str | None, typer.Argument(help=say("cli.timeline.conclusion"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    """Every checkpoint, past and to come, with what was sent and what became of it."""
    _, ledger = office()
    with ledger.look() as session:
        chosen = _chosen(session, ledger.office_id, conclusion)
        conditions = [col(Conclusion.id).in_([one.id for one in chosen])]
        rows = planned_rows(session, ledger.office_id, *conditions)
        sent = sendings(session, ledger.office_id)
        reports = reported_rows(session, ledger.office_id, *conditions)
    if as_json:
        print_json([_timeline_json(row, sent.get(key(row.checkpoint.id), [])) for row in rows])
        return
    show_timeline(rows, sent, reports)


def _chosen(session: Session, office_id: int, words: str | None) -> list[Conclusion]:
    query = select(Conclusion).where(Conclusion.office_id == office_id).order_by(col(Conclusion.id))
    everything = list(session.exec(query))
    if words is None:
        return everything
    chosen = list(find_conclusion(everything, words))
    if not chosen:
        raise Refusal("errors.no_conclusion", words=words)
    return chosen


def _timeline_json(row: Planned, sent: list[Sending]) -> dict[str, object]:
    point = row.checkpoint
    return {
        "at": iso(point.at),
        "kind": point.kind,
        "step": point.step,
        "obligation": point.obligation_id,
        "agency": row.agency,
        "state": point.fate,
        "messages": [
            {
                "recipient": one.recipient,
                "channel": one.channel,
                "status": one.status,
                "attempts": one.attempts,
                "at": iso(one.at),
            }
            for one in sent
        ],
    }


def show_timeline(rows: list[Planned], sent: dict[int, list[Sending]], reports: list[Reported]) -> None:
    """The timeline as a table: what fell when, who was told, and what agencies answered in between."""
    columns = [say(f"cli.timeline.column.{name}") for name in ("at", "path", "agency", "what", "fate", "messages")]
    table = Table(say("acts.timeline.id"), *columns)
    lines = [(row.checkpoint.at, _cells(row, sent.get(key(row.checkpoint.id), []))) for row in rows]
    received = say("cli.timeline.received")
    lines += [
        (one.at, ["", _when(one.at), *map(escape, (one.path, one.agency)), _report_words(one), received, ""])
        for one in reports
    ]
    for _, cells in sorted(lines, key=lambda line: line[0]):
        table.add_row(*cells)
    console().print(table)


def _report_words(one: Reported) -> str:
    key = "done" if one.percent == COMPLETE else "progress"
    return f"[green]{escape(say(f'cli.timeline.{key}', percent=one.percent, note=plain_line(one.note)))}[/]"


def _cells(row: Planned, sent: list[Sending]) -> list[str]:
    point: Checkpoint = row.checkpoint
    told = "; ".join(f"{one.recipient} ({say(f'views.message.{one.status}')})" for one in sent)
    what = say(f"views.kind.{point.kind}", step=point.step)
    cells = [str(point.id), _when(point.at), row.path, row.agency, what, say(f"views.fate.{point.fate}"), told]
    return [escape(cell) for cell in cells]
