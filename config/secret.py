"""The office's secret: what links, sessions' forms and receipts are signed with."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress

from config.settings import Settings


def secret_of(settings: Settings) -> bytes:
    """The secret of the settings; else the one in the home folder, made the first time anybody asks."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given.encode()
    with suppress(FileExistsError):
        _make(settings)
    return settings.secret_file.read_bytes()


def _make(settings: Settings) -> None:
    """Written beside and linked into place: whoever finds the file finds all of it, and the first one stays."""
    if settings.secret_file.exists():
        return
    partial = settings.secret_file.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}.part")
    partial.touch(mode=0o600)
    partial.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        os.link(partial, settings.secret_file)
    finally:
        partial.unlink()
