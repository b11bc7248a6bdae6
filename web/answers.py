"""Taking an agency's answer down: checked, its files kept, then everything with its receipt in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.answering import Piece, receipt_of
from domain.causes import cause_of
from domain.errors import Refusal
from domain.instants import at
from domain.life import extensions, handing
from domain.links import Purpose, links_of
from domain.once import take, taken_before
from domain.reports import COMPLETE, KeptFile, Said, report
from domain.store import Change
from domain.written import parse_day
from flows.desk import desk_at
from notifications.outbox import Message
from notifications.receipts import Envelope, envelope_for, send_new_link, send_receipt
from web.answering import Caller
from web.uploads import kept_files
from web.visit import Form

LETTERS_APART = timedelta(minutes=10)  #: between two letters with a new link
LONGEST_WORDS, LONGEST_NAME, LONGEST_PHONE = 4000, 120, 30  #: characters
PHONE, FEWEST_DIGITS = "0123456789+-.() ", 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed, understood and not yet taken."""

    deed: str  #: report, extension, return
    words: str
    who: str
    phone: str
    said: Said | None = None  #: of a report, still without its files
    wished: datetime | None = None  #: of an extension: the first instant that would be late
    cause: str = ""  #: a `causes.Cause`

    @property
    def by(self) -> str:
        """Who, with telephone."""
        return f"{self.who}, {self.phone}"


def understood(deed: str, form: Form) -> Answer:
    """The answer that a form holds. Raises Refusal that names what is missing or wrong."""
    words = form.words("words")
    if not words:
        raise Refusal("answer.refused.no_words")
    if len(words) > LONGEST_WORDS:
        raise Refusal("answer.refused.long_words", most=LONGEST_WORDS)
    who, phone = who_of(form), phone_of(form)
    said = _said(form, words, who, phone) if deed == "report" else None
    wished = _wished(form) if deed == "extension" else None
    return Answer(deed, words, who, phone, said, wished, cause_of(form.words("cause")))


def taken(caller: Caller, piece: Piece, answer: Answer, form: Form) -> str:
    """Takes the answer down; answers the receipt's reference. The same form again is the same answer.

    Raises Refusal for a file that is not taken, and where the state machine does not allow it; then nothing is stored.
    """
    files = kept_files(form.files("files"), caller.settings.attachments_folder) if answer.said else ()
    message: Message | None = None
    with caller.change() as change:
        once = form.words("form")
        if (there := taken_before(change, once)) is not None:
            return there
        reference = _take_down(change, piece.id, answer, files)
        take(change, once, reference)
        message = queue_receipt(caller, change, reference)
    after(caller, piece, message)
    return reference


def after(caller: Caller, piece: Piece | None, message: Message | None) -> None:
    """What happens beside the page: Prefect hears of the changed plan, and the letter leaves."""
    follower = caller.request.app.state.follower
    if piece is not None:
        follower.follow([piece.one.conclusion])
    if message is not None:
        follower.deliver(message)


def renewed(caller: Caller) -> Message | None:
    """A new link in place of one that has expired, sent to the agency's own address and never shown.

    None where the agency has no address, and where it was given a link a moment ago: nobody fills its mailbox.
    """
    with caller.change() as change:
        newest = links_of(change.session, change.office_id, caller.agency_id, [Purpose.ANSWER])[0]
        to = _envelope(caller, change)
        if to is None or newest.created_at > change.now - LETTERS_APART:
            return None
        return send_new_link(change, caller.link, caller.agency, to)


def _take_down(change: Change, obligation: int, answer: Answer, files: tuple[KeptFile, ...]) -> str:
    if answer.said is not None:
        return f"report-{report(change, obligation, replace(answer.said, files=files)).id}"
    if answer.wished is not None:
        extensions.ask(change, obligation, answer.wished, answer.words, answer.by, answer.cause)
        change.session.flush()
        return f"extension-{extensions.extensions_of(change.session, obligation)[-1].id}"
    handing.give_back(change, obligation, answer.words, answer.by)
    change.session.flush()
    return f"return-{handing.returns_of(change.session, obligation)[-1].id}"


def queue_receipt(caller: Caller, change: Change, reference: str) -> Message | None:
    """The receipt as a mail to the agency, in the same transaction; None where the agency has no address."""
    change.session.flush()
    to = _envelope(caller, change)
    if to is None:
        return None
    found = receipt_of(change.session, change.office_id, caller.agency_id, reference)
    return send_receipt(change, found, caller.link, to)


def _envelope(caller: Caller, change: Change) -> Envelope | None:
    desk = desk_at(caller.settings, caller.ledger, caller.now)
    return envelope_for(change.session, caller.link, caller.agency, desk.channel, desk.mail_domain)


def _said(form: Form, words: str, who: str, phone: str) -> Said:
    done, percent = form.words("what") == "done", form.words("percent")
    if form.words("what") not in ("done", "progress"):
        raise Refusal("answer.refused.what")
    if not done and not (percent.isdecimal() and len(percent) < 4 and int(percent) < COMPLETE):
        raise Refusal("answer.refused.percent")
    number, dated = letter_of(form)
    return Said(
        COMPLETE if done else int(percent),
        words,
        who,
        "link",
        number,
        dated,
        (),
        who,
        phone,
        cause_of(form.words("cause")),
    )


def letter_of(form: Form) -> tuple[str | None, date | None]:
    """The letter that carries it, where there is one. Raises Refusal for half a letter."""
    number, day = " ".join(form.words("letter_number").split()), form.words("letter_date")
    if bool(number) != bool(day):
        raise Refusal("answer.refused.letter")
    if len(number) > LONGEST_NAME:
        raise Refusal("answer.refused.long_number", most=LONGEST_NAME)
    return (number, parse_day(day)) if number else (None, None)


def _wished(form: Form) -> datetime:
    if not form.words("last_day"):
        raise Refusal("answer.refused.no_day")
    return at(parse_day(form.words("last_day")) + timedelta(days=1))


def who_of(form: Form) -> str:
    """Who reports. Raises Refusal for nobody."""
    who = " ".join(form.words("who").split())
    if not who:
        raise Refusal("answer.refused.no_name")
    return who[:LONGEST_NAME]


def phone_of(form: Form) -> str:
    """Their telephone. Raises Refusal for what is none."""
    phone = form.words("phone")
    digits = sum(c.isdecimal() for c in phone)
    if digits < FEWEST_DIGITS or len(phone) > LONGEST_PHONE or any(c not in PHONE for c in phone):
        raise Refusal("answer.refused.no_phone")
    return phone
