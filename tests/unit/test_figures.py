"""The dashboard's figures: the same as everywhere else, counted by the database; on both databases alike."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from domain.actors import By
from domain.coming import Days, coming_rounds, ladder, past_rounds, to_call, what_goes_out
from domain.deadlines import last_day
from domain.figures import Figures, Memory, figures, mark
from domain.instants import local
from domain.life import extensions, handing, holding, verification
from domain.life.withdrawal import withdraw
from domain.listing.asked import Asked, Waiting
from domain.listing.obligations import work_page
from domain.moments import Kind
from domain.obligations import Standing, State
from domain.offices import working_time
from domain.planning import open_calendar
from domain.reports import COMPLETE, Said, report
from domain.sheet import may_hold
from domain.views import StatusRow, planned_rows
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

NOW = "2018-04-11 09:00"  #: a Wednesday


@pytest.fixture
def lively(any_office: OfficeStory) -> OfficeStory:
    """Six weeks of an office: late, later, due today, due soon, undated, done in time and late, cancelled, extended."""
    story = any_office
    story.files(
        draft(
            directive(["Sở Nội vụ", "Sở Y tế"], "2018-03-20", path="1"),
            directive(["Sở Nội vụ", "Sở Tài chính"], "2018-03-26", path="2"),
            directive(["Sở Nội vụ", "Sở Tư pháp"], "2018-04-12", path="3"),
            directive("Sở Xây dựng", "2018-04-15", path="4"),
            directive("Sở Công Thương", "2018-05-05", path="5"),
            directive("Sở Ngoại vụ", None, path="6"),
            directive("Sở Giao thông vận tải", "2018-04-11 08:00", path="7"),
            directive("Sở Khoa học và Công nghệ", "2018-03-16", path="8"),
            number="41/TB-VP",
        ),
        "2018-03-07 09:00",
    )
    story.files(draft(directive(["Sở Y tế", "Sở Tài chính"], "2018-03-28"), number="42/TB-VP"), "2018-03-08 09:00")
    story.holds_round("2018-03-08 10:00")
    story.sleeps_until("2018-03-19 10:00")
    ids = numbered(story)
    story.does(report, ids["41/TB-VP", "1", "Sở Y tế"], Said(COMPLETE, "Xong.", "Bình", "link"), by=By.AGENCY)
    story.sleeps_until("2018-04-03 10:00")
    said = Said(COMPLETE, "Xong.", "Chi", "link", who="Trần Chi", phone="0912 345.678")
    story.does(report, ids["41/TB-VP", "2", "Sở Tài chính"], said, by=By.AGENCY)
    story.does(verification.accept, ids["41/TB-VP", "1", "Sở Y tế"])
    wished = parse_moment("2018-05-01")
    story.does(extensions.ask, ids["41/TB-VP", "3", "Sở Tư pháp"], wished, "Chờ Bộ.", "Dũng", by=By.AGENCY)
    story.does(handing.give_back, ids["41/TB-VP", "5", "Sở Công Thương"], "Không phải việc của Sở.", "An", by=By.AGENCY)
    story.does(handing.cancel, ids["41/TB-VP", "8", "Sở Khoa học và Công nghệ"], "Không cần nữa.")
    story.holds_round(NOW)
    return story


def numbered(story: OfficeStory) -> dict[tuple[str, str, str], int]:
    return {(row.conclusion, row.path, row.agency): row.id for row in story.everything()}


def counted(story: OfficeStory) -> Figures:
    with story.ledger.look() as session:
        return figures(session, story.ledger.office_id, story.now)


def listed(session: Session, story: OfficeStory, asked: Asked) -> int:
    return work_page(session, story.ledger.office_id, story.now, asked, "", 1).total


def test_the_standings_are_those_of_the_status(lively: OfficeStory) -> None:
    found, rows = counted(lively), lively.status()
    assert len({row.standing for row in rows}) == len(Standing)  # every standing occurs
    assert found.totals.counts == Counter(str(row.standing) for row in rows)
    assert found.totals.total == len(lively.everything()) - 1  # what was cancelled counts in none
    by_agency: dict[str, Counter[str]] = {}
    for row in rows:
        by_agency.setdefault(row.agency, Counter())[row.standing] += 1
    with lively.ledger.look() as session:
        names = to_call(session, [one.agency for one in found.agencies])
    assert {names[one.agency].agency: Counter(one.tally.counts) for one in found.agencies} == by_agency


def test_the_most_late_agency_comes_first_with_what_is_late_longest(lively: OfficeStory) -> None:
    found, rows = counted(lively), [row for row in lively.status() if row.standing == Standing.OVERDUE]
    with lively.ledger.look() as session:
        names = to_call(session, [one.agency for one in found.agencies])
    order = [(names[one.agency].agency, one.tally.late, one.oldest) for one in found.most_late]

    def of(agency: str) -> list[StatusRow]:
        return [row for row in rows if row.agency == agency]

    assert order[0] == ("Sở Nội vụ", 2, min(row.due_before for row in of("Sở Nội vụ") if row.due_before))
    assert {(agency, late) for agency, late, _ in order} == {(row.agency, len(of(row.agency))) for row in rows}
    assert [late for _, late, _ in order] == sorted((late for _, late, _ in order), reverse=True)


def test_due_days_are_the_last_days_of_what_is_open(lively: OfficeStory) -> None:
    found, today = counted(lively), local(lively.now).date()
    monday = today - timedelta(days=today.weekday())
    wanted: Counter[date] = Counter()
    for row in lively.status():
        day = last_day(row.due_before) if row.due_before else date.min
        late = row.standing == Standing.OVERDUE and monday <= day < today
        if late or (row.standing == Standing.IN_TIME and day < monday + timedelta(days=42)):
            wanted[day] += 1
    assert wanted  # something is due
    assert found.due_days == wanted
    assert found.due_days[today] == 2  # "trước ngày 12/4" ends with the 11th; what was due at eight is late already
    with lively.ledger.look() as session:
        for days in (7, 30):
            asked = Asked(standing=Standing.IN_TIME, due_from=today, due_to=today + timedelta(days=days))
            assert found.due_within(today, days) == listed(session, lively, asked)


def test_lateness_over_time_is_what_the_status_said_at_the_end_of_each_week(lively: OfficeStory) -> None:
    weeks, now = counted(lively).weeks, lively.now
    everything = {row.id: row for row in lively.everything()}
    cancelled = {one.id: one.cancelled_at for one in lively.obligations() if one.state == State.CANCELLED}
    assert (len(weeks), weeks[-1].until, weeks[0].first_day) == (12, now, date(2018, 1, 22))
    late_now = {row.id for row in lively.status() if row.standing == Standing.OVERDUE}
    for week in weeks:
        lively.now = week.until
        late = {row.id for row in lively.everything() if row.standing == Standing.OVERDUE}
        late -= {id_ for id_, ended in cancelled.items() if ended is not None and ended <= week.until}
        assert (week.late, week.still) == (len(late), len(late & late_now)), week
    lively.now = now
    assert max(week.late for week in weeks) > weeks[-1].late == len(late_now)  # some were settled since
    assert cancelled.keys() <= everything.keys()


def test_what_waits_for_the_office_is_what_the_lists_hold(lively: OfficeStory) -> None:
    found = counted(lively)
    with lively.ledger.look() as session:
        for one in Waiting:
            assert found.waiting[one] == listed(session, lively, Asked(waiting=one)), one
    assert found.waiting[Waiting.VERIFY] == 1
    assert (found.waiting[Waiting.DECIDE], found.waiting[Waiting.TAKE_BACK]) == (1, 1)


def test_a_withdrawn_notice_counts_nowhere(lively: OfficeStory) -> None:
    before = counted(lively)
    filed = lively.files(draft(directive(["Sở Y tế", "Sở Tài chính"], "2018-04-28"), number="43/TB-VP"))
    assert counted(lively).totals.total == before.totals.total + 2
    lively.does(withdraw, filed.conclusion.id, "Vào sổ nhầm.")
    assert counted(lively).totals == before.totals


def test_coming_rounds_are_those_that_the_open_calendar_asks_for(lively: OfficeStory) -> None:
    with lively.ledger.look() as session:
        hours = working_time(session, lively.ledger.office_id)
        moments = open_calendar(session, lively.ledger.office_id)
        found = coming_rounds(session, lively.ledger.office_id, lively.now, hours, 200)
        points = [row.checkpoint for row in planned_rows(session, lively.ledger.office_id)]
    slots = {hours.slot_on_or_after(at) if at > lively.now else hours.next_slot(lively.now) for at, _ in moments}
    assert [one.at for one in found] == sorted(slots)
    assert sum(one.checkpoints for one in found) == sum(point.fate == "open" for point in points)


def test_after_an_outage_everything_comes_with_the_next_round(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-20")), "2018-03-07 09:00")
    any_office.holds_round()
    any_office.sleeps_until("2018-03-21 09:00")
    with any_office.ledger.look() as session:
        hours = working_time(session, any_office.ledger.office_id)
        first = coming_rounds(session, any_office.ledger.office_id, any_office.now, hours, 1)[0]
    assert first.at == parse_moment("2018-03-21 14:00")
    assert first.checkpoints == counted(any_office).overripe > 1


def test_the_days_of_the_sheet_count_what_may_be_held(lively: OfficeStory) -> None:
    with lively.ledger.look() as session:
        hours = working_time(session, lively.ledger.office_id)
        days = Days.of(lively.now, hours)
        today, later = what_goes_out(session, lively.ledger.office_id, days)
        coming = may_hold(session, lively.ledger.office_id, days.end)
        levels = ladder(session, lively.ledger.office_id, days, 3)
    assert (days.today, days.next) == (date(2018, 4, 11), date(2018, 4, 12))
    assert today + later == Counter(one.planned.checkpoint.kind for one in coming)
    assert {one.planned.checkpoint.id for one in levels} <= {one.planned.checkpoint.id for one in coming}
    assert {one.planned.checkpoint.kind for one in levels} <= {str(Kind.ESCALATE)}


def test_whom_to_call_is_the_officer_and_whoever_last_left_a_number(lively: OfficeStory) -> None:
    agency = lively.one("Sở Tài chính").agency_id
    with lively.ledger.look() as session:
        known = to_call(session, [agency])[agency]
    assert (known.agency, known.reporter, known.dialled) == ("Sở Tài chính", "Trần Chi", "0912345678")
    assert known.address == "so-tai-chinh@coquan.example"


def test_past_rounds_are_those_that_were_written_down(lively: OfficeStory) -> None:
    with lively.ledger.look() as session:
        past = past_rounds(session, lively.ledger.office_id, 500)
    assert past[0].at == parse_moment("2018-04-11 09:00")
    assert sum(one.messages for one in past) == len(lively.messages())


def test_figures_are_counted_again_when_the_ledger_or_the_minute_moves_and_only_then(lively: OfficeStory) -> None:
    memory, ledger = Memory[Figures](), lively.ledger

    def looked() -> Figures:
        with ledger.look() as session:
            as_of = mark(session, ledger.office_id, lively.now)
        return memory.recall(ledger, as_of, lambda: counted(lively))

    first = looked()
    assert looked() is first
    coming = next(row for row in _open_points(lively) if row.kind == Kind.ESCALATE)
    lively.does(holding.hold, coming.id, "Chờ đã.")
    second = looked()
    assert second is not first
    assert second.held == first.held + 1
    lively.now = lively.now.add(minutes=1)
    assert looked() is not second


def _open_points(story: OfficeStory) -> list:
    with story.ledger.look() as session:
        rows = planned_rows(session, story.ledger.office_id)
    return [row.checkpoint for row in rows if row.checkpoint.fate == "open"]
