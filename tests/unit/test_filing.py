"""Filing a notice: everything or nothing, once, and refused by name where something is wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import SQLModel, col, func, select

from config.clock import wall_clock
from config.words import LANGUAGES, say
from domain.agencies import Agency
from domain.audit import AuditEntry
from domain.conclusions import Conclusion, Directive, DirectiveAgency
from domain.drafts import Draft
from domain.errors import Refusal
from domain.filing import Notice, file_notice
from domain.founding import open_ledger
from domain.obligations import Obligation
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

TABLES = (Conclusion, Directive, DirectiveAgency, Obligation, AuditEntry)


def counted(story: OfficeStory) -> list[int]:
    """How many conclusions, directives, agencies in directives, obligations and audit entries there are."""
    with story.ledger.look() as session:
        return [session.exec(select(func.count()).select_from(table)).one() for table in TABLES]


def rows(story: OfficeStory, table: type[SQLModel]) -> list[Any]:
    with story.ledger.look() as session:
        return list(session.exec(select(table).order_by(table.id)))  # type: ignore[attr-defined]


def answering(story: OfficeStory) -> list[str]:
    """The agencies that answer for something, in the order of the notice."""
    with story.ledger.look() as session:
        query = select(Agency.name).join(Obligation, col(Obligation.agency_id) == col(Agency.id))
        return list(session.exec(query.order_by(col(Obligation.id))))


def is_refused(story: OfficeStory, contents: dict[str, Any]) -> Refusal:
    """Files what must not be filed; answers the refusal, which can be said in both languages and leaves nothing."""
    before = counted(story)
    with pytest.raises(Refusal) as refused:
        story.files(contents)
    assert counted(story) == before
    for language in LANGUAGES:
        assert say(refused.value.code, language=language, **refused.value.params)
    return refused.value


def test_a_notice_is_stored_as_it_was_confirmed(any_office: OfficeStory) -> None:
    contents = draft(
        directive("Sở Nội vụ", "2018-03-09", path="4.2", cooperating=["Sở Tài chính"], report_to=["UBND tỉnh"]),
        directive(["Sở Y tế", "Sở Tư pháp"], path="5", tracked=False),
        number=" 489/TB-VP ",
    )
    filed = any_office.files(contents | {"signer": "Nguyễn Văn A", "meeting_on": "2018-03-01"}, "2018-03-07 09:00")
    assert (filed.obligations, filed.is_new) == (3, True)
    conclusion = rows(any_office, Conclusion)[0]
    assert (conclusion.number, conclusion.issued_on, conclusion.signer) == (
        "489/TB-VP",
        date(2018, 3, 7),
        "Nguyễn Văn A",
    )
    assert (conclusion.filed_at, conclusion.meeting_on) == (any_office.now, date(2018, 3, 1))
    first, second = rows(any_office, Directive)
    assert (first.path, first.due_before, first.tracked) == ("4.2", parse_moment("2018-03-09"), True)
    assert (second.path, second.due_before, second.tracked, second.place) == ("5", None, False, 1)
    assert [row.due_before for row in rows(any_office, Obligation)] == [parse_moment("2018-03-09"), None, None]
    named = [(row.role, row.written) for row in rows(any_office, DirectiveAgency)]
    assert named == [
        ("lead", "Sở Nội vụ"), ("cooperating", "Sở Tài chính"), ("report_to", "UBND tỉnh"),
        ("lead", "Sở Y tế"), ("lead", "Sở Tư pháp"),
    ]  # fmt: skip
    assert answering(any_office) == ["Sở Nội vụ", "Sở Y tế", "Sở Tư pháp"]


def test_an_unknown_agency_in_the_last_directive_leaves_nothing_of_the_notice(any_office: OfficeStory) -> None:
    refusal = is_refused(
        any_office,
        draft(directive("Sở Nội vụ", "2018-03-09"), directive("Sở Thiên văn", "2018-03-09", path="2")),
    )
    assert (refusal.code, refusal.params) == ("errors.unknown_agency_at", {"name": "Sở Thiên văn", "path": "2"})
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-09")))
    assert counted(any_office)[0] == 1


def test_filing_the_same_notice_twice_is_filing_it_once(any_office: OfficeStory) -> None:
    contents = draft(directive("Sở Nội vụ", "2018-03-09"), directive(["Sở Y tế"], path="2"))
    first = any_office.files(contents)
    before = counted(any_office)
    again = any_office.files(contents | {"warnings": ["đã xem lại"]}, "2018-03-08 10:00")
    assert (again.is_new, again.obligations, again.conclusion.id) == (False, 2, first.conclusion.id)
    assert counted(any_office) == before
    assert rows(any_office, Conclusion)[0].filed_at == parse_moment("2018-03-07 09:00")


def test_two_people_who_file_the_same_notice_at_once_file_it_once(any_office: OfficeStory) -> None:
    contents, start = draft(directive("Sở Nội vụ", "2018-03-09")), Barrier(3)

    def file(_: int) -> bool:
        ledger = open_ledger(any_office.settings, wall_clock)
        start.wait()
        with ledger.change(now=any_office.now, actor="test") as change:
            is_new = file_notice(change, Notice(Draft.model_validate(contents))).is_new
        ledger.engine.dispose()
        return is_new

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(file, range(3))) == [False, False, True]
    assert counted(any_office)[:4] == [1, 1, 1, 1]


@pytest.mark.parametrize("on", ["2018-03-07", "2018-05-02"])
def test_the_same_number_with_other_contents_in_one_year_is_refused(any_office: OfficeStory, on: str) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-09"), number="489/TB-VP"))
    refusal = is_refused(any_office, draft(directive("Sở Y tế", "2018-03-09"), number="489/TB-VP", on=on))
    assert refusal.code == "errors.same_number"
    assert refusal.params == {"number": "489/TB-VP", "issued_on": "07/03/2018"}


def test_numbers_start_again_each_year(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ"), number="1/TB-VP", on="2018-12-31"), "2019-01-02 09:00")
    filed = any_office.files(draft(directive("Sở Y tế"), number="1/TB-VP", on="2019-01-01"), "2019-01-02 09:00")
    assert filed.is_new


def test_a_group_becomes_one_obligation_for_each_member_it_had_on_the_day(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("các sở, ban, ngành", "2018-03-30"), on="2018-03-07"))
    before = answering(any_office)
    assert "Sở Kế hoạch và Đầu tư" in before
    assert "Sở Nông nghiệp và Môi trường" not in before
    assert len(before) == len(set(before)) > 10
    any_office.files(draft(directive("các sở, ban, ngành", "2025-04-30"), on="2025-04-07"), "2025-04-07 09:00")
    after = answering(any_office)[len(before) :]
    assert "Sở Nông nghiệp và Môi trường" in after
    assert "Sở Kế hoạch và Đầu tư" not in after


def test_a_group_nobody_has_filled_answers_for_itself(office: OfficeStory) -> None:
    office.files(draft(directive("UBND các xã, phường, thị trấn", "2018-03-30")))
    assert answering(office) == ["UBND các xã, phường, thị trấn"]


def test_two_names_of_one_agency_are_one_obligation(any_office: OfficeStory) -> None:
    names = ["Sở Kế hoạch và Đầu tư", "Sở KH&ĐT", "Giám đốc Sở Kế hoạch và Đầu tư"]
    assert any_office.files(draft(directive(names, "2018-03-30"))).obligations == 1
    assert [row.written for row in rows(any_office, DirectiveAgency)] == names


def test_an_agency_named_beside_its_group_answers_once(any_office: OfficeStory) -> None:
    any_office.files(draft(directive(["Sở Nội vụ", "các sở, ban, ngành"], "2018-03-30")))
    assert answering(any_office).count("Sở Nội vụ") == 1


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        (draft(directive("Sở Nội vụ")) | {"number": None}, "errors.no_number"),
        (draft(directive("Sở Nội vụ")) | {"number": "  "}, "errors.no_number"),
        (draft(directive("Sở Nội vụ")) | {"issued_on": None}, "errors.no_issue_date"),
        (draft(), "errors.no_directives"),
        (draft(directive("Sở Nội vụ"), directive("Sở Y tế")), "errors.same_path"),
        (draft(directive([])), "errors.no_lead"),
        (draft(directive("Sở Nội vụ", "2049-03-09")), "errors.far_deadline"),
        (draft(directive("Sở Nội vụ", "1918-03-09")), "errors.far_deadline"),
    ],
)
def test_what_cannot_be_followed_up_is_refused_with_the_reason(
    any_office: OfficeStory, contents: dict[str, Any], code: str
) -> None:
    assert is_refused(any_office, contents).code == code


def test_an_exhortation_may_have_nobody_to_answer_for_it(office: OfficeStory) -> None:
    assert office.files(draft(directive([], tracked=False))).obligations == 0
    office.waits_until("2018-03-30")
    assert office.messages() == []


def test_the_policy_of_the_day_of_filing_goes_with_the_notice(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-30")))
    assert rows(office, Conclusion)[0].follow_up["remind_working_days_before"] == [7, 3, 1]


def test_what_a_deadline_waits_for_is_kept_with_the_directive(any_office: OfficeStory) -> None:
    wait = {"event": "có hướng dẫn", "count": 5, "unit": "working_day", "before": False}
    deadline = {"kind": "relative", "phrase": "trong 5 ngày làm việc kể từ khi có hướng dẫn", "waits_for": wait}
    any_office.files(draft(directive("Sở Y tế") | {"deadline": deadline}, directive("Sở Nội vụ", path="2")))
    assert [row.waits_for for row in rows(any_office, Directive)] == [wait, None]
