"""A broken seed file is named, with what is wrong in it, and nothing is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from config.clock import wall_clock
from config.settings import ROOT, load_settings
from config.words import LANGUAGES, say
from domain.errors import Refusal
from domain.founding import found_office, read_seeds
from domain.policy import FollowUp, Policy, load_policy

GOOD = (ROOT / "policy.yaml").read_text(encoding="utf-8")


def founding_is_refused(home: Path, setting: str, path: Path) -> Refusal:
    """Tries to make an office from a broken file; answers the refusal, which must name the file and leave nothing."""
    settings = load_settings(home=home, **{setting: path})
    with pytest.raises(Refusal) as refused:
        found_office(settings, wall_clock, name="Văn phòng", simulated=True)
    refusal = refused.value
    assert refusal.params["file"] == path.name
    assert not (home / "dondoc.db").exists()
    for language in LANGUAGES:
        assert path.name in say(refusal.code, language=language, **refusal.params)
    return refusal


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_files_that_come_along_are_good(home: Path) -> None:
    seeds = read_seeds(load_settings(home=home))
    assert [level.after_working_days for level in seeds.policy.follow_up.ladder] == [1, 5, 10]
    assert [seeds.policy.follow_up.delay_of(level) for level in (1, 2, 3)] == [1, 4, 5]
    assert seeds.policy.office.before_date == "strict"


@pytest.mark.parametrize(
    ("contents", "where"),
    [
        ("office: [", "-"),
        ("", "policy"),
        ("- a\n- b\n", "policy"),
        ("just words", "policy"),
        (changed("before_date:", "befor_date:"), "office.befor_date"),
        (changed("before_date: strict", "before_date: maybe"), "office.before_date"),
        (changed("after_working_days: 5", "after_working_days: 1"), "follow_up"),
        (changed("after_working_days: 10", "after_working_days: 2"), "follow_up"),
        (changed("after_working_days: 1,", "after_working_days: 0,"), "follow_up.ladder.0.after_working_days"),
        (changed("tell: [chairman]", "tell: []"), "follow_up.ladder.2.tell"),
        (changed("tell: [chairman]", "tell: [nobody]"), "follow_up.ladder.2.tell.0"),
        (changed('["08:00", "14:00"]', '["06:00", "14:00"]'), "office"),
        (changed('["08:00", "14:00"]', '["08:00", "18:00"]'), "office"),
        (changed('["08:00", "14:00"]', '["14:00", "08:00"]'), "office"),
        (changed('["08:00", "14:00"]', '["08:00", "08:00"]'), "office"),
        (changed('["08:00", "14:00"]', "[]"), "office.slots"),
        (changed("[7, 3, 1]", "[7, -3, 1]"), "follow_up.remind_working_days_before.1"),
        (
            changed("request_status_every_days: 30", "request_status_every_days: 0"),
            "follow_up.request_status_every_days",
        ),
    ],
)
def test_a_broken_policy_file_is_named_with_the_place_that_is_wrong(
    home: Path, tmp_path: Path, contents: str, where: str
) -> None:
    path = tmp_path / "chinh-sach.yaml"
    path.write_text(contents, encoding="utf-8")
    refusal = founding_is_refused(home, "policy_file", path)
    assert (refusal.code, refusal.params["where"]) == ("errors.policy_broken", where)


def test_a_policy_file_in_another_encoding_is_named(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "chinh-sach.yaml"
    path.write_bytes("office: Văn phòng".encode("utf-16"))
    assert founding_is_refused(home, "policy_file", path).code == "errors.policy_broken"


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("policy_file", "errors.policy_broken"),
        ("agencies_file", "reading.registry_broken"),
        ("calendar_file", "errors.calendar_broken"),
    ],
)
def test_a_seed_file_that_is_missing_or_a_folder_is_named(home: Path, tmp_path: Path, setting: str, code: str) -> None:
    assert founding_is_refused(home, setting, tmp_path / "khong-co.yaml").code == code
    assert founding_is_refused(home, setting, tmp_path).code == code


@pytest.mark.parametrize(
    "contents",
    [
        "overrides: [",
        "overides: []",
        "- 2026-01-02",
        "overrides: [{day: 2026-01-02, worked: maybe, reason: x}]",
        "overrides: [{day: 2026-01-02, worked: true}]",
        "overrides: [{day: 2026-02-30, worked: true, reason: x}]",
        "overrides: [{day: 2026-01-02, worked: true, reason: x}, {day: 2026-01-02, worked: false, reason: y}]",
    ],
)
def test_a_broken_calendar_file_is_named(home: Path, tmp_path: Path, contents: str) -> None:
    path = tmp_path / "lich.yaml"
    path.write_text(contents, encoding="utf-8")
    assert founding_is_refused(home, "calendar_file", path).code == "errors.calendar_broken"


def test_a_broken_calendar_file_is_named_with_the_place_that_is_wrong(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "lich.yaml"
    path.write_text("overrides: [{day: 2026-01-02, worked: maybe, reason: x}]", encoding="utf-8")
    assert "worked" in str(founding_is_refused(home, "calendar_file", path).params["why"])


@pytest.mark.parametrize(
    "contents",
    [
        "agencies: [",
        "",
        "agency: []",
        "agencies: [Sở Nội vụ]",
        "agencies: [{name: Sở Nội vụ}]",
        "agencies: [{name: Sở Nội vụ, level: province, colour: red}]",
        "agencies: [{name: Sở Nội vụ, level: province, kind: team}]",
        "agencies: [{name: Sở Nội vụ, level: province, aliases: SNV}]",
        "agencies: [{name: Sở Nội vụ, level: province, valid_to: tomorrow}]",
        "agencies: [{name: Sở Nội vụ, level: province}, {name: Sở Nội vụ, level: province}]",
    ],
)
def test_a_broken_agencies_file_is_named(home: Path, tmp_path: Path, contents: str) -> None:
    path = tmp_path / "danh-ba.yaml"
    path.write_text(contents, encoding="utf-8")
    assert founding_is_refused(home, "agencies_file", path).code == "reading.registry_broken"


def test_a_policy_that_went_through_the_database_is_the_same() -> None:
    policy = load_policy(ROOT / "policy.yaml")
    again = Policy.model_validate(policy.model_dump(mode="json", by_alias=True))
    assert again == policy
    assert FollowUp.model_validate(policy.follow_up.model_dump(mode="json")) == policy.follow_up
    assert set(yaml.safe_load(GOOD)) == set(re.findall(r"^(\w+):", GOOD, re.MULTILINE))


def test_an_office_without_a_ladder_is_allowed(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "chinh-sach.yaml"
    whole = yaml.safe_load(GOOD)
    whole["follow_up"]["ladder"] = []
    path.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    assert load_policy(path).follow_up.ladder == ()
