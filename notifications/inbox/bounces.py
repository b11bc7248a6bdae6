"""What a machine's mail means: a message that came back for good, one that is only late, an answer nobody wrote.

RFC 3464 (delivery reports), RFC 3834 (automatic answers), RFC 8098 (read receipts). Anybody can write mail: whether a
bounce counts is decided in `matching` by what only the returned message can hold, never by its words alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from notifications.inbox.parsing import Mail, Told

LONGEST_WHY = 250  #: characters of a server's words
DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailer.daemon", "no-reply-bounce")
MANY = ("bulk", "junk", "list", "auto_reply", "auto-reply")  #: Precedence of what no person wrote to us
#: Beginnings of subjects that mail programs give to automatic answers, where they leave the headers out.
AUTOMATIC = re.compile(
    r"^\s*(?:auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|(?:thư )?trả lời tự động|vắng mặt)",
    re.IGNORECASE,
)
PERMANENT = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])|(?<!\d)55[0-4](?=[\s-])")
PASSING = re.compile(
    r"(?<![\d.])4\.\d{1,3}\.\d{1,3}(?![\d.])|(?<!\d)4[25][0-2](?=[\s-])|will (?:be retried|keep trying|continue to)"
    r"|warning: message|delayed|tạm thời|sẽ thử lại|chưa gửi được",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")


class Machine(StrEnum):
    """What a machine's mail says."""

    GONE = "gone"  #: it was not delivered and never will be: the address takes nothing
    GIVEN_UP = "given_up"  #: it was not delivered; the address may be good
    LATE = "late"  #: it is still being tried
    ARRIVED = "arrived"
    AUTOMATIC = "automatic"  #: out of office and the like: nobody read it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a machine's mail says, of which recipients, in which words."""

    says: Machine
    recipients: frozenset[str] = frozenset()  #: small letters
    why: str = ""


def verdict_of(mail: Mail) -> Verdict | None:
    """What it says where a machine wrote it; None for what a person may have written."""
    if mail.told:
        return _of_report(mail)
    if mail.report == "disposition-notification":
        return Verdict(Machine.ARRIVED, why=mail.subject)
    if _is_from_daemon(mail) and (mail.holds or mail.header("x-failed-recipients")):
        return _of_words(mail)
    if _is_automatic(mail):
        return Verdict(Machine.AUTOMATIC, why=mail.subject)
    return None


def _of_report(mail: Mail) -> Verdict:
    """The gravest of what a delivery report tells, with the recipients of whom it tells that."""
    says = max((_says(one) for one in mail.told), key=_gravity)
    those = [one for one in mail.told if _says(one) is says]
    recipients = frozenset(address.casefold() for one in those for address in one.addresses)
    return Verdict(says, recipients, f"{those[0].status} {those[0].words}".strip()[:LONGEST_WHY])


def _says(told: Told) -> Machine:
    if told.action == "failed":
        return Machine.GONE if told.status.startswith("5.") else Machine.GIVEN_UP
    return Machine.LATE if told.action == "delayed" else Machine.ARRIVED


def _gravity(says: Machine) -> int:
    return (Machine.ARRIVED, Machine.LATE, Machine.GIVEN_UP, Machine.GONE).index(says)


def _is_from_daemon(mail: Mail) -> bool:
    """Whether it has no sender to answer to (RFC 5321, 4.5.5), or one that only machines have."""
    if mail.header("return-path").replace(" ", "") == "<>":
        return True
    return mail.sender.partition("@")[0].casefold() in DAEMONS


def _of_words(mail: Mail) -> Verdict:
    """A returned message in a server's own words: Exim, Exchange, and providers that write no report."""
    said = _before_the_original(mail.text)
    failed = mail.header("x-failed-recipients")  # Exim names those that failed for good, and only those
    recipients = frozenset(one.casefold() for one in ADDRESS.findall(failed or said))
    why = _line_with(PERMANENT, said) or mail.subject
    if PASSING.search(said) and not failed:
        return Verdict(Machine.LATE, recipients, (_line_with(PASSING, said) or mail.subject)[:LONGEST_WHY])
    says = Machine.GONE if failed or PERMANENT.search(said) else Machine.GIVEN_UP
    return Verdict(says, recipients, why[:LONGEST_WHY])


def _before_the_original(text: str) -> str:
    """What the server says itself; our own words that it returns are no evidence."""
    cut = re.search(r"(?im)^(?:message-id|received|return-path)\s*:|^-{2,}.{0,60}(?:original|copy|returned|gốc)", text)
    return text[: cut.start()] if cut else text


def _line_with(pattern: re.Pattern[str], text: str) -> str:
    return next((line.strip() for line in text.split("\n") if pattern.search(line)), "")


def _is_automatic(mail: Mail) -> bool:
    submitted = mail.header("auto-submitted").partition(";")[0].strip().casefold()
    if submitted and submitted != "no":
        return True
    if mail.header("precedence").strip().casefold() in MANY or mail.header("list-id"):
        return True
    replied = any(mail.header(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder"))
    return replied or AUTOMATIC.match(mail.subject) is not None
