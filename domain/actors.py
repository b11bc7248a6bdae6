"""Who acts: what somebody may do depends on the side they stand on."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """On whose side an actor stands."""

    AGENCY = "agency"  #: the body that answers for the work, through its link
    CLERK = "clerk"  #: the office: takes down what agencies say
    MANAGER = "manager"  #: the office: decides
    SYSTEM = "system"  #: a round, a flow


OFFICE = frozenset({By.CLERK, By.MANAGER})
