"""Who: lists of bodies, forms of address, helpers and those reported to."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.drafts import Authority
from domain.names import load_registry
from domain.reading.addressees import Namer
from domain.reading.bodies import Reader
from domain.reading.partners import helpers, reported_to

READER = Reader(load_registry(Path(__file__).parents[2] / "config" / "agencies.yaml"))
NAMER = Namer(READER, "tỉnh")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("các Sở: Tài chính, Xây dựng rà soát", ["Sở Tài chính", "Sở Xây dựng"]),
        (
            "các sở: Kế hoạch và Đầu tư, Tài chính, Công an tỉnh",
            ["Sở Kế hoạch và Đầu tư", "Sở Tài chính", "Công an tỉnh"],
        ),
        (
            "UBND các huyện A Lưới, Sa Thầy và thành phố Huế lập",
            ["UBND huyện A Lưới", "UBND huyện Sa Thầy", "UBND thành phố Huế"],
        ),
        ("Sở Tài chính, Xây dựng và Nội vụ", ["Sở Tài chính", "Sở Xây dựng", "Sở Nội vụ"]),
        ("Sở Văn hóa, Thể thao và Du lịch, Sở Y tế tổ chức", ["Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế"]),
        ("UBND các xã có dự án đi qua khẩn trương", ["UBND các xã có dự án đi qua"]),
        ("các phòng, ban, đơn vị và UBND các xã tập trung", ["các phòng, ban, đơn vị", "UBND các xã"]),
        ("Ban Quản lý dự án đầu tư xây dựng huyện hoàn thiện", ["Ban Quản lý dự án đầu tư xây dựng huyện"]),
        ("Các bệnh viện công lập duy trì", ["các bệnh viện công lập"]),
        ("Báo cáo kết quả thực hiện", []),
        ("Tổ chức hội nghị", []),
        ("phòng, chống dịch bệnh", []),
    ],
)
def test_bodies_are_read_out_of_a_sentence(text: str, names: list[str]) -> None:
    assert [b.name for b in READER.list_at(text, 0)] == names


@pytest.mark.parametrize(
    ("text", "lead", "authority"),
    [
        ("Giao Sở Y tế chủ trì rà soát", "Sở Y tế", Authority.ORDER),
        ("Đề nghị Tỉnh đoàn phát động", "Tỉnh đoàn", Authority.REQUEST),
        ("Yêu cầu Công an tỉnh xử lý", "Công an tỉnh", Authority.ORDER),
        ("Sở Xây dựng có trách nhiệm thẩm định", "Sở Xây dựng", None),
        ("Về đất đai: Giao Thanh tra tỉnh kiểm tra", "Thanh tra tỉnh", Authority.ORDER),
        ("Trước ngày 05/6/2026, Sở Tư pháp trình", "Sở Tư pháp", None),
        ("Để bảo đảm tiến độ, giao Giám đốc Sở Nội vụ tham mưu", "Sở Nội vụ", Authority.ORDER),
        ("UBND tỉnh sẽ bố trí vốn", "Ủy ban nhân dân tỉnh", Authority.UNDERTAKING),
        ("Đồng chí Lê Văn Bình, Phó Chủ tịch UBND tỉnh chỉ đạo", "Lê Văn Bình", None),
    ],
)
def test_a_form_of_address_names_the_lead(text: str, lead: str, authority: Authority | None) -> None:
    found = NAMER.address(text)
    assert found is not None
    assert (found.leads, found.authority) == ((lead,), authority)


@pytest.mark.parametrize("text", ["Sở Y tế đã hoàn thành", "UBND các xã chưa chủ động", "Một số đơn vị còn chậm"])
def test_a_finding_addresses_nobody(text: str) -> None:
    assert NAMER.address(text) is None


def test_those_worked_with_are_helpers_and_those_consulted_are_not() -> None:
    text = "phối hợp chặt chẽ với Sở Tài chính, Công an tỉnh thẩm định, thống nhất với Sở Tư pháp"
    assert helpers(text, NAMER) == ("Sở Tài chính", "Công an tỉnh")


def test_a_report_through_an_office_goes_to_both_in_order() -> None:
    assert reported_to("báo cáo UBND tỉnh (qua Sở Nội vụ) trước ngày 5/6", NAMER) == (
        "Ủy ban nhân dân tỉnh",
        "Sở Nội vụ",
    )
