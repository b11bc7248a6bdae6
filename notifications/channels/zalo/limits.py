"""What Zalo takes: how long a text or a parameter may be, and at which hours."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from config.words import say
from domain.instants import at, local
from notifications.channels.contract import ChannelError, Fault
from notifications.wording import plain_line

LONGEST_TEXT = 2000  #: characters of a chat message
LONGEST_NAME = 30  #: of a template's parameter
LONGEST_LABEL = 30
LONGEST_LINK = 200
LONGEST_TRACKING = 48
KIND = "kind"  #: the fact that picks the template; it is not a parameter of it

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
MORNING = time(6, 5)  #: a little after the night's end, since clocks differ

LINK = re.compile(r"https?://\S+", re.IGNORECASE)
ADDRESS_AT_END = re.compile(r"://\S*$")
DAY = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2})", re.ASCII)


def is_night(moment: datetime) -> bool:
    """22:00–06:00 in Viet Nam, when Zalo delivers nothing."""
    hour = local(moment).time()
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def next_morning(moment: datetime) -> datetime:
    """The next 06:05."""
    today = at(local(moment).date(), MORNING)
    return today if moment < today else tomorrow_morning(moment)


def tomorrow_morning(moment: datetime) -> datetime:
    """06:05 of tomorrow, when a quota counts anew."""
    return at(local(moment).date() + timedelta(days=1), MORNING)


def shortened(text: str, longest: int) -> str:
    """The text cut after a word, with … where something is missing. An address is left out rather than cut."""
    if len(text) <= longest:
        return text
    kept = _whole_words(text, longest - 1)
    if not kept and "://" not in text.split(maxsplit=1)[0]:
        kept = text[: longest - 1]  # one endless word is cut where it must be
    return _without_loose_end(kept) + "…"


def _without_loose_end(text: str) -> str:
    """Without a comma or the like before the …, unless it belongs to an address."""
    kept = text.rstrip()
    return kept if ADDRESS_AT_END.search(kept) else kept.rstrip(" \n,;:.-–(")


def _whole_words(text: str, room: int) -> str:
    if text[room].isspace():
        return text[:room]
    last_gap = max((place for place, character in enumerate(text[:room]) if character.isspace()), default=0)
    return text[:last_gap]


def chat_text(brief: str) -> str:
    """A letter's brief as a chat message: harmless, at most 2,000 characters, its last link whole.

    Raises ChannelError when nothing is to be said, or when the link alone is too long.
    """
    text = harmless(brief)
    if not text:
        raise ChannelError(say("zalo.letter.empty"), Fault.REFUSED)
    links = list(LINK.finditer(text))
    if len(text) <= LONGEST_TEXT or not links:
        return shortened(text, LONGEST_TEXT)
    link = links[-1]
    room = LONGEST_TEXT - len(link[0]) - 1
    if room < 1:
        raise ChannelError(say("zalo.letter.long_link", length=len(link[0]), longest=LONGEST_TEXT), Fault.REFUSED)
    return f"{shortened(text[: link.start()].rstrip() + ' …', room)}\n{link[0]}"


def harmless(text: str) -> str:
    """Lines without control or direction marks, composed (NFC) so that a letter counts once, one empty line at most."""
    whole = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    lines = (plain_line(line) for line in whole.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def template_data(facts: Mapping[str, str]) -> dict[str, str]:
    """A letter's facts as a template's parameters. Raises ChannelError for a name or a link that is too long."""
    return {_name(name): parameter(value) for name, value in facts.items() if name != KIND}


def _name(name: str) -> str:
    if not 0 < len(name) <= LONGEST_NAME:
        raise ChannelError(say("zalo.letter.bad_name", name=shortened(plain_line(name), 60)), Fault.REFUSED)
    return name


def parameter(value: str) -> str:
    """One parameter: a day as dd/mm/yyyy, a link whole, anything else a label. Raises ChannelError for a long link."""
    line = harmless(plain_line(value))
    if LINK.fullmatch(line):
        if len(line) > LONGEST_LINK:
            raise ChannelError(say("zalo.letter.long_link", length=len(line), longest=LONGEST_LINK), Fault.REFUSED)
        return line
    day = _day(line)
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else shortened(line, LONGEST_LABEL)


def _day(line: str) -> date | None:
    found = DAY.fullmatch(line)
    if not found:
        return None
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def tracking_id(message_id: str) -> str:
    """Our own name of a message, the same for every attempt: 39 characters, whatever the Message-ID holds."""
    return "dondoc-" + hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:32]
