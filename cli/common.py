"""What all commands share: how they read days and moments, and how they print. Light: `read` starts with it."""

from __future__ import annotations

import json
import re
import sys
from datetime import date, datetime
from functools import cache

import pendulum
from pendulum import DateTime
from rich.console import Console
from rich.status import Status

from config.settings import ZONE
from domain.errors import Refusal
from domain.instants import at, of_our_time

PIPED_WIDTH = 140  #: columns where no terminal says how many it has
DAY = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")


@cache
def console() -> Console:
    """Where people read."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def waiting(words: str) -> Status:
    """Shows that somebody has to wait: a spinner at a terminal, a line where there is none."""
    if not console().is_terminal:
        console().print(words)
    return console().status(words)


def print_json(value: object) -> None:
    """One JSON value on standard output, and nothing else."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def parse_moment(words: str) -> DateTime:
    """An ISO moment or a date (2018-03-09, 09/3/2018); Asia/Ho_Chi_Minh when no zone is given."""
    text = words.strip()
    if DAY.match(text):
        return at(parse_day(text))
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("errors.bad_moment", words=words) from None
    if not of_our_time(read):
        raise Refusal("errors.bad_moment", words=words)
    return pendulum.instance(read, tz=ZONE) if read.tzinfo is None else pendulum.instance(read).in_timezone(ZONE)


def parse_day(words: str) -> date:
    """A day: 2018-03-09 or 09/3/2018. Raises Refusal for one that does not exist."""
    text = words.strip()
    try:
        if found := DAY.match(text):
            day, month, year = map(int, found.groups())
            read = date(year, month, day)
        else:
            read = date.fromisoformat(text)
    except ValueError:
        raise Refusal("errors.bad_day", words=words) from None
    if not of_our_time(read):
        raise Refusal("errors.bad_day", words=words)
    return read
