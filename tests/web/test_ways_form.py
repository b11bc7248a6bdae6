"""An agency's page: by which ways its contacts are reached, put in order by a clerk."""

from __future__ import annotations

import pytest

from domain.agencies import contacts_of, find_agency
from domain.keys import key
from domain.people import person_of
from domain.policy import Role
from domain.ways import mark_bad, preferences, routes
from tests.web.busy import OURS
from tests.web.office_online import OfficeOnline
from tests.web.test_office_pages import agency_path
from tests.web.test_work import set_clock

LINES = {
    "role": "officer",
    "channel_1": "zalo-zns",
    "address_1": "0912 345 678",
    "channel_2": "mail",
    "language": "en",
    "opens": "07:30",
    "closes": "17:00",
}


@pytest.fixture
def at_work(online: OfficeOnline) -> OfficeOnline:
    set_clock(online.story)
    return online


def officer(online: OfficeOnline) -> tuple[str, str]:
    """(person, mail address)."""
    with online.story.ledger.look() as session:
        agency = find_agency(session, online.story.ledger.office_id, OURS)
        row = contacts_of(session, [key(agency.id)])[key(agency.id), Role.OFFICER]
    return person_of(row), row.address


def ways(online: OfficeOnline) -> list[tuple[str, str]]:
    person, mail = officer(online)
    with online.story.ledger.look() as session:
        found = routes(session, online.story.ledger.office_id, {person: mail})[person]
    return [(one.channel, one.address) for one in found]


def test_a_clerk_puts_the_telephone_before_the_mail(at_work: OfficeOnline) -> None:
    clerk, path = at_work.client("clerk"), agency_path(at_work)
    assert at_work.posts(clerk, f"{path}/ways", shown_at=path, **LINES).status_code == 303
    person, mail = officer(at_work)
    assert ways(at_work) == [("zalo-zns", "84912345678"), ("mail", mail)]
    with at_work.story.ledger.look() as session:
        wanted = preferences(session, at_work.story.ledger.office_id, [person])[person]
    assert (wanted.language, f"{wanted.opens:%H:%M}", f"{wanted.closes:%H:%M}") == ("en", "07:30", "17:00")
    shown = clerk.get(path).text
    assert "84912345678" in shown
    assert "07:30–17:00" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"address_1": "0123"},
        {"channel_1": "fax"},
        {"opens": ""},
        {"opens": "x"},
        {"closes": "07:00"},
        {"language": "fr"},
    ],
)
def test_what_cannot_be_is_shown_again_and_nothing_is_stored(at_work: OfficeOnline, wrong: dict[str, str]) -> None:
    clerk, path = at_work.client("clerk"), agency_path(at_work)
    before = ways(at_work)
    answer = at_work.posts(clerk, f"{path}/ways", shown_at=path, **(LINES | wrong))
    assert answer.status_code == 422
    assert ways(at_work) == before
    if "address_1" in wrong:
        assert 'value="0123"' in answer.text


def test_a_way_that_takes_nothing_is_shown_with_its_reason_and_can_be_tried_again(at_work: OfficeOnline) -> None:
    clerk, path = at_work.client("clerk"), agency_path(at_work)
    at_work.posts(clerk, f"{path}/ways", shown_at=path, **LINES)
    person, _ = officer(at_work)
    at_work.story.does(mark_bad, person, "zalo-zns", "84912345678", "-118 <b>không có Zalo</b>")
    shown = clerk.get(path).text
    assert "không nhận được từ" in shown
    assert "&lt;b&gt;không có Zalo" in shown
    assert at_work.posts(clerk, f"{path}/ways", shown_at=path, role="officer", again="zalo-zns").status_code == 303
    assert "không nhận được từ" not in clerk.get(path).text


def test_a_viewer_sees_the_ways_and_changes_none(at_work: OfficeOnline) -> None:
    viewer, path = at_work.client("viewer"), agency_path(at_work)
    assert f"{path}/ways" not in viewer.get(path).text
    assert at_work.posts(viewer, f"{path}/ways", shown_at="/account", **LINES).status_code == 403
