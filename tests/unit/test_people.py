"""Who fills which role, who looks after one notice, and who is written to while somebody is on leave."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from domain import people
from domain.agencies import Agency, Contact, contacts_of, find_agency
from domain.errors import Refusal
from domain.keys import key
from domain.offices import Official
from domain.people import person_of
from domain.policy import Role
from tests.story import OfficeStory, directive, draft

HOME, FINANCE = "Sở Nội vụ", "Sở Tài chính"
CHIEF, CHAIRMAN, OWNER = "Chánh Văn phòng", "Chủ tịch", "Chuyên viên theo dõi"


def late(office: OfficeStory, number: str | None = None) -> None:
    """Work that was due on 08/3: level 2 goes to the chief of office on 16/3, level 3 to the chairman on 23/3."""
    office.files(draft(directive(HOME, "2018-03-09"), number=number), "2018-03-07 09:00")


def official(office: OfficeStory, words: str) -> Official:
    with office.ledger.look() as session:
        return people.find_official(session, office.ledger.office_id, words)


def contact(office: OfficeStory, agency: str, role: Role = Role.OFFICER) -> Contact:
    with office.ledger.look() as session:
        row = find_agency(session, office.ledger.office_id, agency)
        return contacts_of(session, [key(row.id)])[key(row.id), role]


def leaves(office: OfficeStory, person: str, since: str, until: str, name: str, address: str) -> None:
    office.does(people.take_leave, person, date.fromisoformat(since), date.fromisoformat(until), name, address)


def addresses(office: OfficeStory, name: str) -> list[str]:
    return [one.address for one in office.messages() if one.recipient == name]


def test_while_the_chief_is_on_leave_the_substitute_is_told_and_afterwards_the_chief_again(
    any_office: OfficeStory,
) -> None:
    leaves(any_office, person_of(official(any_office, CHIEF)), "2018-03-12", "2018-03-16", "Bà Lan", "lan@vp.example")
    any_office.files(
        draft(directive(HOME, "2018-03-09"), directive(FINANCE, "2018-03-13", path="2")), "2018-03-07 09:00"
    )
    any_office.waits_until("2018-03-20 17:00")
    assert any_office.told("Bà Lan") == ["16/3 Báo cáo vượt cấp"]
    assert addresses(any_office, "Bà Lan") == ["lan@vp.example"]
    assert any_office.told(CHIEF) == ["20/3 Báo cáo vượt cấp"]


def test_the_first_and_the_last_day_of_leave_count_and_no_other(office: OfficeStory) -> None:
    leaves(office, person_of(official(office, CHIEF)), "2018-03-19", "2018-03-30", "Bà Lan", "lan@vp.example")
    late(office)
    office.waits_until("2018-03-16 17:00")
    assert (office.told(CHIEF), office.told("Bà Lan")) == (["16/3 Báo cáo vượt cấp"], [])


def test_an_agency_whose_contact_is_on_leave_is_told_through_the_substitute(office: OfficeStory) -> None:
    leaves(office, person_of(contact(office, HOME)), "2018-03-07", "2018-03-08", "Ông Nam", "nam@snv.example")
    late(office)
    office.waits_until("2018-03-09 17:00")
    assert office.told("Ông Nam") == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn"]
    assert office.told(HOME) == ["09/3 Quá hạn"]


def test_a_substitute_who_is_away_too_is_stood_in_for_and_two_who_name_each_other_are_no_riddle(
    office: OfficeStory,
) -> None:
    chief, owner = official(office, CHIEF), official(office, OWNER)
    leaves(office, person_of(chief), "2018-03-12", "2018-03-16", owner.name, owner.address)
    leaves(office, person_of(owner), "2018-03-12", "2018-03-15", "Bà Lan", "lan@vp.example")
    with office.ledger.look() as session:
        away = people.substitutes(session, office.ledger.office_id, date(2018, 3, 12))
        later = people.substitutes(session, office.ledger.office_id, date(2018, 3, 16))
    assert {row.name for row in away.values()} == {"Bà Lan"}
    assert [row.name for row in later.values()] == [OWNER]
    office.does(people.come_back, person_of(owner))
    leaves(office, person_of(owner), "2018-03-12", "2018-03-16", chief.name, chief.address)
    with office.ledger.look() as session:
        away = people.substitutes(session, office.ledger.office_id, date(2018, 3, 12))
    assert {person: row.name for person, row in away.items()} == {person_of(chief): OWNER, person_of(owner): CHIEF}


def test_whoever_is_back_early_is_written_to_again(office: OfficeStory) -> None:
    person = person_of(official(office, CHIEF))
    leaves(office, person, "2018-03-05", "2018-03-30", "Bà Lan", "lan@vp.example")
    late(office)
    office.waits_until("2018-03-14 10:00")
    office.does(people.come_back, person)
    office.waits_until("2018-03-16 17:00")
    assert (office.told(CHIEF), office.told("Bà Lan")) == (["16/3 Báo cáo vượt cấp"], [])
    assert office.does(people.come_back, person) == []


@pytest.mark.parametrize(
    ("since", "until", "address", "code"),
    [
        ("2018-03-16", "2018-03-12", "lan@vp.example", "leave_backwards"),
        ("2018-03-14", "2018-03-20", "lan@vp.example", "leave_overlaps"),
        ("2018-03-20", "2018-03-21", "không phải", "bad_address"),
        ("2018-03-20", "2018-03-21", "a@b.vn\nBcc: c@d.vn", "bad_address"),
    ],
)
def test_leave_that_makes_no_sense_is_refused(
    office: OfficeStory, since: str, until: str, address: str, code: str
) -> None:
    person = person_of(official(office, CHIEF))
    leaves(office, person, "2018-03-12", "2018-03-16", "Bà Lan", "lan@vp.example")
    with pytest.raises(Refusal, match=code):
        leaves(office, person, since, until, "Bà Lan", address)


def test_one_notice_can_have_its_own_owner_and_chairman(any_office: OfficeStory) -> None:
    late(any_office, "1/TB-A")
    filed = any_office.files(draft(directive(FINANCE, "2018-03-09"), number="2/TB-B"))
    second = any_office.does(people.add_official, Role.CHAIRMAN, "Chủ tịch Hội đồng", "cthd@tinh.example")
    named = official(any_office, CHAIRMAN)
    any_office.does(people.put_in_charge, filed.conclusion, second, Role.CHAIRMAN)
    any_office.waits_until("2018-03-23 17:00")
    texts = {one.recipient: one.text for one in any_office.messages() if one.kind == "escalate"}
    assert "1/TB-A" in texts[named.name]
    assert "2/TB-B" not in texts[named.name]
    assert "2/TB-B" in texts["Chủ tịch Hội đồng"]
    with pytest.raises(Refusal, match="not_in_charge"):
        any_office.does(people.put_in_charge, filed.conclusion, second, Role.CHIEF_OF_OFFICE)


def test_whoever_fills_two_roles_gets_one_message_the_most_overdue_first(office: OfficeStory) -> None:
    chief = official(office, CHIEF)
    office.does(people.replace_officials, Role.CHAIRMAN, chief.name, chief.address.upper())
    office.files(draft(directive(HOME, "2018-03-09"), directive(FINANCE, "2018-03-16", path="2")), "2018-03-07 09:00")
    office.waits_until("2018-03-23 17:00")
    (last,) = [one for one in office.messages() if one.recipient == CHIEF and "23/3/2018" in one.text]
    assert last.text.index("mục 1") < last.text.index("mục 2")


def test_somebody_new_fills_a_role_also_for_notices_that_named_the_old_one(office: OfficeStory) -> None:
    late(office)
    filed = office.files(draft(directive(FINANCE, "2018-03-09"), number="2/TB-B"))
    office.does(people.put_in_charge, filed.conclusion, official(office, CHAIRMAN), Role.CHAIRMAN)
    leaves(office, person_of(official(office, CHAIRMAN)), "2018-03-01", "2018-12-31", "Bà Lan", "lan@vp.example")
    office.does(people.replace_officials, Role.CHAIRMAN, "Bà Chủ tịch mới", "moi@tinh.example")
    office.waits_until("2018-03-23 17:00")
    assert office.told("Bà Chủ tịch mới") == ["23/3 Báo cáo vượt cấp"]
    assert office.told(CHAIRMAN) == office.told("Bà Lan") == []


def test_of_several_who_fill_a_role_one_can_stay_alone(office: OfficeStory) -> None:
    office.does(people.add_official, Role.CHAIRMAN, "Ông Hai", "hai@tinh.example")
    office.does(people.replace_officials, Role.CHAIRMAN, "Ông Hai", "HAI@tinh.example")
    with office.ledger.look() as session:
        rows = people.officials_of(session, office.ledger.office_id)
    assert [one.name for one in rows if one.role == Role.CHAIRMAN] == ["Ông Hai"]


def test_the_leave_of_whoever_left_is_not_inherited_by_whoever_comes_after(office: OfficeStory) -> None:
    added = office.does(people.add_official, Role.DEPUTY, "Ông Hai", "hai@tinh.example")
    leaves(office, person_of(added), "2018-03-01", "2018-12-31", "Bà Lan", "lan@vp.example")
    office.does(people.remove_official, added)
    again = office.does(people.add_official, Role.DEPUTY, "Ông Ba", "ba@tinh.example")
    with office.ledger.look() as session:
        away = people.substitutes(session, office.ledger.office_id, date(2018, 3, 12))
    assert person_of(again) not in away


def test_the_leave_of_an_agencys_old_contact_ends_with_the_contact(office: OfficeStory) -> None:
    with office.ledger.look() as session:
        last = session.exec(select(Agency).order_by(Agency.id.desc())).first()  # type: ignore[union-attr]
    assert last is not None
    leaves(
        office, person_of(contact(office, last.name, Role.HEAD)), "2018-03-01", "2018-12-31", "Bà Lan", "l@vp.example"
    )
    office.does(people.replace_contact, last, Role.HEAD, "Ông Mới", "moi@coquan.example")
    with office.ledger.look() as session:
        assert people.substitutes(session, office.ledger.office_id, date(2018, 3, 12)) == {}


def test_people_are_found_by_name_address_or_number_and_a_name_of_two_is_a_question(office: OfficeStory) -> None:
    one = official(office, "chanh van phong")
    assert one.id == official(office, one.address.upper()).id == official(office, str(one.id)).id
    office.does(people.add_official, Role.DEPUTY, CHIEF, "khac@tinh.example")
    with pytest.raises(Refusal, match="which_official"):
        official(office, CHIEF)
    for words in ("", " ", "không có ai", "999"):
        with pytest.raises(Refusal, match="no_official"):
            official(office, words)


@pytest.mark.parametrize(
    ("role", "name", "address", "code"),
    [
        (Role.DEPUTY, " \u200b\n", "a@b.vn", "no_name"),
        (Role.DEPUTY, "x" * 201, "a@b.vn", "long_name"),
        (Role.DEPUTY, "A", "a@b", "bad_address"),
        (Role.OFFICER, "A", "a@b.vn", "not_an_office_role"),
        (Role.CHAIRMAN, "A", "CHU-TICH@vanphong.example", "official_there"),
    ],
)
def test_a_person_who_cannot_be_written_to_is_refused(
    office: OfficeStory, role: Role, name: str, address: str, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        office.does(people.add_official, role, name, address)


def test_a_name_is_kept_on_one_line_without_marks_that_nobody_sees(office: OfficeStory) -> None:
    row = office.does(people.add_official, Role.DEPUTY, "Ông\nHai\u202e\x1b[31m", "hai@tinh.example")
    assert row.name == "Ông Hai [31m"
