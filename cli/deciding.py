"""What the office decides: a report verified, an extension given or refused, a level approved, a checkpoint held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import typer

from cli.at_work import actor, as_of, office
from cli.common import console
from cli.naming import CauseOption, CheckpointNumber, Now, ObligationNumber, Reason, Who
from config.words import say
from domain.errors import Refusal
from domain.instants import at
from domain.keys import key
from domain.life import extensions, holding, verification
from domain.obligations import Obligation
from domain.planning import Followed, followed, one_followed
from domain.store import Change
from domain.written import parse_day
from flows.following import follow
from notifications.wording import deadline_words, moment_words

app = typer.Typer()


@app.command("verify", help=say("acts.verify.help"))
def verify(
    obligation: ObligationNumber,
    accept: Annotated[bool, typer.Option("--accept", help=say("acts.verify.accept"))] = False,
    reject: Annotated[bool, typer.Option("--reject", help=say("acts.verify.reject"))] = False,
    reason: Annotated[str, typer.Option("--reason", "--note", help=say("acts.verify.reason"))] = "",
    now: Now = None,
) -> None:
    """Accepts or rejects a reported completion."""
    if accept == reject:
        raise Refusal("errors.accept_or_reject")
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        decide = verification.accept if accept else verification.reject
        works = decide(change, obligation, reason)
    console().print(say(f"acts.verify.{'accepted' if accept else 'rejected'}", id=obligation), markup=False)
    others = [str(one.obligation.id) for one in works if one.obligation.id != obligation]
    if others:
        console().print(say("acts.verify.others", ids=", ".join(others)), markup=False)
    for conclusion in {key(one.conclusion.id): one.conclusion for one in works}.values():
        console().print(follow(settings, ledger, conclusion, moment), markup=False)


@app.command("extend", help=say("acts.extend.help"))
def extend(
    obligation: ObligationNumber,
    reason: Reason,
    last_day: Annotated[str | None, typer.Option(help=say("cli.extend.last_day"))] = None,
    ask: Annotated[bool, typer.Option("--ask", help=say("acts.extend.ask"))] = False,
    grant: Annotated[bool, typer.Option("--grant", help=say("acts.extend.grant"))] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help=say("acts.extend.refuse"))] = False,
    who: Who = "",
    cause: CauseOption = "",
    now: Now = None,
) -> None:
    """Moves the last moment of an obligation, takes down that an agency asks for it, or decides what was asked."""
    if ask + grant + refuse > 1:
        raise Refusal("errors.one_of_extension")
    bound = at(parse_day(last_day) + timedelta(days=1)) if last_day else None
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        if ask:
            one, words = _ask(change, obligation, bound, Wish(reason, who, cause)), "acts.extend.asked"
        elif refuse:
            one, words = extensions.refuse(change, obligation, reason), "acts.extend.refused"
        else:
            if grant and extensions.waiting(change.session, obligation) is None:
                one_followed(change.session, change.office_id, obligation)
                raise Refusal("errors.no_extension_waits", id=obligation)
            one, words = extensions.extend(change, obligation, bound, reason), "cli.extend.line"
    shown = bound if ask else one.obligation.due_before
    console().print(say(words, id=obligation, deadline=deadline_words(shown)), markup=False)
    console().print(follow(settings, ledger, one.conclusion, moment), markup=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agency says when it asks for more time."""

    reason: str
    who: str
    cause: str


def _ask(change: Change, obligation: int, bound: datetime | None, wish: Wish) -> Followed:
    if bound is None:
        raise Refusal("errors.ask_until")
    return extensions.ask(change, obligation, bound, wish.reason, wish.who or actor(), wish.cause)


@app.command("approve", help=say("acts.approve.help"))
def approve(
    obligation: ObligationNumber,
    note: Annotated[str, typer.Option(help=say("acts.approve.note"))] = "",
    now: Now = None,
) -> None:
    """Lets a level of the ladder go out that needs approval."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        rows = holding.approve(change, obligation, note)
        one = one_followed(change.session, ledger.office_id, obligation)
    first = min(rows, key=lambda row: row.at)
    console().print(
        say("acts.approve.line", id=obligation, level=first.step, moment=moment_words(max(first.at, moment))),
        markup=False,
    )
    console().print(follow(settings, ledger, one.conclusion, moment), markup=False)


@app.command("hold", help=say("acts.hold.help"))
def hold(
    checkpoint: CheckpointNumber,
    reason: Annotated[str, typer.Option(help=say("acts.hold.reason"))] = "",
    off: Annotated[bool, typer.Option("--off", help=say("acts.hold.off"))] = False,
    now: Now = None,
) -> None:
    """Holds one checkpoint back, or lets it go."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    with ledger.change(now=moment, actor=actor()) as change:
        row = holding.let_go(change, checkpoint) if off else holding.hold(change, checkpoint, reason)
        (one,) = followed(change.session, Obligation.id == row.obligation_id)
    words = "acts.hold.gone" if off else "acts.hold.held"
    what = say(f"views.kind.{row.kind}", step=row.step)
    console().print(say(words, id=checkpoint, what=what, moment=moment_words(row.at)), markup=False)
    console().print(follow(settings, ledger, one.conclusion, moment), markup=False)
