"""In which mode an office is, in words: what `init`, `doctor` and `sending` say. Light: no channel is loaded for it."""

from __future__ import annotations

from config.settings import Settings
from config.words import say
from domain.offices import Office
from domain.sending import Mode


def diverted_to(row: Office, settings: Settings) -> str:
    """Where everything goes while the office is not live; empty where each goes to whom it is meant for."""
    return (settings.office_mailbox or settings.mail_from) if row.sending == Mode.SHADOW else row.redirect_to


def mode_words(row: Office, settings: Settings) -> str:
    """In which mode an office is, and how to go live."""
    if row.simulated and row.sending == Mode.LIVE:
        return say("desk.sending.simulated", folder=settings.mail_folder)
    return say(f"desk.sending.mode.{row.sending}", address=diverted_to(row, settings))
