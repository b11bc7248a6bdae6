"""The Official Account's tokens: kept in the ledger, sealed, under a lock that one refresher at a time holds."""

from __future__ import annotations

import base64
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, Engine, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, select

from config.secret import secret_of
from config.settings import Settings
from config.words import say
from domain.columns import UtcDateTime
from domain.store import Ledger, database_errors
from notifications.channels.contract import ChannelError, Fault
from notifications.locks import channel_lock

CONSENT_LIVES = timedelta(days=90)  #: a refresh token that nobody used; "3 months"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Zalo gave us last. The refresh token works once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    given_at: datetime
    expires_at: datetime  #: of the access token

    @property
    def consent_ends(self) -> datetime:
        """When a person must consent again, unless the tokens are refreshed before."""
        return self.given_at + CONSENT_LIVES


class TokenStore(Protocol):
    """Where the tokens are, for every process of the office."""

    def load(self) -> Tokens | None:
        """The tokens as they are now; None before anybody consented. Raises ChannelError when they can't be read."""

    def save(self, tokens: Tokens) -> None:
        """Stores the tokens; they are safe when it returns. Raises Refusal when the store can't."""

    def lock(self) -> AbstractContextManager[None]:
        """Waits until nobody else refreshes."""


class ZaloToken(SQLModel, table=True):
    """One office's tokens, sealed."""

    __tablename__ = "zalo_token"
    __table_args__ = (UniqueConstraint("office_id"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    sealed: str = Field(sa_column=Column(Text, nullable=False))  #: Fernet, under a key made from the office's secret
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class LedgerTokens:
    """The tokens in the ledger. The lock is the kernel's on SQLite, PostgreSQL's there: a dead refresher drops it."""

    def __init__(self, engine: Engine, office_id: int, secret: bytes, locks_folder: Path) -> None:
        self.engine = engine
        self.office_id = office_id
        self.locks_folder = locks_folder
        self._seal = Fernet(_key(secret, office_id))

    def load(self) -> Tokens | None:
        """The tokens as committed. Raises ChannelError when the office's secret is not the one that sealed them."""
        with database_errors(), Session(self.engine.execution_options(looking=True)) as session:
            row = self._row(session)
            return None if row is None else self._opened(row.sealed)

    def save(self, tokens: Tokens) -> None:
        """Commits the tokens."""
        with database_errors(), Session(self.engine) as session, session.begin():
            row = self._row(session) or ZaloToken(office_id=self.office_id, sealed="", changed_at=tokens.given_at)
            row.sealed, row.changed_at = self._sealed(tokens), tokens.given_at
            session.add(row)

    def lock(self) -> AbstractContextManager[None]:
        """Held by one refresher of this office at a time."""
        return channel_lock(self.engine, self.locks_folder, f"zalo-tokens-{self.office_id}")

    def _row(self, session: Session) -> ZaloToken | None:
        return session.exec(select(ZaloToken).where(ZaloToken.office_id == self.office_id)).first()

    def _sealed(self, tokens: Tokens) -> str:
        moments = [tokens.given_at.isoformat(), tokens.expires_at.isoformat()]
        return self._seal.encrypt(json.dumps([tokens.access, tokens.refresh, *moments]).encode()).decode()

    def _opened(self, sealed: str) -> Tokens:
        try:
            plain = self._seal.decrypt(sealed.encode())
        except InvalidToken:
            raise ChannelError(say("zalo.tokens.other_secret"), Fault.ACCOUNT) from None
        access, refresh, given_at, expires_at = json.loads(plain)
        return Tokens(access, refresh, datetime.fromisoformat(given_at), datetime.fromisoformat(expires_at))


def ledger_tokens(ledger: Ledger, settings: Settings) -> LedgerTokens:
    """The tokens of a ledger's office, sealed with the installation's secret."""
    return LedgerTokens(ledger.engine, ledger.office_id, secret_of(settings), settings.locks_folder)


def _key(secret: bytes, office_id: int) -> bytes:
    """A key of its own for this purpose and office (HKDF, RFC 5869)."""
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"dondoc zalo tokens|{office_id}".encode())
    return base64.urlsafe_b64encode(made.derive(secret))
