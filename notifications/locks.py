"""One process at a time delivers by a channel: a lock that the kernel or PostgreSQL drops when that process dies."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text


@contextmanager
def channel_lock(engine: Engine, folder: Path, channel: str) -> Iterator[None]:
    """Waits for the channel and holds it."""
    if engine.dialect.name == "postgresql":
        with _postgres_lock(engine, channel):
            yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{channel}.lock", "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _postgres_lock(engine: Engine, channel: str) -> Iterator[None]:
    key = zlib.crc32(f"dondoc:{channel}".encode())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
