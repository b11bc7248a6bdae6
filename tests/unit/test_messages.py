"""What agencies read: the words of a message, in both languages, whatever stands in the notice."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, datetime
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from config.words import LANGUAGES
from domain.moments import Kind
from domain.written import parse_moment
from notifications.messages import Item, Rendered, Setting, render
from notifications.wording import LONGEST_TEXT, day_words, deadline_words, moment_words, plain_line, quoted, short_day
from tests.story import OfficeStory, directive, draft

ITEM = Item(
    kind=Kind.ASSIGN,
    step=0,
    number="489/TB-VP",
    issued_on=date(2018, 3, 7),
    path="4.2",
    text="Giao Sở Nội vụ chủ trì, tham mưu UBND tỉnh trước ngày 09-3-2018.",
    agency="Sở Nội vụ",
    due_before=parse_moment("2018-03-09"),
    request=False,
    tracked=True,
)
HOSTILE = (
    'Giao "Sở" <script>alert(1)</script>\r\nBcc: ai-do@example.com\r\n\r\n<img src=x onerror=alert(2)> {{ 7*7 }} {x}',
    "\u202eđảo ngược\u202c \u2066\u200f\u200b\ufeff",
    "a\x00b\x1b[31mc\u2028d\u2029e\x85f",
    "Rất dài " * 1250,
    "]]></p></html>",
)


class Tags(HTMLParser):
    """Which tags a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def written(
    *items: Item, now: str = "2018-03-07T09:00", language: str = "vi", recipient: str = "Sở Nội vụ"
) -> Rendered:
    return render(recipient, items, Setting("Văn phòng UBND tỉnh", parse_moment(now), language))


def of_kind(kind: Kind, **more: object) -> Item:
    return replace(ITEM, kind=kind, **more)  # type: ignore[arg-type]


def test_an_assignment_says_where_it_stands_what_it_is_and_by_when() -> None:
    message = written(ITEM)
    assert message.kind == Kind.ASSIGN
    assert message.subject == "[Đôn Đốc] Giao nhiệm vụ: Thông báo 489/TB-VP, mục 4.2"
    for body in (message.text, message.html):
        assert "Kính gửi: " in body
        assert "Thông báo số 489/TB-VP ngày 07/3/2018, mục 4.2" in body
        assert "Giao Sở Nội vụ chủ trì, tham mưu UBND tỉnh trước ngày 09-3-2018." in body
        assert "trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018" in body
        assert "Văn phòng UBND tỉnh" in body
        assert "quá hạn" not in body


def test_an_order_and_a_request_are_worded_differently() -> None:
    order, request = written(ITEM), written(replace(ITEM, request=True))
    for_information = written(replace(ITEM, tracked=False, due_before=None))
    assert "Giao nhiệm vụ" in order.subject
    assert "Đề nghị thực hiện" in request.subject
    assert "Giao nhiệm vụ" not in request.subject
    assert "Thông báo để biết, thực hiện" in for_information.subject


def test_a_request_never_speaks_of_orders_in_its_body() -> None:
    body = written(replace(ITEM, request=True, text="Đề nghị quan tâm.", agency="Hội Nông dân tỉnh")).text
    assert "NHIỆM VỤ" not in body
    assert "thuộc trách nhiệm" not in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_news_can_be_said_in_both_languages(kind: Kind, language: str) -> None:
    for due_before in (ITEM.due_before, parse_moment("2018-03-09T11:00"), None):
        message = written(of_kind(kind, step=3, due_before=due_before), now="2018-03-20T08:00", language=language)
        assert message.kind == kind
        assert "489/TB-VP" in message.subject
        for body in (message.text, message.html):
            assert "489/TB-VP" in body
            assert "{" not in body.replace("{ font", "")


def test_english_speaks_english() -> None:
    message = written(of_kind(Kind.OVERDUE), now="2018-03-12T08:00", language="en")
    assert message.subject == "[Đôn Đốc] Overdue: Notice 489/TB-VP, item 4.2"
    for body in (message.text, message.html):
        assert "Notice 489/TB-VP of 09/3/2018" not in body
        assert "before 09/3/2018, that is by the end of Thursday 08/3/2018" in body
        assert "4 days late" in body


@pytest.mark.parametrize(
    ("now", "words"),
    [("2018-03-09T00:00", "đã quá hạn 1 ngày"), ("2018-03-12T08:00", "đã quá hạn 4 ngày")],
)
def test_a_late_piece_of_work_says_how_many_days(now: str, words: str) -> None:
    message = written(of_kind(Kind.OVERDUE), now=now)
    assert words in message.text
    assert words in message.html


def test_due_today_is_said_only_on_the_last_day() -> None:
    sunday = of_kind(Kind.DUE, due_before=parse_moment("2018-03-12"))
    assert "Đến hạn hôm nay" in written(of_kind(Kind.DUE), now="2018-03-08T08:00").subject
    assert "Sắp hết hạn" in written(sunday, now="2018-03-09T08:00").subject


def test_many_things_are_one_message_with_the_most_serious_first() -> None:
    items = [
        ITEM,
        of_kind(Kind.REMIND, step=3, path="1"),
        of_kind(Kind.ESCALATE, step=1, path="2"),
        of_kind(Kind.ESCALATE, step=3, path="3"),
        of_kind(Kind.OVERDUE, path="5"),
    ]
    message = written(*items, now="2018-03-23T08:00")
    assert message.kind == Kind.ESCALATE
    assert message.subject == (
        "[Đôn Đốc] Quá hạn, đã báo cáo người đứng đầu (cấp 3): Thông báo 489/TB-VP, mục 3 và 4 việc khác"
    )
    headings = ["NGƯỜI ĐỨNG ĐẦU CƠ QUAN (2)", "QUÁ HẠN (1)", "SẮP ĐẾN HẠN (1)", "NHIỆM VỤ MỚI (1)"]
    for body in (message.text, message.html):
        places = [body.index(heading) for heading in headings]
        assert places == sorted(places)
        assert all(f"mục {path}" in body for path in ("1", "2", "3", "4.2", "5"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hostile", HOSTILE, ids=["markup", "bidi", "control", "long", "closing"])
def test_hostile_text_stays_text(hostile: str, language: str) -> None:
    item = replace(ITEM, number=hostile, path=hostile, text=hostile, agency=hostile)
    harmless = written(ITEM, language=language)
    message = written(item, language=language, recipient=hostile)
    assert not [c for c in message.subject if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    for body in (message.text, message.html):
        assert not [c for c in body if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    assert "\nBcc" not in message.text
    assert Tags(message.html).tags == Tags(harmless.html).tags


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_out_of_its_line(words: str) -> None:
    line = plain_line(words)
    assert len(line.splitlines()) <= 1
    assert line == plain_line(line) == line.strip()
    message = written(replace(ITEM, text=words, number=words))
    assert len(message.subject.splitlines()) == 1
    assert escape(quoted(words), quote=False) in message.html.replace("&#34;", '"').replace("&#39;", "'")


def test_a_subject_stays_within_what_a_mail_header_can_hold() -> None:
    message = written(replace(ITEM, number="9" * 10_000))
    assert len(message.subject) <= 998


def test_a_long_directive_is_shortened_and_says_so() -> None:
    words = quoted("Giao Sở Nội vụ " * 1000)
    assert len(words) <= LONGEST_TEXT
    assert words.endswith("…")
    assert quoted("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT


@pytest.mark.parametrize(
    ("day", "words", "short"),
    [
        (date(2018, 3, 9), "09/3/2018", "09/3"),
        (date(2018, 1, 1), "01/01/2018", "01/01"),
        (date(2018, 2, 28), "28/02/2018", "28/02"),
        (date(2018, 10, 10), "10/10/2018", "10/10"),
        (date(2018, 12, 9), "09/12/2018", "09/12"),
    ],
)
def test_days_are_written_as_decree_30_wants(day: date, words: str, short: str) -> None:
    assert (day_words(day, "vi"), short_day(day)) == (words, short)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_under_ten_and_the_months_one_and_two_have_a_zero(day: date) -> None:
    in_day, in_month, _ = day_words(day, "vi").split("/")
    assert (int(in_day), int(in_month)) == (day.day, day.month)
    assert in_day.startswith("0") == (day.day < 10)
    assert in_month.startswith("0") == (day.month <= 2)


@pytest.mark.parametrize(
    ("due_before", "words"),
    [
        ("2018-03-09", "trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018"),
        ("2018-03-12", "trước ngày 12/3/2018, tức hết Chủ nhật 11/3/2018"),
        ("2018-01-01", "trước ngày 01/01/2018, tức hết Chủ nhật 31/12/2017"),
        ("2018-03-15T11:00", "trước 11:00 ngày 15/3/2018"),
        ("2018-03-08T17:00+00:00", "trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018"),
    ],
)
def test_a_deadline_is_written_in_full(due_before: str, words: str) -> None:
    assert deadline_words(parse_moment(due_before), "vi") == words


def test_undated_work_says_that_no_day_was_given() -> None:
    assert deadline_words(None, "vi") == "không ấn định ngày"
    moment: datetime = DateTime(2018, 3, 9, 1, tzinfo=parse_moment("2018-03-09T01:00+00:00").tzinfo)
    assert moment_words(moment, "vi").endswith("09/3/2018")


def test_the_chairman_is_reported_to_and_not_asked_for_a_report(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-23 17:00")
    by_recipient = {one.recipient: one for one in office.messages()}
    assert "kính đề nghị xem xét, chỉ đạo" in by_recipient["Chủ tịch"].text
    assert "mong quý cơ quan" not in by_recipient["Chủ tịch"].text
    assert "mong quý cơ quan" in by_recipient["Giám đốc Sở Nội vụ"].text
