"""Trying a channel against the real service: does it know us, and does one test message go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from html import escape

from config.settings import Settings
from config.words import say
from domain.store import Ledger
from notifications.channels import ZALO_CHANNELS, lacking, open_channel
from notifications.channels.contract import Channel, ChannelError, Letter
from notifications.channels.zalo.bot import BotPlugin
from notifications.channels.zalo.official import OfficialPlugin
from notifications.wording import day_words, moment_words


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it, a line each, in words."""

    went_well: bool
    lines: tuple[str, ...]


def try_channel(ledger: Ledger, settings: Settings, name: str, letter: Letter) -> Tried:
    """Asks the service who we are, then sends the letter where it has an address.

    Raises Refusal for settings that make no channel.
    """
    if empty := lacking(name, settings):
        names = ", ".join(f"DONDOC_{one.upper()}" for one in empty)
        return Tried(False, (say("channels.check.lacking", channel=name, names=names),))
    lines = list[str]()
    try:
        with open_channel(name, settings, ledger) as channel:
            for line in _steps(channel, letter, name):
                lines.append(line)
    except ChannelError as error:
        help_ = say(f"channels.check.help.{error.fault}")
        return Tried(False, (*lines, say("channels.check.refused", said=error.detail or "–"), help_))
    return Tried(True, tuple(lines))


def _steps(channel: Channel, letter: Letter, name: str) -> Iterator[str]:
    """Each step's own words, once it is done. Raises ChannelError."""
    yield say("channels.check.set_up", channel=name)
    if isinstance(channel, OfficialPlugin):
        tokens = channel.renewed(letter.date)
        yield say("channels.check.consent", ends=day_words(tokens.consent_ends.date()))
    if isinstance(channel, BotPlugin):
        yield say("channels.check.bot", name=channel.name(letter.date) or "–")
    if letter.address:
        receipt = channel.deliver(letter)
        yield say("channels.check.sent", address=letter.address, said=receipt.detail or "–")
    elif name not in ZALO_CHANNELS:
        yield say("channels.check.nothing_asked")


def trial_letter(settings: Settings, office: str, address: str, now: datetime) -> Letter:
    """A letter that asks nothing of anybody; without an address it is only a moment."""
    at, link = moment_words(now), settings.base_url
    facts = {
        "kind": "test",
        "what": say("channels.check.letter.what"),
        "number": "0/TB",
        "deadline": f"{now:%d/%m/%Y}",
        "day": f"{now:%d/%m/%Y}",
        "count": "0",
        "link": link,
        "office": office,
    }
    subject, brief = say("channels.check.letter.subject"), say("channels.check.letter.text", office=office, at=at)
    return Letter(
        recipient=address,
        address=address,
        sender=settings.mail_from,
        sender_name=office,
        subject=subject,
        text=brief,
        html=f"<p>{escape(brief)}</p>",
        message_id=make_msgid(domain=settings.mail_from.rpartition("@")[2]),
        date=now,
        brief=brief,
        facts=facts,
    )
