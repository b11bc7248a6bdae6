"""Filing a notice from a confirmed draft: everything in one transaction, or nothing."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import extract
from sqlmodel import Session, col, select

from domain.agencies import agency_ids, registry_of
from domain.conclusions import (
    COOPERATING,
    LEAD,
    REPORT_TO,
    Conclusion,
    ConclusionKind,
    Directive,
    DirectiveAgency,
)
from domain.deadlines import DAY, last_day_of_period
from domain.doubts import FARTHEST_YEARS
from domain.drafts import DirectiveKind, Draft, DraftDeadline, DraftDirective
from domain.errors import Refusal
from domain.fields import field_of
from domain.governed import NONE, propose_regulation
from domain.instants import at, of_our_time
from domain.keys import key
from domain.names import Registry, RegistryEntry, fold
from domain.obligations import WHOLE, Obligation
from domain.offices import follow_up_policy, office_policy, the_office, working_time
from domain.policy import FieldWords
from domain.recurrence import next_bound, period_name
from domain.regulations import one_regulation
from domain.store import Change

LONGEST_NUMBER = 100  #: characters


@dataclass(frozen=True, slots=True)
class Filed:
    """What filing came to."""

    conclusion: Conclusion
    obligations: int
    is_new: bool  #: False: the very same notice was in the ledger already


@dataclass(frozen=True, slots=True)
class Notice:
    """A confirmed draft with the text it was read from, ready to be filed."""

    draft: Draft
    text: str | None = None
    track_from: datetime | None = None
    regulation_id: int | None = None  #: under which it was made; None: as it says itself; `governed.NONE`: under none
    of_review: bool = False  #: it is the request of a review, which `reviews.cycles` opens


def file_notice(change: Change, notice: Notice) -> Filed:
    """Files a confirmed notice as of `change.now`: conclusion, directives, obligations.

    Filing the same notice again returns what is there. Raises Refusal for the same number with other contents, for a
    notice without number, date or directives, for an unknown agency, and for an impossible deadline.
    """
    draft = notice.draft
    if draft.document_kind == ConclusionKind.REVIEW_REQUEST and not notice.of_review:
        raise Refusal("reviews.refused.opened_elsewhere")
    number, issued_on = identity(draft)
    digest = contents_digest(draft)
    there = same_number(change.session, change.office_id, number, issued_on)
    if there is not None:
        if there.contents_sha256 != digest:
            raise Refusal("errors.same_number", number=number, issued_on=f"{there.issued_on:%d/%m/%Y}")
        return Filed(there, _count(change, there), is_new=False)
    _check_directives(draft, issued_on)
    conclusion = _add_conclusion(change, notice, digest)
    registry = registry_of(change.session, change.office_id)
    ids = agency_ids(change.session, change.office_id)
    fields = office_policy(the_office(change.session, change.office_id)).review.fields
    rows = [_add_directive(change, conclusion, place, one, fields) for place, one in enumerate(draft.directives)]
    change.session.flush()
    lookup = Lookup(registry, ids, issued_on)
    count = sum(_add_agencies(change, row, one, lookup) for row, one in zip(rows, draft.directives, strict=True))
    change.session.flush()
    change.record(
        "conclusion.filed",
        f"conclusion:{conclusion.id}",
        number=number,
        issued_on=issued_on.isoformat(),
        directives=len(draft.directives),
        obligations=count,
        contents=digest,
    )
    return Filed(conclusion, count, is_new=True)


def contents_digest(draft: Draft) -> str:
    """SHA-256 of what the notice says; how it was read (explanations, warnings, confidence) is not part of it."""
    said = draft.model_dump(mode="json", exclude={"source", "warnings", "regulation"})
    for directive in said["directives"]:
        for how in ("warnings", "confidence", "reasons", "field", "raised_by"):
            directive.pop(how)
        if directive["kind"] == DirectiveKind.TASK:  # so that what was filed before there were others is the same
            directive.pop("kind")
        for how in ("explanation", "waits_for", "runs"):
            directive["deadline"].pop(how)
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def identity(draft: Draft) -> tuple[str, date]:
    """The number and the day by which offices cite a notice. Raises Refusal where one is missing or makes no sense."""
    if not draft.number or not draft.number.strip():
        raise Refusal("errors.no_number")
    if draft.issued_on is None:
        raise Refusal("errors.no_issue_date")
    number = draft.number.strip()
    if len(number) > LONGEST_NUMBER or any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in number):
        raise Refusal("errors.bad_number", number=number[:40])
    if not of_our_time(draft.issued_on):
        raise Refusal("errors.bad_issue_date", day=draft.issued_on.isoformat())
    return number, draft.issued_on


def same_number(session: Session, office_id: int, number: str, issued_on: date) -> Conclusion | None:
    """The notice that already has this number: numbers start again each year, so the year decides."""
    return session.exec(
        select(Conclusion).where(
            Conclusion.office_id == office_id,
            Conclusion.number == number,
            Conclusion.withdrawal == 0,
            extract("year", col(Conclusion.issued_on)) == issued_on.year,
        )
    ).first()


def _count(change: Change, conclusion: Conclusion) -> int:
    query = select(Obligation.id).join(Directive, col(Directive.id) == col(Obligation.directive_id))
    return len(change.session.exec(query.where(Directive.conclusion_id == conclusion.id)).all())


def _check_directives(draft: Draft, issued_on: date) -> None:
    if not draft.directives:
        raise Refusal("errors.no_directives")
    seen: set[str] = set()
    for directive in draft.directives:
        if directive.path in seen:
            raise Refusal("errors.same_path", path=directive.path)
        seen.add(directive.path)
        if directive.tracked and not directive.lead:
            raise Refusal("errors.no_lead", path=directive.path)
        due = directive.deadline.due_before
        if due is not None and abs(due.year - issued_on.year) > FARTHEST_YEARS:
            raise Refusal("errors.far_deadline", path=directive.path, day=f"{due:%d/%m}/{due.year}")


def _add_conclusion(change: Change, notice: Notice, digest: str) -> Conclusion:
    draft = notice.draft
    number, issued_on = identity(draft)
    conclusion = Conclusion(
        office_id=change.office_id,
        kind=draft.document_kind,
        number=number,
        issued_on=issued_on,
        meeting_on=draft.meeting_on,
        place=draft.place,
        title=draft.title,
        concluded_by=draft.concluded_by,
        signer=draft.signer,
        source_name=draft.source.name if draft.source else None,
        source_sha256=draft.source.sha256 if draft.source else None,
        source_text=notice.text,
        contents_sha256=digest,
        follow_up=follow_up_policy(the_office(change.session, change.office_id)).model_dump(mode="json"),
        filed_at=change.now,
        recorded_at=change.recorded_at,
        track_from=notice.track_from,
        regulation_id=_regulation(change, notice),
        folded=folded(number, draft.title, draft.place, draft.concluded_by),
    )
    change.session.add(conclusion)
    change.session.flush()
    return conclusion


def _regulation(change: Change, notice: Notice) -> int | None:
    """Raises Refusal for a regulation that is not there."""
    if notice.regulation_id == NONE:
        return None
    if notice.regulation_id is not None:
        return one_regulation(change.session, change.office_id, notice.regulation_id).id
    proposed = propose_regulation(change.session, change.office_id, notice.draft)
    return proposed.id if proposed else None


def _add_directive(
    change: Change, conclusion: Conclusion, place: int, directive: DraftDirective, fields: Sequence[FieldWords]
) -> Directive:
    deadline = directive.deadline
    first = first_bound(change, conclusion, directive)
    row = Directive(
        conclusion_id=key(conclusion.id),
        place=place,
        path=directive.path,
        text=directive.text,
        start=directive.start,
        end=directive.end,
        authority=directive.authority,
        tracked=directive.tracked,
        kind=directive.kind,
        field=directive.field if directive.field is not None else field_of(directive.text, fields),
        raised_by=directive.raised_by,
        deadline_kind=deadline.kind,
        phrase=deadline.phrase,
        due_before=first or deadline.due_before,
        rrule=deadline.rrule,
        explanation=deadline.explanation,
        warnings=list(directive.warnings),
        waits_for=deadline.waits_for.model_dump(mode="json") if deadline.waits_for else None,
        runs=_as_counted(change, deadline),
        first_period=period_name(first) if first else WHOLE,
        next_opening_at=first,
        folded=folded(directive.path, directive.text),
    )
    change.session.add(row)
    return row


def folded(*parts: str | None) -> str:
    """What is searched in: without accents and case."""
    return fold(" ".join(part for part in parts if part))


def _as_counted(change: Change, deadline: DraftDeadline) -> dict[str, object] | None:
    """How the bound was counted; None where somebody has given another bound since: that one is nobody's to move."""
    runs = deadline.runs
    if runs is None:
        return None
    calendar = working_time(change.session, change.office_id).calendar
    try:
        counted = at(last_day_of_period(runs.anchor, runs.count, runs.unit, calendar) + DAY)
    except (OverflowError, ValueError):  # a draft that was written by hand
        return None
    return runs.model_dump(mode="json") if counted == deadline.due_before else None


def first_bound(change: Change, conclusion: Conclusion, directive: DraftDirective) -> datetime | None:
    """The bound of the first period of recurring work that is followed; None for work that does not recur.

    Raises Refusal for a rule that is none.
    """
    if directive.deadline.rrule is None or not directive.tracked:
        return None
    since = max(change.now, conclusion.track_from or change.now)
    try:
        return next_bound(directive.deadline.rrule, conclusion.issued_on, since)
    except ValueError:
        raise Refusal("errors.bad_rrule", path=directive.path, rule=directive.deadline.rrule[:80]) from None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Names -> agencies, as of the day a notice was issued."""

    registry: Registry
    ids: dict[str, int]
    on: date

    def agency(self, written: str) -> RegistryEntry | None:
        """The agency that is meant, if the registry knows it."""
        return self.registry.find(written, self.on)

    def bodies(self, entry: RegistryEntry) -> tuple[RegistryEntry, ...]:
        """The body itself, or the members of a group on that day; a group nobody has filled stands for itself."""
        return (self.registry.members(entry, self.on) or (entry,)) if entry.kind == "group" else (entry,)


def _add_agencies(change: Change, row: Directive, directive: DraftDirective, lookup: Lookup) -> int:
    named = ((LEAD, directive.lead), (COOPERATING, directive.cooperating), (REPORT_TO, directive.report_to))
    for role, names in named:
        for written in dict.fromkeys(names):
            entry = lookup.agency(written)
            change.session.add(
                DirectiveAgency(
                    directive_id=key(row.id),
                    role=role,
                    written=written,
                    agency_id=lookup.ids[entry.name] if entry else None,
                )
            )
    leads = list(_leads(directive, lookup))
    change.session.add_all(
        Obligation(
            office_id=change.office_id,
            directive_id=key(row.id),
            agency_id=agency_id,
            period=row.first_period,
            due_before=row.due_before,
            first_due_before=row.due_before,
            assigned_at=change.now,
        )
        for agency_id in leads
    )
    return len(leads)


def _leads(directive: DraftDirective, lookup: Lookup) -> Iterable[int]:
    """The agencies that answer for a directive, each once, however many names lead to it."""
    found: dict[int, None] = {}
    for written in directive.lead:
        entry = lookup.agency(written)
        if entry is None:
            raise Refusal("errors.unknown_agency_at", name=written, path=directive.path)
        found |= dict.fromkeys(lookup.ids[body.name] for body in lookup.bodies(entry))
    return found
