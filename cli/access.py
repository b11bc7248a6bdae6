"""Links by which agencies answer, and calendar feeds: see them, revoke them, give one."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now
from config.words import say
from domain.agencies import Agency, find_agency
from domain.instants import iso
from domain.links import Link, Purpose, give_link, links_of, revoke, revoke_all
from domain.offices import office_policy, the_office
from notifications.addresses import address_of
from notifications.wording import moment_words

app = typer.Typer()
access_app = typer.Typer(help=say("access.help"), no_args_is_help=True)
app.add_typer(access_app, name="access")

AgencyName = Annotated[str, typer.Argument(help=say("access.option.agency"))]


@access_app.command("list", help=say("access.list.help"))
def list_(
    agency: AgencyName, as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False
) -> None:
    """The links of an agency; none of them can be opened from what is shown."""
    _, ledger = office()
    with ledger.look() as session:
        body = find_agency(session, ledger.office_id, agency)
        links = links_of(session, ledger.office_id, body.id)
    if as_json:
        print_json([_as_json(one) for one in links])
        return
    table = Table(
        *(say(f"access.column.{name}") for name in ("id", "purpose", "recipient", "given", "expires", "state"))
    )
    for one in links:
        state = "revoked" if one.revoked_at else "open"
        expires = moment_words(one.expires_at) if one.expires_at else "–"
        purpose = say(f"access.purpose.{one.purpose}")
        table.add_row(
            str(one.id), purpose, one.recipient, moment_words(one.created_at), expires, say(f"access.state.{state}")
        )
    console().print(table)


def _as_json(one: Link) -> dict[str, object]:
    return {
        "id": one.id,
        "purpose": one.purpose,
        "recipient": one.recipient,
        "address": one.address,
        "created_at": iso(one.created_at),
        "expires_at": iso(one.expires_at),
        "revoked_at": iso(one.revoked_at),
    }


@access_app.command("revoke", help=say("access.revoke.help"))
def revoke_(
    link: Annotated[int | None, typer.Argument(help=say("access.option.link"))] = None,
    agency: Annotated[str, typer.Option("--all", help=say("access.option.all"))] = "",
    reason: Annotated[str, typer.Option(help=say("access.option.reason"))] = "",
    now: Now = None,
) -> None:
    """One link, or every link of an agency, counts no more."""
    _, ledger = office()
    if (link is None) == (not agency):
        raise typer.BadParameter(say("access.refused.one_or_all"))
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        if link is not None:
            revoke(change, link, reason)
            count = 1
        else:
            count = revoke_all(change, find_agency(change.session, ledger.office_id, agency), reason)
    console().print(say("access.revoke.line", count=count), markup=False)


@access_app.command("give", help=say("access.give.help"))
def give(
    agency: Annotated[str, typer.Argument(help=say("access.option.agency_or_office"))] = "",
    feed: Annotated[bool, typer.Option("--feed", help=say("access.option.feed"))] = False,
    now: Now = None,
) -> None:
    """Gives an agency a link to answer by, or a calendar's address; printed this once."""
    settings, ledger = office()
    if not agency and not feed:
        raise typer.BadParameter(say("access.refused.whose"))
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        body: Agency | None = find_agency(change.session, ledger.office_id, agency) if agency else None
        row = the_office(change.session, ledger.office_id)
        days = 0 if feed else office_policy(row).link_days
        link = give_link(
            change, Purpose.FEED if feed else Purpose.ANSWER, body, body.name if body else row.name, "", days
        )
    console().print(address_of(link, settings), markup=False, soft_wrap=True)
