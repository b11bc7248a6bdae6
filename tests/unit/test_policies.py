"""The policy as the office changes it: at once, for notices to come, or for those that are open."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlmodel import select

from domain import people
from domain.audit import AuditEntry, first_broken
from domain.errors import Refusal
from domain.life import holding
from domain.policies import Applied, Replaced, apply_to_open, policy_in_force, set_policy
from domain.policy import Policy, Role, as_yaml, load_policy
from tests.story import OfficeStory, directive, draft

HOME, FINANCE = "Sở Nội vụ", "Sở Tài chính"
CHIEF, CHAIRMAN, OWNER = "Chánh Văn phòng", "Chủ tịch", "Chuyên viên theo dõi"


def level(days: int, *tell: str, approval: bool = False) -> dict[str, object]:
    return {"after_working_days": days, "tell": list(tell), "needs_approval": approval}


def sets(office: OfficeStory, follow_up: dict[str, Any] | None = None, **settings: Any) -> Replaced:
    """Replaces the policy by the one in force with some changes."""
    with office.ledger.look() as session:
        present = policy_in_force(session, office.ledger.office_id).model_dump(mode="json", by_alias=True)
    whole = {"office": present["office"] | settings, "follow_up": present["follow_up"] | (follow_up or {})}
    done: Replaced = office.does(set_policy, Policy.model_validate(whole))
    return done


def applies(office: OfficeStory, reason: str = "Quy chế mới") -> Applied:
    done: Applied = office.does(apply_to_open, reason)
    return done


def test_a_new_policy_is_for_notices_filed_from_now_on(any_office: OfficeStory) -> None:
    any_office.files(draft(directive(HOME, "2018-03-22")), "2018-03-07 09:00")
    any_office.holds_round()
    done = sets(any_office, {"remind_working_days_before": [5]})
    assert (done.office, done.follow_up, done.people_differ, done.moved.replanned) == (False, True, False, [])
    any_office.files(draft(directive(FINANCE, "2018-03-22")))
    any_office.waits_until("2018-03-20 17:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ", "12/3 Nhắc", "16/3 Nhắc", "20/3 Nhắc"]
    assert any_office.told(FINANCE) == ["07/3 Giao nhiệm vụ", "14/3 Nhắc"]


def test_applied_to_what_is_open_it_moves_what_is_to_come_and_repeats_nothing(any_office: OfficeStory) -> None:
    any_office.files(draft(directive(HOME, "2018-03-22"), number="5/TB-X"), "2018-03-07 09:00")
    any_office.waits_until("2018-03-12 10:00")
    sets(any_office, {"remind_working_days_before": [7, 2]})
    done = applies(any_office)
    assert (done.conclusions, len(done.moved.replanned), done.caught_up) == (["5/TB-X"], 1, 0)
    any_office.waits_until("2018-03-21 17:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ", "12/3 Nhắc", "19/3 Nhắc", "21/3 Đến hạn"]
    assert applies(any_office).conclusions == []
    with any_office.ledger.look() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.verb == "policy.applied")).all()
        assert first_broken(session, any_office.ledger.office_id) is None
    assert len(rows) == 1


def test_a_longer_ladder_reaches_work_that_is_long_overdue_one_announced_step_at_a_time(
    any_office: OfficeStory,
) -> None:
    sets(any_office, {"ladder": [level(1, "officer", "head")], "repeat_last_level_at_most": 1})
    any_office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    any_office.waits_until("2018-04-16 10:00")
    assert any_office.told(HOME)[-1] == "19/3 Báo cáo vượt cấp"
    sets(
        any_office,
        {"ladder": [level(1, "officer", "head"), level(5, "chief_of_office"), level(10, "chairman")]},
    )
    assert applies(any_office).caught_up == 2
    any_office.waits_until("2018-04-24 17:00")
    assert any_office.told(CHIEF) == ["16/4 Báo cáo vượt cấp"]
    assert any_office.told(CHAIRMAN) == ["23/4 Báo cáo vượt cấp"]


def test_a_shorter_ladder_spares_whoever_is_not_on_it_any_more(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-16 17:00")
    sets(office, {"ladder": [level(1, "officer", "head"), level(5, "chief_of_office")]})
    applies(office)
    office.waits_until("2018-04-20 17:00")
    assert office.told(CHAIRMAN) == []


def test_without_a_ladder_lateness_is_announced_and_climbs_no_more(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-09 17:00")
    sets(office, {"ladder": []})
    applies(office)
    office.waits_until("2018-04-20 17:00")
    assert office.told(HOME)[-1] == "09/3 Quá hạn"


def test_a_level_that_needs_approval_from_now_on_is_put_to_the_owner_even_if_its_eve_has_passed(
    office: OfficeStory,
) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-23 07:30")  # level 3 is to go out at 08:00
    ladder = [level(1, "officer", "head"), level(5, "chief_of_office"), level(10, "chairman", approval=True)]
    sets(office, {"ladder": ladder})
    assert applies(office).caught_up == 1
    office.waits_until("2018-03-26 17:00")
    assert (office.told(CHAIRMAN), office.told(OWNER)) == ([], ["23/3 Chờ duyệt"])
    office.does(holding.approve, office.obligation(HOME))
    office.waits_until("2018-03-27 17:00")
    assert office.told(CHAIRMAN) == ["27/3 Báo cáo vượt cấp"]


def test_undated_work_is_asked_about_by_the_new_interval(office: OfficeStory) -> None:
    office.files(draft(directive(HOME)), "2018-03-07 09:00")
    office.holds_round()
    sets(office, {"request_status_every_days": 14})
    applies(office)
    office.waits_until("2018-04-05 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "21/3 Đề nghị báo cáo", "04/4 Đề nghị báo cáo"]


def test_new_slots_count_at_once_for_what_is_open(any_office: OfficeStory) -> None:
    any_office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    any_office.holds_round()
    done = sets(any_office, slots=["10:00"], hours={"from": "09:00", "until": "16:00"})
    assert (done.office, done.follow_up, len(done.moved.replanned)) == (True, False, 1)
    assert any_office.holds_round("2018-03-08 08:00") == 0
    any_office.waits_until("2018-03-08 10:00")
    assert any_office.told(HOME) == ["07/3 Giao nhiệm vụ", "08/3 Đến hạn"]


def test_what_is_exported_is_what_is_in_force_and_can_be_set_again(office: OfficeStory, tmp_path: Path) -> None:
    office.does(people.replace_officials, Role.CHAIRMAN, "Bà Chủ tịch", "ct@tinh.example")
    sets(office, {"remind_working_days_before": [5, 2]}, slots=["07:30", "13:30"])
    with office.ledger.look() as session:
        present = policy_in_force(session, office.ledger.office_id)
    path = tmp_path / "chinh-sach.yaml"
    path.write_text(as_yaml(present), encoding="utf-8")
    read = load_policy(path)
    assert read == present
    assert [one.name for one in read.office.officials if one.role == Role.CHAIRMAN] == ["Bà Chủ tịch"]
    done: Replaced = office.does(set_policy, read)
    assert (done.office, done.follow_up, done.people_differ) == (False, False, False)


def test_people_in_the_file_do_not_replace_those_of_the_ledger(office: OfficeStory) -> None:
    done = sets(office, officials=[{"role": "chairman", "name": "Người khác", "address": "khac@tinh.example"}])
    assert (done.office, done.people_differ) == (False, True)
    with office.ledger.look() as session:
        names = [one.name for one in people.officials_of(session, office.ledger.office_id)]
    assert names == [OWNER, CHIEF, CHAIRMAN]


def test_applying_wants_a_reason(office: OfficeStory) -> None:
    with pytest.raises(Refusal, match="no_reason"):
        applies(office, " ")


@pytest.mark.parametrize(
    ("part", "key", "value", "where"),
    [
        ("follow_up", "remind_working_days_before", [3, 3], "follow_up"),
        ("follow_up", "remind_working_days_before", [10**9], "follow_up.remind_working_days_before.0"),
        ("follow_up", "request_status_every_days", 10**12, "follow_up.request_status_every_days"),
        ("office", "slots", ["08:00Z"], "office.slots.0"),
        ("office", "slots", [99_999], "office.slots.0"),
        ("office", "slots", ["sáng"], "office.slots.0"),
        ("office", "officials", [{"role": "head", "name": "A", "address": "a@b.vn"}], "office.officials.0"),
    ],
)
def test_a_policy_that_could_never_be_planned_by_is_refused_with_its_place(
    office: OfficeStory, tmp_path: Path, part: str, key: str, value: object, where: str
) -> None:
    with office.ledger.look() as session:
        whole = yaml.safe_load(as_yaml(policy_in_force(session, office.ledger.office_id)))
    whole[part][key] = value
    path = tmp_path / "sai.yaml"
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Refusal, match="policy_broken") as refused:
        load_policy(path)
    assert refused.value.params["where"] == where


def test_an_hour_without_quotes_is_still_an_hour(office: OfficeStory, tmp_path: Path) -> None:
    with office.ledger.look() as session:
        words = as_yaml(policy_in_force(session, office.ledger.office_id))
    path = tmp_path / "chinh-sach.yaml"
    bare = re.sub(r"'(\d\d:\d\d)'", r"\1", words)
    assert bare != words
    path.write_text(bare, encoding="utf-8")
    assert [f"{slot:%H:%M}" for slot in load_policy(path).office.slots] == ["08:00", "14:00"]
