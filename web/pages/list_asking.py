"""What a list's address asks for, and the addresses that ask for something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import HTTPException, Request

from domain.errors import Refusal
from domain.instants import of_our_time
from domain.listing.asked import Asked, Waiting
from domain.listing.bodies import LEVELS
from domain.obligations import Standing, State

MOST_PAGES = 1_000_000  #: a larger number was not made by us
LARGEST_ID = 2**31 - 1
NAMES = {  #: field of Asked -> its name in the address, in the order in which addresses are written
    "words": "q",
    "standing": "standing",
    "state": "state",
    "agency": "agency",
    "conclusion": "conclusion",
    "directive": "directive",
    "due_from": "due_from",
    "due_to": "due_to",
    "waiting": "waiting",
    "owner": "owner",
    "level": "level",
    "everything": "all",
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """A list's address: the list, what it is asked for, the order and the page."""

    path: str
    asked: Asked
    sort: str = ""
    page: int = 1

    def __str__(self) -> str:
        return self._written(self.path)

    def to_page(self, number: int) -> str:
        """The same list, another page."""
        return str(replace(self, page=number))

    def sorted_by(self, sort: str) -> str:
        """The same list by a column; the other way round where it is by that column already."""
        return str(replace(self, sort=f"-{sort}" if self.sort == sort else sort, page=1))

    def direction(self, sort: str) -> str:
        """How the list is sorted by a column, as aria-sort says it."""
        return {sort: "ascending", f"-{sort}": "descending"}.get(self.sort, "none")

    def without(self, *fields: str) -> str:
        """The same list, asked for less."""
        less = {name: "" if name in ("words", "level") else None for name in fields}
        return str(replace(self, asked=replace(self.asked, **less), page=1))  # type: ignore[arg-type]

    def exported(self, kind: str) -> str:
        """Where exactly this list is had as a file, all its pages."""
        return replace(self, page=1)._written(f"{self.path}.{kind}")

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for less than everything."""
        return self.asked != Asked()

    def asks_more(self, of_agencies: bool) -> bool:
        """Whether it asks for something that the filter keeps below its first line."""
        first = Asked(words=self.asked.words, conclusion=self.asked.conclusion, directive=self.asked.directive)
        own = replace(first, level=self.asked.level) if of_agencies else replace(first, standing=self.asked.standing)
        return bool(self.sort) or self.asked != own

    def _written(self, path: str) -> str:
        pairs = written(self.asked) | ({"sort": self.sort} if self.sort else {})
        pairs |= {"page": str(self.page)} if self.page > 1 else {}
        return f"{path}?{urlencode(pairs)}" if pairs else path


def written(asked: Asked) -> dict[str, str]:
    """A filter as the parameters of an address; what is not asked for is left out."""
    found: dict[str, str] = {}
    for field, name in NAMES.items():
        value = getattr(asked, field)
        if value not in (None, "", False):
            found[name] = "1" if value is True else value.isoformat() if isinstance(value, date) else str(value)
    return found


def address_of(path: str, asked: Asked) -> str:
    """Where a list stands that is asked for something."""
    return str(Address(path, asked))


def address_in(request: Request, path: str, sorts: tuple[str, ...]) -> Address:
    """What a request asks of a list. Raises 404 for what no list has, and Refusal for a day that is none."""
    given = request.query_params
    sort = given.get("sort", "")
    if sort and sort.removeprefix("-") not in sorts:
        raise HTTPException(404)
    page = _number(given, "page", MOST_PAGES)
    return Address(path, asked_in(given), sort, 1 if page is None else max(page, 1))


def asked_in(given: Mapping[str, str]) -> Asked:
    """The filter in an address's parameters; empty ones ask for nothing."""
    level = given.get("level", "")
    if level and level not in LEVELS:
        raise HTTPException(404)
    return Asked(
        words=" ".join(given.get("q", "").split())[:200],
        standing=_read(given, "standing", Standing),
        state=_read(given, "state", State),
        agency=_number(given, "agency"),
        conclusion=_number(given, "conclusion"),
        directive=_number(given, "directive"),
        due_from=_day(given, "due_from"),
        due_to=_day(given, "due_to"),
        waiting=_read(given, "waiting", Waiting),
        owner=_number(given, "owner"),
        level=level,
        everything=bool(given.get("all")),
    )


def _number(given: Mapping[str, str], name: str, most: int = LARGEST_ID) -> int | None:
    number = _read(given, name, int)
    if number is not None and not 0 < number <= most:
        raise HTTPException(404)
    return number


def _read(given: Mapping[str, str], name: str, reading: Callable[[str], T]) -> T | None:
    if not (words := given.get(name, "").strip()):
        return None
    try:
        return reading(words)
    except ValueError:
        raise HTTPException(404) from None


def _day(given: Mapping[str, str], name: str) -> date | None:
    """A day as a browser writes it, or as a person does where the browser has no calendar: 09/3/2018."""
    if not (words := given.get(name, "").strip()):
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            day = datetime.strptime(words, form).date()  # noqa: DTZ007
        except ValueError:
            continue
        if of_our_time(day):
            return day
    raise Refusal("web_lists.refused.day", words=words[:40])
