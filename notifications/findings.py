"""What somebody should look at about channels, ways, templates and reviews; a line each, for `dondoc doctor`."""

from __future__ import annotations

from config.clock import wall_clock
from config.settings import Settings
from config.words import say, say_with
from domain.errors import Refusal
from domain.offices import the_office
from domain.reviews.schedules import missed
from domain.store import Ledger
from domain.ways import bad_routes
from notifications.messages import Setting
from notifications.previewing import check_templates
from notifications.stops import stops
from notifications.wording import channel_words, deadline_words, moment_words


def channel_findings(ledger: Ledger, settings: Settings) -> list[str]:
    """Channels that stand still, addresses that take nothing, templates of the office that cannot be filled."""
    with ledger.look() as session:
        stopped, bad = stops(session, ledger.office_id), bad_routes(session, ledger.office_id)
        office = the_office(session, ledger.office_id).name
        missed_reviews = missed(session, ledger.office_id, wall_clock())
    found = [
        say(
            "channels.finding.stopped",
            channel=channel_words(name),
            since=moment_words(row.since),
            why=row.why,
            name=name,
        )
        for name, row in stopped.items()
    ]
    found += [
        say(
            "reviews.finding.missed",
            number=regulation.number,
            period=planned.period.words(),
            due=deadline_words(planned.due_before),
        )
        for regulation, planned in missed_reviews
    ]
    if bad:
        found.append(say("channels.finding.bad", count=len(bad)))
    try:
        check_templates(Setting(office, wall_clock(), "vi", templates=settings.templates_folder))
    except Refusal as refusal:
        found.append(say_with(refusal.code, refusal.params))
    return found
