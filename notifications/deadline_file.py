"""The deadlines of one message as an iCalendar file (RFC 5545), for the calendar of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence

from icalendar import Calendar

from domain.planning import Followed
from notifications.feeds import event_of, new_calendar


def deadline_file(works: Sequence[tuple[Followed, str]], domain: str, language: str) -> str:
    """(work, agency) -> the file; empty for nothing. The same work keeps its UID, so a later file moves its entry."""
    if not works:
        return ""
    made: Calendar = new_calendar()
    for one, agency in works:
        made.add_component(event_of(one, agency, domain, "", language))
    return str(made.to_ical().decode())
