"""Calendars of deadlines (RFC 5545): of one agency, or of the whole office."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from icalendar import Calendar, Event
from sqlmodel import Session, col

from config.settings import Settings
from config.words import say
from domain.agencies import agency_names
from domain.deadlines import last_day
from domain.instants import local
from domain.keys import key
from domain.links import Link
from domain.obligations import OPEN, Obligation
from domain.planning import Followed, followed
from notifications.wording import deadline_words, document_words, plain_line, quoted

MOST = 5_000  #: deadlines in one calendar, the nearest first


def calendar_of(session: Session, settings: Settings, link: Link) -> bytes:
    """The open deadlines that a link's holder may see, as an iCalendar file. Nothing in it depends on the clock."""
    conditions: list[object] = [Obligation.office_id == link.office_id, col(Obligation.state).in_(OPEN)]
    if link.agency_id is not None:
        conditions.append(Obligation.agency_id == link.agency_id)
    works = followed(session, *conditions, col(Obligation.due_before).is_not(None))
    works.sort(key=lambda one: (one.obligation.due_before, one.obligation.id))
    names = agency_names(session, link.office_id)
    made = new_calendar()
    made.add("x-wr-calname", say("web_office.feed.name", whose=plain_line(link.recipient)))
    made.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    domain = settings.mail_from.rpartition("@")[2]
    for one in works[:MOST]:
        address = f"{settings.base_url}/obligations/{one.obligation.id}" if link.agency_id is None else ""
        made.add_component(event_of(one, names[one.obligation.agency_id], domain, address))
    return bytes(made.to_ical())


def new_calendar() -> Calendar:
    """A calendar that is published, not an invitation."""
    made = Calendar()
    made.add("prodid", "-//dondoc//VN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    return made


def event_of(one: Followed, agency: str, domain: str, address: str, language: str | None = None) -> Event:
    """The last day in time as a whole day; a deadline at an hour as the hour before it."""
    own, event = one.obligation, Event()
    due = own.due_before
    assert due is not None
    event.add("uid", f"{one.conclusion.id}-{key(own.id)}@{domain}")
    event.add("dtstamp", own.assigned_at)
    event.add("sequence", own.plan_no)
    event.add(
        "summary",
        say(
            "web_office.feed.summary",
            language=language,
            path=plain_line(one.directive.path),
            document=document_words(one.conclusion.kind, language),
            number=plain_line(one.conclusion.number),
            agency=plain_line(agency),
        ),
    )
    event.add("description", f"{quoted(one.directive.text)}\n{deadline_words(due, language)}")
    if address:
        event.add("url", address)
    _add_time(event, due)
    event.add("transp", "TRANSPARENT")
    return event


def _add_time(event: Event, due: datetime) -> None:
    bound = local(due)
    if bound.time() == time(0):
        event.add("dtstart", last_day(due))
        return
    event.add("dtstart", bound - timedelta(hours=1))
    event.add("dtend", bound)
