"""The accounts: who may sign in, and as what."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from domain import accounts
from domain.accounts import Account, Rank
from domain.errors import Refusal
from domain.store import Change
from web.visit import Admin, Form, Sent, Visit

router = APIRouter()
MADE_BYTES = 12  #: of a password that is made up


@router.get("/users")
def users(visit: Admin) -> Response:
    """Every account."""
    return visit.page("office/users.html", **_context(visit))


@router.post("/users")
def add(visit: Admin, form: Sent) -> Response:
    """Adds one; its password is made up and shown this once."""
    password = secrets.token_urlsafe(MADE_BYTES)

    def added(change: Change) -> Account:
        name, email = form.words("name"), form.words("email")
        return accounts.add_account(change, form.words("username"), name, _rank(form), password, email)

    return _made(visit, form, password, added)


@router.post("/users/{username}/password")
def password(visit: Admin, username: str, form: Sent) -> Response:
    """Another password, made up and shown this once."""
    made = secrets.token_urlsafe(MADE_BYTES)

    def given(change: Change) -> Account:
        row = accounts.find_account(change.session, change.office_id, username)
        accounts.set_password(change, row, made)
        return row

    return _made(visit, form, made, given)


@router.post("/users/{username}/change")
def change(visit: Admin, username: str, form: Sent) -> Response:
    """Another rank, name or address."""

    def changed(one: Change) -> None:
        row = accounts.find_account(one.session, one.office_id, username)
        if row.rank != _rank(form):
            accounts.set_rank(one, row, _rank(form))
        accounts.describe(one, row, form.words("name"), form.words("email"))

    return _do(visit, form, "account_changed", changed)


@router.post("/users/{username}/disable")
def disable(visit: Admin, username: str, form: Sent) -> Response:
    """Shuts an account."""
    return _do(visit, form, "account_disabled", lambda one: accounts.disable(one, _find(one, username)))


@router.post("/users/{username}/enable")
def enable(visit: Admin, username: str, form: Sent) -> Response:
    """Opens an account again."""
    return _do(visit, form, "account_enabled", lambda one: accounts.enable(one, _find(one, username)))


def _find(change: Change, username: str) -> Account:
    return accounts.find_account(change.session, change.office_id, username)


def _rank(form: Form) -> Rank:
    words = form.words("rank")
    if words not in list(Rank):
        raise Refusal("accounts.refused.rank", rank=words[:40], known=", ".join(Rank))
    return Rank(words)


def _made(visit: Visit, form: Form, password: str, deed: Callable[[Change], Account]) -> Response:
    try:
        with visit.change() as change:
            row = deed(change)
    except Refusal as refusal:
        return visit.refused("office/users.html", refusal, **(_context(visit) | {"typed": form.typed()}))
    return visit.page("office/users.html", **(_context(visit) | {"made": row.username, "password": password}))


def _do(visit: Visit, form: Form, word: str, deed: Callable[[Change], None]) -> Response:
    try:
        with visit.change() as change:
            deed(change)
    except Refusal as refusal:
        return visit.refused("office/users.html", refusal, **_context(visit))
    return visit.go("/users", f"office.{word}")


def _context(visit: Visit) -> dict[str, Any]:
    with visit.look() as session:
        rows = accounts.accounts_of(session, visit.office_id)
    return {"accounts": rows, "ranks": list(Rank), "typed": {}, "made": "", "password": ""}
