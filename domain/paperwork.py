"""What somebody does with a paper on the desk: put it there, correct what was read, file it, take it away.

Every correction is kept at once. A form that was shown before somebody else's correction is refused, so that nobody
undoes what they have not seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from pydantic import ValidationError
from sqlmodel import Session

from domain.agencies import new_body, register, registry_of
from domain.conclusions import Conclusion
from domain.corrections import confirmed
from domain.desk import Reader, draft_of
from domain.doubts import Doubtful, doubtful
from domain.drafts import Draft, DraftDirective
from domain.errors import Refusal
from domain.filing import Filed, Notice, file_notice
from domain.instants import at
from domain.keys import key
from domain.names import Registry, RegistryEntry
from domain.offices import Official, working_time
from domain.papers import Paper, find_paper
from domain.people import IN_CHARGE, put_in_charge
from domain.reading import Document
from domain.store import Change

NEWS = "report"  #: the kind of a document that is news about a meeting, and no signed notice


@dataclass(frozen=True, slots=True)
class Work:
    """A paper as somebody works on it: its draft, and the registry with the bodies that it adds."""

    paper: Paper
    draft: Draft
    reader: Reader
    added: tuple[RegistryEntry, ...] = ()

    @property
    def registry(self) -> Registry:
        """The bodies that a directive of this paper may name."""
        return self.reader.registry

    @property
    def is_news(self) -> bool:
        """Whether nothing of it is signed."""
        return self.draft.document_kind == NEWS

    @property
    def doubts(self) -> list[Doubtful]:
        """What needs a look, the most urgent first: what filing would refuse, and what nobody has confirmed yet."""
        found = doubtful(self.draft, self.registry, news=self.is_news)
        return [one for one in found if one.blocks or one.directive.path not in self.paper.seen]

    def place_of(self, place: int) -> DraftDirective:
        """The directive at a place. Raises Refusal where there is none."""
        if not 0 <= place < len(self.draft.directives):
            raise Refusal("web_filing.refused.no_directive")
        return self.draft.directives[place]


def reader_of(session: Session, office_id: int) -> Reader:
    """The office as a reader: its registry, its calendar, and how it reads "trước ngày X"."""
    hours = working_time(session, office_id)
    return Reader(registry_of(session, office_id), hours.calendar, hours.policy.before_date == "inclusive")


def first_draft(document: Document, reader: Reader) -> Draft:
    """What a document says. Raises Refusal where nothing in it is to be followed."""
    draft = draft_of(document, reader, None, None)
    if not draft.directives:
        raise Refusal("errors.nothing_to_follow", file=document.name)
    return draft


def lay(change: Change, document: Document, draft: Draft) -> Paper:
    """Puts a document that was read on the desk."""
    paper = Paper(
        office_id=change.office_id,
        actor=change.actor,
        name=document.name,
        text=document.text,
        draft=draft.model_dump(mode="json"),
        created_at=change.now,
        changed_at=change.now,
    )
    change.session.add(paper)
    change.session.flush()
    change.record("paper.laid", f"paper:{paper.id}", name=document.name, directives=len(draft.directives))
    return paper


def work_on(session: Session, paper: Paper) -> Work:
    """A paper, ready to be looked at or corrected."""
    reader = reader_of(session, paper.office_id)
    bodies = (new_body(str(one["name"])) for one in paper.added)
    added = tuple(one for one in bodies if reader.registry.find(one.name) is None)  # the office may know it by now
    if added:
        reader = replace(reader, registry=Registry([*reader.registry.entries, *added]))
    return Work(paper, Draft.model_validate(paper.draft), reader, added)


def taken_up(change: Change, paper_id: int, version: int) -> Work:
    """A paper that is about to be changed by a form that showed it at a version.

    Raises Refusal where it is gone or filed, and where somebody has corrected it since.
    """
    paper = find_paper(change.session, change.office_id, paper_id)
    if paper is None:
        raise Refusal("web_filing.refused.gone")
    if paper.conclusion_id is not None:
        raise Refusal("web_filing.refused.filed")
    if paper.version != version:
        raise Refusal("web_filing.refused.stale")
    return work_on(change.session, paper)


def save(change: Change, work: Work, draft: Draft, what: str, seen: Iterable[str] = ()) -> None:
    """Keeps a correction; `what` says in the trail what it was about, `seen` names what somebody confirmed with it.

    Raises Refusal for a draft that could not be taken up again: a name that is too long, a character that is none.
    """
    paper = work.paper
    kept = draft.model_dump(mode="json")
    if not _can_be_kept(kept, paper.added):
        raise Refusal("web_filing.refused.not_kept")
    paths = {one.path for one in draft.directives}
    paper.seen = [path for path in dict.fromkeys([*paper.seen, *seen]) if path in paths]
    paper.draft = kept
    paper.version += 1
    paper.changed_at = change.now
    change.session.add(paper)
    change.record("paper.corrected", f"paper:{paper.id}", what=what)


def _can_be_kept(draft: dict[str, object], added: list[dict[str, object]]) -> bool:
    try:
        Draft.model_validate(draft)
    except ValidationError:
        return False
    return "\\u0000" not in json.dumps([draft, added])


def replace_directive(change: Change, work: Work, place: int, one: DraftDirective) -> None:
    """A directive as somebody wants it: nothing in it is a guess any more."""
    work.place_of(place)
    directives = list(work.draft.directives)
    directives[place] = confirmed(one)
    save(change, work, work.draft.model_copy(update={"directives": directives}), one.path, [one.path])


def remove_directive(change: Change, work: Work, place: int) -> DraftDirective:
    """Takes a directive out that is none; answers it."""
    gone = work.place_of(place)
    rest = [one for number, one in enumerate(work.draft.directives) if number != place]
    save(change, work, work.draft.model_copy(update={"directives": rest}), gone.path)
    return gone


def add_body(work: Work, name: str) -> str:
    """A body that the registry learns when the notice is filed; answers what it is called.

    Raises Refusal for a name that is none.
    """
    entry = new_body(name)
    known = work.registry.find(entry.name, work.draft.issued_on)
    if known is None:
        work.paper.added = [*work.paper.added, {"name": entry.name}]
    return known.name if known else entry.name


def drop(change: Change, paper_id: int) -> None:
    """Takes a paper off the desk; nothing of it is followed. Raises Refusal where it is gone or filed."""
    paper = find_paper(change.session, change.office_id, paper_id)
    if paper is None:
        raise Refusal("web_filing.refused.gone")
    if paper.conclusion_id is not None:
        raise Refusal("web_filing.refused.filed")
    paper.dropped_at = change.now
    change.session.add(paper)
    change.record("paper.dropped", f"paper:{paper.id}", name=paper.name)


def put_in_order(change: Change, work: Work, owners: dict[str, int], track_from: date | None) -> None:
    """Who looks after the conclusion once it is filed, and from which day it is followed; saved with the head."""
    people = {role: key(official.id) for role, official in _officials(change.session, work.paper, owners).items()}
    work.paper.owners = dict(people)
    work.paper.track_from = track_from


def _officials(session: Session, paper: Paper, owners: dict[str, int]) -> dict[str, Official]:
    """Role -> who fills it, of those who are still there."""
    found = {role: session.get(Official, owners[role]) for role in IN_CHARGE if role in owners}
    return {role: one for role, one in found.items() if one is not None and one.office_id == paper.office_id}


def notice_of(work: Work) -> Notice:
    """The paper as a notice that may be filed."""
    start = work.paper.track_from
    return Notice(work.draft, work.paper.text, at(start) if start else None)


def as_far_as_it_goes(work: Work, today: date) -> Notice:
    """The paper without what filing would refuse, so that the rest of its plan can be looked at beforehand."""
    refused = {one.place for one in work.doubts if one.blocks}
    kept = [one for place, one in enumerate(work.draft.directives) if place not in refused]
    changes = {"directives": kept, "number": work.draft.number or "…", "issued_on": work.draft.issued_on or today}
    return replace(notice_of(work), draft=work.draft.model_copy(update=changes))


def file_work(change: Change, work: Work, notice: Notice) -> Filed:
    """Registers the new bodies that are to lead, files the notice, and says who looks after it: all, or nothing."""
    named = {name for one in notice.draft.directives for name in one.lead}
    for entry in work.added:
        if entry.name in named:
            register(change, entry)
    filed = file_notice(change, notice)
    if filed.is_new:
        owners = {role: int(str(id_)) for role, id_ in work.paper.owners.items()}
        for role, official in _officials(change.session, work.paper, owners).items():
            put_in_charge(change, filed.conclusion, official, next(one for one in IN_CHARGE if one == role))
    return filed


def file_paper(change: Change, paper_id: int, version: int, *, looked_at: bool) -> Filed:
    """Files a paper in one transaction. Twice is once: a paper that is filed answers what it became.

    Raises Refusal for what `file_notice` refuses, for news of which something is not confirmed, and for doubts that
    nobody has looked at, unless somebody says that they have (`looked_at`).
    """
    paper = find_paper(change.session, change.office_id, paper_id)
    if paper is not None and paper.conclusion_id is not None:
        return Filed(change.session.get_one(Conclusion, paper.conclusion_id), 0, is_new=False)
    work = taken_up(change, paper_id, version)
    open_ = [one for one in work.doubts if not one.blocks]
    if open_ and work.is_news:
        raise Refusal("web_filing.refused.news", count=len(open_))
    if open_ and not looked_at:
        raise Refusal("web_filing.refused.not_looked_at", count=len(open_))
    filed = file_work(change, work, notice_of(work))
    work.paper.conclusion_id = filed.conclusion.id
    work.paper.changed_at = change.now
    change.session.add(work.paper)
    return filed
