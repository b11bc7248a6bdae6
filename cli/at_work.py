"""What the commands of an office at work share: its ledger, the moment they act as of, and who acts."""

from __future__ import annotations

import getpass

from pendulum import DateTime

from config.clock import wall_clock
from config.logs import log_to_file
from config.settings import Settings, load_settings
from domain.errors import Refusal
from domain.founding import open_ledger
from domain.instants import local
from domain.offices import the_office
from domain.store import Ledger
from domain.written import parse_moment


def office() -> tuple[Settings, Ledger]:
    """The office that `DONDOC_HOME` names. Raises Refusal when there is none."""
    settings = load_settings()
    ledger = open_ledger(settings, wall_clock)
    log_to_file(settings)
    return settings, ledger


def as_of(ledger: Ledger, words: str | None) -> DateTime:
    """The moment a command acts as of: `--now`, else this instant (on a simulated office, as far as it has come).

    Raises Refusal for a moment that cannot be read, and for the future on a live office.
    """
    with ledger.look() as session:
        row = the_office(session, ledger.office_id)
    if words is None:
        return local(row.simulated_at) if row.simulated and row.simulated_at else wall_clock()
    moment = parse_moment(words)
    if not row.simulated and moment > wall_clock():
        raise Refusal("errors.future", moment=words)
    return moment


def actor() -> str:
    """Who sits at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"
