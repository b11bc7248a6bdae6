"""The switch: whether messages leave, and to whom they really go; and trying whether somebody can be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session, select

from config.words import say
from domain import sending
from domain.agencies import Contact, contacts_of, find_agency
from domain.errors import Refusal
from domain.keys import key
from domain.offices import the_office
from domain.people import find_official, officials_of, person_of
from domain.policy import Role
from domain.sending import Mode
from domain.store import Change
from domain.ways import Way, bad_routes
from flows.desk import desk_at
from notifications.channels import MAIL_CHANNELS, channel_names
from notifications.channels.standing import channel_standings
from notifications.recipients import Recipient
from notifications.stops import start_channel, stop_channel
from notifications.trial import go_live, write_test
from web.visit import Form, Manager, Sent, Viewer, Visit

router = APIRouter()
MOST_BAD = 200  #: addresses that are listed


@dataclass(frozen=True, slots=True)
class Bad:
    """An address that takes nothing, and whose it is."""

    way: Way
    whose: str
    href: str


@router.get("/sending")
def switch(visit: Viewer) -> Response:
    """Where the switch stands."""
    return visit.page("office/sending.html", **_context(visit))


@router.post("/sending/stop")
def stop(visit: Manager, form: Sent) -> Response:
    """Nothing is said and nothing leaves until it is started again."""
    return _do(visit, form, lambda change: sending.stop(change, form.words("reason")))


@router.post("/sending/shadow")
def shadow(visit: Manager, form: Sent) -> Response:
    """Everything goes to the office's own mailbox."""
    return _do(visit, form, lambda change: sending.shadow(change, form.words("reason")))


@router.post("/sending/redirect")
def redirect(visit: Manager, form: Sent) -> Response:
    """Everything goes to one address."""
    return _do(visit, form, lambda change: sending.redirect(change, form.words("to"), form.words("reason")))


@router.post("/sending/start")
def start(visit: Manager, form: Sent) -> Response:
    """Messages go to whom they are meant for."""
    return _do(visit, form, lambda change: go_live(change, form.words("reason")))


@router.post("/sending/test")
def test(visit: Manager, form: Sent) -> Response:
    """One test message to the real address of somebody, at once within the office's hours."""
    desk = desk_at(visit.settings, visit.ledger, visit.now)
    try:
        if not desk.hours.is_open(visit.now):
            raise Refusal("errors.outside_hours", slot=f"{desk.hours.next_slot(visit.now):%H:%M %d/%m/%Y}")
        with visit.change() as change:
            to = _recipient(change, form.words("who"))
            message = write_test(change, to, desk.voice)
    except Refusal as refusal:
        return visit.refused("office/sending.html", refusal, **(_context(visit) | {"typed": form.typed()}))
    visit.request.app.state.follower.deliver(message)
    return visit.go(f"/messages/{key(message.id)}", "office.tested")


def _recipient(change: Change, words: str) -> Recipient:
    """Somebody of the office, else the officer of an agency. Raises Refusal for nobody."""
    try:
        row = find_official(change.session, change.office_id, words)
        return Recipient(f"official:{row.id}", row.name, row.role, row.address, None)
    except Refusal as refusal:
        if refusal.code != "errors.no_official":
            raise
    agency = find_agency(change.session, change.office_id, words)
    contact = contacts_of(change.session, [key(agency.id)]).get((key(agency.id), Role.OFFICER))
    if contact is None:
        raise Refusal("errors.no_contact", name=agency.name)
    return Recipient(f"contact:{contact.id}", contact.name, contact.role, contact.address, agency.id)


def _do(visit: Visit, form: Form, deed: Callable[[Change], object]) -> Response:
    try:
        with visit.change() as change:
            deed(change)
    except Refusal as refusal:
        return visit.refused("office/sending.html", refusal, **(_context(visit) | {"typed": form.typed()}))
    visit.follow_office()
    return visit.go("/sending", "office.switched")


@router.post("/sending/channels/{name}/start")
def start_one(visit: Manager, name: str, form: Sent) -> Response:
    """A channel that stood still sends again."""
    return _do(visit, form, lambda change: start_channel(change, name))


@router.post("/sending/channels/{name}/stop")
def stop_one(visit: Manager, name: str, form: Sent) -> Response:
    """One channel stands still; what waits for it goes another way where there is one."""

    def stopped(change: Change) -> None:
        if name not in channel_names(visit.settings) or name in MAIL_CHANNELS:
            raise Refusal("channels.refused.unknown", name=name[:40], known=", ".join(channel_names(visit.settings)))
        stop_channel(change, name, form.words("reason") or say("web_office.channels.by_hand"))

    return _do(visit, form, stopped)


def _context(visit: Visit) -> dict[str, Any]:
    with visit.look() as session:
        row = the_office(session, visit.office_id)
        names = [one.name for one in officials_of(session, visit.office_id)]
        bad = _bad(session, visit.office_id)
    mode = Mode(row.sending)
    diverted = row.redirect_to if mode is Mode.REDIRECTED else ""
    if mode is Mode.SHADOW:
        diverted = visit.settings.office_mailbox or visit.settings.mail_from
    words = say(f"desk.sending.name.{mode}")
    channels = channel_standings(visit.ledger, visit.settings)
    context = {"mode": mode, "words": words, "diverted": diverted, "names": names, "typed": {}, "unheard": row.unheard}
    return context | {"channels": channels, "bad": bad, "mail": MAIL_CHANNELS}


def _bad(session: Session, office_id: int) -> list[Bad]:
    """Every address that takes nothing, the latest first, with whose it is."""
    contacts = {person_of(one): one for one in session.exec(select(Contact))}
    officials = {person_of(one): one for one in officials_of(session, office_id)}
    found = []
    for way in bad_routes(session, office_id)[:MOST_BAD]:
        contact, official = contacts.get(way.person), officials.get(way.person)
        if contact is not None:
            found.append(Bad(way, contact.name, f"/agencies/{contact.agency_id}"))
        elif official is not None:
            found.append(Bad(way, official.name, "/people"))
    return found
