"""Why a checkpoint is when it is, and what became of it: in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from config.words import say, spoken_language
from domain.calendar import FRIDAY, holiday_names
from domain.checkpoints import Checkpoint, Fate
from domain.deadlines import first_late_day, last_day
from domain.explaining.causes import Past, waits_below, why_late, why_moved
from domain.explaining.counting import Counted, Start, counted_from
from domain.instants import local
from domain.keys import key
from domain.moments import FOR_OFFICE, Kind
from domain.obligations import Obligation
from domain.offices import CalendarDay
from notifications.history import Sending, sendings
from notifications.wording import channel_words, day_words, moment_words, plain_line, quoted


class Reasons:
    """Tells the checkpoints of one obligation, each in a few sentences."""

    def __init__(self, session: Session, own: Obligation, past: Past) -> None:
        self.own = own
        self.past = past
        self.policy = past.policy
        self.calendar = past.office.calendar
        self.reasons = _reasons(session, own.office_id)
        self.sent = sendings(session, own.office_id, key(own.id))

    def told(self, row: Checkpoint) -> str:
        """What it is, by which rule it is then, what moved it, and who was sent what."""
        return " ".join([self._why(row), *self._fate(row)])

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
            return self._late_rule(row, day, row.due_before)
        if row.kind == Kind.ASSIGN and row.ordinal:
            return say("outlook.moment.anew")
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

    def _late_rule(self, row: Checkpoint, day: date, bound: datetime) -> str:
        counted = counted_from(row, self.past.rows, self.calendar)
        if row.kind == Kind.OVERDUE:
            words = self._overdue_words(day, bound, counted)
            return say(f"outlook.moment.{words}", late=day_words(first_late_day(bound)), bound=moment_words(bound))
        if row.kind == Kind.ESCALATE and row.step >= len(self.policy.ladder) and counted.is_repeated(row):
            return say("outlook.moment.repeated", days=self.policy.repeat_last_level_every_days)
        rung = self.policy.rung(row.step)
        return say(
            f"outlook.moment.{row.kind}",
            days=rung.after_working_days,
            start=say(f"outlook.start.{counted.start}", day=day_words(counted.day)),
            who=", ".join(say(f"outlook.role.{role}") for role in rung.tell),
            skipped=self._days_off(counted.day, day),
        )

    def _overdue_words(self, day: date, bound: datetime, counted: Counted) -> str:
        late = first_late_day(bound)
        if counted.start == Start.ANEW:
            return "overdue_anew"
        if not self.calendar.is_working(late):
            return "overdue_off"
        return "overdue" if day == late and last_day(bound) < late else "overdue_slot"

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
        if day.weekday() > FRIDAY:
            return short
        name = holiday_names(day.year, spoken_language()).get(day) or say("outlook.moment.holiday")
        return say("outlook.moment.day_off", day=short, reason=name)

    def _fate(self, row: Checkpoint) -> Iterator[str]:
        if causes := why_moved(row, self.past):
            words = "; ".join(say(f"outlook.cause.{cause}") for cause in causes)
            yield say("outlook.moment.moved", planned=moment_words(row.planned_at), causes=words)
        if cause := why_late(row, self.past, since=self.own.assigned_at):
            yield say("outlook.moment.late", cause=say(f"outlook.cause.{cause}"))
        if row.fate == Fate.OPEN and waits_below(row, self.past.rows):
            yield say("outlook.moment.waits_below")
        if row.approved_at:
            yield say("outlook.moment.approved", at=moment_words(row.approved_at))
        if row.fate not in (Fate.OPEN, Fate.DONE):
            yield say(f"outlook.fate.{row.fate}")
        for one in self.sent.get(key(row.id), []):
            status = say(f"views.message.{one.status}")
            yield say(
                "outlook.moment.sent", recipient=one.recipient, status=status, how=_how(one), at=moment_words(one.at)
            )


def _how(one: Sending) -> str:
    """By which channel, with how many attempts, and where it really went."""
    how = channel_words(one.channel)
    if one.attempts > 1:
        how = say("outlook.moment.attempts", channel=how, count=one.attempts)
    return say("outlook.moment.diverted", how=how, address=plain_line(one.diverted_to)) if one.diverted_to else how


def _reasons(session: Session, office_id: int) -> dict[date, str]:
    rows = session.exec(select(CalendarDay).where(CalendarDay.office_id == office_id))
    return {row.day: row.reason for row in rows if not row.worked}
