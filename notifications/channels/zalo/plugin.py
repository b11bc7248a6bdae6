"""What the three Zalo channels share: the Apprise side, and the one client of a delivery."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any, Self

from apprise import NotifyType
from apprise.plugins import NotifyBase

from config.words import say
from notifications.channels.contract import ChannelError, Fault, Letter, Receipt
from notifications.channels.zalo.limits import LONGEST_TEXT
from notifications.channels.zalo.settings import ZaloSettings
from notifications.channels.zalo.wire import Wire

IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")  #: of a user or a chat, as Zalo gives it to us


class ZaloPlugin(NotifyBase):  # type: ignore[misc]
    """An Apprise plugin that is made from settings; an address makes none, since it would hold secrets."""

    request_rate_per_sec = 0
    title_maxlen = 0
    body_maxlen = LONGEST_TEXT

    def __init__(self, zalo: ZaloSettings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zalo = zalo
        self._wire: Wire | None = None

    @staticmethod
    def parse_url(url: str, *args: Any, **kwargs: Any) -> None:
        """Nothing: no address that somebody typed becomes one of these."""

    def __enter__(self) -> Self:
        self._wire = Wire(self.zalo.patience)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    @property
    def wire(self) -> Wire:
        """The client of this delivery, which is open inside `with` only."""
        if self._wire is None:
            raise RuntimeError("a channel delivers inside `with`")
        return self._wire

    def deliver(self, letter: Letter) -> Receipt:
        """Hands one letter to the wire. Raises ChannelError."""
        raise NotImplementedError

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **kwargs: Any) -> bool:
        """Apprise's own door, which has no place for a receipt; the letter says everything."""
        letter: Letter = kwargs["letter"]
        self.deliver(letter)
        return True

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The plugin's address, without secrets, whoever asks."""
        return f"{self.protocol}://"


def identity(address: str) -> str:
    """The address as Zalo's name of a user or a chat. Raises ChannelError for what is none."""
    if not IDENTITY.fullmatch(address):
        raise ChannelError(say("zalo.letter.bad_chat"), Fault.ADDRESS)
    return address
