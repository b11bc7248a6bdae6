"""Checkpoints: the planned moments of an obligation as rows, and planning them as a diff."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Column, Index, UniqueConstraint, func
from sqlalchemy import select as core_select
from sqlmodel import Field, Session, SQLModel, col, select

from domain.columns import UtcDateTime, where
from domain.keys import key
from domain.moments import DATED, FOR_OFFICE, NEWS, Key, Kind, Moment
from domain.obligations import OPEN, UNSETTLED, Obligation


class Fate(StrEnum):
    """What became of a checkpoint."""

    OPEN = "open"
    HELD = "held"  #: the office holds it back
    DONE = "done"  #: said, in the message it is linked with
    FOLDED = "folded"  #: something more serious about the same work was said in its place
    SKIPPED = "skipped"  #: lay before the day from which the office tracks the work
    PASSED = "passed"  #: a level of the ladder at which there is nobody to tell
    SUPERSEDED = "superseded"  #: a later plan took its place
    CANCELLED = "cancelled"  #: the work was settled before it came


_NEWS, _DATED = frozenset(map(str, NEWS)), frozenset(map(str, DATED))
_TASKS = frozenset(map(str, FOR_OFFICE)) - _DATED
LIVE = (Fate.OPEN, Fate.HELD)  #: may still be said
GONE = (Fate.SUPERSEDED, Fate.CANCELLED)  #: was never said, and its place is free


class Checkpoint(SQLModel, table=True):
    """One planned moment."""

    __table_args__ = (
        UniqueConstraint("obligation_id", "plan_no", "kind", "step", "ordinal"),
        Index("checkpoint_due", "office_id", "fate", "at"),
        Index("checkpoint_approval", "office_id", "at", **where("kind = 'approve'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    plan_no: int
    turn: int = 0  #: of the obligation when it was planned
    kind: str
    step: int = 0  #: working days before the last day (remind), level (escalate, approve), else 0
    ordinal: int = 0  #: 0, 1, … for moments that repeat
    due_before: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: the bound it was planned for
    planned_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: where the policy put it
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: where it stands now; later after an outage
    fate: str = Fate.OPEN
    handled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    approved_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: a level that needs approval
    note: str = ""  #: what news says beside its kind: the reason somebody gave

    @property
    def key(self) -> Key:
        """What tells it from the other moments of one plan."""
        return self.kind, self.step, self.ordinal


class PlannedRow(Protocol):
    """What a plan needs to see of a checkpoint: the row itself, or its plain columns."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def step(self) -> int: ...  # noqa: D102
    @property
    def ordinal(self) -> int: ...  # noqa: D102
    @property
    def fate(self) -> str: ...  # noqa: D102
    @property
    def turn(self) -> int: ...  # noqa: D102
    @property
    def due_before(self) -> datetime | None: ...  # noqa: D102
    @property
    def planned_at(self) -> datetime: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def handled_at(self) -> datetime | None: ...  # noqa: D102


R = TypeVar("R", bound=PlannedRow)


def diff(
    obligation: Obligation, existing: Iterable[R], wanted: Collection[Moment], now: datetime
) -> tuple[list[R], list[Moment]]:
    """(The live rows that are no longer wanted, the wanted moments that no row stands for) of one obligation."""
    rows = tuple(existing)
    first = obligation.plan_no == 0
    places = {moment.key: moment.at for moment in wanted}
    gone = [row for row in rows if row.fate in LIVE and not _stays(row, obligation, places, now)]
    left = {id(row) for row in gone}
    standing = {
        key_of(row): row for row in rows if row.fate not in GONE and id(row) not in left and _counts(row, obligation)
    }
    new = [
        moment for moment in wanted if (first or moment.at >= now) and not _stands_for(standing.get(moment.key), moment)
    ]
    return gone, new


def plan(
    session: Session,
    obligation: Obligation,
    existing: Iterable[Checkpoint],
    wanted: Collection[Moment],
    *,
    now: datetime,
    track_from: datetime | None = None,
    lateness_from: datetime | None = None,
    insert: Callable[[dict[str, Any]], None] | None = None,
) -> bool:
    """Makes the live checkpoints of one obligation those that are wanted, as a diff; answers whether anything changed.

    What was done stays done; live moments that are no longer wanted become superseded (cancelled, where nothing is to
    be said to the agency any more) and stay visible; of a plan made again only moments from `now` on are new. Moments
    before `track_from` are skipped, and those about the bound before `lateness_from` too; what waits for the office
    never is. With `insert` new rows are handed over as plain values, for whoever inserts many at once.
    """
    gone, new = diff(obligation, existing, wanted, now)
    if not (obligation.plan_no == 0 or gone or new):
        return False
    obligation.plan_no += 1
    session.add(obligation)
    held = {key_of(row) for row in gone if row.fate == Fate.HELD and _counts(row, obligation)}
    approved = {key_of(row): row.approved_at for row in gone if _counts(row, obligation)}
    for row in gone:
        row.fate, row.handled_at = (Fate.SUPERSEDED if obligation.state in OPEN else Fate.CANCELLED), now
        session.add(row)
    for moment in new:
        since = max(filter(None, (track_from, lateness_from if moment.kind in _DATED else None)), default=None)
        skipped = since is not None and moment.at < since and moment.kind not in _TASKS
        fate = Fate.SKIPPED if skipped else Fate.HELD if moment.key in held else Fate.OPEN
        values = _values(obligation, moment, fate, now if skipped else None)
        values["approved_at"] = approved.get(moment.key)  # a moment that only moves keeps what the office said of it
        if insert is None:
            session.add(Checkpoint(**values))
        else:
            insert(values)
    return True


def key_of(row: PlannedRow) -> Key:
    """What tells a row from the other moments of one plan."""
    return row.kind, row.step, row.ordinal


def _stays(row: PlannedRow, obligation: Obligation, places: Mapping[Key, datetime], now: datetime) -> bool:
    """Whether a live row has its place in the new plan.

    News and what repeats keep theirs; so does a row whose new place lies in the past already: it must not be lost
    between the two.
    """
    if row.kind in _NEWS:
        return obligation.state in OPEN or row.kind == Kind.RELEASED
    if row.kind == Kind.UNREACHED:
        return obligation.state in UNSETTLED
    if not _counts(row, obligation):
        return False
    place = places.get(key_of(row))
    if place is None:
        return row.ordinal > 0 and any(kind == row.kind and step == row.step for kind, step, _ in places)
    return place in (row.planned_at, row.at) or place < now


def _counts(row: PlannedRow, obligation: Obligation) -> bool:
    """Whether a row belongs to the present turn and, where it is about a bound, to the present one."""
    if row.kind in _NEWS:
        return True
    return row.turn == obligation.turn and (row.kind not in _DATED or row.due_before == obligation.due_before)


def _stands_for(row: PlannedRow | None, moment: Moment) -> bool:
    """Whether a row that stands already says what the moment would say: not what was said before its cause."""
    if row is None:
        return False
    return moment.since is None or row.handled_at is None or row.handled_at >= moment.since


def _values(obligation: Obligation, moment: Moment, fate: Fate, handled_at: datetime | None) -> dict[str, Any]:
    return {
        "office_id": obligation.office_id,
        "obligation_id": key(obligation.id),
        "plan_no": obligation.plan_no,
        "turn": obligation.turn,
        "kind": str(moment.kind),
        "step": moment.step,
        "ordinal": moment.ordinal,
        "due_before": obligation.due_before,
        "planned_at": moment.at,
        "at": moment.at,
        "fate": str(fate),
        "handled_at": handled_at,
        "approved_at": None,
        "note": "",
    }


def _row(obligation: Obligation, moment: Moment) -> Checkpoint:
    return Checkpoint(**_values(obligation, moment, Fate.OPEN, None))


def add_moment(
    session: Session, obligation: Obligation, moment: Moment, *, approved_at: datetime | None = None
) -> None:
    """Adds one moment to the plan in force."""
    row = _row(obligation, moment)
    row.approved_at = approved_at
    session.add(row)


def add_news(session: Session, obligation: Obligation, kind: Kind, at: datetime, note: str = "") -> None:
    """Adds something that somebody is told at once."""
    rows = select(func.count()).where(Checkpoint.obligation_id == obligation.id, Checkpoint.kind == kind)
    row = _row(obligation, Moment(kind, at, ordinal=session.exec(rows).one()))
    row.note = note
    session.add(row)


def checkpoints_of(session: Session, obligations: Iterable[int]) -> dict[int, tuple[Checkpoint, ...]]:
    """Obligation id -> its checkpoints, in the order in which they were planned."""
    wanted = set(obligations)
    found: dict[int, list[Checkpoint]] = {id_: [] for id_ in wanted}
    query = select(Checkpoint).where(col(Checkpoint.obligation_id).in_(wanted)).order_by(col(Checkpoint.id))
    for row in session.exec(query):
        found[row.obligation_id].append(row)
    return {id_: tuple(rows) for id_, rows in found.items()}


class Columns(NamedTuple):
    """The plain columns of a checkpoint: enough to see whether a plan still holds, and much cheaper than the row."""

    obligation_id: int
    kind: str
    step: int
    ordinal: int
    fate: str
    turn: int
    due_before: datetime | None
    planned_at: datetime
    at: datetime
    handled_at: datetime | None


def columns_of(session: Session, obligations: Iterable[int]) -> dict[int, list[Columns]]:
    """Obligation id -> the plain columns of its checkpoints that count, in the order in which they were planned."""
    wanted = set(obligations)
    found: dict[int, list[Columns]] = {id_: [] for id_ in wanted}
    columns = [Checkpoint.__table__.c[name] for name in Columns._fields]  # type: ignore[attr-defined]
    query = (
        core_select(*columns)
        .where(col(Checkpoint.obligation_id).in_(wanted), col(Checkpoint.fate).not_in(GONE))
        .order_by(col(Checkpoint.id))
    )
    for row in session.connection().execute(query):
        found[row[0]].append(Columns(*row))
    return found
