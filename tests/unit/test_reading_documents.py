"""Whole documents in many offices' styles, with gold answers by people who had not seen the rules."""

from __future__ import annotations

import pytest

from tests.reading_score import Score, documents, score


@pytest.fixture(scope="module")
def known() -> Score:
    return score(documents("developed_on"))


def test_what_the_documents_ask_for_is_found_and_nothing_else(known: Score) -> None:
    assert known.wanted > 300
    assert known.recall >= 0.98
    assert known.precision >= 0.98


def test_each_task_has_its_lead_its_helpers_and_its_deadline(known: Score) -> None:
    assert known.share(known.leads) >= 0.98
    assert known.share(known.cooperating) >= 0.98
    assert known.share(known.deadlines) >= 0.98


def test_documents_that_nobody_developed_on_are_read_almost_as_well() -> None:
    unseen = score(documents("held_out"))
    assert unseen.wanted > 60
    assert unseen.f1 >= 0.97
    assert unseen.share(unseen.leads) >= 0.9
    assert unseen.share(unseen.deadlines) >= 0.97
