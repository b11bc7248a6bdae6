"""The figures of three made-up years, counted twice: by the database, and by hand from the exported files."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from domain.drafts import DirectiveKind
from domain.instants import at
from domain.obligations import Obligation, Standing, standing
from domain.regulations import Regulation
from domain.reviews.exporting import Counted, export_tables, rows_of, write_csv
from domain.reviews.figures import MOST_OPEN, PeriodFigures, Tally
from domain.reviews.figuring import figures_of
from domain.reviews.periods import Period, parse_period
from domain.reviews.population import INSTANT
from domain.reviews.scorecards import scores_of
from domain.written import parse_moment
from tests.story import OfficeStory
from tests.unit.review_books import Books
from tests.unit.review_history import EDGES, History, make_history
from tests.unit.review_second_calculation import SecondCalculation

AFTER = at(date(2026, 2, 1))
YEARS = (2023, 2024, 2025)
LONG = [f"{year}{part}" for year in YEARS for part in ("", "-H1", "-H2", "-9M", "-Q1", "-Q2", "-Q3", "-Q4")]
MONTHS = [f"{year}-{month:02}" for year in YEARS for month in range(1, 13)]
SPAN = "2023-04-15..2025-02-28"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OfficeStory, list[Regulation], Books]]:
    """Three years with two thousand directives on SQLite, and their files."""
    office = OfficeStory.made(tmp_path_factory.mktemp("history"))
    regulations = list(make_history(office.ledger))
    yield office, regulations, exported(office, tmp_path_factory.mktemp("csv"))
    office.ledger.engine.dispose()


def exported(office: OfficeStory, folder: Path) -> Books:
    with office.ledger.look() as session:
        write_csv(folder, export_tables(session, office.ledger.office_id))
    return Books(folder)


def counted(office: OfficeStory, scope: Regulation | None, period: str, now: datetime) -> PeriodFigures:
    with office.ledger.look() as session:
        return figures_of(session, office.ledger.office_id, scope, parse_period(period), now)


def agree(
    office: OfficeStory, books: Books, scope: Regulation | None, period: str, now: datetime = AFTER
) -> PeriodFigures:
    with office.ledger.look() as session:
        return agree_in(session, office.ledger.office_id, books, scope, period, now)


def agree_in(
    session: Session, office_id: int, books: Books, scope: Regulation | None, period: str, now: datetime
) -> PeriodFigures:
    """Every figure of one period is the same by both calculations."""
    mine = figures_of(session, office_id, scope, parse_period(period), now)
    span, regulation = parse_period(period), str(scope.id) if scope else ""
    theirs = SecondCalculation(books, span, now, regulation)
    before = SecondCalculation(books, span.before(), min(now, theirs.until), regulation)
    assert mine.whole == theirs.whole()
    assert {row.key: row.tally for row in mine.by_agency} == theirs.by_agency()
    assert {row.key: row.tally for row in mine.by_field} == theirs.by(lambda one: one.directive["field"])
    assert {row.key: row.tally for row in mine.by_kind} == theirs.by(lambda one: one.directive["kind"])
    assert {row.key: row.tally for row in mine.by_side} == (theirs.by_side() if scope else {})
    assert list(mine.by_month) == theirs.months()
    assert list(mine.causes) == theirs.causes()
    open_work = theirs.open_work()
    assert list(mine.open_work) == open_work[:MOST_OPEN]
    assert mine.open_total == len(open_work)
    for rows in (mine.by_agency, mine.by_field, mine.by_kind):
        assert list(rows) == sorted(rows, key=lambda row: (not row.key, -row.tally.counts.total, row.name))
    assert {row.key: row.name for row in mine.by_agency} == {
        row.key: books.by_id["agencies"][row.key]["name"] for row in mine.by_agency
    }
    assert {one.agency_id: one for one in mine.scores} == theirs.scores(before, mine.fewest_ranked)
    if mine.last is not None:
        assert mine.last == before.whole()
    else:
        assert before.tally() == Tally()
    return mine


@pytest.mark.parametrize("period", [*LONG, SPAN])
def test_every_figure_of_a_long_period_is_confirmed_by_hand(
    history: tuple[OfficeStory, list[Regulation], Books], period: str
) -> None:
    office, regulations, books = history
    for scope in (None, *regulations):
        agree(office, books, scope, period)


@pytest.mark.parametrize("period", MONTHS)
def test_every_figure_of_a_month_is_confirmed_by_hand(
    history: tuple[OfficeStory, list[Regulation], Books], period: str
) -> None:
    office, regulations, books = history
    agree(office, books, None, period)
    agree(office, books, regulations[1], period)


@pytest.mark.parametrize(
    ("period", "now"),
    [
        ("2024", "2024-05-17T10:30"),
        ("2024", "2024-12-31T23:59:59"),
        ("2024", "2025-01-01"),
        ("2025-Q1", "2025-03-01"),
        ("2025", "2025-07-01"),
    ],
)
def test_a_period_that_is_not_over_is_counted_as_it_stands(
    history: tuple[OfficeStory, list[Regulation], Books], period: str, now: str
) -> None:
    office, regulations, books = history
    agree(office, books, None, period, parse_moment(now))
    agree(office, books, regulations[1], period, parse_moment(now))


def test_postgresql_counts_the_same(any_office: OfficeStory, tmp_path: Path) -> None:
    regulations = list(make_history(any_office.ledger, seed=11, directives=250))
    books = exported(any_office, tmp_path / "csv")
    for period in ("2023", "2024", "2025", "2024-H1", "2025-Q1", "2024-12", SPAN):
        agree(any_office, books, None, period)
        agree(any_office, books, regulations[1], period)
    agree(any_office, books, None, "2024", parse_moment("2024-07-01"))


@pytest.mark.parametrize("seed", range(20, 32))
def test_other_histories_agree_too(office: OfficeStory, tmp_path: Path, seed: int) -> None:
    regulations = list(make_history(office.ledger, seed=seed, directives=60))
    books = exported(office, tmp_path / "csv")
    for period in ("2024", "2025-H1", "2025-03"):
        for scope in (None, *regulations):
            agree(office, books, scope, period)


def test_the_history_has_everything_that_figures_can_trip_over(
    history: tuple[OfficeStory, list[Regulation], Books],
) -> None:
    office, regulations, _ = history
    year = counted(office, None, "2024", AFTER)
    whole = year.whole.tally
    assert whole.counts.carried > 50
    assert min(whole.counts.model_dump().values()) > 0
    assert min(whole.asked.model_dump().values()) > 0
    assert {row.key for row in year.by_kind} == set(DirectiveKind)
    assert any(score.tied for period in MONTHS for score in counted(office, None, period, AFTER).scores)
    assert any(score.rank is None for period in MONTHS for score in counted(office, None, period, AFTER).scores)
    assert {row.name for row in counted(office, regulations[1], "2025", AFTER).by_side} > {"Mặt trận", ""}


def test_the_rows_behind_the_figures_add_up_to_them(history: tuple[OfficeStory, list[Regulation], Books]) -> None:
    office, regulations, _ = history
    for scope in (None, regulations[1]):
        figures = counted(office, scope, "2024", AFTER)
        with office.ledger.look() as session:
            rows = list(rows_of(session, office.ledger.office_id, scope, parse_period("2024"), AFTER))
        counts = figures.whole.tally.counts
        assert (sum(row.carried for row in rows), len(rows)) == (counts.carried, counts.total)
        for name in ("done_in_time", "done_undated", "done_late", "in_time", "overdue", "undated"):
            assert sum(row.standing == name for row in rows) == getattr(counts, name), name
        assert sum(row.days_late for row in rows) == figures.whole.tally.late.total


def test_at_any_moment_the_figures_are_those_that_the_lists_show(
    history: tuple[OfficeStory, list[Regulation], Books],
) -> None:
    office, _, _ = history
    names = {
        Standing.DONE_IN_TIME: ("done_in_time", "done_undated"),
        Standing.DONE_LATE: ("done_late",),
        Standing.IN_TIME: ("in_time",),
        Standing.OVERDUE: ("overdue",),
        Standing.UNDATED: ("undated",),
    }
    ever = Period(date(2000, 1, 1), date(2030, 12, 31), parse_period("2000-01-01..2030-12-31").shape)
    counts = counted(office, None, ever.code, AFTER).whole.tally.counts
    with office.ledger.look() as session:
        with_rows = rows_of(session, office.ledger.office_id, None, ever, AFTER)
        ids = [row.id for row in with_rows]
        works = [session.get_one(Obligation, id_) for id_ in ids]
    for one, parts in names.items():
        assert sum(standing(work, AFTER) == one for work in works) == sum(getattr(counts, part) for part in parts)


def test_work_that_is_open_when_a_month_ends_goes_on_in_the_next(
    history: tuple[OfficeStory, list[Regulation], Books],
) -> None:
    """Nothing is lost between two periods and nothing comes from nowhere, whatever the definitions say."""
    office, _, books = history
    before: dict[int, Counted] | None = None
    seen: set[int] = set()
    for period in map(parse_period, MONTHS):
        with office.ledger.look() as session:
            month = {row.id: row for row in rows_of(session, office.ledger.office_id, None, period, AFTER)}
        if before is not None:
            gone = {id_ for id_, row in before.items() if row.settled is None} - set(month)
            assert all(books.by_id["obligations"][str(id_)]["state"] == "cancelled" for id_ in gone), period.code
            came = {id_ for id_, row in month.items() if row.carried} - set(before)
            assert all(books.by_id["obligations"][str(id_)]["came_from"] for id_ in came), period.code
        before = month
        seen |= set(month)
    ever = counted(office, None, "2022-01-01..2026-01-31", AFTER)
    with office.ledger.look() as session:
        all_ = {row.id for row in rows_of(session, office.ledger.office_id, None, parse_period(ever.period), AFTER)}
    assert {id_ for id_ in all_ if books.by_id["obligations"][str(id_)]["assigned_at"] < "2026"} <= seen


# --- any small history ------------------------------------------------------------------------------------------------

periods = st.sampled_from([*LONG, *MONTHS, SPAN, "2024-12-31..2024-12-31"])
moments = st.sampled_from([AFTER, *(at(day) for day in EDGES), *(at(day) - INSTANT for day in EDGES)])


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False), directives=st.integers(1, 6), period=periods, now=moments)
def test_both_calculations_agree_on_any_small_history(
    office: OfficeStory,
    tmp_path_factory: pytest.TempPathFactory,
    chance: random.Random,
    directives: int,
    period: str,
    now: datetime,
) -> None:
    assume(parse_period(period).begin <= now)
    with office.ledger.look() as session:  # what it writes is never committed: each example begins anew
        history = History(session, office.ledger.office_id, chance)
        history.make(directives)
        folder = tmp_path_factory.mktemp("csv")
        write_csv(folder, export_tables(session, office.ledger.office_id))
        for scope in (None, *history.regulations):
            agree_in(session, office.ledger.office_id, Books(folder), scope, period, now)


def test_an_office_without_work_has_figures_too(office: OfficeStory) -> None:
    figures = counted(office, None, "2018", parse_moment("2018-05-01"))
    assert figures.whole.tally == Tally()
    assert figures.whole.tally.counts.in_time_share is None
    assert figures.last is None
    assert [one.overdue for one in figures.by_month] == [0, 0, 0, 0, None]


def test_equal_shares_share_a_rank_and_small_numbers_are_not_ranked() -> None:
    def tally(in_time: int, late: int) -> Tally:
        return Tally.model_validate({"counts": {"done_in_time": in_time, "done_late": late}})

    now = {1: tally(9, 1), 2: tally(18, 2), 3: tally(10, 0), 4: tally(1, 9), 5: tally(2, 0), 6: Tally()}
    names = {1: "B", 2: "A", 3: "C", 4: "D", 5: "Đ", 6: "E"}
    cards = scores_of(now, {1: tally(8, 2), 2: tally(19, 1), 3: tally(5, 0), 5: Tally()}, names, 5)
    assert [(one.agency, one.rank, one.tied, one.trend) for one in cards] == [
        ("C", 1, False, "same"),
        ("A", 2, True, "down"),
        ("B", 2, True, "up"),
        ("D", 4, False, ""),
        ("Đ", None, False, ""),
        ("E", None, False, ""),
    ]
