"""What one round says about one piece of work, whatever has piled up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.settings import ROOT
from domain.calendar import WorkingCalendar
from domain.checkpoints import Checkpoint
from domain.instants import local
from domain.moments import FOR_OFFICE, NEWS, Kind
from domain.offices import WorkingTime
from domain.policy import load_policy
from domain.rounds import GENTLE, Judge, Told, Verdict

POLICY = load_policy(ROOT / "policy.yaml")
OFFICE = WorkingTime(POLICY.office, WorkingCalendar())
LATENESS = (Kind.OVERDUE, Kind.ESCALATE)
#: Everything of which one open row can wait at once: (kind, step, ordinal).
KEYS = (
    (Kind.REJECTED, 0, 0),
    (Kind.EXTENDED, 0, 1),
    (Kind.ASK, 0, 0),
    (Kind.VERIFY, 0, 0),
    (Kind.VERIFY, 0, 1),
    (Kind.LAPSE, 0, 0),
    (Kind.ASSIGN, 0, 0),
    *((Kind.REMIND, days, 0) for days in (7, 3, 1)),
    (Kind.DUE, 0, 0),
    (Kind.REQUEST_STATUS, 0, 0),
    (Kind.OVERDUE, 0, 0),
    *((Kind.ESCALATE, level, ordinal) for level in (1, 2, 3) for ordinal in (0, 1)),
)

slots = st.datetimes(datetime(2018, 1, 1), datetime(2018, 12, 31), timezones=st.just(UTC)).map(OFFICE.slot_on_or_after)  # noqa: DTZ001
ages = st.integers(0, 60 * 24).map(lambda hours: timedelta(hours=hours))
due_sets = st.lists(st.tuples(st.sampled_from(KEYS), ages), unique_by=lambda one: one[0], min_size=1)
histories = st.builds(
    lambda heard, unheard: (heard, unheard), st.dictionaries(st.integers(0, 3), ages, max_size=4), st.booleans()
)


def rows_of(now: datetime, due: Iterable[tuple[tuple[Kind, int, int], timedelta]]) -> list[Checkpoint]:
    return [
        Checkpoint(
            id=place,
            office_id=1,
            obligation_id=1,
            plan_no=1,
            kind=kind,
            step=step,
            ordinal=ordinal,
            planned_at=now - age,
            at=now - age,
        )
        for place, ((kind, step, ordinal), age) in enumerate(due)
    ]


class Case:
    """A round's moment, what waits, what was told, and the verdict."""

    def __init__(
        self,
        now: datetime,
        due: list[tuple[tuple[Kind, int, int], timedelta]],
        history: tuple[dict[int, timedelta], bool],
    ) -> None:
        heard, unheard = history
        self.now = now
        self.rows = rows_of(now, due)
        self.told = Told({level: now - age for level, age in heard.items()}, unheard)
        self.verdict: Verdict = Judge(OFFICE, now).judge(self.rows, self.told, POLICY.follow_up)

    def has(self, *kinds: Kind) -> bool:
        return any(row.kind in kinds for row in self.rows)


cases = st.builds(Case, slots, due_sets, histories)


@given(cases)
def test_everything_due_is_said_or_folded_or_postponed_and_nothing_is_lost(case: Case) -> None:
    verdict = case.verdict
    said = [] if verdict.say is None else [verdict.say]
    handled = [
        row.id
        for row in [
            *said,
            *verdict.also,
            *verdict.to_office,
            *verdict.passed,
            *verdict.fold,
            *(row for row, _ in verdict.postpone),
        ]
    ]
    assert sorted(handled, key=str) == sorted((row.id for row in case.rows), key=str)


@given(cases)
def test_nothing_is_postponed_into_the_past_or_outside_a_slot(case: Case) -> None:
    for row, until in case.verdict.postpone:
        assert until > case.now
        assert OFFICE.slot_on_or_after(until) == until
        assert row.kind in LATENESS


@given(cases)
def test_lateness_is_never_folded_away(case: Case) -> None:
    assert not any(row.kind in LATENESS for row in case.verdict.fold)


@given(cases)
def test_each_task_of_the_office_is_told_once_however_often_it_piled_up(case: Case) -> None:
    waiting = {(row.kind, row.step) for row in case.rows if row.kind in FOR_OFFICE}
    assert sorted((row.kind, row.step) for row in case.verdict.to_office) == sorted(waiting)


@given(cases)
def test_nobody_is_told_of_lateness_in_the_round_that_gives_the_work(case: Case) -> None:
    if case.has(Kind.ASSIGN):
        assert case.verdict.say is not None
        assert case.verdict.say.kind == Kind.ASSIGN
        tomorrow = local(case.now).date() + timedelta(days=1)
        assert all(local(until).date() >= tomorrow for _, until in case.verdict.postpone)


@given(cases)
def test_the_first_notice_of_lateness_waits_for_nothing_but_news(case: Case) -> None:
    if case.has(Kind.OVERDUE) and not case.has(*NEWS):
        assert case.verdict.say is not None
        assert case.verdict.say.kind == Kind.OVERDUE


@given(cases)
def test_a_level_is_told_only_when_the_one_below_was_heard_long_enough_ago(case: Case) -> None:
    say = case.verdict.say
    if say is None or say.kind != Kind.ESCALATE:
        return
    assert not case.told.unheard
    if say.step in case.told.announced:
        return
    heard = case.told.announced[say.step - 1]
    delay = POLICY.follow_up.delay_of(say.step)
    assert local(case.now).date() >= OFFICE.calendar.shift(local(heard).date(), delay)


@given(cases)
def test_the_lowest_step_is_told_first_and_the_others_keep_their_order(case: Case) -> None:
    say, waiting = case.verdict.say, case.verdict.postpone
    places = [(row.step, row.ordinal) for row, _ in waiting]
    assert places == sorted(places)
    assert [until for _, until in waiting] == sorted(until for _, until in waiting)
    if say is not None and say.kind in LATENESS:
        assert all((say.step, say.ordinal) < place for place in places)


@given(cases)
def test_of_gentle_news_only_the_most_serious_is_said(case: Case) -> None:
    gentle = [row for row in case.rows if row.kind in GENTLE]
    if gentle and not case.has(*NEWS, *LATENESS):
        say = case.verdict.say
        assert say in gentle
        assert say is not None
        assert say.kind == max((row.kind for row in gentle), key=GENTLE.index)
        assert say.step == min(row.step for row in gentle if row.kind == say.kind)


@given(slots, histories)
def test_a_round_with_nothing_due_says_nothing(now: datetime, history: tuple[dict[int, timedelta], bool]) -> None:
    assert Judge(OFFICE, now).judge([], Told(unheard=history[1]), POLICY.follow_up) == Verdict()


@given(slots)
def test_catching_up_tells_one_level_a_round_even_when_all_were_planned_long_ago(now: datetime) -> None:
    everything = [(key, timedelta(days=40)) for key in KEYS if key[0] in LATENESS and key[2] == 0]
    waiting, announced, told_on = rows_of(now, everything), dict[int, datetime](), list[datetime]()
    while waiting:
        verdict = Judge(OFFICE, now).judge([row for row in waiting if row.at <= now], Told(announced), POLICY.follow_up)
        for row, until in verdict.postpone:
            row.at = until
        if verdict.say is not None:
            waiting.remove(verdict.say)
            announced[verdict.say.step] = now
            told_on.append(now)
        if waiting:
            now = OFFICE.slot_on_or_after(min(row.at for row in waiting))
    days = [local(moment).date() for moment in told_on]
    shifted = [OFFICE.calendar.shift(days[0], delay) for delay in (0, 1, 5, 10)]
    assert days == shifted
