"""What every channel promises: one letter to one address, answered by a receipt or an error that says what can help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as a channel sees it."""

    recipient: str
    address: str
    sender: str  #: address of the office
    sender_name: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime  #: the moment of sending, aware


@dataclass(frozen=True, slots=True)
class Receipt:
    """The wire took the message; `detail` is what it said."""

    detail: str = ""


class ChannelError(Exception):
    """The wire did not take the message.

    `again`: trying the same message later can help. `down`: the channel itself is unreachable, so that trying the
    next message now is pointless.
    """

    def __init__(self, detail: str, *, again: bool, down: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.again = again
        self.down = down


class Channel(Protocol):
    """One way to reach people. Opened once a delivery, used for one recipient at a time."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def deliver(self, letter: Letter) -> Receipt:
        """Hands one letter to the wire. Raises ChannelError."""
