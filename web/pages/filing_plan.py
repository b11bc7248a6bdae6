"""Before a paper is filed: what it will bring, and what is still missing; then it is filed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from config.words import say
from domain.checkpoints import Checkpoint, Fate
from domain.conclusions import Conclusion
from domain.doubts import UNDECIDABLE, Doubtful
from domain.drafts import Draft
from domain.errors import Refusal
from domain.filing import contents_digest, identity, same_number
from domain.papers import Paper
from domain.paperwork import Work, as_far_as_it_goes, file_paper, work_on
from domain.people import officials_of
from domain.store import Ledger
from flows.previewing import MOST_LIVED, PlannedWork, ToCome, bare_office, planned, to_come
from web.marked_text import plain
from web.pages.filing_desk import PaperId
from web.pages.filing_paper import paper_or_404
from web.visit import Clerk, Sent, Visit

router = APIRouter()
DAYS_AHEAD = 45
MOST_SHOWN = 200  #: lines of each table of one page


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which the paper cannot be filed, and the directive that it is about."""

    words: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What filing brings, as far as the paper allows."""

    works: list[PlannedWork]
    messages: list[ToCome] | None  #: None: not looked for yet
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """The obligations of one directive that have the same plan, whose agencies are shown together."""

    path: str
    due_before: datetime | None
    agencies: tuple[str, ...]
    passed: int  #: checkpoints that lie before the filing
    moments: tuple[Checkpoint, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Messages of one moment that say the same, whose recipients are shown together."""

    at: datetime
    kind: str
    paths: tuple[str, ...]
    recipients: tuple[tuple[str, str], ...]  #: name, role


def _alike(works: list[PlannedWork], now: datetime) -> list[Alike]:
    found: dict[Any, list[PlannedWork]] = defaultdict(list)
    for one in works:
        found[one.path, one.due_before, *((m.at, m.kind, m.step, m.fate) for m in one.moments)].append(one)
    return [_together(group, now) for group in found.values()]


def _together(group: list[PlannedWork], now: datetime) -> Alike:
    first = group[0]
    passed = {id(one) for one in first.moments if one.at < now and one.fate == Fate.OPEN}
    to_come = tuple(one for one in first.moments if id(one) not in passed)
    return Alike(first.path, first.due_before, tuple(one.agency for one in group), len(passed), to_come)


def _told(messages: list[ToCome]) -> list[Told]:
    found: dict[tuple[datetime, str, tuple[str, ...]], list[tuple[str, str]]] = defaultdict(list)
    for one in messages:
        found[one.foreseen.at, one.foreseen.kind, one.paths].append((one.foreseen.recipient, one.foreseen.role))
    return [Told(*said, tuple(recipients)) for said, recipients in found.items()]


@router.get("/filing/{paper_id}/plan")
def plan(visit: Clerk, paper_id: PaperId, messages: int = 0) -> Response:
    """What filing would bring; with `messages` also what would be sent. Nothing of it is stored."""
    there = paper_or_404(visit, paper_id)
    if there.conclusion_id is not None:
        return RedirectResponse(f"/conclusions/{there.conclusion_id}", 303)
    return visit.page("filing/plan.html", **_shown(visit, there, messages=bool(messages)))


def _shown(visit: Visit, paper: Paper, *, messages: bool = False) -> dict[str, Any]:
    draft = Draft.model_validate(paper.draft)
    with visit.look() as session:
        other = _other(visit, session, draft)
    with bare_office(visit.ledger) as copy:
        with copy.look() as session:
            work = work_on(session, paper)
            names = {one.id: one.name for one in officials_of(session, visit.office_id)}
        missing = list(_missing(work, other))
        found = _plan(visit, copy, work, messages=messages)
    groups = _alike(found.works, visit.now)
    told = None if found.messages is None else _told(found.messages)
    open_ = [one for one in work.doubts if not one.blocks]
    return {
        "paper": paper,
        "draft": draft,
        "is_news": work.is_news,
        "missing": missing,
        "left_out": [one.directive.path for one in work.doubts if one.blocks],
        "open": open_,
        "same": other if other is not None and _is_same(other, work.draft) else None,
        "works": groups[:MOST_SHOWN],
        "more_works": len(groups) - MOST_SHOWN,
        "count": len(found.works),
        "agencies": len({one.agency for one in found.works}),
        "messages": None if told is None else told[:MOST_SHOWN],
        "more_messages": len(told or ()) - MOST_SHOWN,
        "message_count": len(found.messages or ()),
        "too_many": len(found.works) > MOST_LIVED,
        "plan_refusal": found.refusal,
        "owners": {role: names.get(int(str(id_)), "") for role, id_ in paper.owners.items()},
        "new_bodies": _new_bodies(work),
        "days": DAYS_AHEAD,
        "plain": plain,
    }


def _new_bodies(work: Work) -> list[str]:
    named = {name for one in work.draft.directives for name in one.lead}
    return [one.name for one in work.added if one.name in named]


def _other(visit: Visit, session: Session, draft: Draft) -> Conclusion | None:
    """The notice that has this number already."""
    try:
        return same_number(session, visit.office_id, *identity(draft))
    except Refusal:
        return None


def _is_same(other: Conclusion, draft: Draft) -> bool:
    return other.contents_sha256 == contents_digest(draft)


def _missing(work: Work, other: Conclusion | None) -> Iterator[Missing]:
    """What filing would refuse, each in a line."""
    draft = work.draft
    if not draft.number:
        yield Missing(say("web_filing.missing.number"))
    if draft.issued_on is None:
        yield Missing(say("web_filing.missing.issued_on"))
    if not draft.directives:
        yield Missing(say("errors.no_directives"))
    if other is not None and not _is_same(other, draft):
        day = f"{other.issued_on:%d/%m/%Y}"
        yield Missing(say("errors.same_number", number=other.number, issued_on=day))
    for one in work.doubts:
        if one.blocks:
            yield Missing(_why(one), one.place)
        elif work.is_news:
            yield Missing(say("web_filing.missing.news", path=one.directive.path), one.place)


def _why(one: Doubtful) -> str:
    why = (say(f"cli.ask.why.{doubt}", names=", ".join(one.unknown)) for doubt in one.doubts if doubt in UNDECIDABLE)
    return say("web_filing.missing.directive", path=one.directive.path, why=", ".join(why))


def _plan(visit: Visit, copy: Ledger, work: Work, *, messages: bool) -> Plan:
    notice = as_far_as_it_goes(work, visit.now.date())
    if not notice.draft.directives:
        return Plan([], None)
    try:
        works = planned(copy, work, notice, visit.now)
    except Refusal as refusal:
        return Plan([], None, refusal)
    if not messages or len(works) > MOST_LIVED:
        return Plan(works, None)
    return Plan(works, to_come(visit.settings, copy, works, visit.now, DAYS_AHEAD))


@router.post("/filing/{paper_id}/file")
def file_it(visit: Clerk, form: Sent, paper_id: PaperId) -> Response:
    """Files the paper; its flow starts. Twice is once."""
    version = form.words("version")
    try:
        with visit.change() as change:
            filed = file_paper(
                change,
                paper_id,
                int(version) if version.isdecimal() and len(version) < 10 else -1,
                looked_at=form.has("looked_at"),
            )
    except Refusal as refusal:
        return visit.refused("filing/plan.html", refusal, **_shown(visit, paper_or_404(visit, paper_id)))
    visit.follow(filed.conclusion)
    done = "filing.filed" if filed.is_new else "filing.there"
    return visit.go(f"/conclusions/{filed.conclusion.id}", done=done)
