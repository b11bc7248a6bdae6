"""Planning: the moments of a piece of work, and planning it again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from config.settings import ROOT
from domain.calendar import WorkingCalendar
from domain.checkpoints import Checkpoint, Fate, plan
from domain.errors import Refusal
from domain.instants import local
from domain.moments import Kind, Work, moments
from domain.obligations import Obligation
from domain.offices import WorkingTime
from domain.planning import plan_conclusion
from domain.policy import load_policy
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

POLICY = load_policy(ROOT / "policy.yaml")
OFFICE = WorkingTime(POLICY.office, WorkingCalendar())
LATENESS = (Kind.OVERDUE, Kind.ESCALATE)

instants = st.datetimes(datetime(2018, 1, 1), datetime(2019, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
works = st.builds(
    Work,
    due_before=st.none() | instants,
    assigned_at=instants,
    tracked=st.booleans(),
    request=st.booleans(),
    track_from=st.none() | instants,
)
dated = st.builds(Work, due_before=instants, assigned_at=instants, track_from=st.none() | instants)


def key_of(row: Checkpoint) -> tuple[str, int, int]:
    return row.kind, row.step, row.ordinal


class Plan:
    """The checkpoints of one obligation, planned by the real functions in a session that never meets a database."""

    def __init__(self, work: Work) -> None:
        self.obligation = Obligation(id=1, office_id=1, directive_id=1, agency_id=1, due_before=work.due_before)
        self.rows: list[Checkpoint] = []

    def plans(self, work: Work, now: datetime, office: WorkingTime = OFFICE) -> list[Checkpoint]:
        """Plans as of `now`; answers what is new."""
        session = Session()
        self.obligation.due_before = work.due_before
        wanted = moments(work, POLICY.follow_up, office)
        plan(session, self.obligation, tuple(self.rows), wanted, now=now, track_from=work.track_from)
        known = {id(row) for row in self.rows}
        fresh = [row for row in session.new if isinstance(row, Checkpoint) and id(row) not in known]
        session.expunge_all()
        self.rows += fresh
        return fresh

    def handles_until(self, now: datetime) -> list[Checkpoint]:
        due = [row for row in self.rows if row.fate == Fate.OPEN and row.at <= now]
        for row in due:
            row.fate, row.handled_at = Fate.DONE, now
        return due

    def open(self) -> list[Checkpoint]:
        return [row for row in self.rows if row.fate == Fate.OPEN]

    def keys(self) -> list[tuple[int, str, int, int]]:
        return [(row.plan_no, *key_of(row)) for row in self.rows]


@given(works)
def test_every_moment_but_the_assignment_is_at_a_slot_in_order_and_planned_once(work: Work) -> None:
    planned = moments(work, POLICY.follow_up, OFFICE)
    assert [one.at for one in planned] == sorted(one.at for one in planned)
    assert len({one.key for one in planned}) == len(planned)
    assert all(OFFICE.slot_on_or_after(one.at) == one.at for one in planned if one.kind != Kind.ASSIGN)
    assert [OFFICE.is_open(one.at) for one in planned if one.kind == Kind.ASSIGN] == [True]


@given(dated)
def test_nobody_is_called_late_in_time_or_reminded_when_late(work: Work) -> None:
    assert work.due_before is not None
    planned = moments(work, POLICY.follow_up, OFFICE)
    assert all(one.at >= work.due_before for one in planned if one.kind in LATENESS)
    assert all(one.at < work.due_before for one in planned if one.kind == Kind.REMIND)
    assume(local(work.due_before - timedelta(microseconds=1)).time() >= POLICY.office.slots[0])
    assert all(one.at < work.due_before for one in planned if one.kind == Kind.DUE)


@given(works)
def test_work_for_information_is_told_once_and_a_request_climbs_no_ladder(work: Work) -> None:
    kinds = [one.kind for one in moments(work, POLICY.follow_up, OFFICE)]
    if not work.tracked:
        assert kinds == [Kind.ASSIGN]
    elif work.due_before is None:
        assert sorted(kinds) == [Kind.ASSIGN, Kind.REQUEST_STATUS, Kind.STALE]
    else:
        assert (Kind.ESCALATE in kinds) == (not work.request)


@given(works, instants, instants)
def test_planning_again_without_a_change_changes_nothing(work: Work, first: datetime, later: datetime) -> None:
    planned = Plan(work)
    assert planned.plans(work, first)
    planned.handles_until(later)
    before = [(row.kind, row.step, row.ordinal, row.at, row.fate) for row in planned.rows]
    assert planned.plans(work, max(first, later)) == []
    assert [(row.kind, row.step, row.ordinal, row.at, row.fate) for row in planned.rows] == before


@given(dated, instants, st.integers(1, 200 * 24))
def test_after_an_extension_the_old_bound_never_fires_and_done_stays_done(
    work: Work, now: datetime, hours: int
) -> None:
    assert work.due_before is not None
    planned = Plan(work)
    planned.plans(work, work.assigned_at)
    done = planned.handles_until(now)
    later = Work(work.due_before + timedelta(hours=hours), work.assigned_at, track_from=work.track_from)
    fresh = planned.plans(later, now)
    assert all(row.fate == Fate.DONE for row in done)
    assert {row.due_before for row in planned.open() if row.kind != Kind.ASSIGN} <= {later.due_before}
    assert all(row.at > now for row in fresh)
    assert len(planned.keys()) == len(set(planned.keys()))
    open_keys = [key_of(row) for row in planned.open()]
    assert len(open_keys) == len(set(open_keys))


@given(dated)
def test_what_lies_before_the_day_the_office_tracks_from_is_skipped(work: Work) -> None:
    assume(work.track_from is not None)
    assert work.track_from is not None
    planned = Plan(work)
    planned.plans(work, work.assigned_at)
    assert all((row.fate == Fate.SKIPPED) == (row.at < work.track_from) for row in planned.rows)


@given(dated)
def test_each_step_of_the_ladder_stands_open_once(work: Work) -> None:
    planned = Plan(work)
    planned.plans(work, work.assigned_at)
    steps = [(row.kind, row.step) for row in planned.open() if row.kind in LATENESS]
    assert len(steps) == len(set(steps))


def test_tracking_from_a_day_between_lateness_and_the_ladder_tells_each_level_once(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00", track_from="2018-03-12")
    office.waits_until("2018-04-10")
    assert office.told("Sở Nội vụ") == ["12/3 Quá hạn", "13/3 Báo cáo vượt cấp"]
    assert office.told("Chánh Văn phòng") == ["19/3 Báo cáo vượt cấp"]
    assert office.told("Chủ tịch")[0] == "26/3 Báo cáo vượt cấp"


@given(instants, st.integers(0, 30 * 24), st.sets(st.integers(0, 25), max_size=10))
def test_a_new_calendar_moves_what_waits_and_loses_none_of_it(
    due_before: datetime, outage: int, days_off: set[int]
) -> None:
    work = Work(due_before, due_before - timedelta(days=20))
    planned = Plan(work)
    planned.plans(work, work.assigned_at)
    planned.handles_until(due_before - timedelta(microseconds=1))  # after that nothing ran
    waiting = sorted(key_of(row) for row in planned.open() if row.kind in LATENESS)
    own: dict[date, bool] = {local(due_before).date() + timedelta(days=n): False for n in days_off}
    planned.plans(work, due_before + timedelta(hours=outage), WorkingTime(POLICY.office, WorkingCalendar(own)))
    assert sorted(key_of(row) for row in planned.open() if row.kind in LATENESS) == waiting
    assert len(planned.keys()) == len(set(planned.keys()))


def test_an_extension_into_the_past_is_refused_or_followed_up(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-20 09:00")
    told = len(office.told("Sở Nội vụ"))
    try:
        office.extends("Sở Nội vụ", "2018-03-14")  # a day that has passed, too
    except Refusal:
        return
    office.waits_until("2018-04-30 17:00")
    assert office.told("Sở Nội vụ")[told:][:1] in (["20/3 Quá hạn"], ["21/3 Quá hạn"])
    assert office.told("Chủ tịch")


def test_a_conclusion_planned_twice_has_the_checkpoints_of_one_planned_once(any_office: OfficeStory) -> None:
    filed = any_office.files(draft(directive("Sở Nội vụ", "2018-03-21"), directive("Sở Y tế", path="2")))
    seen = []
    for _ in range(2):
        with any_office.ledger.change(now=any_office.now, actor="test") as change:
            plan_conclusion(change, filed.conclusion.id or 0)
        seen.append(any_office.timeline())
    assert seen[0] == seen[1]


def test_superseded_moments_stay_visible_after_an_extension(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-21")), "2018-03-07 09:00")
    any_office.waits_until("2018-03-09 09:00")
    any_office.extends("Sở Nội vụ", "2018-04-11")
    old, new = parse_moment("2018-03-21"), parse_moment("2018-04-11")
    with any_office.ledger.look() as session:
        rows = session.exec(select(Checkpoint).order_by(col(Checkpoint.id))).all()
    assert {row.fate for row in rows if row.due_before == old} == {Fate.DONE, Fate.SUPERSEDED}
    assert {row.fate for row in rows if row.due_before == new} == {Fate.OPEN}
