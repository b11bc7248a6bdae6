"""The Monday sheet as a Word document and as a workbook: the same rows, the same figures."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter
from pendulum import DateTime
from sqlmodel import Session
from xlsxwriter.worksheet import Worksheet

from config.words import say
from domain.deadlines import last_day
from domain.instants import local
from notifications.papers.filling import fill_paper
from notifications.papers.office import VI, office_blocks
from notifications.papers.reminder import source_words
from notifications.papers.week import Noted, Week
from notifications.wording import day_words, deadline_words, number_words, plain_line, quoted

MOST_ROWS = 60  #: of one section of the Word document; the workbook has all of them
MOST_NAMED = 5  #: agencies that the summary names
COLUMNS = (("place", 5), ("agency", 34), ("source", 34), ("text", 70), ("deadline", 14), ("days", 10), ("note", 28))


def weekly_paper(session: Session, office_id: int, week: Week, now: DateTime, folder: Path | None = None) -> bytes:
    """The sheet as .docx."""
    blocks = dict(office_blocks(session, office_id, local(now).date(), ("meeting",)))
    span = say(
        "papers_office.weekly.span", language=VI, first=day_words(week.monday, VI), last=day_words(week.sunday, VI)
    )
    context = blocks | {
        "title": say("papers_office.weekly.title", language=VI),
        "span": span,
        "summary": list(summary(week)),
        "agencies_heading": say("papers_office.weekly.by_agency", language=VI),
        "agencies": [
            {
                "place": place,
                "agency": plain_line(one.agency),
                "late": number_words(one.late, VI),
                "longest": number_words(one.longest, VI),
            }
            for place, one in enumerate(week.late_agencies, start=1)
        ],
        "parts": [_part(place, name, rows) for place, (name, rows) in enumerate(week.sections)],
    }
    return fill_paper("weekly", context, folder)


def summary(week: Week) -> Iterator[str]:
    """What the week comes to, in sentences whose figures the tables below bear out."""

    def count(rows: Sequence[Noted]) -> str:
        return number_words(len(rows), VI)

    agencies = week.late_agencies
    bodies = number_words(len(agencies), VI)
    yield say("papers_office.weekly.sum.late", language=VI, count=count(week.late), agencies=bodies)
    if agencies:
        most = [f"{plain_line(one.agency)} ({number_words(one.late, VI)})" for one in agencies[:MOST_NAMED]]
        named = "; ".join(most)
        yield say("papers_office.weekly.sum.most", language=VI, named=named)
    yield say(
        "papers_office.weekly.sum.due", language=VI, this_week=count(week.this_week), next_week=count(week.next_week)
    )
    yield say("papers_office.weekly.sum.waiting", language=VI, count=count(week.waiting))
    yield say(
        "papers_office.weekly.sum.changed",
        language=VI,
        finished=count(week.finished),
        extended=count(week.extended),
        notices=number_words(week.notices, VI),
    )


def _part(place: int, name: str, rows: Sequence[Noted]) -> Mapping[str, object]:
    heading = say(f"papers_office.weekly.part.{name}", language=VI, count=number_words(len(rows), VI))
    rest = len(rows) - MOST_ROWS
    return {
        "heading": f"{ROMAN[place]}. {heading}",
        "rows": [_row(number, one) for number, one in enumerate(rows[:MOST_ROWS], start=1)],
        "rest": say("papers_office.weekly.rest", language=VI, count=number_words(rest, VI)) if rest > 0 else "",
    }


ROMAN = ("I", "II", "III", "IV", "V", "VI")


def _row(number: int, one: Noted) -> Mapping[str, object]:
    return {
        "place": number,
        "agency": plain_line(one.row.agency),
        "source": source_words(one.row),
        "text": quoted(one.row.directive.text),
        "deadline": deadline_words(one.row.obligation.due_before, VI),
        "note": one.note,
    }


def weekly_book(week: Week) -> bytes:
    """The same as a workbook: a sheet a section, real dates, text that no program takes for a formula."""
    made = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(made, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in week.sections:
            page = book.add_worksheet(say(f"papers_office.weekly.sheet.{name}", language=VI))
            page.freeze_panes(1, 0)
            for place, (column, width) in enumerate(COLUMNS):
                page.set_column(place, place, width, wrapped)
                page.write_string(0, place, say(f"papers_office.weekly.column.{column}", language=VI), head)
            _fill(page, rows, day)
        totals = book.add_worksheet(say("papers_office.weekly.sheet.by_agency", language=VI))
        _by_agency(totals, week, head)
    return made.getvalue()


def _fill(page: Worksheet, rows: Sequence[Noted], day: object) -> None:
    for number, one in enumerate(rows, start=1):
        page.write_number(number, 0, number)
        page.write_string(number, 1, plain_line(one.row.agency))
        page.write_string(number, 2, source_words(one.row))
        page.write_string(number, 3, plain_line(one.row.directive.text)[:32_000])
        due = one.row.obligation.due_before
        if due is not None:
            page.write_datetime(number, 4, last_day(due), day)
        page.write_number(number, 5, one.row.days_late)
        page.write_string(number, 6, one.note)


def _by_agency(page: Worksheet, week: Week, head: object) -> None:
    """How many pieces of work are late at each agency, the most first."""
    page.set_column(0, 0, 50)
    for place, column in enumerate(("agency", "late", "longest")):
        page.write_string(0, place, say(f"papers_office.weekly.column.{column}", language=VI), head)
    page.freeze_panes(1, 0)
    for number, one in enumerate(week.late_agencies, start=1):
        page.write_string(number, 0, plain_line(one.agency))
        page.write_number(number, 1, one.late)
        page.write_number(number, 2, one.longest)


def weekly_name(monday: date, kind: str) -> str:
    """The name of the file."""
    return say("papers_office.weekly.file", language=VI, day=monday.isoformat(), kind=kind)
