"""Lint says, before a notice is signed, what nobody will be able to follow up."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import ROOT
from config.words import LANGUAGES, say
from domain.calendar import WorkingCalendar
from domain.drafts import Draft
from domain.linting import Desk, Finding, Severity, lint
from domain.linting.due import due_by_week
from domain.linting.findings import SEVERITIES, Code
from domain.linting.weeks import MANY
from domain.names import load_registry
from domain.reading import read_notice
from tests.story import OfficeStory, directive, draft

REGISTRY = load_registry(ROOT / "agencies.yaml")
CALENDAR = WorkingCalendar()
SIGNED = date(2018, 3, 7)  # a Wednesday
HEAD = """ỦY BAN NHÂN DÂN TỈNH
VĂN PHÒNG

Số:     /TB-VPUB

Sông Lam, ngày     tháng 3 năm 2018

THÔNG BÁO

Kết luận của Chủ tịch Ủy ban nhân dân tỉnh tại cuộc họp về cải cách hành chính

Chủ tịch Ủy ban nhân dân tỉnh kết luận như sau:

"""
TAIL = """

Nơi nhận:
- Như trên;
- Lưu: VT.

CHÁNH VĂN PHÒNG


Lê Thị Minh Châu
"""


def linted(*directives: dict[str, Any], due: dict[tuple[str, date], int] | None = None) -> list[Finding]:
    contents = Draft.model_validate(draft(*directives))
    return lint(contents, Desk(REGISTRY, CALENDAR, SIGNED, due or {}))


def codes(*directives: dict[str, Any]) -> list[str]:
    return [one.code for one in linted(*directives)]


def linted_text(*items: str) -> list[tuple[str, str]]:
    """(Path, code) of what is found in a draft notice with these items."""
    body = "\n\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1))
    text = HEAD + body + TAIL
    read = read_notice(text, name="x", registry=REGISTRY, calendar=CALENDAR, issued_on=SIGNED)
    return [(one.path, str(one.code)) for one in lint(read, Desk(REGISTRY, CALENDAR, SIGNED), text)]


def deadline(kind: str, phrase: str | None = None, **more: Any) -> dict[str, Any]:
    return {"deadline": {"kind": kind, "phrase": phrase, **more}}


GOOD = directive("Sở Nội vụ", "2018-03-30")


def test_an_order_with_one_lead_and_a_working_day_is_fine() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        (directive([], "2018-03-30"), "no_lead"),
        (directive("Trung tâm Mây trắng", "2018-03-30"), "unknown_body"),
        (directive("các chủ rừng", "2018-03-30"), "unknown_group"),
        (directive("UBND các xã có rừng", "2018-03-30"), "unknown_group"),
        (directive(["Sở Nội vụ", "Sở Y tế"], "2018-03-30"), "several_leads"),
        (directive("Sở Nội vụ"), "no_date"),
        (directive("Sở Nội vụ") | deadline("none", "khẩn trương"), "vague"),
        (directive("Sở Nội vụ") | deadline("date", "trước ngày 31/02/2018"), "impossible_date"),
        (directive("Sở Nội vụ", "2018-03-07"), "past"),
        (directive("Sở Nội vụ", "2017-03-30"), "past"),
        (directive("Sở Nội vụ", "2018-03-08"), "short_notice"),
        (directive("Sở Nội vụ", "2018-03-09"), "short_notice"),
        (
            directive("Sở Nội vụ") | deadline("relative", "sau khi có luật", waits_for={"event": "có luật"}),
            "waits_for_event",
        ),
    ],
)
def test_what_cannot_be_followed_up_is_found_where_it_stands(contents: dict[str, Any], code: str) -> None:
    found = linted(contents)
    assert [(one.code, one.path) for one in found] == [(code, "1")]


def test_two_working_days_are_notice_enough_and_a_weekend_is_none() -> None:
    assert codes(directive("Sở Nội vụ", "2018-03-10")) == []
    friday = Draft.model_validate(draft(directive("Sở Nội vụ", "2018-03-13")))
    assert [one.code for one in lint(friday, Desk(REGISTRY, CALENDAR, date(2018, 3, 9)))] == ["short_notice"]


def test_a_day_off_is_found_and_the_next_working_day_offered() -> None:
    contents = directive("Sở Nội vụ") | deadline(
        "date", "chậm nhất ngày 30/4/2018", due_before="2018-05-01T00:00:00+07:00"
    )
    (one,) = linted(contents)
    assert one.code == "day_off"
    assert "02/05/2018" in one.advice


def test_the_end_of_a_month_is_nobodys_choice_of_a_day_off() -> None:
    contents = directive("Sở Nội vụ") | deadline("date", "trong quý I/2018", due_before="2018-04-01T00:00:00+07:00")
    assert codes(contents) == []


def test_a_request_or_an_exhortation_needs_no_day() -> None:
    assert codes(directive("Tỉnh đoàn") | {"authority": "request"}) == []
    assert codes(directive("Sở Nội vụ", tracked=False)) == []


def test_standing_and_recurring_work_need_no_day() -> None:
    assert codes(directive("Sở Nội vụ") | deadline("continuous", "thường xuyên")) == []
    assert codes(directive("Sở Nội vụ") | deadline("recurring", "hằng tháng", rrule="FREQ=MONTHLY")) == []


def test_a_body_that_was_dissolved_is_found_with_those_that_took_its_work() -> None:
    contents = Draft.model_validate(draft(directive("Sở Kế hoạch và Đầu tư", "2026-03-31"), on="2026-03-02"))
    (one,) = lint(contents, Desk(REGISTRY, CALENDAR, date(2026, 3, 2)))
    assert one.code == "gone"
    assert "Sở Tài chính" in one.advice


def test_a_body_that_is_not_founded_yet_is_found() -> None:
    assert codes(directive("Sở Nông nghiệp và Môi trường", "2018-03-30")) == ["not_yet"]


def test_one_paper_with_two_leads_is_found_at_the_later_item() -> None:
    found = linted_text(
        "Giao Sở Nội vụ phối hợp với Văn phòng UBND tỉnh hoàn chỉnh báo cáo kết quả thực hiện Đề án vị trí việc làm "
        "tại các đơn vị sự nghiệp năm 2017, phương hướng năm 2018, trước ngày 30/3/2018.",
        "Giao Sở Tài chính trình dự toán kinh phí thực hiện Đề án vị trí việc làm trước ngày 30/3/2018.",
        "Giao Văn phòng UBND tỉnh: Phối hợp Sở Nội vụ hoàn chỉnh báo cáo tổng kết việc thực hiện Đề án vị trí việc làm "
        "tại các đơn vị sự nghiệp năm 2017, phương hướng năm 2018, trước ngày 30/3/2018.",
    )
    assert found == [("3", "same_deliverable")]


def test_drafting_and_giving_an_opinion_on_a_paper_are_two_things() -> None:
    found = linted_text(
        "Giao Sở Nội vụ xây dựng kế hoạch tinh giản biên chế các đơn vị sự nghiệp y tế giai đoạn 2018-2020, trình "
        "trước ngày 30/3/2018.",
        "Giao Sở Tài chính thẩm định kinh phí của kế hoạch tinh giản biên chế các đơn vị sự nghiệp y tế giai đoạn "
        "2018-2020 trước ngày 20/4/2018.",
        "Giao Sở Y tế xây dựng kế hoạch mua sắm trang thiết bị cho các trạm y tế xã giai đoạn 2018-2020, trình trước "
        "ngày 30/3/2018.",
    )
    assert found == []


def test_an_item_that_tells_nobody_is_found_though_the_reader_gives_no_directive() -> None:
    assert linted_text(
        "Giao Sở Nội vụ trình kế hoạch kiểm tra công vụ trước ngày 30/3/2018.",
        "Hoàn thành việc rà soát thủ tục hành chính trước ngày 20/4/2018.",
        "Giao Sở Y tế gửi báo cáo trước ngày 30/3/2018.",
    ) == [("2", "unaddressed")]


def test_findings_and_what_was_done_are_no_orders_to_nobody() -> None:
    assert (
        linted_text(
            "Giao Sở Nội vụ trình kế hoạch kiểm tra công vụ trước ngày 30/3/2018.",
            "Thực hiện Kế hoạch số 5, các đơn vị đã hoàn thành việc rà soát.",
            "Công tác phối hợp có nhiều chuyển biến tích cực.",
        )
        == []
    )


def test_an_agency_with_a_full_week_is_noted_once() -> None:
    items = [directive("Sở Nội vụ", "2018-03-30", path=str(n)) for n in range(1, MANY + 2)]
    found = linted(*items)
    assert [(one.code, one.path) for one in found] == [("busy_week", "1")]
    assert str(MANY) in found[0].message
    assert codes(*items[:MANY]) == []


def test_what_the_ledger_holds_counts_and_what_is_done_does_not(any_office: OfficeStory) -> None:
    agencies = ["Sở Nội vụ", "Sở Nội vụ", "Sở Y tế"]
    any_office.files(draft(*(directive(who, "2018-03-30", path=str(n)) for n, who in enumerate(agencies))))
    any_office.reports("Sở Y tế")
    with any_office.ledger.look() as session:
        due = due_by_week(session, any_office.ledger.office_id)
    assert due == Counter({("Sở Nội vụ", date(2018, 3, 26)): 2})
    found = linted(GOOD, due={("Sở Nội vụ", date(2018, 3, 26)): MANY, ("Sở Nội vụ", date(2018, 4, 2)): 99})
    assert [one.code for one in found] == ["busy_week"]


def test_news_is_no_draft_of_a_notice() -> None:
    contents = Draft.model_validate(draft(GOOD) | {"document_kind": "report"})
    assert [(one.code, one.path) for one in lint(contents, Desk(REGISTRY, CALENDAR, SIGNED))] == [("news", "")]


@pytest.mark.parametrize("code", Code)
def test_everything_found_has_a_severity_words_and_advice_in_both_languages(code: Code) -> None:
    assert SEVERITIES[code] in Severity
    for language in LANGUAGES:
        assert say(f"lint.message.{code}", language=language)
        assert say(f"lint.advice.{code}", language=language)
        assert say(f"lint.severity.{SEVERITIES[code]}", language=language)


@given(st.text(max_size=300), st.lists(st.sampled_from(["Sở Nội vụ", "các sở", "", "???", "Sở Lạ"]), max_size=3))
def test_any_directive_can_be_linted_and_every_finding_can_be_said(text: str, leads: list[str]) -> None:
    leads = [name for name in leads if name]
    for one in linted(directive(leads, text=text or "x"), directive("Sở Y tế", path="2", text=text or "y")):
        assert one.as_json()["message"]
        assert one.as_json()["advice"]
