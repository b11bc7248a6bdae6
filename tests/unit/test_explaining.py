"""The account of an obligation tells the arithmetic that was really done, what moved a moment, and who did what."""

from __future__ import annotations

from sqlmodel import select, update

from domain import sending
from domain.actors import By
from domain.audit import AuditEntry
from domain.checkpoints import Checkpoint
from domain.conclusions import Conclusion
from domain.days import set_day
from domain.events import Happening, awaited, supply
from domain.life import correcting, extensions, handing, holding, linking, verification, withdrawal
from domain.planning import one_followed
from domain.written import parse_moment
from notifications.explaining import Line, explain
from tests.story import OfficeStory, directive, draft

HOME, FINANCE, HEALTH = "Sở Nội vụ", "Sở Tài chính", "Sở Y tế"


def account(office: OfficeStory, id_: int = 1) -> list[Line]:
    with office.ledger.look() as session:
        return explain(session, one_followed(session, office.ledger.office_id, id_), office.now)


def told(office: OfficeStory, id_: int = 1) -> str:
    """The account as one text."""
    return "\n".join(line.text for line in account(office, id_))


def sentence(office: OfficeStory, beginning: str, id_: int = 1) -> str:
    """The one line that begins so."""
    (found,) = [line.text for line in account(office, id_) if line.text.startswith(beginning)]
    return found


def coming(office: OfficeStory, id_: int = 1) -> list[str]:
    return [line.text for line in account(office, id_) if line.kind == "next"]


def test_the_moments_of_a_directive_due_before_the_ninth_of_march(office: OfficeStory) -> None:
    item = directive(HOME, "2018-03-09")
    item["deadline"] |= {"phrase": "trước ngày 09-3-2018"}
    office.files(draft(item), "2018-03-07 09:00")
    office.waits_until("2018-03-24 10:00")
    assert "Hạn hiện nay: trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018." in told(office)
    for line in (
        "08:00 05/3/2018: Nhắc trước 3 ngày làm việc. Đếm ngược 3 ngày làm việc từ ngày cuối còn trong hạn 08/3/2018. "
        "Gộp vào tin quan trọng hơn cùng đợt.",
        "09:00 07/3/2018: Giao nhiệm vụ. Gửi Sở Nội vụ: đã gửi",
        "08:00 08/3/2018: Đến hạn. Ngày cuối còn trong hạn. Gửi Sở Nội vụ: đã gửi",
        "08:00 09/3/2018: Quá hạn. Ngày đầu tiên trễ hạn là 09/3/2018. Gửi Sở Nội vụ: đã gửi",
        "08:00 12/3/2018: Báo cáo vượt cấp 1. 1 ngày làm việc sau ngày đầu tiên trễ hạn 09/3/2018, không tính 10/3, "
        "11/3; báo cơ quan thực hiện, người đứng đầu cơ quan. Gửi Sở Nội vụ: đã gửi",
        "08:00 16/3/2018: Báo cáo vượt cấp 2. 5 ngày làm việc sau ngày đầu tiên trễ hạn 09/3/2018, không tính 10/3, "
        "11/3; báo Chánh Văn phòng. Gửi Chánh Văn phòng: đã gửi",
        "08:00 23/3/2018: Báo cáo vượt cấp 3. 10 ngày làm việc sau ngày đầu tiên trễ hạn 09/3/2018, không tính 10/3, "
        "11/3, 17/3, 18/3; báo Chủ tịch. Gửi Chủ tịch: đã gửi",
    ):
        assert line in told(office)
    assert coming(office) == ["08:00 30/3/2018: Báo cáo vượt cấp 3. Nhắc lại sau 7 ngày, đến khi có kết quả."]


def test_holidays_are_named_and_a_first_late_day_that_is_a_day_off_is_counted_from_the_next(
    office: OfficeStory,
) -> None:
    office.files(draft(directive(HOME, "2018-04-14")), "2018-03-29 09:00")
    office.holds_round()
    overdue = sentence(office, "08:00 16/4/2018: Quá hạn")
    assert "Ngày đầu tiên trễ hạn 14/4/2018 là ngày nghỉ, nên báo vào ngày làm việc kế tiếp." in overdue
    assert "1 ngày làm việc sau ngày làm việc đầu tiên trễ hạn 16/4/2018; báo" in sentence(office, "08:00 17/4/2018")
    assert "25/4 (Ngày Giỗ Tổ Hùng Vương), 28/4, 29/4, 30/4" in sentence(office, "08:00 03/5/2018: Báo cáo vượt cấp 3")


def test_work_that_was_late_before_the_office_followed_it_is_counted_from_the_announcement(
    office: OfficeStory,
) -> None:
    office.files(draft(directive(HOME, "2018-06-08")), "2018-06-25 09:00", track_from="2018-06-25")
    office.waits_until("2018-07-12 10:00")
    assert "Đã trễ hạn từ 08/6/2018, trước khi cơ quan được giao" in sentence(office, "08:00 26/6/2018: Quá hạn.")
    third = sentence(office, "08:00 10/7/2018: Báo cáo vượt cấp 3.")
    assert "10 ngày làm việc sau ngày dự kiến báo quá hạn 25/6/2018" in third
    assert coming(office) == ["08:00 17/7/2018: Báo cáo vượt cấp 3. Nhắc lại sau 7 ngày, đến khi có kết quả."]


def test_after_an_outage_it_says_what_was_late_and_what_had_to_wait_for_it(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-06-08")), "2018-05-21 09:00")
    office.holds_round()
    office.sleeps_until("2018-06-19 09:00")
    office.waits_until("2018-06-22 09:00")
    assert "Báo muộn: hệ thống không chạy" in sentence(office, "08:00 08/6/2018: Quá hạn.")
    first = sentence(office, "08:00 20/6/2018: Báo cáo vượt cấp 1.")
    assert "Dời từ 08:00 11/6/2018: phải chờ cấp dưới được báo trước." in first
    assert "Báo muộn" not in first
    assert "mốc này sẽ còn lùi lại" in next(line for line in coming(office) if "vượt cấp 3" in line)


def test_what_came_due_while_sending_was_stopped_says_so(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.holds_round()
    office.does(sending.stop, "Kiểm tra danh bạ.")
    office.waits_until("2018-03-13 09:30")
    office.does(sending.start)
    office.waits_until("2018-03-13 17:00")
    assert "Báo muộn: khi đó văn phòng dừng gửi." in sentence(office, "08:00 09/3/2018: Quá hạn.")
    assert "chuyển chế độ gửi: dừng gửi" in told(office)


def test_a_level_that_waited_for_an_extension_to_be_decided_says_so(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-09 10:00")
    office.does(extensions.ask, 1, parse_moment("2018-03-31"), "Chờ số liệu.", HOME, by=By.AGENCY)
    office.waits_until("2018-03-14 10:00")
    office.does(extensions.refuse, 1, "Không thể chậm hơn.")
    office.waits_until("2018-03-16 10:00")
    account_ = told(office)
    assert "Dời từ 08:00 12/3/2018: chờ quyết định gia hạn" in account_
    assert "không gia hạn, giữ trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018: Không thể chậm hơn." in account_


def test_what_went_to_the_offices_own_mailbox_is_not_said_to_have_reached_the_agency(office: OfficeStory) -> None:
    office.does(sending.shadow)
    office.files(draft(directive(HOME, "2018-03-30")), "2018-03-07 09:00")
    office.holds_round()
    assert "Sở Nội vụ: đã gửi (thư mục thư, thực tế tới don-doc@vanphong.example" in told(office)
    office.sleeps_until("2018-03-08 09:00")
    office.does(sending.start)
    office.holds_round()
    anew = sentence(office, "09:00 08/3/2018: Giao nhiệm vụ.")
    assert "Thông báo lại từ đầu" in anew
    assert "thực tế tới" not in anew


def test_a_checkpoint_that_was_held_back_names_who_held_it_and_why(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.holds_round()
    with office.ledger.look() as session:
        due = session.exec(select(Checkpoint.id).where(Checkpoint.kind == "due")).one()
    office.does(holding.hold, due, "Chờ ý kiến Chủ tịch.")
    assert f"test giữ lại mốc số {due} (Đến hạn): Chờ ý kiến Chủ tịch." in told(office)
    assert "Đang giữ lại." in sentence(office, "08:00 08/3/2018: Đến hạn.")
    office.sleeps_until("2018-03-08 11:00")
    office.does(holding.let_go, due)
    office.holds_round()
    assert "Dời từ 08:00 08/3/2018: văn phòng đã giữ lại." in sentence(office, "11:00 08/3/2018: Đến hạn.")


def test_a_correction_tells_both_deadlines_and_a_return_where_the_work_went(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-14")), "2018-03-07 09:00")
    office.holds_round()
    office.does(correcting.correct_deadline, 1, parse_moment("2018-04-14"), "Đọc nhầm tháng.")
    office.does(handing.give_back, 1, "Không thuộc chức năng.", HOME, by=By.AGENCY)
    office.does(handing.reassign, 1, FINANCE, "Đúng chức năng.")
    old = told(office, 1)
    assert (
        "đính chính thời hạn, từ trước ngày 14/3/2018, tức hết thứ Ba 13/3/2018 "
        "thành trước ngày 14/4/2018, tức hết thứ Sáu 13/4/2018: Đọc nhầm tháng."
    ) in old
    assert "Sở Nội vụ trả lại: Không thuộc chức năng." in old
    assert "chuyển cho Sở Tài chính, thành phần việc số 2: Đúng chức năng." in old
    assert "Đã thôi, không tính vào số liệu." in old
    assert coming(office, 1) == ["Không còn mốc nào phía trước."]
    assert "Nhận thay từ phần việc số 1." in told(office, 2)


def test_an_acknowledgement_is_still_told_after_it_expired_and_a_closing_with_its_reason(office: OfficeStory) -> None:
    office.files(draft(directive(HOME)), "2018-03-07 09:00")
    office.holds_round()
    office.does(handing.acknowledge, 1, "Văn thư Sở", by=By.AGENCY)
    office.waits_until("2018-03-23 10:00")
    office.does(handing.close, 1, "Đã bàn giao.")
    account_ = told(office)
    assert "09:00 07/3/2018: cơ quan đã tiếp nhận (Văn thư Sở)." in account_
    assert "Tiếp nhận quá 10 ngày làm việc mà chưa có tiến độ." in account_
    assert "10:00 23/3/2018: test kết thúc phần việc: Đã bàn giao." in account_


def test_linked_work_says_with_what_it_settles_and_whose_report_settled_it(office: OfficeStory) -> None:
    office.files(draft(directive([HOME, FINANCE], "2018-03-30")), "2018-03-07 09:00")
    office.holds_round()
    office.does(linking.link, (1, 2))
    office.reports(HOME)
    office.does(verification.accept, 1)
    assert "Kết thúc cùng với phần việc số 1." in told(office, 2)
    assert "báo cáo hoàn thành cùng phần việc đi kèm." in told(office, 2)
    assert "báo cáo hoàn thành cùng phần việc đi kèm." not in told(office, 1)
    assert "Hoàn thành đúng hạn · Đã xong." in told(office, 2)


def test_a_withdrawn_notice_says_that_it_was_withdrawn_and_why(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-30")), "2018-03-07 09:00")
    office.holds_round()
    with office.ledger.look() as session:
        notice = session.exec(select(Conclusion.id)).one()
    office.does(withdrawal.withdraw, notice, "Nhầm tệp.")
    office.holds_round()
    account_ = told(office)
    assert "test rút thông báo khỏi sổ: Nhầm tệp." in account_
    assert "Báo thôi giao. Lý do: Nhầm tệp. Gửi Sở Nội vụ: đã gửi" in account_


def test_an_event_names_its_day_and_the_rule_of_the_civil_code_that_gave_the_bound(office: OfficeStory) -> None:
    wait = {"event": "có hướng dẫn của Bộ", "count": 10, "unit": "day"}
    item = directive(HOME) | {
        "deadline": {"kind": "relative", "phrase": "trong 10 ngày kể từ khi …", "waits_for": wait}
    }
    office.files(draft(item), "2018-03-07 09:00")
    office.holds_round()
    with office.ledger.change(now=office.now, actor="test") as change:
        found = awaited(change.session, change.office_id)
        supply(change, found, Happening(parse_moment("2018-03-08").date()))
    account_ = told(office)
    assert "test ghi “có hướng dẫn của Bộ” vào lúc 00:00 08/3/2018; thời hạn là trước ngày 20/3/2018" in account_
    assert "Bộ luật Dân sự" in account_


def test_days_declared_meanwhile_are_told_where_they_lie_between_the_moments(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-21")), "2018-03-07 09:00")
    office.holds_round()
    office.does(set_day, parse_moment("2018-03-19").date(), worked=False, reason="Nghỉ bù lễ hội.")
    office.does(set_day, parse_moment("2018-12-24").date(), worked=False, reason="Chuyện khác.")
    account_ = told(office)
    assert "test ghi 19/3/2018 là ngày nghỉ: Nghỉ bù lễ hội." in account_
    assert "Chuyện khác" not in account_


def test_words_that_were_purged_from_the_trail_leave_the_account_whole(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-14")), "2018-03-07 09:00")
    office.holds_round()
    office.does(correcting.correct_deadline, 1, parse_moment("2018-04-14"), "Đọc nhầm tháng.")
    office.does(sending.stop, "Kiểm tra.")
    office.does(handing.cancel, 1, "Không cần nữa.")
    with office.ledger.engine.begin() as connection:
        connection.execute(update(AuditEntry).values(payload=None, salt=None))
    assert "test thôi theo dõi: —" in told(office)


def test_every_line_is_in_time_order_between_the_deadline_and_the_standing(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-24 10:00")
    lines = account(office)
    lived = [line.at for line in lines if line.kind in ("deed", "moment")]
    assert lived == sorted(moment for moment in lived if moment)
    kinds = list(dict.fromkeys("life" if line.kind in ("deed", "moment") else line.kind for line in lines))
    assert kinds == ["work", "bound", "life", "standing", "next"]
