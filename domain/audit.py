"""The audit trail: append-only, one chain an office.

An entry's digest covers the digest of the entry before it and a salted digest of its own payload, so that a payload can
be purged (personal data) without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Column, UniqueConstraint
from sqlalchemy.types import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from domain.columns import UtcDateTime

GENESIS = "0" * 64  #: what stands before the first entry


class AuditEntry(SQLModel, table=True):
    """One act, as it was recorded."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("office_id", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    seq: int  #: 1, 2, 3, …: a gap is a loss
    actor: str
    verb: str
    subject: str
    effective_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    payload: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    salt: str | None = None  #: purged together with the payload, so that a purged payload cannot be guessed
    payload_digest: str
    digest: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that changed, before it has its place in the chain."""

    verb: str
    subject: str
    payload: dict[str, object]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who acted, as of when, and when that was written down."""

    office_id: int
    actor: str
    effective_at: datetime
    recorded_at: datetime


def append(session: Session, acts: Iterable[Act], stamp: Stamp) -> None:
    """Adds the acts to the chain's end. The caller holds the writers' lock and commits next."""
    last = session.exec(
        select(AuditEntry).where(AuditEntry.office_id == stamp.office_id).order_by(col(AuditEntry.seq).desc()).limit(1)
    ).first()
    seq, previous = (last.seq, last.digest) if last else (0, GENESIS)
    for act in acts:
        seq += 1
        entry = _entry(act, stamp, seq, previous)
        previous = entry.digest
        session.add(entry)


def _entry(act: Act, stamp: Stamp, seq: int, previous: str) -> AuditEntry:
    salt = secrets.token_hex(16)
    entry = AuditEntry(
        office_id=stamp.office_id,
        seq=seq,
        actor=stamp.actor,
        verb=act.verb,
        subject=act.subject,
        effective_at=stamp.effective_at,
        recorded_at=stamp.recorded_at,
        payload=act.payload,
        salt=salt,
        payload_digest=_payload_digest(salt, act.payload),
        digest="",
    )
    entry.digest = _digest(previous, entry)
    return entry


def _payload_digest(salt: str, payload: dict[str, object]) -> str:
    return _sha256([salt, payload])


def _digest(previous: str, entry: AuditEntry) -> str:
    return _sha256(
        [
            previous,
            entry.office_id,
            entry.seq,
            entry.actor,
            entry.verb,
            entry.subject,
            _exact(entry.effective_at),
            _exact(entry.recorded_at),
            entry.payload_digest,
        ]
    )


def _exact(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def first_broken(session: Session, office_id: int) -> int | None:
    """The place in the chain of the first entry that does not fit; None when the whole chain holds."""
    entries = session.exec(select(AuditEntry).where(AuditEntry.office_id == office_id).order_by(col(AuditEntry.seq)))
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.seq != expected or entry.digest != _digest(previous, entry) or not _payload_holds(entry):
            return expected
        previous, expected = entry.digest, expected + 1
    return None


def _payload_holds(entry: AuditEntry) -> bool:
    if entry.payload is None and entry.salt is None:
        return True  # purged: its digest still stands in the chain
    if entry.payload is None or entry.salt is None:
        return False
    return entry.payload_digest == _payload_digest(entry.salt, entry.payload)
