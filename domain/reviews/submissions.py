"""What the sides of a review submit: sections with text and figures, saved as often as they like, submitted once.

Submitting is a report of completion, so that everything about obligations holds for it: the reminding ends, the office
accepts it or sends it back, and what comes after the bound is late.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session, col, select

from domain.errors import Refusal
from domain.keys import key
from domain.life.machine import Deed, check
from domain.life.verification import reject
from domain.planning import Followed, one_followed
from domain.policy import Section
from domain.reports import COMPLETE, Attachment, KeptFile, Said, StatusReport, report
from domain.reviews.cycles import cycle_of_conclusion
from domain.reviews.tables import ReviewCycle, Submission, SubmissionDraft
from domain.store import Change

LONGEST_TEXT = 20_000  #: characters of one section
LONGEST_NOTE = 300
NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?|-?\d+(?:,\d+)?")  #: as Vietnamese write them: 1.234,5
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Contents:
    """What a side writes."""

    texts: Mapping[str, str] = field(default_factory=dict)  #: section's code -> text
    figures: Mapping[str, str] = field(default_factory=dict)  #: figure's code -> a number as people write it
    who: str = ""
    phone: str = ""
    files: tuple[KeptFile, ...] = ()


def figure_of(words: str) -> Decimal | None:
    """ "1.234,5" -> 1234.5; None for nothing. Raises Refusal for what is no number."""
    text = words.strip().replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    if not NUMBER.fullmatch(text) or len(text) > MOST_DIGITS:
        raise Refusal("reviews.refused.figure", words=words[:40])
    return Decimal(text.replace(".", "").replace(",", "."))


def request_of(session: Session, office_id: int, obligation_id: int) -> tuple[ReviewCycle, Followed]:
    """The review that an obligation answers. Raises Refusal for an obligation that answers none."""
    one = one_followed(session, office_id, obligation_id)
    cycle = cycle_of_conclusion(session, key(one.conclusion.id))
    if cycle is None:
        raise Refusal("reviews.refused.no_request", id=obligation_id)
    return cycle, one


def draft_of(session: Session, obligation_id: int) -> SubmissionDraft | None:
    """What a side has saved and not submitted."""
    return session.exec(select(SubmissionDraft).where(SubmissionDraft.obligation_id == obligation_id)).first()


def save_draft(change: Change, obligation_id: int, contents: Contents) -> SubmissionDraft:
    """Keeps what a side has written so far, figures as they were typed: nobody else reads it yet.

    Raises Refusal where nothing is to be submitted any more, and for sections that were not asked for.
    """
    cycle, one = request_of(change.session, change.office_id, obligation_id)
    check(change, one.obligation, Deed.COMPLETE)
    _check_known(cycle, contents)
    row = draft_of(change.session, obligation_id) or SubmissionDraft(
        cycle_id=key(cycle.id), obligation_id=obligation_id, texts={}, figures={}, files=[], saved_at=change.now
    )
    row.texts, row.figures = dict(contents.texts), dict(contents.figures)
    row.files = [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in contents.files]
    row.who, row.phone = contents.who, contents.phone
    row.saved_at, row.link_id = change.now, change.link_id
    change.session.add(row)
    change.session.flush()
    change.record("submission.saved", f"obligation:{obligation_id}", review=cycle.id)
    return row


def files_of(draft: SubmissionDraft | None) -> tuple[KeptFile, ...]:
    """The files that a draft holds."""
    kept = draft.files if draft else []
    return tuple(KeptFile(str(one["name"]), str(one["sha256"]), int(str(one["size"]))) for one in kept)


def submit(change: Change, obligation_id: int, contents: Contents, said: Said) -> Submission:
    """Takes a side's report for a review down, as a completion of its obligation; its draft is gone.

    `said` carries who reports, by which door and which letter; its note and files are taken from `contents`. Raises
    Refusal where nothing is to be submitted, for a required section that is empty, and for a figure that is none.
    """
    cycle, one = request_of(change.session, change.office_id, obligation_id)
    check(change, one.obligation, Deed.COMPLETE)
    _check_known(cycle, contents)
    sections = cycle.sections
    missing = [section.heading for section in sections if section.required and not _text(contents, section)]
    if missing:
        raise Refusal("reviews.refused.missing", headings="; ".join(missing))
    figures = _figures(sections, contents.figures)
    row = report(change, obligation_id, _as_report(said, contents, sections))
    made = Submission(
        cycle_id=key(cycle.id),
        obligation_id=obligation_id,
        report_id=key(row.id),
        version=1 + len(submissions_of(change.session, obligation_id)),
        texts={section.code: _text(contents, section) for section in sections},
        figures=figures,
        submitted_at=change.now,
    )
    change.session.add(made)
    if draft := draft_of(change.session, obligation_id):
        change.session.delete(draft)
    change.session.flush()
    change.record("submission.submitted", f"obligation:{obligation_id}", review=cycle.id, version=made.version)
    return made


def _text(contents: Contents, section: Section) -> str:
    return contents.texts.get(section.code, "").strip()


def _check_known(cycle: ReviewCycle, contents: Contents) -> None:
    sections = {section.code for section in cycle.sections}
    figures = {figure.code for section in cycle.sections for figure in section.figures}
    unknown = [code for code in contents.texts if code not in sections]
    unknown += [code for code in contents.figures if code not in figures]
    if unknown:
        raise Refusal("reviews.refused.not_asked", codes=", ".join(unknown)[:200])
    if any(len(text) > LONGEST_TEXT for text in (*contents.texts.values(), *contents.figures.values())):
        raise Refusal("reviews.refused.too_long", most=LONGEST_TEXT)


def _figures(sections: Iterable[Section], given: Mapping[str, str]) -> dict[str, str]:
    """Raises Refusal that names the figure which is none."""
    found: dict[str, str] = {}
    for figure in (figure for section in sections for figure in section.figures):
        try:
            number = figure_of(given.get(figure.code, ""))
        except Refusal:
            words = given[figure.code][:40]
            raise Refusal("reviews.refused.figure_at", label=figure.label, words=words) from None
        if number is not None:
            found[figure.code] = f"{number:f}"
    return found


def _as_report(said: Said, contents: Contents, sections: Sequence[Section]) -> Said:
    first = next((text for section in sections if (text := _text(contents, section))), "")
    return Said(
        percent=COMPLETE,
        note=first[:LONGEST_NOTE],
        actor=said.actor,
        door=said.door,
        letter_number=said.letter_number,
        letter_date=said.letter_date,
        files=contents.files,
        who=said.who or contents.who,
        phone=said.phone or contents.phone,
    )


def send_back(change: Change, obligation_id: int, reason: str) -> None:
    """Sends a side's submission back: it is told why, its words are a draft again, and it is reminded as before.

    Raises Refusal where nothing waits to be accepted, and for an empty reason.
    """
    request_of(change.session, change.office_id, obligation_id)
    reject(change, obligation_id, reason)
    rows = submissions_of(change.session, obligation_id)
    if rows and draft_of(change.session, obligation_id) is None:
        last = rows[-1]
        figures = {code: _as_typed(number) for code, number in last.figures.items()}
        said = change.session.get_one(StatusReport, last.report_id)
        contents = Contents(last.texts, figures, said.who, said.phone, _files(change.session, last))
        save_draft(change, obligation_id, contents)


def _as_typed(number: str) -> str:
    return number.replace(".", ",")


def _files(session: Session, row: Submission) -> tuple[KeptFile, ...]:
    rows = session.exec(select(Attachment).where(Attachment.report_id == row.report_id).order_by(col(Attachment.id)))
    return tuple(KeptFile(one.name, one.sha256, one.size) for one in rows)


def submissions_of(session: Session, obligation_id: int) -> list[Submission]:
    """Everything that was submitted for an obligation, in order."""
    query = select(Submission).where(Submission.obligation_id == obligation_id)
    return list(session.exec(query.order_by(col(Submission.version))))
