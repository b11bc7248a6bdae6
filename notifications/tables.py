"""Every table of the notifications, known to SQLModel once this is imported."""

from __future__ import annotations

from notifications import chat_codes, outbox, stops
from notifications.channels.zalo import tokens

DECLARED_IN = (outbox, stops, chat_codes, tokens)
