"""The wall clock: read by the command line and by flows, never by the domain."""

from __future__ import annotations

import pendulum
from pendulum import DateTime

from config.settings import ZONE


def wall_clock() -> DateTime:
    """This instant, on the office's wall clock."""
    return pendulum.now(ZONE)
