"""The page of one notice: its text with the directives marked, where each stands, who is in charge, undoing it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlmodel import Session, col, select

from domain.agencies import registry_of
from domain.conclusions import COOPERATING, LEAD, Conclusion, Directive, DirectiveAgency
from domain.drafts import Draft, DraftDeadline, DraftDirective
from domain.errors import Refusal
from domain.events import Awaited, awaited, parse_happening, supply
from domain.governed import link_conclusion
from domain.instants import local
from domain.keys import key
from domain.life.withdrawal import UNDO_WITHIN, withdraw
from domain.obligations import Standing
from domain.offices import Official
from domain.people import IN_CHARGE, in_charge, officials_of, put_in_charge
from domain.policy import Role
from domain.regulations import Regulation, find_regulation, regulations
from domain.telling import Stands, where_it_stands
from web.marked_text import marked_in, plain, text_of
from web.visit import Clerk, Form, Manager, Sent, Viewer, Visit

router = APIRouter()
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Item:
    """One directive with where it stands at each of its agencies."""

    place: int
    directive: Directive
    words: str
    leads: tuple[str, ...]  #: as they are written in the notice
    cooperating: tuple[str, ...]
    rows: tuple[Stands, ...]
    waits: Awaited | None  #: for an event whose day somebody has to supply

    @property
    def counts(self) -> dict[str, int]:
        """Standing -> at how many agencies."""
        found = Counter(str(row.standing) for row in self.rows)
        return {str(one): found[str(one)] for one in Standing if found[str(one)]}


@router.get("/conclusions/{conclusion_id}")
def conclusion(visit: Viewer, conclusion_id: int) -> Response:
    """The page."""
    with visit.look() as session:
        context = _context(visit, session, conclusion_id)
    return visit.page("conclusion.html", **context)


@router.post("/conclusions/{conclusion_id}/charge")
def charge(visit: Manager, conclusion_id: int, form: Sent) -> Response:
    """Names who fills a role for this notice."""

    def named(visit: Visit, found: Conclusion) -> None:
        role, chosen = form.words("role"), form.words("official")
        with visit.change() as change:
            officials = {str(one.id): one for one in officials_of(change.session, visit.office_id)}
            if chosen not in officials or role not in IN_CHARGE:
                raise Refusal("web_work.refused.no_person")
            put_in_charge(change, found, officials[chosen], Role(role))

    return _done(visit, conclusion_id, form, "in_charge", named)


@router.post("/conclusions/{conclusion_id}/event")
def event(visit: Clerk, conclusion_id: int, form: Sent) -> Response:
    """Says when an event happens that deadlines of this notice wait for."""

    def supplied(visit: Visit, found: Conclusion) -> None:
        if not form.words("on"):
            raise Refusal("web_work.refused.no_day")
        happening = parse_happening(f"{form.words('on')} {form.words('hour')}")
        with visit.change() as change:
            waiting = [
                one
                for one in awaited(change.session, visit.office_id, Conclusion.id == found.id)
                if str(one.directive.id) == form.words("directive")
            ]
            if not waiting:
                raise Refusal("errors.no_such_event", event="")
            supply(change, waiting, happening)

    return _done(visit, conclusion_id, form, "supplied", supplied)


@router.post("/conclusions/{conclusion_id}/regulation")
def govern(visit: Clerk, conclusion_id: int, form: Sent) -> Response:
    """Puts the notice under a regulation, or under none."""

    def linked(visit: Visit, found: Conclusion) -> None:
        words = form.words("regulation")
        with visit.change() as change:
            row = find_regulation(change.session, visit.office_id, words) if words else None
            link_conclusion(change, key(found.id), row)

    return _done(visit, conclusion_id, form, "reviews.linked", linked)


@router.post("/conclusions/{conclusion_id}/undo")
def undo(visit: Clerk, conclusion_id: int, form: Sent) -> Response:
    """Undoes the filing, within a quarter of an hour."""

    def undone(visit: Visit, found: Conclusion) -> None:
        with visit.change() as change:
            withdraw(change, key(found.id), form.words("reason"))

    return _done(visit, conclusion_id, form, "undone", undone)


def _done(
    visit: Visit, conclusion_id: int, form: Form, word: str, deed: Callable[[Visit, Conclusion], None]
) -> Response:
    """One deed, and back to the page; where it is refused, the page with what was typed."""
    with visit.look() as session:
        found = _conclusion(visit, session, conclusion_id)
    try:
        deed(visit, found)
    except Refusal as refusal:
        with visit.look() as session:
            context = _context(visit, session, conclusion_id) | {"typed": form.typed()}
        return visit.refused("conclusion.html", refusal, **context)
    visit.follow(found)
    return visit.go(f"/conclusions/{conclusion_id}", word if "." in word else f"work.{word}")


def _conclusion(visit: Visit, session: Session, conclusion_id: int) -> Conclusion:
    row = session.get(Conclusion, min(max(conclusion_id, 0), LARGEST_ID))
    if row is None or row.office_id != visit.office_id:
        raise HTTPException(404)
    return row


def _context(visit: Visit, session: Session, conclusion_id: int) -> dict[str, Any]:
    found = _conclusion(visit, session, conclusion_id)
    items = _items(visit, session, found)
    text = (
        text_of(found.source_text, _as_draft(found, items), registry_of(session, visit.office_id))
        if found.source_text
        else []
    )
    return {
        "conclusion": found,
        "items": items,
        "text": text,
        "marked": marked_in(text),
        "charge": _charge(session, found),
        "officials": officials_of(session, visit.office_id),
        "regulation": session.get(Regulation, found.regulation_id) if found.regulation_id else None,
        "regulations": regulations(session, visit.office_id),
        "undo_until": _undo_until(found, visit.now),
        "typed": {},
    }


def _items(visit: Visit, session: Session, found: Conclusion) -> list[Item]:
    directives = session.exec(
        select(Directive).where(Directive.conclusion_id == found.id).order_by(col(Directive.place))
    ).all()
    standings = where_it_stands(session, key(found.id), visit.now)
    named = _named(session, [key(one.id) for one in directives])
    waits = {
        one.directive.id: one
        for one in awaited(session, visit.office_id, Conclusion.id == found.id)
        if not one.is_supplied
    }
    return [
        Item(
            place,
            one,
            plain(one.text),
            tuple(named[key(one.id), LEAD]),
            tuple(named[key(one.id), COOPERATING]),
            tuple(standings.get(key(one.id), ())),
            waits.get(one.id),
        )
        for place, one in enumerate(directives)
    ]


def _named(session: Session, directives: Iterable[int]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    query = select(DirectiveAgency).where(col(DirectiveAgency.directive_id).in_(set(directives)))
    for row in session.exec(query.order_by(col(DirectiveAgency.id))):
        found[row.directive_id, row.role].append(row.written)
    return found


def _as_draft(found: Conclusion, items: Iterable[Item]) -> Draft:
    """The notice as far as marking needs it: where each directive stands, whom it names, the phrase that dates it."""
    directives = [
        DraftDirective(
            path=item.directive.path,
            text=item.directive.text,
            start=item.directive.start,
            end=item.directive.end,
            lead=list(item.leads),
            cooperating=list(item.cooperating),
            deadline=DraftDeadline(phrase=item.directive.phrase),
        )
        for item in items
    ]
    return Draft(number=found.number, issued_on=found.issued_on, directives=directives)


def _charge(session: Session, found: Conclusion) -> dict[str, Official]:
    named = in_charge(session, [key(found.id)])
    return {role: official for (_, role), official in named.items()}


def _undo_until(found: Conclusion, now: datetime) -> datetime | None:
    """Until when the filing can be undone; None where it is too late."""
    until = found.filed_at + UNDO_WITHIN
    return local(until) if now < until and not found.withdrawal else None
