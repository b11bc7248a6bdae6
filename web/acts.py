"""What can be done about an obligation on its page: each act with its fields, and the domain's operation behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from domain.actors import By
from domain.causes import cause_of
from domain.errors import Refusal
from domain.instants import at
from domain.life import correcting, extensions, handing, linking, verification
from domain.life.machine import MACHINE, Deed
from domain.planning import Followed, one_followed
from domain.reports import COMPLETE, KeptFile, Said, report
from domain.store import Change
from domain.written import parse_day
from web.visit import Form

Doing = Callable[[Change, int, Form], Sequence[Followed]]
DOOR = "office"


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what it does, what its form asks, and when it is offered."""

    name: str
    deed: Deed
    fields: tuple[str, ...]
    do: Doing
    offered: Callable[[Followed], bool] = lambda _: True
    grave: bool = False  #: takes work away, or says no

    def is_for(self, side: By) -> bool:
        """Whether somebody on that side may ever do it."""
        return side in MACHINE[self.deed].by

    def is_possible(self, one: Followed, side: By) -> bool:
        """Whether it can be done now."""
        return self.is_for(side) and one.obligation.state in MACHINE[self.deed].states and self.offered(one)


def _asked(one: Followed) -> bool:
    return one.obligation.asked_at is not None


def _dated_unasked(one: Followed) -> bool:
    return one.obligation.due_before is not None and one.obligation.asked_at is None


def _reason(form: Form) -> str:
    return form.words("reason")


def _bound(form: Form, name: str = "last_day") -> datetime | None:
    """The first instant that would be late, of the last day that was given; None for none."""
    words = form.words(name)
    return at(parse_day(words) + timedelta(days=1)) if words else None


def _wished(form: Form) -> datetime:
    bound = _bound(form)
    if bound is None:
        raise Refusal("errors.ask_until")
    return bound


def said_by(form: Form) -> Said:
    """A report as the form holds it, still without files. Raises Refusal for one that says nothing of how far it is."""
    done, percent = form.words("what") == "done", form.words("percent")
    if not done and not (percent.isdecimal() and len(percent) < 4 and int(percent) < COMPLETE):
        raise Refusal("errors.done_or_progress")
    number, day = form.words("letter_number"), form.words("letter_date")
    if bool(number) != bool(day):
        raise Refusal("answer.refused.letter")
    return Said(
        COMPLETE if done else int(percent),
        form.words("reason"),
        form.words("who"),
        DOOR,
        number or None,
        parse_day(day) if day else None,
        (),
        form.words("who")[:120],
        form.words("phone")[:30],
        cause_of(form.words("cause")),
    )


def take_report(change: Change, obligation: int, form: Form, files: tuple[KeptFile, ...]) -> Sequence[Followed]:
    """Takes down what an agency reported."""
    said = said_by(form)
    report(change, obligation, replace(said, actor=said.actor or change.actor, files=files))
    return [one_followed(change.session, change.office_id, obligation)]


def _link(change: Change, obligation: int, form: Form) -> Sequence[Followed]:
    words = form.words("others").replace(",", " ").split()
    if not words or not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in words):
        raise Refusal("web_work.refused.others")
    return linking.link(change, [obligation, *map(int, words)])


def _correct_deadline(change: Change, obligation: int, form: Form) -> Sequence[Followed]:
    bound = _bound(form)
    if (bound is None) != form.has("undated"):
        raise Refusal("errors.one_correction")
    return correcting.correct_deadline(change, obligation, bound, _reason(form))


def _acts() -> tuple[Act, ...]:
    r = ("reason",)
    return (
        Act("accept", Deed.ACCEPT, ("note",), lambda c, i, f: verification.accept(c, i, f.words("note"))),
        Act("reject", Deed.REJECT, r, lambda c, i, f: verification.reject(c, i, _reason(f)), grave=True),
        Act(
            "grant",
            Deed.EXTEND,
            ("last_day", *r),
            lambda c, i, f: [extensions.extend(c, i, _bound(f), _reason(f))],
            _asked,
        ),
        Act(
            "refuse",
            Deed.REFUSE_EXTENSION,
            r,
            lambda c, i, f: [extensions.refuse(c, i, _reason(f))],
            _asked,
            grave=True,
        ),
        Act("insist", Deed.INSIST, r, lambda c, i, f: [handing.insist(c, i, _reason(f))]),
        Act(
            "reassign",
            Deed.REASSIGN,
            ("agency", *r),
            lambda c, i, f: [handing.reassign(c, i, f.words("agency"), _reason(f))],
        ),
        Act("report", Deed.PROGRESS, ("report",), lambda c, i, f: take_report(c, i, f, ())),
        Act("acknowledge", Deed.ACKNOWLEDGE, ("who",), lambda c, i, f: [handing.acknowledge(c, i, f.words("who"))]),
        Act(
            "extend",
            Deed.EXTEND,
            ("last_day", *r),
            lambda c, i, f: [extensions.extend(c, i, _wished(f), _reason(f))],
            _dated_unasked,
        ),
        Act(
            "ask-extension",
            Deed.ASK_EXTENSION,
            ("last_day", *r, "cause", "who"),
            lambda c, i, f: [
                extensions.ask(c, i, _wished(f), _reason(f), f.words("who") or c.actor, cause_of(f.words("cause")))
            ],
            _dated_unasked,
        ),
        Act("return", Deed.RETURN, (*r, "who"), lambda c, i, f: [handing.give_back(c, i, _reason(f), f.words("who"))]),
        Act("ask", Deed.ASK_STATUS, ("note",), lambda c, i, f: [handing.ask_status(c, i, f.words("note"))]),
        Act("correct-deadline", Deed.CORRECT, ("last_day", "undated", *r), _correct_deadline),
        Act(
            "correct-lead",
            Deed.CORRECT,
            ("agency", *r),
            lambda c, i, f: [correcting.correct_lead(c, i, f.words("agency"), _reason(f))],
        ),
        Act(
            "for-information",
            Deed.CORRECT,
            r,
            lambda c, i, f: correcting.correct_tracking(c, i, tracked=False, reason=_reason(f)),
            lambda one: one.directive.tracked,
        ),
        Act(
            "follow-up",
            Deed.CORRECT,
            r,
            lambda c, i, f: correcting.correct_tracking(c, i, tracked=True, reason=_reason(f)),
            lambda one: not one.directive.tracked,
        ),
        Act("link", Deed.LINK, ("others",), _link),
        Act("unlink", Deed.LINK, (), lambda c, i, _: [linking.unlink(c, i)], lambda one: bool(one.obligation.link)),
        Act("close", Deed.CLOSE, r, lambda c, i, f: handing.close(c, i, _reason(f)), grave=True),
        Act("cancel", Deed.CANCEL, r, lambda c, i, f: handing.cancel(c, i, _reason(f)), grave=True),
    )


ACTS: Mapping[str, Act] = MappingProxyType({act.name: act for act in _acts()})
#: what the office owes an answer to: shown first and big
FIRST = ("accept", "reject", "grant", "refuse", "insist")
