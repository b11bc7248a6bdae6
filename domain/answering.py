"""What an agency sees by its link: its own open work, most urgent first, and what it has said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from domain.conclusions import COOPERATING, REPORT_TO, DirectiveAgency
from domain.errors import Refusal
from domain.keys import key
from domain.life.extensions import Decision, Extension
from domain.life.handing import WorkReturn
from domain.obligations import OPEN, Obligation, Standing, State, standing
from domain.planning import Followed, followed
from domain.reports import Attachment, StatusReport

LONGEST_ID = 10  #: digits
RECENT = timedelta(days=60)  #: how long settled work stays to be seen


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of an agency's work, as the agency sees it."""

    one: Followed
    standing: Standing
    cooperating: tuple[str, ...]
    report_to: tuple[str, ...]
    last: StatusReport | None  #: what was last reported
    wish: Extension | None  #: an extension that was asked for and is not decided

    @property
    def id(self) -> int:
        """The obligation's."""
        return key(self.one.obligation.id)

    @property
    def is_open(self) -> bool:
        """Whether the agency is to act."""
        return self.one.obligation.state in OPEN


@dataclass(frozen=True, slots=True)
class Work:
    """All that an agency sees."""

    open: tuple[Piece, ...]  #: most urgent first
    waiting: tuple[Piece, ...]  #: the office's turn: reported, returned
    told: tuple[Piece, ...]  #: for information: nobody asks for a report
    settled: tuple[Piece, ...]  #: lately

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(piece.standing is Standing.OVERDUE for piece in self.open)


def work_of(session: Session, office_id: int, agency_id: int, now: datetime) -> Work:
    """Everything of an agency that is open, waits for the office, or was settled lately."""
    works = followed(
        session,
        Obligation.office_id == office_id,
        Obligation.agency_id == agency_id,
        col(Obligation.state) != State.CANCELLED,
        col(Obligation.closed_at).is_(None) | (col(Obligation.closed_at) >= now - RECENT),
    )
    pieces = sorted(_pieces(session, works, now), key=_urgency)
    tracked = [piece for piece in pieces if piece.one.directive.tracked]
    return Work(
        open=tuple(piece for piece in tracked if piece.is_open),
        waiting=tuple(piece for piece in tracked if piece.one.obligation.state in (State.REPORTED, State.RETURNED)),
        told=tuple(piece for piece in pieces if not piece.one.directive.tracked and piece.is_open),
        settled=tuple(piece for piece in tracked if piece.one.obligation.state == State.DONE),
    )


def piece_of(session: Session, office_id: int, agency_id: int, obligation_id: int, now: datetime) -> Piece:
    """One piece of the agency's work. Raises Refusal for another's, as if there were none."""
    works = followed(
        session,
        Obligation.id == obligation_id,
        Obligation.office_id == office_id,
        Obligation.agency_id == agency_id,
        col(Obligation.state) != State.CANCELLED,
    )
    if not works:
        raise Refusal("answer.refused.not_yours")
    return _pieces(session, works, now)[0]


def _pieces(session: Session, works: list[Followed], now: datetime) -> list[Piece]:
    named = _named(session, {key(one.directive.id) for one in works})
    ids = {key(one.obligation.id) for one in works}
    last, wishes = _last_reports(session, ids), _wishes(session, ids)
    return [
        Piece(
            one,
            standing(one.obligation, now),
            tuple(named[key(one.directive.id), COOPERATING]),
            tuple(named[key(one.directive.id), REPORT_TO]),
            last.get(key(one.obligation.id)),
            wishes.get(key(one.obligation.id)),
        )
        for one in works
    ]


def _urgency(piece: Piece) -> tuple[bool, float, int]:
    due = piece.one.obligation.due_before
    return due is None, due.timestamp() if due else 0.0, piece.id


def _named(session: Session, directives: Iterable[int]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    query = select(DirectiveAgency).where(col(DirectiveAgency.directive_id).in_(set(directives)))
    for row in session.exec(query.order_by(col(DirectiveAgency.id))):
        found[row.directive_id, row.role].append(row.written)
    return found


def _last_reports(session: Session, obligations: Iterable[int]) -> dict[int, StatusReport]:
    query = select(StatusReport).where(col(StatusReport.obligation_id).in_(set(obligations)))
    return {row.obligation_id: row for row in session.exec(query.order_by(col(StatusReport.id)))}


def _wishes(session: Session, obligations: Iterable[int]) -> dict[int, Extension]:
    query = select(Extension).where(
        col(Extension.obligation_id).in_(set(obligations)), Extension.decision == Decision.WAITING
    )
    return {row.obligation_id: row for row in session.exec(query)}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was taken down by a link: shown to the agency, and sent to it."""

    reference: str  #: "report-57", "extension-3", "return-9"
    deed: str  #: report, done, extension, return
    at: datetime
    one: Followed
    who: str
    phone: str
    words: str
    percent: int | None = None
    letter: str = ""
    wished: datetime | None = None
    files: tuple[Attachment, ...] = ()


def receipt_of(session: Session, office_id: int, agency_id: int, reference: str) -> Receipt:
    """What an agency's answer came to. Raises Refusal for another's, as if there were none."""
    kind, _, number = reference.partition("-")
    id_ = int(number) if number.isdecimal() and len(number) < LONGEST_ID else 0
    row: StatusReport | Extension | WorkReturn | None = None
    if kind == "report":
        row = session.get(StatusReport, id_)
    elif kind == "extension":
        row = session.get(Extension, id_)
    elif kind == "return":
        row = session.get(WorkReturn, id_)
    if row is None:
        raise Refusal("answer.refused.not_yours")
    works = followed(
        session,
        Obligation.id == row.obligation_id,
        Obligation.office_id == office_id,
        Obligation.agency_id == agency_id,
    )
    if not works:
        raise Refusal("answer.refused.not_yours")
    return _receipt(session, reference, works[0], row)


def _receipt(session: Session, reference: str, one: Followed, row: StatusReport | Extension | WorkReturn) -> Receipt:
    if isinstance(row, Extension):
        return Receipt(reference, "extension", row.asked_at, one, row.asked_by, "", row.reason, wished=row.wished)
    if isinstance(row, WorkReturn):
        return Receipt(reference, "return", row.at, one, row.actor, "", row.reason)
    files = session.exec(select(Attachment).where(Attachment.report_id == row.id).order_by(col(Attachment.id)))
    return Receipt(
        reference,
        "done" if row.percent == 100 else "report",
        row.effective_at,
        one,
        row.who or row.actor,
        row.phone,
        row.note,
        row.percent,
        f"{row.letter_number}, {row.letter_date:%d/%m/%Y}" if row.letter_number and row.letter_date else "",
        None,
        tuple(files),
    )
