"""A document on the desk: what it says, read with the office's own registry and calendar. Imports little."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain import reading
from domain.calendar import WorkingCalendar
from domain.drafts import Draft, DraftSource
from domain.names import Registry


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs of the office: registry, calendar, and whether "trước ngày X" includes X."""

    registry: Registry
    calendar: WorkingCalendar
    inclusive: bool


def draft_of(document: reading.Document, reader: Reader, number: str | None, issued_on: date | None) -> Draft:
    """What a document that was loaded says."""
    draft = _read(document, reader, number, issued_on)
    missing = (document.number if draft.number is None else None, document.issued_on if not draft.issued_on else None)
    if any(missing):
        draft = _read(document, reader, number or missing[0], issued_on or missing[1])
    source = DraftSource(name=document.name, sha256=document.sha256, chars=len(document.text))
    return draft.model_copy(update={"source": source, "warnings": [*document.warnings, *draft.warnings]})


def _read(document: reading.Document, reader: Reader, number: str | None, issued_on: date | None) -> Draft:
    return reading.read_notice(
        document.text,
        name=document.name,
        registry=reader.registry,
        calendar=reader.calendar,
        number=number,
        issued_on=issued_on,
        inclusive=reader.inclusive,
    )
