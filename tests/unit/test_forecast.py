"""The forecast: what comes to whom if nobody answers, told by a copy that reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table
from sqlmodel import col, update

from domain import sending
from domain.actors import By
from domain.life import extensions, handing, verification
from domain.tables import tables
from domain.written import parse_moment
from flows import forecasting
from flows.forecasting import Foreseen, forecast
from notifications.channels import EMAIL
from notifications.outbox import Message, Status
from notifications.wording import short_day
from tests.story import WHAT, OfficeStory, directive, draft

HOME, FINANCE, OWNER = "Sở Nội vụ", "Sở Tài chính", "Chuyên viên theo dõi"


def foreseen(office: OfficeStory, until: str) -> list[Foreseen]:
    return forecast(office.settings, office.ledger, office.now, parse_moment(until))


def to(recipient: str, messages: list[Foreseen]) -> list[str]:
    return [f"{short_day(one.at.date())} {WHAT[one.kind]}" for one in messages if one.recipient == recipient]


def test_a_notice_filed_in_the_middle_of_the_look_ahead_does_not_tear_the_copy(
    any_office: OfficeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    any_office.holds_round()

    def with_a_notice_in_between() -> Iterator[Table]:
        for place, table in enumerate(tables()):
            yield table
            if place == len(tables()) // 2:
                any_office.files(draft(directive(FINANCE, "2018-03-20")))
                any_office.holds_round()

    monkeypatch.setattr(forecasting, "tables", with_a_notice_in_between)
    messages = foreseen(any_office, "2018-03-24")
    assert to(HOME, messages) == ["08/3 Đến hạn", "09/3 Quá hạn", "12/3 Báo cáo vượt cấp"]
    assert to(FINANCE, messages) == []


def test_mail_that_still_waits_is_foreseen_and_touches_no_mail_server(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-30")), "2018-03-07 09:00")
    office.holds_round()
    waiting = {"channel": EMAIL, "status": Status.QUEUED, "next_attempt_at": parse_moment("2018-03-07 13:00")}
    with office.ledger.engine.begin() as connection:  # as if a mail server had not answered
        connection.execute(update(Message).where(col(Message.kind) == "assign").values(**waiting))
    assert to(HOME, foreseen(office, "2018-03-08 17:00")) == ["07/3 Giao nhiệm vụ"]
    assert [one.status for one in office.messages()] == [Status.QUEUED]


def test_in_shadow_mode_it_names_those_for_whom_the_mail_is_meant(office: OfficeStory) -> None:
    office.does(sending.shadow)
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    assert to(HOME, foreseen(office, "2018-03-09 17:00")) == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn", "09/3 Quá hạn"]
    assert office.messages() == []


def test_the_mail_folder_of_the_office_stays_as_it_is(any_office: OfficeStory) -> None:
    any_office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    any_office.holds_round()
    there = contents(any_office.settings.home)
    assert foreseen(any_office, "2018-04-09")
    assert contents(any_office.settings.home) == there


def contents(home: Path) -> set[Path]:
    return {file for file in home.rglob("*") if not file.name.startswith("dondoc.db")}


def test_recurring_work_opens_its_next_periods_in_the_forecast_and_in_the_forecast_only(office: OfficeStory) -> None:
    monthly = {"kind": "recurring", "phrase": "hằng tháng", "rrule": "FREQ=MONTHLY;BYMONTHDAY=25"}
    office.files(draft(directive(HOME) | {"deadline": monthly}), "2018-03-07 09:00")
    office.holds_round()
    last_days = [day for day in to(HOME, foreseen(office, "2018-05-31")) if day.endswith("Đến hạn")]
    assert last_days == ["23/3 Đến hạn", "24/4 Đến hạn", "24/5 Đến hạn"]
    assert len(office.obligations()) == 1


def test_an_undecided_extension_is_foreseen_to_hold_the_ladder_and_to_be_asked_about(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.holds_round()
    office.does(extensions.ask, office.obligation(HOME), parse_moment("2018-03-31"), "Chờ số liệu.", HOME)
    messages = foreseen(office, "2018-03-16 17:00")
    assert to(HOME, messages) == ["08/3 Đến hạn", "09/3 Quá hạn"]
    assert to(OWNER, messages) == [
        "07/3 Chờ quyết định gia hạn", "12/3 Chờ quyết định gia hạn", "15/3 Chờ quyết định gia hạn",
    ]  # fmt: skip


def test_whoever_gets_work_that_is_late_already_is_given_it_before_it_is_called_late(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-20 10:00")
    office.does(handing.reassign, office.obligation(HOME), FINANCE, "Đúng chức năng.")
    assert to(FINANCE, foreseen(office, "2018-03-22 17:00")) == [
        "20/3 Giao nhiệm vụ", "21/3 Quá hạn", "22/3 Báo cáo vượt cấp",
    ]  # fmt: skip


def test_a_report_sent_again_on_the_day_of_its_rejection_is_put_before_the_owner(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-30")), "2018-03-07 09:00")
    office.holds_round()
    office.reports(HOME)
    office.does(verification.reject, office.obligation(HOME), "Thiếu phụ lục.")
    office.sleeps_until("2018-03-07 15:00")
    office.reports(HOME)
    assert to(OWNER, foreseen(office, "2018-03-12 17:00")) == ["07/3 Chờ thẩm tra", "12/3 Chờ thẩm tra"]


def test_a_wish_for_more_time_on_the_day_of_a_correction_is_put_before_the_owner(office: OfficeStory) -> None:
    from domain.life.correcting import correct_deadline

    office.files(draft(directive(HOME, "2018-03-30")), "2018-03-07 09:00")
    office.holds_round()
    office.does(correct_deadline, office.obligation(HOME), parse_moment("2018-03-28"), "Đọc nhầm.")
    office.does(extensions.ask, office.obligation(HOME), parse_moment("2018-04-30"), "Chờ.", HOME, by=By.AGENCY)
    assert to(OWNER, foreseen(office, "2018-03-08 17:00")) == ["07/3 Chờ quyết định gia hạn"]
