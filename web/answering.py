"""One request by an agency's signed link: whose it is, as of when, and how it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pendulum import DateTime

from config.secret import secret_of
from config.settings import Settings
from domain.actors import By
from domain.agencies import Agency
from domain.errors import Refusal
from domain.keys import key
from domain.links import EXPIRED, Link, Purpose, open_link
from domain.offices import Office, the_office
from domain.store import Change, Ledger
from notifications.receipts import addressee
from web.guard import Rates
from web.rendering import page
from web.visit import now_of


class Closed(Exception):
    """The link opens nothing: it is not right, was revoked, or has expired."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Caller:
    """A request by a link that counts."""

    request: Request
    settings: Settings
    ledger: Ledger
    office: Office
    link: Link
    agency: Agency
    token: str

    @property
    def now(self) -> DateTime:
        """The moment the page speaks of."""
        return now_of(self.office)

    @property
    def base(self) -> str:
        """Where the agency's pages begin."""
        return f"/a/{self.token}"

    @property
    def agency_id(self) -> int:
        """The agency's id."""
        return key(self.agency.id)

    def writes_to(self) -> str:
        """The address that receipts go to; empty where the agency has none."""
        with self.ledger.look() as session:
            contact = addressee(session, self.link, self.agency)
        return contact.address if contact else ""

    @contextmanager
    def change(self) -> Iterator[Change]:
        """A change on the agency's side, which remembers by which link it came."""
        with self.ledger.change(now=self.now, actor=self.agency.name, by=By.AGENCY, link_id=self.link.id) as change:
            yield change

    def page(self, template: str, /, *, status: int = 200, **context: Any) -> Response:
        """A page of the agency."""
        return page(self.request, f"answer/{template}", status=status, caller=self, **context)

    def go(self, path: str = "", done: str = "") -> Response:
        """On to another of the agency's pages."""
        return RedirectResponse(f"{self.base}{path}" + (f"?done={done}" if done else ""), 303)


def caller(request: Request, token: str) -> Caller:
    """Whose link it is. Raises Closed for one that opens nothing, 429 for whoever tries too often."""
    return _caller(request, token, "link")


def answering(request: Request, token: str) -> Caller:
    """The same for a form that is sent: one link may answer only so often."""
    return _caller(request, token, "answer")


def expired(request: Request, token: str) -> Caller:
    """Whose link it was, where it has expired and nothing else is wrong with it; it may ask now and then."""
    return _caller(request, token, "renew", even_expired=True)


def _caller(request: Request, token: str, rate: str, *, even_expired: bool = False) -> Caller:
    rates: Rates = request.app.state.rates
    if rates.spent("stranger", request):
        raise HTTPException(429)
    settings, ledger = request.app.state.settings, request.app.state.ledger
    with ledger.look() as session:
        office = the_office(session, ledger.office_id)
        now = None if even_expired else now_of(office)
        try:
            opened = open_link(session, ledger.office_id, secret_of(settings), token, Purpose.ANSWER, now)
        except Refusal as refusal:
            rates.allows("stranger", request)
            raise Closed(refusal) from None
    if not rates.allows(rate, request, f"link:{opened.link.id}"):
        raise HTTPException(429)
    if opened.agency is None:
        raise Closed(Refusal("links.refused.unknown"))
    return Caller(request, settings, ledger, office, opened.link, opened.agency, token)


ByLink = Annotated[Caller, Depends(caller)]
AnsweringByLink = Annotated[Caller, Depends(answering)]
ExpiredLink = Annotated[Caller, Depends(expired)]


def closed_page(request: Request, refusal: Refusal, status: int = 404) -> Response:
    """What a link that opens nothing says; where it has only expired, a new one can be asked for."""
    renewable = refusal.code == EXPIRED
    token = request.path_params.get("token", "") if renewable else ""
    return page(request, "answer/closed.html", status=410 if renewable else status, refusal=refusal, token=token)


def closed(request: Request, error: Exception) -> Response:
    """The application's answer to Closed."""
    assert isinstance(error, Closed)
    return closed_page(request, error.refusal)
