"""What can be chosen in a list's filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from config.words import say
from domain.agencies import Agency
from domain.conclusions import Conclusion, Directive
from domain.listing.asked import Asked, Waiting
from domain.listing.bodies import LEVELS
from domain.listing.owned import owners
from domain.obligations import Standing, State
from domain.people import officials_of

Options = Sequence[tuple[str, str]]  #: (value, words)


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of each field, and the names of what the address itself narrows the list to."""

    agencies: Options
    owners: Options
    notice: str = ""  #: of the conclusion or directive that is asked for

    @property
    def standings(self) -> Options:
        """Every standing."""
        return _any("standing", [(one, say(f"views.standing.{one}")) for one in Standing])

    @property
    def states(self) -> Options:
        """Every state."""
        return _any("state", [(one, say(f"views.state.{one}")) for one in State])

    @property
    def waiting(self) -> Options:
        """Everything that waits for the office."""
        return _any("waiting", [(one, say(f"web_lists.waiting.{one}")) for one in Waiting])

    def level(self, name: str) -> str:
        """A level of agencies as people say it."""
        return say(f"web_lists.level.{name}") if name in LEVELS else name

    @property
    def levels(self) -> Options:
        """Every level of agencies."""
        return _any("level", [(one, say(f"web_lists.level.{one}")) for one in LEVELS])


def orders(listing: str, sorts: Sequence[str]) -> Options:
    """The orders of a list, in words; each column's both ways."""
    both = [(f"{back}{one}", f"{one}_back" if back else one) for one in sorts for back in ("", "-")]
    return [("", say(f"web_lists.sort.{listing}.usual")), *[(v, say(f"web_lists.sort.{listing}.{w}")) for v, w in both]]


def _any(field: str, options: list[tuple[str, str]]) -> Options:
    return [("", say(f"web_lists.any.{field}")), *options]


def choices_of(session: Session, office_id: int, asked: Asked) -> Choices:
    """The choices of an office's lists."""
    names = select(Agency.id, Agency.name).where(Agency.office_id == office_id).order_by(col(Agency.name))
    agencies = [(str(id_), name) for id_, name in session.exec(names)]
    people = [(str(one.id), one.name) for one in owners(session, officials_of(session, office_id))]
    if asked.owner is not None and str(asked.owner) not in dict(people):
        people.append((str(asked.owner), say("web_lists.other_owner", id=asked.owner)))
    return Choices(_any("agency", agencies), _any("owner", people), _notice(session, office_id, asked))


def _notice(session: Session, office_id: int, asked: Asked) -> str:
    """The conclusion or directive that the list is narrowed to, as a person would say."""
    query = select(Conclusion.number, Directive.path).join(
        Directive, col(Directive.conclusion_id) == col(Conclusion.id)
    )
    query = query.where(Conclusion.office_id == office_id)
    if asked.directive is not None:
        found = session.exec(query.where(Directive.id == asked.directive)).first()
        return say("web_lists.narrowed.directive", number=found[0], path=found[1]) if found else "–"
    if asked.conclusion is not None:
        found = session.exec(query.where(Conclusion.id == asked.conclusion)).first()
        return say("web_lists.narrowed.conclusion", number=found[0]) if found else "–"
    return ""
