"""Whatever stands in a notice or a name arrives harmless by every channel."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from domain.agencies import find_agency
from domain.people import replace_contact
from domain.policy import Role
from notifications.channels import ZALO_BOT, ZALO_OA, ZALO_ZNS
from notifications.outbox import LINK
from tests.story import OfficeStory, directive, draft
from tests.unit.reach_story import OURS, ReachStory
from tests.unit.zalo_peer import BOT_TOKEN

EVILS = {
    "line breaks": "Sở\r\nBcc: ke-gian@xau.example\r\n\r\nNội dung giả",
    "html": '<script>alert(1)</script><img src=x onerror="x()"><a href="https://xau.example">Xem</a>',
    "bidi marks": "Sở \u202egnốđ nôĐ\u202c \u2066abc\u2069 \u200b",
    "jinja": "{{ 7*7 }}{% for x in range(9) %}{{ link }}{% endfor %}",
    "our own mark": f"Xem {LINK} và {LINK}",
    "control characters": "a\x00b\x07c\x1b[31md\x7f\x85e\u2028f",
    "ten thousand letters": "Đ" * 10_000,
    "half a surrogate": "a\ud800b",
}
USER, PHONE, CHAT, MAIL = "zalo-user-1", "0912345678", "chat-1", "so-noi-vu@coquan.example"


class Seen(HTMLParser):
    """What a mail program would make of a body."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}
        assert not any(name.startswith("on") for name, _ in attrs)


@pytest.fixture(params=EVILS)
def evil(request: pytest.FixtureRequest) -> str:
    return EVILS[request.param]


@pytest.fixture
def story(office: OfficeStory, evil: str) -> Iterator[ReachStory]:
    """A notice and a contact with hostile words, which the domain let in."""
    words = evil.encode("utf-8", "ignore").decode().replace("\x00", "")
    with ReachStory(office) as story:
        office.files(draft(directive(OURS, "2018-03-20", text=words), number="489/TB-VP"), "2018-03-07 09:00")
        with story.ledger.change(now=story.now, actor="lan") as change:
            agency = find_agency(change.session, change.office_id, OURS)
            name = " ".join(words.split())[:150] or "Sở"
            replace_contact(change, agency, Role.OFFICER, name, MAIL)
        story.zalo.wrote[USER] = story.now
        story.zalo.phones.add("84912345678")
        story.zalo.chats.add(CHAT)
        yield story


def harmless(text: str) -> None:
    """One link, ours; nothing that moves a cursor, turns the writing round or breaks a line where none was."""
    assert text.count("https://dondoc.vanphong.example/a/") == 1
    assert not set(text) & {"\u202e", "\u2066", "\u200b", "\x1b", "\x07", "\x00", LINK, "\u2028"}
    words = " ".join(word for word in text.split() if "/a/" not in word)
    assert "49" not in words  # nothing was filled in that stood in the notice


def test_by_mail_it_is_one_letter_to_one_address_without_foreign_tags(story: ReachStory) -> None:
    story.holds_round()
    (received,) = story.mail.received
    mail = received.mail
    assert received.recipients == (MAIL,)
    assert mail["Bcc"] is None
    assert set(mail.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Reply-To",
        "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    harmless(text.get_content())
    seen = Seen(html.get_content())
    assert not seen.tags & {"script", "img", "iframe", "object", "form"}
    assert {link.partition("/a/")[0] for link in seen.links} == {"https://dondoc.vanphong.example"}
    assert len(text.get_content()) < 4_000


@pytest.mark.parametrize(("channel", "address"), [(ZALO_OA, USER), (ZALO_BOT, CHAT)])
def test_in_a_chat_it_is_short_text_with_one_link(story: ReachStory, channel: str, address: str) -> None:
    story.goes_by((channel, address))
    story.holds_round()
    (sent,) = story.zalo.sent
    text = sent["text"] if channel == ZALO_BOT else sent["message"]["text"]
    harmless(text)
    assert len(text) <= 2_000


def test_in_a_template_each_parameter_keeps_its_length(story: ReachStory) -> None:
    story.goes_by((ZALO_ZNS, PHONE))
    story.holds_round()
    (sent,) = story.zalo.sent
    assert all(len(value) <= 30 for name, value in sent["template_data"].items() if name != "link")
    assert sent["template_data"]["link"].startswith("https://dondoc.vanphong.example/a/")


def test_a_server_that_says_our_secret_back_does_not_get_it_into_the_ledger(story: ReachStory) -> None:
    story.goes_by((ZALO_BOT, CHAT))
    story.zalo.next_answers.append((200, {"ok": False, "error_code": 403, "description": f"no chat of {BOT_TOKEN}"}))
    story.holds_round()
    told = [words for nth in range(len(story.fates())) for _, words in story.words(nth)]
    assert any("no chat of" in words for words in told)
    assert not any(BOT_TOKEN in words for words in told)
