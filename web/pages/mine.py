"""My work: what one owner looks after, what waits for a decision first."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from config.words import say
from domain.listing.owned import mine, owner_called, owners
from domain.people import officials_of
from web.pages.list_asking import address_of, asked_in
from web.visit import Viewer

router = APIRouter()


@router.get("/mine")
def my_work(visit: Viewer) -> Response:
    """The work of the owner whose address the account has, or of another one who is asked for."""
    wanted = asked_in(visit.request.query_params).owner
    with visit.look() as session:
        people = officials_of(session, visit.office_id)
        everybody = owners(session, people)
        own = owner_called(everybody, visit.account.address)
        owner = own if wanted is None else next((one for one in people if one.id == wanted), None)
        if wanted is not None and owner is None:
            raise HTTPException(404)
        found = mine(session, visit.office_id, visit.now, people, owner) if owner else None
    named = {one.id: one.name for one in (*everybody, *([owner] if owner else []))}
    options = [
        *([] if own else [("", say("web_lists.mine.choose"))]),
        *((str(id_), name) for id_, name in named.items()),
    ]
    return visit.page("mine.html", owner=owner, own=own, options=options, mine=found, address_of=address_of)
