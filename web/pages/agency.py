"""The page of one agency: who is written to, how it stands, its links; and adding one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from config.secret import secret_of
from config.words import say
from domain.agencies import Agency, Contact, new_body, register
from domain.bodies import Body, body_of
from domain.errors import Refusal
from domain.links import Purpose, give_link, revoke, revoke_all
from domain.offices import office_policy
from domain.people import come_back, person_of, replace_contact, take_leave
from domain.policy import AGENCY_ROLES, Role
from domain.store import Change
from domain.written import parse_day
from notifications.addresses import address_of
from notifications.chat_codes import give_code
from notifications.outbox import Message
from notifications.way_addresses import way_names, way_words
from notifications.wording import moment_words, plain_line
from web.visit import Clerk, Form, Manager, Sent, Viewer, Visit
from web.ways import arrange_by_form, try_again, ways_shown

router = APIRouter()
LARGEST_ID = 2**31 - 1
LATEST = 10  #: messages


@router.get("/agencies/new")
def new(visit: Clerk) -> Response:
    """The form of a new agency."""
    return visit.page("office/agency_new.html", typed={})


@router.post("/agencies/new")
def add(visit: Clerk, form: Sent) -> Response:
    """Adds one to the registry."""
    try:
        with visit.change() as change:
            aliases = [one.strip() for one in form.words("aliases").split(";") if one.strip()]
            row = register(change, new_body(form.words("name"), aliases), form.words("email") or None)
    except Refusal as refusal:
        return visit.refused("office/agency_new.html", refusal, typed=form.typed())
    return visit.go(f"/agencies/{row.id}", "office.agency_added")


@router.get("/agencies/{agency_id}")
def agency(visit: Viewer, agency_id: int) -> Response:
    """The page."""
    return visit.page("office/agency.html", **_context(visit, agency_id))


@router.post("/agencies/{agency_id}/contact")
def contact(visit: Clerk, agency_id: int, form: Sent) -> Response:
    """Somebody else is written to."""

    def replaced(change: Change, body: Agency) -> None:
        if form.words("role") not in AGENCY_ROLES:
            raise HTTPException(404)
        replace_contact(change, body, Role(form.words("role")), form.words("name"), form.words("email"))

    return _do(visit, agency_id, form, "contact_set", replaced)


@router.post("/agencies/{agency_id}/leave")
def leave(visit: Clerk, agency_id: int, form: Sent) -> Response:
    """Somebody there is on leave, and another is written to."""

    def away(change: Change, body: Agency) -> None:
        since, until = parse_day(form.words("since")), parse_day(form.words("until"))
        person = person_of(_contact(change, body, form))
        take_leave(change, person, since, until, form.words("name"), form.words("email"))

    return _do(visit, agency_id, form, "leave_taken", away)


@router.post("/agencies/{agency_id}/back")
def back(visit: Clerk, agency_id: int, form: Sent) -> Response:
    """Somebody there is back."""
    return _do(
        visit, agency_id, form, "back", lambda change, body: come_back(change, person_of(_contact(change, body, form)))
    )


@router.post("/agencies/{agency_id}/ways")
def ways(visit: Clerk, agency_id: int, form: Sent) -> Response:
    """By which ways somebody there is reached, or that one of them may be tried again."""

    def arranged(change: Change, body: Agency) -> None:
        whom = _contact(change, body, form)
        if form.has("again"):
            try_again(change, whom, form.words("again"))
        else:
            arrange_by_form(change, visit.settings, whom, form)

    return _do(visit, agency_id, form, "again" if form.has("again") else "saved", arranged, area="ways")


@router.post("/agencies/{agency_id}/code")
def code(visit: Clerk, agency_id: int, form: Sent) -> Response:
    """A one-time code that ties a chat to somebody there, shown this once."""
    try:
        with visit.change() as change:
            whom = _contact(change, _agency(visit, change.session, agency_id), form)
            given, ends = give_code(change, person_of(whom), secret_of(visit.settings))
    except Refusal as refusal:
        return visit.refused("office/agency.html", refusal, **_context(visit, agency_id))
    words = say(
        "channels.code.tell",
        code=f"{given[:4]}-{given[4:]}",
        name=plain_line(whom.name),
        office=plain_line(visit.office.name),
        ends=moment_words(ends),
    )
    return visit.page("office/agency.html", **(_context(visit, agency_id) | {"code": words}))


@router.post("/agencies/{agency_id}/revoke")
def stop(visit: Manager, agency_id: int, form: Sent) -> Response:
    """One link, or all of them, count no more."""

    def revoked(change: Change, body: Agency) -> None:
        number = form.words("link")
        if number == "all":
            revoke_all(change, body, form.words("reason"))
        elif number.isascii() and number.isdecimal() and len(number) < 10:
            revoke(change, int(number), form.words("reason"))
        else:
            raise HTTPException(404)

    return _do(visit, agency_id, form, "revoked", revoked)


@router.post("/agencies/{agency_id}/give")
def give(visit: Manager, agency_id: int, form: Sent) -> Response:
    """A new link or calendar address, shown this once: it stands in no address and is stored nowhere."""
    purpose = Purpose.FEED if form.words("purpose") == Purpose.FEED else Purpose.ANSWER
    days = 0 if purpose is Purpose.FEED else office_policy(visit.office).link_days
    with visit.change() as change:
        body = _agency(visit, change.session, agency_id)
        link = give_link(change, purpose, body, form.words("recipient")[:120] or body.name, "", days)
    context = _context(visit, agency_id) | {"address": address_of(link, visit.settings)}
    return visit.page("office/agency.html", **context)


def _do(
    visit: Visit,
    agency_id: int,
    form: Form,
    word: str,
    deed: Callable[[Change, Agency], object],
    area: str = "office",
) -> Response:
    try:
        with visit.change() as change:
            deed(change, _agency(visit, change.session, agency_id))
    except Refusal as refusal:
        context = _context(visit, agency_id) | {"typed": form.typed()}
        return visit.refused("office/agency.html", refusal, **context)
    return visit.go(f"/agencies/{agency_id}", f"{area}.{word}")


def _agency(visit: Visit, session: Session, agency_id: int) -> Agency:
    row = session.get(Agency, min(max(agency_id, 0), LARGEST_ID))
    if row is None or row.office_id != visit.office_id:
        raise HTTPException(404)
    return row


def _contact(change: Change, body: Agency, form: Form) -> Contact:
    query = select(Contact).where(Contact.agency_id == body.id, Contact.role == form.words("role"))
    row = change.session.exec(query).first()
    if row is None:
        raise Refusal("errors.no_contact", name=body.name)
    return row


def _context(visit: Visit, agency_id: int) -> dict[str, Any]:
    with visit.look() as session:
        found = _agency(visit, session, agency_id)
        whole: Body = body_of(session, visit.office_id, found.id or 0, visit.now, visit.now.date())
        messages = session.exec(
            select(Message)
            .where(Message.agency_id == found.id, Message.office_id == visit.office_id)
            .options(defer(col(Message.text)), defer(col(Message.html)))  # type: ignore[arg-type]
            .order_by(col(Message.id).desc())
            .limit(LATEST)
        ).all()
        reached = ways_shown(session, visit.office_id, [one.contact for one in whole.addressees])
    return {
        "body": whole,
        "messages": messages,
        "typed": {},
        "now": visit.now,
        "address": "",
        "code": "",
        "reached": reached,
        "channels": way_names(visit.settings),
        "way_words": way_words,
    }
