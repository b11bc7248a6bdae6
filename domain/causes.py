"""Why work is late, as agencies say it when they report or ask for more time."""

from __future__ import annotations

from enum import StrEnum

from domain.errors import Refusal


class Cause(StrEnum):
    """The causes that an agency chooses from; its own words stand in the report beside it."""

    OTHERS = "others"  #: waits for another body's opinion or paper
    LAW = "law"  #: the rules are unclear, missing or at odds
    MONEY = "money"  #: no funds yet
    SCOPE = "scope"  #: the work is larger or harder than was foreseen
    TIME = "time"  #: the time given was too short
    STAFF = "staff"  #: too few people, changes of staff or organisation
    LAND = "land"  #: site clearance
    DISASTER = "disaster"  #: natural disaster, epidemic
    OWN = "own"  #: the agency's own delay
    OTHER = "other"


def cause_of(words: str) -> str:
    """A cause as it was sent; empty where none was chosen. Raises Refusal for one that does not exist."""
    if words and words not in tuple(Cause):
        raise Refusal("causes.refused", words=words[:40], known=", ".join(Cause))
    return words
