"""What is asked for, as conditions of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, literal_column
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.checkpoints import LIVE, Checkpoint, Fate
from domain.conclusions import Conclusion, Directive
from domain.instants import at
from domain.listing.asked import Asked, Waiting
from domain.listing.searching import directive_holds, words_of, work_holds
from domain.listing.standings import stands
from domain.moments import Kind
from domain.obligations import OPEN, Obligation, State
from domain.offices import Official
from domain.people import ConclusionPerson, officials_of
from domain.policy import Role

Conditions = list[ColumnElement[bool]]
DAY = timedelta(days=1)


def work_conditions(session: Session, office_id: int, now: datetime, asked: Asked) -> Conditions:
    """The obligations that are asked for; what was cancelled only where that is asked for."""
    found: Conditions = [col(Obligation.office_id) == office_id]
    if asked.state is not None:
        found.append(col(Obligation.state) == asked.state)
    elif not asked.everything:
        found.append(col(Obligation.state) != State.CANCELLED)
    if asked.standing is not None:
        found.append(stands(asked.standing, now))
    if asked.agency is not None:
        found.append(col(Obligation.agency_id) == asked.agency)
    if asked.directive is not None:
        found.append(col(Obligation.directive_id) == asked.directive)
    if asked.due_from is not None:
        found.append(col(Obligation.due_before) > at(asked.due_from))
    if asked.due_to is not None:
        found.append(col(Obligation.due_before) <= at(asked.due_to + DAY))
    if asked.waiting is not None:
        found.append(waits_for(asked.waiting, office_id, now))
    found += _of_notice(session, office_id, asked)
    if asked.words:
        found.append(work_holds(session, office_id, words_of(asked.words)))
    return found


def _of_notice(session: Session, office_id: int, asked: Asked) -> Conditions:
    found: Conditions = []
    if asked.conclusion is not None:
        directives = select(Directive.id).where(Directive.conclusion_id == asked.conclusion)
        found.append(col(Obligation.directive_id).in_(directives))
    if asked.owner is not None:
        found.append(work_looked_after_by(roles_of_owner(session, office_id, asked.owner)))
    return found


def waits_for(what: Waiting, office_id: int, now: datetime) -> ColumnElement[bool]:
    """Whether an obligation waits for that decision of the office."""
    match what:
        case Waiting.VERIFY:
            return col(Obligation.state) == State.REPORTED
        case Waiting.TAKE_BACK:
            return col(Obligation.state) == State.RETURNED
        case Waiting.DECIDE:
            return col(Obligation.asked_at).is_not(None) & col(Obligation.state).in_(OPEN)
        case Waiting.APPROVE:
            return col(Obligation.id).in_(_to_approve(office_id, now))


def _to_approve(office_id: int, now: datetime) -> SelectOfScalar[int]:
    """Obligations of which the office was asked to approve a level, and has not."""
    level = aliased(Checkpoint)
    unsaid = exists().where(
        col(level.obligation_id) == col(Checkpoint.obligation_id),
        col(level.kind) == Kind.ESCALATE,
        col(level.step) == col(Checkpoint.step),
        col(level.fate).in_(LIVE),
        col(level.approved_at).is_(None),
    )
    return select(Checkpoint.obligation_id).where(
        Checkpoint.office_id == office_id,
        col(Checkpoint.kind) == literal_column(f"'{Kind.APPROVE}'"),  # written out, so that its own index is found
        col(Checkpoint.fate).in_((*LIVE, Fate.DONE)),
        col(Checkpoint.at) <= now,
        unsaid,
    )


def roles_of_owner(session: Session, office_id: int, official_id: int) -> list[Official]:
    """Every role of the person who fills one role of the office; none for nobody."""
    people = officials_of(session, office_id)
    found = [one for one in people if one.id == official_id]
    return [one for one in people if is_same_person(one, found[0])] if found else []


def is_same_person(one: Official, other: Official) -> bool:
    """Whether two roles are filled by the same person: whose address it is."""
    return one.address.casefold() == other.address.casefold()


def looked_after_by(roles: Sequence[Official]) -> ColumnElement[bool]:
    """Whether a conclusion is looked after by the person who fills these roles."""
    return _looked_after(col(Conclusion.id), select(ConclusionPerson.conclusion_id), roles)


def work_looked_after_by(roles: Sequence[Official]) -> ColumnElement[bool]:
    """Whether an obligation comes from a conclusion that is looked after by the person who fills these roles."""
    directives = select(Directive.id).join(
        ConclusionPerson, col(ConclusionPerson.conclusion_id) == col(Directive.conclusion_id)
    )
    return _looked_after(col(Obligation.directive_id), directives, roles)


def _looked_after(what: SQLColumnExpression[Any], named: Any, roles: Sequence[Official]) -> ColumnElement[bool]:
    """Whether `what` is among those named for the person; for the office's owner: not among those named for another.

    Few conclusions name somebody, so either way few rows are looked at.
    """
    official = col(ConclusionPerson.official_id)
    named, ids = named.where(ConclusionPerson.role == Role.OWNER), [one.id for one in roles]
    if any(one.role == Role.OWNER for one in roles):
        return what.not_in(named.where(official.not_in(ids)))
    return what.in_(named.where(official.in_(ids)))


def directive_conditions(session: Session, office_id: int, now: datetime, asked: Asked) -> Conditions:
    """The directives that are asked for: by their own words, and by what becomes of their obligations."""
    found: Conditions = [col(Conclusion.office_id) == office_id]
    found += [] if asked.everything else [col(Conclusion.withdrawal) == 0]
    if asked.conclusion is not None:
        found.append(col(Directive.conclusion_id) == asked.conclusion)
    if asked.owner is not None:
        found.append(looked_after_by(roles_of_owner(session, office_id, asked.owner)))
    if asked.is_of_work:
        of_work = work_conditions(session, office_id, now, replace(asked, words="", owner=None, conclusion=None))
        found.append(col(Directive.id).in_(select(Obligation.directive_id).where(*of_work)))
    if asked.words:
        found.append(directive_holds(session, office_id, words_of(asked.words)))
    return found


def conclusion_conditions(session: Session, office_id: int, now: datetime, asked: Asked) -> Conditions:
    """The conclusions that are asked for: by their own words, and by their directives."""
    found: Conditions = [col(Conclusion.office_id) == office_id]
    found += [] if asked.everything else [col(Conclusion.withdrawal) == 0]
    if asked.conclusion is not None:
        found.append(col(Conclusion.id) == asked.conclusion)
    if asked.owner is not None:
        found.append(looked_after_by(roles_of_owner(session, office_id, asked.owner)))
    if asked.is_of_work or asked.words:
        of_directives = directive_conditions(session, office_id, now, replace(asked, owner=None))
        directives = (
            select(Directive.conclusion_id)
            .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
            .where(*of_directives)
        )
        found.append(col(Conclusion.id).in_(directives))
    return found
