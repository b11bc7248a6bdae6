"""A paper: its text beside what was read in it, and every correction, kept at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from domain.drafts import Draft, DraftDirective, DraftRegulation
from domain.errors import Refusal
from domain.filing import identity, same_number
from domain.governed import propose_regulation
from domain.instants import of_our_time
from domain.keys import key
from domain.offices import Official
from domain.paper_corrections import Bound, Wanted, as_first_read, corrected, meant, names_in, read_again, with_added
from domain.papers import Paper, find_paper
from domain.paperwork import (
    NEWS,
    Work,
    add_body,
    put_in_order,
    remove_directive,
    replace_directive,
    save,
    taken_up,
    work_on,
)
from domain.people import IN_CHARGE, officials_of
from domain.regulations import one_regulation, regulations
from domain.store import Change
from domain.written import parse_day
from web.marked_text import marked_in, plain, text_of
from web.pages.filing_desk import PaperId
from web.pages.filing_view import ROWS, Row, rows_of, unknown_of
from web.visit import Clerk, Form, Sent, Visit

router = APIRouter()
KINDS = ("notice", NEWS)
LONGEST_TITLE = 1000  #: characters
UNSET = -1


def paper_or_404(visit: Visit, paper_id: int) -> Paper:
    """A paper that lies on the desk or was filed from it."""
    with visit.look() as session:
        paper = find_paper(session, visit.office_id, paper_id)
    if paper is None:
        raise HTTPException(404)
    return paper


@router.get("/filing/{paper_id}")
def paper(visit: Clerk, paper_id: PaperId, edit: int = UNSET, add: int = 0, page: int = 1) -> Response:
    """A paper as it stands; one that is filed is shown as what it became."""
    there = paper_or_404(visit, paper_id)
    if there.conclusion_id is not None:
        return RedirectResponse(f"/conclusions/{there.conclusion_id}", 303)
    return visit.page("filing/paper.html", **_shown(visit, there, edit=edit, add=bool(add), page=page))


def _shown(visit: Visit, paper: Paper, *, edit: int = UNSET, add: bool = False, page: int = 1) -> dict[str, Any]:
    """All that the page shows; `edit` is the place of the directive whose form is open."""
    with visit.look() as session:
        work = work_on(session, paper)
        people = officials_of(session, visit.office_id)
        known = regulations(session, visit.office_id)
        proposed = propose_regulation(session, visit.office_id, work.draft)
        other = None
        with suppress(Refusal):
            other = same_number(session, visit.office_id, *identity(work.draft))
    text = text_of(work.paper.text, work.draft, work.registry)
    rows = rows_of(work, marked_in(text))
    pages = max(1, -(-len(rows) // ROWS))
    page = next((n // ROWS + 1 for n, row in enumerate(rows) if row.place == edit), min(max(page, 1), pages))
    shown = rows[(page - 1) * ROWS : page * ROWS]
    opened = _opened(shown, edit, add=add)
    return {
        "paper": paper,
        "draft": work.draft,
        "is_news": work.is_news,
        "text": text,
        "needing": [row for row in shown if row.needs],
        "settled": [row for row in shown if not row.needs],
        "left": sum(row.needs for row in rows),
        "blocking": sum(row.blocks for row in rows),
        "count": len(rows),
        "page_no": page,
        "pages": pages,
        "opened": opened.place if opened else UNSET,
        "unknown": unknown_of(work, opened) if opened else [],
        "adding": add,
        "agencies": [one.name for one in work.registry.entries if one.exists(work.draft.issued_on)],
        "added_bodies": [one.name for one in work.added],
        "roles": IN_CHARGE,
        "officials": _each_person(people),
        "other": other,
        "kinds": KINDS,
        "regulations": known,
        "regulation": proposed,
        "plain": plain,
        "wrong": None,
        "typed": {},
    }


def _opened(rows: list[Row], edit: int, *, add: bool) -> Row | None:
    """The row whose form is open: the one that was asked for, else the most urgent that needs somebody."""
    if edit == UNSET:
        return rows[0] if rows and rows[0].needs and not add else None
    return next((row for row in rows if row.place == edit), None)


def _each_person(people: list[Official]) -> list[Official]:
    """Everybody once, however many roles they fill."""
    return list({one.address.casefold(): one for one in reversed(people)}.values())[::-1]


def _corrects(visit: Visit, form: Form, paper_id: int, deed: Callable[[Change, Work], object]) -> Refusal | None:
    """Does a correction on the paper as the form showed it; answers why it could not be done."""
    try:
        with visit.change() as change:
            deed(change, taken_up(change, paper_id, _number(form.words("version"))))
    except Refusal as refusal:
        return refusal
    return None


def _number(words: str) -> int:
    return int(words) if words.isdecimal() and len(words) < 10 else UNSET


def _again(visit: Visit, paper_id: int, refusal: Refusal, where: str, form: Form, **shown: Any) -> Response:
    """The page as it stands now, with what is wrong at its place and what was typed.

    To a page that replaces a part of itself it is an answer like any other.
    """
    there = paper_or_404(visit, paper_id)
    if there.conclusion_id is not None:
        return RedirectResponse(f"/conclusions/{there.conclusion_id}", 303)
    context = _shown(visit, there, **shown)
    typed = {} if refusal.code == "web_filing.refused.stale" else _typed(form)
    context |= {"wrong": {"where": where, "why": refusal}, "typed": typed}
    return visit.page("filing/paper.html", status=200 if visit.request.headers.get("hx-request") else 422, **context)


def _typed(form: Form) -> dict[str, Any]:
    blank = dict.fromkeys(("words", "bound", "day", "tracked"), "")
    return blank | form.typed() | {name: form.all(name) for name in ("lead", "cooperating")}


def _to(paper_id: int, done: str, anchor: str = "", **query: int) -> Response:
    """On to the paper's page, at a row of it."""
    words = urlencode(query | {"done": f"filing.{done}"})
    return RedirectResponse(f"/filing/{paper_id}?{words}{f'#{anchor}' if anchor else ''}", 303)


@router.post("/filing/{paper_id}/head")
def head(visit: Clerk, form: Sent, paper_id: PaperId) -> Response:
    """Number, day, title, kind, who looks after it, from when it is followed."""
    if refusal := _corrects(visit, form, paper_id, lambda change, work: _change_head(change, work, form)):
        return _again(visit, paper_id, refusal, "head", form)
    return _to(paper_id, "saved", "head")


def _change_head(change: Change, work: Work, form: Form) -> None:
    number = " ".join(form.words("number").split()) or None
    issued_on = _day(form.words("issued_on"))
    draft = work.draft
    if (number, issued_on) != (draft.number, draft.issued_on):
        identity(draft.model_copy(update={"number": number or "1", "issued_on": issued_on or date(2000, 1, 1)}))
        draft = read_again(work, number, issued_on)
    title = " ".join(form.words("title").split())[:LONGEST_TITLE] or None
    kind = form.words("kind") if form.words("kind") in KINDS else draft.document_kind
    owners = {str(role): _number(form.words(f"owner_{role}")) for role in IN_CHARGE}
    chosen = {role: id_ for role, id_ in owners.items() if id_ != UNSET}
    put_in_order(change, work, chosen, _day(form.words("track_from")))
    named = _regulation(change, draft, form) if form.has("regulation") else draft.regulation
    save(change, work, draft.model_copy(update={"title": title, "document_kind": kind, "regulation": named}), "head")


def _regulation(change: Change, draft: Draft, form: Form) -> DraftRegulation | None:
    """What the notice says of its regulation, as somebody wants it; unchanged where the proposal was left as it is."""
    proposed = propose_regulation(change.session, change.office_id, draft)
    chosen = _number(form.words("regulation"))
    if chosen == (key(proposed.id) if proposed else UNSET):
        return draft.regulation
    if chosen == UNSET:
        return None
    row = one_regulation(change.session, change.office_id, chosen)
    return DraftRegulation(written=row.title, number=row.number, issued_on=row.issued_on)


def _day(words: str) -> date | None:
    day = parse_day(words) if words else None
    if day is not None and not of_our_time(day):
        raise Refusal("errors.bad_day", words=words)
    return day


@router.post("/filing/{paper_id}/directive/{place}")
def correct(visit: Clerk, form: Sent, paper_id: PaperId, place: int) -> Response:
    """A directive as somebody wants it, or kept as it was read."""
    needs: list[bool] = []

    def deed(change: Change, work: Work) -> None:
        one = work.place_of(place)
        if form.words("deed") != "keep":
            one = corrected(one, _wanted(form, one), work.registry, work.draft.issued_on)
        replace_directive(change, work, place, one)
        needs.append(any(other.place == place for other in work_on(change.session, work.paper).doubts))

    if refusal := _corrects(visit, form, paper_id, deed):
        return _again(visit, paper_id, refusal, f"d-{place}", form, edit=place, page=_page(form))
    more = {"edit": place} if needs[0] else {}
    return _to(paper_id, "saved", f"d-{place}", page=_page(form), **more)


def _page(form: Form) -> int:
    return max(1, _number(form.words("page")))


def _wanted(form: Form, one: DraftDirective | None = None) -> Wanted:
    """A form of a directive. A day that was typed counts, wherever the choice beside it stands; 'none' goes first."""
    words = form.words("bound")
    bound = Bound(words) if words in tuple(Bound) else Bound.KEEP
    typed = form.words("day")
    day = _day(typed) if bound is not Bound.NONE else None
    if bound is Bound.DAY and day is None:
        raise Refusal("web_filing.refused.no_day")
    return Wanted(
        leads=names_in(form.all("lead")),
        cooperating=names_in(form.all("cooperating")),
        tracked=form.words("tracked") != "no",
        bound=Bound.DAY if day is not None and bound is not Bound.NONE else bound,
        day=day,
    )


@router.post("/filing/{paper_id}/directive/{place}/remove")
def remove(visit: Clerk, form: Sent, paper_id: PaperId, place: int) -> Response:
    """Takes out a directive that is none."""
    if refusal := _corrects(visit, form, paper_id, lambda change, work: remove_directive(change, work, place)):
        return _again(visit, paper_id, refusal, f"d-{place}", form, edit=place, page=_page(form))
    return _to(paper_id, "removed", "rows", page=_page(form))


@router.post("/filing/{paper_id}/directive/{place}/body")
def body(visit: Clerk, form: Sent, paper_id: PaperId, place: int) -> Response:
    """Settles what an unknown lead means: a body that is spelt alike, or a new one; wherever it leads."""

    def deed(change: Change, work: Work) -> None:
        name = form.words("name")
        means = form.words("means") or add_body(work, name)
        save(change, work, meant(work.draft, name, means), name)

    if refusal := _corrects(visit, form, paper_id, deed):
        return _again(visit, paper_id, refusal, f"d-{place}", form, edit=place, page=_page(form))
    return _to(paper_id, "saved", f"d-{place}", page=_page(form), edit=place)


@router.post("/filing/{paper_id}/add")
def add(visit: Clerk, form: Sent, paper_id: PaperId) -> Response:
    """A directive that the reading missed."""
    new: list[int] = []

    def deed(change: Change, work: Work) -> None:
        draft = with_added(work, form.words("words"), _wanted(form))
        old = {one.path for one in work.draft.directives}
        place, path = next((n, one.path) for n, one in enumerate(draft.directives) if one.path not in old)
        save(change, work, draft, path, [path])
        new.append(place)

    if refusal := _corrects(visit, form, paper_id, deed):
        return _again(visit, paper_id, refusal, "add", form, add=True)
    return _to(paper_id, "added", f"d-{new[0]}", edit=new[0])


@router.post("/filing/{paper_id}/again")
def again(visit: Clerk, form: Sent, paper_id: PaperId) -> Response:
    """Reads the text anew; what was corrected in its directives goes."""

    def deed(change: Change, work: Work) -> None:
        work.paper.seen, work.paper.added = [], []
        save(change, work, as_first_read(work), "again")

    if refusal := _corrects(visit, form, paper_id, deed):
        return _again(visit, paper_id, refusal, "head", form)
    return _to(paper_id, "read_again")
