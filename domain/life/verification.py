"""Verification: the office accepts a reported completion, or rejects it with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel, col, select

from domain.columns import UtcDateTime
from domain.keys import key
from domain.life.linking import together
from domain.life.machine import Deed, advance, check, reason_of
from domain.moments import Kind
from domain.obligations import State
from domain.planning import Followed, one_followed, replan, tell_anew
from domain.reports import COMPLETE, StatusReport
from domain.store import Change


class Verification(SQLModel, table=True):
    """What the office said to a report of completion."""

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    report_id: int | None = Field(default=None, foreign_key="status_report.id")  #: None: settled with a linked one
    accepted: bool
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    actor: str
    effective_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


def accept(change: Change, obligation_id: int, note: str = "") -> list[Followed]:
    """Closes an obligation whose completion was reported, and all that settle with it.

    Raises Refusal where no completion waits to be verified.
    """
    works = _waiting(change, obligation_id, Deed.ACCEPT)
    for one in works:
        advance(change, one.obligation, Deed.ACCEPT, note=note.strip())
        one.obligation.closed_at = change.now
        _write(change, one, accepted=True, reason=note.strip())
    replan(change, works)
    return works


def reject(change: Change, obligation_id: int, reason: str) -> list[Followed]:
    """Opens an obligation again under its old deadline, with a new plan, and tells the agency why.

    Lateness is announced anew before it climbs. Raises Refusal where no completion waits, and for an empty reason.
    """
    said = reason_of(reason)
    works = _waiting(change, obligation_id, Deed.REJECT)
    for one in works:
        advance(change, one.obligation, Deed.REJECT, reason=said)
        one.obligation.reported_at = one.obligation.settled_at = None
        one.obligation.turn += 1
        _write(change, one, accepted=False, reason=said)
    tell_anew(change, works, Kind.REJECTED, said)
    return works


def _waiting(change: Change, obligation_id: int, deed: Deed) -> list[Followed]:
    one = one_followed(change.session, change.office_id, obligation_id)
    check(change, one.obligation, deed)
    return [work for work in together(change, one) if work.obligation.state == State.REPORTED]


def _write(change: Change, one: Followed, *, accepted: bool, reason: str) -> None:
    query = (
        select(StatusReport.id)
        .where(StatusReport.obligation_id == key(one.obligation.id), StatusReport.percent == COMPLETE)
        .order_by(col(StatusReport.id).desc())
        .limit(1)
    )
    change.session.add(
        Verification(
            obligation_id=key(one.obligation.id),
            report_id=change.session.exec(query).first(),
            accepted=accepted,
            reason=reason,
            actor=change.actor,
            effective_at=change.now,
            recorded_at=change.recorded_at,
        )
    )
