"""What comes: the rounds, what they will say today and tomorrow, and whom to call about what is late."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pendulum import DateTime
from sqlalchemy import CTE, ColumnElement, and_, case, exists, func, literal, union_all
from sqlalchemy import select as core_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from domain.agencies import Agency, Contact
from domain.audit import AuditEntry
from domain.checkpoints import Checkpoint, Fate
from domain.conclusions import Conclusion, Directive
from domain.instants import at, local
from domain.keys import key
from domain.moments import FOR_OFFICE, NEWS, Kind
from domain.obligations import Obligation
from domain.offices import WorkingTime
from domain.policy import Role
from domain.reports import StatusReport
from domain.rounds import GENTLE
from domain.sheet import Coming, may_hold
from domain.views import Planned

SPARE = 5  #: moments looked at beyond the rounds that are asked for; almost all stand at a slot already

#: What a day says, the most serious first; levels of the ladder stand among themselves by their step.
SERIOUS = (Kind.ESCALATE, Kind.APPROVE, Kind.OVERDUE, *NEWS, *reversed(GENTLE))


@dataclass(frozen=True, slots=True)
class Slot:
    """A round to come."""

    at: DateTime
    checkpoints: int
    openings: int = 0  #: periods of recurring work that open


def coming_rounds(session: Session, office_id: int, now: DateTime, hours: WorkingTime, most: int) -> list[Slot]:
    """The next rounds at which something waits; what is overripe comes with the first of them."""
    waiting = (col(Checkpoint.office_id) == office_id, col(Checkpoint.fate) == Fate.OPEN)
    at_ = col(Checkpoint.at)
    overripe = core_select(literal(0).label("opens"), func.min(at_).label("at"), func.count().label("count")).where(
        *waiting, at_ <= now
    )
    moments = _moments(waiting, now, most + SPARE)
    count = core_select(func.count()).select_from(Checkpoint).where(*waiting, at_ == moments.c.at).scalar_subquery()
    later = core_select(literal(0), moments.c.at, count).where(moments.c.at.is_not(None))
    opening = col(Directive.next_opening_at)
    openings = (
        core_select(literal(1), opening, func.count())
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(col(Conclusion.office_id) == office_id, opening.is_not(None))
        .group_by(opening)
    )
    counts: dict[DateTime, Counter[int]] = defaultdict(Counter)
    for opens, when, how_many in session.connection().execute(union_all(overripe, later, openings)):
        if how_many:
            counts[_slot(when, now, hours)][opens] += how_many
    return [Slot(slot, found[0], found[1]) for slot, found in sorted(counts.items())[:most]]


def _moments(waiting: tuple[ColumnElement[bool], ...], now: DateTime, most: int) -> CTE:
    """The next different moments of what waits, each found from the one before by its index: what waits at each of
    them may be much, and most of it is far away."""
    first = core_select(func.min(col(Checkpoint.at)).label("at"), literal(1).label("place"))
    found = first.where(*waiting, col(Checkpoint.at) > now).cte("moments", recursive=True)
    following = core_select(func.min(col(Checkpoint.at))).where(*waiting, col(Checkpoint.at) > found.c.at)
    step = core_select(following.scalar_subquery(), found.c.place + 1)
    return found.union_all(step.where(found.c.at.is_not(None), found.c.place < most))


def _slot(moment: datetime, now: DateTime, hours: WorkingTime) -> DateTime:
    """The round that takes a moment, as Prefect is asked for it."""
    return hours.slot_on_or_after(moment) if moment > now else hours.next_slot(now)


@dataclass(frozen=True, slots=True)
class Held:
    """A round that was held."""

    at: DateTime
    said: int  #: who was told of what, each pair once
    messages: int


def past_rounds(session: Session, office_id: int, most: int) -> list[Held]:
    """The rounds that were held, the latest first."""
    query = select(AuditEntry).where(AuditEntry.office_id == office_id, AuditEntry.verb == "round.held")
    rows = session.exec(query.order_by(col(AuditEntry.seq).desc()).limit(most))
    return [Held(local(row.effective_at), _count(row, "said"), _count(row, "messages")) for row in rows]


def _count(entry: AuditEntry, name: str) -> int:
    """A figure of an entry; none where its contents were purged."""
    value = (entry.payload or {}).get(name, 0)
    return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the sheet: today, and the next working day."""

    today: date
    next: date

    @classmethod
    def of(cls, now: datetime, hours: WorkingTime) -> Days:
        """As the command `sheet` counts them."""
        today = local(now).date()
        return cls(today, hours.calendar.on_or_after(today + timedelta(days=1)))

    @property
    def after_today(self) -> DateTime:
        """The first instant after today."""
        return at(self.today + timedelta(days=1))

    @property
    def end(self) -> DateTime:
        """The last instant of the next working day."""
        return at(self.next + timedelta(days=1)).subtract(microseconds=1)


def what_goes_out(session: Session, office_id: int, days: Days) -> tuple[Counter[str], Counter[str]]:
    """(today, after it and up to the end of the next working day): kind -> how many, unless somebody holds them."""
    later = case((col(Checkpoint.at) >= days.after_today, 1), else_=0).label("later")
    query = (
        core_select(later, col(Checkpoint.kind), func.count())
        .where(
            col(Checkpoint.office_id) == office_id, col(Checkpoint.fate) == Fate.OPEN, col(Checkpoint.at) <= days.end
        )
        .group_by(later, "kind")
    )
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for place, kind, count in session.connection().execute(query):
        found[place][kind] += count
    return found


def in_order(kinds: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Kinds with their numbers, the most serious first."""
    return sorted(kinds, key=lambda pair: _seriousness(pair[0]))


def most_serious(rows: Iterable[Coming]) -> list[Coming]:
    """What goes out, the most serious first: by day, by kind, then the highest level of the ladder."""
    return sorted(rows, key=lambda row: (local(row.planned.checkpoint.at).date(), *_place(row.planned)))


def ladder(session: Session, office_id: int, days: Days, most: int) -> list[Coming]:
    """Levels of the ladder that are announced up to the next working day: those that wait for approval, then today's,
    each from the highest down."""
    asked = aliased(Checkpoint)
    approval = exists().where(
        col(asked.obligation_id) == col(Checkpoint.obligation_id),
        col(asked.kind) == Kind.APPROVE,
        col(asked.step) == col(Checkpoint.step),
        col(Checkpoint.approved_at).is_(None),
    )
    first = case((approval, 0), (col(Checkpoint.at) < days.after_today, 1), else_=2)
    highest = (
        select(Checkpoint.id)
        .where(
            Checkpoint.office_id == office_id,
            Checkpoint.fate == Fate.OPEN,
            col(Checkpoint.at) <= days.end,
            Checkpoint.kind == Kind.ESCALATE,
        )
        .order_by(first, col(Checkpoint.step).desc(), col(Checkpoint.at), col(Checkpoint.id))
        .limit(most)
    )
    rows = may_hold(session, office_id, days.end, col(Checkpoint.id).in_(highest))
    return sorted(most_serious(rows), key=lambda row: not row.needs_approval)


def _place(row: Planned) -> tuple[int, int, datetime]:
    return _seriousness(row.checkpoint.kind), -row.checkpoint.step, row.checkpoint.at


def _seriousness(kind: str) -> int:
    known = Kind(kind)
    return SERIOUS.index(known) if known in SERIOUS else len(SERIOUS) + FOR_OFFICE.index(known)


@dataclass(frozen=True, slots=True)
class ToCall:
    """Whom to call at an agency."""

    agency: str
    officer: str = ""
    address: str = ""
    reporter: str = ""  #: who last reported and left a telephone number
    phone: str = ""

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return "".join(c for c in self.phone if c.isdecimal() or c == "+")


def to_call(session: Session, agencies: Collection[int]) -> dict[int, ToCall]:
    """Agency id -> its name, its officer, and who last reported by telephone number."""
    officers = (
        core_select(col(Agency.id), col(Agency.name), col(Contact.name), col(Contact.address))
        .outerjoin(Contact, and_(col(Contact.agency_id) == col(Agency.id), col(Contact.role) == Role.OFFICER))
        .where(col(Agency.id).in_(agencies))
        .order_by(col(Contact.id).desc())  # the first contact of a role is the one that counts: it is written last
    )
    phones = _phones(session, agencies)
    found: dict[int, ToCall] = {}
    for id_, name, officer, address in session.connection().execute(officers):
        reporter, phone = phones.get(key(id_), ("", ""))
        found[key(id_)] = ToCall(name, "" if officer in (name, None) else officer, address or "", reporter, phone)
    return found


def _phones(session: Session, agencies: Collection[int]) -> dict[int, tuple[str, str]]:
    latest = (
        core_select(func.max(col(StatusReport.id)))
        .join(Obligation, col(Obligation.id) == col(StatusReport.obligation_id))
        .where(col(Obligation.agency_id).in_(agencies), col(StatusReport.phone) != "")
        .group_by(col(Obligation.agency_id))
    )
    query = (
        core_select(col(Obligation.agency_id), col(StatusReport.who), col(StatusReport.phone))
        .join(Obligation, col(Obligation.id) == col(StatusReport.obligation_id))
        .where(col(StatusReport.id).in_(latest))
    )
    return {agency: (who, phone) for agency, who, phone in session.connection().execute(query)}
