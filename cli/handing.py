"""Who does the work: returned, reassigned, corrected, closed, cancelled, linked; and a filing undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from pendulum import DateTime

from cli.at_work import actor, as_of, office
from cli.common import console
from cli.naming import Now, ObligationNumber, Reason, Who, number, the_conclusion
from config.settings import Settings
from config.words import say
from domain.agencies import agency_names
from domain.errors import Refusal
from domain.instants import at
from domain.keys import key
from domain.life import correcting, handing, linking, withdrawal
from domain.planning import Followed
from domain.store import Change, Ledger
from domain.written import parse_day
from flows.following import follow
from notifications.wording import deadline_words

app = typer.Typer()


def _follow(settings: Settings, ledger: Ledger, works: Sequence[Followed], moment: DateTime) -> None:
    for conclusion in {key(one.conclusion.id): one.conclusion for one in works}.values():
        console().print(follow(settings, ledger, conclusion, moment), markup=False)


@app.command("return", help=say("acts.return.help"))
def give_back(obligation: ObligationNumber, reason: Reason, who: Who = "", now: Now = None) -> None:
    """Takes down that an agency says the work is not its own."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        one = handing.give_back(change, obligation, reason, who)
    console().print(say("acts.return.line", id=obligation), markup=False)
    _follow(settings, ledger, [one], moment)


@app.command("reassign", help=say("acts.reassign.help"))
def reassign(
    obligation: ObligationNumber,
    reason: Reason,
    to: Annotated[str | None, typer.Option(help=say("acts.reassign.to"))] = None,
    insist: Annotated[bool, typer.Option("--insist", help=say("acts.reassign.insist"))] = False,
    now: Now = None,
) -> None:
    """Gives the work to another agency, or insists on its return."""
    if insist == (to is not None):
        raise Refusal("errors.to_or_insist")
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        if to is None:
            one = handing.insist(change, obligation, reason)
        else:
            one = handing.reassign(change, obligation, to, reason)
        name = agency_names(change.session, ledger.office_id)[one.obligation.agency_id]
    words = "acts.reassign.insisted" if to is None else "acts.reassign.line"
    console().print(say(words, id=obligation, agency=name, new=one.obligation.id), markup=False)
    _follow(settings, ledger, [one], moment)


@app.command("correct", help=say("acts.correct.help"))
def correct(
    obligation: ObligationNumber,
    reason: Reason,
    last_day: Annotated[str | None, typer.Option(help=say("acts.correct.last_day"))] = None,
    undated: Annotated[bool, typer.Option("--undated", help=say("acts.correct.undated"))] = False,
    lead: Annotated[str | None, typer.Option(help=say("acts.correct.lead"))] = None,
    information: Annotated[bool, typer.Option("--for-information", help=say("acts.correct.information"))] = False,
    tracked: Annotated[bool, typer.Option("--follow-up", help=say("acts.correct.follow_up"))] = False,
    now: Now = None,
) -> None:
    """Corrects what was misread; a correction is no extension."""
    if sum((last_day is not None, undated, lead is not None, information, tracked)) != 1:
        raise Refusal("errors.one_correction")
    bound = at(parse_day(last_day) + timedelta(days=1)) if last_day else None
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        if lead is not None:
            works = [correcting.correct_lead(change, obligation, lead, reason)]
        elif information or tracked:
            works = correcting.correct_tracking(change, obligation, tracked=tracked, reason=reason)
        else:
            works = correcting.correct_deadline(change, obligation, bound, reason)
        names = agency_names(change.session, ledger.office_id)
    for one in works:
        console().print(_corrected(one, names[one.obligation.agency_id]), markup=False)
    _follow(settings, ledger, works, moment)


def _corrected(one: Followed, agency: str) -> str:
    due: datetime | None = one.obligation.due_before
    words = "line" if one.directive.tracked else "information_line"
    return say(f"acts.correct.{words}", id=one.obligation.id, agency=agency, deadline=deadline_words(due))


@app.command("close", help=say("acts.close.help"))
def close(obligation: ObligationNumber, reason: Reason, now: Now = None) -> None:
    """Ends the following of work that has been done, or needs no more."""
    _end(obligation, reason, now, cancelled=False)


@app.command("cancel", help=say("acts.cancel.help"))
def cancel(obligation: ObligationNumber, reason: Reason, now: Now = None) -> None:
    """Drops work from every figure."""
    _end(obligation, reason, now, cancelled=True)


def _end(obligation: int, reason: str, now: str | None, *, cancelled: bool) -> None:
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        works = (handing.cancel if cancelled else handing.close)(change, obligation, reason)
    ids = ", ".join(str(one.obligation.id) for one in works)
    console().print(say("acts.cancel.line" if cancelled else "acts.close.line", ids=ids), markup=False)
    _follow(settings, ledger, works, moment)


@app.command("link", help=say("acts.link.help"))
def link(
    obligations: Annotated[list[int], typer.Argument(parser=number, help=say("acts.link.obligations"))],
    off: Annotated[bool, typer.Option("--off", help=say("acts.link.off"))] = False,
    now: Now = None,
) -> None:
    """Makes obligations settle together, or lets one settle on its own again."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        if off:
            ids = [_unlinked(change, id_) for id_ in obligations]
        else:
            ids = [key(one.obligation.id) for one in linking.link(change, obligations)]
    words = "acts.link.unlinked" if off else "acts.link.line"
    console().print(say(words, ids=", ".join(map(str, sorted(ids)))), markup=False)


def _unlinked(change: Change, obligation: int) -> int:
    return key(linking.unlink(change, obligation).obligation.id)


@app.command("undo", help=say("acts.undo.help"))
def undo(
    conclusion: Annotated[str, typer.Argument(help=say("acts.undo.conclusion"))], reason: Reason, now: Now = None
) -> None:
    """Undoes a filing within a quarter of an hour."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        row = the_conclusion(change.session, ledger.office_id, conclusion)
        told = withdrawal.withdraw(change, key(row.id), reason)
    console().print(say("acts.undo.told" if told else "acts.undo.line", number=row.number, count=told), markup=False)
    if told:
        console().print(follow(settings, ledger, row, moment), markup=False)
