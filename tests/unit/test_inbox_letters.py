"""Answer letters are read, and the work that they seem to settle is proposed with reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.settings import ROOT
from domain.incoming_letters import cited_in, number_key, read_letter
from domain.names import load_registry
from notifications.inbox.proposing import Proposal, proposals
from notifications.inbox.words import own_words
from tests.story import OfficeStory
from tests.unit.documents_made import word
from tests.unit.inbox_made import (
    LETTER,
    NUMBER,
    OURS,
    SCHEME,
    Attached,
    InboxStory,
    letter_docx,
    letter_pdf,
    reply,
    scan_pdf,
)

REGISTRY = load_registry(ROOT / "agencies.yaml")


@pytest.fixture
def story(office: OfficeStory) -> InboxStory:
    return InboxStory(office)


def proposed(story: InboxStory) -> list[Proposal]:
    with story.ledger.look() as session:
        return proposals(session, story.ledger.office_id, story.mails()[-1])


def test_a_letter_says_its_number_its_date_its_issuer_and_what_it_carries_out() -> None:
    letter = read_letter(LETTER.text(), REGISTRY)
    assert (letter.number, letter.on, letter.issuer) == ("123/BC-SNV", date(2018, 3, 7), OURS)
    assert letter.about == "Thông báo số 489/TB-VP ngày 07/3/2018"


@pytest.mark.parametrize(
    ("words", "number", "carried_out"),
    [
        ("Thực hiện Thông báo số 489/TB-VP ngày 07/3/2018, Sở báo cáo:", "489/TB-VP", True),
        ("Thực hiện ý kiến kết luận của Chủ tịch tại Thông báo kết luận số 489 /TB - VP", "489/TB", True),
        ("phúc đáp Công văn số 77/VP-NC ngày 01 tháng 3 năm 2018", "77/VP-NC", True),
        ("theo Kết luận số 12-KL/TU của Tỉnh ủy", "12-KL/TU", True),
        ("V/v báo cáo kết quả thực hiện\nThông báo số 489/TB-VP", "489/TB-VP", True),
        ("Căn cứ Quyết định số 15/2017/QĐ-UBND quy định phân cấp;", "15/2017/QĐ-UBND", False),
        ("Re: Giao nhiệm vụ: Thông báo 489/TB-VP, mục 4.2", "489/TB-VP", False),
    ],
)
def test_the_papers_that_a_letter_names(words: str, number: str, carried_out: bool) -> None:
    (cited,) = cited_in(words)
    assert (cited.number, cited.carried_out) == (number, carried_out)


def test_two_spellings_of_a_number_are_one() -> None:
    assert number_key("489 / TB–VP") == number_key("489/tb-vp") != number_key("48/TB-VP")


@pytest.mark.parametrize(("name", "data"), [("cv.docx", letter_docx()), ("cv.pdf", letter_pdf())])
def test_an_answer_letter_proposes_the_item_it_names_and_says_why(story: InboxStory, name: str, data: bytes) -> None:
    story.gets(reply(story.message().message_id, Attached(name, data)))
    mail = story.mail
    assert (mail.letter_number, mail.letter_date) == ("123/BC-SNV", date(2018, 3, 7))
    assert mail.letter_about == "Thông báo số 489/TB-VP ngày 07/3/2018"
    found = proposed(story)
    assert [one.id for one in found] == [story.work("4.2"), story.work("5"), story.work("1", "12/TB-VP")]
    assert found[0].likely
    assert found[0].reasons[:2] == ("văn bản trả lời nêu số 489/TB-VP", "nêu mục 4.2")
    assert any("từ ngữ" in reason for reason in found[0].reasons)
    assert [one.likely for one in found[1:]] == [False] * len(found[1:])


def test_nobody_elses_work_is_proposed(story: InboxStory) -> None:
    story.gets(reply("", Attached("cv.docx", letter_docx())))
    assert {one.one.obligation.agency_id for one in proposed(story)} == {story.message().agency_id}


def test_a_letter_from_a_strange_address_is_its_issuers(story: InboxStory) -> None:
    story.gets(reply("", Attached("cv.docx", letter_docx()), sender="van-thu@thu.example"))
    assert story.mail.agency_id == story.message().agency_id
    assert story.mail.stranger
    assert proposed(story)[0].id == story.work("4.2")


def test_a_letter_about_another_notice_ticks_nothing(story: InboxStory) -> None:
    story.gets(reply("", Attached("cv.docx", letter_docx("999/TB-VP"))))
    assert not any(one.likely for one in proposed(story) if one.one.conclusion.number == NUMBER)


def test_a_scan_says_so_and_proposes_by_the_agency_alone(story: InboxStory) -> None:
    story.gets(reply("", Attached("scan.pdf", scan_pdf()), subject="Báo cáo"))
    mail = story.mail
    assert "scan.pdf" in mail.letter_problem
    assert (mail.letter_number, mail.letter_about) == ("", "")
    found = proposed(story)
    assert len(found) == 3
    assert {one.reasons for one in found} == {("việc chưa xong của cơ quan này",)}
    assert not any(one.likely for one in found)


def test_a_mail_without_a_letter_is_read_itself(story: InboxStory) -> None:
    story.gets(reply("", subject=f"Báo cáo thực hiện Thông báo {NUMBER}", text="Mục 5: đã lập danh sách công chức."))
    found = proposed(story)
    assert found[0].id == story.work("5")
    assert found[0].likely


QUOTING = f"""Sở xin báo cáo: đã lập danh sách công chức đến tuổi nghỉ hưu.

Vào Th 4, 7 thg 3, 2018 vào lúc 09:00 Văn phòng <don-doc@vanphong.example> đã viết:
> Thông báo số {NUMBER}, mục 4.2: {SCHEME}
"""


def test_our_own_words_below_an_answer_are_no_answer(story: InboxStory) -> None:
    message = story.message()
    story.gets(reply(message.message_id, subject=f"Re: {message.subject}", text=QUOTING))
    found = proposed(story)
    assert found[0].id == story.work("5")
    assert not any("nêu" in reason for one in found for reason in one.reasons)


@pytest.mark.parametrize(
    "below",
    [
        "> Giao nhiệm vụ",
        "-----Original Message-----\nFrom: x",
        "On Wed, Mar 7, 2018 at 9:00 AM Văn phòng\n<don-doc@vanphong.example> wrote:\nGiao",
        "Từ: Văn phòng <a@b.vn>\nĐã gửi: thứ Tư\nGiao nhiệm vụ",
        "________________________________\nFrom: x",
    ],
)
def test_the_mail_below_an_answer_is_cut_off(below: str) -> None:
    assert own_words(f"Đã làm xong.\nNgày mai gửi văn bản.\n\n{below}") == "Đã làm xong.\nNgày mai gửi văn bản."


def test_of_several_files_the_letter_is_the_one_that_answers(story: InboxStory) -> None:
    annex = Attached("phu-luc.docx", letter_docx("1/TB-KHAC"))
    story.gets(reply("", Attached("anh.png", b"\x89PNG\r\n\x1a\n"), annex, Attached("cv.docx", letter_docx())))
    assert story.mail.letter_number == "123/BC-SNV"


def test_a_secret_document_is_neither_read_nor_kept(story: InboxStory) -> None:
    path = word(story.settings.home / "mat.docx", replace(LETTER, left=("TỐI MẬT", *LETTER.left)))
    story.gets(reply("", Attached("mat.docx", path.read_bytes())))
    (file,) = story.files()
    assert (file.sha256, bool(file.refused)) == ("", True)
    assert story.mail.letter_text == ""


def test_a_letter_in_the_old_format_is_kept_and_said_to_be_unread(story: InboxStory) -> None:
    story.gets(reply("", Attached("cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000)))
    (file,) = story.files()
    assert file.sha256 or file.refused
    assert bool(story.mail.letter_problem) == bool(file.sha256)
