"""What all commands share: how they read days and moments, and how they print. Light: `read` starts with it."""

from __future__ import annotations

import json
import sys
from functools import cache

from rich.console import Console
from rich.status import Status

PIPED_WIDTH = 140  #: columns where no terminal says how many it has


@cache
def console() -> Console:
    """Where people read."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def waiting(words: str) -> Status:
    """Shows that somebody has to wait: a spinner at a terminal, a line where there is none."""
    if not console().is_terminal:
        console().print(words)
    return console().status(words)


def print_json(value: object) -> None:
    """One JSON value on standard output, and nothing else."""
    print(json.dumps(value, ensure_ascii=False, indent=1))
