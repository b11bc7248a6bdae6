"""The ways to somebody go with them: whoever left hears nothing by them, and whoever stays keeps them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from domain import people
from domain.agencies import Contact, find_agency
from domain.people import person_of
from domain.policy import Role
from domain.store import Change
from domain.ways import Preference, Wanted, Way, arrange, prefer
from tests.story import OfficeStory

HOME = "Sở Nội vụ"
PHONE = "zalo-zns"
NAMES = ("Lê Thị Mai", "lê thị mai", "Trần Văn An", "Ông Bảy")
ADDRESSES = ("mai@snv.example", "an@snv.example")


def officer(change: Change) -> Contact:
    query = select(Contact).where(Contact.agency_id == find_agency(change.session, change.office_id, HOME).id)
    return change.session.exec(query.where(Contact.role == Role.OFFICER).order_by(col(Contact.id))).one()


def replaced(change: Change, name: str, address: str) -> None:
    people.replace_contact(change, find_agency(change.session, change.office_id, HOME), Role.OFFICER, name, address)


def given_a_telephone(change: Change, number: str) -> None:
    """Whoever is written to now gets a telephone of their own."""
    one = officer(change)
    arrange(change, person_of(one), one.address, [(PHONE, number), ("mail", "")])
    prefer(change, person_of(one), Wanted("en", time(7, 30), time(17)))


def telephones(office: OfficeStory) -> list[tuple[str, str]]:
    """(person, number) of every telephone that could ring."""
    with office.ledger.look() as session:
        return [(one.person, one.address) for one in session.exec(select(Way).where(Way.channel == PHONE))]


def officer_of(office: OfficeStory) -> Contact:
    with office.ledger.change(now=office.now, actor="test") as change:
        return officer(change)


@pytest.fixture
def told_by_telephone(any_office: OfficeStory) -> OfficeStory:
    any_office.does(replaced, "Lê Thị Mai", "mai@snv.example")
    any_office.does(given_a_telephone, "84912345678")
    return any_office


def test_somebody_else_at_an_agency_does_not_inherit_the_telephone(told_by_telephone: OfficeStory) -> None:
    told_by_telephone.does(replaced, "Trần Văn An", "an@snv.example")
    assert telephones(told_by_telephone) == []
    with told_by_telephone.ledger.look() as session:
        assert session.exec(select(Preference)).all() == []


def test_somebody_else_at_the_same_mail_address_does_not_either(told_by_telephone: OfficeStory) -> None:
    told_by_telephone.does(replaced, "Trần Văn An", "mai@snv.example")
    assert telephones(told_by_telephone) == []


def test_the_same_person_with_another_address_keeps_them(told_by_telephone: OfficeStory) -> None:
    told_by_telephone.does(replaced, "Lê Thị  MAI", "mai.moi@snv.example")
    assert telephones(told_by_telephone) == [(person_of(officer_of(told_by_telephone)), "84912345678")]


def test_an_officials_telephone_goes_with_them(any_office: OfficeStory) -> None:
    def told(change: Change, name: str) -> None:
        one = people.add_official(change, Role.DEPUTY, name, "pct@vanphong.example")
        arrange(change, person_of(one), one.address, [(PHONE, "84912345678")])

    def role(change: Change, name: str) -> None:
        people.replace_officials(change, Role.DEPUTY, name, "pct@vanphong.example")

    def gone(change: Change) -> None:
        for one in people.officials_of(change.session, change.office_id):
            if one.role == Role.DEPUTY:
                people.remove_official(change, one)

    any_office.does(gone)
    any_office.does(told, "Bà Hai")
    any_office.does(role, "BÀ HAI")
    assert [number for _, number in telephones(any_office)] == ["84912345678"]
    any_office.does(role, "Ông Ba")  # at the address of the post
    assert telephones(any_office) == []
    any_office.does(gone)
    any_office.does(told, "Ông Tư")
    any_office.does(gone)
    assert telephones(any_office) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(ADDRESSES), st.booleans()), min_size=1, max_size=8),
)
def test_the_telephone_of_somebody_who_left_never_rings(
    office: OfficeStory, turns: list[tuple[str, str, bool]]
) -> None:
    """Whoever comes and goes, a telephone in the ledger belongs to who is written to now."""
    office.does(replaced, "Người đầu tiên", "dau@snv.example")
    owner = {}
    for turn, (name, address, telephone) in enumerate(turns):
        office.does(replaced, name, address)
        if telephone:
            number = f"8491234{turn:04}"
            office.does(given_a_telephone, number)
            owner[number] = name.casefold()
        one = officer_of(office)
        assert all(
            person == person_of(one) and owner[number] == one.name.casefold() for person, number in telephones(office)
        )
