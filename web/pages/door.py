"""Signing in and out, the language, and one's own account."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from config.clock import wall_clock
from config.settings import Settings
from config.words import LANGUAGES
from domain.accounts import (
    SESSION_LIFE,
    SHORTEST_PASSWORD,
    find_account,
    is_password,
    knows_password,
    set_password,
    sign_in,
    sign_out,
)
from domain.errors import Refusal
from domain.store import Ledger
from web.guard import LANGUAGE_COOKIE, Rates
from web.rendering import page
from web.visit import Sent, SentByAnybody, Viewer, cookie_name, visitor

router = APIRouter()
YEAR = 365 * 24 * 3600  #: seconds


def office_of(request: Request) -> tuple[Settings, Ledger]:
    """The office that is served."""
    return request.app.state.settings, request.app.state.ledger


Office = Annotated[tuple[Settings, Ledger], Depends(office_of)]


def inside(path: str) -> str:
    """A path of ours to go on to; the first page for any other address."""
    parts = urlsplit(path)
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if safe and path.isprintable() else "/"


@router.get("/login", name="login")
def login(request: Request, to: str = "/") -> Response:
    """The door."""
    if visitor(request) is not None:
        return RedirectResponse(inside(to), 303)
    return page(request, "login.html", to=inside(to), username="")


@router.post("/login")
def enter(request: Request, office: Office, form: SentByAnybody) -> Response:
    """Checks name and password; a wrong one costs time, and locks the account after some."""
    settings, ledger = office
    to, username = inside(form.words("to")), form.words("username")
    rates: Rates = request.app.state.rates
    if rates.spent("door", request):
        return page(request, "login.html", status=429, to=to, username=username, refusal=Refusal("web.login.too_often"))
    with ledger.look() as session:
        right = knows_password(session, ledger.office_id, username, str(form.data.get("password", "")))
    with ledger.change(now=wall_clock(), actor=username[:40] or "-") as change:
        token = sign_in(change, username, right=right)
    if token is None:
        rates.allows("door", request)
        return page(request, "login.html", status=401, to=to, username=username, refusal=Refusal("web.login.wrong"))
    answer = RedirectResponse(to, 303)
    answer.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.base_url.startswith("https://"),
    )
    return answer


@router.post("/logout")
def leave(visit: Viewer, form: Sent) -> Response:
    """Ends the session, here and in the ledger."""
    with visit.change() as change:
        sign_out(change, visit.who.digest)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie_name(visit.settings))
    return answer


@router.post("/language")
def language(form: SentByAnybody) -> Response:
    """Speaks another language to this browser from now on."""
    answer = RedirectResponse(inside(form.words("back")), 303)
    if form.words("language") in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, form.words("language"), max_age=YEAR, httponly=True, samesite="lax")
    return answer


@router.get("/account")
def account(visit: Viewer) -> Response:
    """One's own account."""
    return visit.page("account.html", least=SHORTEST_PASSWORD)


@router.post("/account")
def change_password(visit: Viewer, form: Sent) -> Response:
    """Another password; every session of the account ends."""
    old, new, again = (str(form.data.get(name, "")) for name in ("old", "new", "again"))
    try:
        if new != again:
            raise Refusal("web.account.differ")
        with visit.change() as change:
            row = find_account(change.session, visit.office_id, visit.account.username)
            if not is_password(row, old):
                raise Refusal("web.account.wrong_old")
            set_password(change, row, new)
    except Refusal as refusal:
        return visit.refused("account.html", refusal, least=SHORTEST_PASSWORD)
    return RedirectResponse("/login?done=password", 303)
