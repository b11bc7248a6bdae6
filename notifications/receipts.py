"""Letters that answer an answer: the receipt of what an agency sent, and a new link in place of one that expired."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from html import escape

from sqlmodel import Session

from config.words import say, spoken_language
from domain.agencies import Agency, Contact, contacts_of
from domain.answering import Receipt
from domain.keys import key
from domain.links import Link, Purpose, give_link
from domain.offices import office_policy, the_office
from domain.policy import Role
from domain.store import Change
from notifications.outbox import LINK, Message
from notifications.wording import deadline_words, document_words, moment_words, plain_line, quoted

RECEIPT, NEW_LINK = "receipt", "new_link"


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom, by which channel and under which mail domain."""

    name: str
    address: str
    agency_id: int
    channel: str
    domain: str


def envelope_for(session: Session, link: Link, agency: Agency, channel: str, domain: str) -> Envelope | None:
    """The way to the agency's addressee; None where it has none."""
    contact = addressee(session, link, agency)
    return Envelope(contact.name, contact.address, key(agency.id), channel, domain) if contact else None


def addressee(session: Session, link: Link, agency: Agency) -> Contact | None:
    """Whoever the link was sent to, while they are still written to; else the agency's officer."""
    contacts = contacts_of(session, [key(agency.id)])
    known = {one.address.casefold(): one for one in contacts.values()}
    return known.get(link.address.casefold()) or contacts.get((key(agency.id), Role.OFFICER))


def send_receipt(change: Change, receipt: Receipt, link: Link, to: Envelope) -> Message:
    """Queues the receipt of an answer."""
    lines = receipt_lines(receipt)
    conclusion = receipt.one.conclusion
    subject = say(
        "answer.receipt.subject",
        document=document_words(conclusion.kind),
        number=plain_line(conclusion.number),
        path=plain_line(receipt.one.directive.path),
    )
    return _queue(change, RECEIPT, to, link, subject, say("answer.receipt.opening"), lines)


def receipt_lines(receipt: Receipt) -> list[tuple[str, str]]:
    """(what, words) of everything that was taken down."""
    conclusion, directive = receipt.one.conclusion, receipt.one.directive
    source = say(
        "answer.source",
        document=document_words(conclusion.kind),
        number=plain_line(conclusion.number),
        path=plain_line(directive.path),
    )
    found = [
        ("reference", receipt.reference),
        ("at", moment_words(receipt.at)),
        ("work", source),
        ("deed", say(f"answer.deed.{receipt.deed}", percent=receipt.percent)),
        ("words", plain_line(receipt.words)),
        ("letter", plain_line(receipt.letter)),
        ("wished", deadline_words(receipt.wished) if receipt.wished else ""),
        ("who", plain_line(", ".join(part for part in (receipt.who, receipt.phone) if part))),
        ("files", "; ".join(plain_line(one.name) for one in receipt.files)),
    ]
    return [(say(f"answer.receipt.{name}"), words) for name, words in found if words]


def send_new_link(change: Change, old: Link, agency: Agency, to: Envelope) -> Message:
    """Gives the agency a new link in place of one that has expired, and queues the letter that carries it."""
    days = office_policy(the_office(change.session, change.office_id)).link_days
    link = give_link(change, Purpose.ANSWER, agency, to.name, to.address, days)
    change.record("link.renewed", f"link:{old.id}", by=link.id)
    return _queue(change, NEW_LINK, to, link, say("answer.renewed.subject"), say("answer.renewed.opening"), [])


def _queue(
    change: Change, kind: str, to: Envelope, link: Link, subject: str, opening: str, lines: list[tuple[str, str]]
) -> Message:
    office = plain_line(the_office(change.session, change.office_id).name)
    greeting, closing = say("answer.receipt.greeting", name=plain_line(to.name)), say("answer.receipt.closing")
    rows = "".join(f"<tr><td>{escape(what)}</td><td>{escape(quoted(words))}</td></tr>" for what, words in lines)
    plain = [f"{what}: {quoted(words)}" for what, words in lines]
    text = "\n".join([greeting, "", opening, "", *plain, "", closing, LINK, "", office])
    html = (
        "<!doctype html>\n<html><body>"
        f"<p>{escape(greeting)}</p><p>{escape(opening)}</p><table>{rows}</table>"
        f'<p>{escape(closing)}<br><a href="{LINK}">{LINK}</a></p><p><strong>{escape(office)}</strong></p>'
        "</body></html>\n"
    )
    message = Message(
        office_id=change.office_id,
        kind=kind,
        recipient=to.name,
        recipient_role=Role.OFFICER,
        agency_id=to.agency_id,
        link_id=link.id,
        channel=to.channel,
        address=to.address,
        language=spoken_language(),
        subject=subject,
        text=f"{text}\n",
        html=html,
        message_id=f"<{uuid.uuid4().hex}@{to.domain}>",
        created_at=change.now,
        next_attempt_at=change.now,
    )
    change.session.add(message)
    change.session.flush()
    return message
