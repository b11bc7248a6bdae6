"""Where each agency's report for a review stands: missing, a draft, submitted, sent back, accepted; late or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.agencies import Agency
from domain.conclusions import Conclusion, Directive
from domain.keys import key
from domain.life.verification import Verification
from domain.obligations import OPEN, Obligation, Standing, State, standing
from domain.planning import Followed, followed
from domain.regulations import Side, sides_of
from domain.reports import COMPLETE, Attachment, StatusReport
from domain.reviews.tables import ReviewCycle, Submission, SubmissionDraft

LATE = (Standing.OVERDUE, Standing.DONE_LATE)


@dataclass(frozen=True, slots=True)
class SideReport:
    """Where one agency's report for a review stands."""

    one: Followed
    agency: Agency
    side: str  #: the regulation's name for it; empty where the agency stands for none any more
    standing: Standing
    report: StatusReport | None  #: the completion that counts, also where it came as a letter only
    submission: Submission | None  #: what it submitted last
    sent_back: str  #: why its last submission was sent back; empty where it was not, or something newer came
    draft: SubmissionDraft | None
    files: tuple[Attachment, ...]

    @property
    def id(self) -> int:
        """The obligation's."""
        return key(self.one.obligation.id)

    @property
    def is_late(self) -> bool:
        """Whether it came late, or has not come in time."""
        return self.standing in LATE

    @property
    def state(self) -> str:
        """missing, draft, sent_back, returned, submitted (waits to be accepted), accepted."""
        state = self.one.obligation.state
        if state in OPEN:
            return "sent_back" if self.sent_back else "draft" if self.draft else "missing"
        return {State.REPORTED: "submitted", State.DONE: "accepted"}.get(State(state), "returned")


@dataclass(frozen=True, slots=True)
class Counts:
    """How a review stands: how many agencies were asked, have reported, and are late."""

    asked: int = 0
    reported: int = 0
    late: int = 0


def counts_of(session: Session, ids: Sequence[int], now: datetime) -> dict[int, Counts]:
    """Review id -> how it stands; one statement for all of them."""
    query = (
        select(ReviewCycle.id, Obligation)
        .join(Directive, col(Directive.conclusion_id) == col(ReviewCycle.conclusion_id))
        .join(Obligation, col(Obligation.directive_id) == col(Directive.id))
        .where(col(ReviewCycle.id).in_(ids), col(Obligation.state) != State.CANCELLED)
    )
    found: dict[int, list[Obligation]] = {}
    for cycle_id, obligation in session.exec(query):
        found.setdefault(key(cycle_id), []).append(obligation)
    return {id_: counted(rows, now) for id_, rows in found.items()}


def counted(rows: Sequence[Obligation], now: datetime) -> Counts:
    """How a review stands whose requests these are, without those that were cancelled."""
    return Counts(
        asked=len(rows),
        reported=sum(row.state in (State.REPORTED, State.DONE) for row in rows),
        late=sum(standing(row, now) in LATE for row in rows),
    )


def side_reports(session: Session, cycle: ReviewCycle, now: datetime) -> list[SideReport]:
    """Every agency that was asked, in the order of the sides."""
    works = followed(session, Conclusion.id == cycle.conclusion_id, col(Obligation.state) != State.CANCELLED)
    known = _Known.of(session, cycle, [key(one.obligation.id) for one in works])
    return [_side_report(one, known, now) for one in works]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the obligations of one review: each map is by obligation, the last one counts."""

    sides: Sequence[Side]
    agencies: Mapping[int, Agency]
    reports: Mapping[int, StatusReport]
    files: Mapping[int, list[Attachment]]  #: by report
    submitted: Mapping[int, Submission]
    verdicts: Mapping[int, Verification]
    drafts: Mapping[int, SubmissionDraft]

    @classmethod
    def of(cls, session: Session, cycle: ReviewCycle, ids: Sequence[int]) -> _Known:
        """One statement for each table."""
        says = select(StatusReport).where(col(StatusReport.obligation_id).in_(ids), StatusReport.percent == COMPLETE)
        verdicts = select(Verification).where(col(Verification.obligation_id).in_(ids))
        submitted = select(Submission).where(col(Submission.obligation_id).in_(ids)).order_by(col(Submission.version))
        drafts = select(SubmissionDraft).where(col(SubmissionDraft.obligation_id).in_(ids))
        agencies = (
            select(Agency)
            .join(Obligation, col(Obligation.agency_id) == col(Agency.id))
            .where(col(Obligation.id).in_(ids))
        )
        reports = {row.obligation_id: row for row in session.exec(says.order_by(col(StatusReport.id)))}
        files: dict[int, list[Attachment]] = {}
        attached = select(Attachment).where(col(Attachment.report_id).in_([row.id for row in reports.values()]))
        for file in session.exec(attached.order_by(col(Attachment.id))):
            files.setdefault(file.report_id, []).append(file)
        return cls(
            sides=sides_of(session, cycle.regulation_id),
            agencies={key(row.id): row for row in session.exec(agencies)},
            reports=reports,
            files=files,
            submitted={row.obligation_id: row for row in session.exec(submitted)},
            verdicts={row.obligation_id: row for row in session.exec(verdicts.order_by(col(Verification.id)))},
            drafts={row.obligation_id: row for row in session.exec(drafts)},
        )


def _side_report(one: Followed, known: _Known, now: datetime) -> SideReport:
    own = key(one.obligation.id)
    said = known.reports.get(own)
    verdict = known.verdicts.get(own)
    refused = verdict is not None and not verdict.accepted and one.obligation.state in OPEN
    return SideReport(
        one=one,
        agency=known.agencies[one.obligation.agency_id],
        side=_side_named(one, known.sides),
        standing=standing(one.obligation, now),
        report=said if one.obligation.settled_at is not None else None,
        submission=known.submitted.get(own),
        sent_back=verdict.reason if verdict and refused else "",
        draft=known.drafts.get(own),
        files=tuple(known.files.get(key(said.id), ())) if said else (),
    )


def _side_named(one: Followed, sides: Sequence[Side]) -> str:
    """The side whose directive it is: the request's words begin with it."""
    return next((side.name for side in sides if one.directive.text.startswith(f"{side.name}:")), "")
