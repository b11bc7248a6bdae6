"""Checkpoints: the planned moments of an obligation, and planning them as a diff."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from domain.columns import UtcDateTime
from domain.deadlines import first_late_day, last_day
from domain.instants import local
from domain.keys import key
from domain.obligations import Obligation
from domain.offices import WorkingTime
from domain.policy import FollowUp


class Kind(StrEnum):
    """What is said at a checkpoint."""

    ASSIGN = "assign"
    REMIND = "remind"
    DUE = "due"
    REQUEST_STATUS = "request_status"
    OVERDUE = "overdue"
    ESCALATE = "escalate"


class Fate(StrEnum):
    """What became of a checkpoint."""

    OPEN = "open"
    DONE = "done"  #: said, in the message it is linked with
    FOLDED = "folded"  #: something more serious about the same work was said in its place
    SKIPPED = "skipped"  #: lay before the day from which the office tracks the conclusion
    SUPERSEDED = "superseded"  #: a later plan took its place
    CANCELLED = "cancelled"  #: the work was settled before it came


Key = tuple[str, int, int]  #: kind, step, ordinal: what tells one moment of a plan from the others


class Checkpoint(SQLModel, table=True):
    """One planned moment."""

    __table_args__ = (
        UniqueConstraint("obligation_id", "plan_no", "kind", "step", "ordinal"),
        Index("checkpoint_due", "office_id", "fate", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    plan_no: int
    kind: str
    step: int = 0  #: working days before the last day (remind), level (escalate), else 0
    ordinal: int = 0  #: 0, 1, … for moments that repeat
    due_before: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: the bound it was planned for
    planned_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: where the policy put it
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: where it stands now; later after an outage
    fate: str = Fate.OPEN
    handled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the policy wants it, before it is a row."""

    kind: Kind
    at: datetime
    step: int = 0
    ordinal: int = 0

    @property
    def key(self) -> Key:
        """What tells it from the other moments of one plan."""
        return self.kind, self.step, self.ordinal


@dataclass(frozen=True, slots=True)
class Work:
    """What planning needs to know of an obligation."""

    due_before: datetime | None
    assigned_at: datetime  #: when the conclusion was filed
    tracked: bool = True
    request: bool = False  #: asked, not ordered: courteous, and no ladder
    track_from: datetime | None = None  #: what lies before is not said any more


def moments(work: Work, policy: FollowUp, office: WorkingTime) -> list[Moment]:
    """Every moment of one obligation, in time order. Work for information is told once; a request climbs no ladder."""
    return sorted(_moments(work, policy, office), key=lambda moment: (moment.at, moment.key))


def _moments(work: Work, policy: FollowUp, office: WorkingTime) -> Iterator[Moment]:
    yield Moment(Kind.ASSIGN, office.soonest(work.assigned_at))
    if not work.tracked:
        return
    if work.due_before is None:
        yield from _status_request(work, policy, office)
        return
    yield from _before_late(work.due_before, policy, office)
    announced = office.slot_on_or_after(work.due_before)
    late = list(_lateness(work, announced, first_late_day(work.due_before), policy, office))
    if work.track_from is None or announced >= work.track_from:
        yield from late
        return
    yield from (moment for moment in late if moment.at < work.track_from)
    again = office.slot_on_or_after(work.track_from)  # late before we came: we announce it ourselves before it climbs
    yield from _lateness(work, again, again.date(), policy, office, ordinal=1)


def _status_request(work: Work, policy: FollowUp, office: WorkingTime) -> Iterator[Moment]:
    since = max(work.assigned_at, work.track_from or work.assigned_at)
    day = local(since).date() + timedelta(days=policy.request_status_every_days)
    yield Moment(Kind.REQUEST_STATUS, office.first_slot(day))


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
        yield Moment(Kind.ESCALATE, office.first_slot(day), step=level, ordinal=ordinal)


def following(
    kind: str, step: int, ordinal: int, said_on: date, policy: FollowUp, office: WorkingTime
) -> Moment | None:
    """The moment that repeats one that was just said: the last level weekly, a status request monthly."""
    if kind == Kind.REQUEST_STATUS:
        every = policy.request_status_every_days
    elif kind == Kind.ESCALATE and step == len(policy.ladder):
        every = policy.repeat_last_level_every_days
    else:
        return None
    return Moment(Kind(kind), office.first_slot(said_on + timedelta(days=every)), step, ordinal + 1)


def plan(
    session: Session,
    obligation: Obligation,
    existing: Iterable[Checkpoint],
    wanted: Collection[Moment],
    *,
    now: datetime,
    track_from: datetime | None = None,
) -> None:
    """Makes the open checkpoints of one obligation those that are wanted, as a diff.

    What was done stays done; open moments that are no longer wanted become superseded and stay visible; of a plan made
    again only moments after `now` are new. On the first plan, moments before `track_from` are skipped.
    """
    first = obligation.plan_no == 0
    obligation.plan_no += 1
    session.add(obligation)
    places = {moment.key: moment.at for moment in wanted}
    standing_rows = [row for row in existing if not _gives_way(row, obligation, places, now)]
    for row in existing:
        if row.fate == Fate.OPEN and row not in standing_rows:
            row.fate, row.handled_at = Fate.SUPERSEDED, now
            session.add(row)
    taken = {_key(row) for row in standing_rows if row.kind == Kind.ASSIGN or row.due_before == obligation.due_before}
    for moment in wanted:
        if moment.key in taken or not (first or moment.at > now):
            continue
        skipped = track_from is not None and moment.at < track_from
        session.add(_row(obligation, moment, Fate.SKIPPED if skipped else Fate.OPEN, now if skipped else None))


def _gives_way(row: Checkpoint, obligation: Obligation, places: Mapping[Key, datetime], now: datetime) -> bool:
    """Whether a row has no place in the new plan any more.

    The assignment and what repeats keep theirs; so does a row whose new place lies in the past already: it must not be
    lost between the two.
    """
    if row.fate != Fate.OPEN:
        return row.fate == Fate.SUPERSEDED
    if row.kind == Kind.ASSIGN:
        return False
    if row.due_before != obligation.due_before:
        return True
    place = places.get(_key(row))
    if place is None:
        return row.ordinal == 0
    return place not in (row.planned_at, row.at) and place > now


def _key(row: Checkpoint) -> Key:
    return row.kind, row.step, row.ordinal


def _row(obligation: Obligation, moment: Moment, fate: Fate, handled_at: datetime | None) -> Checkpoint:
    return Checkpoint(
        office_id=obligation.office_id,
        obligation_id=key(obligation.id),
        plan_no=obligation.plan_no,
        kind=moment.kind,
        step=moment.step,
        ordinal=moment.ordinal,
        due_before=obligation.due_before,
        planned_at=moment.at,
        at=moment.at,
        fate=fate,
        handled_at=handled_at,
    )


def add_moment(session: Session, obligation: Obligation, moment: Moment) -> None:
    """Adds one moment to the plan in force."""
    session.add(_row(obligation, moment, Fate.OPEN, None))


def checkpoints_of(session: Session, obligations: Iterable[int]) -> dict[int, tuple[Checkpoint, ...]]:
    """Obligation id -> its checkpoints, in the order in which they were planned."""
    wanted = set(obligations)
    found: dict[int, list[Checkpoint]] = {id_: [] for id_ in wanted}
    query = select(Checkpoint).where(col(Checkpoint.obligation_id).in_(wanted)).order_by(col(Checkpoint.id))
    for row in session.exec(query):
        found[row.obligation_id].append(row)
    return {id_: tuple(rows) for id_, rows in found.items()}


def cancel_open(session: Session, obligation_id: int, *, now: datetime) -> None:
    """Ends the reminding: every open checkpoint of a settled obligation is cancelled."""
    query = select(Checkpoint).where(Checkpoint.obligation_id == obligation_id, Checkpoint.fate == Fate.OPEN)
    for row in session.exec(query):
        row.fate, row.handled_at = Fate.CANCELLED, now
        session.add(row)
