"""The rows of reviews: cycles, their yearly schedules, what the sides submit, and what was compiled and signed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlalchemy.types import JSON
from sqlmodel import Field, SQLModel

from domain.columns import UtcDateTime
from domain.conclusions import Conclusion
from domain.links import LINK_ID
from domain.obligations import Obligation
from domain.policy import Section
from domain.regulations import REGULATION_ID
from domain.reports import StatusReport
from domain.reviews.periods import Period, parse_period

PARENTS = (Conclusion, Obligation, StatusReport)  #: the tables that these point to are loaded with them


class ReviewCycle(SQLModel, table=True):
    """One review of one regulation: its request to the sides is a conclusion like any other."""

    __tablename__ = "review_cycle"
    __table_args__ = (UniqueConstraint("regulation_id", "period"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    regulation_id: int = Field(foreign_key=REGULATION_ID)
    period: str  #: as `periods.parse_period` reads it
    due_before: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: first instant that is late
    conclusion_id: int = Field(foreign_key="conclusion.id", unique=True)
    form: list[dict[str, object]] = Field(sa_column=Column(JSON, nullable=False))  #: the policy's sections, frozen
    opened_by: str
    opened_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    @property
    def span(self) -> Period:
        """The days that are reviewed."""
        return parse_period(self.period)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is asked of every side."""
        return tuple(Section.model_validate(one) for one in self.form)


class ReviewSchedule(SQLModel, table=True):
    """A review that opens by itself each year."""

    __tablename__ = "review_schedule"
    __table_args__ = (UniqueConstraint("regulation_id", "shape"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    regulation_id: int = Field(foreign_key=REGULATION_ID)
    shape: str  #: a periods.Shape: year, half, nine_months
    opens_month: int
    opens_day: int
    due_month: int  #: of the last day in time; before the opening's: of the next year
    due_day: int
    of_last_year: bool = False  #: what opens in a year reviews the year before
    active: bool = True
    since: date  #: no review is opened for an opening day before this one


class SubmissionDraft(SQLModel, table=True):
    """What a side has written so far; replaced by each saving, gone when it is submitted."""

    __tablename__ = "submission_draft"

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="review_cycle.id", index=True)
    obligation_id: int = Field(foreign_key="obligation.id", unique=True)
    texts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  #: section's code -> its text
    figures: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  #: figure's code -> as it was typed
    files: list[dict[str, object]] = Field(sa_column=Column(JSON, nullable=False))  #: name, sha256, size in bytes
    who: str = ""
    phone: str = ""
    saved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    link_id: int | None = Field(default=None, foreign_key=LINK_ID)


class Submission(SQLModel, table=True):
    """What a side submitted, with the report that carried it; never changed: sent back and again is another one."""

    __table_args__ = (UniqueConstraint("obligation_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="review_cycle.id", index=True)
    obligation_id: int = Field(foreign_key="obligation.id")
    report_id: int = Field(foreign_key="status_report.id", unique=True)
    version: int  #: 1, 2, …
    texts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    figures: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  #: figure's code -> decimal number, "12.5"
    submitted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Compilation(SQLModel, table=True):
    """The figures of a period as they were compiled, and once signed, frozen."""

    __table_args__ = (UniqueConstraint("office_id", "scope", "period", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    scope: str  #: "office", or "regulation:3"
    period: str
    version: int  #: 1, 2, …: raised by compiling again what was signed
    cycle_id: int | None = Field(default=None, foreign_key="review_cycle.id", index=True)
    figures: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))  #: a `figures.PeriodFigures`
    submissions: list[dict[str, object]] = Field(sa_column=Column(JSON, nullable=False))  #: `compiling.SideSaid`s
    digest: str  #: SHA-256 of both in canonical JSON
    compiled_by: str
    compiled_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    signed_by: str | None = None
    signed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    papers: dict[str, dict[str, object]] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )  #: "report.docx" … -> name, sha256, size of what was signed, in the attachments folder
