"""Making an office and opening its ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import yaml
from alembic import command
from alembic.config import Config
from pendulum import DateTime
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from sqlalchemy import Engine, inspect, text
from sqlmodel import Session, select

from config.settings import ROOT, Settings
from domain.agencies import seed_agencies
from domain.audit import Act, Stamp, append
from domain.errors import Refusal
from domain.keys import key
from domain.names import Registry, load_registry
from domain.offices import CalendarDay, Office, new_office
from domain.policy import Policy, load_policy
from domain.store import Ledger, database_errors, open_engine

SCHEMA = "0007"  #: the newest migration; a test holds it against the folder
MIGRATIONS = ROOT.parent / "migrations"


class DayOverride(BaseModel):
    """A row of `calendar.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: date
    worked: bool
    reason: str


class Overrides(BaseModel):
    """The whole of `calendar.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    overrides: tuple[DayOverride, ...] = ()

    @model_validator(mode="after")
    def each_day_once(self) -> Self:
        """A day is worked or it is not."""
        days = [one.day for one in self.overrides]
        for day in days:
            if days.count(day) > 1:
                raise ValueError(f"overrides: {day} stands there twice")
        return self


@dataclass(frozen=True, slots=True)
class Seeds:
    """What a new office is seeded with, read and checked before anything is made."""

    policy: Policy
    registry: Registry
    days: tuple[DayOverride, ...]


def read_seeds(settings: Settings) -> Seeds:
    """Reads the three seed files. Raises Refusal that names the file and what is wrong in it."""
    return Seeds(
        policy=load_policy(settings.policy_file or ROOT / "policy.yaml"),
        registry=load_registry(settings.agencies_file or ROOT / "agencies.yaml"),
        days=_read_days(settings.calendar_file or ROOT / "calendar.yaml"),
    )


def _read_days(path: Path) -> tuple[DayOverride, ...]:
    try:
        return Overrides.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {}).overrides
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(str(part) for part in first['loc'])} {first['msg']}".strip()
        raise Refusal("errors.calendar_broken", file=path.name, why=why) from error
    except (yaml.YAMLError, ValueError, OSError) as error:
        raise Refusal("errors.calendar_broken", file=path.name, why=str(error).splitlines()[0]) from error


def make_folders(settings: Settings) -> None:
    """Makes the home folder. Raises Refusal when it cannot be written."""
    try:
        for folder in (settings.home, settings.mail_folder, settings.attachments_folder, settings.logs_folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.home / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise Refusal("errors.home_unwritable", home=settings.home, why=error.strerror or str(error)) from error


def migrate(engine: Engine) -> None:
    """Brings the ledger's tables to the newest schema; everything or nothing."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database_errors(), engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:  # a table is rebuilt under its children; only outside a transaction does the pragma count
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


def found_office(
    settings: Settings,
    clock: Callable[[], DateTime],
    *,
    name: str,
    simulated: bool = False,
    now: DateTime | None = None,
) -> tuple[Ledger, bool]:
    """Makes the office, or opens the one that is there; answers whether it was made now.

    Raises Refusal for a broken seed file or a home that cannot be written; then nothing has been made.
    """
    seeds = read_seeds(settings)
    make_folders(settings)
    engine = open_engine(settings.ledger_url)
    migrate(engine)
    office_id = _office_id(engine)
    if office_id is not None:
        return Ledger(engine, office_id, clock), False
    moment = now or clock()
    with database_errors(), Session(engine) as session, session.begin():
        office_id = key(new_office(session, name, seeds.policy, simulated=simulated, now=moment).id)
        seed_agencies(session, office_id, seeds.registry)
        session.add_all(CalendarDay(office_id=office_id, **day.model_dump()) for day in seeds.days)
        act = Act("office.made", f"office:{office_id}", {"name": name, "simulated": simulated})
        session.flush()
        append(session, [act], Stamp(office_id, "dondoc", moment, clock()))
    return Ledger(engine, office_id, clock), True


def open_ledger(settings: Settings, clock: Callable[[], DateTime]) -> Ledger:
    """The ledger of an office that exists. Raises Refusal that names `init` when there is none."""
    if settings.ledger_url.startswith("sqlite") and not Path(settings.ledger_url.removeprefix("sqlite:///")).is_file():
        raise Refusal("errors.no_office", home=settings.home)
    engine = open_engine(settings.ledger_url)
    try:
        return Ledger(engine, _checked_office(engine, settings), clock)
    except Refusal:
        engine.dispose()
        raise


def _checked_office(engine: Engine, settings: Settings) -> int:
    with database_errors():
        if not inspect(engine).has_table("alembic_version"):
            raise Refusal("errors.no_office", home=settings.home)
        with engine.connect() as connection:
            schema = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if schema != SCHEMA:
        raise Refusal("errors.old_schema", schema=schema)
    office_id = _office_id(engine)
    if office_id is None:
        raise Refusal("errors.no_office", home=settings.home)
    return office_id


def _office_id(engine: Engine) -> int | None:
    with database_errors(), Session(engine.execution_options(looking=True)) as session:
        return session.exec(select(Office.id)).first()
