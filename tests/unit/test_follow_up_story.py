"""What people get, as the office would tell it."""

from __future__ import annotations

from datetime import date

from tests.story import OfficeStory, directive, draft


def test_a_late_agency_is_told_then_its_head_then_the_chief_then_the_chairman_weekly(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    any_office.waits_until("2018-04-06 17:00")
    assert any_office.told("Sở Nội vụ") == [
        "07/3 Giao nhiệm vụ",
        "08/3 Đến hạn",
        "09/3 Quá hạn",
        "12/3 Báo cáo vượt cấp",
    ]
    assert any_office.told("Giám đốc Sở Nội vụ") == ["12/3 Báo cáo vượt cấp"]
    assert any_office.told("Chánh Văn phòng") == ["16/3 Báo cáo vượt cấp"]
    assert any_office.told("Chủ tịch") == ["23/3 Báo cáo vượt cấp", "30/3 Báo cáo vượt cấp", "06/4 Báo cáo vượt cấp"]


def test_reminders_that_fall_together_with_the_assignment_are_folded_into_it(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-07 17:00")
    assert [(kind, step) for _, kind, step, fate in office.timeline() if fate == "folded"] == [
        ("remind", 7), ("remind", 3), ("remind", 1),
    ]  # fmt: skip


def test_an_agency_with_many_things_due_gets_one_message(any_office: OfficeStory) -> None:
    items = [directive("Sở Nội vụ", "2018-03-30", path=str(n)) for n in range(1, 15)]
    any_office.files(draft(*items), "2018-03-07 09:00")
    assert any_office.holds_round() == 1


def test_a_report_in_time_ends_the_reminding(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    any_office.waits_until("2018-03-08 10:00")
    any_office.reports("Sở Nội vụ")
    any_office.waits_until("2018-04-30")
    assert any_office.told("Sở Nội vụ") == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn"]
    assert [row.standing for row in any_office.status()] == ["done_in_time"]


def test_a_completion_counts_from_the_letter_that_carried_it(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-12 10:00")
    office.reports("Sở Nội vụ", letter=date(2018, 3, 8))
    assert [row.standing for row in office.status()] == ["done_in_time"]


def test_a_late_report_stops_the_ladder_and_stands_as_late(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-14 10:00")
    office.reports("Sở Nội vụ")
    office.waits_until("2018-04-30")
    assert office.told("Chánh Văn phòng") == []
    assert [row.standing for row in office.status()] == ["done_late"]


def test_after_three_weeks_of_outage_one_round_says_one_thing_and_escalates_nothing(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-14"), directive("Sở Tài chính", "2018-03-15", path="2")))
    any_office.waits_until("2018-03-08 09:00")
    any_office.sleeps_until("2018-03-29 08:00")
    any_office.holds_round()
    assert any_office.told("Sở Nội vụ") == ["07/3 Giao nhiệm vụ", "08/3 Nhắc", "29/3 Quá hạn"]
    assert any_office.told("Sở Tài chính") == ["07/3 Giao nhiệm vụ", "29/3 Quá hạn"]
    assert any_office.told("Giám đốc Sở Nội vụ") == any_office.told("Chủ tịch") == []


def test_after_an_outage_the_ladder_climbs_one_announced_step_at_a_time(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-14")))
    any_office.waits_until("2018-03-08 09:00")
    any_office.sleeps_until("2018-03-29 08:00")
    any_office.waits_until("2018-04-30")
    assert any_office.told("Giám đốc Sở Nội vụ") == ["30/3 Báo cáo vượt cấp"]
    assert any_office.told("Chánh Văn phòng") == ["05/4 Báo cáo vượt cấp"]
    assert any_office.told("Chủ tịch")[0] == "12/4 Báo cáo vượt cấp"


def test_nobody_is_called_late_with_work_that_nobody_gave(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-20 09:00")
    office.holds_round()
    assert office.told("Sở Nội vụ") == ["20/3 Giao nhiệm vụ"]
    office.waits_until("2018-03-22 17:00")
    assert office.told("Sở Nội vụ") == ["20/3 Giao nhiệm vụ", "21/3 Quá hạn", "22/3 Báo cáo vượt cấp"]


def test_an_extension_moves_the_reminders_and_the_old_ones_never_fire(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-21")), "2018-03-07 09:00")
    any_office.waits_until("2018-03-09 09:00")
    any_office.extends("Sở Nội vụ", "2018-04-11")
    any_office.waits_until("2018-04-11 17:00")
    assert any_office.told("Sở Nội vụ") == [
        "07/3 Giao nhiệm vụ", "09/3 Nhắc", "09/3 Gia hạn", "30/3 Nhắc", "05/4 Nhắc", "09/4 Nhắc",
        "10/4 Đến hạn", "11/4 Quá hạn",
    ]  # fmt: skip
    assert any_office.told("Chủ tịch") == []


def test_an_extension_after_lateness_starts_the_announcing_again(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-12 17:00")
    office.extends("Sở Nội vụ", "2018-03-22")
    office.waits_until("2018-03-23 17:00")
    assert office.told("Sở Nội vụ")[-2:] == ["22/3 Quá hạn", "23/3 Báo cáo vượt cấp"]
    assert office.told("Chánh Văn phòng") == []


def test_undated_work_is_asked_about_every_thirty_days(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ")), "2018-03-07 09:00")
    office.waits_until("2018-05-31")
    assert office.told("Sở Nội vụ") == ["07/3 Giao nhiệm vụ", "06/4 Đề nghị báo cáo", "07/5 Đề nghị báo cáo"]
    assert [row.standing for row in office.status()] == ["undated"]


def test_a_request_is_reminded_courteously_but_climbs_no_ladder(office: OfficeStory) -> None:
    office.files(draft(directive("Hội Nông dân tỉnh", "2018-03-09", authority="request")), "2018-03-07 09:00")
    office.waits_until("2018-05-01")
    assert office.told("Hội Nông dân tỉnh") == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn", "09/3 Quá hạn"]
    assert office.told("Chủ tịch") == []


def test_an_exhortation_is_told_once(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", tracked=False)), "2018-03-07 09:00")
    office.waits_until("2018-07-01")
    assert office.told("Sở Nội vụ") == ["07/3 Giao nhiệm vụ"]


def test_a_notice_filed_at_night_is_sent_in_the_morning(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-30")), "2018-03-09 21:00")
    assert office.holds_round() == 0
    office.waits_until("2018-03-12 08:00")
    assert office.told("Sở Nội vụ") == ["12/3 Giao nhiệm vụ"]


def test_tracking_from_a_day_skips_what_lies_before_and_announces_before_it_climbs(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00", track_from="2018-04-02")
    office.waits_until("2018-04-03 17:00")
    assert office.told("Sở Nội vụ") == ["02/4 Quá hạn", "03/4 Báo cáo vượt cấp"]
    assert office.told("Chủ tịch") == []


def test_work_due_on_a_day_off_is_called_due_on_the_last_working_day_before(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-12")), "2018-03-07 09:00")  # the last day is Sunday 11/3
    office.waits_until("2018-03-12 17:00")
    assert office.told("Sở Nội vụ") == ["07/3 Giao nhiệm vụ", "09/3 Đến hạn", "12/3 Quá hạn"]


def test_an_hour_as_the_bound_is_overdue_at_the_next_slot(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-15T11:00")), "2018-03-07 09:00")
    office.waits_until("2018-03-15 17:00")
    assert [t for t, kind, *_ in office.timeline() if kind in ("due", "overdue")] == ["15/03 08:00", "15/03 14:00"]


def test_a_second_round_at_the_same_moment_says_nothing_again(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    assert [any_office.holds_round(), any_office.holds_round()] == [1, 0]
    assert len(any_office.mails()) == 1
