"""By which ways somebody is reached: channels in their order, which of them fail for good, hours and language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from domain.columns import UtcDateTime
from domain.errors import Refusal
from domain.instants import at, local
from domain.store import Change

MAIL = "mail"  #: the way that everybody has: their mail address
LONGEST_ADDRESS, LONGEST_WHY = 200, 300  #: characters
LAST = 1_000  #: the place of a mail address that nobody put into an order: after everything else


class Way(SQLModel, table=True):
    """One way to somebody. A mail address stands here only where it has a place of its own, or fails."""

    __table_args__ = (UniqueConstraint("office_id", "person", "channel", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    person: str  #: "contact:7" or "official:2"
    place: int  #: the smaller, the earlier it is tried
    channel: str
    address: str  #: what the channel knows them by: a mail address, a telephone number, a chat
    bad_since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))  #: it takes nothing, for good
    bad_why: str = ""


class Preference(SQLModel, table=True):
    """How somebody wants to be written to."""

    __table_args__ = (UniqueConstraint("office_id", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    person: str
    language: str = ""  #: "vi" or "en"; empty: the office's own
    opens: str = ""  #: "07:30": nothing before; empty: at any hour
    closes: str = ""  #: "17:00": nothing from then on


@dataclass(frozen=True, slots=True)
class Route:
    """One way as it stands."""

    channel: str
    address: str
    bad_since: datetime | None = None
    bad_why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may be tried."""
        return self.bad_since is None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wishes."""

    language: str = ""
    opens: time | None = None
    closes: time | None = None

    def soonest(self, moment: datetime) -> datetime:
        """The first moment from `moment` on that lies in their hours (Asia/Ho_Chi_Minh)."""
        if self.opens is None or self.closes is None:
            return moment
        wall = local(moment)
        if self.opens <= wall.time() < self.closes:
            return moment
        day = wall.date() if wall.time() < self.opens else wall.date() + timedelta(days=1)
        return at(day, self.opens)


NOTHING_WANTED = Wanted()


def routes(session: Session, office_id: int, mail: Mapping[str, str]) -> dict[str, tuple[Route, ...]]:
    """Person -> their ways in order, given the mail address of each; the mail comes last where nobody placed it."""
    rows: dict[str, list[Way]] = defaultdict(list)
    query = select(Way).where(Way.office_id == office_id, col(Way.person).in_(set(mail)))
    for row in session.exec(query.order_by(col(Way.place), col(Way.id))) if mail else ():
        rows[row.person].append(row)
    return {person: _routes(rows.get(person, []), own) for person, own in mail.items()}


def _routes(rows: Sequence[Way], own: str) -> tuple[Route, ...]:
    present = [row for row in rows if row.channel != MAIL or row.address.casefold() == own.casefold()]
    found = [Route(row.channel, row.address, row.bad_since, row.bad_why) for row in present]
    return tuple(found) if any(one.channel == MAIL for one in found) else (*found, Route(MAIL, own))


def preferences(session: Session, office_id: int, people: Iterable[str]) -> dict[str, Wanted]:
    """Person -> what they wish; who wishes nothing is left out."""
    wanted = set(people)
    query = select(Preference).where(Preference.office_id == office_id, col(Preference.person).in_(wanted))
    return {row.person: Wanted(row.language, _hour(row.opens), _hour(row.closes)) for row in session.exec(query)}


def _hour(words: str) -> time | None:
    return time.fromisoformat(words) if words else None


def arrange(change: Change, person: str, own: str, ways: Sequence[tuple[str, str]]) -> None:
    """Gives somebody their ways (channel, address) in this order; `own` is their mail address.

    What is known of a way that stays, stays known. Raises Refusal for a way that is named twice.
    """
    wanted = [(channel, own if channel == MAIL else address) for channel, address in ways]
    if len(set(wanted)) < len(wanted) or any(len(address) > LONGEST_ADDRESS for _, address in wanted):
        raise Refusal("ways.refused.twice")
    known = {(row.channel, row.address): row for row in _of(change, person)}
    for pair, row in known.items():
        if pair not in wanted:
            change.session.delete(row)
    for place, (channel, address) in enumerate(wanted, start=1):
        row = known.get((channel, address)) or _new(change, person, channel, address)
        row.place = place
        change.session.add(row)
    change.record("ways.arranged", person, ways=[f"{channel}:{address}" for channel, address in wanted])


def put_first(change: Change, person: str, channel: str, address: str) -> None:
    """A way comes before all others and is good: somebody has just shown that they are there."""
    rows = _of(change, person)
    row = next((one for one in rows if (one.channel, one.address) == (channel, address)), None)
    for old in rows:
        if old.channel == channel and old is not row:
            change.session.delete(old)  # one chat a person on each channel: the last one that they showed
    row = row or _new(change, person, channel, address)
    row.place, row.bad_since, row.bad_why = min((one.place for one in rows), default=1) - 1, None, ""
    change.session.add(row)
    change.record("ways.shown", person, channel=channel, address=address)


def mark_bad(change: Change, person: str, channel: str, address: str, why: str) -> None:
    """A way takes nothing, for good. Once is enough: the first reason stays."""
    row = _found(change, person, channel, address)
    if row is None:
        row = _new(change, person, channel, address)
        row.place = LAST
    if row.bad_since is None:
        row.bad_since, row.bad_why = change.now, why[:LONGEST_WHY]
        change.record("ways.bad", person, channel=channel, address=address, why=row.bad_why)
    change.session.add(row)


def mark_good(change: Change, person: str, channel: str, address: str) -> None:
    """A way may be tried again."""
    row = _found(change, person, channel, address)
    if row is not None and row.bad_since is not None:
        row.bad_since, row.bad_why = None, ""
        change.session.add(row)
        change.record("ways.good", person, channel=channel, address=address)


def prefer(change: Change, person: str, wanted: Wanted) -> None:
    """Notes what somebody wishes. Raises Refusal for hours that are backwards or half."""
    if (wanted.opens is None) != (wanted.closes is None) or (
        wanted.opens is not None and wanted.closes is not None and wanted.opens >= wanted.closes
    ):
        raise Refusal("ways.refused.hours")
    query = select(Preference).where(Preference.office_id == change.office_id, Preference.person == person)
    row = change.session.exec(query).first() or Preference(office_id=change.office_id, person=person)
    row.language = wanted.language
    row.opens, row.closes = (f"{hour:%H:%M}" if hour else "" for hour in (wanted.opens, wanted.closes))
    change.session.add(row)
    change.record("ways.preferred", person, language=row.language, opens=row.opens, closes=row.closes)


def forget_ways(change: Change, person: str) -> None:
    """Drops every way to somebody who is not written to any more: their telephone must not hear of this work."""
    gone = [*_of(change, person), *_wishes(change, person)]
    for row in gone:
        change.session.delete(row)
    if gone:
        change.session.flush()
        change.record("ways.forgotten", person)


def move_ways(change: Change, person: str, to: str, own: str) -> None:
    """The same person is kept under another key from now on, and has the mail address `own`."""
    for row in _of(change, person):
        row.person = to
        if row.channel == MAIL and row.address.casefold() != own.casefold():
            row.address, row.bad_since, row.bad_why = own, None, ""
        change.session.add(row)
    for wish in _wishes(change, person):
        wish.person = to
        change.session.add(wish)


def bad_routes(session: Session, office_id: int) -> list[Way]:
    """Every way that takes nothing for good, the latest first."""
    query = select(Way).where(Way.office_id == office_id, col(Way.bad_since).is_not(None))
    return list(session.exec(query.order_by(col(Way.bad_since).desc(), col(Way.id))))


def _of(change: Change, person: str) -> list[Way]:
    query = select(Way).where(Way.office_id == change.office_id, Way.person == person)
    return list(change.session.exec(query.order_by(col(Way.place), col(Way.id))))


def _wishes(change: Change, person: str) -> list[Preference]:
    query = select(Preference).where(Preference.office_id == change.office_id, Preference.person == person)
    return list(change.session.exec(query))


def _found(change: Change, person: str, channel: str, address: str) -> Way | None:
    return next((row for row in _of(change, person) if (row.channel, row.address) == (channel, address)), None)


def _new(change: Change, person: str, channel: str, address: str) -> Way:
    return Way(office_id=change.office_id, person=person, place=LAST, channel=channel, address=address)
