"""Calendar feeds: read by calendar programs through a revocable address, given and revoked by a manager."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from config.secret import secret_of
from domain.errors import Refusal
from domain.links import Purpose, give_link, links_of, open_link, revoke
from domain.offices import the_office
from notifications.addresses import address_of
from notifications.feeds import calendar_of
from web.guard import Rates
from web.visit import Manager, Sent, Visit, now_of

router = APIRouter()


@router.get("/feeds/{token}.ics")
def feed(request: Request, token: str) -> Response:
    """The calendar behind an address; nothing at all behind a wrong or revoked one."""
    rates: Rates = request.app.state.rates
    if rates.spent("stranger", request):
        raise HTTPException(429)
    settings, ledger = request.app.state.settings, request.app.state.ledger
    with ledger.look() as session:
        now = now_of(the_office(session, ledger.office_id))
        try:
            opened = open_link(session, ledger.office_id, secret_of(settings), token, Purpose.FEED, now)
        except Refusal:
            rates.allows("stranger", request)
            raise HTTPException(404) from None
        if not rates.allows("link", request, f"link:{opened.link.id}"):
            raise HTTPException(429)
        contents = calendar_of(session, settings, opened.link)
    return Response(contents, media_type="text/calendar; charset=utf-8", headers={"cache-control": "private"})


@router.get("/feeds")
def feeds(visit: Manager) -> Response:
    """The office's own calendars."""
    return _page(visit)


@router.post("/feeds")
def give(visit: Manager, form: Sent) -> Response:
    """A new address, shown this once."""
    with visit.change() as change:
        link = give_link(change, Purpose.FEED, None, form.words("recipient")[:120] or visit.office.name, "", 0)
    return _page(visit, address_of(link, visit.settings))


@router.post("/feeds/revoke")
def stop(visit: Manager, form: Sent) -> Response:
    """An address counts no more."""
    number = form.words("link")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise HTTPException(404)
    with visit.change() as change:
        revoke(change, int(number))
    return visit.go("/feeds", "office.revoked")


def _page(visit: Visit, address: str = "") -> Response:
    with visit.look() as session:
        links = links_of(session, visit.office_id, None, [Purpose.FEED])
    return visit.page("office/feeds.html", links=links, address=address)
