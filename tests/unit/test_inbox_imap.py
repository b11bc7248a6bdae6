"""The mailbox on a real Dovecot; and once around: our mail through a real Exim, its bounce back into the mailbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import select

from config.clock import wall_clock
from config.settings import Settings
from domain.errors import Refusal
from domain.incoming import Incoming, Mailbox
from domain.ways import Way
from notifications.delivery import deliver
from notifications.inbox import wire
from notifications.inbox.polling import Polled, poll
from notifications.inbox.wire import address_of, folder_name
from notifications.outbox import Message, Status
from tests.mail_servers import USER, Dovecot, dovecot, exim
from tests.story import OfficeStory
from tests.unit.inbox_made import Attached, InboxStory, letter_pdf, reply, report_of


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def mailbox(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """An empty mailbox; this process trusts the CA of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder.ca))
    server.emptied()
    return server


@pytest.fixture
def story(office: OfficeStory) -> InboxStory:
    return InboxStory(office)


@pytest.fixture
def any_story(any_office: OfficeStory) -> InboxStory:
    return InboxStory(any_office)


def settings_for(story: InboxStory, url: str) -> Settings:
    return story.settings.model_copy(update={"imap_url": SecretStr(url)})


def polls(story: InboxStory, mailbox: Dovecot, **url: str) -> Polled:
    return poll(story.ledger, settings_for(story, mailbox.url(**url)), wall_clock)


def test_what_came_is_read_once_and_marked_as_seen(any_story: InboxStory, mailbox: Dovecot) -> None:
    message = any_story.message()
    mailbox.gets(reply(message.message_id, Attached("cv.pdf", letter_pdf())), report_of(message.message_id))
    polled = polls(any_story, mailbox)
    assert (polled.mails, polled.returned, polled.waiting, polled.auto) == (2, 1, 1, 0)
    assert all(b"\\Seen" in flags for flags in mailbox.flags())
    assert [one.kind for one in any_story.mails()] == ["reply", "bounce"]
    assert polls(any_story, mailbox) == Polled()
    mailbox.gets(reply(message_id="<sau@coquan.example>"))
    assert polls(any_story, mailbox).mails == 1


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls", "imap"])
def test_the_mailbox_is_read_by_each_way_in(story: InboxStory, mailbox: Dovecot, scheme: str) -> None:
    mailbox.gets(reply())
    assert polls(story, mailbox, scheme=scheme).waiting == 1


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_a_server_that_cannot_prove_who_it_is_gets_no_password(
    story: InboxStory, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Refusal) as refusal:
        polls(story, mailbox, scheme=scheme)
    assert refusal.value.code == "inbox.refused.unreachable"
    assert "certificate" in str(refusal.value.params["why"])


def test_a_wrong_password_is_one_line_without_it(story: InboxStory, mailbox: Dovecot) -> None:
    settings = settings_for(story, f"imaps://{USER}:sai-mat-khau@localhost:{mailbox.imaps_port}")
    with pytest.raises(Refusal) as refusal:
        poll(story.ledger, settings, wall_clock)
    assert refusal.value.code == "inbox.refused.unreachable"
    assert "sai-mat-khau" not in str(refusal.value.params)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "inbox.refused.no_inbox"),
        ("imap://a:b@mail.tinh.example", "inbox.refused.plain"),
        ("pop3://a:b@mail.tinh.example", "inbox.refused.url"),
        ("imaps://mail.tinh.example", "inbox.refused.url"),
        ("imaps://a:b@mail.tinh.example:cong", "inbox.refused.url"),
        ("imaps://a:b@127.0.0.1:9", "inbox.refused.unreachable"),
    ],
)
def test_an_address_that_is_none_or_unsafe_is_refused(story: InboxStory, url: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        poll(story.ledger, settings_for(story, url), wall_clock)
    assert refusal.value.code == code


def test_the_password_is_shown_nowhere() -> None:
    address = address_of("imaps://van-phong%40tinh.example:b%C3%AD%20m%E1%BA%ADt@mail.tinh.example/Th%C6%B0")
    assert (address.user, address.password, address.port) == ("van-phong@tinh.example", "bí mật", 993)
    assert address.folder == "Thư"
    assert "bí mật" not in repr(address) + address.shown


def test_a_folders_name_is_written_as_imap_writes_it() -> None:
    """RFC 3501, 5.1.3."""
    assert folder_name("INBOX") == '"INBOX"'
    assert folder_name('A & "B"') == '"A &- \\"B\\""'
    assert folder_name("台北") == '"&U,BTFw-"'


def test_a_folder_with_a_vietnamese_name_is_read(story: InboxStory, mailbox: Dovecot) -> None:
    name = folder_name("Thư đến")
    mailbox.makes(name)
    mailbox.gets(reply(), folder=name)
    assert polls(story, mailbox, folder="/Th%C6%B0%20%C4%91%E1%BA%BFn").mails == 1


def test_a_mailbox_that_numbers_its_mails_anew_is_read_again_and_nothing_doubles(
    story: InboxStory, mailbox: Dovecot
) -> None:
    for answer in (2, 1):
        mailbox.makes('"Moi"')
        mailbox.gets(reply(), reply(message_id=f"<{answer}@x>"), folder='"Moi"')
        assert polls(story, mailbox, folder="/Moi").mails == answer
        with story.ledger.change(now=story.office.now, actor="test") as change:  # as if it were another number
            change.session.exec(select(Mailbox)).one().uid_validity += 1000
    assert len(story.mails()) == 3


def test_a_mailbox_that_is_new_is_read_a_month_back(story: InboxStory, mailbox: Dovecot) -> None:
    now = datetime.now(UTC)
    mailbox.gets(reply(message_id="<cu@x>"), at=now - timedelta(days=90))
    mailbox.gets(reply(message_id="<moi@x>"), at=now - timedelta(days=3))
    assert polls(story, mailbox).mails == 1
    assert story.mail.message_id == "<moi@x>"
    assert abs(story.mail.received_at - (now - timedelta(days=3))) < timedelta(seconds=2)


def test_of_a_mail_that_is_too_large_only_the_head_is_fetched(
    story: InboxStory, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST", 2000)
    mailbox.gets(reply(text="dài " * 2000), reply(message_id="<ngan@x>"))
    assert polls(story, mailbox).mails == 2
    assert [bool(one.text) for one in story.mails()] == [False, True]
    assert "40 MB" in story.mails()[0].reason


def test_who_is_killed_between_the_ledger_and_the_mark_loses_and_doubles_nothing(
    any_story: InboxStory, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    mailbox.gets(reply(message_id="<1@x>"), reply(message_id="<2@x>"))
    with monkeypatch.context() as patched:
        patched.setattr(wire.Box, "mark_seen", dies)
        with pytest.raises(Killed):
            polls(any_story, mailbox)
    assert [one.message_id for one in any_story.mails()] == ["<1@x>"]
    assert polls(any_story, mailbox).mails == 1
    assert [one.message_id for one in any_story.mails()] == ["<1@x>", "<2@x>"]


def test_a_full_disk_stops_the_reading_and_the_mail_is_read_later(
    story: InboxStory, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    mailbox.gets(reply("", Attached("cv.pdf", letter_pdf())))
    with monkeypatch.context() as patched:
        patched.setattr("notifications.inbox.letters.keep", full)
        with pytest.raises(Refusal) as refusal:
            polls(story, mailbox)
    assert refusal.value.code == "inbox.refused.disk"
    assert b"\\Seen" not in mailbox.flags()[0]
    assert polls(story, mailbox).waiting == 1


def test_two_who_read_at_once_take_each_mail_once(any_story: InboxStory, mailbox: Dovecot) -> None:
    mailbox.gets(*(reply(message_id=f"<{n}@x>") for n in range(8)))
    found: list[Polled] = []
    readers = [threading.Thread(target=lambda: found.append(polls(any_story, mailbox))) for _ in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join(60)
    assert sorted(one.mails for one in found) == [0, 8]
    assert len(any_story.mails()) == 8


def test_mails_that_are_deleted_are_nobodys_trouble_and_none_is_deleted_by_us(
    story: InboxStory, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.gets(reply(message_id="<1@x>"), reply(message_id="<2@x>"))
    listed = wire.Box.uids_after
    monkeypatch.setattr(wire.Box, "uids_after", lambda self, *words: [*listed(self, *words), 4_000_000])
    assert polls(story, mailbox).mails == 2
    assert len(mailbox.flags()) == 2


def test_our_mail_goes_round_through_a_real_server_and_its_bounce_is_read(
    office: OfficeStory, mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent over SMTP with STARTTLS to an address that is not there; Exim returns it to the office's mailbox."""
    with exim(mailbox.lmtp_port) as mta:
        trusted = Path(office.settings.home) / "ca.pem"
        trusted.write_bytes(mailbox.folder.ca.read_bytes() + mta.folder.ca.read_bytes())
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        story = InboxStory(office)
        settings = settings_for(story, mailbox.url()).model_copy(
            update={"smtp_url": SecretStr(mta.url), "mail_from": f"{USER}@vanphong.example"}
        )
        with office.ledger.change(now=office.now, actor="test") as change:
            row = change.session.get_one(Message, story.message().id)
            row.channel, row.status = "email", Status.QUEUED
        assert deliver(office.ledger, settings, "email", lambda: office.now).sent == 1
        mailbox.waits_for_mail()
    polled = poll(office.ledger, settings, wall_clock)
    assert (polled.mails, polled.returned) == (1, 1)
    with office.ledger.look() as session:
        mail = session.exec(select(Incoming)).one()
        message = session.get_one(Message, mail.about_id)
        bad = session.exec(select(Way)).one()
    assert (mail.kind, mail.state, message.status) == ("bounce", "done", Status.FAILED)
    assert (bad.address, bad.bad_since is not None) == (message.address, True)
    assert "Unrouteable" in mail.reason or "5.0.0" in mail.reason
