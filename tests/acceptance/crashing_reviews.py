"""A review that is killed at a named point: `python -m tests.acceptance.crashing_reviews HOME DATABASE_URL NAME`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from sqlmodel import select

from domain.keys import key
from domain.life.verification import Verification, accept
from domain.regulations import NewRegulation, NewSide, Regulation, add_regulation
from domain.reports import COMPLETE, Said
from domain.reviews.compiling import compilations, compile_period, scope_of_cycle
from domain.reviews.cycles import Opening, cycles, one_cycle, open_cycle
from domain.reviews.periods import parse_period
from domain.reviews.side_reports import SideReport, side_reports
from domain.reviews.submissions import Contents, save_draft, send_back, submit
from domain.written import parse_moment
from flows.signing import sign_off
from tests.acceptance.crashing import Point, arm, open_story
from tests.story import OfficeStory, directive, draft

OURS, FRONT = "Sở Nội vụ", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"
TEXTS = {"results": "Đã họp.", "limits": "Còn chậm.", "plan": "Họp tiếp."}
ASKED_AT, ROUND_AT, DRAFTED_AT = "2018-03-26 09:00", "2018-03-26 09:00", "2018-03-27 08:30"
SUBMITTED_AT, BACK_AT, AGAIN_AT = "2018-03-27 09:00", "2018-03-28 09:00", "2018-03-29 09:00"
ACCEPTED_AT, COMPILED_AT, SIGNED_AT = "2018-03-30 09:00", "2018-04-10 09:00", "2018-04-10 10:00"

POINTS = (
    Point("before the request is filed", "domain.reviews.cycles:file_notice"),
    Point("after the request, before the review", "domain.reviews.cycles:file_notice", after=True),
    Point("after the opening is written down, not committed", "domain.store:append", after=True),
    Point("when the review is open, before anybody is asked", "flows.holding:plan_conclusion"),
    Point("when the sides are asked, before anything is sent", "flows.holding:channels_with_mail"),
    Point("before a draft is written", "domain.reviews.submissions:draft_of"),
    Point("after the report, before the submission", "domain.reviews.submissions:report", after=True),
    Point("when it is sent back, before it is a draft again", "domain.reviews.submissions:reject", after=True),
    Point("when it is a draft again, not committed", "domain.reviews.submissions:save_draft", after=True),
    Point("after the second report, before its submission", "domain.reviews.submissions:report", after=True, call=2),
    Point("before the figures are counted", "domain.reviews.compiling:figures_of"),
    Point("when the figures are counted, not written", "domain.reviews.compiling:figures_of", after=True),
    Point("when the papers are made, before they are kept", "flows.signing:keep"),
    Point("when one paper is kept, before the others", "flows.signing:keep", after=True),
    Point("when all papers are kept, before it is signed", "flows.signing:sign"),
    Point("when it is signed, not committed", "flows.signing:sign", after=True),
)  # fmt: skip


def of(office: OfficeStory) -> SideReport | None:
    """Our report for the review; None while it is not open."""
    with office.ledger.look() as session:
        found = cycles(session, office.ledger.office_id)
        rows = side_reports(session, found[0].row, office.now) if found else []
    return next((row for row in rows if row.agency.name == OURS), None)


def goes_on(office: OfficeStory) -> None:
    """The whole story; what is done already is left as it is, as people see what is done and go on from there."""
    opens(office)
    office.holds_round(ROUND_AT)
    submits(office)
    office.holds_round(ACCEPTED_AT)
    compiles_and_signs(office)


def opens(office: OfficeStory) -> None:
    """The regulation, and the review; opening is asked for again, whatever happened before."""
    office.now = parse_moment(ASKED_AT)
    with office.ledger.change(now=office.now, actor="hung") as change:
        row = change.session.exec(select(Regulation)).first() or add_regulation(
            change,
            NewRegulation(
                "03/QCPH",
                date(2017, 1, 10),
                "Quy chế phối hợp",
                (NewSide("Ủy ban nhân dân tỉnh", (OURS,)), NewSide(FRONT)),
            ),
        )
    with office.ledger.change(now=office.now, actor="hung") as change:
        open_cycle(change, Opening(row, parse_period("2018-Q1"), parse_moment("2018-04-07")))


def submits(office: OfficeStory) -> None:
    """A draft, the report, sent back, the report again, accepted."""
    own = of(office)
    assert own is not None
    said, contents = Said(COMPLETE, "", OURS, "link", who="Hoa"), Contents(TEXTS, {"meetings": "4"})
    sent_back = _was_sent_back(office, own.id)
    if own.state in ("missing", "draft") and not sent_back:
        office.now = parse_moment(DRAFTED_AT)
        with office.ledger.change(now=office.now, actor=OURS) as change:
            save_draft(change, own.id, contents)
        office.now = parse_moment(SUBMITTED_AT)
        with office.ledger.change(now=office.now, actor=OURS) as change:
            submit(change, own.id, contents, said)
    if not sent_back:
        office.now = parse_moment(BACK_AT)
        with office.ledger.change(now=office.now, actor="hung") as change:
            send_back(change, own.id, "Thiếu số liệu")
    if (now := of(office)) is not None and now.state == "sent_back":
        office.now = parse_moment(AGAIN_AT)
        with office.ledger.change(now=office.now, actor=OURS) as change:
            submit(change, own.id, contents, said)
    if (now := of(office)) is not None and now.state == "submitted":
        office.now = parse_moment(ACCEPTED_AT)
        with office.ledger.change(now=office.now, actor="hung") as change:
            accept(change, own.id)


def _was_sent_back(office: OfficeStory, obligation: int) -> bool:
    with office.ledger.look() as session:
        query = select(Verification.id).where(Verification.obligation_id == obligation, ~Verification.accepted)  # type: ignore[arg-type]
        return session.exec(query).first() is not None


def compiles_and_signs(office: OfficeStory) -> None:
    """Compiled once, signed once."""
    office.now = parse_moment(COMPILED_AT)
    with office.ledger.look() as session:
        made = compilations(session, office.ledger.office_id)
    if not made:
        with office.ledger.change(now=office.now, actor="hung") as change:
            found = one_cycle(change.session, change.office_id, 1)
            made = [compile_period(change, scope_of_cycle(found)).row]
    if made[0].signed_at is None:
        office.now = parse_moment(SIGNED_AT)
        sign_off(office.settings, office.ledger, key(made[0].id), "Đồng ý", office.now, "hung")


def begins(office: OfficeStory) -> None:
    """What happened before the review."""
    office.files(draft(directive(OURS, "2018-03-21"), number="12/TB-X"), "2018-03-07 09:00")
    office.holds_round("2018-03-07 09:00")


def main() -> None:
    """Goes through the review, as far as it gets."""
    home, database_url, name = sys.argv[1:]
    story = open_story(Path(home), database_url)
    arm(next(point for point in POINTS if point.name == name))
    goes_on(story)


if __name__ == "__main__":
    main()
