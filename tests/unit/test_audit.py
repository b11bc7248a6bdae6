"""The audit trail: whatever is altered in it is found, and what is purged does not break it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from config.clock import wall_clock
from domain.audit import AuditEntry, first_broken
from domain.founding import open_ledger
from tests.story import OfficeStory, directive, draft

PLACE = 3  #: the entry that the tests tamper with
ALTERATIONS = {
    "actor": "actor = 'kẻ khác'",
    "verb": "verb = 'conclusion.deleted'",
    "subject": "subject = 'conclusion:99'",
    "effective_at": "effective_at = '2018-03-01 00:00:00'",
    "recorded_at": "recorded_at = '2018-03-01 00:00:00'",
    "payload": """payload = '{"n": 99}'""",
    "payload without its salt": """payload = '{"n": 99}', salt = NULL""",
    "payload emptied": "payload = '{}'",
    "salt": "salt = '00'",
    "payload_digest": "payload_digest = repeat('0', 64)",
    "digest": "digest = repeat('0', 64)",
}


def tell(story: OfficeStory, *sql: str) -> None:
    """Does something to the table behind the domain's back."""
    with story.ledger.engine.begin() as connection:
        for one in sql:
            if story.ledger.engine.dialect.name == "sqlite":
                one = one.replace("repeat('0', 64)", f"'{'0' * 64}'")
            connection.execute(text(one))


def broken(story: OfficeStory) -> int | None:
    with story.ledger.look() as session:
        return first_broken(session, story.ledger.office_id)


def entries(story: OfficeStory) -> list[AuditEntry]:
    with story.ledger.look() as session:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.seq))))


@pytest.fixture
def trail(any_office: OfficeStory) -> OfficeStory:
    """An office with six entries: it was made, and five things were done."""
    for n in range(5):
        with any_office.ledger.change(now=any_office.now.add(hours=n), actor="chuyên viên") as change:
            change.record("test.done", f"test:{n}", n=n, words="Đôn đốc", none=None, list=[1, 2.5, "ba"])
    return any_office


def test_an_untouched_trail_holds_and_says_who_did_what_when(trail: OfficeStory) -> None:
    assert broken(trail) is None
    rows = entries(trail)
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.verb for row in rows] == ["office.made", *["test.done"] * 5]
    assert rows[-1].actor == "chuyên viên"
    assert rows[-1].effective_at == trail.now.add(hours=4)
    assert rows[-1].recorded_at > rows[-1].effective_at
    assert rows[-1].payload == {"n": 4, "words": "Đôn đốc", "none": None, "list": [1, 2.5, "ba"]}


def test_the_life_of_a_notice_leaves_a_trail_that_holds(any_office: OfficeStory) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2018-03-21")), "2018-03-07 09:00")
    any_office.waits_until("2018-03-09 09:00")
    any_office.extends("Sở Nội vụ", "2018-04-11")
    any_office.reports("Sở Nội vụ")
    verbs = [row.verb for row in entries(any_office)]
    assert verbs[:3] == ["office.made", "conclusion.filed", "conclusion.planned"]
    assert verbs[-2:] == ["obligation.extended", "obligation.reported"]
    assert broken(any_office) is None


@pytest.mark.parametrize("what", ALTERATIONS)
def test_altering_an_entry_is_found_where_it_was_done(trail: OfficeStory, what: str) -> None:
    tell(trail, f"UPDATE audit_entry SET {ALTERATIONS[what]} WHERE seq = {PLACE}")
    assert broken(trail) == PLACE


def test_altering_a_time_by_a_second_is_found(trail: OfficeStory) -> None:
    moment = entries(trail)[PLACE - 1].effective_at.add(seconds=1)  # type: ignore[attr-defined]
    with trail.ledger.engine.begin() as connection:
        connection.execute(
            AuditEntry.__table__.update().where(col(AuditEntry.seq) == PLACE).values(effective_at=moment)  # type: ignore[attr-defined]
        )
    assert broken(trail) == PLACE


@pytest.mark.parametrize("seq", [1, PLACE])
def test_a_deleted_entry_is_missed(trail: OfficeStory, seq: int) -> None:
    tell(trail, f"DELETE FROM audit_entry WHERE seq = {seq}")
    assert broken(trail) == seq


def test_a_deleted_entry_is_missed_even_when_the_others_close_up(trail: OfficeStory) -> None:
    later = [f"UPDATE audit_entry SET seq = {seq - 1} WHERE seq = {seq}" for seq in (4, 5, 6)]
    tell(trail, f"DELETE FROM audit_entry WHERE seq = {PLACE}", *later)
    assert broken(trail) == PLACE


def test_entries_that_changed_places_are_found(trail: OfficeStory) -> None:
    moves = [f"UPDATE audit_entry SET seq = {new} WHERE seq = {old}" for old, new in ((3, 99), (4, 3), (99, 4))]
    tell(trail, *moves)
    assert broken(trail) == PLACE


def test_an_entry_slipped_in_is_found(trail: OfficeStory) -> None:
    columns = "office_id, actor, verb, subject, effective_at, recorded_at, payload, salt, payload_digest, digest"
    tell(trail, f"INSERT INTO audit_entry (seq, {columns}) SELECT 7, {columns} FROM audit_entry WHERE seq = 6")
    assert broken(trail) == 7


def test_a_purged_payload_leaves_the_chain_whole(trail: OfficeStory) -> None:
    tell(trail, f"UPDATE audit_entry SET payload = NULL, salt = NULL WHERE seq = {PLACE}")
    assert broken(trail) is None
    assert entries(trail)[PLACE - 1].payload is None


def test_a_change_that_fails_leaves_no_entry(trail: OfficeStory) -> None:
    def fail_after_recording() -> None:
        with trail.ledger.change(now=trail.now, actor="test") as change:
            change.record("test.done", "test:9")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    assert len(entries(trail)) == 6


def test_writers_at_the_same_moment_queue_up_and_leave_no_gap(any_office: OfficeStory) -> None:
    writers, times = 4, 6
    start = Barrier(writers)

    def write(writer: int) -> None:
        ledger = open_ledger(any_office.settings, wall_clock)  # an engine of its own, as another process has
        start.wait()
        for n in range(times):
            with ledger.change(now=any_office.now, actor=f"writer {writer}") as change:
                change.record("test.first", f"test:{n}")
                change.record("test.second", f"test:{n}")
        ledger.engine.dispose()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    rows = entries(any_office)
    assert [row.seq for row in rows] == list(range(1, 2 * writers * times + 2))
    assert [row.verb for row in rows[1:]] == ["test.first", "test.second"] * (writers * times)
    assert broken(any_office) is None
