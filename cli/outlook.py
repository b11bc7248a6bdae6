"""What will happen and why: the forecast, the sheet of the day, and the account of one obligation."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import groupby
from typing import Annotated

import typer
from pendulum import DateTime
from rich.markup import escape
from rich.table import Table

from cli.at_work import as_of, office
from cli.common import console, print_json, waiting
from cli.naming import Now, ObligationNumber
from config.settings import Settings
from config.words import say
from domain.instants import at, iso, local
from domain.moments import Kind
from domain.offices import WorkingTime, the_office, working_time
from domain.planning import one_followed
from domain.sending import Mode
from domain.sheet import Coming, Task, held, may_hold, tasks
from domain.store import Ledger
from domain.views import Planned
from flows.forecasting import Foreseen, forecast
from notifications.explaining import explain as account
from notifications.wording import day_words, moment_words, weekday_words

app = typer.Typer()
MOST_DAYS = 400


@app.command("forecast", help=say("outlook.forecast.help"))
def forecast_(
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help=say("outlook.forecast.days"))] = 30,
    now: Now = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    """What goes out in the coming days if nobody answers."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    if as_json:
        print_json([_json(one) for one in forecast(settings, ledger, moment, moment.add(days=days))])
        return
    _tell_mode(ledger)
    with waiting(say("outlook.forecast.living", days=days)):
        foreseen = forecast(settings, ledger, moment, moment.add(days=days))
    for day, group in groupby(foreseen, key=lambda one: local(one.at).date()):
        console().rule(f"{weekday_words(day)} {day_words(day)}")
        console().print(_foreseen(list(group)))
    counts = Counter(one.kind for one in foreseen)
    kinds = " · ".join(f"{say(f'outlook.kind.{kind}')}: {count}" for kind, count in counts.most_common())
    console().print(say("outlook.forecast.total", count=len(foreseen), days=days, kinds=kinds or "—"), markup=False)


def _tell_mode(ledger: Ledger) -> None:
    with ledger.look() as session:
        mode = the_office(session, ledger.office_id).sending
    if mode != Mode.LIVE:
        console().print(say(f"outlook.not_live.{mode}"), markup=False)


def _json(one: Foreseen) -> dict[str, object]:
    return {
        "at": iso(one.at),
        "recipient": one.recipient,
        "role": one.role,
        "kind": one.kind,
        "subject": one.subject,
        "conclusions": list(one.conclusions),
        "obligations": list(one.obligations),
    }


def _foreseen(messages: list[Foreseen]) -> Table:
    table = Table(*(say(f"outlook.column.{name}") for name in ("hour", "recipient", "role", "what", "source")))
    for one in messages:
        role = say(f"outlook.role.{one.role}")
        cells = (f"{local(one.at):%H:%M}", one.recipient, role, one.subject, ", ".join(one.conclusions))
        table.add_row(*map(escape, cells))
    return table


@app.command("sheet", help=say("outlook.sheet.help"))
def sheet(
    now: Now = None, as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False
) -> None:
    """What goes out today, what climbs on the next working day, what may be held, and what waits for the office."""
    settings, ledger = office()
    moment = as_of(ledger, now)
    sheet = Sheet(settings, ledger, moment)
    if as_json:
        print_json(sheet.as_json())
        return
    _tell_mode(ledger)
    sheet.show()


class Sheet:
    """The sheet of one day."""

    def __init__(self, settings: Settings, ledger: Ledger, moment: DateTime) -> None:
        with ledger.look() as session:
            hours = working_time(session, ledger.office_id)
            tomorrow = _tomorrow(hours, moment)
            self.coming = may_hold(session, ledger.office_id, tomorrow)
            self.held = held(session, ledger.office_id)
            self.tasks = tasks(session, ledger.office_id)
        foreseen = forecast(settings, ledger, moment, tomorrow)
        self.moment = moment
        self.today = [one for one in foreseen if local(one.at).date() == moment.date()]
        later = [one for one in foreseen if local(one.at).date() > moment.date()]
        self.climbing = [one for one in later if one.kind in (Kind.ESCALATE, Kind.APPROVE)]

    def as_json(self) -> dict[str, object]:
        """Five lists."""
        return {
            "today": [_json(one) for one in self.today],
            "tomorrow_escalates": [_json(one) for one in self.climbing],
            "may_hold": [_point(one.planned) | {"needs_approval": one.needs_approval} for one in self.coming],
            "held": [_point(one) for one in self.held],
            "waits_for_office": [_task(one) for one in self.tasks],
        }

    def show(self) -> None:
        """The lists as tables, with what somebody can do about each."""
        console().print(say("outlook.sheet.title", moment=moment_words(self.moment)), markup=False)
        for name, messages in (("today", self.today), ("tomorrow", self.climbing)):
            _section(name, _foreseen(messages) if messages else None)
        _section("may_hold", _points(self.coming) if self.coming else None)
        _section("held", _points([Coming(one, False) for one in self.held]) if self.held else None)
        _section("waits", _tasks(self.tasks) if self.tasks else None)


def _tomorrow(hours: WorkingTime, moment: DateTime) -> DateTime:
    """The end of the next working day."""
    day = hours.calendar.on_or_after(moment.date() + timedelta(days=1))
    return at(day + timedelta(days=1)).subtract(microseconds=1)


def _section(name: str, table: Table | None) -> None:
    console().rule(say(f"outlook.sheet.{name}"))
    console().print(table if table is not None else say("outlook.sheet.nothing"))


def _point(row: Planned) -> dict[str, object]:
    point = row.checkpoint
    return {
        "id": point.id,
        "at": iso(point.at),
        "kind": point.kind,
        "step": point.step,
        "obligation": point.obligation_id,
        "conclusion": row.conclusion,
        "path": row.path,
        "agency": row.agency,
    }


def _task(one: Task) -> dict[str, object]:
    return {
        "kind": str(one.kind),
        "obligation": one.obligation,
        "conclusion": one.conclusion,
        "path": one.path,
        "agency": one.agency,
        "since": iso(one.since),
    }


def _points(rows: list[Coming]) -> Table:
    table = Table(*(say(f"outlook.column.{name}") for name in ("id", "at", "what", "source", "agency", "obligation")))
    for row in rows:
        point = row.planned.checkpoint
        what = say(f"views.kind.{point.kind}", step=point.step)
        what = say("outlook.sheet.needs_approval", what=what) if row.needs_approval else what
        source = f"{row.planned.conclusion} · {row.planned.path}"
        cells = (str(point.id), moment_words(point.at), what, source, row.planned.agency, str(point.obligation_id))
        table.add_row(*map(escape, cells))
    return table


def _tasks(rows: list[Task]) -> Table:
    table = Table(*(say(f"outlook.column.{name}") for name in ("obligation", "what", "source", "agency", "since")))
    for one in rows:
        what = say(f"outlook.kind.{one.kind}")
        source = f"{one.conclusion} · {one.path}"
        cells = (str(one.obligation), what, source, one.agency, moment_words(one.since))
        table.add_row(*map(escape, cells))
    return table


@app.command("explain", help=say("outlook.explain.help"))
def explain(
    obligation: ObligationNumber,
    now: Now = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("cli.option.json"))] = False,
) -> None:
    """Why each moment is when it is, what was sent, and what comes next."""
    _, ledger = office()
    moment = as_of(ledger, now)
    with ledger.look() as session:
        one = one_followed(session, ledger.office_id, obligation)
        lines = account(session, one, moment)
    if as_json:
        print_json([{"at": iso(line.at), "kind": line.kind, "text": line.text} for line in lines])
        return
    for kind, group in groupby(lines, key=lambda line: "life" if line.kind in ("deed", "moment") else line.kind):
        if kind != "standing":
            console().rule(say(f"outlook.explain.{kind}"))
        for line in group:
            bullet = "" if kind == "standing" else "• "
            console().print(f"{bullet}{line.text}", markup=False)
