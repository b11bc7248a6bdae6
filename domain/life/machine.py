"""The state machine of obligations: which deed is possible in which state, who may do it, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from config.words import say
from domain.actors import OFFICE, By
from domain.errors import Refusal
from domain.obligations import OPEN, UNSETTLED, Obligation, State
from domain.store import Change

LONGEST_REASON = 4000  #: characters


class Deed(StrEnum):
    """What somebody does about an obligation. The value is the verb in the audit trail."""

    ACKNOWLEDGE = "acknowledged"
    PROGRESS = "progressed"
    COMPLETE = "reported"
    ACCEPT = "accepted"
    REJECT = "rejected"
    LAPSE = "lapsed"  #: an acknowledgement without progress expires
    RETURN = "returned"
    INSIST = "insisted"
    REASSIGN = "reassigned"
    ASK_EXTENSION = "extension_asked"
    EXTEND = "extended"
    REFUSE_EXTENSION = "extension_refused"
    CORRECT = "corrected"
    ASK_STATUS = "status_asked"
    CLOSE = "closed"
    CANCEL = "cancelled"
    LINK = "linked"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, to which (None: the state stays), and by whom."""

    states: tuple[State, ...]
    to: State | None
    by: frozenset[By]


SAID = frozenset({By.AGENCY, *OFFICE})  #: the agency itself, or the office that takes it down
DECIDED = frozenset({By.MANAGER})
MACHINE: Mapping[Deed, Rule] = MappingProxyType(
    {
        Deed.ACKNOWLEDGE: Rule((State.ASSIGNED,), State.ACKNOWLEDGED, SAID),
        Deed.PROGRESS: Rule(OPEN, State.IN_PROGRESS, SAID),
        Deed.COMPLETE: Rule(OPEN, State.REPORTED, SAID),
        Deed.ACCEPT: Rule((State.REPORTED,), State.DONE, DECIDED),
        Deed.REJECT: Rule((State.REPORTED,), State.IN_PROGRESS, DECIDED),
        Deed.LAPSE: Rule((State.ACKNOWLEDGED,), State.ASSIGNED, frozenset({By.SYSTEM})),
        Deed.RETURN: Rule(OPEN, State.RETURNED, SAID),
        Deed.INSIST: Rule((State.RETURNED,), State.ASSIGNED, DECIDED),
        Deed.REASSIGN: Rule(UNSETTLED, State.CANCELLED, DECIDED),
        Deed.ASK_EXTENSION: Rule(OPEN, None, SAID),
        Deed.EXTEND: Rule(OPEN, None, DECIDED),
        Deed.REFUSE_EXTENSION: Rule(OPEN, None, DECIDED),
        Deed.CORRECT: Rule(UNSETTLED, None, OFFICE),
        Deed.ASK_STATUS: Rule(OPEN, None, OFFICE),
        Deed.CLOSE: Rule(UNSETTLED, State.DONE, DECIDED),
        Deed.CANCEL: Rule(UNSETTLED, State.CANCELLED, DECIDED),
        Deed.LINK: Rule((*UNSETTLED, State.REPORTED), None, OFFICE),
    }
)


def allowed(obligation: Obligation, by: By) -> list[Deed]:
    """What somebody on that side can do about the obligation now."""
    return [deed for deed, rule in MACHINE.items() if by in rule.by and obligation.state in rule.states]


def check(change: Change, obligation: Obligation, deed: Deed) -> None:
    """Raises Refusal where the deed is not possible in the present state, or not for whoever acts."""
    rule = MACHINE[deed]
    if change.by not in rule.by:
        raise Refusal("errors.not_yours_to_do", deed=say(f"life.deed.{deed}"), by=say(f"life.by.{change.by}"))
    if obligation.state in rule.states:
        return
    if obligation.state == State.REPORTED and State.REPORTED not in rule.states:
        raise Refusal("errors.already_settled", id=obligation.id)
    state = say(f"views.state.{obligation.state}")
    raise Refusal("errors.not_in_state", id=obligation.id, state=state, deed=say(f"life.deed.{deed}"))


def advance(change: Change, obligation: Obligation, deed: Deed, **payload: object) -> None:
    """Does the deed: the state moves on and the audit trail says so, with the states before and after.

    Raises Refusal like `check`.
    """
    check(change, obligation, deed)
    before = obligation.state
    obligation.state = MACHINE[deed].to or obligation.state
    change.session.add(obligation)
    change.record(
        f"obligation.{deed}",
        f"obligation:{obligation.id}",
        **payload,
        **({} if before == obligation.state else {"state_before": before, "state": str(obligation.state)}),
    )


def reason_of(words: str) -> str:
    """The reason somebody gives. Raises Refusal for none, and for one that is a document."""
    reason = words.strip()
    if not reason:
        raise Refusal("errors.no_reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal("errors.long_reason", most=LONGEST_REASON)
    return reason
