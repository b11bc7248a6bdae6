"""The columns of the lists as files: what the pages show, in the same order."""

from __future__ import annotations

from typing import Any

from config.words import say
from domain.deadlines import last_day
from domain.listing.bodies import AgencyRow
from domain.listing.notices import ConclusionRow, DirectiveRow
from domain.listing.obligations import WorkRow
from domain.listing.tallies import SERIOUS
from notifications.wording import deadline_words
from web.exporting import Cell, Column


def work_columns() -> list[Column[WorkRow]]:
    """Of obligations."""
    return [
        Column(_head("id"), lambda row: row.id, 8),
        Column(_head("standing"), lambda row: say(f"views.standing.{row.standing}"), 18),
        Column(_head("days_late"), lambda row: row.days_late or None, 12),
        Column(_head("deadline"), lambda row: deadline_words(row.obligation.due_before), 34),
        Column(_head("last_day"), _last_day, 14),
        Column(_head("agency"), lambda row: row.agency, 34),
        Column(_head("notice"), lambda row: row.conclusion.number, 16),
        Column(_head("issued_on"), lambda row: row.conclusion.issued_on, 14),
        Column(_head("path"), lambda row: row.directive.path, 8),
        Column(_head("words"), lambda row: row.directive.text, 70),
        Column(_head("state"), lambda row: say(f"views.state.{row.obligation.state}"), 20),
        Column(_head("settled_at"), lambda row: row.obligation.settled_at, 18),
        Column(_head("heard_at"), lambda row: row.obligation.heard_at, 18),
        Column(_head("extensions"), lambda row: row.obligation.extensions or None, 10),
        Column(_head("next_at"), lambda row: row.coming.at if row.coming else None, 18),
        Column(_head("next"), _next_words, 28),
    ]


def directive_columns() -> list[Column[DirectiveRow]]:
    """Of directives."""
    return [
        Column(_head("notice"), lambda row: row.head.number, 16),
        Column(_head("issued_on"), lambda row: row.head.issued_on, 14),
        Column(_head("path"), lambda row: row.head.path, 8),
        Column(_head("words"), lambda row: row.head.words, 70),
        Column(_head("leads"), lambda row: "; ".join(row.leads), 50),
        Column(_head("deadline"), lambda row: deadline_words(row.head.due_before), 34),
        Column(_head("last_day"), lambda row: last_day(row.head.due_before) if row.head.due_before else None, 14),
        Column(_head("tracked"), lambda row: say(f"web_lists.tracked.{'yes' if row.head.tracked else 'no'}"), 14),
        *[_tally_column(one) for one in SERIOUS],
    ]


def conclusion_columns() -> list[Column[ConclusionRow]]:
    """Of conclusions."""
    return [
        Column(_head("notice"), lambda row: row.head.number, 16),
        Column(_head("issued_on"), lambda row: row.head.issued_on, 14),
        Column(_head("title"), lambda row: row.head.title, 60),
        Column(_head("concluded_by"), lambda row: row.head.concluded_by, 30),
        Column(_head("owner"), lambda row: "; ".join(row.owners), 26),
        Column(_head("directives"), lambda row: row.directives, 12),
        Column(_head("work"), lambda row: row.tally.total, 12),
        *[_tally_column(one) for one in SERIOUS],
    ]


def agency_columns() -> list[Column[AgencyRow]]:
    """Of agencies."""
    return [
        Column(_head("body"), lambda row: row.agency.name, 44),
        Column(_head("level"), lambda row: say(f"web_lists.level.{row.agency.level}"), 16),
        Column(_head("open"), lambda row: row.tally.open, 12),
        Column(_head("late"), lambda row: row.tally.late, 12),
        Column(_head("share"), lambda row: row.tally.in_time_share, 18),
        *[_tally_column(one) for one in SERIOUS],
        Column(_head("contact"), lambda row: row.contact.name if row.contact else None, 30),
        Column(_head("address"), lambda row: row.contact.address if row.contact else None, 36),
    ]


def _head(name: str) -> str:
    return say(f"web_lists.column.{name}")


def _tally_column(standing: str) -> Column[Any]:
    """How many obligations of a row stand so."""
    return Column(say(f"views.standing.{standing}"), lambda row: row.tally[standing], 12)


def _last_day(row: WorkRow) -> Cell:
    due = row.obligation.due_before
    return last_day(due) if due else None


def _next_words(row: WorkRow) -> Cell:
    return say(f"views.kind.{row.coming.kind}", step=row.coming.step) if row.coming else None
