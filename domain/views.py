"""What the ledger shows: rows for `status` and `timeline`, and a conclusion's summary. Nothing here changes it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from config.words import say
from domain.agencies import Agency, agency_names
from domain.checkpoints import Checkpoint, Fate
from domain.conclusions import LEAD, Conclusion, Directive
from domain.instants import iso, local
from domain.keys import key
from domain.obligations import Obligation, Standing, State, is_stale, standing
from domain.offices import follow_up_policy, the_office
from domain.planning import followed


@dataclass(frozen=True, slots=True)
class StatusRow:
    """Where one obligation stands."""

    id: int
    conclusion: str
    path: str
    agency: str
    role: str
    due_before: datetime | None
    standing: Standing
    state: str
    reported_at: datetime | None
    closed_at: datetime | None
    next_checkpoint: datetime | None
    extensions: int = 0  #: how often it was extended
    is_stale: bool = False  #: undated, and silent for long

    def as_json(self) -> dict[str, object]:
        """The row as `status --json` prints it; times are ISO with +07:00."""
        return {
            "id": self.id,
            "conclusion": self.conclusion,
            "path": self.path,
            "agency": self.agency,
            "role": self.role,
            "due_before": iso(self.due_before),
            "standing": str(self.standing),
            "state": self.state,
            "reported_at": iso(self.reported_at),
            "closed_at": iso(self.closed_at),
            "next_checkpoint": iso(self.next_checkpoint),
        }


def status_rows(
    session: Session, office_id: int, now: datetime, *conditions: object, everything: bool = False
) -> list[StatusRow]:
    """Every obligation of the office, in the order of the notices; what was cancelled only where `everything` is."""
    ended = [] if everything else [col(Obligation.state) != State.CANCELLED]
    works = followed(session, Obligation.office_id == office_id, *ended, *conditions)
    names = agency_names(session, office_id)
    stale_after = follow_up_policy(the_office(session, office_id)).stale_after_days
    upcoming = _next_checkpoints(session, office_id)
    return [
        StatusRow(
            id=key(one.obligation.id),
            conclusion=one.conclusion.number,
            path=one.directive.path,
            agency=names[one.obligation.agency_id],
            role=LEAD,
            due_before=one.obligation.due_before,
            standing=standing(one.obligation, now),
            state=one.obligation.state,
            reported_at=one.obligation.reported_at,
            closed_at=one.obligation.closed_at,
            next_checkpoint=upcoming.get(key(one.obligation.id)),
            extensions=one.obligation.extensions,
            is_stale=is_stale(one.obligation, now, stale_after),
        )
        for one in works
    ]


def _next_checkpoints(session: Session, office_id: int) -> dict[int, datetime]:
    query = (
        select(Checkpoint.obligation_id, func.min(Checkpoint.at))
        .where(Checkpoint.office_id == office_id, Checkpoint.fate == Fate.OPEN)
        .group_by(col(Checkpoint.obligation_id))
    )
    return dict(session.exec(query).all())


@dataclass(frozen=True, slots=True)
class Planned:
    """A checkpoint with what it belongs to."""

    checkpoint: Checkpoint
    conclusion: str
    path: str
    agency: str


def planned_rows(session: Session, office_id: int, *conditions: object) -> list[Planned]:
    """Every checkpoint of the office, past and to come, in time order."""
    query = (
        select(Checkpoint, Conclusion.number, Directive.path, Agency.name)
        .join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .join(Agency, col(Agency.id) == col(Obligation.agency_id))
        .where(Checkpoint.office_id == office_id, *conditions)  # type: ignore[arg-type]
        .order_by(col(Checkpoint.at), col(Directive.place), col(Checkpoint.obligation_id), col(Checkpoint.id))
    )
    return [Planned(*row) for row in session.exec(query)]


def summary_markdown(session: Session, conclusion: Conclusion, now: datetime, pages: str) -> str:
    """Where one conclusion stands, as a page for Prefect's artifacts; `pages` is where the office's pages are."""
    rows = status_rows(session, conclusion.office_id, now, Conclusion.id == conclusion.id)
    counts = Counter(row.standing for row in rows)
    by_path: dict[str, list[StatusRow]] = defaultdict(list)
    for row in rows:
        by_path[row.path].append(row)
    head = say("views.title", language="vi", number=conclusion.number, day=f"{conclusion.issued_on:%d/%m/%Y}")
    figures = " · ".join(f"{say(f'views.standing.{one}', language='vi')}: {counts[one]}" for one in Standing)
    title = f"# [{head}]({pages}/conclusions/{conclusion.id})"
    lines = [title, "", figures, "", say("views.columns", language="vi"), "|---|---|---|---|---|"]
    for path, group in by_path.items():
        lines += [_markdown_row(path, row, f"{pages}/obligations/{row.id}") for row in group]
    return "\n".join(lines)


def _markdown_row(path: str, row: StatusRow, page: str) -> str:
    due = f"{local(row.due_before):%H:%M %d/%m/%Y}" if row.due_before else "—"
    upcoming = f"{local(row.next_checkpoint):%H:%M %d/%m/%Y}" if row.next_checkpoint else "—"
    cells = (path, row.agency, due, say(f"views.standing.{row.standing}", language="vi"), upcoming)
    plain = [cell.replace("|", "\\|") for cell in cells]
    return "| " + " | ".join([f"[{plain[0]}]({page})", *plain[1:]]) + " |"
