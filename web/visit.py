"""One request of somebody who signed in: who it is, as of when, and how a page is answered."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pendulum import DateTime
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from config.clock import wall_clock
from config.secret import secret_of
from config.settings import Settings
from domain.accounts import Account, Rank, SignedIn, signed_in
from domain.conclusions import Conclusion
from domain.errors import Refusal
from domain.instants import local
from domain.offices import Office
from domain.store import Change, Ledger
from web.rendering import page

COOKIE = "dondoc_session"
SECURE_COOKIE = "__Host-dondoc_session"  #: where the pages are reached by https: no other host can set it
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf"


class NotSignedIn(Exception):
    """The page wants an account; the visitor is sent to the door."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who signed in."""

    request: Request
    settings: Settings
    ledger: Ledger
    who: SignedIn

    @property
    def account(self) -> Account:
        """Whose browser it is."""
        return self.who.account

    @property
    def office(self) -> Office:
        """The office's row as it was when the request came."""
        return self.who.office

    @property
    def office_id(self) -> int:
        """The office's id."""
        return self.ledger.office_id

    @property
    def rank(self) -> Rank:
        """What the visitor may do."""
        return self.who.rank

    @property
    def now(self) -> DateTime:
        """The moment the page speaks of, Asia/Ho_Chi_Minh: this instant, or as far as a simulated office has come."""
        return now_of(self.office)

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A session that only looks."""
        with self.ledger.look() as session:
            yield session

    @contextmanager
    def change(self) -> Iterator[Change]:
        """A change in the visitor's name and on the visitor's side."""
        with self.ledger.change(now=self.now, actor=self.account.username, by=self.rank.side) as change:
            yield change

    def follow(self, *conclusions: Conclusion) -> None:
        """Has Prefect told that a conclusion's plan has changed; the page does not wait for it."""
        self.request.app.state.follower.follow(conclusions)

    def follow_office(self) -> None:
        """Has Prefect told that the whole office was planned again."""
        self.request.app.state.follower.follow_office()

    @property
    def csrf(self) -> str:
        """What a form must send back: made from the session, so that no other site can know it."""
        return csrf_of(self.settings, self.who.digest)

    def page(self, template: str, /, *, status: int = 200, **context: Any) -> Response:
        """A page of the office, from a template and what it shows."""
        return page(self.request, template, status=status, visit=self, **context)

    def refused(self, template: str, refusal: Refusal, /, **context: Any) -> Response:
        """The form again, with what is wrong; nothing was stored. The form shows `refusal` and keeps what was typed."""
        return page(self.request, template, status=422, visit=self, refusal=refusal, **context)

    def go(self, path: str, done: str = "") -> Response:
        """On to another page, after something was done; `done` is what it opens with: "work.verified" is
        the phrase web_work.done.verified."""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{mark}done={done}" if done else path, 303)


def now_of(office: Office) -> DateTime:
    """The moment an office's pages speak of."""
    if office.simulated and office.simulated_at is not None:
        return local(office.simulated_at)
    return wall_clock()


def csrf_of(settings: Settings, digest: str) -> str:
    """The form token of a session."""
    return hmac.new(secret_of(settings), f"dondoc form|{digest}".encode(), hashlib.sha256).hexdigest()


def cookie_name(settings: Settings) -> str:
    """The session's cookie; over https no other host can set it."""
    return SECURE_COOKIE if settings.base_url.startswith("https://") else COOKIE


def visitor(request: Request) -> Visit | None:
    """Who visits, by the session's cookie; None for a stranger. Changes nothing."""
    settings, ledger = request.app.state.settings, request.app.state.ledger
    token = request.cookies.get(cookie_name(settings), "")
    if not token:
        return None
    with ledger.look() as session:
        who = signed_in(session, token, wall_clock())
    return Visit(request, settings, ledger, who) if who and who.office.id == ledger.office_id else None


def at_least(rank: Rank) -> Callable[[Request], Visit]:
    """A dependency: somebody who signed in with that rank or more. Raises NotSignedIn, or 403."""

    def checked(request: Request) -> Visit:
        visit = visitor(request)
        if visit is None:
            raise NotSignedIn
        if not visit.rank.reaches(rank):
            raise HTTPException(403)
        return visit

    return checked


Viewer = Annotated[Visit, Depends(at_least(Rank.VIEWER))]
Clerk = Annotated[Visit, Depends(at_least(Rank.CLERK))]
Manager = Annotated[Visit, Depends(at_least(Rank.MANAGER))]
Admin = Annotated[Visit, Depends(at_least(Rank.ADMIN))]


@dataclass(frozen=True, slots=True)
class Form:
    """What a form sent: words and files."""

    data: FormData

    def words(self, name: str) -> str:
        """One field's words, without blanks around them; empty where it was not sent."""
        value = self.data.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        """Every value of a field that can be chosen several times."""
        return [value.strip() for value in self.data.getlist(name) if isinstance(value, str) and value.strip()]

    def has(self, name: str) -> bool:
        """Whether a box was ticked."""
        return name in self.data

    def files(self, name: str) -> list[UploadFile]:
        """The files of a field, those that were really chosen."""
        return [one for one in self.data.getlist(name) if isinstance(one, UploadFile) and one.filename]

    def typed(self) -> dict[str, str]:
        """Every field's words, to be shown again."""
        return {name: value for name, value in self.data.items() if isinstance(value, str)}


async def any_form(request: Request) -> AsyncIterator[Form]:
    """The form of a page that has no session: the door, an agency's page. Its files are gone after the answer."""
    async with request.form(max_files=20, max_fields=2000) as data:
        yield Form(data)


async def own_form(request: Request, form: Annotated[Form, Depends(any_form)]) -> Form:
    """The form of somebody who signed in. Raises 403 where it was not sent from a page of ours."""
    visit = visitor(request)
    if visit is None:
        raise NotSignedIn
    sent = request.headers.get(CSRF_HEADER) or form.words(CSRF_FIELD)
    if not hmac.compare_digest(sent.encode(), visit.csrf.encode()):
        raise HTTPException(403)
    return form


Sent = Annotated[Form, Depends(own_form)]
SentByAnybody = Annotated[Form, Depends(any_form)]
