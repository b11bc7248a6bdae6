"""Killed anywhere between opening and sign-off, a review goes on: nothing is lost, nothing is there twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from domain.audit import first_broken
from domain.conclusions import Conclusion
from domain.reviews.tables import Compilation, ReviewCycle, Submission, SubmissionDraft
from tests.acceptance.crashing import Point, open_story
from tests.acceptance.crashing_reviews import POINTS, begins, goes_on, of
from tests.story import OfficeStory


def outcome(office: OfficeStory) -> dict[str, Any]:
    """All that a person would look at afterwards."""
    own = of(office)
    assert own is not None
    with office.ledger.look() as session:
        assert first_broken(session, office.ledger.office_id) is None
        made = session.exec(select(Compilation)).all()
        return {
            "state": own.state,
            "late": own.is_late,
            "reviews": len(session.exec(select(ReviewCycle)).all()),
            "notices": [one.number for one in session.exec(select(Conclusion))],
            "submissions": [one.version for one in session.exec(select(Submission))],
            "drafts": len(session.exec(select(SubmissionDraft)).all()),
            "compilations": [(one.version, one.signed_by, counted(one), sorted(one.papers)) for one in made],
            "told": sorted((one.recipient, one.kind, str(one.created_at), one.status) for one in office.messages()),
        }


def counted(made: Compilation) -> Any:
    """The figures without ids: PostgreSQL does not give a number again that a killed process had taken."""
    figures = made.figures
    return figures["whole"], figures["last"], figures["open_total"], figures["by_month"], figures["causes"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of it where nothing is killed."""
    office = OfficeStory.made(tmp_path_factory.mktemp("undisturbed") / "home")
    begins(office)
    goes_on(office)
    found = outcome(office)
    office.ledger.engine.dispose()
    return found


def test_undisturbed_it_comes_to_one_signed_report(undisturbed: dict[str, Any]) -> None:
    assert (undisturbed["state"], undisturbed["submissions"], undisturbed["drafts"]) == ("accepted", [1, 2], 0)
    ((version, by, _, papers),) = undisturbed["compilations"]
    assert (version, by, papers) == (1, "hung", ["next-notice.docx", "report.docx", "report.xlsx"])


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_after_a_kill_the_review_goes_on_to_the_same_end(
    point: Point, database: str, home: Path, undisturbed: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    url = "" if database == "sqlite" else request.getfixturevalue("postgres_url")
    office = OfficeStory.made(home, database_url=url)
    begins(office)
    office.ledger.engine.dispose()
    command = [sys.executable, "-m", "tests.acceptance.crashing_reviews", str(home), url, point.name]
    died = subprocess.run(command, capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr

    office = open_story(home, url)
    goes_on(office)
    assert outcome(office) == undisturbed
    office.ledger.engine.dispose()
