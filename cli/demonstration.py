"""The demo: a notice of our own words, with seed dates that settle all arithmetic, and a scripted cast."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pendulum
from pendulum import DateTime
from sqlmodel import col, select

from cli.common import console
from cli.looking import show_timeline
from cli.notices import show
from cli.replaying import live, load_notice, prefect_for, simulated_office
from cli.serving import serving_pages
from config.settings import ZONE, Settings
from config.words import say
from domain.accounts import Rank, add_account
from domain.agencies import Agency, find_agency
from domain.links import Purpose, give_link
from domain.obligations import Obligation
from domain.reports import COMPLETE, Said, report, reported_rows
from domain.store import Ledger
from domain.views import planned_rows
from flows.desk import Desk
from notifications.addresses import address_of
from notifications.history import sendings

NOTICE = Path(__file__).parent / "samples" / "thong-bao-31.txt"
SINCE = pendulum.datetime(2018, 3, 7, 9, tz=ZONE)
UNTIL = pendulum.datetime(2018, 4, 6, 17, tz=ZONE)
IN_TIME, LATE, SILENT = "Sở Tài chính", "Sở Tư pháp", "Sở Nội vụ"
DEMO_ACCOUNT, LINK_DAYS = "demo", 90
CAST = (
    (pendulum.datetime(2018, 3, 8, 10, 30, tz=ZONE), IN_TIME),
    (pendulum.datetime(2018, 3, 14, 15, 20, tz=ZONE), LATE),
)


def play(folder: Path, *, serve: bool = False) -> None:
    """Plays the demo into `folder` and shows what came of it; `serve`: then serves its pages until Ctrl-C."""
    console().rule(say("cli.demo.reading"))
    settings, ledger = simulated_office(folder, SINCE)
    notice = load_notice(NOTICE)
    show(notice.draft)
    console().rule(say("cli.demo.living"))
    with prefect_for(settings):
        from flows.replay import Event, filing

        events = [filing(notice, SINCE, say("cli.replay.filing", name=notice.draft.number or NOTICE.name))]
        events += [Event(at, say("cli.demo.reports", agency=agency), _reports(agency)) for at, agency in CAST]
        live(settings, ledger, events, SINCE, UNTIL)
        console().rule(say("cli.demo.prefect"))
        show_flow_runs(settings, ledger, UNTIL, notice.draft.number or "")
        show_ledger(settings, ledger)
        if serve:
            serve_pages(settings, ledger)


def _reports(agency: str) -> Callable[[Desk], None]:
    """The cast's part: the agency reports completion of what it was given."""

    def happen(desk: Desk) -> None:
        with desk.ledger.change(now=desk.now, actor=agency) as change:
            query = (
                select(Obligation.id)
                .join(Agency, col(Agency.id) == col(Obligation.agency_id))
                .where(Agency.name == agency, Obligation.office_id == desk.ledger.office_id)
            )
            for obligation_id in change.session.exec(query):
                report(change, obligation_id or 0, Said(COMPLETE, say("cli.demo.note"), agency))

    return happen


def show_flow_runs(settings: Settings, ledger: Ledger, now: DateTime, number: str) -> None:
    """The runs that Prefect holds under the conclusion's tag, past and to come."""
    from rich.table import Table

    from flows.desk import desk_at
    from flows.scheduling import tagged_runs

    table = Table(*(say(f"cli.demo.run.{column}") for column in ("name", "flow", "state")))
    for flow, run in tagged_runs(desk_at(settings, ledger, now), number):
        table.add_row(run.name, flow, run.state_name or "")
    console().print(table)


def show_ledger(settings: Settings, ledger: Ledger) -> None:
    """The timeline, where the mail lies, and how to go on looking."""
    console().rule(say("cli.demo.timeline"))
    with ledger.look() as session:
        rows = planned_rows(session, ledger.office_id)
        show_timeline(rows, sendings(session, ledger.office_id), reported_rows(session, ledger.office_id))
    mails = len(list((settings.mail_folder / "new").glob("*.eml")))
    console().print(say("cli.demo.mail", count=mails, folder=settings.mail_folder / "new"), soft_wrap=True)
    console().print(say("cli.demo.next", folder=shlex.quote(str(settings.home))), soft_wrap=True)


def serve_pages(settings: Settings, ledger: Ledger) -> None:
    """Serves the replayed office, with an account and the silent agency's page to begin with, until Ctrl-C."""
    password = secrets.token_urlsafe(9)
    with ledger.change(now=UNTIL, actor="dondoc") as change:
        add_account(change, DEMO_ACCOUNT, say("cli.demo.account"), Rank.ADMIN, password)
        agency = find_agency(change.session, ledger.office_id, SILENT)
        link = give_link(change, Purpose.ANSWER, agency, agency.name, "", days=LINK_DAYS)
    with serving_pages(settings) as process:
        console().rule(say("cli.demo.pages"))
        words = say("cli.demo.served", address=settings.base_url, name=DEMO_ACCOUNT, password=password)
        console().print(words, soft_wrap=True, markup=False)
        address = address_of(link, settings)
        console().print(say("cli.demo.agency_page", agency=SILENT, address=address), soft_wrap=True, markup=False)
        console().print(say("cli.up.stop"))
        with suppress(KeyboardInterrupt):
            process.wait()
