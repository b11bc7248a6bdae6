"""The mailbox at the terminal, and the flow that looks into it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from cli.main import main
from domain.incoming import Incoming
from domain.offices import the_office
from domain.reports import StatusReport
from flows import inbox as flow
from flows.deployments import deployments
from flows.inbox import read_inbox
from notifications.inbox.polling import Polled
from tests.story import OfficeStory
from tests.unit.inbox_made import Attached, InboxStory, letter_docx, reply


@pytest.fixture
def story(office: OfficeStory) -> InboxStory:
    made = InboxStory(office)
    made.gets(reply(made.message().message_id, Attached("cv.docx", letter_docx()), Attached("x.exe", b"MZ")))
    with office.ledger.change(now=office.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated_at = office.now
    return made


def says(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit code and everything that a command printed."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main(["inbox", *words])
    shown = capsys.readouterr()
    return int(end.value.code or 0), shown.out + shown.err


def test_what_waits_is_listed(story: InboxStory, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = says(capsys, "list")
    assert code == 0
    assert "Re: Giao nhiệm vụ" in shown
    code, shown = says(capsys, "list", "--json")
    (one,) = json.loads(shown)
    assert (one["id"], one["agency"], one["stranger"]) == (1, "Sở Nội vụ", False)
    assert one["letter"]["number"] == "123/BC-SNV"
    assert [(file["name"], file["kept"]) for file in one["files"]] == [("cv.docx", True), ("x.exe", False)]


def test_a_mail_is_shown_with_its_proposals(story: InboxStory, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = says(capsys, "show", "1")
    assert code == 0
    for words in ("Thông báo số 489/TB-VP ngày 07/3/2018", "x.exe", "Không nhận", "nêu mục 4.2"):
        assert words in shown
    _, shown = says(capsys, "show", "1", "--json")
    assert json.loads(shown)["proposals"][0]["obligation"] == story.work("4.2")


def test_a_mail_is_attached_with_the_letter_that_was_read(
    story: InboxStory, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = (str(story.work("4.2")), str(story.work("5")))
    code, shown = says(capsys, "attach", "1", *ids, "--done", "--note", "Đã trình")
    assert (code, "Đã ghi thư số 1" in shown) == (0, True), shown
    with story.ledger.look() as session:
        reports = session.exec(select(StatusReport)).all()
    assert [(one.percent, one.letter_number) for one in reports] == [(100, "123/BC-SNV")] * 2
    code, shown = says(capsys, "attach", "1", *ids, "--progress", "3", "--note", "x")
    assert (code, "đã được xử lý" in shown) == (2, True)
    assert "Không có thư nào" in says(capsys, "list")[1]
    assert "Re: Giao" in says(capsys, "list", "--all")[1]


@pytest.mark.parametrize(
    "words",
    [
        ("attach", "1", "2", "--note", "x"),
        ("attach", "1", "2", "--note", "x", "--done", "--progress", "3"),
        ("attach", "1", "2", "--note", "x", "--progress", "100"),
        ("attach", "1", "999", "--note", "x", "--done"),
        ("attach", "1", "2", "--note", "x", "--done", "--letter", "khong"),
        ("attach", "abc", "2", "--note", "x", "--done"),
        ("dismiss", "1", "--reason", " "),
        ("dismiss", "99", "--reason", "x"),
        ("show", "99"),
        ("read",),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    story: InboxStory, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, shown = says(capsys, *words)
    assert code == 2, shown
    assert len(shown.strip().splitlines()) == 1, shown
    assert story.mail.state == "waiting"


def test_a_mail_is_dismissed(story: InboxStory, capsys: pytest.CaptureFixture[str]) -> None:
    assert says(capsys, "dismiss", "1", "--reason", "Thư quảng cáo")[0] == 0
    with story.ledger.look() as session:
        assert session.exec(select(Incoming.state)).one() == "dismissed"


def test_a_live_office_without_a_mailbox_says_which_setting_is_missing(
    story: InboxStory, capsys: pytest.CaptureFixture[str]
) -> None:
    with story.ledger.change(now=story.office.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated = False
    code, shown = says(capsys, "read")
    assert (code, "DONDOC_IMAP_URL" in shown) == (2, True)


def test_the_flow_reads_the_mailbox_of_a_live_office_alone(story: InboxStory, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"mails": 0, "waiting": 0, "returned": 0, "auto": 0}
    monkeypatch.setenv("DONDOC_IMAP_URL", "imaps://a:b@127.0.0.1:9")
    monkeypatch.setattr(flow, "poll", lambda *_: Polled(mails=3, waiting=2, returned=1))
    assert read_inbox.fn() == nothing
    with story.ledger.change(now=story.office.now, actor="test") as change:
        the_office(change.session, change.office_id).simulated = False
    assert read_inbox.fn() == {"mails": 3, "waiting": 2, "returned": 1, "auto": 0}
    monkeypatch.delenv("DONDOC_IMAP_URL")
    assert read_inbox.fn() == nothing


def test_the_mailbox_is_looked_into_as_often_as_the_office_says(story: InboxStory) -> None:
    def intervals(**settings: object) -> list[timedelta]:
        changed = story.settings.model_validate(story.settings.model_dump() | settings)
        found = [one for one in deployments(changed, scheduled=True) if one.flow_name == "read-inbox"]
        return [it.schedule.interval for one in found for it in one.schedules or []]  # type: ignore[union-attr]

    assert intervals() == []
    assert intervals(imap_url="imaps://a:b@mail.example") == [timedelta(minutes=5)]
    assert intervals(imap_url="imaps://a:b@mail.example", imap_poll_minutes=15) == [timedelta(minutes=15)]
