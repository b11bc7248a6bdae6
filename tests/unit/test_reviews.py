"""Reviews: a regulation's sides are asked, reminded, heard, sent back; opened twice is once; each year by itself."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from domain.agencies import new_body, register
from domain.causes import cause_of
from domain.classifying import classify
from domain.conclusions import Conclusion, ConclusionKind, Directive
from domain.drafts import DirectiveKind, Draft, DraftRegulation
from domain.errors import Refusal
from domain.governed import NONE, governed, propose_regulation
from domain.instants import at
from domain.keys import key
from domain.life.verification import accept
from domain.life.withdrawal import withdraw
from domain.obligations import Standing
from domain.regulations import (
    NewRegulation,
    NewSide,
    Regulation,
    add_regulation,
    find_regulation,
    replace_regulation,
    with_predecessors,
)
from domain.reports import COMPLETE, KeptFile, Said, report
from domain.reviews.cycles import Opened, Opening, cycles, open_cycle
from domain.reviews.periods import Shape, parse_period
from domain.reviews.schedules import (
    DayOfYear,
    NewSchedule,
    day_of_year,
    missed,
    next_opening,
    open_scheduled,
    schedules,
    set_schedule,
    stop_schedule,
)
from domain.reviews.side_reports import SideReport, side_reports
from domain.reviews.submissions import (
    Contents,
    draft_of,
    figure_of,
    files_of,
    save_draft,
    send_back,
    submissions_of,
    submit,
)
from domain.reviews.tables import ReviewCycle
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

HOME, FINANCE, HEALTH = "Sở Nội vụ", "Sở Tài chính", "Sở Y tế"
FRONT = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"
SIDES = (NewSide("Ủy ban nhân dân tỉnh", (HOME, FINANCE)), NewSide(FRONT))
WHOLE = {"results": "Đã họp hai lần.", "limits": "Còn gửi chậm.", "plan": "Họp hằng quý."}


def regulation(office: OfficeStory, number: str = "03/QCPH", on: str = "2017-01-10", **more: date) -> Regulation:
    title = "Quy chế phối hợp công tác giữa Ủy ban nhân dân tỉnh và Mặt trận Tổ quốc tỉnh"
    with office.ledger.change(now=office.now, actor="test") as change:
        return add_regulation(change, NewRegulation(number, date.fromisoformat(on), title, SIDES, **more))


def opened(office: OfficeStory, row: Regulation, period: str = "2018", due: str = "2018-12-16") -> Opened:
    with office.ledger.change(now=office.now, actor="chánh văn phòng") as change:
        return open_cycle(change, Opening(row, parse_period(period), parse_moment(due)))


def asked(office: OfficeStory, cycle: ReviewCycle) -> dict[str, SideReport]:
    with office.ledger.look() as session:
        return {row.agency.name: row for row in side_reports(session, cycle, office.now)}


def submits(office: OfficeStory, obligation: int, **contents: object) -> None:
    given = {"texts": WHOLE, "figures": {"meetings": "2"}} | contents
    with office.ledger.change(now=office.now, actor="bên") as change:
        submit(change, obligation, Contents(**given), Said(COMPLETE, "", "bên", "link", who="Bà Hoa"))  # type: ignore[arg-type]


# --- opening -----------------------------------------------------------------------------------------------------


def test_opening_a_review_asks_every_side_by_one_letter(any_office: OfficeStory) -> None:
    any_office.now = parse_moment("2018-11-01 09:00")
    made = opened(any_office, regulation(any_office))
    assert made.is_new
    assert made.conclusion.kind == ConclusionKind.REVIEW_REQUEST
    assert made.conclusion.number == "01/YC-BC"
    rows = asked(any_office, made.cycle)
    assert {(row.side, row.agency.name, row.state) for row in rows.values()} == {
        ("Ủy ban nhân dân tỉnh", HOME, "missing"),
        ("Ủy ban nhân dân tỉnh", FINANCE, "missing"),
        (FRONT, FRONT, "missing"),
    }
    assert rows[HOME].one.directive.authority == "order"
    assert rows[FRONT].one.directive.authority == "request"  # nobody orders the Front
    assert all(row.one.obligation.due_before == at(date(2018, 12, 16)) for row in rows.values())


def test_opening_it_twice_is_once(any_office: OfficeStory) -> None:
    any_office.now = parse_moment("2018-11-01 09:00")
    row = regulation(any_office)
    first = opened(any_office, row)
    again = opened(any_office, row, due="2018-12-20")
    assert (again.is_new, again.cycle.id, again.conclusion.id) == (False, first.cycle.id, first.conclusion.id)
    with any_office.ledger.look() as session:
        assert len(session.exec(select(Conclusion)).all()) == 1
        assert len(cycles(session, any_office.ledger.office_id)) == 1


def test_a_request_is_filed_by_opening_a_review_and_in_no_other_way(office: OfficeStory) -> None:
    with pytest.raises(Refusal, match="opened_elsewhere"):
        office.files(draft(directive(HOME, "2018-03-21")) | {"document_kind": "review_request"})


def test_a_review_whose_request_was_undone_can_be_opened_again(office: OfficeStory) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    row = regulation(office)
    first = opened(office, row)
    with office.ledger.change(now=office.now, actor="test") as change:
        withdraw(change, key(first.conclusion.id), "nhầm hạn")
    again = opened(office, row, due="2018-12-20")
    assert again.is_new
    assert again.cycle.id == first.cycle.id
    assert again.cycle.due_before == at(date(2018, 12, 20))
    assert {row.state for row in asked(office, again.cycle).values()} == {"missing"}


def test_a_side_whose_agency_was_merged_is_asked_by_its_successor(office: OfficeStory) -> None:
    office.now = parse_moment("2025-11-03 09:00")
    sides = (NewSide("Ủy ban nhân dân tỉnh", ("Sở Kế hoạch và Đầu tư",)), NewSide(FRONT))
    with office.ledger.change(now=office.now, actor="test") as change:
        given = NewRegulation("09/QCPH", date(2021, 3, 1), "Quy chế phối hợp", sides)
        row = add_regulation(change, given)
    rows = asked(office, opened(office, row, "2025", "2025-12-16").cycle)
    assert set(rows) == {FINANCE, FRONT}


@pytest.mark.parametrize(
    ("period", "due", "code"),
    [
        ("2016", "2018-12-16", "reviews.refused.not_yet"),
        ("2022", "2018-12-16", "reviews.refused.replaced"),
        ("2018", "2018-11-01", "reviews.refused.due_behind"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused_and_nothing_is_filed(
    office: OfficeStory, period: str, due: str, code: str
) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    old, new = regulation(office), regulation(office, "08/QCPH", "2021-06-01")
    with office.ledger.change(now=office.now, actor="test") as change:
        replace_regulation(
            change, change.session.get_one(Regulation, old.id), change.session.get_one(Regulation, new.id)
        )
    with office.ledger.look() as session:
        row = find_regulation(session, office.ledger.office_id, "03/QCPH")
    with pytest.raises(Refusal) as refused:
        opened(office, row, period, due)
    assert refused.value.code == code
    with office.ledger.look() as session:
        assert session.exec(select(Conclusion)).all() == []


def test_what_a_replaced_regulation_left_open_is_the_business_of_the_new_one(office: OfficeStory) -> None:
    old, new = regulation(office), regulation(office, "08/QCPH", "2021-06-01")
    with office.ledger.change(now=office.now, actor="test") as change:
        first, second = (change.session.get_one(Regulation, one.id) for one in (old, new))
        replace_regulation(change, first, second)
        assert first.term_to == date(2021, 5, 31)
        assert with_predecessors(change.session, second) == [new.id, old.id]
        with pytest.raises(Refusal, match=r"regulations\.refused\.circle"):
            replace_regulation(change, second, first)


# --- reminded, late, escalated ------------------------------------------------------------------------------------


def test_a_side_that_is_silent_is_reminded_then_its_head_is_told(office: OfficeStory) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    made = opened(office, regulation(office))
    office.waits_until("2018-12-19 09:00")
    assert office.told(HOME) == [
        "01/11 Giao nhiệm vụ",
        "06/12 Nhắc",
        "12/12 Nhắc",
        "14/12 Đến hạn",
        "17/12 Quá hạn",
        "18/12 Báo cáo vượt cấp",
    ]
    assert office.told("Giám đốc Sở Nội vụ") == ["18/12 Báo cáo vượt cấp"]
    assert all("Báo cáo vượt cấp" not in said for said in office.told(FRONT))
    subjects = [one.subject for one in office.messages() if one.recipient == HOME]
    assert all("Công văn 01/YC-BC" in subject for subject in subjects), subjects
    assert asked(office, made.cycle)[HOME].is_late


# --- submissions ----------------------------------------------------------------------------------------------------


def test_a_side_saves_a_draft_and_submits_it_later(any_office: OfficeStory) -> None:
    any_office.now = parse_moment("2018-11-01 09:00")
    made = opened(any_office, regulation(any_office))
    own = asked(any_office, made.cycle)[HOME].id
    file = KeptFile("so-lieu.xlsx", "0" * 64, 12)
    with any_office.ledger.change(now=any_office.now, actor="bên") as change:
        save_draft(change, own, Contents({"results": "Đang viết"}, {"meetings": "hai"}, "Bà Hoa", files=(file,)))
    with any_office.ledger.look() as session:
        kept = draft_of(session, own)
        assert kept is not None
        assert (kept.texts, kept.figures, files_of(kept)) == ({"results": "Đang viết"}, {"meetings": "hai"}, (file,))
    assert asked(any_office, made.cycle)[HOME].state == "draft"
    submits(any_office, own, figures={"meetings": "1.234,5"})
    row = asked(any_office, made.cycle)[HOME]
    assert (row.state, row.is_late, row.standing) == ("submitted", False, Standing.DONE_IN_TIME)
    assert row.submission is not None
    assert row.submission.figures == {"meetings": "1234.5"}
    assert row.draft is None


def test_what_comes_after_the_bound_is_marked_late(office: OfficeStory) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    made = opened(office, regulation(office))
    office.now = parse_moment("2018-12-16 00:00")
    submits(office, asked(office, made.cycle)[HOME].id)
    assert asked(office, made.cycle)[HOME].is_late


def test_a_submission_that_is_sent_back_is_a_draft_again_and_the_next_one_is_version_two(office: OfficeStory) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    made = opened(office, regulation(office))
    office.waits_until("2018-11-05 09:00")
    own = asked(office, made.cycle)[HOME].id
    submits(office, own)
    with office.ledger.change(now=office.now, actor="chuyên viên") as change:
        send_back(change, own, "Chưa có số liệu")
    row = asked(office, made.cycle)[HOME]
    assert (row.state, row.sent_back) == ("sent_back", "Chưa có số liệu")
    assert row.draft is not None
    assert row.draft.texts["results"] == WHOLE["results"]
    office.waits_until("2018-11-07 09:00")
    assert "Chưa chấp nhận" in office.told(HOME)[-1]
    submits(office, own, texts=WHOLE | {"results": "Đã bổ sung."})
    with office.ledger.change(now=office.now, actor="chuyên viên") as change:
        accept(change, own)
        assert [one.version for one in submissions_of(change.session, own)] == [1, 2]
    assert asked(office, made.cycle)[HOME].state == "accepted"


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        ({"texts": {"results": "chỉ một mục"}}, "reviews.refused.missing"),
        ({"figures": {"meetings": "nhiều"}}, "reviews.refused.figure_at"),
        ({"figures": {"khac": "1"}}, "reviews.refused.not_asked"),
        ({"texts": WHOLE | {"plan": "x" * 30_000}}, "reviews.refused.too_long"),
    ],
)
def test_a_submission_that_lacks_something_is_refused_whole(
    office: OfficeStory, contents: dict[str, object], code: str
) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    made = opened(office, regulation(office))
    own = asked(office, made.cycle)[HOME].id
    with pytest.raises(Refusal) as refused:
        submits(office, own, **contents)
    assert refused.value.code == code
    assert asked(office, made.cycle)[HOME].state == "missing"


def test_a_report_that_came_as_a_letter_only_counts(office: OfficeStory) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    made = opened(office, regulation(office))
    own = asked(office, made.cycle)[FRONT].id
    with office.ledger.change(now=office.now, actor="test") as change:
        report(change, own, Said(COMPLETE, "Báo cáo kèm công văn", "test", letter_number="5/BC-MT", letter_date=None))
    row = asked(office, made.cycle)[FRONT]
    assert (row.state, row.submission) == ("submitted", None)
    assert row.report is not None


def test_numbers_are_read_as_vietnamese_write_them() -> None:
    assert [str(figure_of(words)) for words in ("12", "1.234", "1.234,5", " 1 234 ", "-3")] == [
        "12",
        "1234",
        "1234.5",
        "1234",
        "-3",
    ]
    assert figure_of(" ") is None
    for words in ("1,234.5", "12.34", "1e9", "hai", "9" * 30, "∞"):
        with pytest.raises(Refusal):
            figure_of(words)


# --- each year ------------------------------------------------------------------------------------------------------


def test_a_schedule_opens_the_review_each_year_and_never_twice(office: OfficeStory) -> None:
    office.now = parse_moment("2018-03-07 09:00")
    row = regulation(office)
    with office.ledger.change(now=office.now, actor="test") as change:
        plan = set_schedule(change, row, NewSchedule(Shape.YEAR, day_of_year("01/11"), day_of_year("15/12")))
        assert next_opening(change.session, plan, office.now).opens_at == parse_moment("2018-11-01 08:00")
    office.holds_round("2018-10-31 08:00")
    with office.ledger.look() as session:
        assert cycles(session, office.ledger.office_id) == []
    office.holds_round("2018-11-03 14:00")  # after an outage
    office.holds_round("2018-11-05 08:00")
    office.holds_round("2019-11-01 08:00")
    with office.ledger.look() as session:
        found = cycles(session, office.ledger.office_id)
    assert [one.row.period for one in found] == ["2019", "2018"]
    assert found[1].row.due_before == at(date(2018, 12, 16))
    assert any(said.endswith("Giao nhiệm vụ") for said in office.told(HOME))


def test_what_nobody_could_answer_in_time_any_more_is_left_to_a_person(office: OfficeStory) -> None:
    office.now = parse_moment("2018-03-07 09:00")
    with office.ledger.change(now=office.now, actor="test") as change:
        row = add_regulation(change, NewRegulation("1/QC", date(2017, 1, 1), "Quy chế", SIDES))
        set_schedule(change, row, NewSchedule(Shape.YEAR, DayOfYear(11, 1), DayOfYear(12, 15)))
    office.sleeps_until("2018-12-20 08:00")
    with office.ledger.change(now=office.now, actor="test") as change:
        assert open_scheduled(change) == []
        assert [planned.period.code for _, planned in missed(change.session, change.office_id, office.now)] == ["2018"]


def test_a_schedule_can_review_the_year_before_and_be_stopped(office: OfficeStory) -> None:
    office.now = parse_moment("2018-12-07 09:00")
    row = regulation(office)
    with office.ledger.change(now=office.now, actor="test") as change:
        set_schedule(change, row, NewSchedule(Shape.YEAR, DayOfYear(1, 5), DayOfYear(1, 31), of_last_year=True))
    office.now = parse_moment("2019-01-07 08:00")
    with office.ledger.change(now=office.now, actor="test") as change:
        assert [one.cycle.period for one in open_scheduled(change)] == ["2018"]
        stop_schedule(change, row, Shape.YEAR)
        assert schedules(change.session, change.office_id) == []
    office.now = parse_moment("2020-01-06 08:00")
    with office.ledger.change(now=office.now, actor="test") as change:
        assert open_scheduled(change) == []


@pytest.mark.parametrize("words", ["31/02", "0/1", "1/13", "x", "1", "01/11/2026"])
def test_a_day_that_no_year_has_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match="day_of_year"):
        day_of_year(words)


def test_the_29th_of_february_is_the_28th_where_there_is_none() -> None:
    leap = day_of_year("29/02")
    assert [leap.of(year) for year in (2024, 2025)] == [date(2024, 2, 29), date(2025, 2, 28)]


# --- periods --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "first", "last", "before", "words"),
    [
        ("2026", "2026-01-01", "2026-12-31", "2025", "năm 2026"),
        ("2026-H1", "2026-01-01", "2026-06-30", "2025-H1", "6 tháng đầu năm 2026"),
        ("2026-H2", "2026-07-01", "2026-12-31", "2025-H2", "6 tháng cuối năm 2026"),
        ("2026-9M", "2026-01-01", "2026-09-30", "2025-9M", "9 tháng đầu năm 2026"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4", "quý I năm 2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-01", "tháng 2 năm 2024"),
        ("2026-01", "2026-01-01", "2026-01-31", "2025-12", "tháng 1 năm 2026"),
        (
            "2021-01-01..2023-06-30",
            "2021-01-01",
            "2023-06-30",
            "2018-07-05..2020-12-31",
            "từ ngày 01/01/2021 đến ngày 30/6/2023",
        ),
    ],
)
def test_periods_are_whole_days_and_know_the_one_before(
    written: str, first: str, last: str, before: str, words: str
) -> None:
    period = parse_period(written)
    assert (f"{period.first_day}", f"{period.last_day}", period.code) == (first, last, written)
    assert period.before().code == before
    assert period.words("vi") == words
    assert period.months[0].first_day == period.first_day
    assert period.months[-1].last_day == period.last_day


@pytest.mark.parametrize(
    "words", ["", "26", "2026-13", "2026-Q5", "2026-H3", "2026-02-30..2026-03-01", "2026-03-01..2026-02-01", "3026-x"]
)
def test_what_is_no_period_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match=r"periods\.refused"):
        parse_period(words)


# --- what belongs where -----------------------------------------------------------------------------------------------


def test_a_notice_that_names_a_regulation_is_filed_under_it(any_office: OfficeStory) -> None:
    row = regulation(any_office)
    named = {"written": "Quy chế phối hợp số 03/QCPH", "number": "03/QCPH"}
    filed = any_office.files(draft(directive(HOME, "2018-03-21")) | {"regulation": named})
    with any_office.ledger.look() as session:
        assert [one.id for one in governed(session, key(row.id))] == [filed.conclusion.id]


def test_a_notice_without_a_number_is_proposed_by_the_sides_it_names(office: OfficeStory) -> None:
    row = regulation(office)
    words = "Quy chế phối hợp công tác giữa UBND tỉnh với MTTQ tỉnh và các tổ chức chính trị xã hội"
    one = Draft(regulation=DraftRegulation(written=words), issued_on=date(2018, 3, 7))
    with office.ledger.look() as session:
        found = propose_regulation(session, office.ledger.office_id, one)
        other = one.model_copy(
            update={"regulation": DraftRegulation(written="Quy chế phối hợp giữa Sở Y tế và Công an")}
        )
        assert propose_regulation(session, office.ledger.office_id, other) is None
        early = one.model_copy(update={"issued_on": date(2015, 1, 1)})
        assert propose_regulation(session, office.ledger.office_id, early) is None
    assert found is not None
    assert found.id == row.id
    assert NONE == 0


def test_a_directive_goes_to_the_field_whose_words_it_has_and_can_be_moved(office: OfficeStory) -> None:
    text = "Giao Sở Tài chính tham mưu phân bổ kinh phí, đẩy nhanh giải ngân vốn đầu tư công."
    office.files(draft(directive(FINANCE, "2018-03-21") | {"text": text}, directive(HOME, path="2")))
    with office.ledger.change(now=office.now, actor="test") as change:
        first, second = change.session.exec(select(Directive).order_by(Directive.place)).all()  # type: ignore[arg-type]
        assert (first.field, second.field) == ("Kinh tế - ngân sách", "")
        moved = classify(change, key(second.id), kind="petition", field="văn hóa - xã hội", raised_by="Cử tri xã A")
        assert (moved.kind, moved.field, moved.raised_by) == (DirectiveKind.PETITION, "Văn hóa - xã hội", "Cử tri xã A")
        for wrong in ({"kind": "khác"}, {"field": "không có"}, {"raised_by": "x" * 400}):
            with pytest.raises(Refusal, match=r"classify\.refused"):
                classify(change, key(second.id), **wrong)  # type: ignore[arg-type]


def test_a_cause_of_delay_is_one_of_those_that_are_offered() -> None:
    assert cause_of("money") == "money"
    assert cause_of("") == ""
    with pytest.raises(Refusal, match=r"causes\.refused"):
        cause_of("lười")


def test_a_regulation_needs_two_sides_that_the_registry_knows(office: OfficeStory) -> None:
    wrong = [
        (NewSide("Ủy ban nhân dân tỉnh", (HOME,)),),
        (NewSide("Bên A", (HOME,)), NewSide("bên a", (FINANCE,))),
        (NewSide("Bên A", ("Sở Không Có",)), NewSide(FRONT)),
    ]
    for sides in wrong:
        with (
            pytest.raises(Refusal, match=r"regulations\.refused"),
            office.ledger.change(now=office.now, actor="t") as change,
        ):
            add_regulation(change, NewRegulation("1/QC", date(2017, 1, 1), "Quy chế", sides))
    with office.ledger.look() as session:
        assert session.exec(select(Regulation)).all() == []


def test_a_side_may_be_a_group_whose_members_each_report(office: OfficeStory) -> None:
    office.now = parse_moment("2018-11-01 09:00")
    with office.ledger.change(now=office.now, actor="test") as change:
        register(change, new_body("Hội Làm vườn tỉnh"))
        sides = (NewSide("Ủy ban nhân dân tỉnh", (HOME,)), NewSide("Các hội", ("Hội Làm vườn tỉnh",)))
        row = add_regulation(change, NewRegulation("7/QC", date(2017, 1, 1), "Quy chế phối hợp", sides))
    assert set(asked(office, opened(office, row).cycle)) == {HOME, "Hội Làm vườn tỉnh"}
