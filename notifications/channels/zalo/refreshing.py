"""A refresh token works once: one process at a time spends it, and stores the new one before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from config.words import say, say_with
from domain.errors import Refusal
from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.answers import Answer, check
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.tokens import Tokens, TokenStore
from notifications.channels.zalo.wire import Wire

EARLY = timedelta(minutes=5)  #: before its end a token is refreshed without waiting for a refusal
SHORT_LIFE = 3600  #: seconds that a token is believed in whose life we could not read: better than to lose it


class TokenKeeper:
    """Answers a token that counts, from the store or by a refresh."""

    def __init__(self, zalo: ZaloSettings, store: TokenStore, wire: Wire) -> None:
        self.zalo = zalo
        self.store = store
        self.wire = wire

    def in_force(self, now: datetime) -> Tokens:
        """The token to use at `now`. Raises ChannelError when a person must consent first."""
        tokens = self.stored()
        return tokens if now < tokens.expires_at - EARLY else self.renewed(tokens, now)

    def renewed(self, stale: Tokens, now: datetime) -> Tokens:
        """A newer token than `stale`. Who waited for another's refresh uses what the other stored.

        1. Waits for the lock and reads again. 2. Stores the old tokens once more: a full disk shows before the refresh
        token is spent. 3. Spends it. 4. Commits the new ones, then answers them. Raises ChannelError.
        """
        with self.store.lock():
            stored = self.stored()
            if stored.access != stale.access:
                return stored
            self._save(stored)
            return self._asked({"grant_type": "refresh_token", "refresh_token": stored.refresh}, now)

    def consented(self, code: str, verifier: str, now: datetime) -> Tokens:
        """The first tokens, for the code that a person's consent gave us. Raises ChannelError."""
        with self.store.lock():
            return self._asked({"grant_type": "authorization_code", "code": code, "code_verifier": verifier}, now)

    def _asked(self, grant: Mapping[str, str], now: datetime) -> Tokens:
        answer = self._answer(grant, now)
        tokens = _tokens(answer, now)
        self._save(tokens)
        return tokens

    def _answer(self, grant: Mapping[str, str], now: datetime) -> Answer:
        hidden = [value for name, value in grant.items() if name != "grant_type"]
        try:
            answer = self.wire.ask(
                "POST",
                self.zalo.oauth_host + self.zalo.token_path,
                headers={"secret_key": self.zalo.secret_key},
                form={"app_id": self.zalo.app_id, **grant},
                hidden=hidden,
            )
            if answer.code is not None or "access_token" not in answer.body:
                check(answer, now)
        except ChannelError as error:
            raise _about_us(error) from None
        return answer

    def stored(self) -> Tokens:
        """The tokens as they are stored. Raises ChannelError when a person must consent first."""
        try:
            tokens = self.store.load()
        except Refusal as refusal:
            raise _cannot_store(refusal) from None
        if tokens is None:
            raise ChannelError(say("zalo.tokens.nobody_consented"), Fault.ACCOUNT)
        return tokens

    def _save(self, tokens: Tokens) -> None:
        try:
            self.store.save(tokens)
        except Refusal as refusal:
            raise _cannot_store(refusal) from None


def _about_us(error: ChannelError) -> ChannelError:
    """What went wrong with a refresh is no fault of the message's: nothing of it was sent."""
    passing = error.fault in (Fault.PASSING, Fault.UNKNOWN, Fault.DOWN)
    return ChannelError(error.detail, Fault.DOWN if passing else Fault.ACCOUNT)


def _cannot_store(refusal: Refusal) -> ChannelError:
    return ChannelError(say_with(refusal.code, refusal.params), Fault.DOWN)


def _tokens(answer: Answer, now: datetime) -> Tokens:
    access, refresh = (answer.body.get(name) for name in ("access_token", "refresh_token"))
    if not (_is_token(access) and _is_token(refresh)):
        raise ChannelError(say("zalo.tokens.unreadable"), Fault.ACCOUNT)
    return Tokens(str(access), str(refresh), now, now + timedelta(seconds=_life(answer.body.get("expires_in"))))


def _is_token(value: object) -> bool:
    """Something that a header can hold."""
    return isinstance(value, str) and bool(value) and all("!" <= character <= "~" for character in value)


def _life(told: object) -> int:
    """Seconds; Zalo writes the number as a string."""
    try:
        seconds = int(told) if isinstance(told, str | int) else SHORT_LIFE
    except ValueError:
        return SHORT_LIFE
    return seconds if 0 < seconds <= 366 * 86400 else SHORT_LIFE
