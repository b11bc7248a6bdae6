"""Attaching a mail to the work it speaks of: the office takes down what an agency reported by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from domain.errors import Refusal
from domain.incoming import Incoming, IncomingReport, IncomingState, files_of, incoming_of, settle
from domain.instants import at
from domain.keys import key
from domain.obligations import Obligation
from domain.planning import Followed, one_followed
from domain.reports import COMPLETE, KeptFile, Said, StatusReport, report
from domain.store import Change

DOOR = "mail"


@dataclass(frozen=True, slots=True)
class Attaching:
    """What somebody of the office makes of a mail."""

    percent: int  #: 100 is a completion
    note: str
    letter_number: str | None = None
    letter_date: date | None = None


def attach(change: Change, incoming_id: int, obligations: Sequence[int], said: Attaching) -> list[Followed]:
    """Takes a report down for each obligation, with the mail's files and letter; all of them or none.

    The report counts from when the mail came, or from the date of its letter. Raises Refusal for no obligation, for
    one that takes no report now, for half a letter, and for a mail that is settled.
    """
    wanted = list(dict.fromkeys(obligations))
    if not wanted:
        raise Refusal("inbox.refused.no_obligation")
    if bool(said.letter_number) != bool(said.letter_date):
        raise Refusal("answer.refused.letter")
    mail = incoming_of(change.session, change.office_id, incoming_id)
    settle(change, mail, IncomingState.ATTACHED)
    words = _said(change, mail, said)
    settled: set[int] = set()  #: links that an obligation before has settled
    works = []
    for id_ in wanted:
        one = one_followed(change.session, change.office_id, id_)
        works.append(one)
        if one.obligation.link not in settled:
            _counts_from_mail(change, mail, one, report(change, id_, words))
        if one.obligation.link and said.percent == COMPLETE:
            settled.add(one.obligation.link)
    change.record("incoming.attached", f"incoming:{mail.id}", obligations=wanted, percent=said.percent)
    return works


def _said(change: Change, mail: Incoming, said: Attaching) -> Said:
    files = {
        one.sha256: KeptFile(one.name, one.sha256, one.size)
        for one in files_of(change.session, [key(mail.id)])
        if one.sha256
    }
    return Said(
        said.percent,
        said.note,
        change.actor,
        DOOR,
        said.letter_number,
        said.letter_date,
        tuple(files.values()),
        (mail.sender_name or mail.sender)[:120],
    )


def _counts_from_mail(change: Change, mail: Incoming, one: Followed, row: StatusReport) -> None:
    """The agency said it when its mail came, not when somebody of the office got round to it."""
    row.effective_at = min(change.now, mail.received_at)
    change.session.add(row)
    change.session.add(IncomingReport(incoming_id=key(mail.id), report_id=key(row.id)))
    if row.percent != COMPLETE:
        return
    counts = min(row.effective_at, at(row.letter_date)) if row.letter_date else row.effective_at
    for own in _settled_with(change, one.obligation):
        if own.reported_at == change.now and own.settled_at is not None:
            own.settled_at = min(own.settled_at, counts)
            change.session.add(own)


def _settled_with(change: Change, own: Obligation) -> list[Obligation]:
    if not own.link:
        return [own]
    query = select(Obligation).where(Obligation.office_id == own.office_id, Obligation.link == own.link)
    return list(change.session.exec(query.order_by(col(Obligation.id))))


def attached_to(session: Session, incoming_id: int) -> list[int]:
    """The obligations that a mail was attached to."""
    query = select(StatusReport.obligation_id).join(
        IncomingReport, col(IncomingReport.report_id) == col(StatusReport.id)
    )
    return sorted(session.exec(query.where(IncomingReport.incoming_id == incoming_id)))
