"""What a mail does to the ledger: a bounce that is proven, a reply that waits, and nothing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from domain.attachments import keep
from domain.audit import AuditEntry, first_broken
from domain.incoming import Mailbox, waiting_count
from domain.obligations import State
from domain.ways import Way
from notifications.inbox import letters, taking
from notifications.inbox.taking import Place, Raw, Taken, take
from notifications.outbox import Message, Status
from tests.story import OfficeStory
from tests.unit.inbox_made import (
    ADDRESS,
    CAME,
    OURS,
    PLACE,
    Attached,
    InboxStory,
    in_words,
    letter_docx,
    reply,
    report_of,
)


@pytest.fixture
def story(office: OfficeStory) -> InboxStory:
    return InboxStory(office)


@pytest.fixture
def any_story(any_office: OfficeStory) -> InboxStory:
    return InboxStory(any_office)


def fate(story: InboxStory, message: Message) -> str:
    with story.ledger.look() as session:
        return session.get_one(Message, message.id).status


def bad_addresses(story: InboxStory) -> list[str]:
    with story.ledger.look() as session:
        return [one.address for one in session.exec(select(Way)) if one.bad_since is not None]


def verbs(story: InboxStory) -> list[str]:
    with story.ledger.look() as session:
        assert first_broken(session, story.ledger.office_id) is None
        return list(session.exec(select(AuditEntry.verb).order_by(AuditEntry.seq)))  # type: ignore[arg-type]


def test_a_bounce_fails_the_message_and_marks_the_address(any_story: InboxStory) -> None:
    message = any_story.message()
    assert any_story.gets(report_of(message.message_id)).returned
    assert fate(any_story, message) == Status.FAILED
    assert bad_addresses(any_story) == [ADDRESS]
    mail = any_story.mail
    assert (mail.kind, mail.state, mail.about_id, mail.settled_by) == ("bounce", "done", message.id, "read-inbox")
    assert "User unknown" in mail.reason
    assert {"incoming.taken", "message.bounced", "ways.bad"} <= set(verbs(any_story))


def test_a_bounce_in_a_servers_own_words_counts_like_a_report(story: InboxStory) -> None:
    message = story.message()
    assert story.gets(in_words(message.message_id)).returned
    assert bad_addresses(story) == [ADDRESS]


@pytest.mark.parametrize("status", ["4.4.7", "4.2.2"])
def test_a_message_that_was_given_up_waits_for_somebody_and_marks_nothing(story: InboxStory, status: str) -> None:
    message = story.message()
    assert story.gets(report_of(message.message_id, status=status)) == Taken(
        kind=taking.IncomingKind.BOUNCE, waits=True
    )
    assert fate(story, message) == Status.SENT
    assert bad_addresses(story) == []


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_a_message_that_is_late_or_arrived_is_only_noted(story: InboxStory, action: str) -> None:
    message = story.message()
    story.gets(report_of(message.message_id, status="4.4.1", action=action))
    assert (story.mail.kind, story.mail.state) == ("auto", "done")
    assert fate(story, message) == Status.SENT


def test_a_forged_bounce_silences_nobody(story: InboxStory) -> None:
    """Whoever forges one does not know the Message-ID, or does not name the address that it went to."""
    message = story.message()
    forged = [
        report_of("<0123456789abcdef0123456789abcdef@vanphong.example>", own_id="<1@x>"),
        report_of(message.message_id, "ai-do@x.example", own_id="<2@x>"),
        in_words("<khong-co@vanphong.example>"),
        report_of("", own_id="<3@x>"),
    ]
    assert not any(story.gets(mail).returned for mail in forged)
    assert fate(story, message) == Status.SENT
    assert bad_addresses(story) == []
    waiting = [one.message_id for one in story.mails() if one.state == "waiting"]
    assert waiting == ["<2@x>"]  # about a message of ours, and proves nothing: somebody looks


def test_a_bounce_without_our_message_id_still_says_whose_it_seems(story: InboxStory) -> None:
    story.gets(in_words("<khong-co@vanphong.example>"))
    assert (story.mail.about_id, story.mail.agency_id) == (None, story.message().agency_id)


def test_a_bounce_of_a_diverted_message_says_nothing_of_the_agency(story: InboxStory) -> None:
    message = story.message()
    with story.ledger.change(now=story.office.now, actor="test") as change:
        change.session.get_one(Message, message.id).diverted_to = "hop-thu@vanphong.example"
    assert not story.gets(report_of(message.message_id)).returned
    assert bad_addresses(story) == []


def test_the_same_bounce_twice_counts_once(story: InboxStory) -> None:
    message = story.message()
    assert story.gets(report_of(message.message_id)).returned
    assert story.gets(report_of(message.message_id)) == Taken()
    assert not story.gets(report_of(message.message_id, own_id="<bounce-2@x>")).returned
    assert [one.state for one in story.mails()] == ["done", "done"]
    assert verbs(story).count("message.bounced") == 1


def test_a_reply_waits_with_its_files_and_changes_nothing(any_story: InboxStory) -> None:
    message = any_story.message()
    before = [(one.id, one.state) for one in any_story.office.obligations()]
    taken = any_story.gets(reply(message.message_id, Attached("Báo cáo.docx", letter_docx())))
    assert taken == Taken(kind=taking.IncomingKind.REPLY, waits=True)
    mail = any_story.mail
    assert (mail.about_id, mail.agency_id, mail.stranger) == (message.id, message.agency_id, False)
    assert mail.received_at == CAME
    (file,) = any_story.files()
    assert (any_story.settings.attachments_folder / file.sha256).read_bytes() == letter_docx()
    assert [(one.id, one.state) for one in any_story.office.obligations()] == before
    with any_story.ledger.look() as session:
        assert waiting_count(session, any_story.ledger.office_id) == 1


def test_a_reply_from_an_address_that_nobody_has_waits_and_is_marked(story: InboxStory) -> None:
    message = story.message()
    story.gets(reply(message.message_id, sender="Bình <binh.rieng@thu.example>"))
    assert (story.mail.kind, story.mail.stranger, story.mail.agency_id) == ("reply", True, message.agency_id)


def test_a_sender_alone_proposes_the_agency_and_never_the_message(story: InboxStory) -> None:
    story.gets(reply())
    assert (story.mail.kind, story.mail.about_id) == ("reply", None)
    assert story.mail.agency_id == story.message().agency_id
    story.gets(reply(sender="ai@thu.example", message_id="<khac@thu.example>"))
    assert (story.mails()[-1].kind, story.mails()[-1].agency_id) == ("other", None)


def test_an_out_of_office_answer_is_no_answer(story: InboxStory) -> None:
    message = story.message()
    story.gets(reply(message.message_id, Auto_Submitted="auto-replied"))
    assert (story.mail.kind, story.mail.state) == ("auto", "done")


def test_a_letter_that_a_document_system_sent_by_itself_waits_all_the_same(story: InboxStory) -> None:
    story.gets(reply("", Attached("cv.docx", letter_docx()), Auto_Submitted="auto-generated"))
    assert (story.mail.kind, story.mail.state) == ("reply", "waiting")


def test_our_own_mail_in_our_own_mailbox_is_not_incoming(story: InboxStory) -> None:
    """In shadow mode everything goes to the office's own mailbox."""
    assert story.gets(story.office.mails()[0].read_bytes()) == Taken()
    assert story.mails() == []


def test_a_mail_without_a_message_id_is_taken_once(story: InboxStory) -> None:
    assert story.gets(reply(message_id="")).kind is not None
    assert story.gets(reply(message_id="")) == Taken()
    assert len(story.mails()) == 1


def test_files_that_are_not_taken_are_a_line_with_the_reason(story: InboxStory) -> None:
    files = (
        Attached("../../chay.exe", b"MZ"),
        Attached("gia.pdf", b"<script>"),
        Attached("goi.zip", b"PK\x03\x04"),
        Attached("rong.pdf", b""),
        Attached("that.pdf", b"%PDF-1.7\n"),
    )
    story.gets(reply("", *files))
    rows = story.files()
    assert [(one.name, bool(one.sha256)) for one in rows] == [
        ("chay.exe", False), ("gia.pdf", False), ("goi.zip", False), ("rong.pdf", False), ("that.pdf", True),
    ]  # fmt: skip
    assert all(bool(one.refused) != bool(one.sha256) for one in rows)
    assert len(list(story.settings.attachments_folder.iterdir())) == 1


def test_a_file_that_is_too_large_is_not_kept(story: InboxStory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "LARGEST", 4)
    story.gets(reply("", Attached("to.pdf", b"%PDF-1.7\n")))
    assert [(one.name, one.sha256) for one in story.files()] == [("to.pdf", "")]


def test_of_a_mail_that_is_too_large_the_headers_are_taken_down(story: InboxStory) -> None:
    message = story.message()
    story.gets(reply(message.message_id, text="dài"), whole=False)
    assert (story.mail.about_id, story.mail.text) == (message.id, "")
    assert "40 MB" in story.mail.reason


def test_a_full_disk_leaves_the_mail_where_it_was(story: InboxStory, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(letters, "keep", full)
    mail = reply("", Attached("a.pdf", b"%PDF-1.7\n"))
    with pytest.raises(OSError, match="No space"):
        story.gets(mail)
    assert story.mails() == []
    monkeypatch.setattr(letters, "keep", keep)
    assert story.gets(mail).waits


def test_whoever_dies_in_the_middle_has_stored_nothing_and_the_next_one_stores_once(
    any_story: InboxStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = any_story.message()

    class Killed(BaseException):
        pass

    def dies(*_: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(taking, "bounced", dies)
        with pytest.raises(Killed):
            any_story.gets(report_of(message.message_id))
    with any_story.ledger.look() as session:
        assert session.exec(select(Mailbox)).all() == []
    assert any_story.mails() == []
    assert any_story.gets(report_of(message.message_id)).returned
    assert len(any_story.mails()) == 1


def test_how_far_the_mailbox_was_read_goes_with_the_mail(story: InboxStory) -> None:
    take(story.ledger, story.settings, PLACE, Raw(4_000_000_000, reply(), CAME), story.office.now)
    take(story.ledger, story.settings, PLACE, Raw(3, reply(message_id="<b@x>"), CAME), story.office.now)
    anew = Place(PLACE.folder, 4_294_967_295)
    with story.ledger.look() as session:
        assert session.exec(select(Mailbox.last_uid)).one() == 4_000_000_000
    take(story.ledger, story.settings, anew, Raw(2, reply(message_id="<c@x>"), CAME), story.office.now)
    with story.ledger.look() as session:
        row = session.exec(select(Mailbox)).one()
    assert (row.uid_validity, row.last_uid) == (4_294_967_295, 2)


def test_hostile_words_are_kept_harmless(any_story: InboxStory) -> None:
    raw = (
        "From: =?utf-8?q?=00=0D=0ABcc=3A?= <a@b.vn>\nSubject: \x00\u202e<script>\n"
        "Content-Type: text/plain; charset=utf-8\n\n<script>\x00\u202e</script>"
    )
    any_story.gets(raw.encode())
    mail = any_story.mail
    assert (mail.subject, mail.text) == ("<script>", "<script></script>")
    assert mail.sender == "a@b.vn"


def test_the_agency_is_told_of_by_no_mail(story: InboxStory) -> None:
    """A reply that says it is done does not make it so."""
    story.gets(reply(story.message().message_id, text="Đã hoàn thành 100%."))
    assert {one.state for one in story.office.obligations()} == {State.ASSIGNED}
    assert story.office.told(OURS)
    assert Path(story.settings.mail_folder).is_dir()
