"""Whose petition or recommendation a directive is, and which regulation a notice names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.calendar import WorkingCalendar
from domain.drafts import DirectiveKind, Draft, DraftDirective, DraftRegulation
from domain.names import load_registry
from domain.reading.kinds import with_kind
from domain.reading.notice import read_notice

REGISTRY = load_registry(Path(__file__).parents[2] / "config" / "agencies.yaml")
NOTICE = """ỦY BAN NHÂN DÂN TỈNH
Số: 12/TB-VP
Đắk Lắk, ngày 05 tháng 02 năm 2026
THÔNG BÁO
Kết luận tại {title}
{body}
1. Giao Sở Nội vụ tham mưu kế hoạch thực hiện trước ngày 15/3/2026.
Nơi nhận:
- Như trên.
"""


def read(title: str, body: str = "Chủ tịch UBND tỉnh kết luận như sau:") -> Draft:
    return read_notice(
        NOTICE.format(title=title, body=body), name="tb.txt", registry=REGISTRY, calendar=WorkingCalendar({})
    )


@pytest.mark.parametrize(
    ("text", "kind", "whose"),
    [
        (
            "Giao Sở Xây dựng trả lời kiến nghị của cử tri xã Ea Kly về sửa chữa đường liên xã.",
            DirectiveKind.PETITION,
            "Cử tri xã Ea Kly",
        ),
        (
            "Cử tri phường Tân An đề nghị lắp đèn đường; giao UBND thành phố trả lời.",
            DirectiveKind.PETITION,
            "Cử tri phường Tân An",
        ),
        (
            "Giao Sở Tài chính thực hiện kiến nghị sau giám sát của Ban Kinh tế - Ngân sách HĐND tỉnh về nợ đọng.",
            DirectiveKind.RECOMMENDATION,
            "Ban Kinh tế - Ngân sách HĐND tỉnh",
        ),
        ("Đoàn giám sát kiến nghị bố trí đủ biên chế giáo viên.", DirectiveKind.RECOMMENDATION, "Đoàn giám sát"),
        ("Kịp thời giải quyết những phản ánh, kiến nghị của cử tri.", DirectiveKind.TASK, ""),
        ("Ban Dân tộc chủ trì, tham mưu kiến nghị Trung ương bố trí vốn.", DirectiveKind.TASK, ""),
    ],
)
def test_a_petition_is_known_by_whose_it_is(text: str, kind: DirectiveKind, whose: str) -> None:
    read = with_kind(DraftDirective(path="1", text=text))
    assert (read.kind, read.raised_by) == (kind, whose)


def test_a_regulation_is_read_by_its_number_and_day() -> None:
    body = "Các bên thống nhất tiếp tục thực hiện Quy chế phối hợp số 07/QCPH-UBND-MTTQ ngày 09 tháng 01 năm 2024."
    assert read("cuộc họp giao ban", body).regulation == DraftRegulation(
        written="Quy chế phối hợp số 07/QCPH-UBND-MTTQ ngày 09 tháng 01 năm 2024",
        number="07/QCPH-UBND-MTTQ",
        issued_on=date(2024, 1, 9),
    )


def test_a_regulation_without_a_number_is_read_by_the_words_of_the_title() -> None:
    title = "Hội nghị sơ kết Quy chế phối hợp công tác giữa UBND tỉnh với Ban Thường trực MTTQ tỉnh năm 2025"
    named = read(title).regulation
    assert named is not None
    assert named.number is None
    assert named.written == "Quy chế phối hợp công tác giữa UBND tỉnh với Ban Thường trực MTTQ tỉnh"


def test_two_numbers_are_no_answer() -> None:
    body = "Quy chế phối hợp số 07/QCPH ngày 09/01/2024 thay thế Quy chế phối hợp số 02/QCPH ngày 05/01/2019."
    named = read("cuộc họp", body).regulation
    assert named is None or named.number is None


def test_a_day_that_does_not_exist_is_left_out() -> None:
    named = read("cuộc họp", "Thực hiện Quy chế phối hợp số 07/QCPH ngày 31/02/2024 của các bên.").regulation
    assert named is not None
    assert (named.number, named.issued_on) == ("07/QCPH", None)


def test_a_notice_of_other_things_names_no_regulation() -> None:
    assert read("cuộc họp về giải ngân vốn đầu tư công").regulation is None
