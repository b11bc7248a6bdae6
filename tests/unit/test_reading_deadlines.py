"""By when: each phrase of time, read against a notice issued on Monday 02/3/2026 of a meeting on 26/02/2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.deadlines import Setting, TimeWord, strongest, time_words
from domain.reading.periods import RULES, periods

SETTING = Setting(issued_on=date(2026, 3, 2), meeting_on=date(2026, 2, 26))


def read(text: str, setting: Setting = SETTING) -> TimeWord:
    word = strongest(time_words(text, setting))
    assert word is not None, text
    return word


def due(text: str, setting: Setting = SETTING) -> str | None:
    found = read(text, setting).deadline.due_before
    return found.strftime("%Y-%m-%d %H:%M") if found else None


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.pattern.pattern[:20])
def test_every_rule_reads_its_own_examples(rule: object) -> None:
    for words, first, after in rule.examples:  # type: ignore[attr-defined]
        assert [(str(p.first), str(p.after)) for p in periods(words, SETTING.reference)] == [(first, after)]


def test_a_date_introduced_by_truoc_excludes_that_day() -> None:
    assert due("trình UBND tỉnh trước ngày 09-3-2026") == "2026-03-09 00:00"


def test_an_office_may_say_that_truoc_includes_the_day() -> None:
    office = Setting(SETTING.issued_on, SETTING.meeting_on, inclusive=True)
    assert due("trước ngày 09/3/2026", office) == "2026-03-10 00:00"
    assert due("trước 14 giờ ngày 09/3/2026", office) == "2026-03-09 14:00"
    assert due("trước tháng 6/2026", office) == "2026-06-01 00:00"


@pytest.mark.parametrize(
    ("phrase", "bound"),
    [
        ("trước 14 giờ, ngày 05/12/2026", "2026-12-05 14:00"),
        ("trước 15h30 ngày 5/12/2026", "2026-12-05 15:30"),
        ("chậm nhất là ngày 06/4/2026", "2026-04-07 00:00"),
        ("chậm nhất trước ngày 06/4/2026", "2026-04-06 00:00"),
        ("chậm nhất đến hết ngày 31 tháng 7 năm 2026", "2026-08-01 00:00"),
        ("xong ngày 6/3/2026", "2026-03-07 00:00"),
        ("từ ngày 02/4/2026 đến ngày 12/4/2026", "2026-04-13 00:00"),
        ("trước tháng 6/2027", "2027-06-01 00:00"),
        ("xong trong tháng 6/2026", "2026-07-01 00:00"),
        ("trong quý III và quý IV/2026", "2027-01-01 00:00"),
        ("đến hết năm 2026", "2027-01-01 00:00"),
        ("vào giữa tháng 5/2026", "2026-05-16 00:00"),
        ("cuối năm 2026", "2027-01-01 00:00"),
        ("trong 6 tháng đầu năm 2026", "2026-07-01 00:00"),
        ("trước ngày 20/5", "2026-05-20 00:00"),
    ],
)
def test_a_date_is_late_from_the_first_instant_it_does_not_hold(phrase: str, bound: str) -> None:
    assert read(phrase).kind == "date"
    assert due(phrase) == bound


def test_a_line_break_inside_a_phrase_changes_nothing() -> None:
    assert due("gửi trước\nngày 20\ntháng 5 năm 2026") == "2026-05-20 00:00"


def test_a_day_without_a_year_far_ahead_is_doubted() -> None:
    assert due("trước ngày 01/3") == "2027-03-01 00:00"
    assert len(read("trước ngày 01/3").warnings) == 1


def test_a_day_that_does_not_exist_is_not_guessed() -> None:
    word = read("trước ngày 31/02/2026")
    assert (word.kind, word.deadline.due_before, len(word.warnings)) == ("date", None, 1)


@pytest.mark.parametrize(
    ("phrase", "bound"),
    [
        ("trong thời hạn 10 ngày kể từ ngày ban hành Thông báo này", "2026-03-13 00:00"),
        ("trong vòng 05 ngày làm việc kể từ ngày 06/3/2026", "2026-03-14 00:00"),
        ("trong thời hạn 05 ngày kể từ ngày 02/3/2026", "2026-03-10 00:00"),  # 07/3 is a Saturday: art. 148
        ("trong 01 tháng kể từ ngày 31/3/2026", "2026-05-05 00:00"),  # 30/4 and 01/5 are holidays, then a week-end
        ("trong thời hạn 30 ngày kể từ ngày tổ chức Hội nghị này", "2026-03-31 00:00"),
    ],
)
def test_a_period_does_not_count_its_first_day_and_ends_on_a_working_day(phrase: str, bound: str) -> None:
    assert read(phrase).kind == "relative"
    assert due(phrase) == bound


@pytest.mark.parametrize("phrase", ["trong 24 giờ kể từ khi xảy ra sự cố", "ít nhất 10 ngày trước khi khai giảng"])
def test_a_period_from_an_event_asks_for_the_event(phrase: str) -> None:
    word = read(phrase)
    assert (word.kind, word.deadline.due_before, len(word.warnings)) == ("relative", None, 1)


def test_a_period_without_a_beginning_runs_from_the_issue_date_and_says_so() -> None:
    assert due("trong thời hạn 10 ngày") == "2026-03-13 00:00"
    assert read("trong thời hạn 10 ngày").warnings


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        ("trước ngày 25 hàng tháng", "FREQ=MONTHLY;BYMONTHDAY=25"),
        ("chậm nhất ngày 20 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=21"),
        ("định kỳ hàng tháng, trước ngày 05", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("trước ngày 05 tháng cuối quý", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=5"),
        ("trước 16 giờ thứ Sáu hằng tuần", "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16;BYMINUTE=0"),
        ("trước ngày 20/6 và 20/12 hàng năm", "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=20"),
        (
            "trước ngày 10/6 và 20/12 hằng năm",
            "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=10\nFREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20",
        ),
        ("định kỳ 6 tháng", "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1"),
        ("hằng quý", "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1"),
        ("hàng năm", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1"),
    ],
)
def test_what_comes_back_is_a_rule_of_its_bounds(phrase: str, rule: str) -> None:
    assert read(phrase).deadline.rrule == rule


def test_the_shortest_of_several_cycles_counts_with_a_warning() -> None:
    word = read("báo cáo 6 tháng, hàng năm")
    assert word.deadline.rrule == "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1"
    assert len(word.warnings) == 2


@pytest.mark.parametrize("phrase", ["thường xuyên theo dõi", "tiếp tục rà soát", "liên tục cập nhật"])
def test_standing_work_is_continuous(phrase: str) -> None:
    assert read(phrase).kind == "continuous"


@pytest.mark.parametrize("phrase", ["khẩn trương rà soát", "kịp thời báo cáo", "trước Tết Nguyên đán", "theo quy định"])
def test_an_urgency_or_an_event_gives_no_day_and_says_so(phrase: str) -> None:
    word = read(phrase)
    assert (word.kind, word.deadline.due_before) == ("none", None)
    assert word.warnings


@pytest.mark.parametrize(
    "text",
    [
        "theo Kế hoạch số 66/KH-UBND ngày 12/4/2026",
        "số liệu tính từ ngày 01/01/2026 đến ngày 20/9/2026",
        "tính đến ngày 31/5/2026 đạt 28%",
        "kế hoạch thanh tra hàng năm",
        "dự toán ngân sách hằng năm",
        "tai nạn thường xuyên xảy ra",
        "giai đoạn 2026–2030",
        "bộ tiêu chí thi đua năm 2026",
    ],
)
def test_a_day_or_cycle_of_something_else_is_no_deadline(text: str) -> None:
    assert strongest(time_words(text, SETTING)) is None


def test_a_date_is_stronger_than_standing_work() -> None:
    assert due("Tiếp tục rà soát; báo cáo trước ngày 25/4/2026") == "2026-04-25 00:00"


DAYS = st.dates(date(2025, 6, 1), date(2090, 12, 31))  # what lies a year before the notice sets no task
FORMS = st.sampled_from(
    ["{0.day:02d}/{0.month}/{0.year}", "{0.day}-{0.month:02d}-{0.year}", "{0.day:02d} tháng {0.month} năm {0.year}"]
)


@given(DAYS, FORMS)
def test_any_day_written_in_any_form_is_read_back(day: date, form: str) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    written = form.format(day)
    assert due(f"trình trước ngày {written}.") == start.strftime("%Y-%m-%d %H:%M")
    assert due(f"chậm nhất ngày {written}.") == (start + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")


@given(DAYS, st.integers(0, 23), st.integers(0, 59))
def test_any_hour_is_the_bound_itself(day: date, hour: int, minute: int) -> None:
    phrase = f"trước {hour:02d} giờ {minute:02d} phút ngày {day.day:02d}/{day.month:02d}/{day.year}"
    assert due(phrase) == f"{day.isoformat()} {hour:02d}:{minute:02d}"


@given(st.text(alphabet="ngày trước hàng thá09/-.;, 2025quýIV\n", max_size=200))
def test_no_text_makes_the_reading_of_time_fail(text: str) -> None:
    time_words(text, SETTING)
