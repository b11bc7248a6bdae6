"""The office's own pages: agencies, people, calendar, policy, the switch, accounts, the audit trail, calendar feeds."""

from __future__ import annotations

import re
from datetime import date

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.accounts import find_account
from domain.agencies import contacts_of, find_agency
from domain.errors import Refusal
from domain.keys import key
from domain.links import Link, Purpose, open_link, token_of
from domain.offices import office_policy, the_office, working_time
from domain.people import absences_of, officials_of
from domain.policies import policy_in_force
from domain.policy import Role
from tests.story import directive, draft
from tests.web.busy import OURS, THEIRS
from tests.web.office_online import PASSWORD, OfficeOnline
from tests.web.test_work import set_clock

SECRET = b"x" * 40


@pytest.fixture
def at_work(online: OfficeOnline) -> OfficeOnline:
    """An office with two dated pieces of work, on Wednesday 07/3/2018."""
    online.story.files(
        draft(
            directive(OURS, "2018-03-29", path="1"),
            directive(THEIRS, "2018-03-15T14:00", path="2"),
            directive(OURS, None, path="3"),
            number="31/TB-VP",
        )
    )
    online.story.holds_round()
    set_clock(online.story)
    return online


def agency_path(online: OfficeOnline, name: str = OURS) -> str:
    with online.story.ledger.look() as session:
        return f"/agencies/{find_agency(session, online.story.ledger.office_id, name).id}"


def test_a_clerk_changes_whom_an_agency_is_written_to_and_notes_leave(at_work: OfficeOnline) -> None:
    clerk, path = at_work.client("clerk"), agency_path(at_work)
    fields = {"role": "officer", "name": "Lê Thị Mai", "email": "mai@snv.example"}
    assert at_work.posts(clerk, f"{path}/contact", shown_at=path, **fields).status_code == 303
    wrong = at_work.posts(clerk, f"{path}/contact", shown_at=path, **(fields | {"email": "không phải"}))
    assert (wrong.status_code, 'value="không phải"' in wrong.text) == (422, True)
    leave = {
        "role": "officer",
        "since": "2018-03-07",
        "until": "2018-03-09",
        "name": "Bình",
        "email": "binh@snv.example",
    }
    assert at_work.posts(clerk, f"{path}/leave", shown_at=path, **leave).status_code == 303
    assert "binh@snv.example" in clerk.get(path).text
    assert at_work.posts(clerk, f"{path}/leave", shown_at=path, **(leave | {"until": "2018-03-01"})).status_code == 422
    assert at_work.posts(clerk, f"{path}/back", shown_at=path, role="officer").status_code == 303
    with at_work.story.ledger.look() as session:
        agency = find_agency(session, at_work.story.ledger.office_id, OURS)
        contact = contacts_of(session, [key(agency.id)])[key(agency.id), Role.OFFICER]
        assert absences_of(session, at_work.story.ledger.office_id) == []
    assert (contact.name, contact.address) == ("Lê Thị Mai", "mai@snv.example")


def test_a_clerk_adds_an_agency_once(at_work: OfficeOnline) -> None:
    clerk = at_work.client("clerk")
    fields = {"name": "Trung tâm Lưu trữ lịch sử", "aliases": "TT Lưu trữ", "email": "luutru@tinh.example"}
    added = at_work.posts(clerk, "/agencies/new", **fields)
    assert added.status_code == 303
    assert "TT Lưu trữ" in clerk.get(added.headers["location"]).text
    again = at_work.posts(clerk, "/agencies/new", **fields)
    assert (again.status_code, "Trung tâm Lưu trữ lịch sử" in again.text) == (422, True)
    assert clerk.get("/agencies/99999999999").status_code == 404


def test_a_link_is_shown_once_counts_and_can_be_revoked(at_work: OfficeOnline) -> None:
    manager, path = at_work.client("manager"), agency_path(at_work)
    given_ = at_work.posts(manager, f"{path}/give", shown_at=path, purpose="answer")
    address = re.search(r"http://[^\s<]+/a/[0-9]+-[A-Za-z0-9_-]{32}", given_.text)
    assert address
    stranger = at_work.client()
    assert stranger.get(address[0]).status_code == 200
    assert address[0] not in manager.get(path).text  # never again
    number = address[0].rpartition("/")[2].partition("-")[0]
    assert at_work.posts(manager, f"{path}/revoke", shown_at=path, link=number).status_code == 303
    assert stranger.get(address[0]).status_code == 404
    assert at_work.posts(manager, f"{path}/give", shown_at=path, purpose="answer").status_code == 200
    assert at_work.posts(manager, f"{path}/revoke", shown_at=path, link="all").status_code == 303
    with at_work.story.ledger.look() as session:
        agency = find_agency(session, at_work.story.ledger.office_id, OURS)
        links = session.exec(select(Link).where(Link.agency_id == agency.id)).all()
    assert links
    assert all(one.revoked_at for one in links)
    clerk = at_work.client("clerk")
    assert at_work.posts(clerk, f"{path}/give", shown_at="/account", purpose="answer").status_code == 403


def test_a_calendar_carries_exactly_the_open_deadlines_and_ends_when_it_is_revoked(at_work: OfficeOnline) -> None:
    manager, stranger = at_work.client("manager"), at_work.client()
    given_ = at_work.posts(manager, "/feeds", recipient="Lịch chung")
    address = re.search(r"http://[^\s<]+\.ics", given_.text)
    assert address
    events = icalendar.Calendar.from_ical(stranger.get(address[0]).content).walk("VEVENT")
    assert sorted(str(one["summary"]) for one in events) == [
        "Hạn: Mục 1 Thông báo 31/TB-VP – Sở Nội vụ",
        "Hạn: Mục 2 Thông báo 31/TB-VP – Sở Tài chính",
    ]
    days = {str(one["summary"])[9:10]: one["dtstart"].dt for one in events}
    assert days["1"] == date(2018, 3, 28)  # before the 29th: the last day in time
    assert f"{days['2']:%Y-%m-%d %H:%M %z}" == "2018-03-15 13:00 +0700"
    _, ours = at_work.link(OURS, Purpose.FEED)
    own = icalendar.Calendar.from_ical(stranger.get(ours).content).walk("VEVENT")
    assert [str(one["summary"])[9:10] for one in own] == ["1"]
    assert "/obligations/" not in stranger.get(ours).text  # an agency has no account
    number = address[0].rpartition("/")[2].partition("-")[0]
    assert at_work.posts(manager, "/feeds/revoke", shown_at="/feeds", link=number).status_code == 303
    assert stranger.get(address[0]).status_code == 404


def test_a_link_for_answering_opens_no_calendar_and_a_calendar_answers_nothing(at_work: OfficeOnline) -> None:
    stranger = at_work.client()
    _, answer = at_work.link(OURS)
    _, feed = at_work.link(OURS, Purpose.FEED)
    assert stranger.get(f"/feeds/{answer.removeprefix('/a/')}.ics").status_code == 404
    assert stranger.get(f"/a/{feed.removeprefix('/feeds/').removesuffix('.ics')}").status_code == 404


@settings(max_examples=150)
@given(place=st.integers(0, 40), sign=st.characters(codec="ascii", categories=("L", "N", "P")), data=st.data())
def test_no_change_of_a_token_opens_anything(place: int, sign: str, data: st.DataObject) -> None:
    purpose = data.draw(st.sampled_from(list(Purpose)))
    link = Link(id=data.draw(st.integers(1, 10**6)), office_id=1, purpose=purpose, agency_id=7, recipient="Sở")
    token = token_of(link, SECRET)
    at = min(place, len(token) - 1)
    changed = token[:at] + sign + token[at + 1 :]

    class Session:
        def get(self, _: object, id_: int) -> Link | None:
            return link if id_ == link.id else None

    if changed != token:
        with pytest.raises(Refusal):
            open_link(Session(), 1, SECRET, changed, purpose, None)  # type: ignore[arg-type]
    with pytest.raises(Refusal):
        open_link(Session(), 2, SECRET, token, purpose, None)  # type: ignore[arg-type]
    with pytest.raises(Refusal):
        open_link(Session(), 1, b"y" * 40, token, purpose, None)  # type: ignore[arg-type]


def test_a_manager_keeps_the_people_of_the_office(at_work: OfficeOnline) -> None:
    manager = at_work.client("manager")
    fields = {"role": "owner", "name": "Trần Lan", "email": "lan@vanphong.example"}
    assert at_work.posts(manager, "/people/add", shown_at="/people", **fields).status_code == 303
    assert at_work.posts(manager, "/people/add", shown_at="/people", **fields).status_code == 422
    with at_work.story.ledger.look() as session:
        row = next(one for one in officials_of(session, at_work.story.ledger.office_id) if one.name == "Trần Lan")
    changed = {"name": "Trần Thị Lan", "email": "lan@vanphong.example"}
    leave = {"since": "2018-03-07", "until": "2018-03-08", "name": "Hoa", "email": "hoa@vanphong.example"}
    for deed, sent in (("change", changed), ("leave", leave), ("back", {}), ("remove", {})):
        assert at_work.posts(manager, f"/people/{row.id}/{deed}", shown_at="/people", **sent).status_code == 303, deed
    with at_work.story.ledger.look() as session:
        assert "Trần" not in str([one.name for one in officials_of(session, at_work.story.ledger.office_id)])
    assert at_work.posts(manager, "/people/9999/remove", shown_at="/people").status_code == 404


def test_a_day_off_is_declared_and_taken_back_and_what_moved_is_said(at_work: OfficeOnline) -> None:
    manager = at_work.client("manager")
    fields = {"day": "2018-03-28", "worked": "0", "reason": "Nghỉ bù."}
    said = at_work.posts(manager, "/calendar/day", shown_at="/calendar", **fields)
    assert said.status_code == 200
    assert re.search(r"28/3/2018: 0 thời hạn dời, [1-9] phần việc lập lại mốc", said.text)
    with at_work.story.ledger.look() as session:
        assert not working_time(session, at_work.story.ledger.office_id).calendar.is_working(date(2018, 3, 28))
    again = at_work.posts(manager, "/calendar/day", shown_at="/calendar", **fields)
    assert (again.status_code, "Nghỉ bù." in again.text) == (422, True)
    assert at_work.posts(manager, "/calendar/forget", shown_at="/calendar", day="2018-03-28").status_code == 200
    assert "Giải phóng" in manager.get("/calendar?year=2018").text or "Chiến thắng" in manager.get("/calendar").text
    assert manager.get("/calendar?year=1").status_code == 404


def test_the_policy_is_changed_by_its_form_and_a_wrong_field_is_named(at_work: OfficeOnline) -> None:
    manager = at_work.client("manager")
    fields = {
        "slots": "08:30, 15:00",
        "hours_from": "07:30",
        "hours_until": "17:00",
        "before_date": "strict",
        "link_days": "60",
        "remind": "5, 2",
        "after_0": "2",
        "tell_0": ["officer", "head"],
        "after_1": "6",
        "tell_1": ["chairman"],
        "approval_1": "1",
        "repeat_last_level_every_days": "7",
        "request_status_every_days": "30",
        "stale_after_days": "90",
        "acknowledged_for_working_days": "10",
        "remind_owner_every_working_days": "3",
        "hold_ladder": "1",
    }
    wrong = at_work.posts(manager, "/policy", **(fields | {"slots": "06:00"}))
    assert (wrong.status_code, 'value="06:00"' in wrong.text) == (422, True)
    assert at_work.posts(manager, "/policy", **fields).status_code == 303
    with at_work.story.ledger.look() as session:
        policy = policy_in_force(session, at_work.story.ledger.office_id)
    assert [one.after_working_days for one in policy.follow_up.ladder] == [2, 6]
    assert policy.follow_up.ladder[1].needs_approval
    assert (policy.office.link_days, policy.follow_up.remind_working_days_before) == (60, (5, 2))
    assert at_work.posts(manager, "/policy/apply", shown_at="/policy", reason="Từ nay.").status_code == 303
    assert "after_working_days: 2" in manager.get("/policy.yaml").text
    assert at_work.posts(at_work.client("clerk"), "/policy", shown_at="/account", **fields).status_code == 403


def test_the_switch_is_turned_with_a_reason_and_everybody_sees_it(at_work: OfficeOnline) -> None:
    manager = at_work.client("manager")
    assert at_work.posts(manager, "/sending/stop", shown_at="/sending", reason=" ").status_code == 422
    assert at_work.posts(manager, "/sending/stop", shown_at="/sending", reason="Tập huấn.").status_code == 303
    with at_work.story.ledger.look() as session:
        assert the_office(session, at_work.story.ledger.office_id).sending == "stopped"
    for deed, fields in (("redirect", {"to": "thu@vanphong.example"}), ("shadow", {}), ("start", {"reason": "Xong."})):
        assert at_work.posts(manager, f"/sending/{deed}", shown_at="/sending", **fields).status_code == 303, deed
    tested = at_work.posts(manager, "/sending/test", shown_at="/sending", who=OURS)
    assert tested.status_code == 303
    at_work.app.state.follower.settle()
    assert at_work.story.messages()[-1].status == "sent"
    assert at_work.posts(manager, "/sending/test", shown_at="/sending", who="Không Ai").status_code == 422


def test_an_administrator_keeps_the_accounts_and_a_made_up_password_is_shown_once(at_work: OfficeOnline) -> None:
    admin = at_work.client("admin")
    added = at_work.posts(admin, "/users", username="lan", name="Trần Lan", rank="clerk", email="lan@vanphong.example")
    password = re.search(r'class="once">([^<]+)<', added.text)
    assert password
    assert password[1] not in admin.get("/users").text
    lan = at_work.client()
    assert lan.post("/login", data={"username": "lan", "password": password[1]}).status_code == 303
    assert at_work.posts(admin, "/users/lan/change", shown_at="/users", rank="manager", name="Lan").status_code == 303
    assert "Lãnh đạo văn phòng" in lan.get("/account").text
    assert at_work.posts(admin, "/users/lan/disable", shown_at="/users").status_code == 303
    assert lan.get("/account").status_code == 303  # out at once
    assert at_work.posts(admin, "/users/lan/enable", shown_at="/users").status_code == 303
    assert at_work.posts(admin, "/users/lan/password", shown_at="/users").status_code == 200
    last = at_work.posts(admin, "/users/nguoi-admin/disable", shown_at="/users")
    assert (last.status_code, "quản trị" in last.text) == (422, True)
    assert at_work.posts(admin, "/users", username="Không được", rank="clerk").status_code == 422
    with at_work.story.ledger.look() as session:
        assert find_account(session, at_work.story.ledger.office_id, "lan").rank == "manager"
    assert at_work.client("manager").get("/users").status_code == 403


def test_the_audit_trail_is_read_filtered_and_checked_and_holds_no_secret(at_work: OfficeOnline) -> None:
    manager = at_work.client("manager")
    text = manager.get("/audit").text
    assert "conclusion.filed" in text
    assert PASSWORD not in text
    assert "conclusion.filed" not in manager.get("/audit", params={"verb": "round.held"}).text
    assert manager.get("/audit", params={"day": "2018-13-45"}).status_code == 200  # said, not broken
    assert "nguyên vẹn" in manager.get("/audit/check").text
    assert at_work.client("clerk").get("/audit").status_code == 403
    with at_work.story.ledger.look() as session:
        assert office_policy(the_office(session, at_work.story.ledger.office_id)).link_days == 90
