"""The deployment by which an operator opens a review in Prefect's own pages: its parameters are a form there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Failed
from pydantic import Field

from config.clock import wall_clock
from config.words import say, say_with
from domain.errors import Refusal
from domain.instants import at
from domain.keys import key
from domain.regulations import Regulation, find_regulation
from domain.reviews.cycles import Opened, Opening
from domain.reviews.periods import parse_period
from flows.desk import Desk, open_desk
from flows.reviewing import open_review
from flows.scheduling import ensure_followed

NAME = "annual-review"


class PartOfYear(StrEnum):
    """Which part of the year is reviewed."""

    YEAR = "year"
    FIRST_HALF = "H1"
    SECOND_HALF = "H2"
    NINE_MONTHS = "9M"
    FIRST_QUARTER = "Q1"
    SECOND_QUARTER = "Q2"
    THIRD_QUARTER = "Q3"
    FOURTH_QUARTER = "Q4"

    def of(self, year: int) -> str:
        """How the period is written."""
        return f"{year}" if self is PartOfYear.YEAR else f"{year}-{self}"


@flow(name=NAME)
def annual_review(
    regulation: Annotated[str, Field(min_length=1, max_length=100)],
    year: Annotated[int, Field(ge=1990, le=2199)],
    last_day: date,
    part: PartOfYear = PartOfYear.YEAR,
    letter_number: Annotated[str, Field(max_length=100)] = "",
    now: datetime | None = None,
) -> dict[str, object] | State[dict[str, object]]:
    """Opens a review: asks every side of a regulation for its report. Opening it twice changes nothing.

    Args:
        regulation: Số của quy chế phối hợp, như trong sổ / number of the regulation, as in the ledger.
        year: Năm được đánh giá / the year that is reviewed.
        last_day: Ngày cuối cùng các bên gửi báo cáo / the last day in time for the reports.
        part: Cả năm, hoặc một phần của năm / the whole year, or a part of it.
        letter_number: Số công văn; để trống thì tự đặt / number of the letter; empty: one is made up.
        now: Chỉ dùng cho sổ mô phỏng / only for a simulated ledger.
    """
    desk = open_desk(now)
    try:
        if not desk.simulated and desk.now > wall_clock():
            raise Refusal("errors.future", moment=desk.now.isoformat())
        with desk.ledger.look() as session:
            row = find_regulation(session, desk.ledger.office_id, regulation)
        opening = Opening(row, parse_period(part.of(year)), at(last_day + timedelta(days=1)), letter_number)
        opened = open_review(desk.ledger, opening, desk.now, NAME)
    except Refusal as refusal:  # a person filled the form: one line says what to do, no traceback
        return Failed(message=say_with(refusal.code, refusal.params))
    if opened.conclusion.planned_at is None:
        ensure_followed(desk, key(opened.conclusion.id), opened.conclusion.number)
    show_review(desk, opened, row)
    return {"review": opened.cycle.id, "conclusion": opened.conclusion.number, "opened": opened.is_new}


def show_review(desk: Desk, opened: Opened, regulation: Regulation) -> None:
    """Leaves an artifact that leads to the review's page."""
    words = say(
        "flows.review",
        language="vi",
        period=opened.cycle.span.words("vi"),
        number=regulation.number,
        page=f"{desk.settings.base_url}/reviews/{opened.cycle.id}",
        letter=opened.conclusion.number,
    )
    create_markdown_artifact(words, key=f"review-{opened.cycle.id}", description=opened.conclusion.number)
