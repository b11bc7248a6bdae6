"""Conclusions in the ledger: signed notices, what they tell whom to do, and the agencies that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy.types import JSON
from sqlmodel import Field, SQLModel

from domain.columns import UtcDateTime
from domain.drafts import Authority, DirectiveKind
from domain.obligations import WHOLE
from domain.regulations import REGULATION_ID

LEAD, COOPERATING, REPORT_TO = "lead", "cooperating", "report_to"


class ConclusionKind(StrEnum):
    """What a document in the ledger is."""

    NOTICE = "notice"  #: a signed notice of conclusions
    NEWS = "report"  #: news about a meeting, filed by hand
    REVIEW_REQUEST = "review_request"  #: the letter that asks the sides of a regulation for their reports


class Conclusion(SQLModel, table=True):
    """One signed notice."""

    __table_args__ = (
        UniqueConstraint("office_id", "number", "issued_on", "withdrawal"),
        Index("conclusion_order", "office_id", "issued_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    kind: str = ConclusionKind.NOTICE
    number: str
    issued_on: date
    meeting_on: date | None = None
    place: str | None = None
    title: str | None = None
    concluded_by: str | None = None
    signer: str | None = None
    source_name: str | None = None
    source_sha256: str | None = None
    source_text: str | None = Field(default=None, sa_column=Column(Text))
    contents_sha256: str  #: of what the draft says, so that filing twice is once
    follow_up: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))  #: the FollowUp policy, frozen
    filed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    track_from: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    planned_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: its flow has planned it
    regulation_id: int | None = Field(default=None, foreign_key=REGULATION_ID, index=True)  #: under which it was made
    withdrawal: int = 0  #: its own id once its filing was undone, so that the number is free again
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    folded: str = Field(default="", sa_column=Column(Text, nullable=False))  #: what is searched in, without accents


class Directive(SQLModel, table=True):
    """One thing a conclusion tells somebody to do."""

    __table_args__ = (UniqueConstraint("conclusion_id", "path"), Index("directive_order", "conclusion_id", "place"))

    id: int | None = Field(default=None, primary_key=True)
    conclusion_id: int = Field(foreign_key="conclusion.id")
    place: int  #: 0, 1, … in the order of the notice
    path: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    start: int | None = None
    end: int | None = None
    authority: str | None = None
    tracked: bool = True
    kind: str = DirectiveKind.TASK
    field: str = ""  #: of work, as the office's policy names it; empty: none was found
    raised_by: str = ""  #: of a petition or recommendation: whose it is
    deadline_kind: str
    phrase: str | None = None
    due_before: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    rrule: str | None = None
    explanation: str | None = None
    warnings: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    waits_for: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  #: a DraftWait
    event_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: when it happens, once supplied
    runs: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  #: a DraftPeriod
    first_period: str = WHOLE  #: of recurring work: the period that was opened when the notice was filed
    next_opening_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, index=True))  #: of a period
    folded: str = Field(default="", sa_column=Column(Text, nullable=False))  #: what is searched in, without accents


class DirectiveAgency(SQLModel, table=True):
    """An agency named in a directive, as it is written there; `agency_id` where the registry knows it."""

    __tablename__ = "directive_agency"
    __table_args__ = (UniqueConstraint("directive_id", "role", "written"),)

    id: int | None = Field(default=None, primary_key=True)
    directive_id: int = Field(foreign_key="directive.id", index=True)
    role: str
    written: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id")


def is_request(authority: str | None) -> bool:
    """Whether a directive asks rather than orders: courteous wording, no ladder (DESIGN: a request is not an order)."""
    return authority == Authority.REQUEST


def find_conclusion(session_rows: Iterable[Conclusion], words: str) -> Iterator[Conclusion]:
    """The conclusions that `words` names: an id, or a number such as 489/TB-VP."""
    wanted = words.strip().casefold()
    return (row for row in session_rows if wanted in (str(row.id), row.number.casefold()))
