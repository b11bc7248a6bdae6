"""Extensions: asked for by the agency, decided by the office; every date stays visible, and each grant is counted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, select

from domain.causes import cause_of
from domain.columns import UtcDateTime
from domain.deadlines import first_late_day
from domain.errors import Refusal
from domain.instants import iso
from domain.keys import key
from domain.life.machine import Deed, advance, check, reason_of
from domain.links import LINK_ID
from domain.moments import Kind
from domain.obligations import Obligation
from domain.planning import Followed, one_followed, replan, tell
from domain.store import Change


class Decision(StrEnum):
    """What the office said to a wish."""

    WAITING = "waiting"
    GRANTED = "granted"
    SHORTENED = "shortened"  #: granted, but not as long as was wished
    REFUSED = "refused"
    MOOT = "moot"  #: nobody had to decide any more: the work was reported, returned or taken away


class Extension(SQLModel, table=True):
    """A moved last moment: asked for, decided, or given by the office of its own accord."""

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    before: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: the bound when it was asked for
    wished: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: the bound the agency wishes
    asked_by: str  #: who asked; the office where nobody did
    reason: str = Field(sa_column=Column(Text, nullable=False))
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decision: str = Decision.WAITING
    granted: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: the bound the office gave
    decided_by: str | None = None
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    link_id: int | None = Field(default=None, foreign_key=LINK_ID)  #: the link it was asked by
    cause: str = ""  #: a `causes.Cause`, where the agency gives one


def ask(change: Change, obligation_id: int, wished: datetime, reason: str, who: str, cause: str = "") -> Followed:
    """Takes down that the agency asks for more time; until it is decided nothing but the ladder is held.

    Raises Refusal where one waits already, for undated work, and for a bound that is not later than the present one.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    check(change, one.obligation, Deed.ASK_EXTENSION)
    said = reason_of(reason)
    before = _bound(one.obligation)
    if one.obligation.asked_at is not None:
        raise Refusal("errors.extension_waits", id=obligation_id)
    _check_later(change, before, wished)
    row = _row(change, one, before, said, who, wished=wished)
    row.cause = cause_of(cause)
    change.session.add(row)
    one.obligation.asked_at = one.obligation.heard_at = change.now
    advance(change, one.obligation, Deed.ASK_EXTENSION, wished=iso(wished), reason=said, who=who)
    replan(change, [one])
    return one


def extend(change: Change, obligation_id: int, due_before: datetime | None, reason: str) -> Followed:
    """Moves the last moment and plans the obligation again: the old reminders never fire.

    Decides the wish that waits, where there is one (`due_before` None grants it as wished; an earlier bound shortens
    it); else the office extends of its own accord. Raises Refusal for work that is not open or undated, and for a
    bound that is not later than the present one and than now.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    check(change, one.obligation, Deed.EXTEND)
    said = reason_of(reason)
    before = _bound(one.obligation)
    row = waiting(change.session, obligation_id)
    bound = due_before or (row.wished if row else None)
    if bound is None:
        raise Refusal("errors.extend_until", id=obligation_id)
    _check_later(change, before, bound)
    shortened = row is not None and row.wished is not None and bound < row.wished
    row = row or _row(change, one, before, said, "")
    _decide(change, row, Decision.SHORTENED if shortened else Decision.GRANTED, said)
    row.granted = bound
    one.obligation.due_before, one.obligation.asked_at = bound, None
    one.obligation.extensions += 1
    advance(
        change, one.obligation, Deed.EXTEND, before=iso(before), after=iso(bound), reason=said, decision=row.decision
    )
    tell(change, [one], Kind.EXTENDED, said)
    return one


def refuse(change: Change, obligation_id: int, reason: str) -> Followed:
    """Refuses the wish that waits; the deadline stays, and the agency is told why.

    Raises Refusal where no wish waits.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    check(change, one.obligation, Deed.REFUSE_EXTENSION)
    said = reason_of(reason)
    row = waiting(change.session, obligation_id)
    if row is None:
        raise Refusal("errors.no_extension_waits", id=obligation_id)
    _decide(change, row, Decision.REFUSED, said)
    one.obligation.asked_at = None
    advance(change, one.obligation, Deed.REFUSE_EXTENSION, wished=iso(row.wished), reason=said)
    tell(change, [one], Kind.REFUSED, said)
    return one


def waiting(session: Session, obligation_id: int) -> Extension | None:
    """The wish that nobody has decided yet."""
    query = select(Extension).where(Extension.obligation_id == obligation_id, Extension.decision == Decision.WAITING)
    return session.exec(query).first()


def extensions_of(session: Session, obligation_id: int) -> list[Extension]:
    """Every extension of an obligation, asked for or given, in time order."""
    query = select(Extension).where(Extension.obligation_id == obligation_id).order_by(col(Extension.id))
    return list(session.exec(query))


def drop_wish(change: Change, obligation: Obligation) -> None:
    """Sets aside a wish that nobody needs to decide any more."""
    if obligation.asked_at is None:
        return
    if row := waiting(change.session, key(obligation.id)):
        _decide(change, row, Decision.MOOT, "")
    obligation.asked_at = None


def _bound(obligation: Obligation) -> datetime:
    if obligation.due_before is None:
        raise Refusal("errors.undated", id=obligation.id)
    return obligation.due_before


def _check_later(change: Change, before: datetime, bound: datetime) -> None:
    if bound <= before:
        raise Refusal("errors.not_later", day=f"{first_late_day(before):%d/%m/%Y}")
    if bound <= change.now:
        raise Refusal("errors.extended_into_past")


def _row(
    change: Change, one: Followed, before: datetime, reason: str, who: str, wished: datetime | None = None
) -> Extension:
    return Extension(
        obligation_id=key(one.obligation.id),
        before=before,
        wished=wished,
        asked_by=who,
        reason=reason,
        asked_at=change.now,
        link_id=change.link_id,
    )


def _decide(change: Change, row: Extension, decision: Decision, note: str) -> None:
    row.decision, row.note = decision, note
    row.decided_by, row.decided_at = change.actor, change.now
    change.session.add(row)
