"""Killed at any point of filing, planning, a round or delivery: one round later nothing is lost and nothing doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlmodel import col, select

from domain.audit import first_broken
from domain.conclusions import Conclusion
from notifications.outbox import Attempt, Message
from tests.acceptance.crashing import FILED_AT, NOTICE, POINTS, ROUND_AT, Point, open_story
from tests.story import OfficeStory

LATER = ("2018-03-08 08:00", "2018-03-09 08:00", "2018-03-12 08:00")


def lives_on(office: OfficeStory) -> None:
    """The office files what is not in its ledger, holds the round that was due, and goes on."""
    with office.ledger.look() as session:
        there = session.exec(select(Conclusion.id)).first() is not None
    if not there:
        office.files(NOTICE, FILED_AT)
    office.holds_round(ROUND_AT)
    for moment in LATER:
        office.holds_round(moment)


def told(office: OfficeStory) -> list[tuple[str, str, str, str]]:
    """Every message: who, what, when, and what became of it."""
    return sorted((one.recipient, one.kind, str(one.created_at), one.status) for one in office.messages())


def copies(office: OfficeStory) -> Counter[str]:
    """How often each Message-ID was really put on the wire."""
    return Counter(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in office.mails())


def doubted(office: OfficeStory) -> set[str]:
    """The Message-IDs of which an attempt is shown as unknown."""
    with office.ledger.look() as session:
        query = select(Message.message_id).join(Attempt, col(Attempt.message_id) == col(Message.id))
        return set(session.exec(query.where(Attempt.outcome == "unknown")))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str, str]]:
    """What people are told where nothing is killed."""
    office = OfficeStory.made(tmp_path_factory.mktemp("undisturbed") / "home")
    lives_on(office)
    said = told(office)
    office.ledger.engine.dispose()
    return said


def test_the_points_are_many_and_each_has_its_name() -> None:
    assert len(POINTS) >= 12
    assert len({point.name for point in POINTS}) == len(POINTS)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_after_a_kill_one_round_says_the_same_as_if_nothing_had_happened(
    point: Point,
    database: str,
    home: Path,
    undisturbed: list[tuple[str, str, str, str]],
    request: pytest.FixtureRequest,
) -> None:
    url = "" if database == "sqlite" else request.getfixturevalue("postgres_url")
    OfficeStory.made(home, database_url=url).ledger.engine.dispose()
    command = [sys.executable, "-m", "tests.acceptance.crashing", str(home), url, point.name]
    died = subprocess.run(command, capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr

    office = open_story(home, url)
    lives_on(office)
    assert told(office) == undisturbed
    sent, unknown = copies(office), doubted(office)
    assert len(sent) == len(undisturbed)
    assert {id_ for id_, count in sent.items() if count > 1} <= unknown
    with office.ledger.look() as session:
        assert len(session.exec(select(Conclusion)).all()) == 1
        assert first_broken(session, office.ledger.office_id) is None
    office.ledger.engine.dispose()
