"""Saying something once: a form that is sent twice over a slow line is taken down once."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from domain.columns import UtcDateTime
from domain.store import Change

FORM = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Once(SQLModel, table=True):
    """A form that was taken, and what came of it."""

    form: str = Field(primary_key=True)  #: made up when the form was shown; never guessed, never used twice
    office_id: int = Field(foreign_key="office.id")
    result: str = ""
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


def new_form() -> str:
    """The name of a form that is shown now."""
    return secrets.token_urlsafe(18)


def taken_before(change: Change, form: str) -> str | None:
    """What came of the form when it was taken; None where it is new. A name that is none is always new."""
    row = change.session.get(Once, form) if FORM.fullmatch(form) else None
    return row.result if row else None


def take(change: Change, form: str, result: str) -> None:
    """Notes what came of a form, in the same transaction."""
    if FORM.fullmatch(form):
        change.session.add(Once(form=form, office_id=change.office_id, result=result, at=change.recorded_at))
