"""Planning: from obligations to their checkpoints, again and again as a diff."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from pendulum import DateTime
from sqlalchemy import insert
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from domain.checkpoints import Checkpoint, Columns, Fate, add_news, checkpoints_of, columns_of, diff, plan
from domain.conclusions import Conclusion, Directive, is_request
from domain.errors import Refusal
from domain.instants import local
from domain.keys import key
from domain.moments import Kind, Moment, Work, moments
from domain.obligations import OPEN, UNSETTLED, WHOLE, Obligation
from domain.offices import WorkingTime, working_time
from domain.policy import FollowUp
from domain.store import Change

AT_ONCE = 500  #: obligations whose checkpoints are in memory together


@dataclass(frozen=True, slots=True)
class Followed:
    """An obligation with what it comes from."""

    obligation: Obligation
    directive: Directive
    conclusion: Conclusion

    @property
    def work(self) -> Work:
        """What planning needs to know."""
        one = self.obligation
        return Work(
            due_before=one.due_before,
            assigned_at=one.assigned_at,
            tracked=self.directive.tracked,
            request=is_request(self.directive.authority),
            track_from=max(filter(None, (self.conclusion.track_from, one.lateness_from)), default=None),
            told=one.period in (WHOLE, self.directive.first_period),
            state=one.state,
            acknowledged_at=one.acknowledged_at,
            heard_at=one.heard_at,
            reported_at=one.reported_at,
            returned_at=one.returned_at,
            asked_at=one.asked_at,
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
        .options(defer(col(Conclusion.source_text)))  # type: ignore[arg-type]
        .order_by(col(Conclusion.issued_on), col(Conclusion.id), col(Directive.place), col(Obligation.id))
    )
    return [Followed(*row) for row in session.exec(query)]


def one_followed(session: Session, office_id: int, obligation_id: int) -> Followed:
    """One obligation with what it comes from. Raises Refusal when there is none."""
    found = followed(session, Obligation.id == obligation_id, Obligation.office_id == office_id)
    if not found:
        raise Refusal("errors.no_obligation", id=obligation_id)
    return found[0]


class Planner:
    """Plans many obligations with one calendar; each policy is read once, equal work is computed once."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.office: WorkingTime = working_time(change.session, change.office_id)
        self._policies: dict[int, FollowUp] = {}
        self._alike: dict[str, FollowUp] = {}
        self._known: dict[tuple[int, Work], list[Moment]] = {}

    def plan(self, works: Sequence[Followed]) -> list[Followed]:
        """Plans each obligation anew; answers those whose checkpoints changed."""
        return [one for some in _batches(works, AT_ONCE) for one in self._plan_some(some)]

    def _plan_some(self, works: list[Followed]) -> list[Followed]:
        """Looks at plain columns first: the rows themselves are loaded only where something changes."""
        session = self.change.session
        session.flush()
        seen = columns_of(session, [key(one.obligation.id) for one in works])
        changed = [one for one in works if self._differs(one, seen[key(one.obligation.id)])]
        existing = checkpoints_of(session, [key(one.obligation.id) for one in changed])
        new: list[dict[str, Any]] = []
        planned = [one for one in changed if self._plan_one(one, existing[key(one.obligation.id)], new.append)]
        session.flush()
        if new:
            session.connection().execute(insert(Checkpoint), new)
        return planned

    def _differs(self, one: Followed, seen: list[Columns]) -> bool:
        if one.obligation.plan_no == 0:
            return True
        gone, new = diff(one.obligation, seen, self._moments(one, one.work), self.change.now)
        return bool(gone or new)

    def _plan_one(
        self, one: Followed, existing: tuple[Checkpoint, ...], sink: Callable[[dict[str, Any]], None]
    ) -> bool:
        work = one.work
        return plan(
            self.change.session,
            one.obligation,
            existing,
            self._moments(one, work),
            now=self.change.now,
            track_from=one.conclusion.track_from,
            lateness_from=one.obligation.lateness_from,
            insert=sink,
        )

    def _moments(self, one: Followed, work: Work) -> list[Moment]:
        policy = self._policy(one.conclusion)
        if (id(policy), work) not in self._known:
            self._known[id(policy), work] = moments(work, policy, self.office)
        return self._known[id(policy), work]

    def _policy(self, conclusion: Conclusion) -> FollowUp:
        """The policy of a conclusion; one object for all that were filed under the same."""
        id_ = key(conclusion.id)
        if id_ not in self._policies:
            words = json.dumps(conclusion.follow_up, sort_keys=True)
            if words not in self._alike:
                self._alike[words] = FollowUp.model_validate(conclusion.follow_up)
            self._policies[id_] = self._alike[words]
        return self._policies[id_]


def _batches(works: Iterable[Followed], size: int) -> Iterator[list[Followed]]:
    rest = iter(works)
    while some := list(islice(rest, size)):
        yield some


def replan(change: Change, works: Sequence[Followed]) -> list[Followed]:
    """Plans obligations anew after something about them changed; what no flow has planned yet waits for its flow."""
    return Planner(change).plan([one for one in works if one.obligation.plan_no])


def plan_conclusion(change: Change, conclusion_id: int) -> list[datetime]:
    """Plans every unsettled obligation of a conclusion; answers the moments that stand open, in time order."""
    works = followed(change.session, Conclusion.id == conclusion_id, col(Obligation.state).in_(UNSETTLED))
    if not works:
        return []
    Planner(change).plan(works)
    conclusion = works[0].conclusion
    if conclusion.planned_at is None:
        conclusion.planned_at = change.now
        change.session.add(conclusion)
        change.record("conclusion.planned", f"conclusion:{conclusion_id}", obligations=len(works))
    change.session.flush()
    return open_moments(change.session, conclusion_id)


def open_moments(session: Session, conclusion_id: int) -> list[datetime]:
    """Every moment at which something of the conclusion still waits, or a period opens, each once."""
    query = (
        select(Checkpoint.at)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(Directive.conclusion_id == conclusion_id, Checkpoint.fate == Fate.OPEN)
    )
    opening = select(Directive.next_opening_at).where(
        Directive.conclusion_id == conclusion_id, col(Directive.next_opening_at).is_not(None)
    )
    return sorted({*session.exec(query), *(moment for moment in session.exec(opening) if moment)})


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
    opening = (
        select(Directive.next_opening_at, Conclusion.number)
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .where(Conclusion.office_id == office_id, col(Directive.next_opening_at).is_not(None))
    )
    return sorted({*session.exec(query), *((at, number) for at, number in session.exec(opening) if at)})


def unplanned(session: Session, office_id: int) -> list[Conclusion]:
    """The conclusions that no flow has planned yet."""
    query = select(Conclusion).where(
        Conclusion.office_id == office_id, col(Conclusion.planned_at).is_(None), Conclusion.withdrawal == 0
    )
    return list(session.exec(query.order_by(col(Conclusion.id))))


def bind(change: Change, works: Iterable[Followed], due_before: datetime) -> None:
    """Gives the obligations of one directive the bound that follows from its event, and plans them again.

    Whoever was told of the work before is told again, now with its bound; that comes before any lateness, even where
    the bound lies in the past already. A later bound that an extension gave stays. What is settled is not planned; its
    standing follows the bound.
    """
    moved = [one for one in works if not _was_extended_beyond(one, due_before)]
    for one in moved:
        one.obligation.due_before = one.obligation.first_due_before = due_before
        change.session.add(one.obligation)
    tell_anew(change, [one for one in moved if one.obligation.state in OPEN], Kind.ASSIGN)


def tell_anew(change: Change, works: Iterable[Followed], news: Kind, note: str = "") -> None:
    """Plans obligations anew and tells their agencies so; no lateness is announced before the working day after that.

    What no flow has planned yet is told when its flow plans it.
    """
    office = working_time(change.session, change.office_id)
    planned = [one for one in works if one.obligation.plan_no]
    for one in planned:
        one.obligation.lateness_from = day_after_telling(change.now, office)
        change.session.add(one.obligation)
    tell(change, planned, news, note)


def tell(change: Change, works: Sequence[Followed], news: Kind, note: str = "") -> None:
    """Plans obligations anew and tells their agencies at once what changed, lateness or not.

    An agency that has not even been told of its work hears the present state of it with its assignment.
    """
    office = working_time(change.session, change.office_id)
    planned = [one for one in works if one.obligation.plan_no]
    replan(change, planned)
    change.session.flush()
    existing = checkpoints_of(change.session, [key(one.obligation.id) for one in planned])
    for one in planned:
        rows = existing[key(one.obligation.id)]
        waits = any(row.kind == Kind.ASSIGN and row.fate == Fate.OPEN for row in rows)
        if one.obligation.state in OPEN and not waits:
            add_news(change.session, one.obligation, news, office.soonest(change.now), note)


def day_after_telling(now: datetime, office: WorkingTime) -> DateTime:
    """The first slot of the working day after what is told now has been told."""
    return office.first_slot(local(office.soonest(now)).date() + timedelta(days=1))


def _was_extended_beyond(one: Followed, due_before: datetime) -> bool:
    """Whether an extension gave the obligation a later bound than the one its directive is to get."""
    own = one.obligation.due_before
    return own is not None and own != one.directive.due_before and own > due_before
