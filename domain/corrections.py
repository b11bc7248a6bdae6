"""What a person changes in a directive that was read: nothing here is a guess any more, so no doubt stays with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from config.words import say
from domain.drafts import DeadlineKind, DraftDeadline, DraftDirective
from domain.instants import at


def confirmed(one: DraftDirective) -> DraftDirective:
    """A person has looked at it: the confidence of the machine says nothing any more."""
    return one.model_copy(update={"confidence": None, "reasons": []})


def with_leads(one: DraftDirective, names: Iterable[str]) -> DraftDirective:
    """Other bodies answer for it; who leads does not co-operate as well, and warnings about the old leads go."""
    leads = list(dict.fromkeys(names))
    gone = {say("reading.warning.unknown_body", name=name) for name in one.lead}
    helpers = [name for name in one.cooperating if name not in leads]
    warnings = [warning for warning in one.warnings if warning not in gone]
    return confirmed(one).model_copy(update={"lead": leads, "cooperating": helpers, "warnings": warnings})


def with_cooperating(one: DraftDirective, names: Iterable[str]) -> DraftDirective:
    """Other bodies help."""
    helpers = [name for name in dict.fromkeys(names) if name not in one.lead]
    return confirmed(one).model_copy(update={"cooperating": helpers})


def with_last_day(one: DraftDirective, last: date | None) -> DraftDirective:
    """Another last day in time, or none. The phrase of the notice stays, so that the change can be seen."""
    phrase = one.deadline.phrase
    if last is None:
        why, deadline = say("events.person.undated"), DraftDeadline(phrase=phrase)
    else:
        why = say("events.person.dated", day=f"{last:%d/%m/%Y}")
        bound = at(last + timedelta(days=1))
        deadline = DraftDeadline(kind=DeadlineKind.DATE, phrase=phrase, due_before=bound)
    unknown = {say("reading.warning.unknown_body", name=name) for name in one.lead}
    warnings = [warning for warning in one.warnings if warning in unknown]
    deadline = deadline.model_copy(update={"explanation": why})
    return confirmed(one).model_copy(update={"deadline": deadline, "warnings": warnings})


def for_information(one: DraftDirective) -> DraftDirective:
    """Told once and not followed up, or followed up after all."""
    return confirmed(one).model_copy(update={"tracked": not one.tracked})
