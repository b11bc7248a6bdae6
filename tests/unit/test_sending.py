"""The switch, by real delivery: shadow mode, redirection, stopping, going live, and a test message."""

from __future__ import annotations

import threading
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlmodel import col, update

from domain import sending
from domain.errors import Refusal
from domain.policy import Role
from domain.sending import Mode
from notifications.channels import EMAIL, MAILDIR
from notifications.delivery import deliver
from notifications.outbox import TEST, Message, Status
from notifications.queueing import Voice
from notifications.recipients import Recipient
from notifications.trial import go_live, tried, write_test
from tests.story import OfficeStory, directive, draft
from tests.unit.smtp_peer import PATIENCE
from tests.unit.test_delivery import MailStory, parts_of

HOME = "Sở Nội vụ"
MAILBOX = "don-doc@vanphong.example"
HOSTILE = 'Sở "X" <kẻ-khác@xấu.vn>,\r\nBcc: nhiều@xấu.vn\u202e <script>alert(1)</script> {address}'


@pytest.fixture
def story(office: OfficeStory) -> MailStory:
    return MailStory(office)


def mails(office: OfficeStory) -> list[EmailMessage]:
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in office.mails()]


def addressed(mail: EmailMessage) -> list[str]:
    return [one.addr_spec for one in mail["To"].addresses]


def test_in_shadow_mode_everything_goes_to_the_office_and_says_whom_it_was_meant_for(any_office: OfficeStory) -> None:
    any_office.does(sending.shadow)
    any_office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    any_office.waits_until("2018-03-16 17:00")
    assert {address for mail in mails(any_office) for address in addressed(mail)} == {MAILBOX}
    assert {one.diverted_to for one in any_office.messages()} == {MAILBOX}
    first = min(mails(any_office), key=lambda mail: str(mail["Date"].datetime))
    assert str(first["Subject"]).startswith(f"[Chạy thử · gửi {HOME}] [Đôn Đốc] Giao nhiệm vụ")
    assert all("lẽ ra gửi Sở Nội vụ <so-noi-vu@coquan.example>" in part for part in (parts_of(first)[0],))


def test_going_live_tells_everything_again_before_anything_climbs(any_office: OfficeStory) -> None:
    any_office.does(sending.shadow)
    any_office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    any_office.waits_until("2018-03-15 10:00")
    said = len(any_office.messages())
    assert any_office.does(go_live, "Đã kiểm tra danh bạ.").told_anew == 1
    any_office.waits_until("2018-03-26 17:00")
    heard = [one for one in any_office.messages()[said:] if not one.diverted_to]
    assert [(one.recipient, one.kind) for one in heard] == [
        (HOME, "assign"),
        (HOME, "overdue"),
        (HOME, "escalate"),
        ("Giám đốc Sở Nội vụ", "escalate"),
        ("Chánh Văn phòng", "escalate"),
    ]
    assert any_office.told(HOME)[-3:] == ["15/3 Giao nhiệm vụ", "16/3 Quá hạn", "19/3 Báo cáo vượt cấp"]
    assert any_office.told("Chánh Văn phòng") == ["23/3 Báo cáo vượt cấp"]


def test_mail_of_the_trial_that_could_not_leave_does_not_leave_when_the_office_turns_live(story: MailStory) -> None:
    story.office.does(sending.shadow)
    story.queues("a", "b")
    assert story.delivers().waiting == 2  # no mail server answers
    story.queues("c", status=Status.SENDING)  # whoever sent it died
    assert story.office.does(go_live).dropped == 3
    with story.peer.up():
        story.waits(120)
        assert story.delivers().sent == 0
    assert story.arrived() == []
    assert story.statuses() == [Status.FAILED] * 3


def test_stopping_and_starting_a_live_office_tells_nothing_twice(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-21")), "2018-03-07 09:00")
    office.holds_round()
    office.does(sending.stop, "Kiểm tra danh bạ.")
    office.waits_until("2018-03-20 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ"]
    assert office.does(go_live).told_anew == 0
    office.waits_until("2018-03-21 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "20/3 Đến hạn", "21/3 Quá hạn"]


def test_an_office_that_is_redirected_and_then_live_tells_again_what_went_elsewhere(office: OfficeStory) -> None:
    office.does(sending.redirect, "thu@vanphong.example")
    office.files(draft(directive(HOME, "2018-03-21")), "2018-03-07 09:00")
    office.waits_until("2018-03-08 10:00")
    assert {address for mail in mails(office) for address in addressed(mail)} == {"thu@vanphong.example"}
    office.does(go_live)
    office.waits_until("2018-03-09 17:00")
    assert office.told(HOME) == ["07/3 Giao nhiệm vụ", "08/3 Giao nhiệm vụ", "09/3 Nhắc"]
    assert [one.diverted_to for one in office.messages()] == ["thu@vanphong.example", "", ""]


@pytest.mark.parametrize("channel", [EMAIL, MAILDIR])
def test_a_hostile_name_diverts_nothing_and_adds_no_recipient(story: MailStory, channel: str) -> None:
    story.office.does(sending.redirect, "thu@vanphong.example")
    story.queues("a", channel=channel)
    with story.ledger.change(now=story.now, actor="test") as change:
        change.session.exec(update(Message).where(col(Message.channel) == channel).values(recipient=HOSTILE))
    with story.peer.up():
        assert story.delivers(channel).sent == 1
    if channel == EMAIL:
        assert [one.recipients for one in story.peer.received] == [("thu@vanphong.example",)]
    mail = story.peer.received[0].mail if channel == EMAIL else mails(story.office)[0]
    assert addressed(mail) == ["thu@vanphong.example"]
    assert mail["Bcc"] is None
    text, html = parts_of(mail)
    assert "<a@coquan.example>" in text.splitlines()[0]
    assert "\u202e" not in text
    assert "<script>" not in html


def test_whoever_stops_in_the_middle_of_a_delivery_is_obeyed_from_the_next_message(story: MailStory) -> None:
    story.queues("a", "b", "c")
    with story.peer.up():
        with story.peer.holding_its_answer():
            delivery = threading.Thread(target=story.delivers)
            delivery.start()
            assert story.peer.taken.wait(PATIENCE)
            story.office.does(sending.stop, "Nhầm danh bạ.")
        delivery.join(PATIENCE)
    assert story.arrived() == ["a"]
    assert story.statuses() == [Status.SENT, Status.QUEUED, Status.QUEUED]


def test_whoever_diverts_in_the_middle_of_a_delivery_is_obeyed_from_the_next_message(story: MailStory) -> None:
    story.queues("a", "b")
    with story.peer.up():
        with story.peer.holding_its_answer():
            delivery = threading.Thread(target=story.delivers)
            delivery.start()
            assert story.peer.taken.wait(PATIENCE)
            story.office.does(sending.shadow)
        delivery.join(PATIENCE)
    assert [one.recipients[0] for one in story.peer.received] == ["a@coquan.example", MAILBOX]


def one_tried(story: MailStory, to: str = "b@coquan.example", name: str = "Ông Nam", channel: str = EMAIL) -> Message:
    """Writes a test message and delivers it alone."""
    recipient = Recipient("contact:1", name, Role.OFFICER, to, None)
    message: Message = story.office.does(write_test, recipient, Voice(channel, "vanphong.example", "vi"))
    deliver(story.ledger, story.settings, channel, lambda: story.now, only=message.id)
    return message


def test_a_test_message_goes_to_the_real_address_in_shadow_mode_alone_and_unmarked(story: MailStory) -> None:
    story.office.does(sending.shadow)
    story.queues("a")
    story.office.now = story.office.now.set(hour=9)
    with story.peer.up():
        message = one_tried(story)
    (received,) = story.peer.received
    assert received.recipients == ("b@coquan.example",)
    assert str(received.mail["Subject"]) == "Thử liên lạc từ Văn phòng"
    assert "Ông Nam" in parts_of(received.mail)[0]
    assert tried(story.ledger, message.id or 0).status == Status.SENT
    assert message.kind == TEST
    assert story.statuses() == [Status.QUEUED, Status.SENT]


def test_a_test_message_that_is_refused_says_why(story: MailStory) -> None:
    story.peer.refuses["b@coquan.example"] = "550 5.1.1 No such user"
    with story.peer.up():
        message = one_tried(story)
    done = tried(story.ledger, message.id or 0)
    assert done.status == Status.FAILED
    assert "No such user" in done.detail


def test_a_test_message_to_a_hostile_name_is_harmless(story: MailStory) -> None:
    with story.peer.up():
        one_tried(story, name=HOSTILE)
    (received,) = story.peer.received
    assert received.recipients == ("b@coquan.example",)
    assert received.mail["Bcc"] is None
    assert "<script>" not in parts_of(received.mail)[1]


def test_while_sending_is_stopped_not_even_a_test_message_leaves(story: MailStory) -> None:
    story.office.does(sending.stop, "Bảo trì.")
    with pytest.raises(Refusal, match="stopped"):
        one_tried(story)
    assert story.statuses() == []


def test_a_test_message_holds_up_no_ladder(office: OfficeStory) -> None:
    office.files(draft(directive(HOME, "2018-03-09")), "2018-03-07 09:00")
    office.waits_until("2018-03-09 17:00")
    with office.ledger.look() as session:
        agency = session.get_one(Message, office.messages()[0].id).agency_id
    recipient = Recipient("contact:1", HOME, Role.OFFICER, "khong@coquan.example", agency)
    with office.ledger.change(now=office.now, actor="test") as change:
        message = write_test(change, recipient, Voice(MAILDIR, "vanphong.example", "vi"))
        message.status = Status.FAILED
    office.waits_until("2018-03-12 17:00")
    assert [one.kind for one in office.messages() if one.recipient == HOME][-1] == "escalate"


@pytest.mark.parametrize(
    ("mode", "again"),
    [(Mode.SHADOW, sending.shadow), (Mode.LIVE, sending.start), (Mode.LIVE, go_live)],
)
def test_switching_to_what_is_in_force_already_is_refused(office: OfficeStory, mode: Mode, again: object) -> None:
    if mode == Mode.SHADOW:
        office.does(sending.shadow)
    with pytest.raises(Refusal, match="switched_already"):
        office.does(again)  # type: ignore[arg-type]


def test_stopping_wants_a_reason_and_redirecting_an_address(office: OfficeStory) -> None:
    with pytest.raises(Refusal, match="no_reason"):
        office.does(sending.stop, " ")
    for address in ("", "không phải", "a@b.vn, c@d.vn", "a@b.vn\nBcc: c@d.vn"):
        with pytest.raises(Refusal, match="bad_address"):
            office.does(sending.redirect, address)
