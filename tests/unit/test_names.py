"""One agency, many spellings; groups and their members as of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.errors import Refusal
from domain.names import Registry, RegistryEntry, fold, load_registry

STARTER = Path(__file__).parents[2] / "config" / "agencies.yaml"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(STARTER)


@pytest.mark.parametrize(
    ("written", "agency"),
    [
        ("Sơ Nội vụ", "Sở Nội vụ"),
        ("SỞ NỘI VỤ", "Sở Nội vụ"),
        ("Sở Văn hoá, Thể thao & Du lịch", "Sở Văn hóa, Thể thao và Du lịch"),
        ("Uỷ ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh"),
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh"),
        ("Sở NN&PTNT", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("phòng GD&ĐT", "Phòng Giáo dục và Đào tạo"),
        ("UBMTTQVN tỉnh", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
        ("Giám đốc Sở Y tế", "Sở Y tế"),
        ("Chánh Văn phòng UBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh"),
        ("Thủ trưởng các sở, ngành", "các sở, ngành"),
        ("Sở Ngoại vụ", "Sở Ngoại vụ"),
    ],
)
def test_the_same_agency_however_it_is_written(registry: Registry, written: str, agency: str) -> None:
    assert registry.canonical(written) == agency


def test_home_affairs_is_never_foreign_affairs(registry: Registry) -> None:
    assert registry.find("Sở Nội vụ") != registry.find("Sở Ngoại vụ")


def test_an_unknown_name_is_kept_as_written_but_tidied(registry: Registry) -> None:
    assert registry.find("Trạm Khí tượng  Đồi Gió") is None
    assert registry.canonical("Trạm Khí tượng \n Đồi Gió,") == "Trạm Khí tượng Đồi Gió"


def test_a_deputy_is_not_the_body(registry: Registry) -> None:
    assert registry.find("Phó Giám đốc Sở Y tế") is None


def test_a_group_has_the_members_that_existed_on_the_day(registry: Registry) -> None:
    group = registry.find("các sở, ngành")
    assert group is not None
    before = {m.name for m in registry.members(group, date(2024, 6, 1))}
    after = {m.name for m in registry.members(group, date(2025, 6, 1))}
    assert "Sở Giao thông vận tải" in before - after
    assert "Sở Nông nghiệp và Môi trường" in after - before


def test_districts_are_gone_after_june_2025(registry: Registry) -> None:
    group = registry.find("UBND các huyện, thành phố")
    assert group is not None
    assert len(registry.members(group, date(2025, 6, 30))) == 10
    assert registry.members(group, date(2025, 7, 1)) == ()


def test_every_member_and_successor_of_the_starter_registry_is_in_it(registry: Registry) -> None:
    missing = [n for e in registry.entries for n in (*e.members, *e.successors) if registry.find(n) is None]
    assert missing == []


def test_slugs_of_the_starter_registry_are_unique(registry: Registry) -> None:
    slugs = [entry.slug for entry in registry.entries]
    assert len(slugs) == len(set(slugs))


def test_of_two_bodies_with_one_alias_the_one_of_the_day_is_found() -> None:
    old = RegistryEntry("Phòng Cũ", "cu", "district", aliases=("PX",), valid_to=date(2025, 6, 30))
    new = RegistryEntry("Phòng Mới", "moi", "commune", aliases=("PX",), valid_from=date(2025, 7, 1))
    assert Registry([old, new]).find("PX", date(2026, 1, 1)) == new


def test_folding_drops_accents_case_and_punctuation() -> None:
    assert fold("Sở  Kế hoạch & Đầu tư,") == "so ke hoach dau tu"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "agencies: 3",
        "- x",
        "agencies:\n  - {name: 5}",
        "agencies: [",
        "agencies:\n  - {name: A, level: x, kind: z}",
    ],
)
def test_a_broken_registry_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    file = tmp_path / "agencies.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        load_registry(file)
    assert refusal.value.code == "reading.registry_broken"
    assert "\n" not in str(refusal.value.params["why"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sở Nộii vụ", "Sở Nội vụ"),
        ("Sở N0i vụ", "Sở Nội vụ"),
        ("Sở Tài chínb", "Sở Tài chính"),
        ("Bộ Tài chính", None),
        ("Sở Ngoại giao", None),
        ("xã Đăk Hb", None),
    ],
)
def test_a_slip_of_one_letter_is_repaired_unless_it_could_be_another_body(written: str, meant: str | None) -> None:
    found = load_registry(Path(__file__).parents[2] / "config" / "agencies.yaml").nearest(written)
    assert (found.name if found else None) == meant
