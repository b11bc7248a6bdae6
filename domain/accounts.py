"""Accounts of the people of the office: who may sign in, as what, and the sessions that are open.

All moments here are of the wall clock: a simulated office lives in another time, the people who sign in do not.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, delete, select

from domain.actors import By
from domain.agencies import is_mail_address
from domain.columns import UtcDateTime
from domain.errors import Refusal
from domain.keys import key
from domain.names import fold
from domain.offices import Office
from domain.store import Change

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200  #: characters (NIST SP 800-63B: length, not composition)
SESSION_LIFE = timedelta(hours=12)
FREE_FAILURES = 5  #: wrong passwords before an account is locked for a while
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)


class Rank(StrEnum):
    """What an account may do; each may do all that those before it may."""

    VIEWER = "viewer"  #: looks
    CLERK = "clerk"  #: files notices, takes down what agencies say, keeps agencies and contacts
    MANAGER = "manager"  #: decides: verifies, extends, holds, approves, calendar, policy, the switch
    ADMIN = "admin"  #: keeps the accounts

    def reaches(self, other: Rank) -> bool:
        """Whether this rank may do what `other` may."""
        order = list(Rank)
        return order.index(self) >= order.index(other)

    @property
    def side(self) -> By:
        """On whose side the domain sees it."""
        return By.MANAGER if self.reaches(Rank.MANAGER) else By.CLERK


class Account(SQLModel, table=True):
    """Somebody who may sign in."""

    __table_args__ = (UniqueConstraint("office_id", "username"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    username: str  #: small letters, digits, dot, dash
    name: str  #: as a person would say
    address: str = ""  #: ties the account to what somebody owns: the address of an official
    rank: str
    password_hash: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    disabled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    failures: int = 0  #: wrong passwords since the last right one
    locked_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class WebSession(SQLModel, table=True):
    """A browser that signed in. The cookie's token is stored nowhere: only its digest is."""

    __tablename__ = "web_session"

    digest: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose browser it is."""

    account: Account
    office: Office
    digest: str

    @property
    def rank(self) -> Rank:
        """What it may do."""
        return Rank(self.account.rank)


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the library's own parameters (RFC 9106, low memory)."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that is checked where there is no account, so that nobody learns from the time which names exist."""
    return _hasher().hash(secrets.token_hex(16))


def add_account(change: Change, username: str, name: str, rank: Rank, password: str, address: str = "") -> Account:
    """Adds an account. Raises Refusal for a name that is none or is taken, a weak password, an address that is none."""
    called = _username(username)
    if _find(change.session, change.office_id, called) is not None:
        raise Refusal("accounts.refused.taken", name=called)
    row = Account(
        office_id=change.office_id,
        username=called,
        name=" ".join(name.split())[:200] or called,
        address=_address(address),
        rank=rank,
        password_hash=_hasher().hash(checked_password(password, called)),
        created_at=change.recorded_at,
    )
    change.session.add(row)
    change.session.flush()
    change.record("account.added", f"account:{row.id}", username=called, rank=rank)
    return row


def set_password(change: Change, account: Account, password: str) -> None:
    """Gives an account another password; its sessions end and its lock is opened. Raises Refusal for a weak one."""
    account.password_hash = _hasher().hash(checked_password(password, account.username))
    account.failures, account.locked_until = 0, None
    change.session.add(account)
    end_sessions(change.session, account)
    change.record("account.password_set", f"account:{account.id}", username=account.username)


def set_rank(change: Change, account: Account, rank: Rank) -> None:
    """Gives an account another rank. Raises Refusal where nobody would be left to keep the accounts."""
    _keep_an_admin(change.session, account, stays=rank is Rank.ADMIN)
    before, account.rank = account.rank, rank
    change.session.add(account)
    change.record("account.rank_set", f"account:{account.id}", username=account.username, before=before, rank=rank)


def describe(change: Change, account: Account, name: str, address: str) -> None:
    """Another name or address. Raises Refusal for an address that is none."""
    account.name, account.address = " ".join(name.split())[:200] or account.username, _address(address)
    change.session.add(account)
    change.record("account.described", f"account:{account.id}", username=account.username)


def disable(change: Change, account: Account) -> None:
    """Shuts an account; its sessions end at once. Raises Refusal where nobody would be left to keep the accounts."""
    _keep_an_admin(change.session, account, stays=False)
    account.disabled_at = change.recorded_at
    change.session.add(account)
    end_sessions(change.session, account)
    change.record("account.disabled", f"account:{account.id}", username=account.username)


def enable(change: Change, account: Account) -> None:
    """Opens an account that was shut or locked."""
    account.disabled_at = account.locked_until = None
    account.failures = 0
    change.session.add(account)
    change.record("account.enabled", f"account:{account.id}", username=account.username)


def knows_password(session: Session, office_id: int, username: str, password: str) -> bool:
    """Whether it is that account's password; an unknown name takes as long. Slow by design: hold no lock meanwhile."""
    account = _find(session, office_id, fold_username(username))
    return _is_right(account.password_hash if account else _nobody(), password)


def sign_in(change: Change, username: str, *, right: bool) -> str | None:
    """The token of a new session; None for a wrong name or password, and while the account is locked or shut.

    `right`: what `knows_password` said. Every wrong password counts; from the fifth on the account is locked, for twice
    as long each time. The caller commits in either case.
    """
    now = change.recorded_at
    account = _find(change.session, change.office_id, fold_username(username))
    if account is None or account.disabled_at is not None or (account.locked_until and account.locked_until > now):
        return None
    change.session.add(account)
    if not right:
        _count_failure(change, account)
        return None
    account.failures, account.locked_until = 0, None
    _forget_old(change.session, now)
    token = secrets.token_urlsafe(32)
    row = WebSession(digest=digest_of(token), account_id=key(account.id), created_at=now, expires_at=now + SESSION_LIFE)
    change.session.add(row)
    change.record("account.signed_in", f"account:{account.id}", username=account.username)
    return token


def _count_failure(change: Change, account: Account) -> None:
    account.failures += 1
    if account.failures < FREE_FAILURES:
        return
    wait = min(FIRST_LOCK * 2 ** min(account.failures - FREE_FAILURES, 10), LONGEST_LOCK)
    account.locked_until = change.recorded_at + wait
    change.record("account.locked", f"account:{account.id}", username=account.username, failures=account.failures)


def sign_out(change: Change, digest: str) -> None:
    """Ends one session."""
    row = change.session.get(WebSession, digest)
    if row is not None:
        change.session.delete(row)
        change.record("account.signed_out", f"account:{row.account_id}")


def signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Whose session a cookie's token opens; None for one that is unknown, ended or shut. Changes nothing."""
    query = (
        select(Account, Office, WebSession)
        .join(WebSession, col(WebSession.account_id) == col(Account.id))
        .join(Office, col(Office.id) == col(Account.office_id))
        .where(WebSession.digest == digest_of(token), WebSession.expires_at > now, col(Account.disabled_at).is_(None))
    )
    row = session.exec(query).first()
    return SignedIn(row[0], row[1], row[2].digest) if row else None


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def end_sessions(session: Session, account: Account) -> None:
    """Ends every session of an account."""
    session.exec(delete(WebSession).where(col(WebSession.account_id) == account.id))


def _forget_old(session: Session, now: datetime) -> None:
    session.exec(delete(WebSession).where(col(WebSession.expires_at) <= now))


def accounts_of(session: Session, office_id: int) -> list[Account]:
    """Every account, in the order of their names."""
    return list(session.exec(select(Account).where(Account.office_id == office_id).order_by(col(Account.username))))


def find_account(session: Session, office_id: int, username: str) -> Account:
    """The account of a name. Raises Refusal for none."""
    found = _find(session, office_id, fold_username(username))
    if found is None:
        raise Refusal("accounts.refused.unknown", name=username)
    return found


def _find(session: Session, office_id: int, username: str) -> Account | None:
    return session.exec(select(Account).where(Account.office_id == office_id, Account.username == username)).first()


def fold_username(words: str) -> str:
    """A name as it is kept."""
    return words.strip().casefold()


def checked_password(password: str, username: str) -> str:
    """The password, if it is long enough and not the name. Raises Refusal."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refusal("accounts.refused.short_password", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    if fold(username) in fold(password) and len(password) < len(username) + SHORTEST_PASSWORD // 2:
        raise Refusal("accounts.refused.guessable")
    if len(set(password)) < SHORTEST_PASSWORD // 3:
        raise Refusal("accounts.refused.guessable")
    return password


def is_password(account: Account, password: str) -> bool:
    """Whether it is the account's password."""
    return _is_right(account.password_hash, password)


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def _username(words: str) -> str:
    called = fold_username(words)
    if not NAME.fullmatch(called):
        raise Refusal("accounts.refused.bad_name", name=words[:40])
    return called


def _address(words: str) -> str:
    address = words.strip()
    if address and not is_mail_address(address):
        raise Refusal("errors.bad_address", address=address)
    return address


def _keep_an_admin(session: Session, account: Account, *, stays: bool) -> None:
    if stays or account.rank != Rank.ADMIN or account.disabled_at is not None:
        return
    others = select(Account.id).where(
        Account.office_id == account.office_id,
        Account.rank == Rank.ADMIN,
        col(Account.disabled_at).is_(None),
        Account.id != account.id,
    )
    if session.exec(others.limit(1)).first() is None:
        raise Refusal("accounts.refused.last_admin")
