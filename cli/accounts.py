"""Accounts of the web pages: the first administrator is made here."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer
from rich.table import Table

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from config.words import say
from domain import accounts
from domain.accounts import Rank
from domain.errors import Refusal
from domain.instants import iso

app = typer.Typer()
user_app = typer.Typer(help=say("accounts.help"), no_args_is_help=True)
app.add_typer(user_app, name="user")

Username = Annotated[str, typer.Argument(help=say("accounts.option.username"))]
GENERATED_BYTES = 12


def _rank(words: str) -> Rank:
    try:
        return Rank(words)
    except ValueError:
        raise Refusal("accounts.refused.rank", rank=words, known=", ".join(Rank)) from None


@user_app.command("add", help=say("accounts.add.help"))
def add(
    username: Username,
    rank: Annotated[str, typer.Option(help=say("accounts.option.rank"))] = "",
    name: Annotated[str, typer.Option(help=say("accounts.option.name"))] = "",
    email: Annotated[str, typer.Option(help=say("accounts.option.email"))] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help=say("accounts.option.stdin"))] = False,
) -> None:
    """Adds an account; the first one keeps the others."""
    _, ledger = office()
    password, made = _password(password_stdin)
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        first = not accounts.accounts_of(change.session, ledger.office_id)
        wished = _rank(rank) if rank else Rank.ADMIN if first else Rank.VIEWER
        row = accounts.add_account(change, username, name, wished, password, email)
    console().print(say("accounts.add.line", name=row.username, rank=say(f"web.rank.{row.rank}")), markup=False)
    _tell(password if made else "")


@user_app.command("list", help=say("accounts.list.help"))
def list_(as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False) -> None:
    """Every account."""
    _, ledger = office()
    with ledger.look() as session:
        rows = accounts.accounts_of(session, ledger.office_id)
    if as_json:
        print_json(
            [
                {
                    "username": one.username,
                    "name": one.name,
                    "rank": one.rank,
                    "email": one.address,
                    "disabled_at": iso(one.disabled_at),
                }
                for one in rows
            ]
        )
        return
    table = Table(*(say(f"accounts.column.{column}") for column in ("username", "name", "rank", "email", "state")))
    for one in rows:
        state = say("accounts.state.disabled" if one.disabled_at else "accounts.state.open")
        table.add_row(one.username, one.name, say(f"web.rank.{one.rank}"), one.address, state)
    console().print(table)


@user_app.command("password", help=say("accounts.password.help"))
def password_(
    username: Username,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help=say("accounts.option.stdin"))] = False,
) -> None:
    """Gives an account another password."""
    _, ledger = office()
    password, made = _password(password_stdin)
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        accounts.set_password(change, accounts.find_account(change.session, ledger.office_id, username), password)
    console().print(say("accounts.password.line", name=username), markup=False)
    _tell(password if made else "")


@user_app.command("rank", help=say("accounts.rank.help"))
def rank_(username: Username, rank: Annotated[str, typer.Argument(help=say("accounts.option.rank"))]) -> None:
    """Gives an account another rank."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        row = accounts.find_account(change.session, ledger.office_id, username)
        accounts.set_rank(change, row, _rank(rank))
    console().print(say("accounts.rank.line", name=row.username, rank=say(f"web.rank.{row.rank}")), markup=False)


@user_app.command("disable", help=say("accounts.disable.help"))
def disable(username: Username) -> None:
    """Shuts an account."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        accounts.disable(change, accounts.find_account(change.session, ledger.office_id, username))
    console().print(say("accounts.disable.line", name=username), markup=False)


@user_app.command("enable", help=say("accounts.enable.help"))
def enable(username: Username) -> None:
    """Opens an account again."""
    _, ledger = office()
    with ledger.change(now=as_of(ledger, None), actor=actor()) as change:
        accounts.enable(change, accounts.find_account(change.session, ledger.office_id, username))
    console().print(say("accounts.enable.line", name=username), markup=False)


def _password(from_stdin: bool) -> tuple[str, bool]:
    """The password: the first line of standard input, typed at the terminal, or made up where neither is there."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        words = typer.prompt(say("accounts.ask"), hide_input=True, default="", show_default=False)
        if words:
            return str(words), False
    return secrets.token_urlsafe(GENERATED_BYTES), True


def _tell(password: str) -> None:
    if password:
        console().print(say("accounts.made", password=password), markup=False)
