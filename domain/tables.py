"""Every table of the ledger, known to SQLModel once this is imported."""

from __future__ import annotations

from sqlalchemy import Table
from sqlmodel import SQLModel

from domain import (
    accounts,
    agencies,
    audit,
    checkpoints,
    conclusions,
    incoming,
    links,
    obligations,
    offices,
    once,
    papers,
    people,
    regulations,
    reports,
    ways,
)
from domain.life import extensions, handing, verification
from domain.reviews import tables as reviews

DECLARED_IN = (
    accounts,
    links,
    once,
    papers,
    agencies,
    audit,
    checkpoints,
    conclusions,
    obligations,
    offices,
    people,
    reports,
    extensions,
    handing,
    verification,
    ways,
    incoming,
    regulations,
    reviews,
)


def tables() -> list[Table]:
    """All of them, parents first."""
    return SQLModel.metadata.sorted_tables
