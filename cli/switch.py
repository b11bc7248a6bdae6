"""The switch: whether messages leave, to whom they really go, and a test message to one contact."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.modes import diverted_to, mode_words
from cli.naming import Now, Reason
from cli.people import contact_of
from config.settings import Settings
from config.words import say
from domain import sending
from domain.agencies import find_agency
from domain.errors import Refusal
from domain.keys import key
from domain.offices import Office, the_office
from domain.people import find_official
from flows.desk import Desk, desk_at
from flows.following import follow_office
from notifications.channels import EMAIL
from notifications.delivery import deliver
from notifications.recipients import Recipient
from notifications.trial import go_live, tried, write_test
from notifications.wording import plain_line

app = typer.Typer()
sending_app = typer.Typer(help=say("desk.sending.help"), invoke_without_command=True)
app.add_typer(sending_app, name="sending")
Why = Annotated[str, typer.Option("--reason", help=say("acts.reason"))]


@sending_app.callback()
def show(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False
) -> None:
    """Says in which mode the office is."""
    if context.invoked_subcommand:
        return
    settings, ledger = office()
    with ledger.look() as session:
        row = the_office(session, ledger.office_id)
    if as_json:
        print_json({"mode": row.sending, "diverted_to": diverted_to(row, settings), "simulated": row.simulated})
    else:
        _say_mode(row, settings)


@sending_app.command("stop", help=say("desk.sending.stop_help"))
def stop(reason: Reason, now: Now = None) -> None:
    """Nothing is said and nothing leaves until it is started again."""
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        row = sending.stop(change, reason)
    _say_mode(row, settings)


@sending_app.command("redirect", help=say("desk.sending.redirect_help"))
def redirect(
    to: Annotated[str, typer.Option("--to", help=say("desk.sending.to"))], reason: Why = "", now: Now = None
) -> None:
    """Everything goes to one address."""
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        row = sending.redirect(change, to, reason)
    _say_mode(row, settings)


@sending_app.command("shadow", help=say("desk.sending.shadow_help"))
def shadow(reason: Why = "", now: Now = None) -> None:
    """Everything goes to the office's own mailbox."""
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        row = sending.shadow(change, reason)
    _say_mode(row, settings)


def _say_mode(row: Office, settings: Settings) -> None:
    console().print(mode_words(row, settings), markup=False, soft_wrap=True)


@sending_app.command("start", help=say("desk.sending.start_help"))
def start(reason: Why = "", now: Now = None) -> None:
    """Messages go to whom they are meant for."""
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        done = go_live(change, reason)
        row = the_office(change.session, ledger.office_id)
    _say_mode(row, settings)
    if done.told_anew:
        console().print(say("desk.sending.told_anew", count=done.told_anew))
    if done.dropped:
        console().print(say("desk.sending.dropped_count", count=done.dropped))
    console().print(follow_office(settings, ledger), markup=False)


@sending_app.command("test", help=say("desk.sending.test_help"))
def send_test(
    who: Annotated[str, typer.Argument(help=say("desk.sending.who"))],
    head: Annotated[bool, typer.Option("--head", help=say("cli.agencies.head"))] = False,
    force: Annotated[bool, typer.Option("--force", help=say("desk.sending.force"))] = False,
    now: Now = None,
) -> None:
    """Sends one test message to the real address of a contact, at once."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    desk = desk_at(settings, ledger, moment)
    if not force and not desk.hours.is_open(moment):
        raise Refusal("errors.outside_hours", slot=f"{desk.hours.next_slot(moment):%H:%M %d/%m/%Y}")
    with ledger.change(now=moment, actor=actor()) as change:
        to = _recipient(change.session, ledger.office_id, who, head=head)
        message = write_test(change, to, desk.voice)
    deliver(ledger, settings, desk.channel, desk.clock, only=key(message.id))
    console().print(_outcome(desk, to, key(message.id)), markup=False, soft_wrap=True)


def _outcome(desk: Desk, to: Recipient, message_id: int) -> str:
    """What became of the test message, with the words of the mail server."""
    done = tried(desk.ledger, message_id)
    kind = done.status if desk.channel == EMAIL or done.status != "sent" else "folder"
    names = {"name": plain_line(to.name), "address": to.address}
    detail = plain_line(done.detail) or "—"
    return say(f"desk.sending.outcome.{kind}", detail=detail, folder=desk.settings.mail_folder, **names)


def _recipient(session: Session, office_id: int, who: str, *, head: bool) -> Recipient:
    """Somebody of the office, else the contact of an agency. Raises Refusal for nobody."""
    if not head:
        try:
            row = find_official(session, office_id, who)
            return Recipient(f"official:{row.id}", row.name, row.role, row.address, None)
        except Refusal as refusal:
            if refusal.code != "errors.no_official":
                raise
    agency = find_agency(session, office_id, who)
    contact = contact_of(session, agency, head=head)
    return Recipient(f"contact:{contact.id}", contact.name, contact.role, contact.address, agency.id)
