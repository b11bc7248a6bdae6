"""A page of a list: ids in an order, how many there are, and which page it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func
from sqlalchemy import select as core_select
from sqlmodel import Session

PAGE = 50  #: rows of a page
MOST_COUNTED = 10_000  #: beyond it the exact number costs more than it tells
AT_ONCE = 1_000  #: rows of an export that are in memory together

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """The rows of one page of a list."""

    rows: Sequence[R]
    number: int  #: 1, 2, …
    total: int  #: at most MOST_COUNTED + 1: that many or more
    has_more: bool

    @property
    def is_exact(self) -> bool:
        """Whether `total` is the number of rows, and not only more than was counted."""
        return self.total <= MOST_COUNTED

    @property
    def known(self) -> int:
        """The number of rows as far as they were counted."""
        return min(self.total, MOST_COUNTED)

    @property
    def first(self) -> int:
        """The place of the page's first row in the list, from 1; 0 on an empty page."""
        return (self.number - 1) * PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the page's last row in the list."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def pages(self) -> int:
        """How many pages there are, as far as was counted."""
        return max(1, -(-self.known // PAGE))


def how_many(
    session: Session, id_column: SQLColumnExpression[Any], *conditions: ColumnElement[bool], joined: Any = None
) -> int:
    """How many rows meet the conditions; stops counting at MOST_COUNTED + 1. `joined` is the tables, where several."""
    some = core_select(id_column).where(*conditions).limit(MOST_COUNTED + 1)
    some = some if joined is None else some.select_from(joined)
    counted: int = session.connection().execute(core_select(func.count()).select_from(some.subquery())).scalar_one()
    return counted


def page_of_ids(session: Session, ordered: Select[Any], number: int) -> tuple[list[int], bool]:
    """The ids of one page, and whether there are more."""
    found = session.connection().execute(ordered.limit(PAGE + 1).offset((number - 1) * PAGE)).scalars().all()
    return list(found[:PAGE]), len(found) > PAGE


def all_ids(session: Session, ordered: Select[Any]) -> Iterator[list[int]]:
    """The ids of the whole list, some at a time."""
    result = session.connection().execute(ordered.execution_options(yield_per=AT_ONCE))
    try:
        for some in result.scalars().partitions(AT_ONCE):
            yield list(some)
    finally:
        result.close()
