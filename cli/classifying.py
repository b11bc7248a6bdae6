"""What a directive is about, for the figures of reviews."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.at_work import actor, as_of, office
from cli.common import console
from cli.naming import Now, number
from config.words import say
from domain.classifying import classify as put
from domain.drafts import DirectiveKind
from domain.errors import Refusal
from domain.keys import key
from domain.planning import one_followed

app = typer.Typer()


@app.command("classify", help=say("classify.help"))
def classify(
    obligation: Annotated[int, typer.Argument(parser=number, help=say("classify.obligation"))],
    kind: Annotated[DirectiveKind | None, typer.Option("--kind", help=say("classify.kind_option"))] = None,
    field: Annotated[str | None, typer.Option("--field", help=say("classify.field_option"))] = None,
    raised_by: Annotated[str | None, typer.Option("--raised-by", help=say("classify.raised_option"))] = None,
    now: Now = None,
) -> None:
    """Says the kind and the field of a directive, and whose petition it is."""
    if kind is None and field is None and raised_by is None:
        raise Refusal("classify.nothing")
    _, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        one = one_followed(change.session, ledger.office_id, obligation)
        row = put(change, key(one.directive.id), kind=kind, field=field, raised_by=raised_by)
    words = say(
        "classify.done",
        path=row.path,
        kind=say(f"classify.kind.{row.kind}"),
        field=row.field or say("classify.no_field"),
        whose=say("classify.whose", name=row.raised_by) if row.raised_by else "",
    )
    console().print(words, markup=False)
