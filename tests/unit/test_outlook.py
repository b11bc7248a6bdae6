"""What will happen if nobody answers, the sheet of the day, and why each moment is when it is."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from domain.actors import By
from domain.life import extensions, handing, holding, verification
from domain.moments import Kind
from domain.planning import one_followed
from domain.sheet import held, may_hold, tasks
from domain.tables import tables
from domain.written import parse_moment
from flows.forecasting import Foreseen, forecast
from notifications.explaining import explain
from notifications.wording import short_day
from tests.story import WHAT, OfficeStory, directive, draft

HOME, FINANCE = "Sở Nội vụ", "Sở Tài chính"


def contents(office: OfficeStory) -> str:
    """A digest of every row of every table."""
    digest = hashlib.sha256()
    with office.ledger.engine.connect() as connection:
        for table in tables():
            for row in connection.execute(select(table).order_by(*table.primary_key)):
                digest.update(repr((table.name, *row)).encode())
    return digest.hexdigest()


def foreseen(office: OfficeStory, until: str) -> list[Foreseen]:
    return forecast(office.settings, office.ledger, office.now, parse_moment(until))


def to(recipient: str, messages: list[Foreseen]) -> list[str]:
    return [f"{short_day(one.at.date())} {WHAT[one.kind]}" for one in messages if one.recipient == recipient]


def told(office: OfficeStory, agency: str) -> str:
    """The account of an agency's work, as one text."""
    with office.ledger.look() as session:
        one = one_followed(session, office.ledger.office_id, office.obligation(agency))
        return "\n".join(line.text for line in explain(session, one, office.now))


def test_the_forecast_says_what_comes_if_nobody_answers_and_changes_nothing(any_office: OfficeStory) -> None:
    any_office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    any_office.holds_round()
    before = contents(any_office)
    messages = foreseen(any_office, "2018-03-24")
    assert contents(any_office) == before
    assert to(HOME, messages) == ["08/3 Đến hạn", "09/3 Quá hạn", "12/3 Báo cáo vượt cấp"]
    assert to("Chủ tịch", messages) == ["23/3 Báo cáo vượt cấp"]
    assert len(any_office.mails()) == 1
    any_office.waits_until("2018-03-24")
    assert any_office.told(HOME)[1:] == to(HOME, messages)


def test_the_forecast_shows_what_would_go_out_while_sending_is_stopped(office: OfficeStory) -> None:
    from domain import sending

    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.does(sending.stop, "Kiểm tra danh bạ.")
    assert to(HOME, foreseen(office, "2018-03-08 17:00")) == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn"]


def test_the_sheet_tells_what_may_be_held_what_is_held_and_what_waits_for_the_office(any_office: OfficeStory) -> None:
    any_office.files(
        draft(directive(HOME, "2018-03-09"), directive(FINANCE, "2018-03-30", path="2")), "2018-03-07 09:00"
    )
    any_office.holds_round()
    any_office.does(extensions.ask, any_office.obligation(FINANCE), parse_moment("2018-04-10"), "Chờ.", FINANCE)
    any_office.now = parse_moment("2018-03-08 07:00")
    with any_office.ledger.look() as session:
        coming = may_hold(session, any_office.ledger.office_id, parse_moment("2018-03-09 23:00"))
        waiting = tasks(session, any_office.ledger.office_id)
    assert [(row.planned.checkpoint.kind, row.planned.agency) for row in coming] == [
        ("decide", FINANCE), ("due", HOME), ("overdue", HOME),
    ]  # fmt: skip
    assert [(task.kind, task.agency) for task in waiting] == [(Kind.DECIDE, FINANCE)]
    due = next(row.planned.checkpoint.id for row in coming if row.planned.checkpoint.kind == "due")
    any_office.does(holding.hold, due, "Chờ ý kiến Chủ tịch.")
    with any_office.ledger.look() as session:
        assert [row.checkpoint.id for row in held(session, any_office.ledger.office_id)] == [due]
    any_office.waits_until("2018-03-08 17:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ"]
    any_office.does(holding.let_go, due)
    any_office.waits_until("2018-03-09 17:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn", "09/3 Quá hạn"]


def test_each_moment_is_explained_with_what_was_counted_and_what_was_not(office: OfficeStory) -> None:
    item = directive(HOME, "2018-03-14")
    item["deadline"] |= {"phrase": "trước ngày 14/3/2018", "explanation": "Từ 14/3/2018 00:00 là trễ hạn."}
    office.files(draft(item), "2018-03-05 09:00")
    office.waits_until("2018-03-20 10:00")
    account = told(office, HOME)
    for words in (
        "Thông báo ghi: “trước ngày 14/3/2018”.",
        "Từ 14/3/2018 00:00 là trễ hạn.",
        "Hạn hiện nay: trước ngày 14/3/2018, tức hết thứ Ba 13/3/2018.",
        "Đếm ngược 3 ngày làm việc từ ngày cuối còn trong hạn 13/3/2018, không tính 10/3, 11/3.",
        "1 ngày làm việc sau ngày đầu tiên trễ hạn 14/3/2018; báo cơ quan thực hiện, người đứng đầu cơ quan.",
        "Gửi Giám đốc Sở Nội vụ: đã gửi",
        "Quá hạn · Đã giao.",
        "08:00 28/3/2018: Báo cáo vượt cấp 3.",
    ):
        assert words in account


def test_every_deed_and_date_of_a_life_is_told(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-14")), "2018-03-07 09:00")
    office.holds_round()
    id_ = office.obligation(HOME)
    office.does(handing.acknowledge, id_, by=By.AGENCY)
    office.does(extensions.ask, id_, parse_moment("2018-03-31"), "Chờ số liệu.", "Văn thư", by=By.AGENCY)
    office.does(extensions.extend, id_, parse_moment("2018-03-24"), "Đến 23/3 là đủ.")
    office.sleeps_until("2018-03-20 09:00")
    office.reports(HOME)
    office.does(verification.reject, id_, "Thiếu phụ lục.")
    account = told(office, HOME)
    for words in (
        "cơ quan đã tiếp nhận",
        "Văn thư đề nghị gia hạn trước ngày 31/3/2018, tức hết thứ Sáu 30/3/2018: Chờ số liệu.",
        "gia hạn ngắn hơn đề nghị, từ trước ngày 14/3/2018, tức hết thứ Ba 13/3/2018 thành trước ngày 24/3/2018",
        "Hạn ban đầu: trước ngày 14/3/2018",
        "báo cáo hoàn thành: Đã làm xong.",
        "không chấp nhận báo cáo: Thiếu phụ lục.",
    ):
        assert words in account


def test_recurring_work_names_its_next_bounds(office: OfficeStory) -> None:
    monthly = {"kind": "recurring", "phrase": "trước ngày 25 hàng tháng", "rrule": "FREQ=MONTHLY;BYMONTHDAY=25"}
    office.files(draft(directive(HOME) | {"deadline": monthly}), "2018-03-07 09:00")
    assert "00:00 25/3/2018; 00:00 25/4/2018; 00:00 25/5/2018" in told(office, HOME)


@pytest.mark.parametrize("days", [10, 40])
def test_a_declared_day_off_is_named_with_its_reason(office: OfficeStory, days: int) -> None:
    from domain.days import set_day

    office.files(draft(directive(HOME, "2018-03-21")), "2018-03-07 09:00")
    office.holds_round()
    office.does(set_day, parse_moment("2018-03-19").date(), worked=False, reason="Nghỉ bù lễ hội.")
    assert "19/3 (Nghỉ bù lễ hội.)" in told(office, HOME)
    assert len(foreseen(office, parse_moment("2018-03-07").add(days=days).isoformat())) > 0
