"""One mail taken into the ledger, in one transaction: its rows, what a bounce comes to, how far the mailbox is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from config.settings import Settings
from config.words import say, speaking
from domain.agencies import agency_ids, registry_of
from domain.incoming import LONGEST_REASON, Incoming, IncomingKind, IncomingState, Mailbox
from domain.incoming_letters import AnswerLetter
from domain.keys import key
from domain.offices import the_office
from domain.store import Change, Ledger
from notifications.fallback import bounced
from notifications.inbox.bounces import Machine, Verdict, verdict_of
from notifications.inbox.letters import Files, is_letter, keep_files
from notifications.inbox.matching import Match, is_proven, match
from notifications.inbox.parsing import Mail, parse
from notifications.outbox import Status
from notifications.reach import in_force

ACTOR = "read-inbox"
COUNTED = (Status.SENT, Status.UNKNOWN)  #: the fates of a message that a bounce can still change


@dataclass(frozen=True, slots=True)
class Raw:
    """A mail as the mailbox gave it."""

    uid: int
    data: bytes
    received_at: datetime
    whole: bool = True  #: False: too large, these are its headers only


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the mailbox a mail lies."""

    folder: str
    uid_validity: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail."""

    kind: IncomingKind | None = None  #: None: it was there already, or is a mail of our own
    waits: bool = False
    returned: bool = False  #: a message has failed by it
    moments: tuple[tuple[datetime, str], ...] = ()  #: when rounds are wanted, each with the number of a notice


def take(ledger: Ledger, settings: Settings, place: Place, raw: Raw, now: datetime) -> Taken:
    """Takes one mail down. Twice is once, by its Message-ID; raises OSError where its files cannot be kept."""
    mail = parse(raw.data, whole=raw.whole)
    verdict = _verdict(mail)
    with ledger.look() as session:
        known = is_known(session, ledger.office_id, mail)
        registry = registry_of(session, ledger.office_id)
    with speaking(settings.language):
        files = Files() if known or verdict else keep_files(mail.files, settings.attachments_folder, registry)
        with ledger.change(now=now, actor=ACTOR) as change:
            _move_on(change, place, raw.uid)
            if is_known(change.session, ledger.office_id, mail):
                return Taken()
            found = match(change.session, ledger.office_id, mail, verdict, change.now)
            if found.is_ours:
                return Taken()
            return _record(change, settings, _Arrived(raw, mail, verdict, found, files))


def _verdict(mail: Mail) -> Verdict | None:
    """What a machine says; a letter that an office's document system sent is somebody's answer all the same."""
    verdict = verdict_of(mail)
    sent_letter = any(is_letter(file.name) for file in mail.files)
    return None if verdict and verdict.says is Machine.AUTOMATIC and sent_letter else verdict


def is_known(session: Session, office_id: int, mail: Mail) -> bool:
    """Whether it was taken down before."""
    query = select(Incoming.id).where(Incoming.office_id == office_id, Incoming.message_id == mail.message_id)
    return session.exec(query).first() is not None


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A mail with all that was found out about it."""

    raw: Raw
    mail: Mail
    verdict: Verdict | None
    found: Match
    files: Files


def _record(change: Change, settings: Settings, one: _Arrived) -> Taken:
    kind = _kind(one)
    proven = _is_proven(one)
    waits = _waits(one, kind, proven=proven)
    row = Incoming(
        office_id=change.office_id,
        message_id=one.mail.message_id,
        about_id=one.found.message.id if one.found.message else None,
        kind=kind,
        sender=one.mail.sender,
        sender_name=one.mail.sender_name,
        stranger=one.found.stranger,
        subject=one.mail.subject,
        text=one.mail.text,
        received_at=one.raw.received_at,
        recorded_at=change.recorded_at,
        state=IncomingState.WAITING if waits else IncomingState.DONE,
        settled_at=None if waits else change.now,
        settled_by="" if waits else ACTOR,
        reason=_note(one)[:LONGEST_REASON],
        letter_problem=one.files.problem,
        **_of_letter(one.files.letter),
    )
    row.agency_id = one.found.agency_id or _issuer(change, one.files.letter)
    change.session.add(row)
    change.session.flush()
    for file in one.files.rows:
        file.incoming_id = key(row.id)
        change.session.add(file)
    change.record("incoming.taken", f"incoming:{row.id}", kind=kind, about=row.about_id, files=len(one.files.rows))
    moments = _return(change, settings, one) if proven else ()
    return Taken(kind, waits, proven, moments)


def _note(one: _Arrived) -> str:
    """What somebody should know of it at once: a server's words, and what was not looked at."""
    if one.verdict is not None:
        return one.verdict.why
    if not one.raw.whole:
        return say("inbox.note.too_large")
    return say("inbox.note.left_out", count=one.mail.left_out) if one.mail.left_out else ""


def _of_letter(letter: AnswerLetter | None) -> dict[str, Any]:
    if letter is None:
        return {}
    return {
        "letter_number": letter.number or "",
        "letter_date": letter.on,
        "letter_about": letter.about,
        "letter_text": letter.text,
    }


def _issuer(change: Change, letter: AnswerLetter | None) -> int | None:
    """The agency that a letter says it is from, for a mail whose sender says nothing."""
    if letter is None or letter.issuer is None:
        return None
    return agency_ids(change.session, change.office_id).get(letter.issuer)


def _kind(one: _Arrived) -> IncomingKind:
    if one.verdict is not None:
        returned = one.verdict.says in (Machine.GONE, Machine.GIVEN_UP)
        return IncomingKind.BOUNCE if returned else IncomingKind.AUTO
    is_reply = one.found.message is not None or one.found.agency_id is not None
    return IncomingKind.REPLY if is_reply else IncomingKind.OTHER


def _is_proven(one: _Arrived) -> bool:
    """Whether a message has failed by it: it holds our Message-ID, and names the address that message went to."""
    message, verdict = one.found.message, one.verdict
    if message is None or verdict is None or verdict.says is not Machine.GONE:
        return False
    return message.status in COUNTED and is_proven(message, verdict)


def _waits(one: _Arrived, kind: IncomingKind, *, proven: bool) -> bool:
    """Whether somebody has to look: at what a person wrote, and at a bounce about our message that proves nothing."""
    if kind is IncomingKind.BOUNCE:
        return one.found.message is not None and not proven and one.found.message.status != Status.FAILED
    return kind is not IncomingKind.AUTO


def _return(change: Change, settings: Settings, one: _Arrived) -> tuple[tuple[datetime, str], ...]:
    assert one.found.message is not None
    assert one.verdict is not None
    simulated = the_office(change.session, change.office_id).simulated
    fell = bounced(change, key(one.found.message.id), one.verdict.why, in_force(settings, simulated=simulated))
    return fell.moments


def position(session: Session, office_id: int, folder: str) -> Mailbox | None:
    """How far a folder has been read; None for one that never was."""
    return session.exec(select(Mailbox).where(Mailbox.office_id == office_id, Mailbox.folder == folder)).first()


def _move_on(change: Change, place: Place, uid: int) -> None:
    row = position(change.session, change.office_id, place.folder)
    if row is None:
        row = Mailbox(office_id=change.office_id, folder=place.folder, uid_validity=place.uid_validity)
    if row.uid_validity != place.uid_validity:  # the server numbers its mails anew (RFC 3501, 2.3.1.1)
        row.uid_validity, row.last_uid = place.uid_validity, 0
    row.last_uid = max(row.last_uid, uid)
    change.session.add(row)
