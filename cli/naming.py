"""How people name things at the command line: obligations and checkpoints by number, notices by number or key."""

from __future__ import annotations

import re
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from config.words import say
from domain.causes import Cause
from domain.conclusions import Conclusion, find_conclusion
from domain.errors import Refusal

NUMBER = re.compile(r"\d{1,9}")  # what a key of the ledger can be


def number(words: str) -> int:
    """The number of a row. Raises Refusal for anything that cannot be one."""
    if not NUMBER.fullmatch(words.strip()):
        raise Refusal("errors.bad_row_number", words=words[:40])
    return int(words)


ObligationNumber = Annotated[int, typer.Argument(parser=number, help=say("cli.option.obligation"))]
CheckpointNumber = Annotated[int, typer.Argument(parser=number, help=say("acts.hold.checkpoint"))]
Reason = Annotated[str, typer.Option(help=say("acts.reason"))]
Now = Annotated[str | None, typer.Option(help=say("cli.option.now"))]
CauseOption = Annotated[str, typer.Option("--cause", help=say("causes.option", known=", ".join(Cause)))]
Who = Annotated[str, typer.Option("--by", help=say("acts.by"))]


def the_conclusion(session: Session, office_id: int, words: str) -> Conclusion:
    """The notice of that number, not one that was withdrawn.

    Raises Refusal where there is none, and where two years have the number.
    """
    query = select(Conclusion).where(Conclusion.office_id == office_id, Conclusion.withdrawal == 0)
    rows = session.exec(query.order_by(col(Conclusion.id)))
    chosen = [one for one in find_conclusion(rows, words) if one.number.casefold() == words.strip().casefold()]
    if not chosen:
        raise Refusal("errors.no_conclusion", words=words)
    if len(chosen) > 1:
        raise Refusal("errors.number_of_two_years", number=words)
    return chosen[0]
