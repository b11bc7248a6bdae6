"""The moments of one piece of work, as the policy and the calendar want them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.deadlines import first_late_day, last_day
from domain.instants import local
from domain.obligations import OPEN, State
from domain.offices import WorkingTime
from domain.policy import FollowUp


class Kind(StrEnum):
    """What is said at a checkpoint."""

    ASSIGN = "assign"
    REMIND = "remind"
    DUE = "due"
    REQUEST_STATUS = "request_status"
    LAPSE = "lapse"  #: an acknowledgement expired
    OVERDUE = "overdue"
    ESCALATE = "escalate"
    REJECTED = "rejected"  #: the office did not accept the completion
    INSISTED = "insisted"  #: the office did not accept the return
    CORRECTED = "corrected"  #: the notice had been misread
    EXTENDED = "extended"
    REFUSED = "refused"  #: no extension
    RELEASED = "released"  #: not this agency's work any more
    ASK = "ask"  #: the office asks for a report out of turn
    VERIFY = "verify"
    DECIDE = "decide"  #: an extension was asked for
    TAKE_BACK = "take_back"  #: the work was returned
    APPROVE = "approve"  #: a level of the ladder waits for approval
    STALE = "stale"
    UNREACHED = "unreached"  #: a message to somebody got through by no way


#: What the agency is told at once, the most important first.
NEWS = (Kind.RELEASED, Kind.ASSIGN, Kind.INSISTED, Kind.REJECTED, Kind.CORRECTED, Kind.EXTENDED, Kind.REFUSED, Kind.ASK)
#: What waits for the office itself.
FOR_OFFICE = (Kind.VERIFY, Kind.DECIDE, Kind.TAKE_BACK, Kind.APPROVE, Kind.STALE, Kind.UNREACHED)
#: What belongs to one bound and goes with it.
DATED = (Kind.REMIND, Kind.DUE, Kind.OVERDUE, Kind.ESCALATE, Kind.APPROVE)

Key = tuple[str, int, int]  #: kind, step, ordinal: what tells one moment of a plan from the others


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the policy wants it, before it is a row."""

    kind: Kind
    at: datetime
    step: int = 0
    ordinal: int = 0
    since: datetime | None = None  #: what it follows from; what was said before that does not stand for it

    @property
    def key(self) -> Key:
        """What tells it from the other moments of one plan."""
        return self.kind, self.step, self.ordinal


@dataclass(frozen=True, slots=True)
class Work:
    """What planning needs to know of an obligation."""

    due_before: datetime | None
    assigned_at: datetime  #: when it was given to the agency
    tracked: bool = True
    request: bool = False  #: asked, not ordered: courteous, and no ladder
    track_from: datetime | None = None  #: what lies before is not said any more
    told: bool = True  #: False for a later period of recurring work: the agency knows
    state: str = State.ASSIGNED
    acknowledged_at: datetime | None = None
    heard_at: datetime | None = None
    reported_at: datetime | None = None
    returned_at: datetime | None = None
    asked_at: datetime | None = None  #: an extension waits for a decision since


def moments(work: Work, policy: FollowUp, office: WorkingTime) -> list[Moment]:
    """Every moment of one obligation in its present state, in time order.

    Work for information is told once; a request climbs no ladder; what was reported or returned waits for the office.
    """
    return sorted(_moments(work, policy, office), key=lambda moment: (moment.at, moment.key))


def _moments(work: Work, policy: FollowUp, office: WorkingTime) -> Iterator[Moment]:
    if work.state == State.REPORTED and work.reported_at:
        yield Moment(Kind.VERIFY, office.soonest(work.reported_at))
    if work.state == State.RETURNED and work.returned_at:
        yield Moment(Kind.TAKE_BACK, office.soonest(work.returned_at), since=work.returned_at)
    if work.state not in OPEN:
        return
    if work.told:
        yield Moment(Kind.ASSIGN, office.soonest(work.assigned_at))
    if not work.tracked:
        return
    yield from _waits(work, policy, office)
    if work.due_before is None:
        yield from _silence(work, policy, office)
        return
    before = _before_late(work.due_before, policy, office)
    yield from (moment for moment in before if work.told or moment.at >= work.assigned_at)
    announced = office.slot_on_or_after(work.due_before)
    late = list(_lateness(work, announced, first_late_day(work.due_before), policy, office))
    if work.track_from is None or announced >= work.track_from:
        yield from late
        return
    yield from (moment for moment in late if moment.at < work.track_from)
    again = office.slot_on_or_after(work.track_from)  # late before we came: we announce it ourselves before it climbs
    yield from _lateness(work, again, again.date(), policy, office, ordinal=1)


def _waits(work: Work, policy: FollowUp, office: WorkingTime) -> Iterator[Moment]:
    """What the office has to decide, and an acknowledgement that expires."""
    if work.asked_at:
        yield Moment(Kind.DECIDE, office.soonest(work.asked_at), since=work.asked_at)
    if work.state == State.ACKNOWLEDGED and work.acknowledged_at:
        day = office.calendar.shift(local(work.acknowledged_at).date(), policy.acknowledged_for_working_days)
        yield Moment(Kind.LAPSE, office.first_slot(day), since=work.acknowledged_at)


def _silence(work: Work, policy: FollowUp, office: WorkingTime) -> Iterator[Moment]:
    """Undated work: the agency is asked for its status, and the owner hears when nobody has answered for long."""
    since = max(work.assigned_at, work.track_from or work.assigned_at)
    asked = local(since).date() + timedelta(days=policy.request_status_every_days)
    yield Moment(Kind.REQUEST_STATUS, office.first_slot(asked))
    heard = max(since, work.heard_at or since)
    stale = local(heard).date() + timedelta(days=policy.stale_after_days)
    yield Moment(Kind.STALE, office.first_slot(stale), since=heard)


def _before_late(due_before: datetime, policy: FollowUp, office: WorkingTime) -> Iterator[Moment]:
    last = last_day(due_before)
    for days in policy.remind_working_days_before:
        yield Moment(Kind.REMIND, office.first_slot(office.calendar.shift(last, -days)), step=days)
    day = last if office.calendar.is_working(last) else office.calendar.shift(last, -1)
    if office.first_slot(day) >= due_before:  # an hour so early that the day's first slot is late already
        day = office.calendar.shift(day, -1)
    yield Moment(Kind.DUE, office.first_slot(day))


def _lateness(
    work: Work, announced: datetime, late_on: date, policy: FollowUp, office: WorkingTime, ordinal: int = 0
) -> Iterator[Moment]:
    yield Moment(Kind.OVERDUE, announced, ordinal=ordinal)
    if work.request:
        return
    start = office.calendar.on_or_after(late_on)
    for level, rung in enumerate(policy.ladder, start=1):
        day = office.calendar.shift(start, rung.after_working_days)
        if rung.needs_approval:
            eve = office.first_slot(office.calendar.shift(day, -1))
            yield Moment(Kind.APPROVE, eve, step=level, ordinal=ordinal)
        yield Moment(Kind.ESCALATE, office.first_slot(day), step=level, ordinal=ordinal)


def following(
    kind: str, step: int, ordinal: int, said_on: date, policy: FollowUp, office: WorkingTime
) -> Moment | None:
    """The moment that repeats one that was just said: the last level weekly, a status request monthly, a task of the
    office every few working days."""
    if kind in (Kind.REQUEST_STATUS, Kind.STALE):
        day = said_on + timedelta(days=policy.request_status_every_days)
    elif kind == Kind.ESCALATE and step == len(policy.ladder):
        if policy.repeat_last_level_at_most is not None and ordinal >= policy.repeat_last_level_at_most:
            return None
        day = said_on + timedelta(days=policy.repeat_last_level_every_days)
    elif kind in FOR_OFFICE and kind != Kind.UNREACHED:  # it is said anew when the next message fails
        day = office.calendar.shift(said_on, policy.remind_owner_every_working_days)
    else:
        return None
    return Moment(Kind(kind), office.first_slot(day), step, ordinal + 1)
