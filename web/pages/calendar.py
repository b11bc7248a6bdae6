"""The working calendar of a year: days off and made up, the country's and the office's own."""

from __future__ import annotations

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from config.words import say, spoken_language
from domain.calendar import holiday_names, made_up_days
from domain.days import Moved, forget_day, own_days, set_day
from domain.errors import Refusal
from domain.offices import working_time
from domain.store import Change
from domain.written import parse_day
from notifications.wording import day_words
from web.visit import Form, Manager, Sent, Viewer, Visit

router = APIRouter()
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar."""

    day: date
    worked: bool
    name: str  #: why it is not as its weekday says
    own: bool  #: the office declared it


@router.get("/calendar")
def calendar(visit: Viewer, year: int = 0) -> Response:
    """Twelve months."""
    return visit.page("office/calendar.html", **_context(visit, year))


@router.post("/calendar/day")
def declare(visit: Manager, form: Sent) -> Response:
    """Declares a day off or worked; everything open is planned again."""

    def declared(change: Change) -> Moved:
        worked = form.words("worked") == "1"
        return set_day(change, parse_day(form.words("day")), worked=worked, reason=form.words("reason"))

    return _do(visit, form, declared)


@router.post("/calendar/forget")
def forget(visit: Manager, form: Sent) -> Response:
    """Takes back what the office declared of a day."""
    return _do(visit, form, lambda change: forget_day(change, parse_day(form.words("day"))))


def _do(visit: Visit, form: Form, deed: Callable[[Change], Moved]) -> Response:
    try:
        with visit.change() as change:
            moved = deed(change)
            day = parse_day(form.words("day"))
    except Refusal as refusal:
        return visit.refused("office/calendar.html", refusal, **(_context(visit, 0) | {"typed": form.typed()}))
    if moved.deadlines or moved.replanned:
        visit.follow_office()
    said = say(
        "web_office.calendar.moved",
        day=day_words(day),
        deadlines=len(moved.deadlines),
        replanned=len(moved.replanned),
    )
    return visit.page("office/calendar.html", **(_context(visit, day.year) | {"said": said}))


def _context(visit: Visit, year: int) -> dict[str, Any]:
    shown = year or visit.now.year
    if not FIRST_YEAR <= shown <= LAST_YEAR:
        raise HTTPException(404)
    with visit.look() as session:
        own = {row.day: row for row in own_days(session, visit.office_id)}
        working = working_time(session, visit.office_id).calendar
    names = holiday_names(shown, spoken_language())
    made_up = {day for day in made_up_days(shown) if day.year == shown}

    def of(day: date) -> Day:
        reason = own[day].reason if day in own else names.get(day, "")
        if not reason and day in made_up:
            reason = say("desk.calendar.made_up")
        return Day(day, working.is_working(day), reason, day in own)

    weeks = months.Calendar()
    year_months = [
        (
            month,
            [
                [of(day) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(shown, month)
            ],
        )
        for month in range(1, 13)
    ]
    declared = [of(day) for day in sorted(own) if day.year == shown]
    return {
        "year": shown,
        "months": year_months,
        "declared": declared,
        "typed": {},
        "said": "",
        "today": visit.now.date(),
    }
