"""A process that is killed at a named point of the product: it wraps one function from outside, and dies there.

Run as `python -m tests.acceptance.crashing HOME DATABASE_URL NAME`; the product knows nothing of it.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.clock import wall_clock
from config.settings import load_settings
from domain.founding import open_ledger
from tests.story import OfficeStory, directive, draft

NOTICE = draft(
    directive("Sở Nội vụ", "2018-03-09", cooperating=["Sở Y tế"]),
    directive(["Sở Tài chính", "Sở Tư pháp"], "2018-03-14", path="2"),
    directive("Sở Xây dựng", path="3"),
    number="12/TB-SIGKILL",
)
FILED_AT, ROUND_AT = "2018-03-07 09:00", "2018-03-07 09:00"


@dataclass(frozen=True)
class Point:
    """Where the process dies: before or after the n-th call of a function."""

    name: str
    function: str  #: module:attribute, or module:Class.method
    after: bool = False
    call: int = 1


POINTS = (
    Point("before anything of the notice is written", "domain.filing:_add_conclusion"),
    Point("after the notice, before its items", "domain.filing:_add_conclusion", after=True),
    Point("in the middle of its items", "domain.filing:_add_directive", after=True, call=2),
    Point("before the filing is written down in the audit trail", "domain.store:append"),
    Point("after the filing is written down, before it is committed", "domain.store:append", after=True),
    Point("after the notice is in the ledger, before anybody plans it", "flows.holding:plan_conclusion"),
    Point("in the middle of planning", "domain.planning:plan", after=True, call=2),
    Point("when all is planned, before it is committed", "domain.planning:open_moments"),
    Point("when the plan is committed, before the round", "flows.holding:compose_round"),
    Point("at the beginning of the round", "notifications.composing:open_periods", after=True),
    Point("in the middle of the verdicts", "notifications.composing:RoundWriter._complete", after=True, call=2),
    Point("before the messages are written", "notifications.composing:Queue.write"),
    Point("when the messages are written, not committed", "notifications.composing:Queue.write", after=True),
    Point("when the round is committed, before anything is sent", "flows.holding:channels_with_mail"),
    Point("when the channel is held, before any message", "notifications.delivery:Sender.settle_leftovers", after=True),
    Point("when a message is claimed, before the wire", "notifications.delivery:_letter"),
    Point("after the wire, before its fate is written", "notifications.delivery:write_fate"),
    Point("when a fate is written, before the next message", "notifications.delivery:write_fate", after=True),
    Point("between the second message and the third", "notifications.delivery:claim", call=3),
    Point("after the wire took the last but one", "notifications.delivery:write_fate", call=4),
)  # fmt: skip


def die() -> None:
    """What a power cut is to a process."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: Point) -> None:
    """Wraps the point's function where the product looks it up."""
    module_name, _, path = point.function.partition(":")
    owner: Any = importlib.import_module(module_name)
    *parents, attribute = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    real: Callable[..., Any] = getattr(owner, attribute)
    calls = 0

    def wrapped(*words: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == point.call and not point.after:
            die()
        result = real(*words, **more)
        if calls == point.call:
            die()
        return result

    setattr(owner, attribute, wrapped)


def open_story(home: Path, database_url: str) -> OfficeStory:
    """The office that is there."""
    settings = load_settings(home=home, database_url=database_url)
    return OfficeStory(settings, open_ledger(settings, wall_clock))


def main() -> None:
    """Files the notice and holds its first round, as far as it gets."""
    home, database_url, name = sys.argv[1:]
    story = open_story(Path(home), database_url)
    arm(next(point for point in POINTS if point.name == name))
    story.files(NOTICE, FILED_AT)
    story.holds_round(ROUND_AT)


if __name__ == "__main__":
    main()
