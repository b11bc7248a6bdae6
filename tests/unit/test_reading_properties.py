"""Whatever a notice says in whatever form, it is read back; and the noise of copying changes nothing."""

from __future__ import annotations

import textwrap
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar
from domain.drafts import Draft
from domain.names import fold, load_registry
from domain.reading import load_text, read_notice
from domain.reading.deadlines import Setting, TimeWord, strongest, time_words

HERE = Path(__file__).parent
REGISTRY = load_registry(HERE.parents[1] / "config" / "agencies.yaml")
CALENDAR = WorkingCalendar()
SAMPLES = sorted((HERE / "reading_samples").glob("*.txt"))
DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


def word(phrase: str, issued_on: date, meeting_on: date | None = None) -> TimeWord:
    found = strongest(time_words(f"báo cáo UBND tỉnh {phrase}.", Setting(issued_on, meeting_on, CALENDAR)))
    assert found is not None, phrase
    return found


def bound(phrase: str, issued_on: date) -> str:
    due = word(phrase, issued_on).deadline.due_before
    assert due is not None, phrase
    return f"{due:%Y-%m-%d %H:%M}"


def midnight(day: date) -> str:
    return f"{day.isoformat()} 00:00"


def next_month(year: int, month: int) -> date:
    return date(year + (month == 12), month % 12 + 1, 1)


WITHIN = st.sampled_from(
    ["trong {}", "xong trong {}", "hết {}", "đến hết {}", "chậm nhất trong {}", "hoàn thành trong {}"]
)
UNTIL_DAY = st.sampled_from(
    ["chậm nhất ngày {}", "chậm nhất là ngày {}", "đến ngày {}", "đến hết ngày {}", "trong ngày {}", "xong ngày {}",
     "muộn nhất vào ngày {}", "hạn cuối là ngày {}", "không quá ngày {}"]
)  # fmt: skip
WRITTEN = st.sampled_from(
    ["{0.day:02d}/{0.month}/{0.year}", "{0.day:02d}-{0.month:02d}-{0.year}", "{0.day}.{0.month}.{0.year}",
     "{0.day} tháng {0.month} năm {0.year}", "{0.day:02d} tháng {0.month:02d}/{0.year}"]
)  # fmt: skip
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@given(DAYS, WRITTEN, UNTIL_DAY)
def test_until_a_day_includes_it(day: date, form: str, intro: str) -> None:
    assert bound(intro.format(form.format(day)), date(2016, 1, 1)) == midnight(day + timedelta(days=1))


@given(DAYS, WRITTEN)
def test_before_a_day_excludes_it(day: date, form: str) -> None:
    assert bound(f"trước ngày {form.format(day)}", date(2016, 1, 1)) == midnight(day)


@given(DAYS, WITHIN, st.sampled_from(["tháng {0.month}/{0.year}", "tháng {0.month:02d} năm {0.year}"]))
def test_within_a_month_ends_with_it_and_before_it_ends_at_its_start(day: date, intro: str, form: str) -> None:
    assert bound(intro.format(form.format(day)), date(2016, 1, 1)) == midnight(next_month(day.year, day.month))
    assert bound(f"trước {form.format(day)}", date(2016, 1, 1)) == midnight(day.replace(day=1))


@given(st.integers(1, 4), st.integers(2016, 2030), WITHIN, st.sampled_from(["quý {}/{}", "quý {} năm {}"]))
def test_within_a_quarter_ends_with_it(quarter: int, year: int, intro: str, form: str) -> None:
    words = form.format(ROMAN[quarter], year)
    assert bound(intro.format(words), date(2016, 1, 1)) == midnight(next_month(year, 3 * quarter))
    assert bound(f"trước {words}", date(2016, 1, 1)) == midnight(date(year, 3 * quarter - 2, 1))


@given(st.integers(2016, 2030), WITHIN)
def test_within_a_year_ends_with_it(year: int, intro: str) -> None:
    assert bound(intro.format(f"năm {year}"), date(2016, 1, 1)) == midnight(date(year + 1, 1, 1))
    assert bound(f"trong 6 tháng đầu năm {year}", date(2016, 1, 1)) == midnight(date(year, 7, 1))


@given(DAYS)
def test_beginning_middle_and_end_are_the_days_of_article_146(day: date) -> None:
    month = f"tháng {day.month}/{day.year}"
    last = next_month(day.year, day.month)
    assert bound(f"vào đầu {month}", date(2016, 1, 1)) == midnight(day.replace(day=2))
    assert bound(f"vào giữa {month}", date(2016, 1, 1)) == midnight(day.replace(day=16))
    assert bound(f"vào cuối {month}", date(2016, 1, 1)) == midnight(last)
    assert bound(f"cuối năm {day.year}", date(2016, 1, 1)) == midnight(date(day.year + 1, 1, 1))


@given(
    DAYS, st.integers(1, 120), st.sampled_from(["trong {} ngày", "trong thời hạn {:02d} ngày", "trong vòng {} ngày"])
)
def test_days_are_counted_from_the_day_after_and_end_on_a_working_day(day: date, count: int, form: str) -> None:
    last = day + timedelta(days=count)
    while not CALENDAR.is_working(last):
        last += timedelta(days=1)
    phrase = f"{form.format(count)} kể từ ngày {day:%d/%m/%Y}"
    assert bound(phrase, date(2016, 1, 1)) == midnight(last + timedelta(days=1))


@given(DAYS, st.integers(1, 60))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    last, left = day, count
    while left:
        last += timedelta(days=1)
        left -= CALENDAR.is_working(last)
    phrase = f"trong {count:02d} ngày làm việc kể từ ngày ban hành Thông báo này"
    assert bound(phrase, day) == midnight(last + timedelta(days=1))


@given(st.integers(1, 27), st.sampled_from(["hàng", "hằng"]))
def test_a_day_of_each_month_is_a_rule_of_bounds(day: int, each: str) -> None:
    assert word(f"trước ngày {day:02d} {each} tháng", date(2026, 1, 1)).deadline.rrule == (
        f"FREQ=MONTHLY;BYMONTHDAY={day}"
    )
    assert word(f"chậm nhất ngày {day} {each} tháng", date(2026, 1, 1)).deadline.rrule == (
        f"FREQ=MONTHLY;BYMONTHDAY={day + 1}"
    )


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_the_first_that_is_not_before_the_notice(issued: date, day: date) -> None:
    wanted = date(issued.year, day.month, day.day) if (day.month, day.day) != (2, 29) else None
    if wanted is None:
        return
    if wanted < issued:
        wanted = wanted.replace(year=issued.year + 1)
    found = word(f"chậm nhất ngày {day.day}/{day.month}", issued)
    assert f"{found.deadline.due_before:%Y-%m-%d}" == (wanted + timedelta(days=1)).isoformat()
    assert bool(found.warnings) == (wanted + timedelta(days=1) - issued > timedelta(days=275))


@given(st.integers(29, 31), st.sampled_from([2, 4, 6, 9, 11]), st.integers(2021, 2023))
def test_a_day_that_does_not_exist_is_told_and_not_guessed(day: int, month: int, year: int) -> None:
    if day <= 30 and month != 2:
        return
    found = word(f"trước ngày {day}/{month}/{year}", date(2021, 1, 1))
    assert (found.kind, found.deadline.due_before, len(found.warnings)) == ("date", None, 1)


def read(text: str) -> Draft:
    return read_notice(text, name="x.txt", registry=REGISTRY, calendar=CALENDAR)


def said(draft: Draft) -> list[tuple[object, ...]]:
    """What was read, without the offsets and the white space of the document."""
    return [
        (d.path, fold(d.text), d.lead, d.cooperating, d.report_to, d.authority, d.deadline.kind, d.deadline.due_before,
         d.deadline.rrule)
        for d in draft.directives
    ]  # fmt: skip


@pytest.fixture(params=SAMPLES, ids=lambda path: path.stem)
def text(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return load_text(path)


def test_text_wrapped_as_a_page_wraps_it_reads_the_same(text: str) -> None:
    plain = said(read(text))
    for width in range(70, 101, 5):
        lines = [
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
            if "|" not in line and "   " not in line
            else line
            for line in text.split("\n")
        ]
        assert said(read("\n".join(lines))) == plain, width


def test_double_spaces_read_the_same(text: str) -> None:
    doubled = "\n".join(line if "   " in line else line.replace(" ", "  ") for line in text.split("\n"))
    assert said(read(doubled)) == said(read(text))


def test_a_decomposed_file_reads_the_same(text: str, tmp_path: Path) -> None:
    decomposed = tmp_path / "nfd.txt"
    decomposed.write_text(unicodedata.normalize("NFD", text), encoding="utf-8")
    assert said(read(load_text(decomposed))) == said(read(text))


def test_old_tone_placement_reads_the_same(text: str) -> None:
    old = {"òa": "oà", "óa": "oá", "ủy": "uỷ", "ũy": "uỹ", "úy": "uý", "Ủy": "Uỷ", "ỦY": "UỶ"}
    older = text
    for new, before in old.items():
        older = older.replace(f"{new} ", f"{before} ")
    assert [d.lead for d in read(older).directives] == [d.lead for d in read(text).directives]
    assert [d.deadline.due_before for d in read(older).directives] == [
        d.deadline.due_before for d in read(text).directives
    ]


@pytest.mark.parametrize(
    ("slip", "agency"),
    [
        ("Sơ Nội vụ", "Sở Nội vụ"),
        ("So Noi vu", "Sở Nội vụ"),
        ("Sở nội vụ", "Sở Nội vụ"),
        ("SỞ NỘI VỤ", "Sở Nội vụ"),
        ("Sở Ngoại vụ", "Sở Ngoại vụ"),
        ("Uỷ ban nhân dân tỉnh", "Ủy ban nhân dân tỉnh"),
        ("UBND Tỉnh", "Ủy ban nhân dân tỉnh"),
        ("Sở NN&PTNT", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("Sở Nông nghiệp & PTNT", "Sở Nông nghiệp và Phát triển nông thôn"),
        ("Giám đốc Sở Y tế", "Sở Y tế"),
        ("đồng chí Giám đốc Sở Y tế", "Sở Y tế"),
    ],
)
def test_a_slip_of_the_pen_is_the_same_agency(slip: str, agency: str) -> None:
    draft = read(f"THÔNG BÁO\n\nKết luận của Chủ tịch UBND tỉnh\n\n1. Giao {slip} báo cáo trước ngày 05/6/2026.")
    assert [d.lead for d in draft.directives] == [[agency]]


PIECES = st.sampled_from(
    ["Giao ", "Sở Y tế", "Sở Nội vụ, ", "UBND các huyện, thành phố ", "1. ", "a) ", "- ", "Nơi nhận:", "THÔNG BÁO",
     "\n", "\n\n", "trước ngày 5/6", "hằng tháng", ": ", " | ", "; ", ". ", "chủ trì, phối hợp với ", "Phụ lục",
     "trong 10 ngày kể từ ngày ", "TL. CHỦ TỊCH", "Số: 5/TB-VP", "báo cáo ", "các ", "quý II/2026", "đồng chí ", "đã ",
     "thứ Sáu hằng tuần"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=80).map("".join) | st.text(max_size=500))
def test_each_directive_stands_in_the_text_where_it_says(text: str) -> None:
    draft = read(text)
    assert all(text[d.start : d.end] == d.text for d in draft.directives)
    assert all(0 <= (d.confidence or 0) <= 1 for d in draft.directives)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_mutated_notice_never_makes_the_reading_fail(data: st.DataObject) -> None:
    text = SAMPLES[0].read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 60))
        text = text[:at] + data.draw(PIECES | st.text(max_size=5)) + text[at + cut :]
    draft = read(text)
    assert all(text[d.start : d.end] == d.text for d in draft.directives)
