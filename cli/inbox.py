"""The mailbox at the terminal: reading it, what waits, attaching a mail to obligations, dismissing it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now, number
from config.clock import wall_clock
from config.words import say
from domain.actors import By
from domain.agencies import agency_names
from domain.errors import Refusal
from domain.incoming import Incoming, IncomingFile, IncomingKind, IncomingState, files_of, incoming_of, incoming_rows
from domain.incoming import dismiss as leave_aside
from domain.incoming_acts import Attaching, attached_to
from domain.incoming_acts import attach as take_down
from domain.instants import iso
from domain.keys import key
from domain.offices import the_office
from domain.reports import COMPLETE
from domain.written import parse_letter
from flows.following import follow
from notifications.inbox.polling import poll
from notifications.inbox.proposing import Proposal, proposals
from notifications.wording import day_words, moment_words

app = typer.Typer()
inbox_app = typer.Typer(help=say("inbox.cli.help"), no_args_is_help=True)
app.add_typer(inbox_app, name="inbox")

AsJson = Annotated[bool, typer.Option("--json", help=say("cli.option.json"))]
MailNumber = Annotated[int, typer.Argument(parser=number, metavar="ID", help=say("inbox.cli.id"))]
COLUMNS = ("id", "received", "sender", "subject", "kind", "state", "files")


@inbox_app.command("read", help=say("inbox.cli.read_help"))
def read() -> None:
    """Reads the mailbox once."""
    settings, ledger = office()
    with ledger.look() as session:
        if the_office(session, ledger.office_id).simulated:
            raise Refusal("inbox.refused.simulated")
    polled = poll(ledger, settings, wall_clock)
    words = say(
        "inbox.cli.read_line",
        mails=polled.mails,
        waiting=polled.waiting,
        returned=polled.returned,
        auto=polled.auto,
    )
    console().print(words, markup=False)


@inbox_app.command("list", help=say("inbox.cli.list_help"))
def list_(
    everything: Annotated[bool, typer.Option("--all", help=say("inbox.cli.all"))] = False, as_json: AsJson = False
) -> None:
    """Lists what waits, or everything."""
    _, ledger = office()
    with ledger.look() as session:
        rows = incoming_rows(session, ledger.office_id, everything=everything)
        files = files_of(session, [key(row.id) for row in rows])
        names = agency_names(session, ledger.office_id)
    if as_json:
        print_json([_row_json(row, names, files) for row in rows])
        return
    if not rows:
        console().print(say("inbox.page.none_at_all" if everything else "inbox.page.none"))
        return
    table = Table(*(say(f"inbox.column.{name}") for name in COLUMNS))
    for row in rows:
        table.add_row(*map(escape, _cells(row, sum(one.incoming_id == row.id for one in files))))
    console().print(table)


def _cells(row: Incoming, files: int) -> tuple[str, ...]:
    kind, state = say(f"inbox.kind.{row.kind}"), say(f"inbox.state.{row.state}")
    return (
        str(row.id),
        moment_words(row.received_at),
        row.sender + _mark(row),
        row.subject,
        kind,
        state,
        str(files or ""),
    )


def _mark(row: Incoming) -> str:
    """What stands behind an address that nobody knows."""
    strange = row.stranger and row.kind in (IncomingKind.REPLY, IncomingKind.OTHER)
    return f" ({say('inbox.page.stranger')})" if strange else ""


@inbox_app.command("show", help=say("inbox.cli.show_help"))
def show(mail: MailNumber, as_json: AsJson = False) -> None:
    """Shows one mail with its files and proposals."""
    _, ledger = office()
    with ledger.look() as session:
        row = incoming_of(session, ledger.office_id, mail)
        files, names = files_of(session, [mail]), agency_names(session, ledger.office_id)
        proposed = proposals(session, ledger.office_id, row) if row.state == IncomingState.WAITING else []
        attached = attached_to(session, mail)
    if as_json:
        more = {"text": row.text, "attached_to": attached, "proposals": [_proposal_json(one) for one in proposed]}
        print_json(_row_json(row, names, files) | more)
        return
    for name, words in _facts(row, names, attached):
        console().print(f"{say(f'inbox.page.{name}')}: {words}", markup=False, soft_wrap=True)
    for file in files:
        why = f" – {say('inbox.page.not_kept', why=file.refused)}" if file.refused else ""
        console().print(f"  · {file.name}{why}", markup=False, soft_wrap=True)
    console().print(f"\n{row.text or say('inbox.page.no_text')}\n", markup=False, soft_wrap=True)
    if row.letter_problem:
        console().print(say("inbox.page.letter_unread", why=row.letter_problem), markup=False, soft_wrap=True)
    if proposed:
        console().print(_proposed(proposed))


def _facts(row: Incoming, names: dict[int, str], attached: list[int]) -> list[tuple[str, str]]:
    letter = f"{row.letter_number} {day_words(row.letter_date) if row.letter_date else ''}".strip()
    facts = [
        ("kind", say(f"inbox.kind.{row.kind}")),
        ("state", say(f"inbox.state.{row.state}")),
        ("from", f"{row.sender_name} {row.sender}{_mark(row)}".strip()),
        ("subject", row.subject),
        ("received", moment_words(row.received_at)),
        ("agency", names.get(row.agency_id or 0, say("inbox.page.no_agency"))),
        ("said" if row.state != IncomingState.DISMISSED else "reason", row.reason),
        ("letter", letter),
        ("letter_about", row.letter_about),
        ("attached_to", ", ".join(map(str, attached))),
    ]
    return [(name, words) for name, words in facts if words]


def _proposed(proposed: list[Proposal]) -> Table:
    table = Table(*(say(f"inbox.column.{name}") for name in ("obligation", "notice", "why")))
    for one in proposed:
        notice = say("inbox.page.item", number=one.one.conclusion.number, path=one.one.directive.path)
        table.add_row(str(one.id), escape(notice), escape("; ".join(one.reasons)))
    return table


def _row_json(row: Incoming, names: dict[int, str], files: list[IncomingFile]) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "sender": row.sender,
        "sender_name": row.sender_name,
        "stranger": row.stranger,
        "subject": row.subject,
        "received_at": iso(row.received_at),
        "agency": names.get(row.agency_id or 0),
        "message": row.about_id,
        "reason": row.reason,
        "letter": {
            "number": row.letter_number or None,
            "date": row.letter_date.isoformat() if row.letter_date else None,
            "about": row.letter_about or None,
            "problem": row.letter_problem or None,
        },
        "files": [
            {"name": one.name, "size": one.size, "kept": bool(one.sha256), "refused": one.refused or None}
            for one in files
            if one.incoming_id == row.id
        ],
    }


def _proposal_json(one: Proposal) -> dict[str, object]:
    return {
        "obligation": one.id,
        "notice": one.one.conclusion.number,
        "path": one.one.directive.path,
        "reasons": list(one.reasons),
        "likely": one.likely,
    }


@inbox_app.command("attach", help=say("inbox.cli.attach_help"))
def attach(
    mail: MailNumber,
    obligations: Annotated[
        list[int], typer.Argument(parser=number, metavar="OBLIGATION…", help=say("inbox.cli.obligations"))
    ],
    note: Annotated[str, typer.Option(help=say("inbox.cli.note"))],
    done: Annotated[bool, typer.Option("--done", help=say("inbox.cli.done"))] = False,
    progress: Annotated[int | None, typer.Option(help=say("inbox.cli.progress"))] = None,
    letter: Annotated[str | None, typer.Option(help=say("inbox.cli.letter"))] = None,
    now: Now = None,
) -> None:
    """Attaches a mail to obligations."""
    if done == (progress is not None):
        raise Refusal("errors.done_or_progress")
    if progress is not None and not 0 <= progress < COMPLETE:
        raise Refusal("errors.bad_percent", percent=progress)
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor(), by=By.CLERK) as change:
        words = _attaching(change.session, ledger.office_id, mail, letter)
        works = take_down(change, mail, obligations, Attaching(COMPLETE if done else progress or 0, note, *words))
    console().print(say("inbox.cli.attached", id=mail, obligations=", ".join(map(str, obligations))), markup=False)
    for conclusion in {key(one.conclusion.id): one.conclusion for one in works}.values():
        console().print(follow(settings, ledger, conclusion, moment), markup=False)


def _attaching(session: Session, office_id: int, mail: int, letter: str | None) -> tuple[str | None, date | None]:
    """Number and date of the letter: those that were given, else those that were read."""
    if letter:
        return parse_letter(letter)
    row = incoming_of(session, office_id, mail)
    whole = row.letter_number and row.letter_date
    return (row.letter_number, row.letter_date) if whole else (None, None)


@inbox_app.command("dismiss", help=say("inbox.cli.dismiss_help"))
def dismiss(
    mail: MailNumber, reason: Annotated[str, typer.Option(help=say("inbox.cli.reason"))], now: Now = None
) -> None:
    """Dismisses a mail."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor(), by=By.CLERK) as change:
        leave_aside(change, mail, reason)
    console().print(say("inbox.cli.dismissed", id=mail), markup=False)
