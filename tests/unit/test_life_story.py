"""The life of an obligation between signing and closing, as people get to know of it."""

from __future__ import annotations

import pytest

from domain import sending
from domain.actors import By
from domain.errors import Refusal
from domain.life import correcting, extensions, handing, holding, linking, verification, withdrawal
from domain.obligations import State
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

HOME, FINANCE = "Sở Nội vụ", "Sở Tài chính"
OWNER = "Chuyên viên theo dõi"


def given(office: OfficeStory, due: str | None = "2018-03-21", **more: object) -> int:
    """One piece of work for the Department of Home Affairs, told on 07/3."""
    office.files(draft(directive(HOME, due, **more)), "2018-03-07 09:00")
    office.holds_round()
    return office.obligation(HOME)


def test_a_reported_completion_waits_for_the_office_and_reminds_the_owner_not_the_agency(
    any_office: OfficeStory,
) -> None:
    given(any_office)
    any_office.waits_until("2018-03-09 10:00")
    any_office.reports(HOME)
    any_office.waits_until("2018-03-20 17:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ", "09/3 Nhắc"]
    assert any_office.told(OWNER) == ["09/3 Chờ thẩm tra", "14/3 Chờ thẩm tra", "19/3 Chờ thẩm tra"]
    any_office.does(verification.accept, any_office.obligation(HOME))
    any_office.waits_until("2018-04-30")
    assert any_office.told(OWNER)[-1] == "19/3 Chờ thẩm tra"
    assert any_office.one(HOME).state == State.DONE


def test_a_rejected_report_reopens_the_work_under_its_old_deadline_and_says_why(any_office: OfficeStory) -> None:
    id_ = given(any_office)
    any_office.waits_until("2018-03-09 10:00")
    any_office.reports(HOME)
    any_office.waits_until("2018-03-13 10:00")
    any_office.does(verification.reject, id_, "Chưa có phụ lục.")
    any_office.waits_until("2018-03-22 17:00")
    assert any_office.told(HOME)[2:] == [
        "13/3 Chưa chấp nhận", "15/3 Nhắc", "19/3 Nhắc", "20/3 Đến hạn", "21/3 Quá hạn", "22/3 Báo cáo vượt cấp",
    ]  # fmt: skip
    assert any("Chưa có phụ lục." in one.text for one in any_office.messages())


def test_a_report_rejected_after_the_deadline_is_announced_late_the_next_working_day_before_it_climbs(
    office: OfficeStory,
) -> None:
    id_ = given(office, "2018-03-09")
    office.waits_until("2018-03-08 10:00")
    office.reports(HOME)
    office.waits_until("2018-03-20 10:00")
    office.does(verification.reject, id_, "Thiếu số liệu.")
    office.waits_until("2018-03-22 17:00")
    assert office.told(HOME)[2:] == ["20/3 Chưa chấp nhận", "21/3 Quá hạn", "22/3 Báo cáo vượt cấp"]
    assert office.told("Chánh Văn phòng") == []


def test_an_extension_that_is_asked_for_waits_for_a_decision_and_holds_the_ladder(any_office: OfficeStory) -> None:
    id_ = given(any_office, "2018-03-14")
    any_office.waits_until("2018-03-13 15:00")
    any_office.does(extensions.ask, id_, parse_moment("2018-03-28"), "Chờ số liệu.", HOME, by=By.AGENCY)
    any_office.waits_until("2018-03-21 10:00")
    assert any_office.told(HOME)[-1] == "14/3 Quá hạn"
    assert any_office.told(OWNER) == [f"{day}/3 Chờ quyết định gia hạn" for day in (13, 16, 21)]
    any_office.does(extensions.refuse, id_, "Đã hết thời gian.")
    any_office.waits_until("2018-03-22 17:00")
    assert any_office.told(HOME)[-2:] == ["21/3 Không gia hạn", "21/3 Báo cáo vượt cấp"]


def test_a_wish_can_be_shortened_and_every_date_stays_to_be_seen(office: OfficeStory) -> None:
    id_ = given(office)
    office.does(extensions.ask, id_, parse_moment("2018-04-28"), "Chờ số liệu.", HOME, by=By.AGENCY)
    office.does(extensions.extend, id_, parse_moment("2018-04-11"), "Chỉ đến 10/4.")
    with office.ledger.look() as session:
        (row,) = extensions.extensions_of(session, id_)
    assert (row.before, row.wished, row.granted) == tuple(map(parse_moment, ("2018-03-21", "2018-04-28", "2018-04-11")))
    own = office.one(HOME)
    assert (row.decision, own.extensions, own.asked_at) == ("shortened", 1, None)
    assert (own.first_due_before, own.due_before) == (parse_moment("2018-03-21"), parse_moment("2018-04-11"))


def test_work_that_is_not_theirs_goes_back_at_once_and_reminders_follow_it(any_office: OfficeStory) -> None:
    id_ = given(any_office)
    any_office.waits_until("2018-03-08 10:00")
    any_office.does(handing.give_back, id_, "Thuộc Sở Tài chính.", HOME, by=By.AGENCY)
    any_office.waits_until("2018-03-13 10:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ"]
    assert any_office.told(OWNER) == ["08/3 Bị trả lại", "13/3 Bị trả lại"]
    any_office.does(handing.reassign, id_, FINANCE, "Đúng chức năng.")
    any_office.waits_until("2018-03-21 17:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ"]
    assert any_office.told(FINANCE) == [
        "13/3 Giao nhiệm vụ", "15/3 Nhắc", "19/3 Nhắc", "20/3 Đến hạn", "21/3 Quá hạn",
    ]  # fmt: skip
    assert [row.agency for row in any_office.status()] == [FINANCE]


def test_an_agency_from_which_work_is_taken_is_told_so(office: OfficeStory) -> None:
    id_ = given(office)
    office.does(handing.reassign, id_, FINANCE, "Đúng chức năng.")
    office.waits_until("2018-03-08 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "07/3 Thôi giao"]
    assert office.told(FINANCE) == ["07/3 Giao nhiệm vụ"]


def test_the_office_can_insist_and_lateness_is_announced_anew(office: OfficeStory) -> None:
    id_ = given(office, "2018-03-09")
    office.waits_until("2018-03-12 17:00")
    office.does(handing.give_back, id_, "Không thuộc chức năng.", HOME, by=By.AGENCY)
    office.waits_until("2018-03-20 10:00")
    office.does(handing.insist, id_, "Đúng chức năng của Sở.")
    office.waits_until("2018-03-22 17:00")
    assert office.told(HOME)[-3:] == ["20/3 Tiếp tục thực hiện", "21/3 Quá hạn", "22/3 Báo cáo vượt cấp"]
    assert office.told("Chánh Văn phòng") == []


def test_linked_obligations_settle_and_reopen_together(any_office: OfficeStory) -> None:
    any_office.files(draft(directive([HOME, FINANCE], "2018-03-21")), "2018-03-07 09:00")
    any_office.holds_round()
    ids = [any_office.obligation(HOME), any_office.obligation(FINANCE)]
    any_office.does(linking.link, ids)
    any_office.reports(HOME)
    assert {one.state for one in any_office.obligations()} == {State.REPORTED}
    any_office.does(verification.reject, ids[1], "Thiếu phụ lục.")
    assert {one.state for one in any_office.obligations()} == {State.IN_PROGRESS}
    any_office.reports(FINANCE)
    any_office.does(verification.accept, ids[0])
    assert {row.standing for row in any_office.status()} == {"done_in_time"}


def test_an_acknowledgement_without_progress_expires_after_ten_working_days(office: OfficeStory) -> None:
    id_ = given(office, None)
    office.does(handing.acknowledge, id_, HOME, by=By.AGENCY)
    office.waits_until("2018-03-20 17:00")
    assert office.one(HOME).state == State.ACKNOWLEDGED
    office.waits_until("2018-03-21 17:00")
    assert office.one(HOME).state == State.ASSIGNED
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "21/3 Hỏi tiến độ"]


def test_co_operating_agencies_get_the_assignment_and_copies_of_escalations_but_no_reminders(
    any_office: OfficeStory,
) -> None:
    given(any_office, "2018-03-09", cooperating=[FINANCE])
    any_office.waits_until("2018-03-16 17:00")
    assert any_office.told(FINANCE) == ["07/3 Giao nhiệm vụ", "12/3 Báo cáo vượt cấp", "16/3 Báo cáo vượt cấp"]
    assert "PHỐI HỢP" in any_office.messages()[1].text


def test_a_misreading_is_corrected_and_is_no_extension(office: OfficeStory) -> None:
    id_ = given(office, "2018-03-14")
    office.waits_until("2018-03-08 10:00")
    office.does(correcting.correct_deadline, id_, parse_moment("2018-03-24"), "Đọc nhầm 13 thành 23.")
    office.waits_until("2018-03-26 08:00")
    own = office.one(HOME)
    assert (own.extensions, own.first_due_before) == (0, parse_moment("2018-03-24"))
    assert office.told(HOME) == [
        "07/3 Giao nhiệm vụ", "08/3 Nhắc", "08/3 Đính chính", "14/3 Nhắc", "20/3 Nhắc", "22/3 Nhắc", "23/3 Đến hạn",
        "26/3 Quá hạn",
    ]  # fmt: skip


def test_a_filing_can_be_undone_for_a_quarter_of_an_hour_and_whoever_was_told_hears_of_it(
    any_office: OfficeStory,
) -> None:
    contents = draft(directive(HOME, "2018-03-21"), directive(FINANCE, "2018-03-21", path="2"))
    filed = any_office.files(contents, "2018-03-07 09:00")
    any_office.holds_round()
    any_office.sleeps_until("2018-03-07 09:14")
    any_office.does(withdrawal.withdraw, filed.conclusion.id, "Nhầm tệp.")
    any_office.waits_until("2018-04-30")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ", "07/3 Thôi giao"]
    assert any_office.status() == []
    again = any_office.files(contents)
    assert (again.is_new, again.obligations) == (True, 2)
    any_office.sleeps_until("2018-05-01")
    with pytest.raises(Refusal, match="too_late_to_undo"):
        any_office.does(withdrawal.withdraw, again.conclusion.id, "Nhầm.")


def test_recurring_work_opens_one_obligation_a_period_and_each_closes_on_its_own(any_office: OfficeStory) -> None:
    monthly = {"kind": "recurring", "phrase": "trước ngày 25 hàng tháng", "rrule": "FREQ=MONTHLY;BYMONTHDAY=25"}
    any_office.files(draft(directive(HOME) | {"deadline": monthly}), "2018-03-07 09:00")
    any_office.waits_until("2018-03-20 10:00")
    any_office.reports(HOME)
    any_office.waits_until("2018-04-26 17:00")  # 25/4 was a day off
    assert [(row.due_before, row.standing) for row in any_office.status()] == [
        (parse_moment("2018-03-25"), "done_in_time"),
        (parse_moment("2018-04-25"), "overdue"),
        (parse_moment("2018-05-25"), "in_time"),
    ]
    assert any_office.told(HOME) == [
        "07/3 Giao nhiệm vụ", "15/3 Nhắc", "13/4 Nhắc", "19/4 Nhắc", "23/4 Nhắc", "24/4 Đến hạn",
        "26/4 Quá hạn",
    ]  # fmt: skip


def test_undated_work_grows_stale_for_the_owner_and_is_closed_by_the_office(office: OfficeStory) -> None:
    id_ = given(office, None)
    office.waits_until("2018-06-05 17:00")
    assert office.told(OWNER) == ["05/6 Lâu không báo cáo"]
    office.does(handing.close, id_, "Đã bàn giao.")
    office.waits_until("2018-09-01")
    assert office.told(OWNER) == ["05/6 Lâu không báo cáo"]
    assert [row.state for row in office.status()] == ["done"]


def test_a_report_can_be_asked_for_at_any_time(office: OfficeStory) -> None:
    id_ = given(office)
    office.does(handing.ask_status, id_, "Phục vụ giao ban.")
    office.waits_until("2018-03-07 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "07/3 Hỏi tình hình"]


def test_a_level_that_needs_approval_waits_for_it(any_office: OfficeStory) -> None:
    contents = draft(directive(HOME, "2018-03-09"))
    filed = any_office.files(contents, "2018-03-07 09:00")
    with any_office.ledger.change(now=any_office.now, actor="test") as change:
        row = change.session.merge(filed.conclusion)
        ladder = [*row.follow_up["ladder"]]  # type: ignore[misc]
        row.follow_up = row.follow_up | {"ladder": [*ladder[:-1], ladder[-1] | {"needs_approval": True}]}
    any_office.waits_until("2018-03-26 17:00")
    assert any_office.told("Chủ tịch") == []
    assert any_office.told(OWNER) == ["22/3 Chờ duyệt"]
    any_office.does(holding.approve, any_office.obligation(HOME))
    any_office.waits_until("2018-04-04 17:00")
    assert any_office.told("Chủ tịch") == ["27/3 Báo cáo vượt cấp", "03/4 Báo cáo vượt cấp"]
    assert any_office.told(OWNER) == ["22/3 Chờ duyệt"]


def test_while_sending_is_stopped_nothing_is_said_and_afterwards_one_thing(office: OfficeStory) -> None:
    given(office, "2018-03-21")
    office.does(sending.stop, "Kiểm tra danh bạ.")
    office.waits_until("2018-03-20 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ"]
    office.does(sending.start)
    office.waits_until("2018-03-21 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "20/3 Đến hạn", "21/3 Quá hạn"]


def test_an_agency_that_returned_its_work_hears_of_no_correction(office: OfficeStory) -> None:
    office.files(draft(directive([HOME, FINANCE])), "2018-03-07 09:00")
    office.holds_round()
    office.does(handing.give_back, office.obligation(HOME), "Không thuộc.", HOME, by=By.AGENCY)
    office.does(correcting.correct_deadline, office.obligation(FINANCE), parse_moment("2018-03-24"), "Đọc sót ngày.")
    office.waits_until("2018-03-08 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ"]
    assert office.told(FINANCE) == ["07/3 Giao nhiệm vụ", "07/3 Đính chính"]
