"""Lists: who stands in them, in which order, found by which words; on both databases alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from domain.conclusions import Conclusion
from domain.keys import key
from domain.life.extensions import ask
from domain.life.handing import give_back
from domain.life.withdrawal import withdraw
from domain.listing import pages
from domain.listing.asked import Asked, Waiting
from domain.listing.bodies import agency_page
from domain.listing.matrix import matrix_of
from domain.listing.notices import conclusion_page, directive_page
from domain.listing.obligations import WorkRow, every_work, work_page
from domain.listing.owned import mine, owners
from domain.listing.searching import words_of
from domain.listing.standings import standing_at, stands
from domain.obligations import Obligation, Standing, State, standing
from domain.people import add_official, officials_of, put_in_charge
from domain.policy import Role
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

NOW = "2018-04-02 09:00"


def listed(story: OfficeStory, asked: Asked = Asked(), sort: str = "", number: int = 1) -> Sequence[WorkRow]:
    with story.ledger.look() as session:
        return work_page(session, story.ledger.office_id, story.now, asked, sort, number).rows


def agencies(rows: Sequence[WorkRow]) -> list[str]:
    return [row.agency for row in rows]


def busy(story: OfficeStory) -> OfficeStory:
    """Five agencies: one late, one later, one due soon, one undated, one done in time; and one done late."""
    story.files(
        draft(
            directive("Sở Nội vụ", "2018-03-20", path="1", text="Báo cáo kết quả cải cách hành chính."),
            directive("Sở Y tế", "2018-03-15", path="2", text="Phòng, chống dịch sốt xuất huyết."),
            directive("Sở Tài chính", "2018-04-10", path="3", text="Bố trí kinh phí sửa chữa trường học."),
            directive("Sở Xây dựng", None, path="4", text="Rà soát quy hoạch đô thị."),
            directive("Sở Công Thương", "2018-03-30", path="5", text="Kiểm tra giá cả thị trường."),
            directive("Sở Ngoại vụ", "2018-03-12", path="6", text="Chuẩn bị hội nghị xúc tiến đầu tư."),
            number="77/TB-VP",
        ),
        "2018-03-07 09:00",
    )
    story.now = parse_moment("2018-03-20 10:00")
    story.reports("Sở Công Thương")
    story.reports("Sở Ngoại vụ")
    story.now = parse_moment(NOW)
    return story


def test_the_most_urgent_work_stands_first_and_what_is_done_last(any_office: OfficeStory) -> None:
    rows = listed(busy(any_office))
    assert agencies(rows) == [
        "Sở Y tế",
        "Sở Nội vụ",
        "Sở Tài chính",
        "Sở Xây dựng",
        "Sở Công Thương",
        "Sở Ngoại vụ",
    ]
    assert [row.days_late for row in rows] == [19, 14, 0, 0, 0, 9]


@pytest.mark.parametrize("one", Standing)
def test_each_standing_has_its_own_list_and_together_they_are_everything(
    any_office: OfficeStory, one: Standing
) -> None:
    busy(any_office)
    everything = listed(any_office)
    for sort in ("", "due", "agency"):
        found = listed(any_office, Asked(standing=one), sort)
        assert {row.id for row in found} == {row.id for row in everything if row.standing == one}
        assert found


def test_the_database_knows_the_same_standing_as_the_domain(any_office: OfficeStory) -> None:
    """Also at the very bound, and while a letter settles work earlier than it was entered."""
    busy(any_office)
    bound = parse_moment("2018-03-20")
    for now in (bound - timedelta(microseconds=1), bound, parse_moment("2018-03-20 10:00"), any_office.now):
        with any_office.ledger.look() as session:
            rows = session.exec(select(Obligation, standing_at(now))).all()
            for one in Standing:
                ids = set(session.exec(select(Obligation.id).where(stands(one, now))))
                assert ids == {row.id for row, _ in rows if standing(row, now) == one}
        assert [name for _, name in rows] == [standing(row, now) for row, _ in rows]
        ordered = _ids_at(any_office, now)
        assert sorted(ordered) == sorted(key(row.id) for row, _ in rows)


def _ids_at(story: OfficeStory, now: object) -> list[int]:
    with story.ledger.look() as session:
        return [row.id for row in every_work(session, story.ledger.office_id, now, Asked(), "")]  # type: ignore[arg-type]


def test_words_are_found_without_accents_in_the_notice_the_directive_and_the_agency(any_office: OfficeStory) -> None:
    busy(any_office)
    finds = {
        "sot xuat huyet": ["Sở Y tế"],
        "SỐT xuất": ["Sở Y tế"],
        "so y te": ["Sở Y tế"],
        "77/TB-VP y te": ["Sở Y tế"],
        "kinh phi so tai chinh": ["Sở Tài chính"],
        "uong hoc": [],
        "khong co gi": [],
        "%": [],
    }
    assert {words: agencies(listed(any_office, Asked(words=words))) for words in finds} == finds
    assert len(listed(any_office, Asked(words="77 tb"))) == 6


def test_an_abbreviation_finds_the_agency_and_the_full_name_finds_what_is_abbreviated(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Kế hoạch và Đầu tư", "2018-05-01"), directive("Sở Y tế", path="2")))
    for words in ("so khdt", "so kh dt", "ke hoach dau tu", "Sở Kế hoạch & Đầu tư"):
        assert agencies(listed(any_office, Asked(words=words))) == ["Sở Kế hoạch và Đầu tư"], words


def test_days_of_the_filter_are_last_days_in_time_and_both_belong_to_it(any_office: OfficeStory) -> None:
    busy(any_office)
    asked = Asked(due_from=date(2018, 3, 14), due_to=date(2018, 3, 19))  # before 15/3, before 20/3
    assert agencies(listed(any_office, asked)) == ["Sở Y tế", "Sở Nội vụ"]
    assert agencies(listed(any_office, replace(asked, due_from=date(2018, 3, 15)))) == ["Sở Nội vụ"]
    assert agencies(listed(any_office, replace(asked, due_to=date(2018, 3, 18)))) == ["Sở Y tế"]


def test_what_was_cancelled_is_left_out_until_somebody_asks(any_office: OfficeStory) -> None:
    busy(any_office)
    filed = any_office.files(draft(directive("Sở Tư pháp", "2018-05-01")), NOW)
    any_office.does(withdraw, key(filed.conclusion.id), "nhầm")
    assert "Sở Tư pháp" not in agencies(listed(any_office))
    assert "Sở Tư pháp" in agencies(listed(any_office, Asked(everything=True)))
    assert agencies(listed(any_office, Asked(state=State.CANCELLED))) == ["Sở Tư pháp"]
    with any_office.ledger.look() as session:
        look = (session, any_office.ledger.office_id, any_office.now)
        assert conclusion_page(*look, Asked(), "", 1).total == 1
        assert conclusion_page(*look, Asked(everything=True), "", 1).total == 2
        assert directive_page(*look, Asked(), "", 1).total == 6


def test_what_waits_for_the_office_is_found_by_what_it_waits_for(any_office: OfficeStory) -> None:
    busy(any_office)
    any_office.does(ask, any_office.obligation("Sở Tài chính"), parse_moment("2018-05-01"), "chờ", "ông A")
    any_office.does(give_back, any_office.obligation("Sở Xây dựng"), "không thuộc", "ông B")
    finds = {one: sorted(agencies(listed(any_office, Asked(waiting=one)))) for one in Waiting}
    assert finds == {
        Waiting.VERIFY: ["Sở Công Thương", "Sở Ngoại vụ"],
        Waiting.DECIDE: ["Sở Tài chính"],
        Waiting.TAKE_BACK: ["Sở Xây dựng"],
        Waiting.APPROVE: [],
    }


def test_a_level_waits_for_approval_once_the_office_was_asked_for_it(any_office: OfficeStory) -> None:
    from domain.life.holding import approve

    any_office.files(draft(directive("Sở Y tế", "2018-03-15")), "2018-03-07 09:00")
    with any_office.ledger.change(now=any_office.now, actor="test") as change:
        notice = change.session.exec(select(Conclusion)).one()
        policy = dict(notice.follow_up)
        policy["ladder"] = [{"after_working_days": 2, "tell": ["chairman"], "needs_approval": True}]
        notice.follow_up = policy
        change.session.add(notice)
    any_office.waits_until("2018-03-16 07:00")
    assert listed(any_office, Asked(waiting=Waiting.APPROVE)) == []
    any_office.waits_until("2018-03-20 09:00")
    assert agencies(listed(any_office, Asked(waiting=Waiting.APPROVE))) == ["Sở Y tế"]
    any_office.does(approve, any_office.obligation("Sở Y tế"))
    assert listed(any_office, Asked(waiting=Waiting.APPROVE)) == []


def test_sorting_turns_round_and_what_has_no_deadline_stands_last_either_way(any_office: OfficeStory) -> None:
    busy(any_office)
    dues = agencies(listed(any_office, sort="due"))
    assert (dues[0], dues[-1]) == ("Sở Ngoại vụ", "Sở Xây dựng")
    back = agencies(listed(any_office, sort="-due"))
    assert (back[0], back[-1]) == ("Sở Tài chính", "Sở Xây dựng")
    assert agencies(listed(any_office, sort="agency")) == agencies(listed(any_office, sort="-agency"))[::-1]
    assert [row.directive.path for row in listed(any_office, sort="-notice")] == ["6", "5", "4", "3", "2", "1"]


def test_pages_follow_each_other_without_gap_or_double(
    any_office: OfficeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(any_office)
    everything = [row.id for row in listed(any_office)]
    for module in ("domain.listing.pages", "domain.listing.obligations"):
        monkeypatch.setattr(f"{module}.PAGE", 2)
    for sort in ("", "due", "-agency"):
        whole = _every(any_office, sort)
        pages_ = [[row.id for row in listed(any_office, sort=sort, number=n)] for n in (1, 2, 3, 4)]
        assert [*pages_[0], *pages_[1], *pages_[2]] == whole
        assert pages_[3] == []
    assert _every(any_office, "") == everything


def _every(story: OfficeStory, sort: str) -> list[int]:
    with story.ledger.look() as session:
        return [row.id for row in every_work(session, story.ledger.office_id, story.now, Asked(), sort)]


def test_counting_stops_where_the_number_tells_nothing_more(
    any_office: OfficeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(any_office)
    monkeypatch.setattr(pages, "MOST_COUNTED", 3)
    with any_office.ledger.look() as session:
        page = work_page(session, any_office.ledger.office_id, any_office.now, Asked(), "", 1)
    assert (page.is_exact, page.known) == (False, 3)


def test_a_list_in_pieces_is_the_whole_list(any_office: OfficeStory, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(any_office)
    whole = _every(any_office, "")
    monkeypatch.setattr(pages, "AT_ONCE", 2)
    assert _every(any_office, "") == whole


def test_an_agency_is_found_by_its_name_and_stands_with_what_is_late(any_office: OfficeStory) -> None:
    busy(any_office)
    with any_office.ledger.look() as session:
        look = (session, any_office.ledger.office_id, any_office.now)
        page = agency_page(*look, Asked(), "", 1)
        found = agency_page(*look, Asked(words="ubnd huyen"), "name", 1)
        late = agency_page(*look, Asked(standing=Standing.OVERDUE), "name", 1)
        shares = agency_page(*look, Asked(), "share", 1)
    assert {row.agency.name for row in page.rows[:2]} == {"Sở Nội vụ", "Sở Y tế"}
    assert page.rows[0].tally.late == 1
    assert found.rows
    assert all("huyện" in row.agency.name for row in found.rows)
    assert [row.agency.name for row in late.rows] == ["Sở Nội vụ", "Sở Y tế"]
    assert [(row.agency.name, row.tally.in_time_share) for row in shares.rows[:2]] == [
        ("Sở Ngoại vụ", 0.0),
        ("Sở Công Thương", 1.0),
    ]


def test_conclusions_and_directives_say_where_their_work_stands(any_office: OfficeStory) -> None:
    busy(any_office)
    any_office.files(draft(directive(["Sở Y tế", "Sở Nội vụ"], "2018-05-01"), on="2018-04-01"), NOW)
    with any_office.ledger.look() as session:
        look = (session, any_office.ledger.office_id, any_office.now)
        notices = conclusion_page(*look, Asked(), "", 1).rows
        found = directive_page(*look, Asked(words="sot xuat huyet"), "", 1).rows
        of_agency = directive_page(*look, Asked(words="so noi vu"), "", 1).rows
        late = conclusion_page(*look, Asked(standing=Standing.OVERDUE), "", 1).rows
    assert [row.head.issued_on for row in notices] == [date(2018, 4, 1), date(2018, 3, 7)]
    assert [(row.directives, row.tally.total, row.tally.late) for row in notices] == [(1, 2, 0), (6, 6, 2)]
    assert [(row.head.path, row.leads) for row in found] == [("2", ("Sở Y tế",))]
    assert [row.head.path for row in of_agency] == ["1", "1"]
    assert of_agency[0].leads == ("Sở Y tế", "Sở Nội vụ")
    assert [row.head.number for row in late] == ["77/TB-VP"]


def test_an_owner_sees_what_was_given_to_them_and_the_usual_owner_the_rest(any_office: OfficeStory) -> None:
    busy(any_office)
    other = any_office.files(draft(directive("Sở Tư pháp", "2018-03-10"), on="2018-03-08"), NOW)
    lan = any_office.does(add_official, Role.DEPUTY, "Bà Lan", "lan@vanphong.example")
    any_office.does(put_in_charge, other.conclusion, lan, Role.OWNER)
    with any_office.ledger.look() as session:
        people = officials_of(session, any_office.ledger.office_id)
        everybody = owners(session, people)
        found = {one.name: mine(session, any_office.ledger.office_id, any_office.now, people, one) for one in everybody}
    usual = next(one for one in everybody if one.role == Role.OWNER)
    assert agencies(listed(any_office, Asked(owner=lan.id))) == ["Sở Tư pháp"]
    assert "Sở Tư pháp" not in agencies(listed(any_office, Asked(owner=usual.id)))
    assert len(listed(any_office, Asked(owner=usual.id))) == 6
    assert listed(any_office, Asked(owner=99_999)) == []
    assert [(share.name, agencies(share.rows)) for share in found["Bà Lan"].shares] == [("overdue", ["Sở Tư pháp"])]
    assert [share.name for share in found[usual.name].shares] == ["verify", "overdue", "soon"]
    assert [row.head.number for row in found[usual.name].conclusions] == ["77/TB-VP"]


def test_the_matrix_tells_which_agencies_have_said_what(any_office: OfficeStory) -> None:
    any_office.files(draft(directive(["Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"], "2018-03-15")), "2018-03-07 09:00")
    any_office.now = parse_moment("2018-03-12 09:00")
    any_office.reports("Sở Nội vụ", percent=40)
    any_office.reports("Sở Tư pháp", letter=date(2018, 3, 11))
    any_office.now = parse_moment(NOW)
    id_ = any_office.one("Sở Y tế").directive_id
    with any_office.ledger.look() as session:
        matrix = matrix_of(session, any_office.ledger.office_id, any_office.now, id_)
        assert matrix_of(session, any_office.ledger.office_id, any_office.now, 99_999) is None
    assert matrix is not None
    assert [(line.latest.agency, line.latest.standing) for line in matrix.lines] == [
        ("Sở Nội vụ", Standing.OVERDUE),
        ("Sở Y tế", Standing.OVERDUE),
        ("Sở Tư pháp", Standing.DONE_IN_TIME),
    ]
    assert [line.word.percent if line.word else None for line in matrix.lines] == [40, None, 100]
    assert (matrix.heard, matrix.reported, matrix.tally.late) == (2, 1, 2)


def test_recurring_work_has_a_column_for_each_period(any_office: OfficeStory) -> None:
    weekly = {
        "kind": "recurring",
        "phrase": "hằng tuần",
        "rrule": "FREQ=WEEKLY;BYDAY=FR;BYHOUR=0;BYMINUTE=0;BYSECOND=0",
    }
    any_office.files(draft(directive(["Sở Y tế", "Sở Nội vụ"], deadline=weekly)), "2018-03-07 09:00")
    any_office.waits_until("2018-03-27 09:00")
    any_office.reports("Sở Y tế")
    id_ = any_office.one("Sở Y tế").directive_id
    with any_office.ledger.look() as session:
        matrix = matrix_of(session, any_office.ledger.office_id, any_office.now, id_)
    assert matrix is not None
    assert list(matrix.periods.values()) == [date(2018, 3, 8), date(2018, 3, 15), date(2018, 3, 22), date(2018, 3, 29)]
    assert [set(line.periods) for line in matrix.lines] == [set(matrix.periods)] * 2
    assert matrix.tally.total == 2


def test_words_that_were_typed_are_folded_each_once_and_not_without_end() -> None:
    assert words_of("  Sở  SỞ y-tế ") == ("so", "y", "te")
    assert len(words_of("a1 " + " ".join(str(n) for n in range(100)))) == 12
    assert words_of("%_'\";--") == ()
