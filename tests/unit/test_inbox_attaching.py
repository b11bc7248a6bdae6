"""A mail becomes reports only by somebody of the office, for several obligations at once or for none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from domain.actors import By
from domain.audit import AuditEntry
from domain.errors import Refusal
from domain.incoming import Incoming, dismiss
from domain.incoming_acts import Attaching, attach, attached_to
from domain.life.linking import link
from domain.obligations import Obligation, State
from domain.reports import Attachment, StatusReport
from tests.story import OfficeStory
from tests.unit.inbox_made import CAME, Attached, InboxStory, letter_docx, reply

DONE = Attaching(100, "Đã trình đề án.", "123/BC-SNV", date(2018, 3, 7))


@pytest.fixture
def story(office: OfficeStory) -> InboxStory:
    return with_reply(office)


@pytest.fixture
def any_story(any_office: OfficeStory) -> InboxStory:
    return with_reply(any_office)


def with_reply(office: OfficeStory) -> InboxStory:
    story = InboxStory(office)
    story.gets(
        reply(story.message().message_id, Attached("cv.docx", letter_docx()), Attached("lai.docx", letter_docx()))
    )
    return story


def does(story: InboxStory, deed: Any, *words: Any) -> Any:
    return story.office.does(deed, story.mail.id, *words, by=By.CLERK)


def rows(story: InboxStory, table: Any) -> list[Any]:
    with story.ledger.look() as session:
        return list(session.exec(select(table)))


def refused(story: InboxStory, deed: Any, *words: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        does(story, deed, *words)
    return refusal.value.code


def test_a_mail_is_attached_to_several_obligations_with_its_letter_and_files(any_story: InboxStory) -> None:
    ids = [any_story.work("4.2"), any_story.work("5")]
    does(any_story, attach, ids, DONE)
    reports = rows(any_story, StatusReport)
    assert [(one.obligation_id, one.percent, one.door, one.who) for one in reports] == [
        (id_, 100, "mail", "Lê Văn Bình") for id_ in ids
    ]
    assert {(one.letter_number, one.letter_date) for one in reports} == {("123/BC-SNV", date(2018, 3, 7))}
    assert [one.name for one in rows(any_story, Attachment)] == ["lai.docx"] * 2  # the same file twice is one
    assert {one.state for one in any_story.office.obligations() if one.id in ids} == {State.REPORTED}
    mail = any_story.mail
    assert (mail.state, mail.settled_by) == ("attached", "test")
    with any_story.ledger.look() as session:
        assert attached_to(session, mail.id or 0) == ids
        acts = session.exec(select(AuditEntry).where(AuditEntry.verb == "incoming.attached")).all()
    assert [one.payload and one.payload["obligations"] for one in acts] == [ids]


def test_a_completion_counts_from_when_the_mail_came_not_from_when_somebody_read_it(story: InboxStory) -> None:
    story.office.now = story.office.now.add(days=20)
    id_ = story.work("5")
    does(story, attach, [id_], Attaching(100, "Đã xong."))
    (one,) = [one for one in rows(story, Obligation) if one.id == id_]
    assert one.settled_at == CAME
    (report,) = rows(story, StatusReport)
    assert (report.effective_at, report.recorded_at > CAME) == (CAME, True)


def test_progress_leaves_the_work_open(story: InboxStory) -> None:
    id_ = story.work("4.2")
    does(story, attach, [id_], Attaching(60, "Đang lấy ý kiến."))
    assert [one.state for one in story.office.obligations() if one.id == id_] == [State.IN_PROGRESS]


def test_linked_obligations_are_settled_once(story: InboxStory) -> None:
    ids = [story.work("4.2"), story.work("5")]
    story.office.does(link, ids)
    does(story, attach, ids, DONE)
    assert {one.state for one in story.office.obligations() if one.id in ids} == {State.REPORTED}
    assert len(rows(story, StatusReport)) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Attaching(100, " "), "errors.empty_note"),
        (Attaching(120, "x"), "errors.bad_percent"),
        (Attaching(100, "x", "5/BC"), "answer.refused.letter"),
        (Attaching(100, "x", "5/BC", date(2018, 12, 1)), "errors.letter_from_future"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_stored(story: InboxStory, said: Attaching, code: str) -> None:
    assert refused(story, attach, [story.work("4.2"), story.work("5")], said) == code
    assert rows(story, StatusReport) == []
    assert story.mail.state == "waiting"


def test_all_or_none(story: InboxStory) -> None:
    assert refused(story, attach, [story.work("4.2"), 9999], DONE) == "errors.no_obligation"
    assert rows(story, StatusReport) == []
    assert refused(story, attach, [], DONE) == "inbox.refused.no_obligation"


def test_a_mail_is_settled_once(story: InboxStory) -> None:
    does(story, attach, [story.work("4.2")], DONE)
    assert refused(story, attach, [story.work("5")], DONE) == "inbox.refused.settled"
    assert refused(story, dismiss, "x") == "inbox.refused.settled"


def test_a_mail_is_dismissed_with_a_reason(any_story: InboxStory) -> None:
    assert refused(any_story, dismiss, "  ") == "inbox.refused.no_reason"
    does(any_story, dismiss, " Thư gửi nhầm. ")
    (mail,) = rows(any_story, Incoming)
    assert (mail.state, mail.reason, mail.settled_by) == ("dismissed", "Thư gửi nhầm.", "test")


def test_a_mail_of_nobody_is_none(story: InboxStory) -> None:
    with pytest.raises(Refusal) as refusal:
        story.office.does(dismiss, 77, "x")
    assert refusal.value.code == "inbox.refused.none"
