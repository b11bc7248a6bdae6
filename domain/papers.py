"""Notices that lie on the desk: read, being corrected, not filed yet. A draft survives the browser."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlalchemy.orm import defer
from sqlalchemy.types import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from domain.columns import UtcDateTime


class Paper(SQLModel, table=True):
    """A document with the draft that was read from it, as far as somebody has corrected it."""

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    actor: str  #: who put it on the desk
    name: str  #: of the file, or what stands for it
    text: str = Field(sa_column=Column(Text, nullable=False))
    draft: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))  #: a Draft
    seen: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  #: paths somebody confirmed
    added: list[dict[str, object]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  #: new bodies
    owners: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))  #: role -> official
    track_from: date | None = None
    version: int = 0  #: raised by each correction, so that two browsers do not undo each other's
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    conclusion_id: int | None = Field(default=None, foreign_key="conclusion.id")  #: once it is filed
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


def papers_of(session: Session, office_id: int) -> list[Paper]:
    """What lies on the desk, the newest first; the texts are left where they are."""
    query = select(Paper).where(
        Paper.office_id == office_id, col(Paper.conclusion_id).is_(None), col(Paper.dropped_at).is_(None)
    )
    query = query.options(defer(col(Paper.text)))  # type: ignore[arg-type]
    return list(session.exec(query.order_by(col(Paper.id).desc())))


def find_paper(session: Session, office_id: int, paper_id: int) -> Paper | None:
    """A paper of the office, filed or not; None where there is none, or where it was taken off the desk."""
    paper = session.get(Paper, paper_id)
    there = paper is not None and paper.office_id == office_id and paper.dropped_at is None
    return paper if there else None
