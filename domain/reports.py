"""What agencies say about their work: progress and completion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from domain.agencies import Agency
from domain.causes import cause_of
from domain.columns import UtcDateTime
from domain.conclusions import Conclusion, Directive
from domain.errors import Refusal
from domain.instants import at, iso
from domain.keys import key
from domain.life.extensions import drop_wish
from domain.life.linking import together
from domain.life.machine import Deed, advance, check
from domain.links import LINK_ID
from domain.obligations import OPEN, Obligation
from domain.planning import one_followed, replan
from domain.store import Change

COMPLETE = 100  #: percent


class StatusReport(SQLModel, table=True):
    """One report, and the letter that carries it where there is one."""

    __tablename__ = "status_report"

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    percent: int  #: 0–100; 100 is a completion
    note: str = Field(sa_column=Column(Text, nullable=False))
    letter_number: str | None = None
    letter_date: date | None = None
    door: str  #: "office" (entered by the office), "link", later "mail"
    actor: str
    who: str = ""  #: the officer who reports
    phone: str = ""
    link_id: int | None = Field(default=None, foreign_key=LINK_ID)  #: the link it came by
    cause: str = ""  #: a `causes.Cause`: why the work is late or takes longer, where the agency says so
    effective_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Attachment(SQLModel, table=True):
    """A file that came with a report; kept in the attachments folder under its SHA-256."""

    __table_args__ = (UniqueConstraint("report_id", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="status_report.id", index=True)
    name: str
    sha256: str
    size: int  #: bytes


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment whose bytes are already safe in the attachments folder."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency reports."""

    percent: int
    note: str
    actor: str
    door: str = "office"
    letter_number: str | None = None
    letter_date: date | None = None
    files: tuple[KeptFile, ...] = ()
    who: str = ""
    phone: str = ""
    cause: str = ""  #: a `causes.Cause`


def report(change: Change, obligation_id: int, said: Said) -> StatusReport:
    """Takes a report down as of `change.now`; a completion ends the reminding and waits for the office to verify it.

    A completion counts from the date of the letter that carried it, where one is given, else from now; what is linked
    settles with it. Raises Refusal for an unknown or settled obligation, an empty note, and a letter from the future.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    _check(change, one.obligation, said)
    row = _add(change, one.obligation, said)
    deed = Deed.COMPLETE if said.percent == COMPLETE else Deed.PROGRESS
    works = together(change, one) if deed is Deed.COMPLETE else [one]
    works = [work for work in works if work is one or work.obligation.state in OPEN]
    for work in works:
        own = work.obligation
        if deed is Deed.COMPLETE:
            drop_wish(change, own)
            own.reported_at = change.now
            own.settled_at = min(change.now, at(said.letter_date)) if said.letter_date else change.now
        own.heard_at = change.now
        advance(
            change,
            own,
            deed,
            report=row.id,
            percent=said.percent,
            note=said.note,
            letter=said.letter_number,
            settled_at=iso(own.settled_at),
        )
    replan(change, works)
    return row


def _check(change: Change, obligation: Obligation, said: Said) -> None:
    check(change, obligation, Deed.COMPLETE if said.percent == COMPLETE else Deed.PROGRESS)
    if not said.note.strip():
        raise Refusal("errors.empty_note")
    if not 0 <= said.percent <= COMPLETE:
        raise Refusal("errors.bad_percent", percent=said.percent)
    if said.letter_date and at(said.letter_date) > change.now:
        raise Refusal("errors.letter_from_future", day=f"{said.letter_date:%d/%m/%Y}")


def _add(change: Change, obligation: Obligation, said: Said) -> StatusReport:
    row = StatusReport(
        obligation_id=key(obligation.id),
        percent=said.percent,
        note=said.note.strip(),
        letter_number=said.letter_number,
        letter_date=said.letter_date,
        door=said.door,
        actor=said.actor,
        who=said.who,
        phone=said.phone,
        link_id=change.link_id,
        cause=cause_of(said.cause),
        effective_at=change.now,
        recorded_at=change.recorded_at,
    )
    change.session.add(row)
    change.session.flush()
    change.session.add_all(
        Attachment(report_id=key(row.id), name=file.name, sha256=file.sha256, size=file.size) for file in said.files
    )
    return row


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with what it speaks of."""

    at: datetime
    path: str
    agency: str
    percent: int
    note: str


def reported_rows(session: Session, office_id: int, *conditions: object) -> list[Reported]:
    """What agencies reported, in time order."""
    query = (
        select(StatusReport, Directive.path, Agency.name)
        .join(Obligation, col(Obligation.id) == col(StatusReport.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .join(Agency, col(Agency.id) == col(Obligation.agency_id))
        .where(Obligation.office_id == office_id, *conditions)  # type: ignore[arg-type]
        .order_by(col(StatusReport.effective_at), col(StatusReport.id))
    )
    return [
        Reported(said.effective_at, path, agency, said.percent, said.note) for said, path, agency in session.exec(query)
    ]
