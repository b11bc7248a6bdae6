"""One Prefect server for the whole session, and offices whose flows run on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_LOGGING_TO_API_ENABLED,
    PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
    temporary_settings,
)

from config.settings import load_settings
from flows.server import free_port, running_server
from tests.story import OfficeStory


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Prefect server."""
    settings = load_settings(home=tmp_path_factory.mktemp("prefect"), prefect_port=free_port())
    with running_server(settings):
        yield settings.prefect_api


@pytest.fixture
def on_prefect(prefect_api: str) -> Iterator[str]:
    """This process talks to the server of the session."""
    with temporary_settings(
        {
            PREFECT_API_URL: prefect_api,
            PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
            PREFECT_LOGGING_TO_API_ENABLED: False,
        }
    ):
        yield prefect_api


@pytest.fixture
def followed_office(office: OfficeStory, on_prefect: str, home: Path) -> OfficeStory:
    """A simulated office whose deployments are registered with Prefect."""
    from flows.deployments import register

    register(office.settings, scheduled=False)
    return office
