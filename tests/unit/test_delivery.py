"""From the outbox to the wire: once, whatever the server says and whoever dies."""

from __future__ import annotations

import multiprocessing
import re
from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pendulum import DateTime
from sqlmodel import col, select

from config.clock import wall_clock
from config.settings import Settings
from domain.errors import Refusal
from notifications.channels import EMAIL, MAILDIR, channel_in_force, open_channel
from notifications.delivery import BACKOFF_MINUTES, Delivered, channels_with_mail, deliver
from notifications.outbox import Attempt, Message, Status
from tests.story import OfficeStory, directive, draft
from tests.unit.smtp_peer import PATIENCE, Peer, delivering, free_port, settings_for

START = DateTime(2018, 3, 7, 2, tzinfo=wall_clock().in_timezone("UTC").tzinfo)  # 09:00 in the office
SUBJECT = "[Đôn Đốc] Giao nhiệm vụ: Thông báo 489/TB-VP, mục 4.2"


class MailStory:
    """An office with messages in its outbox and a mail server of its own."""

    def __init__(self, office: OfficeStory) -> None:
        self.office = office
        self.ledger = office.ledger
        self.peer = Peer(free_port())
        self.settings: Settings = settings_for(office.settings, self.peer.url)
        self.now: datetime = START

    def queues(self, *names: str, channel: str = EMAIL, status: Status = Status.QUEUED, attempts: int = 0) -> None:
        with self.ledger.change(now=START, actor="test") as change:
            change.session.add_all(
                Message(
                    office_id=self.ledger.office_id, kind="assign", recipient=f"Sở {name}", recipient_role="officer",
                    channel=channel, address=f"{name}@coquan.example", language="vi", subject=SUBJECT,
                    text=f"Kính gửi: {name}\nĐôn đốc.\n", html=f"<p>Kính gửi: {name}</p>", status=status,
                    attempts=attempts, message_id=f"<{name}@vanphong.example>", created_at=START, next_attempt_at=START,
                )
                for name in names
            )  # fmt: skip

    def delivers(self, channel: str = EMAIL) -> Delivered:
        return deliver(self.ledger, self.settings, channel, lambda: self.now)

    def waits(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def message(self, name: str) -> Message:
        with self.ledger.look() as session:
            return session.exec(select(Message).where(Message.message_id == f"<{name}@vanphong.example>")).one()

    def statuses(self) -> list[str]:
        with self.ledger.look() as session:
            return list(session.exec(select(Message.status).order_by(col(Message.id))))

    def outcomes(self, name: str) -> list[str]:
        with self.ledger.look() as session:
            query = select(Attempt.outcome).where(Attempt.message_id == self.message(name).id)
            return list(session.exec(query.order_by(col(Attempt.number))))

    def words(self, name: str) -> list[str]:
        """What the server said to each attempt."""
        with self.ledger.look() as session:
            query = select(Attempt.detail).where(Attempt.message_id == self.message(name).id)
            return list(session.exec(query.order_by(col(Attempt.number))))

    def arrived(self) -> list[str]:
        return [one.recipients[0].split("@")[0] for one in self.peer.received]


@pytest.fixture
def story(office: OfficeStory) -> MailStory:
    return MailStory(office)


@pytest.fixture
def any_story(any_office: OfficeStory) -> MailStory:
    return MailStory(any_office)


def parts_of(mail: EmailMessage) -> tuple[str, str]:
    """Text and HTML of a mail that has both."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def test_without_a_mail_server_a_message_is_a_file_that_mail_programs_read(story: MailStory) -> None:
    story.queues("a", "b", channel=MAILDIR)
    assert story.delivers(MAILDIR) == Delivered(sent=2)
    files = story.office.mails()
    assert len(files) == 2
    assert list(Path(story.settings.mail_folder / "tmp").iterdir()) == []
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    assert sorted(str(mail["Message-ID"]) for mail in mails) == ["<a@vanphong.example>", "<b@vanphong.example>"]
    mail = next(mail for mail in mails if "a@coquan.example" in mail["To"])
    assert mail["Subject"] == SUBJECT
    assert mail["Date"].datetime == START
    assert parts_of(mail) == ("Kính gửi: a\nĐôn đốc.\n", "<p>Kính gửi: a</p>\n")
    assert mail.defects == []


def test_writing_the_same_mail_again_changes_nothing(story: MailStory) -> None:
    story.queues("a", channel=MAILDIR)
    story.delivers(MAILDIR)
    assert story.delivers(MAILDIR) == Delivered()
    assert len(story.office.mails()) == 1


def test_the_messages_of_a_round_carry_the_message_id_of_their_row(office: OfficeStory) -> None:
    office.files(draft(directive("Sở Nội vụ", "2018-03-09")), "2018-03-07 09:00")
    office.holds_round()
    (row,), (path,) = office.messages(), office.mails()
    assert message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"] == row.message_id
    assert re.fullmatch(r"<[0-9a-f]{32}@vanphong\.example>", row.message_id)


def test_a_mail_folder_that_cannot_be_written_loses_nothing(story: MailStory) -> None:
    story.queues("a", channel=MAILDIR)
    story.settings.mail_folder.rmdir()
    story.settings.mail_folder.write_text("not a folder")
    assert story.delivers(MAILDIR) == Delivered(waiting=1)
    story.settings.mail_folder.unlink()
    story.waits(BACKOFF_MINUTES[0])
    assert story.delivers(MAILDIR) == Delivered(sent=1)


def test_each_mail_arrives_once_with_text_and_html_over_one_connection(any_story: MailStory) -> None:
    any_story.queues("a", "b", "c")
    with any_story.peer.up():
        assert any_story.delivers() == Delivered(sent=3)
        assert any_story.delivers() == Delivered()
    assert any_story.arrived() == ["a", "b", "c"]
    assert any_story.peer.connections == 1
    first = any_story.peer.received[0]
    assert first.sender == any_story.settings.mail_from
    assert first.message_id == "<a@vanphong.example>"
    assert first.mail["Subject"] == SUBJECT
    assert "Văn phòng" in first.mail["From"]
    assert parts_of(first.mail) == ("Kính gửi: a\nĐôn đốc.\n", "<p>Kính gửi: a</p>\n")
    assert any_story.message("a").sent_at == START
    assert any_story.outcomes("a") == ["sent"]


def test_an_address_the_server_refuses_fails_alone(story: MailStory) -> None:
    story.queues("a", "b", "c")
    story.peer.refuses["b@coquan.example"] = "550 No such user here"
    with story.peer.up():
        assert story.delivers() == Delivered(sent=2, failed=1)
        story.waits(60 * 24)
        assert story.delivers() == Delivered()
    assert story.arrived() == ["a", "c"]
    assert story.statuses() == ["sent", "failed", "sent"]
    assert story.outcomes("b") == ["failed"]


@pytest.mark.parametrize("name", ["a b", "x@y", "b@[", "b\r\nRCPT TO:<e@f>", "", ".b."])
def test_an_address_no_mail_can_have_fails_alone(story: MailStory, name: str) -> None:
    story.queues("a", name, "c")
    with story.peer.up():
        assert story.delivers() == Delivered(sent=2, failed=1)
    assert story.arrived() == ["a", "c"]


@pytest.mark.parametrize("where", ["refuses", "replies"])
def test_a_server_that_says_later_gets_it_later(story: MailStory, where: str) -> None:
    story.queues("a", "b")
    getattr(story.peer, where)["a@coquan.example"] = "451 Greylisted, try again later"
    with story.peer.up():
        assert story.delivers() == Delivered(sent=1, waiting=1)
        assert story.message("a").next_attempt_at == START + timedelta(minutes=BACKOFF_MINUTES[0])
        getattr(story.peer, where).clear()
        assert story.delivers() == Delivered(waiting=1)
        assert channels_with_mail(story.ledger, story.now) == []
        story.waits(BACKOFF_MINUTES[0])
        assert channels_with_mail(story.ledger, story.now) == [EMAIL]
        assert story.delivers() == Delivered(sent=1)
    assert story.arrived() == ["b", "a"]
    assert story.outcomes("a") == ["retry", "sent"]


def test_a_server_that_hangs_up_in_the_middle_gets_the_rest_later(story: MailStory) -> None:
    story.queues("a", "b", "c", "d")
    story.peer.replies["b@coquan.example"] = "421 Closing"
    with story.peer.up():
        assert story.delivers() == Delivered(sent=1, waiting=3)
        story.peer.replies.clear()
        story.waits(BACKOFF_MINUTES[0])
        assert story.delivers() == Delivered(sent=3)
    assert story.arrived() == ["a", "b", "c", "d"]


def test_a_name_with_a_line_break_adds_nothing_to_a_mail(story: MailStory) -> None:
    story.queues("a")
    with story.ledger.change(now=START, actor="test") as change:
        row = change.session.get_one(Message, story.message("a").id)
        row.recipient = "Sở A\r\nBcc: ai-do@example.com"
    with story.peer.up():
        assert story.delivers() == Delivered(sent=1)
    (received,) = story.peer.received
    assert received.recipients == ("a@coquan.example",)
    assert received.mail["Bcc"] is None


def test_a_server_that_always_says_later_is_given_up_in_the_end(story: MailStory) -> None:
    story.queues("a")
    story.peer.refuses["a@coquan.example"] = "451 Later"
    with story.peer.up():
        for minutes in BACKOFF_MINUTES:
            assert story.delivers() == Delivered(waiting=1)
            story.waits(minutes)
        assert story.delivers() == Delivered(failed=1)
    assert story.outcomes("a") == ["retry"] * len(BACKOFF_MINUTES) + ["failed"]


def test_while_the_server_is_down_everything_waits_and_then_arrives_once(any_story: MailStory) -> None:
    any_story.queues("a", "b", "c")
    assert any_story.delivers() == Delivered(waiting=3)
    assert any_story.statuses() == ["queued"] * 3
    assert [any_story.message(name).attempts for name in "abc"] == [1, 0, 0]
    any_story.waits(BACKOFF_MINUTES[0])
    with any_story.peer.up():
        assert any_story.delivers() == Delivered(sent=3)
    assert sorted(any_story.arrived()) == ["a", "b", "c"]


def test_a_sender_that_dies_with_a_mail_on_the_wire_sends_it_once_more_and_never_a_third_time(
    any_story: MailStory,
) -> None:
    any_story.queues("a")
    with any_story.peer.up() as peer:
        for _ in range(2):
            with peer.holding_its_answer():
                sender = delivering(any_story.settings)
                assert peer.taken.wait(PATIENCE)
                assert any_story.message("a").status == Status.SENDING
                sender.kill()
                sender.join(PATIENCE)
            any_story.now = wall_clock()
        any_story.queues("b")
        assert any_story.delivers() == Delivered(sent=1)
        any_story.waits(60 * 24)
        assert any_story.delivers() == Delivered()
    assert peer.counts() == Counter({"<a@vanphong.example>": 2, "<b@vanphong.example>": 1})
    assert any_story.message("a").status == Status.UNKNOWN
    assert any_story.outcomes("a") == ["unknown", "unknown"]


def test_a_mail_left_over_by_one_dead_sender_arrives_under_the_same_message_id(story: MailStory) -> None:
    story.queues("a", status=Status.SENDING, attempts=1)
    with story.ledger.change(now=START, actor="test") as change:
        lost = Attempt(message_id=story.message("a").id or 0, number=1, at=START, outcome=Status.SENDING)
        change.session.add(lost)
    assert channels_with_mail(story.ledger, START) == [EMAIL]
    with story.peer.up():
        assert story.delivers() == Delivered(sent=1)
    assert story.peer.counts() == Counter({"<a@vanphong.example>": 1})
    assert story.outcomes("a") == ["unknown", "sent"]


def test_two_processes_that_deliver_at_once_send_each_message_once(any_story: MailStory) -> None:
    names = [f"n{place:02}" for place in range(40)]
    any_story.queues(*names)
    start = multiprocessing.get_context("spawn").Barrier(2)
    with any_story.peer.up() as peer:
        senders = [delivering(any_story.settings, start=start) for _ in range(2)]
        for sender in senders:
            sender.join(PATIENCE)
        assert [sender.exitcode for sender in senders] == [0, 0]
    assert peer.counts() == Counter(f"<{name}@vanphong.example>" for name in names)
    assert set(any_story.statuses()) == {"sent"}


def test_only_a_live_office_with_a_mail_server_writes_to_the_wire(story: MailStory) -> None:
    assert channel_in_force(story.settings, simulated=False) == EMAIL
    assert channel_in_force(story.settings, simulated=True) == MAILDIR
    assert channel_in_force(story.office.settings, simulated=False) == MAILDIR


@pytest.mark.parametrize(
    "url", ["", "localhost:25", "http://localhost", "smtp://", "smtp://user:secret@", "smtp://h:x"]
)
def test_a_mail_server_that_is_none_is_refused_without_showing_the_password(story: MailStory, url: str) -> None:
    with pytest.raises(Refusal) as refused:
        open_channel(EMAIL, settings_for(story.settings, url))
    assert refused.value.code == "errors.bad_smtp_url"
    assert "secret" not in str(refused.value.params)
