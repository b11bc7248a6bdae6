"""The lists: obligations, directives, conclusions, agencies; each also as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from sqlmodel import Session

from config.words import say
from domain.listing.asked import Asked
from domain.listing.bodies import AGENCY_SORTS, agency_page, every_agency
from domain.listing.notices import (
    CONCLUSION_SORTS,
    DIRECTIVE_SORTS,
    conclusion_page,
    directive_page,
    every_conclusion,
    every_directive,
)
from domain.listing.obligations import every_work, work_page
from domain.listing.ordering import SORTS
from domain.listing.pages import Page
from web.exporting import Column, Sheet, as_file, check_rate
from web.pages.list_asking import address_in
from web.pages.list_choices import choices_of, orders
from web.pages.list_columns import agency_columns, conclusion_columns, directive_columns, work_columns
from web.visit import Viewer, Visit

router = APIRouter()
Kind = Literal["xlsx", "csv"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its sorts, a page of it, all of it, and its columns as a file."""

    name: str
    sorts: tuple[str, ...]
    page: Callable[[Session, int, datetime, Asked, str, int], Page[Any]]
    every: Callable[[Session, int, datetime, Asked, str], Iterator[Any]]
    columns: Callable[[], Sequence[Column[Any]]]

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"/{self.name}"


OBLIGATIONS = Listing("obligations", SORTS, work_page, every_work, work_columns)
DIRECTIVES = Listing("directives", DIRECTIVE_SORTS, directive_page, every_directive, directive_columns)
CONCLUSIONS = Listing("conclusions", CONCLUSION_SORTS, conclusion_page, every_conclusion, conclusion_columns)
AGENCIES = Listing("agencies", AGENCY_SORTS, agency_page, every_agency, agency_columns)


@router.get("/obligations")
def obligations(visit: Viewer) -> Response:
    """Obligations, the most urgent first."""
    return _shown(visit, OBLIGATIONS)


@router.get("/directives")
def directives(visit: Viewer) -> Response:
    """Directives, those of the newest notice first."""
    return _shown(visit, DIRECTIVES)


@router.get("/conclusions")
def conclusions(visit: Viewer) -> Response:
    """Conclusions, the newest first."""
    return _shown(visit, CONCLUSIONS)


@router.get("/agencies")
def agencies(visit: Viewer) -> Response:
    """Agencies, those with the most late work first."""
    return _shown(visit, AGENCIES)


@router.get("/obligations.{kind}")
def obligations_file(visit: Viewer, kind: Kind) -> Response:
    """The obligations that the page of the same address shows, all pages, as a file."""
    return _exported(visit, OBLIGATIONS, kind)


@router.get("/directives.{kind}")
def directives_file(visit: Viewer, kind: Kind) -> Response:
    """The directives that the page of the same address shows, as a file."""
    return _exported(visit, DIRECTIVES, kind)


@router.get("/conclusions.{kind}")
def conclusions_file(visit: Viewer, kind: Kind) -> Response:
    """The conclusions that the page of the same address shows, as a file."""
    return _exported(visit, CONCLUSIONS, kind)


@router.get("/agencies.{kind}")
def agencies_file(visit: Viewer, kind: Kind) -> Response:
    """The agencies that the page of the same address shows, as a file."""
    return _exported(visit, AGENCIES, kind)


def _shown(visit: Visit, listing: Listing) -> Response:
    address = address_in(visit.request, listing.path, listing.sorts)
    with visit.look() as session:
        page = listing.page(session, visit.office_id, visit.now, address.asked, address.sort, address.page)
        choices = choices_of(session, visit.office_id, address.asked)
    sorts = orders(listing.name, listing.sorts)
    answer = visit.page(f"{listing.name}.html", address=address, page=page, choices=choices, sorts=sorts)
    if "hx-request" in visit.request.headers:
        answer.headers["hx-push-url"] = str(address)  # an address to be mailed: without what was left empty
    return answer


def _exported(visit: Visit, listing: Listing, kind: Kind) -> Response:
    check_rate(visit.request)
    address = address_in(visit.request, listing.path, listing.sorts)
    name = f"{say(f'web_lists.file.{listing.name}')}-{visit.now:%Y-%m-%d}"
    with visit.look() as session:
        rows = listing.every(session, visit.office_id, visit.now, address.asked, address.sort)
        return as_file(Sheet(name, listing.columns(), rows), kind)
