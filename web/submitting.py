"""A side's report for a review, as its form was sent: kept as a draft, or submitted with its receipt."""

from __future__ import annotations

from domain.answering import Piece
from domain.errors import Refusal
from domain.once import take, taken_before
from domain.reports import COMPLETE, KeptFile, Said
from domain.reviews.submissions import Contents, draft_of, files_of, save_draft, submit
from domain.reviews.tables import ReviewCycle
from notifications.outbox import Message
from web.answering import Caller
from web.answers import after, letter_of, phone_of, queue_receipt, who_of
from web.uploads import MOST_FILES, kept_files
from web.visit import Form

TEXT, FIGURE, DROP = "t_", "f_", "drop_"  #: how the form's fields begin: section, figure, a file to be left out
LONGEST_NAME, LONGEST_PHONE = 120, 30  #: characters


def saved(caller: Caller, piece: Piece, cycle: ReviewCycle, form: Form) -> None:
    """Keeps what was written so far, the files too. Raises Refusal for what cannot be kept; then nothing is."""
    who, phone = form.words("who")[:LONGEST_NAME], form.words("phone")[:LONGEST_PHONE]
    contents = _contents(caller, piece, cycle, form, who, phone)
    with caller.change() as change:
        save_draft(change, piece.id, contents)


def submitted(caller: Caller, piece: Piece, cycle: ReviewCycle, form: Form) -> str:
    """Takes the report down; answers the receipt's reference. The same form again is the same report."""
    who, phone = who_of(form), phone_of(form)
    number, day = letter_of(form)
    contents = _contents(caller, piece, cycle, form, who, phone)
    said = Said(COMPLETE, "", who, "link", number, day, (), who, phone)
    message: Message | None = None
    with caller.change() as change:
        once = form.words("form")
        if (there := taken_before(change, once)) is not None:
            return there
        reference = f"report-{submit(change, piece.id, contents, said).report_id}"
        take(change, once, reference)
        message = queue_receipt(caller, change, reference)
    after(caller, piece, message)
    return reference


def _contents(caller: Caller, piece: Piece, cycle: ReviewCycle, form: Form, who: str, phone: str) -> Contents:
    sections = cycle.sections
    texts = {one.code: form.words(f"{TEXT}{one.code}").replace("\r\n", "\n") for one in sections}
    figures = {one.code: form.words(f"{FIGURE}{one.code}") for section in sections for one in section.figures}
    return Contents(texts, figures, who, phone, _files(caller, piece, form))


def _files(caller: Caller, piece: Piece, form: Form) -> tuple[KeptFile, ...]:
    """The draft's files that were not left out, and those that came now, each once."""
    fresh = kept_files(form.files("files"), caller.settings.attachments_folder)
    with caller.ledger.look() as session:
        before = [one for one in files_of(draft_of(session, piece.id)) if not form.has(f"{DROP}{one.sha256[:16]}")]
    found = {one.sha256: one for one in (*before, *fresh)}
    if len(found) > MOST_FILES:
        raise Refusal("answer.refused.too_many", most=MOST_FILES)
    return tuple(found.values())
