"""Mails as the world writes them: replies, returned messages of several servers, answer letters. All is made up."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from sqlmodel import col, select

from domain.incoming import Incoming, IncomingFile
from notifications.inbox.taking import Place, Raw, Taken, take
from notifications.outbox import Message
from tests.story import OfficeStory, directive, draft
from tests.unit.documents_made import Notice, pdf, word

OURS, THEIRS = "Sở Nội vụ", "Sở Tài chính"
ADDRESS = "so-noi-vu@coquan.example"
NUMBER = "489/TB-VP"
CAME = datetime(2018, 3, 8, 3, tzinfo=UTC)  #: 10:00 in the office
PLACE = Place("van-phong@localhost/INBOX", 7)
SCHEME = "Trình đề án vị trí việc làm của các đơn vị sự nghiệp công lập."
LIST = "Lập danh sách công chức đến tuổi nghỉ hưu trong năm."
LETTER = Notice(
    left=("UBND TỈNH SÔNG LAM", "SỞ NỘI VỤ", "Số: 123/BC-SNV"),
    right=(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Sông Lam, ngày 07 tháng 3 năm 2018",
    ),
    title=("BÁO CÁO", "Kết quả xây dựng đề án vị trí việc làm"),
    body=(
        "Kính gửi: Văn phòng Ủy ban nhân dân tỉnh.",
        f"Thực hiện nội dung kết luận tại mục 4.2 Thông báo số {NUMBER} ngày 07/3/2018 của Văn phòng Ủy ban nhân dân "
        "tỉnh, Sở Nội vụ báo cáo như sau:",
        "1. Sở đã trình đề án vị trí việc làm của các đơn vị sự nghiệp công lập tại Tờ trình số 55/TTr-SNV.",
        "2. Đề án được lấy ý kiến của các cơ quan liên quan./.",
    ),
    recipients=("Nơi nhận:", "- Như trên;", "- Lưu: VT."),
    signature=("GIÁM ĐỐC", "Trần Thị Minh Hạnh"),
)


@cache
def letter_docx(number: str = NUMBER) -> bytes:
    """An answer letter in Word that says it carries out a notice."""
    with tempfile.TemporaryDirectory() as folder:
        return word(Path(folder) / "tra-loi.docx", _letter(number)).read_bytes()


@cache
def letter_pdf(number: str = NUMBER) -> bytes:
    """The same as PDF."""
    with tempfile.TemporaryDirectory() as folder:
        return pdf(Path(folder) / "tra-loi.pdf", _letter(number)).read_bytes()


@cache
def scan_pdf() -> bytes:
    """A scanned letter: a page without a letter of text."""
    import pypdf

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        writer = pypdf.PdfWriter()
        writer.add_blank_page(595, 842)
        writer.write(path)
        return path.read_bytes()


def _letter(number: str) -> Notice:
    body = tuple(part.replace(NUMBER, number) if isinstance(part, str) else part for part in LETTER.body)
    return Notice(LETTER.left, LETTER.right, LETTER.title, body, LETTER.recipients, LETTER.signature)


@dataclass(frozen=True)
class Attached:
    """A file of a mail."""

    name: str
    data: bytes
    mime: str = "application/octet-stream"


def reply(
    to: str = "",
    *files: Attached,
    sender: str = f"Lê Văn Bình <{ADDRESS}>",
    subject: str = "Re: Giao nhiệm vụ",
    text: str = "Kính gửi Văn phòng, Sở gửi báo cáo kèm theo.",
    message_id: str = "<tra-loi-1@coquan.example>",
    **headers: str,
) -> bytes:
    """A mail that a person wrote; `to`: the Message-ID that it answers."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "van-phong@vanphong.example", subject
    if message_id:
        mail["Message-ID"] = message_id
    if to:
        mail["In-Reply-To"] = mail["References"] = to
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for file in files:
        kind, _, sort = file.mime.partition("/")
        mail.add_attachment(file.data, maintype=kind, subtype=sort, filename=file.name)
    return mail.as_bytes()


def report_of(
    message_id: str,
    recipient: str = ADDRESS,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    headers_only: bool = False,
    own_id: str = "<bounce-1@mx.coquan.example>",
) -> bytes:
    """A delivery report as Postfix writes it (RFC 3464)."""
    original = f"From: don-doc@vanphong.example\nTo: {recipient}\nMessage-ID: {message_id}\nSubject: Giao viec\n"
    inner, kind = (original, "text/rfc822-headers") if headers_only else (f"{original}\nxin chào\n", "message/rfc822")
    return f"""\
Return-Path: <>
Message-ID: {own_id}
From: MAILER-DAEMON@mx.coquan.example (Mail Delivery System)
To: don-doc@vanphong.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.coquan.example.
<{recipient}>: host mx.coquan.example said: 550 5.1.1 User unknown

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.coquan.example
Arrival-Date: Thu,  8 Mar 2018 02:00:00 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{recipient}>: Recipient address rejected: User unknown

--B1
Content-Type: {kind}

{inner}
--B1--
""".encode()


def in_words(message_id: str, recipient: str = ADDRESS, said: str = "", **headers: str) -> bytes:
    """A returned message in a server's own words, without a report."""
    said = said or f"Thư gửi tới {recipient} không chuyển được: 550 5.1.1 hộp thư không tồn tại"
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"""\
Return-Path: <>
Message-ID: <tra-lai-1@mail.coquan.example>
From: Mail Delivery Subsystem <mailer-daemon@mail.coquan.example>
To: don-doc@vanphong.example
Subject: Thông báo không gửi được thư
{more}MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{said}

------ Bản sao thư gốc, kèm toàn bộ phần đầu ------

Return-path: <don-doc@vanphong.example>
Message-ID: {message_id}
To: {recipient}
Subject: Giao nhiệm vụ

Nội dung.
""".encode()


class InboxStory:
    """An office that has told an agency of two tasks, and what its mailbox gets."""

    def __init__(self, office: OfficeStory) -> None:
        self.office = office
        self.ledger, self.settings = office.ledger, office.settings
        self._uid = 0
        office.files(
            draft(
                directive(OURS, "2018-03-30", path="4.2", text=SCHEME),
                directive(OURS, "2018-03-20", path="5", text=LIST),
                directive(THEIRS, "2018-03-20", path="6", text="Bố trí kinh phí tinh giản biên chế."),
                number=NUMBER,
            ),
            "2018-03-07 09:00",
        )
        office.files(draft(directive(OURS, "2018-03-28", path="1", text="Báo cáo trụ sở dôi dư."), number="12/TB-VP"))
        office.holds_round()
        office.now = office.now.add(days=1, hours=2)

    def message(self, recipient: str = OURS) -> Message:
        """The first message that somebody got."""
        return next(one for one in self.office.messages() if one.recipient == recipient)

    def gets(self, mail: bytes, *, whole: bool = True) -> Taken:
        """The mailbox got a mail, and it is taken down."""
        self._uid += 1
        return take(self.ledger, self.settings, PLACE, Raw(self._uid, mail, CAME, whole), self.office.now)

    def mails(self) -> list[Incoming]:
        with self.ledger.look() as session:
            return list(session.exec(select(Incoming).order_by(col(Incoming.id))))

    @property
    def mail(self) -> Incoming:
        """The only one."""
        (one,) = self.mails()
        return one

    def files(self) -> list[IncomingFile]:
        with self.ledger.look() as session:
            return list(session.exec(select(IncomingFile).order_by(col(IncomingFile.id))))

    def work(self, path: str, number: str = NUMBER) -> int:
        """The obligation of an item."""
        return next(row.id for row in self.office.everything() if (row.conclusion, row.path) == (number, path))
