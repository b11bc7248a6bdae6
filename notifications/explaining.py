"""Why each moment of an obligation is when it is, what was said, and what comes next: in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from config.words import say, say_with
from domain.agencies import agency_names
from domain.checkpoints import LIVE, Fate, checkpoints_of
from domain.explaining.causes import Past
from domain.explaining.memory import remembered
from domain.instants import local
from domain.keys import key
from domain.life.extensions import Decision, Extension, extensions_of
from domain.life.handing import WorkReturn, returns_of
from domain.life.verification import Verification
from domain.obligations import Obligation, State, standing
from domain.offices import working_time
from domain.planning import Followed
from domain.recurrence import next_bound
from domain.reports import COMPLETE, StatusReport
from notifications.reasons import Reasons
from notifications.retelling import Retelling
from notifications.wording import day_words, deadline_words, document_words, moment_words, plain_line, quoted

SAID = (Fate.DONE, Fate.FOLDED, Fate.SKIPPED, Fate.PASSED)  #: what became of moments that count
NEXT_BOUNDS = 3  #: of recurring work, that are named


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the account; `at` is the moment it speaks of, where it speaks of one."""

    kind: str  #: work, bound, moment, deed, standing, next
    text: str
    at: datetime | None = None


def explain(session: Session, one: Followed, now: datetime) -> list[Line]:
    """The account of one obligation as of `now`: where it comes from, its life in time order, and what is to come."""
    return list(_account(Explainer(session, one, now)))


def _account(words: Explainer) -> Iterator[Line]:
    yield from words.work()
    yield from words.bound()
    lived = [*words.deeds(), *words.moments(SAID)]
    yield from sorted(lived, key=lambda line: line.at or words.now)
    yield words.standing()
    coming = sorted(words.moments(LIVE, "next"), key=lambda line: line.at or words.now)
    yield from coming or [Line("next", say("outlook.nothing_next"))]


class Explainer:
    """Tells the parts of the account."""

    def __init__(self, session: Session, one: Followed, now: datetime) -> None:
        self.session = session
        self.one = one
        self.own: Obligation = one.obligation
        self.now = now
        self.id = key(one.obligation.id)
        self.names = agency_names(session, one.obligation.office_id)
        office = working_time(session, one.obligation.office_id)
        rows = checkpoints_of(session, [self.id])[self.id]
        trail = remembered(session, one, [row.id for row in rows])
        self.past = Past(rows, extensions_of(session, self.id), trail, one.policy, office)

    def work(self) -> Iterator[Line]:
        """The notice, the task in its words, who answers for it."""
        conclusion, directive = self.one.conclusion, self.one.directive
        yield Line(
            "work",
            say(
                "outlook.work.source",
                id=self.id,
                document=document_words(conclusion.kind),
                number=plain_line(conclusion.number),
                day=day_words(conclusion.issued_on),
                path=plain_line(directive.path),
                agency=self.names[self.own.agency_id],
                text=quoted(directive.text),
            ),
        )
        if self.own.came_from:
            yield Line("work", say("outlook.work.came_from", id=self.own.came_from))
        if self.own.link and (others := self._linked()):
            yield Line("work", say("outlook.work.linked", ids=others))
        if self.one.work.request:
            yield Line("work", say("outlook.work.request"))
        if not directive.tracked:
            yield Line("work", say("outlook.work.information"))

    def _linked(self) -> str:
        query = select(Obligation.id).where(
            Obligation.link == self.own.link, Obligation.id != self.id, Obligation.state != State.CANCELLED
        )
        return ", ".join(str(id_) for id_ in self.session.exec(query))

    def bound(self) -> Iterator[Line]:
        """From the phrase to the last moment, rule by rule."""
        directive, own = self.one.directive, self.own
        if directive.phrase:
            yield Line("bound", say("outlook.bound.phrase", phrase=plain_line(directive.phrase)))
        for line in (directive.explanation or "").splitlines():
            yield Line("bound", line)
        if directive.rrule is not None:
            yield Line("bound", say("outlook.bound.recurring", days=self._next_bounds()))
        if own.first_due_before != own.due_before:
            yield Line("bound", say("outlook.bound.first", deadline=deadline_words(own.first_due_before)))
        words = "undated" if own.due_before is None else "now"
        yield Line("bound", say(f"outlook.bound.{words}", deadline=deadline_words(own.due_before)), own.due_before)

    def _next_bounds(self) -> str:
        found: list[str] = []
        after: datetime | None = self.own.due_before or self.now
        while after is not None and len(found) < NEXT_BOUNDS:
            found.append(moment_words(after))
            after = next_bound(self.one.directive.rrule or "", self.one.conclusion.issued_on, after)
        return "; ".join(found)

    def deeds(self) -> Iterator[Line]:
        """What the agency and the office did."""
        own = self.own
        yield self._deed("filed", self.one.conclusion.filed_at)
        if own.came_from or own.assigned_at != self.one.conclusion.filed_at:
            yield self._deed("assigned", own.assigned_at, agency=self.names[own.agency_id])
        yield from self._reports()
        yield from self._verifications()
        for row in self.past.extensions:
            yield from self._extension(row)
        for returned in returns_of(self.session, self.id):
            yield from self._return(returned)
        yield from (Line("deed", text, at) for at, text in self._retelling().told(self.past.trail))

    def _retelling(self) -> Retelling:
        reports = self.session.exec(select(StatusReport.id).where(StatusReport.obligation_id == self.id)).all()
        successor = self.session.exec(select(Obligation.id).where(Obligation.came_from == self.id)).first()
        days = [local(row.planned_at).date() for row in self.past.rows]
        span = range((max(days) - min(days)).days + 1) if days else range(0)
        between = {min(days) + timedelta(days=n) for n in span}
        return Retelling({row.id: row for row in self.past.rows}, reports, successor, between)

    def _deed(self, what: str, at: datetime, **words: str | int) -> Line:
        said = {"at": moment_words(at)} | words
        return Line("deed", say_with(f"outlook.deed.{what}", said), at)

    def _reports(self) -> Iterator[Line]:
        query = select(StatusReport).where(StatusReport.obligation_id == self.id).order_by(col(StatusReport.id))
        for row in self.session.exec(query):
            what = "reported" if row.percent == COMPLETE else "progressed"
            note = quoted(row.note)
            if row.letter_number and row.letter_date:
                letter = say(
                    "outlook.deed.letter", number=plain_line(row.letter_number), day=day_words(row.letter_date)
                )
                note = f"{note} {letter}"
            yield self._deed(what, row.effective_at, percent=row.percent, note=note)

    def _verifications(self) -> Iterator[Line]:
        query = select(Verification).where(Verification.obligation_id == self.id).order_by(col(Verification.id))
        for row in self.session.exec(query):
            what = "accepted" if row.accepted else "rejected"
            yield self._deed(what, row.effective_at, who=plain_line(row.actor), reason=quoted(row.reason) or "—")

    def _extension(self, row: Extension) -> Iterator[Line]:
        if row.wished is not None:
            yield self._deed(
                "extension_asked",
                row.asked_at,
                who=plain_line(row.asked_by),
                wished=deadline_words(row.wished),
                reason=quoted(row.reason),
            )
        if row.decided_at is None or row.decision == Decision.MOOT:
            return
        yield self._deed(
            f"extension_{row.decision}",
            row.decided_at,
            who=plain_line(row.decided_by or ""),
            before=deadline_words(row.before),
            granted=deadline_words(row.granted),
            reason=quoted(row.note),
        )

    def _return(self, row: WorkReturn) -> Iterator[Line]:
        yield self._deed("returned", row.at, who=plain_line(row.actor), reason=quoted(row.reason))
        if row.decided_at is not None:
            decision = say(f"life.deed.{row.decision}")
            yield self._deed("return_decided", row.decided_at, decision=decision, reason=quoted(row.note))

    def moments(self, fates: Collection[str], kind: str = "moment") -> Iterator[Line]:
        """Each checkpoint of those fates: why it is then, and what became of it."""
        reasons = Reasons(self.session, self.own, self.past)
        for row in self.past.rows:
            if row.fate in fates:
                yield Line(kind, reasons.told(row), row.at)

    def standing(self) -> Line:
        """Where it stands now."""
        state = say(f"views.state.{self.own.state}")
        if self.own.state == State.CANCELLED:
            return Line("standing", say("outlook.ended", at=moment_words(self.now), state=state), self.now)
        words = say(f"views.standing.{standing(self.own, self.now)}")
        return Line(
            "standing", say("outlook.standing", at=moment_words(self.now), standing=words, state=state), self.now
        )
