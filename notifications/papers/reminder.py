"""The official letter that urges one agency: mail has no standing, a signed letter has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pendulum import DateTime
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
from domain.listing.standings import stands
from domain.moments import Kind
from domain.obligations import OPEN, Obligation, Standing
from notifications.outbox import GONE_OUT, Message, MessageCheckpoint
from notifications.papers.filling import fill_paper
from notifications.papers.office import VI, office_blocks
from notifications.wording import day_words, deadline_words, document_words, number_words, plain_line, quoted

#: What urges. The assignment itself, and news such as an extension, do not.
URGING = (
    Kind.REMIND,
    Kind.DUE,
    Kind.REQUEST_STATUS,
    Kind.LAPSE,
    Kind.ASK,
    Kind.OVERDUE,
    Kind.ESCALATE,
)
COLUMNS = ("source", "text", "deadline", "days", "reminded")


@dataclass(frozen=True, slots=True)
class Reminded:
    """How often an agency was really urged about one piece of work, and when last."""

    times: int  #: days on which it was: what its officer and its head got on one day is one time
    last: date


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """A draft, and what it holds."""

    contents: bytes  #: .docx
    name: str  #: of the file
    works: tuple[int, ...]  #: the obligations it names


def reminder_letter(
    session: Session, office_id: int, agency: Agency, now: DateTime, folder: Path | None = None
) -> ReminderLetter:
    """The draft for everything that is overdue at an agency. Raises Refusal where nothing is.

    What was returned waits for the office, and is not urged. Changes nothing.
    """
    asked = Asked(standing=Standing.OVERDUE, agency=key(agency.id))
    late = [row for row in every_work(session, office_id, now, asked, "due") if row.obligation.state in OPEN]
    if not late:
        raise Refusal("papers_office.refused.nothing_late", agency=plain_line(agency.name))
    today = local(now).date()
    told = reminded(session, key(agency.id), now)
    context = {**office_blocks(session, office_id, today, ("above",)), **_context(agency, late, told, today)}
    context["answer"] = say("papers_office.reminder.answer", language=VI, office=context["office"])
    name = say("papers_office.reminder.file", language=VI, slug=agency.slug, day=today.isoformat())
    return ReminderLetter(fill_paper("reminder", context, folder), name, tuple(row.id for row in late))


def _context(
    agency: Agency, late: Sequence[WorkRow], told: Mapping[int, Reminded], today: date
) -> Mapping[str, object]:
    orders = [row for row in late if not is_request(row.directive.authority)]
    requests = [row for row in late if is_request(row.directive.authority)]
    return {
        "about": say(
            "papers_office.reminder.about" if orders else "papers_office.reminder.about_requests", language=VI
        ),
        "recipient": plain_line(agency.name),
        "groups": [
            _group(manner, rows, told, today) for manner, rows in (("orders", orders), ("requests", requests)) if rows
        ],
        "thanks": say("papers_office.reminder.thanks", language=VI),
    }


def _group(manner: str, rows: Iterable[WorkRow], told: Mapping[int, Reminded], today: date) -> Mapping[str, object]:
    """Orders and requests are worded apart: nobody orders the Front."""
    items = [_item(place, row, told.get(row.id)) for place, row in enumerate(rows, start=1)]
    count = number_words(len(items), VI)
    return {
        "opening": say(f"papers_office.reminder.opening.{manner}", language=VI, day=day_words(today, VI), count=count),
        "columns": {name: say(f"papers_office.reminder.columns.{manner}.{name}", language=VI) for name in COLUMNS},
        "asks": say(f"papers_office.reminder.asks.{manner}", language=VI),
        "items": items,
    }


def _item(place: int, row: WorkRow, told: Reminded | None) -> Mapping[str, object]:
    return {
        "place": place,
        "source": source_words(row),
        "text": quoted(row.directive.text),
        "deadline": deadline_words(row.obligation.due_before, VI),
        "days": number_words(row.days_late, VI),
        "reminded": _reminded_words(row, told),
    }


def _reminded_words(row: WorkRow, told: Reminded | None) -> str:
    """2 lần, gần nhất ngày 09/3/2018; and that more time was asked for: whoever signs should know."""
    words = say("papers_office.reminder.never", language=VI)
    if told is not None:
        last = day_words(told.last, VI)
        words = say("papers_office.reminder.times", language=VI, times=told.times, last=last)
    if row.obligation.asked_at is not None:
        words = say("papers_office.reminder.asked", language=VI, words=words)
    return words


def source_words(row: WorkRow) -> str:
    """Thông báo số 489/TB-VP ngày 07/3/2018, mục 4.2."""
    number, path = plain_line(row.conclusion.number), plain_line(row.directive.path)
    document, day = document_words(row.conclusion.kind, VI), day_words(row.conclusion.issued_on, VI)
    return say("messages.source", language=VI, document=document, number=number, day=day, path=path)


def reminded(session: Session, agency_id: int, now: datetime) -> dict[int, Reminded]:
    """Overdue obligation -> how often its agency was really urged; what went elsewhere in a trial does not count."""
    query = (
        select(Checkpoint.obligation_id, Message.sent_at)
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .join(Message, col(Message.id) == col(MessageCheckpoint.message_id))
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .where(
            Obligation.agency_id == agency_id,
            stands(Standing.OVERDUE, now),
            Message.agency_id == agency_id,
            col(Checkpoint.kind).in_(URGING),
            col(Message.status).in_(GONE_OUT),
            Message.diverted_to == "",
            col(Message.sent_at) <= now,
        )
    )
    days: dict[int, set[date]] = defaultdict(set)
    for id_, sent_at in session.exec(query):
        if sent_at is not None:
            days[id_].add(local(sent_at).date())
    return {id_: Reminded(len(some), max(some)) for id_, some in days.items()}
