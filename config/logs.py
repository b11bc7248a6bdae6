"""Structured logs: one JSON object a line, in the home folder."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler

from pythonjsonlogger.json import JsonFormatter

from config.settings import Settings

MEGABYTE = 1_000_000


def log_to_file(settings: Settings) -> None:
    """Sends the `dondoc` loggers to `logs/dondoc.jsonl`; once a process."""
    root = logging.getLogger("dondoc")
    if root.handlers:
        return
    root.setLevel(settings.log_level)
    root.propagate = False
    try:
        settings.logs_folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            settings.logs_folder / "dondoc.jsonl", maxBytes=10 * MEGABYTE, backupCount=5, encoding="utf-8"
        )
    except OSError:  # a log that cannot be written must not stop a reminder
        handler = logging.NullHandler()
    handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", json_ensure_ascii=False))
    root.addHandler(handler)
