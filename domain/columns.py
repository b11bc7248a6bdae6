"""How instants are stored, and what indexes of both databases have in common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pendulum
from pendulum import DateTime
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy import text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class UtcDateTime(TypeDecorator[DateTime]):
    """An instant: refuses naive values, is stored in UTC on both databases, and comes back as pendulum in UTC."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware instant -> what the driver stores. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime is no instant: {value!r}")
        wall = datetime(  # plain parts: pendulum's own arithmetic costs ten times as much
            value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, tzinfo=UTC
        )
        stored = wall - (value.utcoffset() or timedelta(0))
        return stored.replace(tzinfo=None) if dialect.name == "sqlite" else stored

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> DateTime | None:
        """What the driver gives -> pendulum in UTC."""
        if value is None:
            return None
        utc = value if value.tzinfo is None else value.astimezone(UTC)
        parts = (utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond)
        return DateTime(*parts, tzinfo=pendulum.UTC)
