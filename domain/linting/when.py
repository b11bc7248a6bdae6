"""By when: a day that is missing, impossible, past, off, too near, or hidden in an event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from domain.calendar import WorkingCalendar
from domain.deadlines import last_day
from domain.drafts import Authority, DeadlineKind, DraftDeadline, DraftDirective
from domain.linting.findings import Code, Finding

_DAY = re.compile(r"ngày|\d\s*[-/]\s*\d{1,2}\s*[-/]", re.IGNORECASE)  # the end of a month or quarter is nobody's choice
SHORTEST_NOTICE = 1  #: working days after the day of signing: whoever has no more can hardly do the work


def about_when(directive: DraftDirective, calendar: WorkingCalendar, signed_on: date) -> Iterator[Finding]:
    """What is amiss with a directive's deadline when it is signed on a day."""
    deadline = directive.deadline
    if deadline.due_before is not None:
        yield from _about_day(directive, calendar, signed_on)
    elif deadline.waits_for is not None:
        yield Finding(Code.WAITS_FOR_EVENT, directive.path, {"phrase": _phrase(deadline)})
    elif deadline.kind is DeadlineKind.DATE:
        yield Finding(Code.IMPOSSIBLE_DATE, directive.path, {"phrase": _phrase(deadline)})
    elif deadline.kind in (DeadlineKind.NONE, DeadlineKind.RELATIVE):
        yield from _about_none(directive)


def _about_day(directive: DraftDirective, calendar: WorkingCalendar, signed_on: date) -> Iterator[Finding]:
    if directive.deadline.due_before is None:
        return
    last = last_day(directive.deadline.due_before)
    said = {"phrase": _phrase(directive.deadline), "last": f"{last:%d/%m/%Y}", "signed": f"{signed_on:%d/%m/%Y}"}
    if last < signed_on:
        yield Finding(Code.PAST, directive.path, said)
        return
    if not calendar.is_working(last) and _DAY.search(said["phrase"]):
        better = calendar.on_or_after(last)
        yield Finding(Code.DAY_OFF, directive.path, said | {"better": f"{better:%d/%m/%Y}"})
    if last <= calendar.shift(signed_on, SHORTEST_NOTICE):
        yield Finding(Code.SHORT_NOTICE, directive.path, said)


def _about_none(directive: DraftDirective) -> Iterator[Finding]:
    """No day: words that only urge, or not even those. An exhortation that urges nobody to deliver needs no day."""
    order = directive.authority is not Authority.REQUEST
    if directive.deadline.phrase and (directive.tracked or order):
        yield Finding(Code.VAGUE, directive.path, {"phrase": _phrase(directive.deadline)})
    elif directive.tracked and order:
        yield Finding(Code.NO_DATE, directive.path)


def _phrase(deadline: DraftDeadline) -> str:
    return " ".join((deadline.phrase or "").split())
