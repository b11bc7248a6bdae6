"""Keys of rows."""

from __future__ import annotations


def key(row_id: int | None) -> int:
    """The key of a row that is in the database. Raises ValueError for one that was not stored yet."""
    if row_id is None:
        raise ValueError("the row has no key before it is stored")
    return row_id
