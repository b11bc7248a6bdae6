"""What a directive is about: its kind, its field of work, and whose petition or recommendation it is."""

from __future__ import annotations

from domain.conclusions import Conclusion, Directive
from domain.drafts import DirectiveKind
from domain.errors import Refusal
from domain.offices import office_policy, the_office
from domain.store import Change

LONGEST_NAME = 300  #: characters


def classify(
    change: Change,
    directive_id: int,
    *,
    kind: str | None = None,
    field: str | None = None,
    raised_by: str | None = None,
) -> Directive:
    """Puts a directive where it belongs, for the figures of reviews; nothing else about it changes. None: as it is.

    Raises Refusal for a directive that is not there, a kind that does not exist, a field that the office's policy does
    not name (empty: none), and words that are too long.
    """
    row = change.session.get(Directive, directive_id)
    conclusion = change.session.get(Conclusion, row.conclusion_id) if row else None
    if row is None or conclusion is None or conclusion.office_id != change.office_id:
        raise Refusal("classify.refused.no_directive", id=directive_id)
    before = (row.kind, row.field, row.raised_by)
    row.kind = _kind(kind) if kind is not None else row.kind
    row.field = _field(change, field) if field is not None else row.field
    row.raised_by = _whose(raised_by) if raised_by is not None else row.raised_by
    if before != (row.kind, row.field, row.raised_by):
        change.session.add(row)
        change.record(
            "directive.classified", f"directive:{row.id}", kind=row.kind, field=row.field, raised_by=row.raised_by
        )
    return row


def _kind(words: str) -> DirectiveKind:
    if words not in tuple(DirectiveKind):
        raise Refusal("classify.refused.kind", words=words[:40], known=", ".join(DirectiveKind))
    return DirectiveKind(words)


def _field(change: Change, words: str) -> str:
    wanted = " ".join(words.split())
    known = [one.name for one in office_policy(the_office(change.session, change.office_id)).review.fields]
    found = next((name for name in known if name.casefold() == wanted.casefold()), "")
    if wanted and not found:
        raise Refusal("classify.refused.field", words=wanted[:80], known="; ".join(known))
    return found


def _whose(words: str) -> str:
    name = " ".join(words.split())
    if len(name) > LONGEST_NAME:
        raise Refusal("classify.refused.too_long", most=LONGEST_NAME)
    return name
