"""What the bot is told: somebody wrote to it. Pure, like the Official Account's events.

From public descriptions of the Bot API: `setWebhook` is given a secret, which comes back in a header.
"""

from __future__ import annotations

from notifications.channels.zalo.limits import LONGEST_TEXT, harmless, shortened
from notifications.channels.zalo.webhook import Wrote, id_in, inner, moment_of, read

SECRET_HEADER = "X-Bot-Api-Secret-Token"


def bot_event_of(body: bytes) -> Wrote | None:
    """What somebody wrote; None for all that we have no use for. The chat is what we can answer to."""
    said = read(body)
    message = inner(inner(said, "result") or said, "message")
    at, text, chat = moment_of(message.get("date")), message.get("text"), id_in(message, "chat", "id")
    if at is None or not chat or not isinstance(text, str):
        return None
    return Wrote(chat, at, shortened(harmless(text), LONGEST_TEXT), str(message.get("message_id", ""))[:64])
