"""Days, slots and last moments: what holds whatever the date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from config.settings import ROOT, ZONE
from domain.calendar import WorkingCalendar
from domain.deadlines import first_late_day, is_late, last_day
from domain.founding import _read_days
from domain.instants import at, iso, local
from domain.moments import Kind, Moment, Work, moments
from domain.offices import WorkingTime, working_time
from domain.policy import load_policy
from tests.story import OfficeStory

INSTANT = timedelta(microseconds=1)
POLICY = load_policy(ROOT / "policy.yaml")
CALENDAR = WorkingCalendar({row.day: row.worked for row in _read_days(ROOT / "calendar.yaml")})
OFFICE = WorkingTime(POLICY.office, CALENDAR)

days = st.dates(date(2017, 1, 1), date(2027, 12, 31))
overrides = st.dictionaries(st.dates(date(2018, 2, 1), date(2018, 4, 30)), st.booleans(), max_size=12)
instants = st.datetimes(datetime(2017, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def working_days(since: date, until: date) -> int:
    """How many working days lie in [since, until), counted one by one."""
    return sum(CALENDAR.is_working(since + timedelta(days=n)) for n in range((until - since).days))


def hcm(year: int, month: int, day: int, hour: int = 0) -> DateTime:
    return pendulum.datetime(year, month, day, hour, tz=ZONE)


def of_kind(planned: list[Moment], kind: Kind) -> dict[int, date]:
    return {moment.step: local(moment.at).date() for moment in planned if moment.kind == kind}


@given(instants)
def test_the_last_day_ends_where_lateness_begins(due_before: datetime) -> None:
    assert last_day(due_before) <= first_late_day(due_before) <= last_day(due_before) + timedelta(days=1)
    assert is_late(due_before, due_before)
    assert not is_late(due_before - INSTANT, due_before)
    assert last_day(due_before) == local(due_before - INSTANT).date()


@given(days)
def test_before_a_day_means_by_the_end_of_the_day_before(day: date) -> None:
    assert last_day(at(day)) == day - timedelta(days=1)
    assert first_late_day(at(day)) == day


@given(days, st.integers(1, 40))
def test_counting_forward_ends_on_a_working_day_and_skips_exactly_the_days_off(day: date, steps: int) -> None:
    end = CALENDAR.shift(day, steps)
    assert CALENDAR.is_working(end)
    assert working_days(day + timedelta(days=1), end + timedelta(days=1)) == steps


@given(days, st.integers(1, 40))
def test_counting_back_mirrors_counting_forward(day: date, steps: int) -> None:
    start = CALENDAR.on_or_after(day)
    assert CALENDAR.shift(CALENDAR.shift(start, -steps), steps) == start
    assert working_days(CALENDAR.shift(day, -steps), day) == steps


@given(days)
def test_no_working_day_lies_between_a_day_and_the_working_day_on_or_after_it(day: date) -> None:
    found = CALENDAR.on_or_after(day)
    assert CALENDAR.is_working(found)
    assert working_days(day, found) == 0


@given(overrides, st.dates(date(2018, 2, 1), date(2018, 4, 30)))
def test_the_office_has_the_last_word_on_its_own_days(own: dict[date, bool], day: date) -> None:
    assert WorkingCalendar(own).is_working(day) == own.get(day, WorkingCalendar().is_working(day))


@given(instants)
def test_reminders_count_working_days_back_from_the_last_day(due_before: datetime) -> None:
    planned = moments(Work(due_before, hcm(2017, 1, 3, 9)), POLICY.follow_up, OFFICE)
    counted = {step: working_days(day, last_day(due_before)) for step, day in of_kind(planned, Kind.REMIND).items()}
    assert counted == {7: 7, 3: 3, 1: 1}


@given(instants)
def test_the_ladder_counts_working_days_forward_from_the_first_late_working_day(due_before: datetime) -> None:
    planned = moments(Work(due_before, hcm(2017, 1, 3, 9)), POLICY.follow_up, OFFICE)
    start = CALENDAR.on_or_after(first_late_day(due_before))
    counted = {level: working_days(start, day) for level, day in of_kind(planned, Kind.ESCALATE).items()}
    assert counted == {1: 1, 2: 5, 3: 10}


@given(instants)
def test_the_next_round_is_at_a_slot_of_a_working_day(moment: datetime) -> None:
    slot = OFFICE.slot_on_or_after(moment)
    assert slot >= moment
    assert slot.time() in POLICY.office.slots
    assert CALENDAR.is_working(slot.date())
    assert OFFICE.is_open(slot)
    assert OFFICE.slot_on_or_after(slot) == slot
    assert OFFICE.next_slot(moment) > moment
    assert OFFICE.next_slot(slot) > slot


@given(instants, st.integers(0, 20 * 24))
def test_no_slot_is_left_out_between_two_moments(since: datetime, hours: int) -> None:
    until = since + timedelta(hours=hours)
    expected = [
        at(day, slot)
        for n in range(-1, hours // 24 + 3)
        if CALENDAR.is_working(day := local(since).date() + timedelta(days=n))
        for slot in POLICY.office.slots
        if since <= at(day, slot) <= until
    ]
    assert OFFICE.slots_between(since, until) == expected


@given(instants)
def test_a_message_leaves_at_once_in_hours_and_else_at_the_next_slot(moment: datetime) -> None:
    soonest = OFFICE.soonest(moment)
    assert OFFICE.is_open(soonest)
    assert soonest == (moment if OFFICE.is_open(moment) else OFFICE.slot_on_or_after(moment))


@pytest.mark.parametrize(
    ("utc", "last", "first_late"),
    [
        (datetime(2018, 3, 8, 17, 0, tzinfo=UTC), date(2018, 3, 8), date(2018, 3, 9)),
        (datetime(2018, 3, 8, 16, 59, 59, 999_999, tzinfo=UTC), date(2018, 3, 8), date(2018, 3, 8)),
        (datetime(2018, 3, 8, 17, 0, 0, 1, tzinfo=UTC), date(2018, 3, 9), date(2018, 3, 9)),
        (datetime(2017, 12, 31, 17, 0, tzinfo=UTC), date(2017, 12, 31), date(2018, 1, 1)),
    ],
)
def test_the_office_lives_seven_hours_ahead_of_utc(utc: datetime, last: date, first_late: date) -> None:
    assert (last_day(utc), first_late_day(utc)) == (last, first_late)


def test_a_slot_given_in_utc_is_found_on_the_wall_clock() -> None:
    assert OFFICE.slot_on_or_after(datetime(2018, 3, 9, 1, 0, tzinfo=UTC)) == hcm(2018, 3, 9, 8)
    assert OFFICE.slot_on_or_after(datetime(2018, 3, 9, 1, 0, 0, 1, tzinfo=UTC)) == hcm(2018, 3, 9, 14)
    assert OFFICE.slot_on_or_after(datetime(2018, 3, 9, 18, 0, tzinfo=UTC)) == hcm(2018, 3, 12, 8)
    assert iso(datetime(2018, 3, 8, 17, tzinfo=UTC)) == "2018-03-09T00:00:00+07:00"


def test_tet_2018_is_off_and_the_days_around_it_are_worked() -> None:
    february = [date(2018, 2, n) for n in range(13, 22)]
    assert [day.day for day in february if CALENDAR.is_working(day)] == [13, 21]


def test_the_new_years_day_swap_of_2026_is_in_the_calendar_of_a_new_office(office: OfficeStory) -> None:
    with office.ledger.look() as session:
        calendar = working_time(session, office.ledger.office_id).calendar
    assert not calendar.is_working(date(2026, 1, 2))
    assert calendar.is_working(date(2026, 1, 10))  # a Saturday
    assert not calendar.is_working(date(2026, 1, 17))


def test_the_moments_of_the_first_notice_are_those_everybody_agreed_on() -> None:
    planned = moments(Work(hcm(2018, 3, 9), hcm(2018, 3, 7, 9)), POLICY.follow_up, OFFICE)
    assert [(f"{local(m.at):%d/%m %H:%M}", m.kind, m.step) for m in planned] == [
        ("27/02 08:00", Kind.REMIND, 7),
        ("05/03 08:00", Kind.REMIND, 3),
        ("07/03 08:00", Kind.REMIND, 1),
        ("07/03 09:00", Kind.ASSIGN, 0),
        ("08/03 08:00", Kind.DUE, 0),
        ("09/03 08:00", Kind.OVERDUE, 0),
        ("12/03 08:00", Kind.ESCALATE, 1),
        ("16/03 08:00", Kind.ESCALATE, 2),
        ("23/03 08:00", Kind.ESCALATE, 3),
    ]
