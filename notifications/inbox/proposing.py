"""Which work a mail seems to speak of: the open obligations of its agency, the likeliest first, each with its reasons.

A proposal is no decision: it fills a form that a person reads, corrects and sends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from config.words import say
from domain.checkpoints import Checkpoint
from domain.incoming import Incoming
from domain.incoming_letters import Cited, cited_in, number_key, paths_in, words_in
from domain.keys import key
from domain.obligations import OPEN, Obligation
from domain.planning import Followed, followed
from notifications.inbox.words import own_words
from notifications.outbox import MessageCheckpoint

MOST = 15  #: proposals that are shown
ENOUGH = 0.35  #: share of a directive's words that a letter has in common with it, from which on it is a reason
ANSWERS = re.compile(r"\s*(?:re|tl|trả lời|fw|fwd|chuyển tiếp)\s*:", re.IGNORECASE)
NUMBER, ITEM, MESSAGE, WORDS = 100, 40, 30, 50  #: how much each reason weighs


@dataclass(frozen=True, slots=True)
class Proposal:
    """One obligation that a mail may speak of."""

    one: Followed
    weight: float
    reasons: tuple[str, ...]  #: in the user's language
    likely: bool  #: so likely that its box is ticked

    @property
    def id(self) -> int:
        """The obligation's."""
        return key(self.one.obligation.id)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What a mail and its letter speak of."""

    cited: tuple[Cited, ...]
    paths: frozenset[str]
    words: frozenset[str]
    message: frozenset[int]  #: obligations of the message that it answers


def proposals(session: Session, office_id: int, mail: Incoming) -> list[Proposal]:
    """The open obligations that a mail may settle, the likeliest first."""
    about = _of_message(session, mail.about_id)
    works = _candidates(session, office_id, mail, about)
    own = _own(mail)
    text = mail.letter_text or own
    cited = cited_in(mail.letter_about) or cited_in(own)
    spoken = _Spoken(cited, paths_in(text), words_in(text), about)
    alone = Counter(one.conclusion.id for one in works)
    found = [_proposal(one, spoken, alone=alone[one.conclusion.id] == 1) for one in works]
    return sorted(found, key=lambda one: (-one.weight, _due(one.one), one.id))[:MOST]


def _own(mail: Incoming) -> str:
    """What the mail says itself; the subject of an answer is our own."""
    own = own_words(mail.text)
    return own if mail.about_id is not None and ANSWERS.match(mail.subject) else f"{mail.subject}\n{own}"


def _candidates(session: Session, office_id: int, mail: Incoming, about: frozenset[int]) -> list[Followed]:
    whose: ColumnElement[bool] = col(Obligation.id).in_(about)
    if mail.agency_id is not None:
        whose = or_(whose, Obligation.agency_id == mail.agency_id)
    works = followed(session, Obligation.office_id == office_id, col(Obligation.state).in_(OPEN), whose)
    return [one for one in works if one.directive.tracked]


def _of_message(session: Session, message_id: int | None) -> frozenset[int]:
    if message_id is None:
        return frozenset()
    query = (
        select(Checkpoint.obligation_id)
        .join(MessageCheckpoint, col(MessageCheckpoint.checkpoint_id) == col(Checkpoint.id))
        .where(MessageCheckpoint.message_id == message_id)
    )
    return frozenset(session.exec(query))


def _proposal(one: Followed, spoken: _Spoken, *, alone: bool) -> Proposal:
    reasons: list[tuple[float, str]] = []
    named = _named(one, spoken.cited)
    if named is not None:
        reasons.append((NUMBER, say("inbox.reason.number", number=named.number)))
    item = named is not None and _path(one) in spoken.paths
    if item:
        reasons.append((ITEM, say("inbox.reason.item", path=one.directive.path)))
    in_message = one.obligation.id in spoken.message
    if in_message:
        reasons.append((MESSAGE, say("inbox.reason.message")))
    share = _share(words_in(one.directive.text), spoken.words)
    if share >= ENOUGH:
        reasons.append((share * WORDS, say("inbox.reason.words", percent=round(share * 100))))
    likely = named is not None and (item or share >= ENOUGH or alone)
    likely = likely or (not spoken.cited and in_message and len(spoken.message) == 1)
    words = tuple(words for _, words in reasons) or (say("inbox.reason.agency"),)
    return Proposal(one, sum(weight for weight, _ in reasons), words, likely)


def _named(one: Followed, cited: Sequence[Cited]) -> Cited | None:
    """The paper that is the obligation's notice: by its number, in the year of its date where one is given."""
    own = number_key(one.conclusion.number)
    year = one.conclusion.issued_on.year
    return next((it for it in cited if number_key(it.number) == own and (it.on is None or it.on.year == year)), None)


def _path(one: Followed) -> str:
    return one.directive.path.casefold()


def _share(wanted: frozenset[str], said: frozenset[str]) -> float:
    return len(wanted & said) / len(wanted) if wanted else 0.0


def _due(one: Followed) -> float:
    due = one.obligation.due_before
    return due.timestamp() if due else float("inf")
