"""`dondoczalobot://`: a message of a bot, to a chat that somebody opened with it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.zalo.answers import MEANINGS, Answer, check, trouble
from notifications.channels.zalo.limits import chat_text
from notifications.channels.zalo.plugin import ZaloPlugin, identity
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.wire import HIDDEN

#: The bot's own codes, read as the HTTP codes that they look like: no public list explains them.
LIKE_HTTP = {
    401: Fault.ACCOUNT,
    404: Fault.ACCOUNT,
    403: Fault.ADDRESS,
    408: Fault.PASSING,
    429: Fault.PASSING,
    **dict.fromkeys(range(500, 600), Fault.PASSING),
}
IN_PATH = re.compile(r"/bot[^/\s]+/")


class TokenHidden(logging.Filter):
    """Takes the bot's token, which stands in the path, out of the client's log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record through."""
        record.msg, record.args = IN_PATH.sub(f"/bot{HIDDEN}/", record.getMessage()), ()
        return True


logging.getLogger("httpx").addFilter(TokenHidden())


class BotPlugin(ZaloPlugin):
    """Sends a letter's brief to a chat id."""

    service_name = "Zalo Bot"
    protocol = "dondoczalobot"
    templates = ("{schema}://",)

    def __init__(self, zalo: ZaloSettings, **kwargs: Any) -> None:
        zalo.require("bot_token")
        super().__init__(zalo, **kwargs)

    def deliver(self, letter: Letter) -> Receipt:
        """Hands the brief to the bot. Raises ChannelError."""
        message = {"chat_id": identity(letter.address), "text": chat_text(letter.brief)}
        answer = self._ask("sendMessage", message, letter.date)
        return Receipt("ok", answer.reference("message_id"))

    def name(self, now: datetime) -> str:
        """What the bot is called: proof that its token counts. Raises ChannelError."""
        return self._ask("getMe", {}, now).reference("account_name")

    def _ask(self, method: str, said: Mapping[str, str], now: datetime) -> Answer:
        token = self.zalo.bot_token
        url = f"{self.zalo.bot_host}/bot{quote(token, safe=':')}/{method}"
        answer = self.wire.ask("POST", url, json=said, hidden=[token])
        _check(answer, now)
        return answer


def _check(answer: Answer, now: datetime) -> None:
    """Raises ChannelError unless the bot says ok."""
    if answer.body.get("ok") is True:
        return
    if answer.body.get("ok") is not False:
        check(answer, now)
    code = answer.code or 0
    if code in MEANINGS:
        raise trouble(code, answer.words, now)
    raise ChannelError(f"{code} {answer.words}".strip(), LIKE_HTTP.get(code, Fault.REFUSED))
