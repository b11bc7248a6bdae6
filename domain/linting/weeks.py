"""An agency whose week is full: how many things fall due for it, in the ledger and in the draft itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from domain.deadlines import last_day
from domain.drafts import DraftDirective
from domain.linting.findings import Code, Finding
from domain.linting.who import single_bodies
from domain.names import Registry

Week = date  #: its Monday
MANY = 5  #: other things due in one week that make one more a risk


def week_of(due_before: datetime) -> Week:
    """The week of the last day in time."""
    last = last_day(due_before)
    return last - timedelta(days=last.weekday())


def busy_weeks(
    directives: Sequence[DraftDirective], registry: Registry, on: date, due: Mapping[tuple[str, Week], int]
) -> Iterator[Finding]:
    """Each agency and week with many other things due, once, at the first directive that adds to them."""
    added = [
        (registry.canonical(name, on), week_of(one.deadline.due_before), one)
        for one in directives
        if one.tracked and one.deadline.due_before is not None
        for name in single_bodies(one, registry, on)
    ]
    counts = Counter((agency, week) for agency, week, _ in added)
    said: set[tuple[str, Week]] = set()
    for agency, week, one in added:
        others = counts[agency, week] - 1 + due.get((agency, week), 0)
        if others >= MANY and (agency, week) not in said:
            said.add((agency, week))
            days = {"monday": f"{week:%d/%m}", "friday": f"{week + timedelta(days=4):%d/%m/%Y}"}
            yield Finding(Code.BUSY_WEEK, one.path, {"agency": agency, "count": others, **days})
