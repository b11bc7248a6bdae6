"""What the commands share: the office, the moment they act as of, and how they print."""

from __future__ import annotations

import getpass
import json
import re
import sys
from datetime import date, datetime
from functools import cache

import pendulum
from pendulum import DateTime
from rich.console import Console

from config.clock import wall_clock
from config.logs import log_to_file
from config.settings import ZONE, Settings, load_settings
from domain.errors import Refusal
from domain.founding import open_ledger
from domain.instants import local
from domain.offices import the_office
from domain.store import Ledger

PIPED_WIDTH = 140  #: columns where no terminal says how many it has
DAY = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")


@cache
def console() -> Console:
    """Where people read."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def print_json(value: object) -> None:
    """One JSON value on standard output, and nothing else."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def office() -> tuple[Settings, Ledger]:
    """The office that `DONDOC_HOME` names. Raises Refusal when there is none."""
    settings = load_settings()
    ledger = open_ledger(settings, wall_clock)
    log_to_file(settings)
    return settings, ledger


def as_of(ledger: Ledger, words: str | None) -> DateTime:
    """The moment a command acts as of: `--now`, else this instant (on a simulated office, as far as it has come).

    Raises Refusal for a moment that cannot be read, and for the future on a live office.
    """
    with ledger.look() as session:
        row = the_office(session, ledger.office_id)
    if words is None:
        return local(row.simulated_at) if row.simulated and row.simulated_at else wall_clock()
    moment = parse_moment(words)
    if not row.simulated and moment > wall_clock():
        raise Refusal("errors.future", moment=words)
    return moment


def parse_moment(words: str) -> DateTime:
    """An ISO moment or a date (2018-03-09, 09/3/2018); Asia/Ho_Chi_Minh when no zone is given."""
    text = words.strip()
    if DAY.match(text):
        day = parse_day(text)
        return pendulum.datetime(day.year, day.month, day.day, tz=ZONE)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("errors.bad_moment", words=words) from None
    return pendulum.instance(read, tz=ZONE) if read.tzinfo is None else pendulum.instance(read).in_timezone(ZONE)


def parse_day(words: str) -> date:
    """A day: 2018-03-09 or 09/3/2018. Raises Refusal for one that does not exist."""
    text = words.strip()
    try:
        if found := DAY.match(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("errors.bad_day", words=words) from None


def actor() -> str:
    """Who sits at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"
