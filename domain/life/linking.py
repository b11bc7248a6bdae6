"""Linked obligations: several leads of one task, or one deliverable that was assigned twice, settle together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col

from domain.errors import Refusal
from domain.keys import key
from domain.life.machine import Deed, advance, check
from domain.obligations import Obligation, State
from domain.planning import Followed, followed, one_followed
from domain.store import Change


def link(change: Change, obligations: Sequence[int]) -> list[Followed]:
    """Makes obligations settle together from now on, with all that were linked to any of them before.

    Raises Refusal for fewer than two, for one that there is not, and for one that is done or cancelled.
    """
    if len(set(obligations)) < 2:
        raise Refusal("errors.link_two")
    named = [one_followed(change.session, change.office_id, id_) for id_ in dict.fromkeys(obligations)]
    for one in named:
        check(change, one.obligation, Deed.LINK)
    works = {key(work.obligation.id): work for one in named for work in together(change, one)}
    first = min(works)
    for one in works.values():
        one.obligation.link = first
        advance(change, one.obligation, Deed.LINK, link=first)
    return list(works.values())


def unlink(change: Change, obligation_id: int) -> Followed:
    """Lets one obligation settle on its own again."""
    one = one_followed(change.session, change.office_id, obligation_id)
    if not one.obligation.link:
        raise Refusal("errors.not_linked", id=obligation_id)
    one.obligation.link = 0
    advance(change, one.obligation, Deed.LINK, link=0)
    return one


def together(change: Change, one: Followed) -> list[Followed]:
    """The obligation and all that settle with it."""
    if not one.obligation.link:
        return [one]
    others = followed(
        change.session,
        Obligation.office_id == change.office_id,
        Obligation.link == one.obligation.link,
        Obligation.id != one.obligation.id,
        col(Obligation.state) != State.CANCELLED,
    )
    return [one, *others]
