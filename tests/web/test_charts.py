"""The charts agree with the lists that they lead to, and with their own tables."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import httpx
import pendulum
import pytest
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import Page

from domain.calendar import WorkingCalendar
from domain.figures import AgencyFigures, WeekFigures
from domain.listing.tallies import Tally
from domain.obligations import Standing
from tests.story import directive, draft
from tests.web.busy import OTHERS, OURS, THEIRS, make_busy
from tests.web.conftest import sign_in
from tests.web.office_online import OfficeOnline
from web.charts import columns, due_weeks, stacked

COUNTED = re.compile(r"\d+")


@pytest.fixture
def busy(online: OfficeOnline) -> OfficeOnline:
    """An office where something is late, something due soon, something done."""
    make_busy(online.story)
    online.story.files(
        draft(
            directive([OURS, THEIRS], "2018-03-29", path="1"),
            directive(OTHERS, "2018-04-20", path="2"),
            directive(OTHERS, "2018-03-20", path="3"),
            number="134/TB-VP",
        )
    )
    return online


def board(client: httpx.Client) -> HtmlElement:
    answer = client.get("/")
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def length(client: httpx.Client, href: str) -> int:
    """How many rows a list holds, by the list's own count."""
    page = html.fromstring(client.get(href).text)
    words = page.get_element_by_id("count").text_content()
    numbers = COUNTED.findall(words)
    return int(numbers[-1]) if numbers else 0


def test_each_column_of_the_weeks_leads_to_what_is_still_late(busy: OfficeOnline) -> None:
    client = busy.client("viewer")
    rows = board(client).xpath('//details[@id="table-weeks"]//tbody/tr')
    assert len(rows) == 12
    for row in rows:
        late, still, settled = (int(cell.text_content()) for cell in row.xpath("td"))
        assert late == still + settled
        assert length(client, row.xpath("td/a/@href")[0]) == still
    assert int(rows[-1].xpath("td")[0].text_content()) > 0


def test_each_day_of_the_calendar_leads_to_as_many_rows_as_it_says(busy: OfficeOnline) -> None:
    client = busy.client("viewer")
    days = board(client).xpath('//table[@class="chart-calendar"]//td/a')
    assert len(days) >= 3
    for day in days:
        (shown,) = day.xpath('span[@class="chart-due"]')
        assert length(client, day.get("href")) == int(shown.text_content()), day.get("aria-label")


def test_each_bar_and_each_cell_of_its_table_leads_to_as_many_rows_as_it_says(busy: OfficeOnline) -> None:
    client = busy.client("viewer")
    tree = board(client)
    for bar in tree.xpath('//a[@class="chart-bar"]'):
        assert length(client, bar.get("href")) == int(bar.xpath('span[@class="chart-count"]')[0].text_content())
    cells = tree.xpath('//details[@id="table-bars"]//td/a')
    assert len(cells) > 6
    for cell in cells:
        assert length(client, cell.get("href")) == int(cell.text_content()), cell.get("href")


def test_a_bar_is_as_long_as_its_agency_has_work_and_its_parts_touch() -> None:
    one = AgencyFigures(1, Tally({"overdue": 1, "in_time": 2, "done_in_time": 1}), None)
    two = AgencyFigures(2, Tally({"undated": 1}), None)
    first, second = stacked([one, two], {1: "Sở Nội vụ", 2: "Sở Y tế"})
    assert [(part.standing, part.left, part.width) for part in first.parts] == [
        (Standing.OVERDUE, 0.0, 25.0),
        (Standing.IN_TIME, 25.0, 50.0),
        (Standing.DONE_IN_TIME, 75.0, 25.0),
    ]
    assert [(part.standing, part.width) for part in second.parts] == [(Standing.UNDATED, 25.0)]
    assert first.list_of("overdue") == "/obligations?standing=overdue&agency=1"


def test_charts_of_an_empty_office_are_empty_and_nothing_divides_by_nothing() -> None:
    week = WeekFigures(date(2018, 3, 5), pendulum.datetime(2018, 3, 12, tz="Asia/Ho_Chi_Minh"), 0, 0)
    assert stacked([], {}) == []
    assert [one.height for one in columns([week])] == [0.0]
    days = [day for some in due_weeks({}, date(2018, 3, 7), WorkingCalendar()) for day in some]
    assert (len(days), {day.shade for day in days}) == (42, {0})


def test_the_calendar_marks_days_off_and_counts_lateness_of_days_gone_by() -> None:
    counts = {date(2018, 4, 23): 3, date(2018, 4, 26): 8, date(2018, 4, 30): 1}
    days = {day.day: day for week in due_weeks(counts, date(2018, 4, 24), WorkingCalendar()) for day in week}
    assert days[date(2018, 4, 30)].is_holiday
    assert not days[date(2018, 4, 28)].works
    assert not days[date(2018, 4, 28)].is_holiday
    assert [days[date(2018, 4, day)].shade for day in (24, 26, 30)] == [0, 4, 1]
    past, coming = (parse_qs(urlsplit(days[date(2018, 4, day)].href).query) for day in (23, 26))
    assert (past["standing"], coming["standing"]) == (["overdue"], ["in_time"])
    assert past["due_from"] == past["due_to"] == ["2018-04-23"]


def test_on_a_phone_every_chart_can_be_read_and_touched(busy: OfficeOnline, phone: Page) -> None:
    sign_in(phone, busy, "viewer")
    phone.goto("/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    for links in (".chart-column", ".chart-bar", ".chart-calendar a", ".board-call"):
        sizes = phone.eval_on_selector_all(links, "all => all.map((one) => one.getBoundingClientRect().toJSON())")
        assert sizes, links
        assert all(size["width"] >= 24 and size["height"] >= 24 for size in sizes), (links, sizes)
    phone.click("#table-weeks summary")
    assert phone.locator("#table-weeks tbody tr").count() == 12


def test_the_unfolded_table_stays_unfolded_when_the_dashboard_renews_itself(busy: OfficeOnline, desk: Page) -> None:
    desk.clock.install()
    sign_in(desk, busy, "viewer")
    desk.goto("/")
    desk.click("#table-bars summary")
    before = desk.get_attribute("#live", "hx-get")
    busy.account("clerk")  # something happens
    desk.clock.run_for(16_000)
    desk.wait_for_function("seen => document.getElementById('live').getAttribute('hx-get') !== seen", arg=before)
    desk.wait_for_selector("#table-bars[open]")
