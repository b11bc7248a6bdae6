"""Offices that are driven through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.clock import wall_clock
from config.settings import load_settings
from domain.founding import found_office
from domain.instants import at
from tests.acceptance.office_at_work import CommandLine, open_all_hours, write_draft
from tests.story import directive, draft

HOME, FINANCE, HEALTH = "Sở Nội vụ", "Sở Tài chính", "Sở Y tế"
MONTHLY = {"kind": "recurring", "phrase": "hằng tháng", "rrule": "FREQ=MONTHLY;BYMONTHDAY=25"}


@pytest.fixture
def live(tmp_path: Path) -> CommandLine:
    """A live office, open round the clock, with no Prefect."""
    office = CommandLine(tmp_path / "home", DONDOC_PREFECT_PORT="9", **open_all_hours(tmp_path))
    office.does("init", "--name", "Văn phòng")
    return office


@pytest.fixture
def simulated(tmp_path: Path) -> CommandLine:
    """An office that takes any moment, with a notice of three items: dated, undated, monthly."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "simulated").touch()
    settings = load_settings(home=home)
    since = at(wall_clock().date().replace(year=2018, month=3, day=1))
    ledger, _ = found_office(settings, wall_clock, name="Văn phòng", simulated=True, now=since)
    ledger.engine.dispose()
    office = CommandLine(home)
    contents = draft(
        directive(HOME, "2018-03-21"),
        directive(HEALTH, path="2"),
        directive(FINANCE, path="3") | {"deadline": MONTHLY},
        on="2018-03-07",
        number="8/TB-X",
    )
    office.does("file", write_draft(tmp_path, contents), "--now", "2018-03-07T09:00")
    office.does("round", "--now", "2018-03-07T09:00")
    return office
