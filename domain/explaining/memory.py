"""What the audit trail remembers of one obligation and no other table keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.audit import AuditEntry
from domain.planning import Followed
from domain.sending import Mode

SWITCHED = "sending.switched"
OF_THE_OFFICE = (SWITCHED, "calendar.changed", "calendar.forgotten")  #: what concerns every obligation


@dataclass(frozen=True, slots=True)
class Remembered:
    """One entry of the trail, as far as an account needs it; purged words are missing from `said`."""

    at: datetime
    who: str
    verb: str
    subject: str
    said: dict[str, object]

    def words(self, name: str) -> str:
        """What was said under a name; empty where nothing was, or where it was purged."""
        found = self.said.get(name)
        return "" if found is None else str(found)

    @property
    def number(self) -> str:
        """The number, or the day, of what it is about."""
        return self.subject.partition(":")[2]


def remembered(session: Session, one: Followed, checkpoints: Iterable[int | None]) -> list[Remembered]:
    """Every entry about the obligation, its checkpoints and its notice, and about the office meanwhile, in order."""
    own = one.obligation
    subjects = [f"obligation:{own.id}", f"directive:{one.directive.id}", f"conclusion:{one.conclusion.id}"]
    subjects += [f"checkpoint:{id_}" for id_ in checkpoints]
    about = col(AuditEntry.subject).in_(subjects) | col(AuditEntry.verb).in_(OF_THE_OFFICE)
    query = select(AuditEntry).where(AuditEntry.office_id == own.office_id, about).order_by(col(AuditEntry.seq))
    found = [
        Remembered(row.effective_at, row.actor, row.verb, row.subject, row.payload or {}) for row in session.exec(query)
    ]
    ended = own.cancelled_at or own.closed_at
    return [row for row in found if row.verb not in OF_THE_OFFICE or _within(row.at, own.assigned_at, ended)]


def was_stopped(trail: Iterable[Remembered], since: datetime, until: datetime) -> bool:
    """Whether sending stood still at some time between two moments."""
    stopped_at: datetime | None = None
    for row in trail:
        if row.verb != SWITCHED:
            continue
        if row.words("mode") == Mode.STOPPED:
            stopped_at = row.at
        elif stopped_at is not None:
            if stopped_at < until and row.at > since:
                return True
            stopped_at = None
    return stopped_at is not None and stopped_at < until


def _within(moment: datetime, since: datetime, until: datetime | None) -> bool:
    return moment >= since and (until is None or moment <= until)
