"""The whole of lint: every check over every directive, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.calendar import WorkingCalendar
from domain.drafts import Draft
from domain.linting.findings import Code, Finding
from domain.linting.overlaps import overlaps
from domain.linting.unaddressed import unaddressed
from domain.linting.weeks import Week, busy_weeks
from domain.linting.when import about_when
from domain.linting.who import about_whom
from domain.names import Registry


@dataclass(frozen=True, slots=True)
class Desk:
    """What the drafter's office knows: bodies, days off, the day of signing, and what agencies have due already."""

    registry: Registry
    calendar: WorkingCalendar
    signed_on: date
    due: Mapping[tuple[str, Week], int] = field(default_factory=dict)  #: (agency, week) -> open obligations


def lint(draft: Draft, desk: Desk, text: str | None = None) -> list[Finding]:
    """What will be hard or impossible to follow up. With the text, items that address nobody are found too.

    Pure: the same draft at the same desk gives the same findings.
    """
    found = list(_findings(draft, desk, text))
    places = {one.path: one.start if one.start is not None else n for n, one in enumerate(draft.directives)}
    return sorted(found, key=lambda one: one.at if one.at is not None else places.get(one.path, -1))


def _findings(draft: Draft, desk: Desk, text: str | None) -> Iterator[Finding]:
    if draft.document_kind == "report":
        yield Finding(Code.NEWS, "")
    for directive in draft.directives:
        yield from about_whom(directive, desk.registry, desk.signed_on)
        yield from about_when(directive, desk.calendar, desk.signed_on)
    yield from overlaps(draft.directives, desk.registry, desk.signed_on)
    yield from busy_weeks(draft.directives, desk.registry, desk.signed_on, desk.due)
    if text is not None and draft.document_kind != "report":
        yield from unaddressed(text, draft.directives)
