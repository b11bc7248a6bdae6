"""What Official Account messages and template messages share: the access token, and no message at night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.words import say
from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.answers import Answer, check
from notifications.channels.zalo.limits import is_night, next_morning
from notifications.channels.zalo.plugin import ZaloPlugin
from notifications.channels.zalo.refreshing import TokenKeeper
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.tokens import Tokens, TokenStore


class OfficialPlugin(ZaloPlugin):
    """Speaks for the Official Account, by the tokens that its administrator consented to."""

    def __init__(self, zalo: ZaloSettings, tokens: TokenStore, **kwargs: Any) -> None:
        zalo.require("app_id", "secret_key")
        super().__init__(zalo, **kwargs)
        self.tokens = tokens

    def renewed(self, now: datetime) -> Tokens:
        """New tokens for those in force: proof that the consent counts. Raises ChannelError."""
        keeper = TokenKeeper(self.zalo, self.tokens, self.wire)
        return keeper.renewed(keeper.stored(), now)

    def ask(
        self,
        method: str,
        url: str,
        now: datetime,
        *,
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Asks with the token in force; where that counts no more, refreshes once and asks again.

        A refused token means that nothing was taken, so asking again doubles nothing. Raises ChannelError.
        """
        keeper = TokenKeeper(self.zalo, self.tokens, self.wire)
        token = keeper.in_force(now)
        answer = self.wire.ask(method, url, headers={"access_token": token.access}, json=json, params=params)
        if answer.refuses_the_token:
            token = keeper.renewed(token, now)
            answer = self.wire.ask(method, url, headers={"access_token": token.access}, json=json, params=params)
        check(answer, now)
        return answer


def decent_hour(moment: datetime) -> None:
    """Raises ChannelError at night: Zalo would refuse, so it is not even asked."""
    if is_night(moment):
        raise ChannelError(say("zalo.letter.night"), Fault.LATER, not_before=next_morning(moment))
