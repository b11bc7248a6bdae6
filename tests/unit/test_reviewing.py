"""What is marked in a notice's text, what a person is asked about, and what they can change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.marked import marked, pieces
from config.settings import ROOT
from domain.agencies import find_agency, nearest, new_body, register
from domain.calendar import WorkingCalendar
from domain.corrections import for_information, with_cooperating, with_last_day, with_leads
from domain.desk import Reader, draft_of
from domain.doubts import SURE, doubtful
from domain.drafts import Draft, DraftDirective
from domain.errors import Refusal
from domain.instants import at
from domain.marking import Mark, What, marks
from domain.names import load_registry
from domain.reading import Document, read_notice
from tests.story import OfficeStory, directive, draft

REGISTRY = load_registry(ROOT / "agencies.yaml")
TEXT = """Số: 5/TB-UBND

THÔNG BÁO

1. Giao Sơ Nội vụ:

- Trước ngày 30/3/2018, trình UBND tỉnh kế hoạch; phối hợp với Sở KH&ĐT.

- Gửi báo cáo về Văn phòng UBND tỉnh.

2. Đề nghị UBMTTQVN tỉnh và Tỉnh đoàn tổ chức hội nghị trước ngày 15/4/2018.
"""


def said(text: str = TEXT) -> list[tuple[str, str]]:
    """(What, words) of every mark."""
    read = read_notice(text, name="x", registry=REGISTRY, calendar=WorkingCalendar(), issued_on=date(2018, 3, 7))
    return [(one.what.value, text[one.start : one.end]) for one in marks(text, read, REGISTRY)]


def one(**more: Any) -> DraftDirective:
    return DraftDirective.model_validate(directive("Sở Nội vụ", "2018-03-30") | more)


def doubts(*directives: dict[str, Any], news: bool = False) -> list[tuple[str, list[str]]]:
    contents = Draft.model_validate(draft(*directives))
    found = doubtful(contents, REGISTRY, news=news)
    return [(item.directive.path, [str(doubt) for doubt in item.doubts]) for item in found]


def test_bodies_are_marked_as_they_are_spelt_and_in_the_heading_that_names_them() -> None:
    found = said()
    assert ("lead", "Sơ Nội vụ") in found
    assert ("cooperating", "Sở KH&ĐT") in found
    assert ("lead", "UBMTTQVN tỉnh") in found
    assert ("lead", "Tỉnh đoàn") in found
    assert ("deadline", "Trước ngày 30/3/2018") in found
    assert sum(what == "directive" for what, _ in found) == 3


def test_a_line_under_an_item_that_says_who_leads_is_marked() -> None:
    found = said(
        "THÔNG BÁO\n\n1. Giao Sở Y tế gửi báo cáo trước ngày 30/3/2018.\n\n2. Nâng cấp cổng dịch vụ công của tỉnh, "
        "hoàn thành trước ngày 20/4/2018.\n\nĐơn vị chủ trì: Văn phòng UBND tỉnh; đơn vị phối hợp: Sở Y tế.\n"
    )
    assert found[-2:] == [("lead", "Văn phòng UBND tỉnh"), ("cooperating", "Sở Y tế")]


UNNUMBERED = TEXT.replace("Số: 5/TB-UBND", "Số:     /TB-UBND").replace("30/3/2018", "30/3")


def draft_of_signed(outside: dict[str, Any], number: str | None = None, issued_on: date | None = None) -> Draft:
    """What a document says that holds no number and no day in its text, but in its signature."""
    document = Document(text=UNNUMBERED, name="x.pdf", sha256="0" * 64, **outside)
    return draft_of(document, Reader(REGISTRY, WorkingCalendar(), inclusive=False), number, issued_on)


def test_number_and_day_of_a_signature_count_where_the_text_has_none() -> None:
    warnings = ("Ngày ký: vui lòng kiểm tra.",)
    document = {"number": "6/TB-UBND", "issued_on": date(2018, 3, 7), "warnings": warnings}
    read = draft_of_signed(document)
    assert (read.number, read.issued_on) == ("6/TB-UBND", date(2018, 3, 7))
    assert read.directives[0].deadline.due_before == at(date(2018, 3, 30))
    assert read.warnings[0] == warnings[0]


def test_what_the_caller_says_goes_before_the_signature() -> None:
    document = {"number": "6/TB-UBND", "issued_on": date(2018, 3, 7)}
    read = draft_of_signed(document, "9/TB-UBND", date(2019, 3, 7))
    assert (read.number, read.issued_on) == ("9/TB-UBND", date(2019, 3, 7))


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6)


@given(st.text(max_size=80), spans)
def test_marks_change_no_character_of_the_text(text: str, stretches: list[tuple[int, int]]) -> None:
    found: list[Mark] = []
    for start, length in sorted(stretches):
        mark = Mark(start, start + length, What.DIRECTIVE, "1")
        if mark.end <= len(text) and not any(mark.overlaps(other) for other in found):
            found.append(mark)
    for signs in (True, False):
        assert "".join(piece.words for piece in pieces(text, found, signs=signs) if not piece.sign) == text


def test_signs_stand_where_colours_cannot_be_seen() -> None:
    found = [Mark(0, 9, What.DIRECTIVE, "4.2"), Mark(5, 9, What.LEAD)]
    assert marked("Giao Sở Y tế", found, colours=False).plain == "[4.2 Giao <Sở Y>] tế"
    assert marked("Giao Sở Y tế", found, colours=True).plain == " 4.2 Giao Sở Y tế"


def test_what_cannot_be_filed_comes_first_then_the_least_certain_and_the_certain_is_not_asked_about() -> None:
    assert doubts(
        directive("Sở Nội vụ", "2018-03-30", path="1", confidence=0.7),
        directive("Sở Nội vụ", "2018-03-30", path="2", confidence=SURE),
        directive("Sở Nội vụ", "2018-03-30", path="3", confidence=0.3),
        directive("Sở Lạ", "2018-03-30", path="4", confidence=1.0),
    ) == [("4", ["unknown_lead"]), ("3", ["unsure"]), ("1", ["unsure"])]


@pytest.mark.parametrize(
    ("contents", "doubt"),
    [
        (directive([]), "no_lead"),
        (directive("Sở Lạ"), "unknown_lead"),
        (directive("Sở Nông nghiệp và Môi trường"), "gone"),
        (directive("Sở Nội vụ", "2060-01-01"), "far"),
        (directive("Sở Nội vụ") | {"deadline": {"kind": "date", "phrase": "31/02"}}, "impossible_date"),
        (directive("Sở Nội vụ", "2018-03-07"), "past"),
    ],
)
def test_what_would_go_wrong_is_asked_about_however_sure_the_reading_is(contents: dict[str, Any], doubt: str) -> None:
    assert doubts(contents | {"confidence": 1.0}) == [("1", [doubt])]


def test_of_news_everything_is_asked_about() -> None:
    assert doubts(GOOD := directive("Sở Nội vụ", "2018-03-30")) == []
    assert doubts(GOOD, news=True) == [("1", ["news"])]


def test_a_day_that_a_person_gives_is_the_last_in_time_and_the_phrase_stays() -> None:
    changed = with_last_day(one(confidence=0.4, reasons=["x"], warnings=["y"]), date(2018, 4, 20))
    assert changed.deadline.due_before == at(date(2018, 4, 21))
    assert changed.deadline.phrase == one().deadline.phrase
    assert "20/04/2018" in (changed.deadline.explanation or "")
    assert (changed.confidence, changed.reasons, changed.warnings) == (None, [], [])


def test_no_day_means_undated_and_waits_for_nothing() -> None:
    waiting = one(deadline={"kind": "relative", "phrase": "sau khi …", "waits_for": {"event": "có luật"}})
    changed = with_last_day(waiting, None)
    assert (changed.deadline.due_before, changed.deadline.waits_for, changed.deadline.kind) == (None, None, "none")


def test_who_leads_does_not_cooperate_as_well() -> None:
    changed = with_leads(one(cooperating=["Sở Y tế", "Sở Tài chính"]), ["Sở Y tế"])
    assert (changed.lead, changed.cooperating) == (["Sở Y tế"], ["Sở Tài chính"])
    assert with_cooperating(changed, ["Sở Y tế", "Sở Tư pháp"]).cooperating == ["Sở Tư pháp"]


def test_for_information_and_back() -> None:
    assert not for_information(one()).tracked
    assert for_information(for_information(one())).tracked


def test_the_nearest_names_are_offered_and_only_of_bodies_that_exist_on_the_day() -> None:
    assert nearest(REGISTRY, "Sở Nội vụu", date(2018, 3, 7))[0].name == "Sở Nội vụ"
    offered = [entry.name for entry in nearest(REGISTRY, "Sở Nông nghiêp và Môi trườn", date(2018, 3, 7))]
    assert "Sở Nông nghiệp và Môi trường" not in offered
    assert nearest(REGISTRY, "qwxz", None) == []


def test_a_new_body_is_registered_once_and_audited(any_office: OfficeStory) -> None:
    with any_office.ledger.change(now=any_office.now, actor="test") as change:
        register(change, new_body("Trung tâm  Lưu trữ"))
        assert [act.verb for act in change.acts] == ["agency.added"]
    with any_office.ledger.look() as session:
        assert find_agency(session, any_office.ledger.office_id, "trung tam luu tru").kind == "body"
    with (
        pytest.raises(Refusal, match="agency_there"),
        any_office.ledger.change(now=any_office.now, actor="test") as change,
    ):
        register(change, new_body("Trung tâm Lưu trữ"))


def test_two_bodies_whose_short_names_fall_together_are_both_registered(office: OfficeStory) -> None:
    long = "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và dân dụng khu vực "
    with office.ledger.change(now=office.now, actor="test") as change:
        slugs = {register(change, new_body(long + part)).slug for part in ("miền Đông", "miền Tây")}
    assert len(slugs) == 2


@pytest.mark.parametrize("name", ["", "!!!", "0", "x" * 400])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refusal:
        new_body(name)
    assert refusal.value.code == "errors.bad_agency_name"


def test_a_name_that_begins_small_is_a_group() -> None:
    assert new_body("các chủ rừng").kind == "group"
