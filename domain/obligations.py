"""The unit that is tracked: one directive, one lead agency, one period."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from domain.columns import UtcDateTime, where
from domain.deadlines import is_late

WHOLE = ""  #: the period of an obligation that does not recur
AGAIN = "#"  #: ends the period's name of a cancelled obligation whose agency got the same work again


class State(StrEnum):
    """What somebody last did about an obligation. Overdue is not here: it is a function of now."""

    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"  #: complete, says the agency; the office has not verified it
    DONE = "done"
    RETURNED = "returned"  #: "not ours", says the agency; the office has not decided
    CANCELLED = "cancelled"


OPEN = (State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS)  #: the agency is to act
UNSETTLED = (*OPEN, State.RETURNED)


class Standing(StrEnum):
    """The figures an office publishes (Decision 42/2014/QĐ-TTg), and undated work beside them."""

    IN_TIME = "in_time"
    OVERDUE = "overdue"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    UNDATED = "undated"


class Obligation(SQLModel, table=True):
    """One directive × one lead agency × one period."""

    __table_args__ = (
        UniqueConstraint("directive_id", "agency_id", "period"),
        Index("obligation_open", "office_id", "due_before", "id", "state", **where("settled_at IS NULL")),
        Index(
            "obligation_settled",
            "office_id",
            "settled_at",
            "id",
            "state",
            "due_before",
            **where("settled_at IS NOT NULL"),
        ),
        Index("obligation_asked", "office_id", "asked_at", **where("asked_at IS NOT NULL")),
        Index("obligation_state", "office_id", "state"),
        Index(
            "obligation_figures", "office_id", "agency_id", "state", "due_before", "settled_at"
        ),  # counted from alone
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    directive_id: int = Field(foreign_key="directive.id")
    agency_id: int = Field(foreign_key="agency.id", index=True)
    period: str = WHOLE
    due_before: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: first instant that is late
    state: str = State.ASSIGNED
    plan_no: int = 0  #: raised each time the checkpoints are planned again; 0: not planned yet
    reported_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: a completion was reported
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: completion counts from here
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: the office accepted it
    #: the bound that the notice gave; extensions leave it
    first_due_before: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    assigned_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))  #: since when it is this agency's
    #: no lateness is announced earlier: an agency hears of its work before it is late with it
    lateness_from: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    turn: int = 0  #: raised each time the work is put to the agency anew; what was announced before counts no more
    acknowledged_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    heard_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: the agency last said something
    asked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: an extension waits since
    returned_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    cancelled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    extensions: int = 0  #: how many were granted
    link: int = 0  #: obligations with the same link settle together; 0: none
    came_from: int | None = Field(default=None, foreign_key="obligation.id")  #: the one that was reassigned

    def is_late(self, moment: datetime) -> bool:
        """Whether `moment` lies outside the time that was given; never for undated work."""
        return self.due_before is not None and is_late(moment, self.due_before)


def standing(obligation: Obligation, now: datetime) -> Standing:
    """Where the obligation stands at `now`, in the figures an office publishes."""
    settled_at = obligation.settled_at
    if settled_at is not None and settled_at <= now:  # reported complete, and not rejected
        return Standing.DONE_LATE if obligation.is_late(settled_at) else Standing.DONE_IN_TIME
    if obligation.due_before is None:
        return Standing.UNDATED
    return Standing.OVERDUE if obligation.is_late(now) else Standing.IN_TIME


def is_stale(obligation: Obligation, now: datetime, after_days: int) -> bool:
    """Whether undated work has been silent for so long that somebody should look (90 days, as provinces count it)."""
    if obligation.due_before is not None or obligation.state not in UNSETTLED:
        return False
    return now - (obligation.heard_at or obligation.assigned_at) >= timedelta(days=after_days)
