"""An office in which everything has happened once, so that every page has something to show."""

from __future__ import annotations

from datetime import date

import pendulum
from sqlmodel import select

from domain.accounts import Rank, add_account, disable
from domain.actors import By
from domain.agencies import Contact, find_agency
from domain.attachments import keep_file
from domain.checkpoints import Checkpoint, Fate
from domain.days import set_day
from domain.drafts import Draft
from domain.filing import Notice, file_notice
from domain.governed import link_conclusion
from domain.instants import at
from domain.keys import key
from domain.life import extensions, handing, holding, verification
from domain.links import Purpose, give_link
from domain.offices import the_office
from domain.papers import Paper
from domain.people import officials_of, person_of, take_leave
from domain.regulations import NewRegulation, NewSide, add_regulation, replace_regulation
from domain.reports import COMPLETE, Said, report
from domain.reviews.compiling import Scope, compile_period, scope_of_cycle
from domain.reviews.cycles import Opening, one_cycle, open_cycle
from domain.reviews.periods import Shape, parse_period
from domain.reviews.schedules import DayOfYear, NewSchedule, set_schedule
from domain.reviews.side_reports import side_reports
from domain.reviews.submissions import Contents, send_back, submit
from flows.signing import sign_off
from notifications.inbox.taking import Raw, take
from tests.story import OfficeStory, directive, draft
from tests.unit.inbox_made import PLACE, Attached, letter_docx, reply

OURS, THEIRS, OTHERS = "Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp"
FRONT = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"
NOTICE = "THÔNG BÁO\n1. Giao Sở Nội vụ trình đề án trước ngày 09-3-2018.\n2. Giao Sở Tài chính bố trí kinh phí."
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)> \u202e=1+1"


def _review(story: OfficeStory) -> None:
    """A regulation with its successor and its schedule, a review in every state, compilations signed and not."""
    sides = (NewSide("Ủy ban nhân dân tỉnh", (OURS, THEIRS, OTHERS)), NewSide(FRONT))
    texts = {"results": EVIL, "limits": "Còn chậm.", "plan": "Họp hằng quý."}
    by = Said(COMPLETE, "", "Bình", "link", who="Trần Bình", phone="0912345678")
    with story.ledger.change(now=story.now, actor="hung") as change:
        old = add_regulation(change, NewRegulation("01/QCPH", date(2015, 1, 5), "Quy chế phối hợp cũ", sides))
        given = NewRegulation("03/QCPH", date(2017, 1, 10), f"Quy chế phối hợp {EVIL}", sides)
        row = add_regulation(change, given)
        replace_regulation(change, old, row)
        set_schedule(change, row, NewSchedule(Shape.YEAR, DayOfYear(11, 1), DayOfYear(12, 15)))
        link_conclusion(change, 1, row)
        cycle = open_cycle(change, Opening(row, parse_period("2018"), at(date(2018, 4, 20)))).cycle
        ids = {one.agency.name: one.id for one in side_reports(change.session, cycle, story.now)}
        submit(change, ids[OURS], Contents(texts, {"meetings": "1.234,5"}), by)
        submit(change, ids[THEIRS], Contents(texts), by)
        send_back(change, ids[OURS], EVIL)
        submit(change, ids[OTHERS], Contents(texts), by)
        verification.accept(change, ids[OTHERS])
        found = one_cycle(change.session, change.office_id, key(cycle.id))
        compile_period(change, scope_of_cycle(found))
        signed = compile_period(change, Scope(parse_period("2018-Q1")))
    sign_off(story.settings, story.ledger, signed.id, "Đồng ý.", pendulum.instance(story.now), "hung")


def make_busy(story: OfficeStory) -> None:
    """Lives through March 2018; leaves the office on the 20th, at nine."""
    first, second = NOTICE.index("Giao Sở N"), NOTICE.index("Giao Sở T")
    contents = draft(
        directive(OURS, "2018-03-09", path="1", text=NOTICE[first : second - 4], start=first, end=second - 4),
        directive(THEIRS, None, path="2", text=NOTICE[second:], start=second, end=len(NOTICE), cooperating=[OURS]),
        number="31/TB-VP",
    )
    with story.ledger.change(now=story.now, actor="lan") as change:
        file_notice(change, Notice(Draft.model_validate(contents), NOTICE))
    story.files(
        draft(
            directive([OURS, THEIRS, OTHERS], "2018-03-30", path="1", text=EVIL),
            directive(OTHERS, "2018-03-16", path="2"),
            directive(THEIRS, "2018-03-14", path="3"),
            directive(OURS, "2018-03-13", path="4"),
            number="32/TB-VP",
        )
    )
    story.waits_until("2018-03-14 10:00")
    ids = {(row.conclusion, row.path, row.agency): row.id for row in story.status()}
    paper = story.settings.home / "phu-luc.pdf"
    paper.write_bytes(b"%PDF-1.7\n")
    kept = keep_file(story.settings.attachments_folder, paper)
    moment = pendulum.instance(story.now)
    with story.ledger.change(now=moment, actor=OURS, by=By.AGENCY) as change:
        link = give_link(change, Purpose.ANSWER, find_agency(change.session, change.office_id, OURS), OURS, "", 90)
        give_link(change, Purpose.FEED, None, "Văn phòng", "", 0)
        done = Said(COMPLETE, EVIL, "Bình", "link", "5/BC", moment.date(), (kept,), "Trần Bình", "0912345678")
        change.link_id = link.id
        report(change, ids["32/TB-VP", "4", OURS], done)
        report(change, ids["31/TB-VP", "1", OURS], Said(30, "Đang làm.", "Bình", "link"))
        extensions.ask(change, ids["32/TB-VP", "3", THEIRS], moment.add(days=20), "Chờ Bộ.", "Bình")
        handing.give_back(change, ids["32/TB-VP", "2", OTHERS], "Thuộc Sở Nội vụ.", "Bình")
        report(change, ids["32/TB-VP", "1", THEIRS], Said(COMPLETE, "Đã xong.", "Chi", "link"))
    with story.ledger.change(now=moment, actor="hung") as change:
        verification.accept(change, ids["32/TB-VP", "1", THEIRS])
    with story.ledger.change(now=moment, actor="lan") as change:
        change.session.add(
            Paper(
                office_id=change.office_id,
                actor="lan",
                name="thong-bao.txt",
                text=NOTICE,
                draft=Draft.model_validate(contents | {"number": "33/TB-VP"}).model_dump(mode="json"),
                created_at=moment,
                changed_at=moment,
            )
        )
    story.waits_until("2018-03-20 09:00")
    waits = {"event": "có hướng dẫn", "count": 10, "unit": "day"}
    deadline = {"kind": "relative", "phrase": "trong 10 ngày kể từ khi có hướng dẫn", "waits_for": waits}
    story.files(draft(directive(OURS, path="1", deadline=deadline), on="2018-03-19", number="34/TB-VP"))
    with story.ledger.change(now=story.now, actor="hung") as change:
        today = story.now.date()
        official = officials_of(change.session, change.office_id)[0]
        ours = find_agency(change.session, change.office_id, OURS)
        contact = change.session.exec(select(Contact).where(Contact.agency_id == ours.id)).first()
        for person in (official, contact):
            assert person is not None
            take_leave(change, person_of(person), today, today.add(days=5), "Người thay", "thay@vanphong.example")
        set_day(change, date(2018, 3, 24), worked=True, reason="Làm bù.")
        disable(change, add_account(change, "cu", "Người cũ", Rank.VIEWER, "một câu dễ nhớ 123"))
        coming = change.session.exec(select(Checkpoint.id).where(Checkpoint.fate == Fate.OPEN)).first()
        holding.hold(change, coming or 0, "Chờ ý kiến.")
    for uid, mail in enumerate(
        (
            reply("", Attached("cv.docx", letter_docx("32/TB-VP"))),
            reply(subject=EVIL, message_id="<la@thu.example>", sender="la@thu.example"),
        ),
        start=1,
    ):
        take(story.ledger, story.settings, PLACE, Raw(uid, mail, story.now), story.now)
    _review(story)
    with story.ledger.change(now=story.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated_at = story.now
