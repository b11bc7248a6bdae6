"""Papers on the desk: what corrections do to a draft, and what reading again leaves alone."""

from __future__ import annotations

from datetime import date

import pytest

from config.settings import ROOT
from domain.calendar import WorkingCalendar
from domain.desk import Reader
from domain.drafts import Draft
from domain.errors import Refusal
from domain.instants import at
from domain.names import load_registry
from domain.paper_corrections import (
    MOST_NAMES,
    Bound,
    DayNote,
    Wanted,
    as_first_read,
    corrected,
    day_notes,
    meant,
    names_in,
    read_again,
    shown_day,
    where,
    with_added,
)
from domain.papers import Paper, find_paper, papers_of
from domain.paperwork import Work, add_body, drop, file_paper, first_draft, lay, save, taken_up, work_on
from domain.reading import Document
from tests.story import OfficeStory

REGISTRY = load_registry(ROOT / "agencies.yaml")
READER = Reader(REGISTRY, WorkingCalendar(), False)
TEXT = """Số: 5/TB-VP

Kon Tum, ngày 06 tháng 3 năm 2018

THÔNG BÁO

Kết luận của Chủ tịch UBND tỉnh

1. Giao Sở Tài chính báo cáo trước ngày 30/3.

Nhìn chung nhiều hồ chứa đã xuống cấp.

2. Giao Ban Mây trắng trình kế hoạch trong 10 ngày kể từ ngày ban hành thông báo này.

3. Giao Ban Mây trắng và Sở Y tế chuẩn bị thuốc.
"""
DOCUMENT = Document(TEXT, "thong-bao.txt", "0" * 64)
ISSUED = date(2018, 3, 6)


def work(draft: Draft | None = None) -> Work:
    moment = at(ISSUED)
    read = draft or first_draft(DOCUMENT, READER)
    paper = Paper(office_id=1, actor="lan", name="x", text=TEXT, draft={}, created_at=moment, changed_at=moment)
    return Work(paper, read, READER)


def as_read(path: str) -> Wanted:
    one = next(one for one in work().draft.directives if one.path == path)
    return Wanted(tuple(one.lead), tuple(one.cooperating), one.tracked)


def test_names_are_taken_one_a_field_or_with_semicolons_between_them() -> None:
    assert names_in(["Sở  Y tế; Sở Nội vụ;", "", " Sở Y tế "]) == ("Sở Y tế", "Sở Nội vụ")
    for fields in (["a" * 301], [f"Sở {n}" for n in range(MOST_NAMES + 1)]):
        with pytest.raises(Refusal):
            names_in(fields)


def test_a_form_that_changes_nothing_changes_nothing() -> None:
    for one in work().draft.directives:
        same = Wanted(tuple(one.lead), tuple(one.cooperating), one.tracked, Bound.DAY, shown_day(one))
        assert corrected(one, same, REGISTRY, ISSUED) == (one if shown_day(one) else one.model_copy())


def test_a_day_is_the_last_in_time_and_the_phrase_of_the_notice_stays() -> None:
    one = work().draft.directives[0]
    later = corrected(one, Wanted(("Sở Tài chính",), (), True, Bound.DAY, date(2018, 4, 14)), REGISTRY, ISSUED)
    assert later.deadline.due_before == at(date(2018, 4, 15))
    assert later.deadline.phrase == one.deadline.phrase
    assert day_notes(later, work()) == [DayNote.DAY_OFF]
    none = corrected(later, Wanted(("Sở Tài chính",), (), True, Bound.NONE), REGISTRY, ISSUED)
    assert (none.deadline.due_before, day_notes(none, work())) == (None, [])
    early = corrected(one, Wanted(("Sở Tài chính",), (), True, Bound.DAY, date(2018, 3, 1)), REGISTRY, ISSUED)
    assert day_notes(early, work()) == [DayNote.PAST]


def test_what_an_unknown_name_means_is_settled_wherever_it_leads_and_nothing_else_is() -> None:
    before = work().draft
    after = meant(before, "Ban Mây trắng", "Sở Nội vụ")
    assert [one.lead for one in after.directives] == [["Sở Tài chính"], ["Sở Nội vụ"], ["Sở Nội vụ", "Sở Y tế"]]
    assert [one.confidence for one in after.directives] == [one.confidence for one in before.directives]
    assert not any("Mây trắng" in warning for one in after.directives for warning in one.warnings)


def test_words_are_found_however_their_blanks_are_written() -> None:
    assert where("a b\n c d", "b c") == (2, 6)
    assert where("a b", " ") is None
    assert where("a (b", "(b") == (2, 4)


def test_a_missed_directive_stands_where_its_words_stand() -> None:
    found = with_added(work(), "nhiều hồ chứa đã\nxuống cấp", Wanted(("Sở Xây dựng",), (), True))
    assert [one.path for one in found.directives] == ["1", "bs1", "2", "3"]
    assert found.directives[1].text == "nhiều hồ chứa đã xuống cấp"
    asked = with_added(work(), "Việc khác.", Wanted(("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",), (), True)).directives[
        -1
    ]
    assert (asked.start, asked.authority) == (None, "request")
    for words in ("", "a" * 20_001):
        with pytest.raises(Refusal):
            with_added(work(), words, Wanted((), (), True))


def test_with_another_day_what_was_only_read_is_counted_again_and_what_was_corrected_stays() -> None:
    begun = work()
    moved = corrected(begun.draft.directives[0], Wanted(("Sở Nội vụ",), (), True), REGISTRY, ISSUED)
    kept = work(begun.draft.model_copy(update={"directives": [moved, begun.draft.directives[1]]}))  # one was dropped
    again = read_again(kept, "6/TB-VP", date(2019, 3, 6))
    assert (again.number, again.issued_on) == ("6/TB-VP", date(2019, 3, 6))
    assert [one.path for one in again.directives] == ["1", "2"]
    assert again.directives[0] == moved
    assert again.directives[1].deadline.due_before == at(date(2019, 3, 19))  # the tenth day is a Saturday
    assert [one.path for one in as_first_read(kept).directives] == ["1", "2", "3"]


def test_a_paper_is_kept_corrected_filed_once_and_dropped(office: OfficeStory) -> None:
    ledger, now = office.ledger, office.now
    with ledger.change(now=now, actor="lan") as change:
        id_ = lay(change, DOCUMENT, first_draft(DOCUMENT, READER)).id or 0
        other = lay(change, DOCUMENT, first_draft(DOCUMENT, READER)).id or 0
        drop(change, other)
    with ledger.change(now=now, actor="lan") as change:
        begun = taken_up(change, id_, 0)
        save(change, begun, meant(begun.draft, "Ban Mây trắng", add_body(begun, "Ban Mây trắng")), "2")
    with ledger.look() as session:
        assert [one.id for one in papers_of(session, ledger.office_id)] == [id_]
        assert find_paper(session, ledger.office_id, other) is None
        assert find_paper(session, ledger.office_id + 1, id_) is None  # another office's desk
        assert [one.name for one in work_on(session, session.get_one(Paper, id_)).added] == ["Ban Mây trắng"]
    for stale in (0, 2):
        with pytest.raises(Refusal), ledger.change(now=now, actor="lan") as change:
            taken_up(change, id_, stale)
    with ledger.change(now=now, actor="lan") as change:
        first = file_paper(change, id_, 1, looked_at=True)
    with ledger.change(now=now, actor="lan") as change:
        again = file_paper(change, id_, 1, looked_at=False)
    assert (first.is_new, again.is_new, first.conclusion.id) == (True, False, again.conclusion.id)
    for deed in (
        lambda change: taken_up(change, id_, 1),
        lambda change: drop(change, id_),
        lambda change: drop(change, 9),
    ):
        with pytest.raises(Refusal), ledger.change(now=now, actor="lan") as change:
            deed(change)
