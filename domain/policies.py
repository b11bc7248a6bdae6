"""The office's policy in the ledger: as it stands, replaced as a whole, and applied to what is open already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from domain.checkpoints import GONE, LIVE, Checkpoint, add_moment, checkpoints_of
from domain.conclusions import Conclusion, Directive
from domain.days import Moved, plan_office_again
from domain.keys import key
from domain.life.machine import reason_of
from domain.moments import Kind, Moment, moments
from domain.obligations import OPEN, UNSETTLED, Obligation, State
from domain.offices import WorkingTime, follow_up_policy, office_policy, the_office, working_time
from domain.people import officials_of
from domain.planning import Followed, followed
from domain.policy import FollowUp, OfficialSeed, Policy, Role
from domain.store import Change

STEP = 500  #: conclusions whose late obligations are in memory together
CLIMBS = (Kind.ESCALATE, Kind.APPROVE)


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a new policy came to."""

    office: bool  #: slots, hours or the reading of dates are others
    follow_up: bool  #: notices filed from now on are followed up otherwise
    people_differ: bool  #: the file names other people than the ledger, whom `dondoc people` changes
    moved: Moved  #: where slots or hours changed


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying the policy to open notices came to."""

    conclusions: list[str]  #: numbers of those whose policy changed
    moved: Moved
    caught_up: int  #: levels and approvals whose moment had passed already: they come with the next round


def policy_in_force(session: Session, office_id: int) -> Policy:
    """The whole policy as it is now, with the people of the office as they are now."""
    office = the_office(session, office_id)
    people = officials_of(session, office_id)
    seeds = tuple(OfficialSeed(role=Role(one.role), name=one.name, address=one.address) for one in people)
    return Policy(
        office=office_policy(office).model_copy(update={"officials": seeds}), follow_up=follow_up_policy(office)
    )


def set_policy(change: Change, policy: Policy) -> Replaced:
    """Replaces the office's settings, and how notices are followed up that are filed from now on.

    Where slots or hours change, everything open is planned again: those are always live. People stay as they are.
    """
    office = the_office(change.session, change.office_id)
    before = policy_in_force(change.session, change.office_id)
    settings = policy.office.model_copy(update={"officials": ()})
    same_office = settings == before.office.model_copy(update={"officials": ()})
    office.settings = settings.model_dump(mode="json", by_alias=True)
    office.follow_up = policy.follow_up.model_dump(mode="json")
    change.session.add(office)
    change.record("policy.changed", f"office:{office.id}", before=_said(before), after=_said(policy))
    return Replaced(
        office=not same_office,
        follow_up=policy.follow_up != before.follow_up,
        people_differ=set(policy.office.officials) != set(before.office.officials),
        moved=Moved() if same_office else plan_office_again(change),
    )


def _said(policy: Policy) -> dict[str, object]:
    return policy.model_dump(mode="json", by_alias=True, exclude={"office": {"officials"}})


def apply_to_open(change: Change, reason: str) -> Applied:
    """Gives every notice with something open the present follow-up policy, and plans it again.

    A level that the new ladder wants and whose moment has passed comes with the next round, one announced step at a
    time; nothing that was said is said again. Raises Refusal for an empty reason.
    """
    said = reason_of(reason)
    present = follow_up_policy(the_office(change.session, change.office_id))
    concerned = [one for one in _open_conclusions(change) if FollowUp.model_validate(one.follow_up) != present]
    for one in concerned:
        before, one.follow_up = dict(one.follow_up), present.model_dump(mode="json")
        change.session.add(one)
        change.record("policy.applied", f"conclusion:{one.id}", reason=said, before=before, after=one.follow_up)
    numbers, ids = [one.number for one in concerned], [key(one.id) for one in concerned]
    moved = plan_office_again(change) if ids else Moved()
    caught_up = sum(_catch_up(change, ids[start : start + STEP], present) for start in range(0, len(ids), STEP))
    return Applied(numbers, moved, caught_up)


def _open_conclusions(change: Change) -> list[Conclusion]:
    """The notices with something unsettled, or of which a period is still to open."""
    unsettled = (
        exists()
        .where(col(Obligation.directive_id) == col(Directive.id))
        .where(col(Obligation.state).in_((*UNSETTLED, State.REPORTED)))
    )
    going = select(Directive.conclusion_id).where(or_(unsettled, col(Directive.next_opening_at).is_not(None)))
    query = (
        select(Conclusion)
        .where(Conclusion.office_id == change.office_id, Conclusion.withdrawal == 0, col(Conclusion.id).in_(going))
        .options(defer(col(Conclusion.source_text)))  # type: ignore[arg-type]
        .order_by(col(Conclusion.id))
    )
    return list(change.session.exec(query))


def _catch_up(change: Change, conclusions: list[int], policy: FollowUp) -> int:
    """Adds the lateness that the new policy wants and whose moment has passed: planning makes none of that."""
    works = followed(
        change.session,
        col(Conclusion.id).in_(conclusions),
        col(Obligation.state).in_(OPEN),
        Obligation.plan_no > 0,
        col(Obligation.due_before) <= change.now,
    )
    existing = checkpoints_of(change.session, [key(one.obligation.id) for one in works])
    lateness = Lateness(policy, working_time(change.session, change.office_id), change.now)
    count = 0
    for one in works:
        for moment in lateness.missing(one, existing[key(one.obligation.id)]):
            add_moment(change.session, one.obligation, moment)
            count += 1
    change.session.flush()
    return count


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a policy wants lateness to climb, seen from one moment."""

    policy: FollowUp
    office: WorkingTime
    now: datetime

    def missing(self, one: Followed, existing: tuple[Checkpoint, ...]) -> list[Moment]:
        """Levels and approvals whose moment has passed and for which no row stands, at the soonest moment from now."""
        wanted = [point for point in moments(one.work, self.policy, self.office) if point.kind in CLIMBS]
        announced = max((point.ordinal for point in wanted), default=0)  # how often lateness was announced anew
        rows = [row for row in existing if _is_present(row, one.obligation)]
        standing = {(row.kind, row.step, row.ordinal) for row in rows}
        past = [point for point in wanted if point.at < self.now and point.ordinal == announced]
        missing = [point for point in past if point.key not in standing and _has_purpose(point, rows)]
        soonest = self.office.soonest(self.now)
        return [Moment(point.kind, soonest, point.step, point.ordinal) for point in missing]


def _is_present(row: Checkpoint, own: Obligation) -> bool:
    return row.fate not in GONE and row.turn == own.turn and row.due_before == own.due_before


def _has_purpose(moment: Moment, rows: list[Checkpoint]) -> bool:
    """An approval is asked for only while its level is still to be told, and nobody has approved it."""
    if moment.kind != Kind.APPROVE:
        return True
    levels = [row for row in rows if row.kind == Kind.ESCALATE and row.step == moment.step]
    return not levels or any(row.fate in LIVE and row.approved_at is None for row in levels)
