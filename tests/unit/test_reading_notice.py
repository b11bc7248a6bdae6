"""A notice as a whole: fields, directives, what they inherit, and what is refused."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.words import catalogue
from domain.calendar import WorkingCalendar
from domain.drafts import Draft, DraftDirective
from domain.errors import Refusal
from domain.names import load_registry
from domain.reading import load_text, read_notice

HERE = Path(__file__).parent
SAMPLE = HERE / "reading_samples" / "tinh_nhieu_dang.txt"
SHARED = HERE.parents[1].parent / "shared"
DOCUMENTS = sorted([*SHARED.glob("seeds/*.txt"), *SHARED.glob("reading/dev/*.txt")])
REGISTRY = load_registry(HERE.parents[1] / "config" / "agencies.yaml")


def read(text: str, **given: object) -> Draft:
    return read_notice(text, name="x.txt", registry=REGISTRY, calendar=WorkingCalendar(), **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sample() -> Draft:
    return read(load_text(SAMPLE))


def item(draft: Draft, path: str) -> DraftDirective:
    return next(d for d in draft.directives if d.path == path)


def test_the_letterhead_and_the_signature_are_read(sample: Draft) -> None:
    assert (sample.number, sample.place, sample.signer) == ("77/TB-UBND", "Sông Xanh", "Phan Văn Đức")
    assert (sample.issued_on, sample.meeting_on) == (date(2026, 5, 4), date(2026, 4, 28))
    assert sample.concluded_by == "Trần Thị Mai"


def test_findings_and_the_closing_sentence_are_no_directives(sample: Draft) -> None:
    assert not any(d.path.startswith("I.") for d in sample.directives)
    assert not any("thông báo để" in d.text for d in sample.directives)


def test_an_item_with_two_leads_and_two_days_is_two(sample: Draft) -> None:
    first, second = item(sample, "II.1a"), item(sample, "II.1b")
    assert (first.lead, second.lead) == (["UBND các xã có dự án đi qua"], ["Sở Nông nghiệp và Môi trường"])
    assert first.deadline.due_before != second.deadline.due_before


def test_the_day_of_the_introducing_sentence_is_that_of_each_undated_item(sample: Draft) -> None:
    assert str(item(sample, "II.2").deadline.due_before) == "2026-06-12 00:00:00+07:00"


def test_the_helpers_of_an_introduction_help_with_the_whole_list(sample: Draft) -> None:
    assert item(sample, "II.4.a)").cooperating == ["Sở Tài chính"] == item(sample, "II.4.b)").cooperating


def test_what_an_addressee_is_to_order_of_others_leaves_it_the_lead(sample: Draft) -> None:
    assert item(sample, "II.8.1").lead == ["các chủ đầu tư"]


def test_a_task_in_an_annex_names_the_one_in_the_body(sample: Draft) -> None:
    assert any("II.2" in warning for warning in item(sample, "PL.1").warnings)
    assert any("PL.1" in warning for warning in item(sample, "II.2").warnings)


def test_the_caller_may_give_number_and_day() -> None:
    draft = read(
        "THÔNG BÁO\n\nKết luận\n\n1. Giao Sở Y tế báo cáo trước ngày 20/5.", number="9/TB", issued_on=date(2026, 5, 1)
    )
    assert (draft.number, draft.issued_on) == ("9/TB", date(2026, 5, 1))
    assert str(draft.directives[0].deadline.due_before) == "2026-05-20 00:00:00+07:00"


def test_an_issue_date_is_never_invented() -> None:
    draft = read("THÔNG BÁO\n\nKết luận\n\n1. Giao Sở Y tế báo cáo trong thời hạn 10 ngày.")
    assert (draft.issued_on, draft.directives[0].deadline.due_before) == (None, None)


def test_every_text_stands_in_the_source(sample: Draft) -> None:
    source = load_text(SAMPLE)
    assert all(source[d.start : d.end] == d.text for d in sample.directives)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path, sample: Draft) -> None:
    noisy = tmp_path / "x.txt"
    noisy.write_bytes(b"\xef\xbb\xbf" + load_text(SAMPLE).replace("\n", "\r\n").encode())
    assert read(load_text(noisy)).directives == sample.directives


PIECES = [
    "Giao Sở",
    "1.",
    "a)",
    "- ",
    "Nơi nhận:",
    "THÔNG BÁO",
    "\n",
    "trước ngày 5/6",
    ": ",
    " | ",
    "UBND các xã",
    ", ",
]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    draft = read(text)
    assert all(text[d.start : d.end] == d.text for d in draft.directives)


def test_a_hundred_times_longer_text_takes_no_more_than_in_proportion() -> None:
    started = time.monotonic()
    read(load_text(SAMPLE) * 40 + "các sở, " * 5000 + "Giao Sở " * 3000)
    assert time.monotonic() - started < 20


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.txt", "reading.no_file"), (tmp_path, "reading.directory")):
        with pytest.raises(Refusal) as refusal:
            load_text(path)
        assert refusal.value.code == code


def test_both_languages_say_the_same_things() -> None:
    def keys(table: dict[str, object], prefix: str = "") -> set[str]:
        return {
            k for n, v in table.items() for k in (keys(v, f"{prefix}{n}.") if isinstance(v, dict) else {f"{prefix}{n}"})
        }

    assert keys(catalogue("vi", "reading")) == keys(catalogue("en", "reading"))


if DOCUMENTS:

    @pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem[:12])
    def test_the_example_documents_are_read_as_their_gold_says(path: Path) -> None:
        beside = path.with_suffix(".json")
        gold = json.loads((beside if beside.exists() else SHARED / "reading" / "gold" / beside.name).read_text("utf-8"))
        draft = read(load_text(path))
        assert (draft.number, draft.place, draft.signer) == (gold["number"], gold["place"], gold["signer"])
        assert str(draft.issued_on) == str(gold["issued_on"])
        wanted = sorted(
            d["deadline"]["due_before"]
            for d in gold["directives"]
            if not d.get("optional") and d["deadline"]["due_before"]
        )
        dues = [d.deadline.due_before for d in draft.directives if d.deadline.due_before]
        assert sorted(f"{d:%Y-%m-%dT%H:%M:%S}+07:00" for d in dues) == wanted
