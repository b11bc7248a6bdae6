"""What a machine's mail means, as different servers write it."""

from __future__ import annotations

import pytest

from notifications.inbox.bounces import Machine, verdict_of
from notifications.inbox.parsing import parse
from tests.unit.inbox_made import ADDRESS, Attached, in_words, reply, report_of

ID = "<0123456789abcdef@vanphong.example>"


@pytest.mark.parametrize(
    ("action", "status", "says"),
    [
        ("failed", "5.1.1", Machine.GONE),
        ("failed", "5.7.1", Machine.GONE),
        ("Failed", "5.0.0", Machine.GONE),
        ("failed", "4.4.7", Machine.GIVEN_UP),
        ("failed", "", Machine.GIVEN_UP),
        ("delayed", "4.4.1", Machine.LATE),
        ("delivered", "2.0.0", Machine.ARRIVED),
        ("relayed", "2.0.0", Machine.ARRIVED),
        ("expanded", "2.0.0", Machine.ARRIVED),
    ],
)
def test_a_delivery_report_says_what_became_of_the_message(action: str, status: str, says: Machine) -> None:
    verdict = verdict_of(parse(report_of(ID, action=action, status=status)))
    assert verdict is not None
    assert (verdict.says, verdict.recipients) == (says, {ADDRESS})
    assert "User unknown" in verdict.why


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_report_holds_our_message_id_whole_or_in_headers_alone(headers_only: bool) -> None:
    assert parse(report_of(ID, headers_only=headers_only)).holds == (ID,)


def test_of_several_recipients_the_gravest_counts_and_only_those_it_is_told_of() -> None:
    other = b"\nFinal-Recipient: rfc822; khac@x.example\nAction: delivered\nStatus: 2.0.0\n"
    both = report_of(ID).replace(b"\nFinal-Recipient", other + b"\nFinal-Recipient", 1)
    verdict = verdict_of(parse(both))
    assert verdict is not None
    assert (verdict.says, verdict.recipients) == (Machine.GONE, {ADDRESS})


EXIM = (
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
    "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
    f"  {ADDRESS}\n    Unrouteable address"
)
EXCHANGE = (
    f"Delivery has failed to these recipients or groups:\n\n{ADDRESS}\nRemote Server returned '550 5.1.10 not found'"
)


@pytest.mark.parametrize(
    ("said", "headers", "says"),
    [
        ("", {}, Machine.GONE),
        (EXIM, {"X_Failed_Recipients": ADDRESS}, Machine.GONE),
        (EXCHANGE, {}, Machine.GONE),
        (f"Hộp thư {ADDRESS} đã đầy: 452 4.2.2 over quota", {}, Machine.LATE),
        (f"Warning: message to {ADDRESS} delayed 4 hours; it will be retried", {}, Machine.LATE),
        (f"Không gửi được thư tới {ADDRESS}.", {}, Machine.GIVEN_UP),
    ],
)
def test_a_server_that_writes_in_its_own_words_is_understood_with_care(
    said: str, headers: dict[str, str], says: Machine
) -> None:
    verdict = verdict_of(parse(in_words(ID, said=said, **headers)))
    assert verdict is not None
    assert verdict.says is says
    assert ADDRESS in verdict.recipients


def test_our_own_words_that_a_server_returns_prove_nothing() -> None:
    """The number of a notice may look like a code; only what the server says itself counts."""
    mail = parse(in_words(ID, said="Không gửi được.").replace("Nội dung.".encode(), b"550 5.1.1 " + ADDRESS.encode()))
    verdict = verdict_of(mail)
    assert verdict is not None
    assert (verdict.says, verdict.recipients) == (Machine.GIVEN_UP, frozenset())


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<tin.coquan.example>"},
        {"subject": "Trả lời tự động: Giao nhiệm vụ"},
        {"subject": "Out of Office: Giao nhiệm vụ"},
    ],
)
def test_an_answer_that_nobody_wrote_is_automatic(headers: dict[str, str]) -> None:
    verdict = verdict_of(parse(reply(ID, **headers)))  # type: ignore[arg-type]
    assert verdict is not None
    assert verdict.says is Machine.AUTOMATIC


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "no"}, {"subject": "Re: Trả lời tự động hóa thủ tục"}])
def test_what_a_person_wrote_is_no_machines(headers: dict[str, str]) -> None:
    assert verdict_of(parse(reply(ID, Attached("a.pdf", b"%PDF-1.7"), **headers))) is None  # type: ignore[arg-type]


def test_a_person_called_postmaster_who_writes_is_answered_like_anybody() -> None:
    assert verdict_of(parse(reply(sender="postmaster@coquan.example"))) is None


def test_a_read_receipt_says_that_it_arrived() -> None:
    raw = (
        b"From: a@coquan.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=B\n\n"
        b"--B\nContent-Type: text/plain\n\nread\n--B\nContent-Type: message/disposition-notification\n\n"
        b"Disposition: manual-action/MDN-sent-manually; displayed\n--B--\n"
    )
    verdict = verdict_of(parse(raw))
    assert verdict is not None
    assert verdict.says is Machine.ARRIVED
