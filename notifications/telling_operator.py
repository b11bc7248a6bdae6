"""Whoever runs the office is told by mail that a channel stands still."""

from __future__ import annotations

from config.settings import Settings
from config.words import say
from domain.offices import the_office
from domain.people import by_role, officials_of, person_of
from domain.policy import Role
from domain.store import Change
from notifications.outbox import NOTICE
from notifications.plain import Plain, queue_plain
from notifications.reach import InForce
from notifications.recipients import Recipient
from notifications.wording import channel_words, plain_line


def tell_operator(change: Change, channel: str, why: str, channels: InForce, settings: Settings) -> None:
    """Queues a mail to the chief of office: which channel stands still, why, and how it is started again."""
    office = plain_line(the_office(change.session, change.office_id).name)
    words = {"channel": channel_words(channel)}
    words |= {"why": plain_line(why), "name": channel, "office": office}
    for one in by_role(officials_of(change.session, change.office_id)).get(Role.CHIEF_OF_OFFICE, [])[:1]:
        to = Recipient(person_of(one), one.name, one.role, one.address, None)
        text = say("messages.stopped.text", recipient=plain_line(one.name), **words)
        plain = Plain(NOTICE, say("messages.stopped.subject", **words), text)
        queue_plain(change, to, plain, channels.mail, settings.mail_from.rpartition("@")[2] or "dondoc.invalid")
