"""Offices that are driven through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.office_at_work import CommandLine, open_all_hours


@pytest.fixture
def live(tmp_path: Path) -> CommandLine:
    """A live office, open round the clock, with no Prefect."""
    office = CommandLine(tmp_path / "home", DONDOC_PREFECT_PORT="9", **open_all_hours(tmp_path))
    office.does("init", "--name", "Văn phòng")
    return office
