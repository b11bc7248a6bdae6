"""The office whose ledger this is: its hours and slots, its calendar, its people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from pendulum import DateTime
from sqlalchemy import Column, UniqueConstraint
from sqlalchemy.types import JSON
from sqlmodel import Field, Session, SQLModel, select

from domain.calendar import WorkingCalendar
from domain.columns import UtcDateTime
from domain.instants import at, local
from domain.keys import key
from domain.policy import FollowUp, OfficePolicy, Policy


class Office(SQLModel, table=True):
    """The issuer and how it works. `simulated` ledgers take any moment as now and send only into a folder."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    simulated: bool = False
    simulated_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: how far a replay has come
    sending: str = "live"  #: a Mode of the switch
    redirect_to: str = ""  #: the address of Mode.REDIRECTED
    unheard: bool = False  #: something was said that went to another address than the one it was meant for
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    settings: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))  #: an OfficePolicy, always live
    follow_up: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))  #: a FollowUp, copied on filing


class Official(SQLModel, table=True):
    """Who fills a role of the ladder inside the office."""

    __table_args__ = (UniqueConstraint("office_id", "role", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    role: str
    name: str
    address: str


class CalendarDay(SQLModel, table=True):
    """A day on which the office departs from the country's calendar."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("office_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    day: date
    worked: bool
    reason: str


class WorkingTime:
    """When the office acts: its working days, slots and hours, all in Asia/Ho_Chi_Minh."""

    def __init__(self, policy: OfficePolicy, calendar: WorkingCalendar) -> None:
        self.policy = policy
        self.calendar = calendar

    def first_slot(self, day: date) -> DateTime:
        """The first slot of the first working day that is not before `day`."""
        return at(self.calendar.on_or_after(day), self.policy.slots[0])

    def slot_on_or_after(self, moment: datetime) -> DateTime:
        """The first slot that is not before `moment`."""
        wall = local(moment)
        if self.calendar.is_working(wall.date()):
            for slot in self.policy.slots:
                if at(wall.date(), slot) >= wall:
                    return at(wall.date(), slot)
        return self.first_slot(wall.date() + timedelta(days=1))

    def next_slot(self, moment: datetime) -> DateTime:
        """The first slot after `moment`."""
        return self.slot_on_or_after(moment + timedelta(microseconds=1))

    def slots_between(self, since: datetime, until: datetime) -> list[DateTime]:
        """Every slot in [since, until]."""
        found, slot = [], self.slot_on_or_after(since)
        while slot <= until:
            found.append(slot)
            slot = self.next_slot(slot)
        return found

    def is_open(self, moment: datetime) -> bool:
        """Whether messages may leave at `moment`."""
        wall = local(moment)
        hours = self.policy.hours
        return self.calendar.is_working(wall.date()) and hours.from_ <= time(wall.hour, wall.minute) <= hours.until

    def soonest(self, moment: datetime) -> datetime:
        """`moment` itself within hours, else the next slot."""
        return moment if self.is_open(moment) else self.slot_on_or_after(moment)


def the_office(session: Session, office_id: int) -> Office:
    """The office's row."""
    return session.exec(select(Office).where(Office.id == office_id)).one()


def working_time(session: Session, office_id: int) -> WorkingTime:
    """The office's hours and calendar as they are now: always live, so never kept between transactions."""
    days = session.exec(select(CalendarDay).where(CalendarDay.office_id == office_id))
    overrides = {day.day: day.worked for day in days}
    return WorkingTime(office_policy(the_office(session, office_id)), WorkingCalendar(overrides))


def office_policy(office: Office) -> OfficePolicy:
    """The office's own part of the policy."""
    return OfficePolicy.model_validate(office.settings)


def follow_up_policy(office: Office) -> FollowUp:
    """The part of the policy that a conclusion takes along when it is filed."""
    return FollowUp.model_validate(office.follow_up)


def new_office(session: Session, name: str, policy: Policy, *, simulated: bool, now: datetime) -> Office:
    """Adds the office and its people; the caller records it."""
    office = Office(
        name=name,
        simulated=simulated,
        simulated_at=now if simulated else None,
        sending="live" if simulated else "shadow",
        unheard=not simulated,
        created_at=now,
        settings=policy.office.model_dump(mode="json", by_alias=True),
        follow_up=policy.follow_up.model_dump(mode="json"),
    )
    session.add(office)
    session.flush()
    for person in policy.office.officials:
        session.add(Official(office_id=key(office.id), role=person.role, name=person.name, address=person.address))
    return office
