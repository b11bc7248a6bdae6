"""What every channel promises: one letter to one address, answered by a receipt or an error that says what can help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType, TracebackType
from typing import Protocol, Self

NOTHING: Mapping[str, str] = MappingProxyType({})


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
    reply_to: str = ""  #: where an answer goes by mail; empty: to the sender
    calendar: str = ""  #: the deadlines as iCalendar; empty: none
    brief: str = ""  #: for a chat: what is wanted, number, deadline and link, never the notice's text
    #: for a template: what, number, deadline, count, link, office
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The wire took the message; `detail` is what it said."""

    detail: str = ""
    reference: str = ""  #: the wire's own name of the message, by which its fate can be asked for


class Fault(StrEnum):
    """Why the wire did not take a message, by what can help."""

    PASSING = "passing"  #: the same message, later
    DOWN = "down"  #: the channel is unreachable: nothing more now, everything later
    LATER = "later"  #: not before a moment: a quota, the night
    UNKNOWN = "unknown"  #: whether it arrived nobody can say: never repeated blindly
    ADDRESS = "address"  #: this address takes nothing, for good
    REFUSED = "refused"  #: this message is not taken, for good
    ACCOUNT = "account"  #: our own account there: the channel stops until the operator has seen to it


class ChannelError(Exception):
    """The wire did not take the message.

    `again`: trying the same message later can help. `down`: trying the next message now is pointless.
    """

    def __init__(self, detail: str, fault: Fault, *, not_before: datetime | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fault = fault
        self.not_before = not_before  #: of LATER: when it may be tried again

    @property
    def again(self) -> bool:
        """Whether trying the same message later can help."""
        return self.fault in (Fault.PASSING, Fault.DOWN, Fault.LATER, Fault.ACCOUNT)

    @property
    def down(self) -> bool:
        """Whether trying the next message now is pointless."""
        return self.fault in (Fault.DOWN, Fault.ACCOUNT)


class Channel(Protocol):
    """One way to reach people. Opened once a delivery, used for one recipient at a time."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def deliver(self, letter: Letter) -> Receipt:
        """Hands one letter to the wire. Raises ChannelError."""
