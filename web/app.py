"""The web application: its parts put together, and what it says when something is wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from config.settings import Settings
from config.words import say
from domain.errors import Refusal
from domain.store import Ledger
from web.answering import Closed, closed
from web.assets import assets
from web.follower import Follower
from web.guard import Guard, Rates
from web.pages import (
    agency,
    answer,
    attachments,
    audit,
    calendar,
    compilations,
    conclusion,
    dashboard,
    directive,
    door,
    feeds,
    filing,
    inbox,
    lists,
    messages,
    mine,
    obligation,
    papers,
    people,
    policy,
    regulations,
    reviews,
    rounds,
    sending,
    sheet,
    submission,
    users,
    zalo,
)
from web.rendering import page
from web.visit import NotSignedIn, visitor

PAGES = (
    door,
    submission,
    answer,
    filing,
    lists,
    directive,
    mine,
    dashboard,
    sheet,
    rounds,
    obligation,
    conclusion,
    messages,
    inbox,
    attachments,
    papers,
    agency,
    people,
    calendar,
    policy,
    sending,
    users,
    audit,
    feeds,
    zalo,
    regulations,
    reviews,
    compilations,
)
KNOWN_ERRORS = (403, 404, 405, 413, 429, 500)
log = logging.getLogger("dondoc.web")


def create_app(settings: Settings, ledger: Ledger) -> FastAPI:
    """The application of one office."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.settings, app.state.ledger = settings, ledger
    app.state.follower, app.state.rates = Follower(settings, ledger), Rates()
    for module in PAGES:
        app.include_router(module.router)
    app.add_api_route("/static/{name}", static, methods=["GET"])
    app.add_api_route("/health", health, methods=["GET"])
    app.add_exception_handler(NotSignedIn, _to_the_door)
    app.add_exception_handler(Closed, closed)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _wrong)
    app.add_exception_handler(RequestValidationError, _not_there)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(Guard, https=settings.base_url.startswith("https://"))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.follower.close()


def static(name: str, request: Request) -> Response:
    """A style sheet or script; browsers keep it for ever."""
    found = assets().all.get(name)
    if found is None:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.kind, headers=headers | {"content-encoding": "gzip"})
    return Response(found.plain, media_type=found.kind, headers=headers)


def health() -> dict[str, str]:
    """That it answers."""
    return {"status": "ok"}


def _to_the_door(request: Request, _error: Exception) -> Response:
    """A stranger is asked to sign in, and comes back to where they wanted to go."""
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"hx-redirect": "/login"})
    wanted = request.url.path if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return RedirectResponse(f"/login?{urlencode({'to': wanted + query})}", 303)


def _refused(request: Request, error: Exception) -> Response:
    """What could not be done, in one line; nothing was stored."""
    return page(request, "refused.html", status=422, visit=visitor(request), refusal=error)


def _wrong(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 400:  # a form with too many files or fields
        status = 413
    return _page_of(request, status if status in KNOWN_ERRORS else 404)


def _not_there(request: Request, _error: Exception) -> Response:
    """An address that cannot be read is an address of nothing."""
    return _page_of(request, 404)


def _broken(request: Request, error: Exception) -> Response:
    """Ours to mend: the log has the traceback, the visitor has not."""
    log.error("unexpected", exc_info=error, extra={"path": _path_without_token(request.url.path)})
    return _page_of(request, 500)


def _path_without_token(path: str) -> str:
    """A path for the log: whoever reads the log may not answer for an agency."""
    head, _, rest = path.removeprefix("/").partition("/")
    return f"/{head}/…" if head in ("a", "feeds") and rest else path


def _page_of(request: Request, status: int) -> Response:
    words = {"title": say(f"web.error.{status}.title"), "text": say(f"web.error.{status}.text")}
    return page(request, "error.html", status=status, visit=None, **words)
