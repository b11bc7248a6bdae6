"""While the office is not live, its messages go to a mailbox of its own, marked with whom they were meant for."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import Protocol

from config.settings import Settings
from config.words import say
from domain.sending import Mode
from notifications.channels.contract import Letter
from notifications.wording import plain_line


class Switch(Protocol):
    """What delivery has to know of the office: the switch as it stands."""

    @property
    def sending(self) -> str: ...  # noqa: D102
    @property
    def redirect_to(self) -> str: ...  # noqa: D102


def diverted_to(office: Switch, settings: Settings) -> str:
    """Where everything goes while the office is not live; empty where each goes to whom it is meant for."""
    if office.sending == Mode.SHADOW:
        return settings.office_mailbox or settings.mail_from
    return office.redirect_to if office.sending == Mode.REDIRECTED else ""


def marked(letter: Letter, address: str) -> Letter:
    """The letter to another address, marked with whom it was meant for."""
    words = say("messages.diverted.line", recipient=plain_line(letter.recipient), address=plain_line(letter.address))
    subject = say("messages.diverted.subject", recipient=plain_line(letter.recipient), subject=letter.subject)
    html = f"<p><strong>{escape(words)}</strong></p>"
    body = re.search(r"<body[^>]*>", letter.html)
    at = body.end() if body else 0
    return replace(
        letter,
        address=address,
        subject=subject,
        text=f"{words}\n\n{letter.text}",
        html=letter.html[:at] + html + letter.html[at:],
    )
