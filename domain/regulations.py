"""Coordination regulations (quy chế phối hợp): who agreed with whom, for how long, and what took their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from domain.agencies import Agency, agency_ids, registry_of
from domain.columns import UtcDateTime
from domain.errors import Refusal
from domain.instants import of_our_time
from domain.keys import key
from domain.names import fold
from domain.store import Change

REGULATION_ID = "regulation.id"  #: what points to a regulation; named here, so that whoever points to it has the table
LONGEST_NUMBER, LONGEST_TITLE, LONGEST_SIDE = 100, 500, 300  #: characters
FEWEST_SIDES = 2


class Regulation(SQLModel, table=True):
    """One regulation by which several sides work together."""

    __table_args__ = (UniqueConstraint("office_id", "number", "issued_on"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    number: str
    issued_on: date
    title: str = Field(sa_column=Column(Text, nullable=False))
    term_from: date  #: the first day on which it is in force
    term_to: date | None = None  #: the last one; None: until another takes its place
    successor_id: int | None = Field(default=None, foreign_key="regulation.id")  #: what took its place
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    folded: str = Field(default="", sa_column=Column(Text, nullable=False))  #: number and title, without accents

    def is_in_force(self, day: date) -> bool:
        """Whether it governs what is decided on a day."""
        return self.term_from <= day and (self.term_to is None or day <= self.term_to)


class RegulationSide(SQLModel, table=True):
    """One of the sides: what it is called in the regulation."""

    __tablename__ = "regulation_side"
    __table_args__ = (UniqueConstraint("regulation_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    regulation_id: int = Field(foreign_key=REGULATION_ID)
    place: int  #: 0, 1, … in the order of the regulation
    name: str


class SideAgency(SQLModel, table=True):
    """An agency (or a group of agencies) that reports for a side."""

    __tablename__ = "side_agency"

    side_id: int = Field(foreign_key="regulation_side.id", primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", primary_key=True)


@dataclass(frozen=True, slots=True)
class NewSide:
    """A side as a person gives it: its name, and who reports for it (nobody: the side itself, by its name)."""

    name: str
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewRegulation:
    """A regulation as a person gives it."""

    number: str
    issued_on: date
    title: str
    sides: tuple[NewSide, ...]
    term_from: date | None = None  #: None: from the day on which it was issued
    term_to: date | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A side with the agencies that report for it."""

    side: RegulationSide
    agencies: tuple[Agency, ...]

    @property
    def name(self) -> str:
        """What the regulation calls it."""
        return self.side.name


def add_regulation(change: Change, given: NewRegulation) -> Regulation:
    """Takes a regulation down, audited.

    Raises Refusal for one that is there, without number, title or two sides, whose term ends before it begins, and
    for an agency that the registry does not know.
    """
    number, title = _line(given.number), _line(given.title)
    _check(given, number, title)
    there = change.session.exec(
        select(Regulation).where(
            Regulation.office_id == change.office_id,
            Regulation.number == number,
            Regulation.issued_on == given.issued_on,
        )
    ).first()
    if there is not None:
        raise Refusal("regulations.refused.there", number=number, day=f"{given.issued_on:%d/%m/%Y}")
    row = Regulation(
        office_id=change.office_id,
        number=number,
        issued_on=given.issued_on,
        title=title,
        term_from=given.term_from or given.issued_on,
        term_to=given.term_to,
        recorded_at=change.recorded_at,
        folded=fold(f"{number} {title}"),
    )
    change.session.add(row)
    change.session.flush()
    for place, side in enumerate(given.sides):
        _add_side(change, key(row.id), place, side, given.issued_on)
    change.record(
        "regulation.added",
        f"regulation:{row.id}",
        number=number,
        issued_on=given.issued_on.isoformat(),
        sides=[side.name for side in given.sides],
    )
    return row


def _check(given: NewRegulation, number: str, title: str) -> None:
    if not number or len(number) > LONGEST_NUMBER:
        raise Refusal("regulations.refused.number")
    if not title or len(title) > LONGEST_TITLE:
        raise Refusal("regulations.refused.title")
    names = [fold(side.name) for side in given.sides]
    if len(names) < FEWEST_SIDES or len(set(names)) < len(names) or any(not name for name in names):
        raise Refusal("regulations.refused.sides")
    days = [day for day in (given.issued_on, given.term_from, given.term_to) if day is not None]
    if not all(of_our_time(day) for day in days):
        raise Refusal("regulations.refused.day")
    if given.term_to is not None and given.term_to < (given.term_from or given.issued_on):
        raise Refusal("regulations.refused.term")


def _line(words: str) -> str:
    """One line without marks that nobody sees: it will stand in letters."""
    seen = "".join(c for c in words if unicodedata.category(c) not in ("Cf", "Co") and (c.isprintable() or c.isspace()))
    return " ".join(seen.split())


def _add_side(change: Change, regulation_id: int, place: int, side: NewSide, on: date) -> None:
    row = RegulationSide(regulation_id=regulation_id, place=place, name=_line(side.name)[:LONGEST_SIDE])
    change.session.add(row)
    change.session.flush()
    registry, ids = registry_of(change.session, change.office_id), agency_ids(change.session, change.office_id)
    found: dict[int, None] = {}
    for name in side.agencies or (side.name,):
        entry = registry.find(name, on) or registry.find(name)
        if entry is None:
            raise Refusal("regulations.refused.agency", side=row.name, name=name)
        found[ids[entry.name]] = None
    change.session.add_all(SideAgency(side_id=key(row.id), agency_id=agency) for agency in found)
    change.session.flush()


def regulations(session: Session, office_id: int) -> list[Regulation]:
    """Every regulation of the office, those that are in force the longest last."""
    query = select(Regulation).where(Regulation.office_id == office_id)
    return list(session.exec(query.order_by(col(Regulation.issued_on).desc(), col(Regulation.id).desc())))


def find_regulation(session: Session, office_id: int, words: str) -> Regulation:
    """The regulation that `words` names: its id, or its number. Raises Refusal for none, and for several."""
    wanted = " ".join(words.split()).casefold()
    known = regulations(session, office_id)
    found = [one for one in known if one.number.casefold() == wanted] or [one for one in known if str(one.id) == wanted]
    if not found:
        raise Refusal("regulations.refused.unknown", words=words[:LONGEST_NUMBER])
    if len(found) > 1:
        ids = "; ".join(f"{one.id} ({one.issued_on:%d/%m/%Y})" for one in found)
        raise Refusal("regulations.refused.several", words=words[:LONGEST_NUMBER], ids=ids)
    return found[0]


def one_regulation(session: Session, office_id: int, regulation_id: int) -> Regulation:
    """A regulation by its id. Raises Refusal for none."""
    row = session.get(Regulation, regulation_id)
    if row is None or row.office_id != office_id:
        raise Refusal("regulations.refused.unknown", words=regulation_id)
    return row


def sides_of(session: Session, regulation_id: int) -> list[Side]:
    """The sides in the order of the regulation, each with its agencies by name."""
    rows = session.exec(
        select(RegulationSide)
        .where(RegulationSide.regulation_id == regulation_id)
        .order_by(col(RegulationSide.place), col(RegulationSide.id))
    ).all()
    return [Side(row, tuple(_agencies(session, key(row.id)))) for row in rows]


def _agencies(session: Session, side_id: int) -> Sequence[Agency]:
    query = select(Agency).join(SideAgency, col(SideAgency.agency_id) == col(Agency.id))
    return session.exec(query.where(SideAgency.side_id == side_id).order_by(col(Agency.name))).all()


def replace_regulation(change: Change, old: Regulation, new: Regulation, last_day: date | None = None) -> None:
    """`new` takes the place of `old`, whose term ends on `last_day` (None: the day before the new one's begins).

    Raises Refusal where that would be a circle, and for a day before the old term.
    """
    if key(old.id) in _chain(change.session, key(new.id)) or old.id == new.id:
        raise Refusal("regulations.refused.circle", number=old.number)
    until = last_day or date.fromordinal(new.term_from.toordinal() - 1)
    if until < old.term_from:
        raise Refusal("regulations.refused.term")
    old.successor_id, old.term_to = new.id, until
    change.session.add(old)
    change.record("regulation.replaced", f"regulation:{old.id}", by=key(new.id), until=until.isoformat())


def with_predecessors(session: Session, regulation: Regulation) -> list[int]:
    """The ids of a regulation and of all that it took the place of: what they left open is its business now."""
    rows = regulations(session, regulation.office_id)
    found = [key(regulation.id)]
    for id_ in found:
        found += [key(one.id) for one in rows if one.successor_id == id_ and one.id not in found]
    return found


def _chain(session: Session, start: int) -> list[int]:
    """A regulation and what followed it, one after the other."""
    found: list[int] = []
    row = session.get(Regulation, start)
    while row is not None and key(row.id) not in found:
        found.append(key(row.id))
        row = session.get(Regulation, row.successor_id) if row.successor_id else None
    return found


def newest(session: Session, regulation: Regulation) -> Regulation:
    """What governs in its place today: itself, or the last of its successors."""
    return session.get_one(Regulation, _chain(session, key(regulation.id))[-1])
