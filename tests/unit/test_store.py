"""The ledger's ground: instants, transactions and the schema, on both databases."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta, timezone

import pendulum
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime
from sqlalchemy import Column, Integer, MetaData, Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import StatementError
from sqlmodel import SQLModel, col

import domain.reports
import notifications.tables
from config.clock import wall_clock
from config.settings import ZONE, load_settings
from domain.columns import UtcDateTime
from domain.errors import Refusal
from domain.founding import MIGRATIONS, SCHEMA, found_office, migrate, open_ledger
from domain.offices import Office
from domain.planning import plan_conclusion
from domain.tables import tables
from tests.story import OfficeStory, directive, draft

assert domain.reports, notifications.tables  # imported for the tables they register

SAMPLES = Table("sample_instant", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))
ZONES = [UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-9, minutes=-30)), pendulum.timezone(ZONE)]
DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]
instants = st.datetimes(
    datetime(1976, 1, 2),  # noqa: DTZ001  (until 1975 clocks here were set anew: some local times never were)
    datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from(ZONES),
)


def rows_in(story: OfficeStory) -> dict[str, int]:
    """Table -> number of rows, of every table of the ledger."""
    with story.ledger.look() as session:
        tables = SQLModel.metadata.sorted_tables
        return {
            one.name: session.connection().execute(select(func.count()).select_from(one)).scalar_one() for one in tables
        }


class Stop(Exception):
    """Something that goes wrong in the middle."""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_instant_without_a_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2018, 3, 9, 8), dialect)  # noqa: DTZ001


@given(instants)
def test_an_instant_comes_back_as_the_same_instant_in_utc(moment: datetime) -> None:
    for dialect in DIALECTS:
        column = UtcDateTime()
        back = column.process_result_value(column.process_bind_param(moment, dialect), dialect)
        assert back == moment
        assert isinstance(back, DateTime)
        assert back.timezone_name == "UTC"


def test_a_database_keeps_instants_to_the_microsecond_and_in_order(any_office: OfficeStory) -> None:
    moments = [
        datetime(2018, 3, 8, 16, 59, 59, 999_999, tzinfo=UTC),
        pendulum.datetime(2018, 3, 9, tz=ZONE),
        datetime(2018, 3, 8, 22, 0, 0, 1, tzinfo=timezone(timedelta(hours=5))),
        None,
    ]
    with any_office.ledger.engine.begin() as connection:
        SAMPLES.create(connection)
        connection.execute(SAMPLES.insert(), [{"id": n, "at": at} for n, at in enumerate(moments)])
    with any_office.ledger.engine.begin() as connection:
        back = connection.execute(select(SAMPLES.c.at).order_by(SAMPLES.c.id)).scalars().all()
        late = connection.execute(select(SAMPLES.c.id).where(moments[1] <= SAMPLES.c.at).order_by(SAMPLES.c.id))
        assert late.scalars().all() == [1, 2]
    assert back == moments
    assert {type(one) for one in back if one} == {DateTime}
    assert {one.timezone_name for one in back if one} == {"UTC"}


def test_a_database_is_never_given_an_instant_without_a_zone(any_office: OfficeStory) -> None:
    with any_office.ledger.engine.begin() as connection:
        SAMPLES.create(connection)
        with pytest.raises(StatementError, match="naive"):
            connection.execute(SAMPLES.insert(), {"id": 1, "at": datetime(2018, 3, 9)})  # noqa: DTZ001


def test_a_change_that_fails_stores_nothing(any_office: OfficeStory) -> None:
    filed = any_office.files(draft(directive("Sở Nội vụ", "2018-03-21")))
    before = rows_in(any_office)

    def fail_in_the_middle() -> None:
        with any_office.ledger.change(now=any_office.now, actor="test") as change:
            plan_conclusion(change, filed.conclusion.id or 0)
            change.session.flush()
            raise Stop

    with pytest.raises(Stop):
        fail_in_the_middle()
    assert rows_in(any_office) == before
    any_office.waits_until("2018-03-07 17:00")
    assert rows_in(any_office)["checkpoint"] > 0


def test_looking_neither_blocks_a_writer_nor_sees_half_of_a_change(any_office: OfficeStory) -> None:
    ledger = any_office.ledger
    with ledger.look() as session:
        before = session.scalars(select(col(Office.name))).one()
        with ledger.change(now=any_office.now, actor="test") as change:
            change.session.get_one(Office, ledger.office_id).name = "Tên mới"
            change.session.flush()
            with ledger.look() as another:
                assert another.scalars(select(col(Office.name))).one() == before
    with ledger.look() as session:
        assert session.scalars(select(col(Office.name))).one() == "Tên mới"


def test_the_schema_the_program_expects_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_the_migrated_tables_are_those_the_program_knows(any_office: OfficeStory) -> None:
    with any_office.ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert tables()
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_again_and_making_the_office_again_change_nothing(any_office: OfficeStory) -> None:
    before = rows_in(any_office)
    migrate(any_office.ledger.engine)
    again, made = found_office(any_office.settings, wall_clock, name="Văn phòng khác")
    again.engine.dispose()
    assert not made
    assert again.office_id == any_office.ledger.office_id
    assert rows_in(any_office) == before


def test_a_ledger_of_another_schema_is_refused_by_name(any_office: OfficeStory) -> None:
    with any_office.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refusal) as refused:
        open_ledger(any_office.settings, wall_clock)
    assert (refused.value.code, refused.value.params) == ("errors.old_schema", {"schema": "9999"})
    del refused
    gc.collect()  # a connection left open by the refusal would warn here, and not in a later test


def test_a_database_that_does_not_answer_is_said_in_one_line() -> None:
    settings = load_settings(home="/nonexistent", database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Refusal) as refused:
        open_ledger(settings, wall_clock)
    assert refused.value.code == "errors.database"
    assert "\n" not in str(refused.value.params["why"])
