"""The official letter that urges one agency: mail has no standing, a signed letter has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pendulum import DateTime
from sqlalchemy import func
from sqlmodel import Session, col, select

from config.words import say
from domain.agencies import Agency
from domain.checkpoints import Checkpoint
from domain.conclusions import is_request
from domain.errors import Refusal
from domain.instants import local
from domain.keys import key
from domain.listing.asked import Asked
from domain.listing.obligations import WorkRow, every_work
from domain.obligations import OPEN, Standing
from notifications.outbox import GONE_OUT, Message, MessageCheckpoint
from notifications.papers.filling import fill_paper
from notifications.papers.office import VI, office_blocks
from notifications.wording import day_words, deadline_words, plain_line, quoted

MOST = 500  #: pieces of work in one letter


@dataclass(frozen=True, slots=True)
class Reminded:
    """How often an agency was really told of one piece of work, and when last."""

    times: int
    last: datetime


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """A draft, and what it holds."""

    contents: bytes  #: .docx
    name: str  #: of the file
    works: tuple[int, ...]  #: the obligations it names


def reminder_letter(
    session: Session, office_id: int, agency: Agency, now: DateTime, folder: Path | None = None
) -> ReminderLetter:
    """The draft for everything that is overdue at an agency. Raises Refusal where nothing is. Changes nothing."""
    asked = Asked(standing=Standing.OVERDUE, agency=key(agency.id))
    late = [row for row in every_work(session, office_id, now, asked, "due") if row.obligation.state in OPEN][:MOST]
    if not late:
        raise Refusal("papers_office.refused.nothing_late", agency=plain_line(agency.name))
    context = {**office_blocks(session, office_id, now.date()), **_context(session, agency, late, now)}
    name = say("papers_office.reminder.file", language=VI, slug=agency.slug, day=f"{now:%Y-%m-%d}")
    return ReminderLetter(fill_paper("reminder", context, folder), name, tuple(row.id for row in late))


def _context(session: Session, agency: Agency, late: Sequence[WorkRow], now: datetime) -> Mapping[str, object]:
    told = reminded(session, key(agency.id), [row.id for row in late])
    orders = [row for row in late if not is_request(row.directive.authority)]
    requests = [row for row in late if is_request(row.directive.authority)]
    return {
        "about": say(
            "papers_office.reminder.about" if orders else "papers_office.reminder.about_requests", language=VI
        ),
        "recipient": plain_line(agency.name),
        "groups": [
            _group(manner, rows, told, now) for manner, rows in (("orders", orders), ("requests", requests)) if rows
        ],
        "answer": say("papers_office.reminder.answer", language=VI),
        "thanks": say("papers_office.reminder.thanks", language=VI),
    }


def _group(manner: str, rows: Iterable[WorkRow], told: Mapping[int, Reminded], now: datetime) -> Mapping[str, object]:
    """Orders and requests are worded apart: nobody orders the Front."""
    items = [_item(place, row, told.get(row.id)) for place, row in enumerate(rows, start=1)]
    day = day_words(local(now).date(), VI)
    return {
        "opening": say(f"papers_office.reminder.opening.{manner}", language=VI, day=day, count=len(items)),
        "asks": say(f"papers_office.reminder.asks.{manner}", language=VI),
        "items": items,
    }


def _item(place: int, row: WorkRow, told: Reminded | None) -> Mapping[str, object]:
    times = say("papers_office.reminder.never", language=VI)
    if told is not None:
        last = day_words(local(told.last).date(), VI)
        times = say("papers_office.reminder.times", language=VI, times=told.times, last=last)
    return {
        "place": place,
        "source": source_words(row),
        "text": quoted(row.directive.text),
        "deadline": deadline_words(row.obligation.due_before, VI),
        "days": row.days_late,
        "reminded": times,
    }


def source_words(row: WorkRow) -> str:
    """Thông báo số 489/TB-VP ngày 07/3/2018, mục 4.2."""
    number, path = plain_line(row.conclusion.number), plain_line(row.directive.path)
    return say("messages.source", language=VI, number=number, day=day_words(row.conclusion.issued_on, VI), path=path)


def reminded(session: Session, agency_id: int, obligations: Sequence[int]) -> dict[int, Reminded]:
    """Obligation -> how often its agency was really told of it; what went elsewhere in a trial does not count."""
    messages = func.count(col(Message.id).distinct())
    query = (
        select(Checkpoint.obligation_id, messages, func.max(Message.sent_at))
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .where(
            col(Checkpoint.obligation_id).in_(obligations),
            Message.agency_id == agency_id,
            col(Message.status).in_(GONE_OUT),
            Message.diverted_to == "",
        )
        .group_by(col(Checkpoint.obligation_id))
    )
    return {id_: Reminded(times, last) for id_, times, last in session.exec(query) if last is not None}
