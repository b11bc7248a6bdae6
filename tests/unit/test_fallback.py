"""A message comes through one of somebody's ways, once, at a decent hour; after the last the owner hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import pytest

from domain import people, sending, ways
from domain.agencies import find_agency
from domain.errors import Refusal
from domain.offices import the_office
from domain.policy import Role
from domain.reports import COMPLETE, Said, report
from domain.ways import Wanted
from domain.written import parse_moment
from notifications.by_hand import hold_message, send_again
from notifications.channels import EMAIL, ZALO_BOT, ZALO_OA, ZALO_ZNS
from notifications.fallback import bounced
from notifications.reach import in_force
from notifications.stops import start_channel, stops
from tests.story import OfficeStory, directive, draft
from tests.unit.reach_story import MAIL, OURS, ReachStory
from tests.unit.zalo_peer import TEMPLATE

OWNER = "Chuyên viên theo dõi"
CHIEF = "Chánh Văn phòng"
USER, PHONE, CHAT = "zalo-user-1", "0912 345 678", "chat-1"


@pytest.fixture
def story(any_office: OfficeStory) -> Iterator[ReachStory]:
    with ReachStory(any_office) as story:
        any_office.files(draft(directive(OURS, "2018-03-20"), number="489/TB-VP"), "2018-03-07 09:00")
        yield story


def test_an_officer_who_reads_zalo_first_gets_number_deadline_and_link_there_and_no_mail(story: ReachStory) -> None:
    story.zalo.wrote[USER] = story.now
    story.goes_by((ZALO_OA, USER), ("mail", ""))
    story.holds_round()
    (sent,) = story.zalo.sent
    text = sent["message"]["text"]
    assert sent["recipient"] == {"user_id": USER}
    assert "Thông báo số 489/TB-VP" in text
    assert "trước ngày 20/3/2018, tức hết thứ Hai 19/3/2018" in text
    assert "/a/" in text
    assert "Nội dung mục 1." not in text
    assert story.fates() == [(ZALO_OA, OURS, "sent")]
    assert story.message().reference == "m1"
    assert story.arrived() == []


def test_an_office_can_let_chats_quote_the_directive(story: ReachStory) -> None:
    with story.ledger.change(now=story.now, actor="lan") as change:
        office = the_office(change.session, change.office_id)
        office.settings = {**office.settings, "chats_quote_directives": True}
    story.zalo.chats.add(CHAT)
    story.goes_by((ZALO_BOT, CHAT))
    story.holds_round()
    assert "Nội dung mục 1." in story.zalo.sent[0]["text"]


def test_a_template_message_carries_what_was_approved_and_nothing_else(story: ReachStory) -> None:
    story.zalo.phones.add("84912345678")
    story.goes_by((ZALO_ZNS, PHONE), ("mail", ""))
    story.holds_round()
    assert [words for _, words in story.words(0)] == ["0 Success 499/500"]
    (sent,) = story.zalo.sent
    assert (sent["phone"], sent["template_id"]) == ("84912345678", TEMPLATE)
    assert sent["template_data"]["number"] == "489/TB-VP"
    assert sent["template_data"]["deadline"] == "trước ngày 20/3/2018"
    assert all(len(value) <= 200 for value in sent["template_data"].values())


def test_what_zalo_refuses_for_good_goes_by_mail_and_the_way_is_marked(story: ReachStory) -> None:
    story.zalo.wrote[USER] = story.now.subtract(days=8)
    story.goes_by((ZALO_OA, USER), ("mail", ""))
    story.holds_round()
    assert story.fates() == [(ZALO_OA, OURS, "failed"), (EMAIL, OURS, "sent")]
    assert story.message().fallback_of == story.message(0).id
    assert [(channel, address) for channel, address, _ in story.bad()] == [(ZALO_OA, USER)]
    assert story.words(0)[0][1].startswith("-230 ")
    story.holds_round("2018-03-09 08:00")  # seven days before: the bad way is not tried again
    assert len(story.zalo.asked) == 1
    assert story.fates()[-1] == (EMAIL, OURS, "sent")


def test_an_address_that_the_mail_server_refuses_falls_back_to_zalo(story: ReachStory) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by(("mail", ""), (ZALO_BOT, CHAT))
    story.mail.refuses[MAIL] = "550 5.1.1 no such user"
    story.holds_round()
    assert story.fates() == [(EMAIL, OURS, "failed"), (ZALO_BOT, OURS, "sent")]
    assert story.bad() == [("mail", MAIL, story.now)]


def test_a_letter_refused_for_its_content_marks_no_address(story: ReachStory) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by(("mail", ""), (ZALO_BOT, CHAT))
    story.mail.replies[MAIL] = "554 5.7.1 looks like spam"
    story.holds_round()
    assert story.fates() == [(EMAIL, OURS, "failed"), (ZALO_BOT, OURS, "sent")]
    assert story.bad() == []


def test_after_the_last_way_the_owner_is_told_whom_nobody_could_reach_and_why(story: ReachStory) -> None:
    story.mail.refuses[MAIL] = "550 5.1.1 no such user"
    (done,) = story.holds_round()
    assert [number for _, number in done.unreached] == ["489/TB-VP"]
    story.mail.refuses.clear()
    story.holds_round("2018-03-07 14:00")
    assert story.fates()[-1] == (EMAIL, OWNER, "sent")
    text = story.message().text
    assert "KHÔNG LIÊN LẠC ĐƯỢC" in text
    assert f"Không liên lạc được với {OURS}: 550 5.1.1 no such user" in text
    assert [point.fate for point in story.points("unreached")] == ["done"]


def test_while_nobody_is_reached_nothing_climbs(story: ReachStory) -> None:
    story.mail.refuses[MAIL] = "550 5.1.1 no such user"
    for at in ("2018-03-07 09:00", "2018-03-19 08:00", "2018-03-20 08:00", "2018-03-22 08:00", "2018-03-28 08:00"):
        story.holds_round(at)
    assert CHIEF not in {recipient for _, recipient, _ in story.fates()}
    assert story.mail.counts().total() == sum(status == "sent" for _, _, status in story.fates())


def test_an_address_known_to_be_bad_is_not_tried_and_the_owner_is_told_once_a_message(story: ReachStory) -> None:
    story.mail.refuses[MAIL] = "550 5.1.1 no such user"
    story.holds_round()
    asked = len(story.mail.received)
    story.holds_round("2018-03-07 14:00")
    story.holds_round("2018-03-09 08:00")  # a reminder, to nobody
    assert ("email", OURS, "failed") in story.fates()[1:]
    assert story.words(-1)[0][0] == "failed"
    assert len(story.mail.received) == asked + 1  # the owner's
    story.holds_round("2018-03-09 14:00")
    assert len(story.points("unreached")) == 2


def test_an_owner_who_cannot_be_reached_starts_no_endless_round(story: ReachStory) -> None:
    story.mail.refuses |= {MAIL: "550 5.1.1 no", "chuyen-vien@vanphong.example": "550 5.1.1 no"}
    for at in ("2018-03-07 09:00", "2018-03-07 14:00", "2018-03-08 08:00", "2018-03-08 14:00", "2018-03-09 08:00"):
        story.holds_round(at)
    assert [(recipient, status) for _, recipient, status in story.fates()] == [
        (OURS, "failed"),
        (OWNER, "failed"),
        (OURS, "failed"),  # a reminder
        (OWNER, "failed"),
    ]


def test_a_mended_address_gets_the_message_again_and_only_once(story: ReachStory) -> None:
    story.mail.refuses[MAIL] = "550 5.1.1 no such user"
    story.holds_round()
    channels = in_force(story.settings, simulated=False)
    with story.ledger.change(now=story.now, actor="lan") as change:
        agency = find_agency(change.session, change.office_id, OURS)
        people.replace_contact(change, agency, Role.OFFICER, OURS, "vanthu@snv.example")
    story.holds_round("2018-03-07 14:00")  # the owner hears that nobody was reached
    with story.ledger.change(now=story.now, actor="lan") as change:
        send_again(change, 1, channels)
    story.delivers()
    assert story.arrived().count("vanthu@snv.example") == 1
    with pytest.raises(Refusal) as refused, story.ledger.change(now=story.now, actor="lan") as change:
        send_again(change, 1, channels)
    assert refused.value.code == "outbox.refused.not_ended"


def test_a_chat_that_does_not_say_whether_it_took_the_message_is_not_asked_twice(story: ReachStory) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by((ZALO_BOT, CHAT), ("mail", ""))
    story.zalo.drops = True
    story.holds_round()
    story.zalo.drops = False
    story.delivers("2018-03-08 08:00")
    assert story.fates() == [(ZALO_BOT, OURS, "unknown"), (EMAIL, OURS, "sent")]
    assert len(story.zalo.asked) == 1


def test_a_bounce_marks_the_address_and_the_words_go_the_next_way(story: ReachStory) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by(("mail", ""), (ZALO_BOT, CHAT))
    story.holds_round()
    story.does(bounced, 1, "550 5.1.1 user unknown", in_force(story.settings, simulated=False))
    story.delivers()
    assert story.fates() == [(EMAIL, OURS, "failed"), (ZALO_BOT, OURS, "sent")]
    story.does(bounced, 1, "550 again", in_force(story.settings, simulated=False))
    assert len(story.fates()) == 2


def test_a_refused_account_stops_the_channel_tells_the_chief_and_what_waits_goes_by_mail(story: ReachStory) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by((ZALO_BOT, CHAT), ("mail", ""))
    story.zalo.next_answers.append((200, {"ok": False, "error_code": 401, "description": "Unauthorized"}))
    story.holds_round()
    with story.ledger.look() as session:
        assert list(stops(session, story.ledger.office_id)) == [ZALO_BOT]
    assert (EMAIL, OURS, "sent") in story.fates()
    notice = next(one for one in story.office.messages() if one.kind == "notice")
    assert (notice.recipient, notice.status) == (CHIEF, "sent")
    assert "dondoc channel start zalo-bot" in notice.text
    story.holds_round("2018-03-09 08:00")
    assert len(story.zalo.asked) == 1  # nothing more is asked while it stands still
    assert story.does(start_channel, ZALO_BOT)
    story.holds_round("2018-03-15 08:00")
    assert story.fates()[-1] == (ZALO_BOT, OURS, "sent")


def test_nothing_leaves_before_the_hours_that_somebody_wished(story: ReachStory) -> None:
    story.wishes(Wanted(opens=time(10), closes=time(16)))
    story.holds_round()
    assert story.fates() == [(EMAIL, OURS, "queued")]
    assert story.message().next_attempt_at == parse_moment("2018-03-07 10:00")
    story.delivers("2018-03-07 10:00")
    assert story.fates() == [(EMAIL, OURS, "sent")]


def test_zalo_hears_nothing_at_night(story: ReachStory) -> None:
    story.goes_by((ZALO_OA, USER), ("mail", ""))
    story.zalo.wrote[USER] = story.now
    story.zalo.next_answers.append(-133)
    story.holds_round()
    assert story.fates() == [(ZALO_OA, OURS, "queued")]
    assert story.message().next_attempt_at == parse_moment("2018-03-08 06:05")


def test_somebody_who_reads_english_is_written_to_in_english(story: ReachStory) -> None:
    story.wishes(Wanted(language="en"))
    story.holds_round()
    assert story.message().language == "en"
    assert "To: " in story.message().text


def test_until_the_office_is_live_nobody_is_reached_by_chat(story: ReachStory) -> None:
    story.does(sending.shadow)
    story.zalo.chats.add(CHAT)
    story.goes_by((ZALO_BOT, CHAT), ("mail", ""))
    story.holds_round()
    assert story.zalo.asked == []
    assert story.arrived() == ["don-doc@vanphong.example"]


def test_a_chat_message_that_waits_when_the_office_goes_into_shadow_goes_to_the_offices_mailbox(
    story: ReachStory,
) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by((ZALO_BOT, CHAT), ("mail", ""))
    story.wishes(Wanted(opens=time(10), closes=time(16)))
    story.holds_round()
    story.does(sending.shadow)
    story.delivers("2018-03-07 10:00")
    assert story.zalo.asked == []
    assert story.arrived() == ["don-doc@vanphong.example"]


def test_whoever_stands_in_is_written_to_by_mail_and_never_in_the_others_chat(story: ReachStory) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by((ZALO_BOT, CHAT), ("mail", ""))
    day = parse_moment("2018-03-07").date()
    story.does(people.take_leave, story.person(), day, day, "Bà Hoa", "hoa@snv.example")
    story.holds_round()
    assert story.zalo.asked == []
    assert story.arrived() == ["hoa@snv.example"]


def test_a_reminder_that_waited_until_the_work_was_reported_is_withdrawn(story: ReachStory) -> None:
    story.holds_round()
    story.mail.refuses[MAIL] = "451 later"
    story.holds_round("2018-03-15 08:00")
    assert story.fates()[-1] == (EMAIL, OURS, "queued")
    story.does(report, 1, Said(COMPLETE, "Xong.", "Bình", "terminal"))
    story.mail.refuses.clear()
    story.delivers("2018-03-15 14:00")
    assert story.fates()[-1] == (EMAIL, OURS, "withdrawn")
    assert story.arrived() == [MAIL]


def test_a_message_held_back_stays_until_somebody_lets_it_go(story: ReachStory) -> None:
    story.wishes(Wanted(opens=time(10), closes=time(16)))
    story.holds_round()
    story.does(hold_message, 1)
    story.delivers("2018-03-07 14:00")
    assert story.fates() == [(EMAIL, OURS, "held")]
    story.does(send_again, 1, in_force(story.settings, simulated=False))
    story.delivers()
    assert story.fates() == [(EMAIL, OURS, "sent")]


def test_a_mail_dropped_in_the_middle_goes_once_more_under_its_message_id_and_then_the_next_way(
    story: ReachStory,
) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by(("mail", ""), (ZALO_BOT, CHAT))
    story.mail.drops.add(MAIL)
    story.holds_round()
    assert story.fates() == [(EMAIL, OURS, "queued")]
    story.delivers("2018-03-07 14:00")
    assert story.fates() == [(EMAIL, OURS, "unknown"), (ZALO_BOT, OURS, "sent")]
    assert [outcome for outcome, _ in story.words(0)] == ["unknown", "unknown"]
    assert list(story.mail.counts().values()) == [2]


def test_a_deadline_comes_along_as_a_calendar_file_with_the_same_uid_each_time(story: ReachStory) -> None:
    story.holds_round()
    story.holds_round("2018-03-15 08:00")
    files = [
        part.get_content()
        for one in story.mail.received
        for part in one.mail.walk()
        if part.get_content_type() == "text/calendar"
    ]
    assert len(files) == 2
    uids = {line for text in files for line in text.splitlines() if line.startswith("UID:")}
    assert len(uids) == 1
    assert all("DTSTART;VALUE=DATE:20180319" in text for text in files)
    first = story.mail.received[0].mail
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content_type() == "multipart/mixed"


def test_an_officer_who_left_is_not_reached_on_their_own_telephone(story: ReachStory) -> None:
    story.zalo.chats.add(CHAT)
    story.goes_by((ZALO_BOT, CHAT), ("mail", ""))
    with story.ledger.change(now=story.now, actor="lan") as change:
        agency = find_agency(change.session, change.office_id, OURS)
        people.replace_contact(change, agency, Role.OFFICER, "Bà Mới", "moi@snv.example")
    story.holds_round()
    assert story.zalo.asked == []
    assert story.arrived() == ["moi@snv.example"]


def test_hours_that_are_backwards_are_refused(story: ReachStory) -> None:
    with pytest.raises(Refusal) as refused:
        story.wishes(Wanted(opens=time(16), closes=time(10)))
    assert refused.value.code == "ways.refused.hours"
    with pytest.raises(Refusal) as twice:
        story.goes_by((ZALO_BOT, CHAT), (ZALO_BOT, CHAT))
    assert twice.value.code == "ways.refused.twice"
    assert ways.NOTHING_WANTED.soonest(story.now) == story.now
