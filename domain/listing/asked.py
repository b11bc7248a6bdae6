"""What somebody asks a list for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.obligations import Standing, State


class Waiting(StrEnum):
    """What waits for the office."""

    VERIFY = "verify"  #: a reported completion
    DECIDE = "decide"  #: an extension that was asked for
    TAKE_BACK = "take_back"  #: work that was returned
    APPROVE = "approve"  #: a level of the ladder


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter; what is empty is not asked for."""

    words: str = ""  #: searched without accents: the notice, the directive, the agency
    standing: Standing | None = None
    state: State | None = None
    agency: int | None = None
    conclusion: int | None = None
    directive: int | None = None
    due_from: date | None = None  #: of the last day in time, inclusive
    due_to: date | None = None
    waiting: Waiting | None = None
    owner: int | None = None  #: an official
    level: str = ""  #: of agencies
    everything: bool = False  #: also what was cancelled or withdrawn

    @property
    def is_of_work(self) -> bool:
        """Whether it asks for something that only an obligation has."""
        asked = (self.standing, self.state, self.agency, self.directive, self.due_from, self.due_to, self.waiting)
        return any(one is not None for one in asked)

    @property
    def is_narrow(self) -> bool:
        """Whether few obligations are asked for: it is cheaper to find and sort them than to walk past all others."""
        asked = (self.state, self.agency, self.conclusion, self.directive, self.waiting)
        return bool(self.words) or any(one is not None for one in asked)
