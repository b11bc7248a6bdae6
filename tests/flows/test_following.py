"""A conclusion's flow, its rounds and reconcile, on a real Prefect server."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.states import Cancelled

from domain.drafts import Draft
from domain.filing import Filed, Notice
from flows.checkpoint_round import artifact_key, checkpoint_round
from flows.follow_conclusion import follow_conclusion
from flows.reconcile import reconcile
from flows.replay import filing, replay
from flows.scheduling import ROUND, drop_missed_rounds, ensure_rounds, scheduled_runs, tagged_runs
from tests.story import OfficeStory, directive, draft, parse_moment

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


def rounds(office: OfficeStory, number: str) -> list[FlowRun]:
    return [run for flow, run in tagged_runs(office.desk(), number) if flow == ROUND]


def follow(office: OfficeStory, filed: Filed) -> None:
    follow_conclusion(filed.conclusion.id, now=office.now)


def test_the_flow_of_a_conclusion_gives_every_slot_a_round_that_its_tag_finds(followed_office: OfficeStory) -> None:
    filed = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    follow(followed_office, filed)
    names = [run.name for run in rounds(followed_office, filed.conclusion.number)]
    days = ["08/03/2018", "09/03/2018", "12/03/2018", "16/03/2018", "23/03/2018"]
    assert [name for name in names if "ngay" not in name] == [f"Đợt đôn đốc 08:00 {day}" for day in days]
    assert followed_office.told("Sở Nội vụ") == ["07/3 Giao nhiệm vụ"]


def test_following_twice_changes_nothing(followed_office: OfficeStory) -> None:
    filed = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    follow(followed_office, filed)
    before = [run.id for run in rounds(followed_office, filed.conclusion.number)], followed_office.timeline()
    follow(followed_office, filed)
    after = [run.id for run in rounds(followed_office, filed.conclusion.number)], followed_office.timeline()
    assert before == after
    assert len(followed_office.messages()) == 1


def test_two_conclusions_share_the_round_of_a_slot(followed_office: OfficeStory) -> None:
    first = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    second = followed_office.files(draft(directive("Sở Tài chính", "2018-03-09")))
    follow(followed_office, first)
    follow(followed_office, second)
    shared = [run for run in rounds(followed_office, first.conclusion.number) if "08/03/2018" in run.name]
    assert len(shared) == 1
    assert {first.conclusion.number, second.conclusion.number} <= set(shared[0].tags)


def test_reconcile_schedules_again_what_prefect_has_lost(followed_office: OfficeStory) -> None:
    filed = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    follow(followed_office, filed)
    waiting = scheduled_runs(followed_office.desk(), ROUND, parse_moment("2030-01-01"))
    with get_client(sync_client=True) as client:
        for run in waiting:
            client.delete_flow_run(run.id)
    assert reconcile(now=followed_office.now) == {"conclusions": 0, "rounds": len(waiting), "reviews": 0}
    assert reconcile(now=followed_office.now) == {"conclusions": 0, "rounds": 0, "reviews": 0}


def test_a_cancelled_round_gets_a_new_generation(followed_office: OfficeStory) -> None:
    filed = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    follow(followed_office, filed)
    cancelled = next(run for run in rounds(followed_office, filed.conclusion.number) if "08/03/2018" in run.name)
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(cancelled.id, Cancelled(), force=True)
    assert reconcile(now=followed_office.now)["rounds"] == 1


def test_reconcile_starts_the_flow_of_a_notice_filed_while_prefect_was_down(followed_office: OfficeStory) -> None:
    filed = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    assert reconcile(now=followed_office.now)["conclusions"] == 1
    assert [run.name for _, run in tagged_runs(followed_office.desk(), filed.conclusion.number)] == [
        filed.conclusion.number
    ]


def test_of_many_missed_rounds_only_the_last_is_held(followed_office: OfficeStory) -> None:
    desk = followed_office.desk()
    ensure_rounds(desk, [(desk.now + timedelta(days=n), "9/TB-X") for n in (1, 2, 5, 6)])
    followed_office.sleeps_until("2018-03-28 09:00")
    assert drop_missed_rounds(followed_office.desk()) == 3
    assert len(scheduled_runs(followed_office.desk(), ROUND, followed_office.now)) == 1


def test_a_round_outside_hours_says_nothing_and_asks_for_the_next_slot(followed_office: OfficeStory) -> None:
    filed = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-30")), "2018-03-07 09:00")
    with followed_office.ledger.change(now=followed_office.now, actor="test") as change:
        from domain.planning import plan_conclusion

        plan_conclusion(change, filed.conclusion.id or 0)
    followed_office.sleeps_until("2018-03-07 22:00")
    checkpoint_round(slot=followed_office.now, now=followed_office.now)
    assert followed_office.messages() == []
    waiting = scheduled_runs(followed_office.desk(), ROUND, parse_moment("2018-03-08 08:00"))
    assert [run.name for run in waiting] == ["Đợt đôn đốc 08:00 08/03/2018"]


def test_a_round_leaves_an_artifact_for_each_conclusion_touched(followed_office: OfficeStory, on_prefect: str) -> None:
    filed = followed_office.files(draft(directive("Sở Nội vụ", "2018-03-09"), number="489/TB-VP"), "2018-03-07 09:00")
    follow(followed_office, filed)
    body = {"artifacts": {"key": {"any_": ["tb-489-2018"]}}}
    found = httpx.post(f"{on_prefect}/artifacts/filter", json=body, timeout=30).json()
    assert "Sở Nội vụ" in found[0]["data"]


def test_an_artifact_key_is_what_prefect_allows(followed_office: OfficeStory) -> None:
    issued = followed_office.now.date()
    assert artifact_key("489/TB-VP", issued) == "tb-489-2018"
    assert artifact_key("57-KL/ĐU", issued).isascii()


def test_a_replay_lives_the_moments_of_the_design(followed_office: OfficeStory) -> None:
    since, until = parse_moment("2018-03-07T09:00"), parse_moment("2018-03-30T17:00")
    notice = Notice(Draft.model_validate(draft(directive("Sở Nội vụ", "2018-03-09"), number="31/TB-VP")))
    replay(followed_office.settings, followed_office.ledger, [filing(notice, since, "x")], since=since, until=until)
    told = [(when, kind, step) for when, kind, step, fate in followed_office.timeline() if fate == "done"]
    assert told == [
        ("07/03 09:00", "assign", 0),
        ("08/03 08:00", "due", 0),
        ("09/03 08:00", "overdue", 0),
        ("12/03 08:00", "escalate", 1),
        ("16/03 08:00", "escalate", 2),
        ("23/03 08:00", "escalate", 3),
        ("30/03 08:00", "escalate", 3),
    ]
    assert {run.state_name for run in rounds(followed_office, "31/TB-VP")} == {"Completed", "Scheduled"}


def test_a_replay_of_days_to_come_does_not_wait_for_them(followed_office: OfficeStory) -> None:
    since, until = parse_moment("2031-03-05T09:00"), parse_moment("2031-03-07T17:00")
    notice = Notice(Draft.model_validate(draft(directive("Sở Nội vụ", "2031-03-07"), on="2031-03-05")))
    replay(followed_office.settings, followed_office.ledger, [filing(notice, since, "x")], since=since, until=until)
    assert followed_office.told("Sở Nội vụ") == ["05/3 Giao nhiệm vụ", "06/3 Đến hạn", "07/3 Quá hạn"]
