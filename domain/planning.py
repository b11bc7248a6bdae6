"""Planning a conclusion: from its obligations to their checkpoints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pendulum import DateTime
from sqlmodel import Session, col, select

from domain.checkpoints import (
    Checkpoint,
    Fate,
    Kind,
    Moment,
    Work,
    add_moment,
    cancel_open,
    checkpoints_of,
    moments,
    plan,
)
from domain.conclusions import Conclusion, Directive, is_request
from domain.deadlines import first_late_day
from domain.errors import Refusal
from domain.instants import iso, local
from domain.keys import key
from domain.obligations import Obligation
from domain.offices import WorkingTime, working_time
from domain.policy import FollowUp
from domain.store import Change


@dataclass(frozen=True, slots=True)
class Followed:
    """An obligation with what it comes from."""

    obligation: Obligation
    directive: Directive
    conclusion: Conclusion

    @property
    def work(self) -> Work:
        """What planning needs to know."""
        return Work(
            due_before=self.obligation.due_before,
            assigned_at=self.conclusion.filed_at,
            tracked=self.directive.tracked,
            request=is_request(self.directive.authority),
            track_from=max(filter(None, (self.conclusion.track_from, self.directive.lateness_from)), default=None),
        )

    @property
    def policy(self) -> FollowUp:
        """The policy that was frozen when the notice was filed."""
        return FollowUp.model_validate(self.conclusion.follow_up)


def followed(session: Session, *conditions: object) -> list[Followed]:
    """The obligations that meet the conditions, each with its directive and conclusion, in the order of the notices."""
    query = (
        select(Obligation, Directive, Conclusion)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(col(Conclusion.issued_on), col(Conclusion.id), col(Directive.place), col(Obligation.id))
    )
    return [Followed(*row) for row in session.exec(query)]


def plan_conclusion(change: Change, conclusion_id: int) -> list[datetime]:
    """Plans every open obligation of a conclusion; answers the moments that stand open, in time order."""
    works = followed(change.session, Conclusion.id == conclusion_id, col(Obligation.settled_at).is_(None))
    if not works:
        return []
    _plan_all(change, works)
    conclusion = works[0].conclusion
    if conclusion.planned_at is None:
        conclusion.planned_at = change.now
        change.session.add(conclusion)
        change.record("conclusion.planned", f"conclusion:{conclusion_id}", obligations=len(works))
    change.session.flush()
    return open_moments(change.session, conclusion_id)


def _plan_all(change: Change, works: list[Followed]) -> None:
    office = working_time(change.session, change.office_id)
    existing = checkpoints_of(change.session, [key(work.obligation.id) for work in works])
    for one in works:
        wanted = moments(one.work, one.policy, office)
        plan(
            change.session,
            one.obligation,
            existing[key(one.obligation.id)],
            wanted,
            now=change.now,
            track_from=one.conclusion.track_from,
        )


def open_moments(session: Session, conclusion_id: int) -> list[datetime]:
    """Every moment at which something of the conclusion still waits, each once."""
    query = (
        select(Checkpoint.at)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(Directive.conclusion_id == conclusion_id, Checkpoint.fate == Fate.OPEN)
    )
    return sorted(set(session.exec(query)))


def open_calendar(session: Session, office_id: int) -> list[tuple[datetime, str]]:
    """(moment, number of the conclusion) for everything that waits in the whole office, each pair once."""
    query = (
        select(Checkpoint.at, Conclusion.number)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(Checkpoint.office_id == office_id, Checkpoint.fate == Fate.OPEN)
        .distinct()
    )
    return sorted(session.exec(query))


def unplanned(session: Session, office_id: int) -> list[Conclusion]:
    """The conclusions that no flow has planned yet."""
    query = select(Conclusion).where(Conclusion.office_id == office_id, col(Conclusion.planned_at).is_(None))
    return list(session.exec(query.order_by(col(Conclusion.id))))


def one_followed(session: Session, office_id: int, obligation_id: int) -> Followed:
    """One obligation with what it comes from. Raises Refusal when there is none."""
    found = followed(session, Obligation.id == obligation_id, Obligation.office_id == office_id)
    if not found:
        raise Refusal("errors.no_obligation", id=obligation_id)
    return found[0]


def extend(change: Change, obligation_id: int, due_before: datetime, reason: str) -> Followed:
    """Moves the last moment of one obligation and plans it again: the old reminders never fire.

    Raises Refusal for work that is settled or undated, and for a bound that is not later than the present one
    and than now.
    """
    one = one_followed(change.session, change.office_id, obligation_id)
    before = one.obligation.due_before
    if one.obligation.settled_at is not None:
        raise Refusal("errors.already_settled", id=obligation_id)
    if before is None:
        raise Refusal("errors.undated", id=obligation_id)
    if due_before <= before:
        raise Refusal("errors.not_later", day=f"{first_late_day(before):%d/%m/%Y}")
    if due_before <= change.now:
        raise Refusal("errors.extended_into_past")
    one.obligation.due_before = due_before
    _plan_all(change, [one])
    change.record(
        "obligation.extended", f"obligation:{obligation_id}", before=iso(before), after=iso(due_before), reason=reason
    )
    return one


def bind(change: Change, works: Iterable[Followed], due_before: datetime) -> None:
    """Gives the obligations of one directive the bound that follows from its event, and plans them again.

    Whoever was told of the work before is told again, now with its bound; that comes before any lateness, even where
    the bound lies in the past already. A later bound that an extension gave stays. What is settled is not planned; its
    standing follows the bound.
    """
    office = working_time(change.session, change.office_id)
    moved = [one for one in works if not _was_extended_beyond(one, due_before)]
    planned = [one for one in moved if one.obligation.plan_no and one.obligation.settled_at is None]
    for one in moved:
        one.obligation.due_before = due_before
        change.session.add(one.obligation)
    for one in planned:  # the others are told when their flow plans them first
        one.directive.lateness_from = _day_after_telling(change.now, office)
        change.session.add(one.directive)
    _plan_all(change, planned)
    _tell_again(change, planned, office)


def _was_extended_beyond(one: Followed, due_before: datetime) -> bool:
    """Whether an extension gave the obligation a later bound than the one its directive is to get."""
    own = one.obligation.due_before
    return own is not None and own != one.directive.due_before and own > due_before


def _day_after_telling(now: datetime, office: WorkingTime) -> DateTime:
    return office.first_slot(local(office.soonest(now)).date() + timedelta(days=1))


def _tell_again(change: Change, works: list[Followed], office: WorkingTime) -> None:
    """Another assignment, which names the bound, unless the first still waits to be said."""
    existing = checkpoints_of(change.session, [key(one.obligation.id) for one in works])
    for one in works:
        told = [row for row in existing[key(one.obligation.id)] if row.kind == Kind.ASSIGN]
        if all(row.fate != Fate.OPEN for row in told):
            moment = Moment(Kind.ASSIGN, office.soonest(change.now), ordinal=len(told))
            add_moment(change.session, one.obligation, moment)


def settle(change: Change, obligation: Obligation) -> None:
    """Ends the reminding of an obligation whose completion was reported."""
    cancel_open(change.session, key(obligation.id), now=change.now)
