"""Who does the work: acknowledged, returned as "not ours", insisted on, given to another, closed or cancelled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, select

from domain.agencies import find_agency
from domain.checkpoints import Checkpoint, Fate, add_news
from domain.columns import UtcDateTime
from domain.errors import Refusal
from domain.keys import key
from domain.life.extensions import drop_wish
from domain.life.linking import together
from domain.life.machine import Deed, advance, check, reason_of
from domain.links import LINK_ID
from domain.moments import Kind
from domain.obligations import AGAIN, UNSETTLED, Obligation, State
from domain.offices import working_time
from domain.planning import Followed, Planner, day_after_telling, one_followed, replan, tell_anew
from domain.store import Change


class WorkReturn(SQLModel, table=True):
    """ "Not ours": an agency gave work back to the office, and what the office did."""

    __tablename__ = "work_return"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    actor: str
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decision: str = ""  #: a Deed: insisted, reassigned, closed or cancelled; empty while it waits
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    link_id: int | None = Field(default=None, foreign_key=LINK_ID)  #: the link it came by


def acknowledge(change: Change, obligation_id: int, who: str = "") -> Followed:
    """The agency has taken note; without progress that expires. Raises Refusal where it did more already."""
    one = one_followed(change.session, change.office_id, obligation_id)
    advance(change, one.obligation, Deed.ACKNOWLEDGE, who=who)
    one.obligation.acknowledged_at = one.obligation.heard_at = change.now
    replan(change, [one])
    return one


def lapse(change: Change, obligation: Obligation) -> None:
    """An acknowledgement without progress counts no longer."""
    advance(change, obligation, Deed.LAPSE)
    obligation.acknowledged_at = None


def give_back(change: Change, obligation_id: int, reason: str, who: str = "") -> Followed:
    """ "Not ours": the work goes back to the office at once, and the agency is reminded no more.

    Raises Refusal for work that is not open, and for an empty reason.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    said = reason_of(reason)
    advance(change, one.obligation, Deed.RETURN, reason=said, who=who)
    drop_wish(change, one.obligation)
    one.obligation.returned_at = one.obligation.heard_at = change.now
    change.session.add(
        WorkReturn(
            obligation_id=key(one.obligation.id),
            reason=said,
            actor=who or change.actor,
            at=change.now,
            link_id=change.link_id,
        )
    )
    replan(change, [one])
    return one


def insist(change: Change, obligation_id: int, reason: str) -> Followed:
    """The office does not take the work back: the agency is told why, and reminded again under the same deadline."""
    one = one_followed(change.session, change.office_id, obligation_id)
    said = reason_of(reason)
    advance(change, one.obligation, Deed.INSIST, reason=said)
    _decide(change, one, Deed.INSIST, said)
    one.obligation.returned_at = None
    one.obligation.turn += 1
    tell_anew(change, [one], Kind.INSISTED, said)
    return one


def reassign(change: Change, obligation_id: int, agency: str, reason: str) -> Followed:
    """Gives the work to another agency: reminders follow it, and the first is told that it is released.

    The deadline stays; an agency that gets work which is late already hears of that the working day after. Raises
    Refusal for settled work, an unknown agency, and one that has this very work already.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    said = reason_of(reason)
    check(change, one.obligation, Deed.REASSIGN)
    to = find_agency(change.session, change.office_id, agency)
    _check_free(change, one, key(to.id), to.name)
    advance(change, one.obligation, Deed.REASSIGN, to=to.name, reason=said)
    _take_away(change, one, Deed.REASSIGN, said)
    own = one.obligation
    fresh = Obligation(
        office_id=own.office_id,
        directive_id=own.directive_id,
        agency_id=key(to.id),
        period=own.period,
        due_before=own.due_before,
        first_due_before=own.first_due_before,
        assigned_at=change.now,
        extensions=own.extensions,
        link=own.link,
        came_from=own.id,
        turn=own.turn + 1,
    )
    office = working_time(change.session, change.office_id)
    if fresh.is_late(change.now):
        fresh.lateness_from = day_after_telling(change.now, office)
    change.session.add(fresh)
    change.session.flush()
    change.record("obligation.assigned", f"obligation:{fresh.id}", agency=to.name, came_from=own.id)
    given = Followed(fresh, one.directive, one.conclusion)
    if own.plan_no:
        Planner(change).plan([given])
        _tell_of_later_period(change, given)
    return given


def _tell_of_later_period(change: Change, given: Followed) -> None:
    """A later period of recurring work is not told of, except to an agency that is new to it."""
    if not given.work.told:
        office = working_time(change.session, change.office_id)
        add_news(change.session, given.obligation, Kind.ASSIGN, office.soonest(change.now))


def close(change: Change, obligation_id: int, reason: str) -> list[Followed]:
    """The office closes work without a report: undated work that has been done, or needs no more following."""
    return _end(change, obligation_id, Deed.CLOSE, reason)


def cancel(change: Change, obligation_id: int, reason: str) -> list[Followed]:
    """The office drops the work: it counts in no figure, and an agency that was told of it is told that it is free."""
    return _end(change, obligation_id, Deed.CANCEL, reason)


def _end(change: Change, obligation_id: int, deed: Deed, reason: str) -> list[Followed]:
    one = one_followed(change.session, change.office_id, obligation_id)
    said = reason_of(reason)
    check(change, one.obligation, deed)
    works = together(change, one) if deed is Deed.CLOSE else [one]
    works = [work for work in works if work.obligation.state in UNSETTLED]
    for work in works:
        own = work.obligation
        advance(change, own, deed, reason=said)
        if deed is Deed.CLOSE:
            _decide(change, work, deed, said)
            drop_wish(change, own)
            own.settled_at = own.closed_at = change.now
            replan(change, [work])
        else:
            _take_away(change, work, deed, said)
    return works


def _take_away(change: Change, one: Followed, deed: Deed, reason: str) -> None:
    """Ends an obligation without its being done; whoever was told of it, and has not given it back, is told so."""
    own = one.obligation
    returned = own.returned_at is not None
    _decide(change, one, deed, reason)
    drop_wish(change, own)
    own.cancelled_at, own.returned_at = change.now, None
    replan(change, [one])
    if was_told(change.session, key(own.id)) and not returned:
        office = working_time(change.session, change.office_id)
        add_news(change.session, own, Kind.RELEASED, office.soonest(change.now), reason)


def was_told(session: Session, obligation_id: int) -> bool:
    """Whether anything was said to the agency about the obligation."""
    query = select(Checkpoint.id).where(Checkpoint.obligation_id == obligation_id, Checkpoint.fate == Fate.DONE)
    return session.exec(query.limit(1)).first() is not None


def _check_free(change: Change, one: Followed, agency_id: int, name: str) -> None:
    own = one.obligation
    there = change.session.exec(
        select(Obligation).where(
            Obligation.directive_id == own.directive_id,
            Obligation.agency_id == agency_id,
            Obligation.period == own.period,
        )
    ).first()
    if there is None:
        return
    if there.state == State.CANCELLED and there.id != own.id:
        there.period = f"{there.period}{AGAIN}{there.id}"  # it had this work before: that stays to be seen
        change.session.add(there)
        change.session.flush()
        return
    raise Refusal("errors.has_it_already", name=name, id=there.id)


def _decide(change: Change, one: Followed, deed: Deed, note: str) -> None:
    query = select(WorkReturn).where(WorkReturn.obligation_id == key(one.obligation.id), WorkReturn.decision == "")
    for row in change.session.exec(query):
        row.decision, row.note = deed, note
        row.decided_by, row.decided_at = change.actor, change.now
        change.session.add(row)


def returns_of(session: Session, obligation_id: int) -> list[WorkReturn]:
    """Every return of an obligation, in time order."""
    query = select(WorkReturn).where(WorkReturn.obligation_id == obligation_id).order_by(col(WorkReturn.id))
    return list(session.exec(query))


def ask_status(change: Change, obligation_id: int, words: str = "") -> Followed:
    """Asks an agency for a report out of turn; it goes out in the next round."""
    one = one_followed(change.session, change.office_id, obligation_id)
    advance(change, one.obligation, Deed.ASK_STATUS, words=words.strip())
    office = working_time(change.session, change.office_id)
    add_news(change.session, one.obligation, Kind.ASK, office.soonest(change.now), words.strip())
    return one
