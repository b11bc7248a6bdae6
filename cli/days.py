"""The office's calendar: days off and make-up days of its own, and what a change of them moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli.at_work import actor, as_of, office
from cli.common import console, print_json
from cli.naming import Now, Reason
from config.settings import Settings
from config.words import say, spoken_language
from domain.agencies import agency_names
from domain.calendar import FRIDAY, holiday_names, made_up_days
from domain.days import Moved, forget_day, own_days, set_day
from domain.offices import CalendarDay
from domain.store import Ledger
from domain.written import parse_day
from flows.following import follow_office
from notifications.wording import day_words, deadline_words, weekday_words

app = typer.Typer()
calendar_app = typer.Typer(help=say("desk.calendar.help"), invoke_without_command=True)
app.add_typer(calendar_app, name="calendar")
Day = Annotated[str, typer.Argument(help=say("desk.calendar.day"))]
FIRST_YEAR, LAST_YEAR = 2000, 2100
SHOWN = 30  #: deadlines that are named one by one after a change


@dataclass(frozen=True, slots=True)
class Special:
    """A day on which work is not as its weekday says, or as the country says."""

    day: date
    worked: bool
    reason: str
    source: str  #: "office" or "country"


@calendar_app.callback()
def list_(
    context: typer.Context,
    year: Annotated[
        int | None, typer.Option("--year", min=FIRST_YEAR, max=LAST_YEAR, help=say("desk.calendar.year"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    """Lists the office's own days, and a year's when one is given."""
    if context.invoked_subcommand:
        return
    _, ledger = office()
    with ledger.look() as session:
        own = own_days(session, ledger.office_id)
    rows = [_own(row) for row in own] if year is None else _of_year(year, own)
    if as_json:
        print_json([_json(row) for row in rows])
    elif not rows:
        console().print(say("desk.calendar.none"))
    else:
        console().print(_table(rows))


def _own(row: CalendarDay) -> Special:
    return Special(row.day, row.worked, row.reason, "office")


def _of_year(year: int, own: list[CalendarDay]) -> list[Special]:
    """The days of a year on which the calendar departs from Monday to Friday, and whatever the office declared."""
    off = {
        day: Special(day, False, name, "country")
        for day, name in holiday_names(year, spoken_language()).items()
        if day.weekday() <= FRIDAY
    }
    made_up = {
        day: Special(day, True, say("desk.calendar.made_up"), "country")
        for day in made_up_days(year)
        if day.year == year  # the library names those of other years too
    }
    declared = {row.day: _own(row) for row in own if row.day.year == year}
    found = off | made_up | declared
    return [found[day] for day in sorted(found)]


def _json(row: Special) -> dict[str, object]:
    return {"day": row.day.isoformat(), "worked": row.worked, "reason": row.reason, "source": row.source}


def _table(rows: list[Special]) -> Table:
    table = Table(*(say(f"desk.calendar.column.{name}") for name in ("day", "weekday", "worked", "reason", "source")))
    for row in rows:
        worked, source = _worked_words(row.worked), say(f"desk.calendar.source.{row.source}")
        table.add_row(day_words(row.day), weekday_words(row.day), worked, escape(row.reason), source)
    return table


def _worked_words(worked: bool) -> str:
    return say("desk.calendar.worked" if worked else "desk.calendar.off")


@calendar_app.command("off", help=say("desk.calendar.off_help"))
def off(day: Day, reason: Reason, now: Now = None) -> None:
    """Declares a day off."""
    _set(day, reason, now, worked=False)


@calendar_app.command("work", help=say("desk.calendar.work_help"))
def work(day: Day, reason: Reason, now: Now = None) -> None:
    """Declares a day worked."""
    _set(day, reason, now, worked=True)


def _set(words: str, reason: str, now: str | None, *, worked: bool) -> None:
    day = parse_day(words)
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        moved = set_day(change, day, worked=worked, reason=reason)
    console().print(say("desk.calendar.declared", day=day_words(day), what=_worked_words(worked)), markup=False)
    tell_moved(settings, ledger, moved)


@calendar_app.command("forget", help=say("desk.calendar.forget_help"))
def forget(day: Day, now: Now = None) -> None:
    """Takes back what the office declared of a day."""
    read = parse_day(day)
    settings, ledger = office()
    with ledger.change(now=as_of(ledger, now), actor=actor()) as change:
        moved = forget_day(change, read)
    console().print(say("desk.calendar.forgotten", day=day_words(read)), markup=False)
    tell_moved(settings, ledger, moved)


def tell_moved(settings: Settings, ledger: Ledger, moved: Moved) -> None:
    """Which deadlines moved, how many obligations were planned again, and whether Prefect knows."""
    with ledger.look() as session:
        names = agency_names(session, ledger.office_id)
    for one in moved.deadlines[:SHOWN]:
        words = say(
            "desk.calendar.moved",
            id=one.obligation_id,
            number=one.number,
            path=one.path,
            agency=names[one.agency_id],
            before=deadline_words(one.before),
            after=deadline_words(one.after),
        )
        console().print(words, markup=False, soft_wrap=True)
    if len(moved.deadlines) > SHOWN:
        console().print(say("desk.calendar.more", count=len(moved.deadlines) - SHOWN))
    if not moved.deadlines:
        console().print(say("desk.calendar.none_moved"))
    console().print(say("desk.calendar.replanned", count=len(moved.replanned)))
    if moved.deadlines or moved.replanned:
        console().print(follow_office(settings, ledger), markup=False)
