"""What an agency says about an obligation, taken down by the office; and asking it to say something."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.at_work import actor, as_of, office
from cli.common import console
from cli.naming import CauseOption, Now, ObligationNumber, Who
from config.words import say
from domain.agencies import agency_names
from domain.attachments import keep_file
from domain.errors import Refusal
from domain.life.handing import acknowledge as take_note
from domain.life.handing import ask_status
from domain.planning import one_followed
from domain.reports import COMPLETE, Said
from domain.reports import report as take_down
from domain.written import parse_letter
from flows.following import follow

app = typer.Typer()


@app.command("report", help=say("cli.report.help"))
def report(
    obligation: ObligationNumber,
    note: Annotated[str, typer.Option(help=say("cli.report.note"))],
    done: Annotated[bool, typer.Option("--done", help=say("cli.report.done"))] = False,
    progress: Annotated[int | None, typer.Option(help=say("cli.report.progress"))] = None,
    letter: Annotated[str | None, typer.Option(help=say("cli.report.letter"))] = None,
    attach: Annotated[list[Path] | None, typer.Option(help=say("cli.report.attach"))] = None,
    cause: CauseOption = "",
    now: Now = None,
) -> None:
    """Takes down what an agency reported."""
    if done == (progress is not None):
        raise Refusal("errors.done_or_progress")
    if progress is not None and not 0 <= progress < COMPLETE:
        raise Refusal("errors.bad_percent", percent=progress)
    settings, ledger = office()
    moment = as_of(ledger, now)
    number, day = parse_letter(letter) if letter else (None, None)
    files = tuple(keep_file(settings.attachments_folder, path) for path in attach or ())
    said = Said(COMPLETE if done else progress or 0, note, actor(), "office", number, day, files, cause=cause)
    with ledger.change(now=moment, actor=actor()) as change:
        take_down(change, obligation, said)
        one = one_followed(change.session, ledger.office_id, obligation)
        name, conclusion = agency_names(change.session, ledger.office_id)[one.obligation.agency_id], one.conclusion
    console().print(
        say("cli.report.done_line" if done else "cli.report.progress_line", id=obligation, agency=name), markup=False
    )
    if done:
        console().print(follow(settings, ledger, conclusion, moment), markup=False)


@app.command("acknowledge", help=say("acts.acknowledge.help"))
def acknowledge(obligation: ObligationNumber, who: Who = "", now: Now = None) -> None:
    """Takes down that the agency has taken note."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        one = take_note(change, obligation, who)
        name = agency_names(change.session, ledger.office_id)[one.obligation.agency_id]
        days = one.policy.acknowledged_for_working_days
    console().print(say("acts.acknowledge.line", id=obligation, agency=name, days=days), markup=False)
    console().print(follow(settings, ledger, one.conclusion, moment), markup=False)


@app.command("ask", help=say("acts.ask.help"))
def ask(
    obligation: ObligationNumber,
    note: Annotated[str, typer.Option(help=say("acts.ask.note"))] = "",
    now: Now = None,
) -> None:
    """Asks an agency for a report out of turn."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        one = ask_status(change, obligation, note)
        name = agency_names(change.session, ledger.office_id)[one.obligation.agency_id]
    console().print(say("acts.ask.line", id=obligation, agency=name), markup=False)
    console().print(follow(settings, ledger, one.conclusion, moment), markup=False)
