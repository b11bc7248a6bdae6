"""A deadline that waits for an event gets its bound when somebody says when the event happens."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from sqlmodel import col, select

from config.words import LANGUAGES, say
from domain.audit import AuditEntry, first_broken
from domain.deadlines import first_late_day
from domain.errors import Refusal
from domain.events import Awaited, Bound, Happening, about, awaited, parse_happening, supply
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft

GUIDANCE = {"event": "Bộ Y tế có hướng dẫn", "count": 10, "unit": "day"}


def waiting(lead: list[str] | str, path: str = "1", **wait: Any) -> dict[str, Any]:
    """A directive whose deadline waits for an event."""
    deadline = {"kind": "relative", "phrase": "trong 10 ngày kể từ khi …", "waits_for": GUIDANCE | wait}
    return directive(lead, path=path) | {"deadline": deadline}


def all_awaited(story: OfficeStory) -> list[Awaited]:
    with story.ledger.look() as session:
        return awaited(session, story.ledger.office_id)


def happens(story: OfficeStory, on: str, event: str | None = None) -> list[Bound]:
    """Somebody tells the office when an event happens."""
    with story.ledger.change(now=story.now, actor="test") as change:
        found = awaited(change.session, story.ledger.office_id)
        return supply(change, about(found, event), parse_happening(on), "Công văn 12/BYT")


def refused(story: OfficeStory, on: str, event: str | None = None) -> str:
    with pytest.raises(Refusal) as refusal:
        happens(story, on, event)
    for language in LANGUAGES:
        assert say(refusal.value.code, language=language, **refusal.value.params)
    return refusal.value.code


def acts(story: OfficeStory) -> list[str]:
    with story.ledger.look() as session:
        assert first_broken(session, story.ledger.office_id) is None
        verbs = session.exec(select(AuditEntry.verb).order_by(col(AuditEntry.seq)))
        return [verb for verb in verbs if verb.startswith("event.")]


def test_what_waits_for_an_event_is_listed_and_filed_without_a_bound(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting(["Sở Y tế", "Sở Tài chính"]), directive("Sở Nội vụ", "2018-03-30", path="2")))
    (one,) = all_awaited(any_office)
    assert (one.wait.event, one.directive.path, len(one.works)) == ("Bộ Y tế có hướng dẫn", "1", 2)
    assert not one.is_supplied
    assert [row.due_before for row in any_office.status()] == [None, None, parse_moment("2018-03-30")]


def test_the_event_gives_every_agency_its_bound_and_says_how(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting(["Sở Y tế", "Sở Tài chính"])))
    any_office.waits_until("2018-03-20 09:00")
    (bound,) = happens(any_office, "2018-03-19")
    assert bound.due_before == parse_moment("2018-03-30")  # ten days after Monday 19/3: Thursday 29/3 is in time
    assert [row.due_before for row in any_office.status()] == [bound.due_before] * 2
    (one,) = all_awaited(any_office)
    assert "19/03/2018" in (one.directive.explanation or "")
    assert acts(any_office) == ["event.supplied"]


def test_an_agency_hears_of_its_bound_then_is_reminded_and_told_when_it_is_late(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting("Sở Y tế")), "2018-03-07 09:00")
    any_office.waits_until("2018-03-20 09:00")
    happens(any_office, "2018-03-19")
    any_office.waits_until("2018-04-03 09:00")
    assert any_office.told("Sở Y tế") == [
        "07/3 Giao nhiệm vụ",
        "20/3 Giao nhiệm vụ",
        "26/3 Nhắc",
        "28/3 Nhắc",
        "29/3 Đến hạn",
        "30/3 Quá hạn",
        "02/4 Báo cáo vượt cấp",
    ]


def test_a_bound_in_the_past_is_never_the_first_that_an_agency_hears_of(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting("Sở Y tế")), "2018-03-07 09:00")
    any_office.waits_until("2018-04-10 09:00")
    happens(any_office, "2018-03-12")
    assert [row.standing for row in any_office.status()] == ["overdue"]
    any_office.waits_until("2018-04-13 09:00")
    assert any_office.told("Sở Y tế")[-3:] == ["10/4 Giao nhiệm vụ", "11/4 Quá hạn", "12/4 Báo cáo vượt cấp"]
    assert any_office.told("Giám đốc Sở Y tế") == ["12/4 Báo cáo vượt cấp"]


def test_an_event_supplied_before_the_work_was_ever_given_is_told_with_the_work(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting("Sở Y tế")), "2018-03-07 09:00")
    happens(any_office, "2018-02-05")
    any_office.waits_until("2018-03-08 17:00")
    assert any_office.told("Sở Y tế") == ["07/3 Giao nhiệm vụ", "08/3 Quá hạn"]


def test_another_instant_corrects_the_bound_and_the_old_moments_stay_visible(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting("Sở Y tế")))
    any_office.waits_until("2018-03-20 09:00")
    happens(any_office, "2018-03-19")
    any_office.waits_until("2018-03-21 09:00")
    (bound,) = happens(any_office, "2018-04-02")
    assert first_late_day(bound.due_before) == date(2018, 4, 13)
    assert {kind for _, kind, _, fate in any_office.timeline() if fate == "superseded"} >= {"remind", "due", "overdue"}
    assert acts(any_office) == ["event.supplied", "event.corrected"]
    (one,) = all_awaited(any_office)
    assert len((one.directive.explanation or "").splitlines()) == 1
    any_office.waits_until("2018-04-11 17:00")
    assert any_office.told("Sở Y tế")[2:] == ["21/3 Giao nhiệm vụ", "03/4 Nhắc", "09/4 Nhắc", "11/4 Nhắc"]


def test_the_same_instant_again_changes_nothing(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting("Sở Y tế")))
    any_office.waits_until("2018-03-20 09:00")
    happens(any_office, "2018-03-19")
    before = any_office.timeline()
    assert [bound.changed for bound in happens(any_office, "2018-03-19")] == [False]
    assert any_office.timeline() == before
    assert acts(any_office) == ["event.supplied"]


def test_a_longer_extension_stands_when_the_event_is_corrected(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting(["Sở Y tế", "Sở Tài chính"])))
    any_office.waits_until("2018-03-20 09:00")
    happens(any_office, "2018-03-19")
    any_office.extends("Sở Y tế", "2018-05-02")
    happens(any_office, "2018-03-21")
    due = {row.agency: row.due_before for row in any_office.status()}
    assert due == {"Sở Y tế": parse_moment("2018-05-02"), "Sở Tài chính": parse_moment("2018-04-03")}


def test_work_that_is_done_is_told_nothing_more(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting("Sở Y tế")))
    any_office.waits_until("2018-03-15 09:00")
    any_office.reports("Sở Y tế")
    told = any_office.told("Sở Y tế")
    happens(any_office, "2018-03-12")
    any_office.waits_until("2018-04-30")
    assert any_office.told("Sở Y tế") == told
    assert [row.standing for row in any_office.status()] == ["done_in_time"]


def test_two_events_are_told_apart_by_their_words_however_they_are_spelt(any_office: OfficeStory) -> None:
    any_office.files(draft(waiting("Sở Y tế"), waiting("Sở Nội vụ", path="2", event="có kết quả kiểm toán")))
    assert refused(any_office, "2018-03-19") == "errors.which_event"
    assert refused(any_office, "2018-03-19", "mưa bão") == "errors.no_such_event"
    (bound,) = happens(any_office, "2018-03-19", "KET QUA kiểm toán")
    assert bound.awaited.directive.path == "2"
    assert [row.due_before for row in any_office.status()] == [None, bound.due_before]


@pytest.mark.parametrize(
    ("wait", "on", "due"),
    [
        ({"count": 24, "unit": "hour"}, "2018-04-02 14:00", "2018-04-03T14:00"),
        ({"count": 5, "unit": "working_day", "before": True}, "16/4/2018", "2018-04-10"),
        ({"count": 0, "before": True}, "16/4/2018", "2018-04-16"),
        ({"count": 0}, "16/4/2018", "2018-04-17"),
        ({"count": 0}, "16/4/2018 10:00", "2018-04-16T10:00"),
        ({"count": 1, "unit": "month"}, "30/3/2018", "2018-05-03"),  # 30/4 and 1/5 are days off
    ],
)
def test_the_bound_follows_from_the_event(office: OfficeStory, wait: dict[str, Any], on: str, due: str) -> None:
    office.files(draft(waiting("Sở Y tế", **wait)))
    (bound,) = happens(office, on)
    assert bound.due_before == parse_moment(due)


def test_hours_from_a_day_without_an_hour_are_asked_for(office: OfficeStory) -> None:
    office.files(draft(waiting("Sở Y tế", count=24, unit="hour")))
    assert refused(office, "2018-04-02") == "errors.event_needs_hour"


@pytest.mark.parametrize(("on", "code"), [("2190-04-02", "errors.far_deadline"), ("31/2/2018", "errors.bad_day")])
def test_a_day_that_makes_no_sense_is_refused(office: OfficeStory, on: str, code: str) -> None:
    office.files(draft(waiting("Sở Y tế")))
    assert refused(office, on) == code


def test_a_day_that_a_person_gave_is_not_waited_for(office: OfficeStory) -> None:
    contents = waiting("Sở Y tế")
    contents["deadline"]["due_before"] = "2018-03-30T00:00:00+07:00"
    office.files(draft(contents))
    assert all_awaited(office) == []


@pytest.mark.parametrize(
    ("words", "happening"),
    [
        ("02/4/2018", Happening(date(2018, 4, 2))),
        ("2018-04-02 14:00", Happening(date(2018, 4, 2), time(14))),
        ("2018-04-02T08:30", Happening(date(2018, 4, 2), time(8, 30))),
        ("14h30 02/4/2018", Happening(date(2018, 4, 2), time(14, 30))),
        ("14 giờ, 02/4/2018", Happening(date(2018, 4, 2), time(14))),
    ],
)
def test_the_day_and_hour_of_an_event_are_read_as_people_write_them(words: str, happening: Happening) -> None:
    assert parse_happening(words) == happening
