"""What is decided under a regulation: which one a notice belongs to, as it says itself or as a person says."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.conclusions import Conclusion
from domain.drafts import Draft
from domain.errors import Refusal
from domain.keys import key
from domain.names import fold
from domain.names import key as key_of
from domain.regulations import Regulation, regulations, sides_of
from domain.store import Change

LEVEL = re.compile(r" (?:tinh|huyen|thanh pho|thi xa|quan|xa|phuong|thi tran)$")
NONE = 0  #: what a person says of a notice that belongs to no regulation


def propose_regulation(session: Session, office_id: int, draft: Draft) -> Regulation | None:
    """The regulation that a notice names: by its number, else the only one in force all of whose sides it names.

    None where it names none, and where several would do: nobody guesses.
    """
    named = draft.regulation
    if named is None:
        return None
    known = regulations(session, office_id)
    if named.number is not None:
        plain = _plain(named.number)
        same = [one for one in known if _plain(one.number) == plain]
        if named.issued_on is not None:
            same = [one for one in same if one.issued_on == named.issued_on] or same
        return same[0] if len(same) == 1 else None
    words = f" {key_of(named.written)} {key_of(draft.title or '')} "
    on = draft.meeting_on or draft.issued_on
    fitting = [one for one in known if (on is None or one.is_in_force(on)) and _names_all(session, one, words)]
    return fitting[0] if len(fitting) == 1 else None


def _plain(number: str) -> str:
    return fold(number).replace(" ", "").lstrip("0")


def _names_all(session: Session, regulation: Regulation, words: str) -> bool:
    """Whether every side stands in the words by its name."""
    return all(f" {_core(side.name)} " in words for side in sides_of(session, key(regulation.id)))


def _core(name: str) -> str:
    """What of a side's name is always said: "MTTQ tỉnh" is short for "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"."""
    spelt = key_of(name)
    front = "mat tran to quoc"
    return front if front in spelt else LEVEL.sub("", spelt)


def link_conclusion(change: Change, conclusion_id: int, regulation: Regulation | None) -> Conclusion:
    """Puts a notice under a regulation, or under none, audited. Raises Refusal for a notice that is not there."""
    row = change.session.get(Conclusion, conclusion_id)
    if row is None or row.office_id != change.office_id or row.withdrawal:
        raise Refusal("errors.no_conclusion", words=conclusion_id)
    before, row.regulation_id = row.regulation_id, regulation.id if regulation else None
    if before != row.regulation_id:
        change.session.add(row)
        change.record("conclusion.governed", f"conclusion:{row.id}", before=before, after=row.regulation_id)
    return row


def governed(session: Session, regulation_id: int) -> list[Conclusion]:
    """The notices under a regulation, the newest first."""
    query = select(Conclusion).where(Conclusion.regulation_id == regulation_id, Conclusion.withdrawal == 0)
    return list(session.exec(query.order_by(col(Conclusion.issued_on).desc(), col(Conclusion.id).desc())))


def how_many_governed(session: Session, office_id: int) -> dict[int, int]:
    """Regulation id -> how many notices stand under it."""
    query = (
        select(Conclusion.regulation_id, func.count())
        .where(
            Conclusion.office_id == office_id, col(Conclusion.regulation_id).is_not(None), Conclusion.withdrawal == 0
        )
        .group_by(col(Conclusion.regulation_id))
    )
    return {id_: count for id_, count in session.exec(query) if id_ is not None}


def in_force(session: Session, office_id: int, day: date) -> list[Regulation]:
    """The regulations that govern what is decided on a day."""
    return [one for one in regulations(session, office_id) if one.is_in_force(day)]
