"""What the page of one obligation shows: its source, its neighbours, what was said about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.agencies import Agency, Contact, contacts_of
from domain.checkpoints import LIVE, Checkpoint
from domain.conclusions import COOPERATING, REPORT_TO, Directive, DirectiveAgency
from domain.keys import key
from domain.life.extensions import Extension, waiting
from domain.obligations import Obligation, Standing, State, standing
from domain.offices import Official
from domain.people import in_charge, officials_of
from domain.planning import Followed, one_followed
from domain.policy import AGENCY_ROLES, Role
from domain.reports import Attachment, StatusReport


@dataclass(frozen=True, slots=True)
class Said:
    """One report with its attachments."""

    report: StatusReport
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """One obligation with everything around it."""

    one: Followed
    agency: Agency
    contacts: tuple[Contact, ...]  #: the officer first
    cooperating: tuple[str, ...]
    report_to: tuple[str, ...]
    owners: tuple[Official, ...]
    linked: tuple[int, ...]  #: other obligations that settle with it
    came_from: int | None
    went_to: int | None
    wish: Extension | None
    said: tuple[Said, ...]  #: the newest first
    coming: tuple[Checkpoint, ...]

    @property
    def id(self) -> int:
        """The obligation's."""
        return key(self.one.obligation.id)


@dataclass(frozen=True, slots=True)
class Stands:
    """Where one directive stands at one of its agencies."""

    id: int  #: the obligation's
    agency: str
    due_before: datetime | None
    standing: Standing


def where_it_stands(session: Session, conclusion_id: int, now: datetime) -> dict[int, list[Stands]]:
    """Directive -> where it stands at each agency that still answers for it."""
    query = (
        select(Obligation, Agency.name)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Agency, col(Agency.id) == col(Obligation.agency_id))
        .where(Directive.conclusion_id == conclusion_id, Obligation.state != State.CANCELLED)
        .order_by(col(Obligation.id))
    )
    found: dict[int, list[Stands]] = defaultdict(list)
    for own, agency in session.exec(query):
        found[own.directive_id].append(Stands(key(own.id), agency, own.due_before, standing(own, now)))
    return found


def whole(session: Session, office_id: int, obligation_id: int) -> Whole:
    """Everything about one obligation. Raises Refusal when there is none."""
    one = one_followed(session, office_id, obligation_id)
    own = one.obligation
    agency = session.get_one(Agency, own.agency_id)
    contacts = contacts_of(session, [own.agency_id])
    named = _named(session, key(one.directive.id))
    return Whole(
        one=one,
        agency=agency,
        contacts=tuple(found for role in AGENCY_ROLES if (found := contacts.get((own.agency_id, role)))),
        cooperating=tuple(named[COOPERATING]),
        report_to=tuple(named[REPORT_TO]),
        owners=tuple(_owners(session, office_id, key(one.conclusion.id))),
        linked=_linked(session, own),
        came_from=own.came_from,
        went_to=session.exec(select(Obligation.id).where(Obligation.came_from == own.id)).first(),
        wish=waiting(session, obligation_id) if own.asked_at else None,
        said=_said(session, obligation_id),
        coming=_coming(session, obligation_id),
    )


def _named(session: Session, directive_id: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = select(DirectiveAgency).where(DirectiveAgency.directive_id == directive_id)
    for row in session.exec(query.order_by(col(DirectiveAgency.id))):
        found[row.role].append(row.written)
    return found


def _owners(session: Session, office_id: int, conclusion_id: int) -> list[Official]:
    """Whoever was named for the conclusion, else whoever owns everything."""
    named = in_charge(session, [conclusion_id]).get((conclusion_id, Role.OWNER))
    return [named] if named else [one for one in officials_of(session, office_id) if one.role == Role.OWNER]


def _linked(session: Session, own: Obligation) -> tuple[int, ...]:
    if not own.link:
        return ()
    query = select(Obligation.id).where(
        Obligation.link == own.link, Obligation.id != own.id, Obligation.office_id == own.office_id
    )
    return tuple(key(id_) for id_ in session.exec(query.order_by(col(Obligation.id))))


def _said(session: Session, obligation_id: int) -> tuple[Said, ...]:
    query = select(StatusReport).where(StatusReport.obligation_id == obligation_id)
    reports = session.exec(query.order_by(col(StatusReport.id).desc())).all()
    files: dict[int, list[Attachment]] = defaultdict(list)
    ids = [key(one.id) for one in reports]
    for file in session.exec(select(Attachment).where(col(Attachment.report_id).in_(ids)).order_by(col(Attachment.id))):
        files[file.report_id].append(file)
    return tuple(Said(one, tuple(files[key(one.id)])) for one in reports)


def _coming(session: Session, obligation_id: int) -> tuple[Checkpoint, ...]:
    query = select(Checkpoint).where(Checkpoint.obligation_id == obligation_id, col(Checkpoint.fate).in_(LIVE))
    return tuple(session.exec(query.order_by(col(Checkpoint.at), col(Checkpoint.id))))
