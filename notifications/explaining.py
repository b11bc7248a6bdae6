"""Why each moment of an obligation is when it is, what was said, and what comes next: in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from config.words import say, say_with
from domain.agencies import agency_names
from domain.calendar import WorkingCalendar
from domain.checkpoints import LIVE, Checkpoint, Fate, checkpoints_of
from domain.deadlines import first_late_day, last_day
from domain.instants import local
from domain.keys import key
from domain.life.extensions import Decision, Extension, extensions_of
from domain.life.handing import WorkReturn, returns_of
from domain.life.verification import Verification
from domain.moments import FOR_OFFICE, Kind
from domain.obligations import Obligation, standing
from domain.offices import CalendarDay, working_time
from domain.planning import Followed
from domain.policy import FollowUp
from domain.recurrence import next_bound
from domain.reports import COMPLETE, StatusReport
from notifications.history import Sending, sendings
from notifications.wording import day_words, deadline_words, moment_words, plain_line, quoted

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
    coming = words.moments(LIVE)
    yield from sorted(coming, key=lambda line: line.at or words.now)


class Explainer:
    """Tells the parts of the account."""

    def __init__(self, session: Session, one: Followed, now: datetime) -> None:
        self.session = session
        self.one = one
        self.own: Obligation = one.obligation
        self.now = now
        self.id = key(one.obligation.id)
        self.names = agency_names(session, one.obligation.office_id)
        self.policy: FollowUp = one.policy
        self.calendar: WorkingCalendar = working_time(session, one.obligation.office_id).calendar
        self.reasons = _reasons(session, one.obligation.office_id)
        self.sent: Mapping[int, Sequence[Sending]] = sendings(session, one.obligation.office_id)

    def work(self) -> Iterator[Line]:
        """The notice, the task in its words, who answers for it."""
        conclusion, directive = self.one.conclusion, self.one.directive
        yield Line(
            "work",
            say(
                "outlook.work.source",
                id=self.id,
                number=plain_line(conclusion.number),
                day=day_words(conclusion.issued_on),
                path=plain_line(directive.path),
                agency=self.names[self.own.agency_id],
                text=quoted(directive.text),
            ),
        )
        if self.own.came_from:
            yield Line("work", say("outlook.work.came_from", id=self.own.came_from))
        if self.own.link:
            yield Line("work", say("outlook.work.linked", ids=self._linked()))
        if self.one.work.request:
            yield Line("work", say("outlook.work.request"))
        if not directive.tracked:
            yield Line("work", say("outlook.work.information"))

    def _linked(self) -> str:
        query = select(Obligation.id).where(Obligation.link == self.own.link, Obligation.id != self.id)
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
        if own.acknowledged_at:
            yield self._deed("acknowledged", own.acknowledged_at)
        yield from self._reports()
        yield from self._verifications()
        for row in extensions_of(self.session, self.id):
            yield from self._extension(row)
        for returned in returns_of(self.session, self.id):
            yield from self._return(returned)
        if own.cancelled_at:
            yield self._deed("cancelled", own.cancelled_at)

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

    def moments(self, fates: Collection[str]) -> Iterator[Line]:
        """Each checkpoint of those fates: why it is then, and what became of it."""
        for row in checkpoints_of(self.session, [self.id])[self.id]:
            if row.fate in fates:
                parts = [self._why(row), *self._fate(row)]
                yield Line("moment", " ".join(parts), row.at)

    def _why(self, row: Checkpoint) -> str:
        head = say("outlook.moment.head", at=moment_words(row.at), what=say(f"views.kind.{row.kind}", step=row.step))
        return f"{head} {self._rule(row)}".strip()

    def _rule(self, row: Checkpoint) -> str:
        day = local(row.planned_at).date()
        if row.kind == Kind.REMIND and row.due_before:
            last = last_day(row.due_before)
            off = self._days_off(day, last)
            return say("outlook.moment.remind", days=row.step, last=day_words(last), skipped=off)
        if row.kind == Kind.DUE and row.due_before:
            last = last_day(row.due_before)
            words = "due" if day == last else "due_before"
            return say(f"outlook.moment.{words}", last=day_words(last))
        if row.kind in (Kind.OVERDUE, Kind.ESCALATE, Kind.APPROVE) and row.due_before:
            return self._late_rule(row, day, first_late_day(row.due_before))
        if row.kind in FOR_OFFICE and row.ordinal:
            return say("outlook.moment.repeated_task", days=self.policy.remind_owner_every_working_days)
        periods = {
            Kind.REQUEST_STATUS: self.policy.request_status_every_days,
            Kind.STALE: self.policy.stale_after_days,
            Kind.LAPSE: self.policy.acknowledged_for_working_days,
        }
        if row.kind in periods:
            return say(f"outlook.moment.{row.kind}", days=periods[Kind(row.kind)])
        return say("outlook.moment.reason", reason=quoted(row.note)) if row.note else ""

    def _late_rule(self, row: Checkpoint, day: date, late: date) -> str:
        if row.kind == Kind.OVERDUE:
            return say("outlook.moment.overdue", late=day_words(late), skipped=self._days_off(late, day))
        last_level = row.step == len(self.policy.ladder)
        if row.ordinal and last_level and row.kind == Kind.ESCALATE:
            return say("outlook.moment.repeated", days=self.policy.repeat_last_level_every_days)
        rung = self.policy.rung(row.step)
        who = ", ".join(say(f"outlook.role.{role}") for role in rung.tell)
        return say(
            f"outlook.moment.{row.kind}",
            days=rung.after_working_days,
            late=day_words(late),
            who=who,
            skipped=self._days_off(late, day),
        )

    def _days_off(self, first: date, last: date) -> str:
        """The days between that were not counted, and why."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        off = [day for day in days if not self.calendar.is_working(day)]
        if not off:
            return ""
        return say("outlook.moment.skipped", days=", ".join(self._day_off(day) for day in off))

    def _day_off(self, day: date) -> str:
        short = f"{day:%d}/{day.month}"
        if day in self.reasons:
            return say("outlook.moment.day_off", day=short, reason=plain_line(self.reasons[day]))
        weekend = day.weekday() > 4
        return short if weekend else say("outlook.moment.day_off", day=short, reason=say("outlook.moment.holiday"))

    def _fate(self, row: Checkpoint) -> Iterator[str]:
        if row.at != row.planned_at and row.fate != Fate.SUPERSEDED:
            yield say("outlook.moment.moved", planned=moment_words(row.planned_at))
        if row.approved_at:
            yield say("outlook.moment.approved", at=moment_words(row.approved_at))
        if row.fate not in (Fate.OPEN, Fate.DONE):
            yield say(f"outlook.fate.{row.fate}")
        for one in self.sent.get(key(row.id), []):
            status = say(f"views.message.{one.status}")
            yield say("outlook.moment.sent", recipient=one.recipient, status=status, at=moment_words(one.at))

    def standing(self) -> Line:
        """Where it stands now."""
        state = say(f"views.state.{self.own.state}")
        words = say(f"views.standing.{standing(self.own, self.now)}")
        return Line(
            "standing", say("outlook.standing", at=moment_words(self.now), standing=words, state=state), self.now
        )


def _reasons(session: Session, office_id: int) -> dict[date, str]:
    rows = session.exec(select(CalendarDay).where(CalendarDay.office_id == office_id))
    return {row.day: row.reason for row in rows if not row.worked}
