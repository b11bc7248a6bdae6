"""Days, moments and letters as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime

import pendulum
from pendulum import DateTime

from config.settings import ZONE
from domain.errors import Refusal
from domain.instants import at, of_our_time

DAY = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
LETTER = re.compile(r"^(?P<number>.+)/(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})$")


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


def parse_letter(words: str) -> tuple[str, date]:
    """123/BC-SNV/08-3-2018 -> the letter's number and date. Raises Refusal for anything else."""
    found = LETTER.match(words.strip())
    if not found:
        raise Refusal("errors.bad_letter", words=words)
    return found["number"], parse_day(found["day"])
