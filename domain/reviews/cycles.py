"""Opening a review: the sides of a regulation are asked for their reports, as a conclusion like any other.

So reminders, links, the ladder and the dashboard work unchanged (DESIGN: a review is follow-up too).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from sqlmodel import Session, col, select

from config.words import say
from domain.agencies import Agency, registry_of
from domain.conclusions import Conclusion, ConclusionKind
from domain.deadlines import last_day
from domain.drafts import Authority, DeadlineKind, Draft, DraftDeadline, DraftDirective
from domain.errors import Refusal
from domain.filing import Notice, file_notice, same_number
from domain.instants import iso, local
from domain.keys import key
from domain.names import Registry, RegistryEntry
from domain.offices import office_policy, the_office
from domain.regulations import Regulation, Side, newest, one_regulation, sides_of
from domain.reviews.periods import Period
from domain.reviews.tables import ReviewCycle
from domain.store import Change

VI = "vi"  #: what the sides are asked stands in a signed letter, whatever the pages speak


@dataclass(frozen=True, slots=True)
class Opening:
    """What a person, a schedule or Prefect asks for."""

    regulation: Regulation
    period: Period
    due_before: datetime
    number: str = ""  #: of the letter; empty: one is made up


@dataclass(frozen=True, slots=True)
class Opened:
    """A review, and whether it was opened now or stood open before."""

    cycle: ReviewCycle
    conclusion: Conclusion
    obligations: int
    is_new: bool


def open_cycle(change: Change, asked: Opening) -> Opened:
    """Opens a review as of `change.now`: files the request to every side, in one transaction; twice is once.

    A review whose request was undone is opened afresh. Raises Refusal for a regulation that was replaced or is not in
    force in the period, for a bound that lies behind, and where nobody reports for any side.
    """
    there = cycle_of(change.session, key(asked.regulation.id), asked.period)
    if there is not None:
        conclusion = change.session.get_one(Conclusion, there.conclusion_id)
        if not conclusion.withdrawal:
            return Opened(there, conclusion, 0, is_new=False)
    _check(change, asked)
    filed = file_notice(change, Notice(_request(change, asked), of_review=True, regulation_id=key(asked.regulation.id)))
    cycle = there or ReviewCycle(
        office_id=change.office_id,
        regulation_id=key(asked.regulation.id),
        period=asked.period.code,
        due_before=asked.due_before,
        conclusion_id=key(filed.conclusion.id),
        form=_form(change),
        opened_by=change.actor,
        opened_at=change.now,
        recorded_at=change.recorded_at,
    )
    cycle.conclusion_id, cycle.due_before = key(filed.conclusion.id), asked.due_before
    change.session.add(cycle)
    change.session.flush()
    change.record(
        "review.opened",
        f"review:{cycle.id}",
        regulation=cycle.regulation_id,
        period=cycle.period,
        due_before=iso(cycle.due_before),
        conclusion=cycle.conclusion_id,
    )
    return Opened(cycle, filed.conclusion, filed.obligations, is_new=True)


def _check(change: Change, asked: Opening) -> None:
    regulation, period = asked.regulation, asked.period
    if regulation.term_from > period.last_day:
        day = f"{regulation.term_from:%d/%m/%Y}"
        raise Refusal("reviews.refused.not_yet", number=regulation.number, period=period.code, day=day)
    if regulation.term_to is not None and regulation.term_to < period.first_day:
        last, now = newest(change.session, regulation), f"{regulation.term_to:%d/%m/%Y}"
        code = "reviews.refused.replaced" if last.id != regulation.id else "reviews.refused.ended"
        raise Refusal(code, number=regulation.number, period=period.code, day=now, by=last.number)
    if asked.due_before <= change.now:
        raise Refusal("reviews.refused.due_behind", day=f"{last_day(asked.due_before):%d/%m/%Y}")


def _form(change: Change) -> list[dict[str, object]]:
    sections = office_policy(the_office(change.session, change.office_id)).review.sections
    return [one.model_dump(mode="json") for one in sections]


def _request(change: Change, asked: Opening) -> Draft:
    """The letter as a draft: one directive for each side, apart for those who are asked and those who are told."""
    today = local(change.now).date()
    sides = sides_of(change.session, key(asked.regulation.id))
    registry = registry_of(change.session, change.office_id)
    groups = [group for side in sides for group in _groups(side, registry, today)]
    if not groups:
        raise Refusal("reviews.refused.nobody", number=asked.regulation.number)
    names = [side.name for side in sides]
    directives = [
        _directive(change, asked, str(place), side, entries, [name for name in names if name != side.name])
        for place, (side, entries) in enumerate(groups, start=1)
    ]
    title = say("reviews.request.title", language=VI, period=asked.period.words(VI), regulation=asked.regulation.title)
    number = " ".join(asked.number.split()) or _free_number(change, today)
    return Draft(
        document_kind=ConclusionKind.REVIEW_REQUEST, number=number, issued_on=today, title=title, directives=directives
    )


def _groups(side: Side, registry: Registry, today: date) -> Iterator[tuple[Side, list[RegistryEntry]]]:
    """The bodies of a side that exist today: those that are ordered, and those that are asked."""
    entries = list(dict.fromkeys(one for agency in side.agencies for one in _today(agency, registry, today)))
    for requested in (False, True):
        some = [one for one in entries if one.request_only is requested]
        if some:
            yield side, some


def _today(agency: Agency, registry: Registry, today: date) -> list[RegistryEntry]:
    """The body itself, or what took its place: a regulation outlives a reorganisation."""
    waiting, found = [agency.name], list[RegistryEntry]()
    for name in waiting:
        entry = registry.find(name, today)
        if entry is None:
            continue
        if entry.exists(today):
            found += registry.members(entry, today) or (entry,)
        else:
            waiting += [one for one in entry.successors if one not in waiting]
    return found


def _directive(
    change: Change, asked: Opening, path: str, side: Side, entries: Sequence[RegistryEntry], others: list[str]
) -> DraftDirective:
    last = f"{last_day(asked.due_before):%d/%m/%Y}"
    words = say(
        "reviews.request.directive",
        language=VI,
        side=side.name,
        regulation=asked.regulation.title,
        number=asked.regulation.number,
        period=asked.period.words(VI),
        office=the_office(change.session, change.office_id).name,
        others="; ".join(others),
        day=last,
    )
    requested = entries[0].request_only
    return DraftDirective(
        path=path,
        text=words,
        authority=Authority.REQUEST if requested else Authority.ORDER,
        lead=[one.name for one in entries],
        report_to=others,
        field="",
        deadline=DraftDeadline(
            kind=DeadlineKind.DATE,
            phrase=say("reviews.request.phrase", language=VI, day=last),
            due_before=local(asked.due_before),
        ),
    )


def _free_number(change: Change, today: date) -> str:
    """The next number that no request of this year has: the clerk's own takes its place where one is given."""
    for n in count(1):
        number = say("reviews.request.number", language=VI, n=f"{n:02}")
        if same_number(change.session, change.office_id, number, today) is None:
            return number
    raise AssertionError("numbers do not end")


def cycle_of(session: Session, regulation_id: int, period: Period) -> ReviewCycle | None:
    """The review of a regulation for a period, where one was opened."""
    return session.exec(
        select(ReviewCycle).where(ReviewCycle.regulation_id == regulation_id, ReviewCycle.period == period.code)
    ).first()


def find_cycle(session: Session, office_id: int, cycle_id: int) -> ReviewCycle:
    """A review by its id. Raises Refusal for none."""
    row = session.get(ReviewCycle, cycle_id)
    if row is None or row.office_id != office_id:
        raise Refusal("reviews.refused.unknown", id=cycle_id)
    return row


@dataclass(frozen=True, slots=True)
class Cycle:
    """A review with its regulation and its request."""

    row: ReviewCycle
    regulation: Regulation
    conclusion: Conclusion

    @property
    def id(self) -> int:
        """The review's."""
        return key(self.row.id)


def cycles(session: Session, office_id: int) -> list[Cycle]:
    """Every review of the office whose request was not undone, the newest first."""
    query = (
        select(ReviewCycle, Regulation, Conclusion)
        .join(Regulation, col(Regulation.id) == col(ReviewCycle.regulation_id))
        .join(Conclusion, col(Conclusion.id) == col(ReviewCycle.conclusion_id))
        .where(ReviewCycle.office_id == office_id, Conclusion.withdrawal == 0)
        .order_by(col(ReviewCycle.opened_at).desc(), col(ReviewCycle.id).desc())
    )
    return [Cycle(*row) for row in session.exec(query)]


def one_cycle(session: Session, office_id: int, cycle_id: int) -> Cycle:
    """A review with what belongs to it. Raises Refusal for none."""
    row = find_cycle(session, office_id, cycle_id)
    conclusion = session.get_one(Conclusion, row.conclusion_id)
    return Cycle(row, one_regulation(session, office_id, row.regulation_id), conclusion)


def cycle_of_conclusion(session: Session, conclusion_id: int) -> ReviewCycle | None:
    """The review whose request a conclusion is."""
    return session.exec(select(ReviewCycle).where(ReviewCycle.conclusion_id == conclusion_id)).first()
