"""A holiday declared late, a make-up day: what moves, what stays, and that nothing goes out on a day off."""

from __future__ import annotations

from datetime import date, time

import pytest

from domain.calendar import WorkingCalendar
from domain.corrections import with_last_day
from domain.days import Moved, forget_day, own_days, set_day
from domain.drafts import Draft, DraftDirective
from domain.errors import Refusal
from domain.events import Happening, awaited, supply
from domain.founding import read_seeds
from domain.instants import local
from domain.life import correcting, extensions, holding, verification
from domain.reading import read_notice
from domain.views import planned_rows
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

HOME, FINANCE = "Sở Nội vụ", "Sở Tài chính"
PERIOD = {
    "kind": "relative",
    "phrase": "trong 10 ngày làm việc kể từ ngày 07/3/2018",
    "due_before": "2018-03-22T00:00:00+07:00",
    "runs": {"anchor": "2018-03-07", "count": 10, "unit": "working_day"},
}
NOTICE = """VĂN PHÒNG UBND TỈNH
Số: 77/TB-VP
An Phú, ngày 07 tháng 3 năm 2018
THÔNG BÁO
Kết luận tại cuộc họp
1. Giao Sở Nội vụ báo cáo kết quả rà soát trong 10 ngày làm việc kể từ ngày 07/3/2018.
2. Giao Sở Tài chính trình phương án trước ngày 22/3/2018.
"""


def counted(office: OfficeStory, agency: str = HOME) -> None:
    """Work that is due within ten working days from 07/3, told on that day."""
    office.files(draft(directive(agency) | {"deadline": PERIOD}), "2018-03-07 09:00")
    office.holds_round()


def declares_off(office: OfficeStory, day: str, reason: str = "Nghỉ đột xuất") -> Moved:
    moved: Moved = office.does(set_day, date.fromisoformat(day), worked=False, reason=reason)
    return moved


def test_a_holiday_declared_late_moves_a_period_and_its_reminders_and_says_which(any_office: OfficeStory) -> None:
    counted(any_office)
    any_office.waits_until("2018-03-15 10:00")
    moved = declares_off(any_office, "2018-03-19")
    assert [(one.path, local(one.before).date(), local(one.after).date()) for one in moved.deadlines] == [
        ("1", date(2018, 3, 22), date(2018, 3, 23))
    ]
    assert moved.replanned == [any_office.obligation(HOME)]
    any_office.waits_until("2018-03-26 17:00")
    assert any_office.told(HOME) == [
        "07/3 Giao nhiệm vụ", "12/3 Nhắc", "16/3 Nhắc", "21/3 Nhắc", "22/3 Đến hạn", "23/3 Quá hạn",
        "26/3 Báo cáo vượt cấp",
    ]  # fmt: skip


def test_a_day_that_a_notice_fixes_stays_though_its_reminders_move(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-22")), "2018-03-07 09:00")
    office.holds_round()
    moved = declares_off(office, "2018-03-20")
    assert (moved.deadlines, moved.replanned) == ([], [office.obligation(HOME)])
    assert office.one(HOME).due_before == parse_moment("2018-03-22")
    office.waits_until("2018-03-22 17:00")
    assert office.told(HOME) == [
        "07/3 Giao nhiệm vụ", "09/3 Nhắc", "15/3 Nhắc", "19/3 Nhắc", "21/3 Đến hạn", "22/3 Quá hạn",
    ]  # fmt: skip


def test_nothing_goes_out_on_the_new_holiday_not_even_a_round_that_was_scheduled_for_it(office: OfficeStory) -> None:
    office.files(draft(directive(HOME)), "2018-03-07 09:00")
    office.holds_round()
    declares_off(office, "2018-04-06")  # the day of its first status request
    assert office.holds_round("2018-04-06 08:00") == 0
    office.waits_until("2018-04-09 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "09/4 Đề nghị báo cáo"]


def test_a_saturday_that_is_made_up_is_a_working_day_and_brings_a_period_forward(office: OfficeStory) -> None:
    counted(office)
    moved: Moved = office.does(set_day, date(2018, 3, 10), worked=True, reason="Làm bù")
    assert [local(one.after).date() for one in moved.deadlines] == [date(2018, 3, 21)]
    office.waits_until("2018-03-21 17:00")
    assert office.told(HOME) == [
        "07/3 Giao nhiệm vụ", "10/3 Nhắc", "15/3 Nhắc", "19/3 Nhắc", "20/3 Đến hạn", "21/3 Quá hạn",
    ]  # fmt: skip


def test_what_was_declared_can_be_taken_back_and_the_period_returns(office: OfficeStory) -> None:
    counted(office)
    declares_off(office, "2018-03-19")
    with office.ledger.look() as session:
        assert [(row.day, row.reason) for row in own_days(session, office.ledger.office_id)][:1] == [
            (date(2018, 3, 19), "Nghỉ đột xuất")
        ]
    moved: Moved = office.does(forget_day, date(2018, 3, 19))
    assert [local(one.after).date() for one in moved.deadlines] == [date(2018, 3, 22)]
    with pytest.raises(Refusal, match="day_not_declared"):
        office.does(forget_day, date(2018, 3, 19))


@pytest.mark.parametrize(("day", "worked"), [("2018-03-17", False), ("2018-03-19", True), ("2018-04-30", False)])
def test_declaring_what_the_calendar_says_already_changes_nothing(office: OfficeStory, day: str, worked: bool) -> None:
    with pytest.raises(Refusal, match="day_is_so"):
        office.does(set_day, date.fromisoformat(day), worked=worked, reason="Thử")


def test_a_day_declared_only_after_the_deadline_had_passed_still_moves_it(office: OfficeStory) -> None:
    counted(office)
    office.waits_until("2018-03-22 10:00")
    assert office.told(HOME)[-1] == "22/3 Quá hạn"
    moved = declares_off(office, "2018-03-21")
    assert [local(one.after).date() for one in moved.deadlines] == [date(2018, 3, 23)]
    assert office.status()[0].standing == "in_time"
    office.waits_until("2018-03-26 17:00")
    assert office.told(HOME)[-2:] == ["23/3 Quá hạn", "26/3 Báo cáo vượt cấp"]


def test_no_change_of_the_calendar_makes_anybody_late(office: OfficeStory) -> None:
    counted(office)
    office.waits_until("2018-03-21 15:00")
    moved: Moved = office.does(set_day, date(2018, 3, 10), worked=True, reason="Làm bù, báo muộn")
    assert moved.deadlines == []
    assert office.status()[0].standing == "in_time"


def test_an_extension_stays_and_so_does_what_a_person_corrected(office: OfficeStory) -> None:
    counted(office)
    counted(office, FINANCE)
    office.does(extensions.extend, office.obligation(HOME), parse_moment("2018-03-29"), "Chờ số liệu.")
    office.does(correcting.correct_deadline, office.obligation(FINANCE), parse_moment("2018-03-24"), "Đọc nhầm.")
    assert declares_off(office, "2018-03-19").deadlines == []
    assert office.one(HOME).due_before == parse_moment("2018-03-29")
    assert office.one(FINANCE).due_before == parse_moment("2018-03-24")


def test_work_that_was_reported_and_is_rejected_has_the_moved_deadline(office: OfficeStory) -> None:
    counted(office)
    office.waits_until("2018-03-14 10:00")
    office.reports(HOME)
    declares_off(office, "2018-03-19")
    office.does(verification.reject, office.obligation(HOME), "Thiếu phụ lục.")
    assert office.one(HOME).due_before == parse_moment("2018-03-23")


def test_a_period_that_runs_from_an_event_is_counted_again_too_and_the_explanation_says_so(office: OfficeStory) -> None:
    waits = {"event": "có hướng dẫn của Bộ", "count": 10, "unit": "working_day"}
    contents = directive(HOME) | {"deadline": {"kind": "relative", "phrase": "trong 10 ngày …", "waits_for": waits}}
    office.files(draft(contents), "2018-03-07 09:00")
    office.holds_round()
    with office.ledger.change(now=office.now, actor="test") as change:
        supply(change, awaited(change.session, change.office_id), Happening(date(2018, 3, 7), time(9)))
    assert [local(one.after).date() for one in declares_off(office, "2018-03-19").deadlines] == [date(2018, 3, 23)]
    with office.ledger.look() as session:
        row = awaited(session, office.ledger.office_id)[0].directive
    assert (row.explanation or "").splitlines()[-1].count("23/03/2018") == 1
    assert "22/03/2018" not in (row.explanation or "")


def test_what_the_office_holds_back_or_approved_stays_so_when_its_day_moves(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-22")), "2018-03-07 09:00")
    office.holds_round()
    with office.ledger.look() as session:
        rows = [row.checkpoint for row in planned_rows(session, office.ledger.office_id)]
    third = next(row for row in rows if (row.kind, row.step) == ("remind", 3))
    office.does(holding.hold, third.id, "Đang họp với Sở.")
    declares_off(office, "2018-03-20")
    office.waits_until("2018-03-20 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "09/3 Nhắc", "19/3 Nhắc"]


def test_a_notice_that_was_read_and_filed_moves_without_anybody_saying_how_it_was_counted(office: OfficeStory) -> None:
    registry = read_seeds(office.settings).registry
    read = read_notice(NOTICE, name="77.txt", registry=registry, calendar=WorkingCalendar())
    office.files(read.model_dump(mode="json"), "2018-03-07 09:00")
    office.holds_round()
    moved = declares_off(office, "2018-03-19")
    assert [(one.number, one.path, one.after) for one in moved.deadlines] == [
        ("77/TB-VP", "1", parse_moment("2018-03-23"))
    ]
    assert office.one(FINANCE).due_before == parse_moment("2018-03-22")


def test_a_last_day_that_a_person_gave_is_nobodys_to_move(office: OfficeStory) -> None:
    given = DraftDirective.model_validate(directive(HOME) | {"deadline": PERIOD})
    corrected = with_last_day(given, date(2018, 3, 21))
    assert corrected.deadline.runs is None
    by_hand = given.deadline.model_copy(update={"due_before": parse_moment("2018-03-24")})
    contents = Draft.model_validate(draft()).model_copy(
        update={"directives": [corrected, given.model_copy(update={"path": "2", "deadline": by_hand})]}
    )
    office.files(contents.model_dump(mode="json"), "2018-03-07 09:00")
    office.holds_round()
    assert declares_off(office, "2018-03-19").deadlines == []


@pytest.mark.parametrize(
    "runs",
    [{"anchor": "9999-12-31", "count": 999, "unit": "year"}, {"anchor": "2018-03-07", "count": 3, "unit": "hour"}],
)
def test_a_period_that_no_calendar_has_disturbs_no_change_of_the_calendar(
    office: OfficeStory, runs: dict[str, object]
) -> None:
    office.files(draft(directive(HOME) | {"deadline": PERIOD | {"runs": runs}}), "2018-03-07 09:00")
    office.holds_round()
    assert declares_off(office, "2018-03-19").deadlines == []


def test_a_period_too_long_to_be_kept_is_read_without_a_fuss(office: OfficeStory) -> None:
    registry = read_seeds(office.settings).registry
    for words in ("trong 400 quý kể từ khi có hướng dẫn của Bộ", "trong 400 quý kể từ ngày 07/3/2018"):
        text = NOTICE.replace("trong 10 ngày làm việc kể từ ngày 07/3/2018", words)
        read = read_notice(text, name="77.txt", registry=registry, calendar=WorkingCalendar())
        assert (read.directives[0].deadline.runs, read.directives[0].deadline.waits_for) == (None, None)
