"""A mail is taken apart whatever its bytes: nobody's mail may stop the inbox, and nothing of it may do harm."""

from __future__ import annotations

import base64
import io
import unicodedata
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incoming import LONGEST_LINE, LONGEST_TEXT
from notifications.inbox.bounces import verdict_of
from notifications.inbox.parsing import MOST_FILES, MOST_PARTS, parse
from notifications.inbox.words import decoded, header_words, text_of_html
from tests.unit.inbox_made import Attached, reply, report_of

PIECES = [
    b"From: ", b"Subject: ", b"Message-ID: <a@b>", b"References: ", b"\r\n", b"\n", b"\n\n",
    b"--B\n", b"--B--\n", b"\0",
    b'Content-Type: multipart/mixed; boundary="B"\n', b"Content-Type: message/rfc822\n", b"=?utf-8?b?", b"?=",
    b"=",
    b"Content-Type: message/delivery-status\n", b"Content-Transfer-Encoding: base64\n", b"=?unknown?q?", b"<", b">",
    b"@",
    b"Content-Type: text/html; charset=utf-16\n", b"Content-Type: text/plain; charset=\"zip\"\n", b"Action: failed\n",
    b"Content-Disposition: attachment; filename*=utf-8''%ff%00a.docx\n", "Sở Nội vụ".encode(), b"\xff\xfe",
    b"<html><p>",
    b"Content-Transfer-Encoding: uuencode\n", b"begin 644 x\n", b"%", b'"', b"(", b"[", b";", b":", b" ", b"\t",
]  # fmt: skip


def is_harmless(line: str) -> bool:
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for c in line)


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    mail = parse(raw)
    assert mail.message_id.startswith("<")
    verdict_of(mail)
    assert parse(raw).message_id == mail.message_id


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=80).map(b"".join))
def test_any_heap_of_what_mails_are_made_of_is_a_mail(raw: bytes) -> None:
    mail = parse(raw)
    verdict_of(mail)
    assert len(mail.text) <= LONGEST_TEXT
    for words in (mail.subject, mail.sender, mail.sender_name):
        assert len(words) <= LONGEST_LINE
        assert is_harmless(words)


@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda raw: raw.decode("ascii", "surrogateescape")))
def test_any_header_is_one_harmless_line(value: str) -> None:
    assert is_harmless(header_words(value))


@given(st.text(max_size=2000))
def test_any_html_has_words_or_none(source: str) -> None:
    assert "\0" not in text_of_html(source)


def test_a_reply_is_read_with_its_names_and_files() -> None:
    mail = parse(reply("<ban-dau@vanphong.example>", Attached("Báo cáo số 5.docx", b"PK\x03\x04")))
    assert (mail.sender, mail.sender_name) == ("so-noi-vu@coquan.example", "Lê Văn Bình")
    assert mail.answers == ("<ban-dau@vanphong.example>",)
    assert [(one.name, one.data) for one in mail.files] == [("Báo cáo số 5.docx", b"PK\x03\x04")]
    assert mail.text == "Kính gửi Văn phòng, Sở gửi báo cáo kèm theo."


def test_the_likeliest_message_comes_first_and_the_nearest_of_the_references() -> None:
    raw = b"From: a@b.vn\nReferences: <1@x> <2@x>\n <3@x>\nIn-Reply-To: <9@x>\n\nx"
    assert parse(raw).answers == ("<9@x>", "<3@x>", "<2@x>", "<1@x>")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("windows-1258", "cp1258"), ("x-unknown", "utf-8"), ("us-ascii", "utf-8")],
)
def test_vietnamese_is_read_in_the_charset_it_came_in_or_claims_wrongly(charset: str, encoding: str) -> None:
    words = "Đã hoàn thành nhiệm vụ" if encoding == "utf-8" else "Đã đưa"
    body = words.encode() if encoding == "utf-8" else unicodedata.normalize("NFD", words).encode(encoding, "ignore")
    expected = words if encoding == "utf-8" else unicodedata.normalize("NFC", decoded(body, encoding))
    head = f"From: a@b.vn\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert parse(head.encode() + body).text == expected


def test_a_header_of_raw_letters_is_read_and_cannot_break_out_of_its_line() -> None:
    subject = "=?utf-8?q?Tr=E1=BA=A3_l=E1=BB=9Di=0D=0ABcc=3A_x=40y?= \u202e đẹp"
    mail = parse(f"From: Sở Nội vụ <a@b.vn>\nSubject: {subject}\n\nx".encode())
    assert mail.sender_name == "Sở Nội vụ"
    assert mail.subject == "Trả lời Bcc: x@y đẹp"


def test_a_letter_that_a_mail_program_cut_in_two_is_whole_again() -> None:
    first, second = "Báo cáo về".encode()[:10], "Báo cáo về".encode()[10:]
    words = [f"=?UTF-8?B?{base64.b64encode(part).decode()}?=" for part in (first, second)]
    assert header_words("Re: " + "\r\n ".join(words) + " số 5") == "Re: Báo cáo về số 5"


def test_a_mail_in_html_alone_is_words_without_scripts_and_addresses() -> None:
    html = (
        "<html><head><style>p{}</style><title>t</title></head><body><p>Kính gửi</p>"
        "<div>Đã <b>xong</b><br>ngày 8</div>"
        "<script>alert(1)</script><img src='http://x.example/y.png'></body></html>"
    )
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "a@b.vn"
    mail.set_content(html, subtype="html")
    assert parse(mail.as_bytes()).text.split("\n\n") == ["Kính gửi", "Đã xong\nngày 8"]


def test_text_is_harmless_and_not_endless() -> None:
    raw = b"From: a@b.vn\nContent-Type: text/plain; charset=utf-8\n\n" + "\u202e\x07xấu\u2066 ".encode() + b"a" * 10**6
    text = parse(raw).text
    assert text.startswith("xấu a")
    assert len(text) == LONGEST_TEXT


def test_ten_thousand_parts_are_not_looked_at_and_the_mail_says_so() -> None:
    part = "--B\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n"
    raw = 'From: a@b.vn\nContent-Type: multipart/mixed; boundary="B"\n\n' + part * 10_000 + "--B--\n"
    mail = parse(raw.encode())
    assert len(mail.files) == MOST_FILES
    assert mail.left_out == 10_000 - MOST_FILES
    assert MOST_PARTS > MOST_FILES


@pytest.mark.parametrize("depth", [50, 500, 20_000])
def test_mails_within_mails_end_somewhere(depth: int) -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="B%d"\n\n--B%d\n' % (n, n) for n in range(depth))
    assert parse(b"From: a@b.vn\nMessage-ID: <x@y>\n" + nested + b"\nxin").message_id == "<x@y>"
    embedded = b"Content-Type: message/rfc822\n\n" * depth
    assert parse(b"From: a@b.vn\nMessage-ID: <x@y>\n" + embedded + b"\nxin").message_id == "<x@y>"


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b'"a" <(((((b@c>, ' * 60_000 + b"\n\nx",
        b"Message-ID: <x@y>\n\n" + b"\n" * 900_000,
        b"Message-ID: <x@y>\n" + b"\n" * 4_000_000,
        b"Message-ID: <x@y>\nReferences: " + b"<a@b> " * 500_000 + b"\n\nx",
        b"Subject: " + b"=?utf-8?q?a?= " * 500_000 + b"\n\nx",
        b"Content-Type: text/html\n\n" + b"<div>" * 400_000,
        b"Return-Path: <>\n\nMessage-ID: <a@b>\n" + b"a@b.c " * 500_000,
        b"X: y\n" * 500_000 + b"\nx",
    ],
    ids=["comments", "blank lines", "too many lines", "references", "subject", "html", "addresses", "headers"],
)
def test_a_mail_made_to_keep_us_busy_is_done_with(raw: bytes) -> None:
    mail = parse(raw)
    verdict_of(mail)
    assert len(mail.headers) <= 500


def test_an_archive_is_a_file_that_nobody_opens() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bom", b"0" * (50 << 20))
    mail = parse(reply("", Attached("bom.zip", packed.getvalue(), "application/zip")))
    assert [(one.name, len(one.data)) for one in mail.files] == [("bom.zip", len(packed.getvalue()))]


def test_a_logo_in_a_text_is_no_file_and_a_photo_of_a_letter_is() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b.vn"
    mail.set_content("xem ảnh")
    mail.add_alternative("<p>xem ảnh <img src='cid:logo'></p>", subtype="html")
    parts = mail.get_payload()
    assert isinstance(parts, list)
    parts[1].add_related(b"\x89PNG logo", "image", "png", cid="<logo>")  # type: ignore[union-attr]
    mail.add_attachment(b"\xff\xd8\xff photo", maintype="image", subtype="jpeg", filename="van-ban.jpg")
    assert [one.name for one in parse(mail.as_bytes()).files] == ["van-ban.jpg"]


def test_a_mail_without_a_message_id_has_one_of_its_own_bytes() -> None:
    one, other = reply(message_id=""), reply(message_id="", text="khác")
    assert parse(one).message_id == parse(one).message_id != parse(other).message_id


def test_a_too_large_mail_is_read_by_its_headers() -> None:
    raw = report_of("<ban-dau@vanphong.example>")
    assert parse(raw, whole=False).text == ""
    assert parse(raw, whole=False).subject == "Undelivered Mail Returned to Sender"


def test_a_file_whose_name_is_written_either_way_has_it() -> None:
    name = base64.b64encode("Tờ trình.pdf".encode()).decode()
    for parameter in (f'filename="=?utf-8?b?{name}?="', "filename*=utf-8''T%E1%BB%9D%20tr%C3%ACnh.pdf"):
        raw = f"From: a@b.vn\nContent-Type: application/pdf\nContent-Disposition: attachment; {parameter}\n\nx"
        assert [one.name for one in parse(raw.encode()).files] == ["Tờ trình.pdf"]
