"""Reads a whole notice: fields, directives, warnings. Pure; any text gives a draft."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import date

from config.words import say
from domain.calendar import WorkingCalendar
from domain.drafts import Draft, DraftDirective, DraftSource
from domain.names import Registry, fold
from domain.reading import letterhead as head
from domain.reading.addressees import Namer
from domain.reading.blocks import MOST_LINES, Block, blocks
from domain.reading.bodies import Reader
from domain.reading.deadlines import Setting
from domain.reading.directives import LONGEST, MOST_DIRECTIVES, Extractor
from domain.reading.kinds import with_kind
from domain.reading.making import Maker
from domain.reading.outline import outline
from domain.reading.regulations import regulation_named
from domain.reading.reports import reported

_LEVELS = (
    ("huyện", r"UBND huyện|ỦY BAN NHÂN DÂN\s+HUYỆN|Ủy ban nhân dân huyện|HUYỆN"),
    ("tỉnh", r"UBND tỉnh|Ủy ban nhân dân tỉnh|TỈNH"),
    ("xã", r"UBND xã|Ủy ban nhân dân xã|XÃ\s"),
    ("phường", r"UBND phường|PHƯỜNG"),
)
_PARTY = re.compile(r"ĐẢNG\s+CỘNG\s+SẢN|^\s*(?:TỈNH|HUYỆN|THÀNH|THỊ)\s+ỦY|^\s*ĐẢNG\s+(?:ỦY|BỘ)")
SAME_TASK = 0.75  # share of words that two tasks have in common when they are one


def read_notice(
    text: str,
    *,
    name: str,
    registry: Registry,
    calendar: WorkingCalendar,
    number: str | None = None,
    issued_on: date | None = None,
    inclusive: bool = False,
) -> Draft:
    """What a notice says, as a draft; one without a directive has an empty list.

    `number` and `issued_on` are the caller's, and go before what the text says.
    `inclusive`: the office reads "trước ngày X" as X included.
    """
    paragraphs = blocks(text)
    zones = head.zones(paragraphs)
    title = head.title_text(zones.title)
    place, day = head.place_and_day(zones.head or paragraphs[:8]) if zones.signed else (None, None)
    own_number = head.number(zones.head or paragraphs[:8]) if zones.signed else None
    signed_on = issued_on or day
    meeting = head.meeting_day(title, zones.body, signed_on, head.published_day(paragraphs))
    setting = Setting(signed_on, meeting, calendar, inclusive)
    namer = Namer(Reader(registry), _level(paragraphs), signed_on, _is_party(paragraphs))
    if zones.signed:
        directives = _directives(text, zones, namer, setting)
    else:
        as_of_news = replace(setting, issued_on=head.published_day(paragraphs))
        directives = reported(zones.body, namer, Maker(text, as_of_news, registry))
    return Draft(
        source=DraftSource(
            name=name, sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(), chars=len(text)
        ),
        document_kind="notice" if zones.signed or number else "report",
        number=number or own_number,
        place=place,
        issued_on=signed_on,
        meeting_on=meeting,
        title=title,
        concluded_by=head.chair(title, zones.body) if zones.signed else head.speaker(zones.body),
        signer=head.signer(zones.tail) if zones.signed else None,
        regulation=regulation_named(title, zones.body),
        directives=[with_kind(one) for one in directives],
        warnings=_warnings(zones.signed, number or own_number, signed_on) + _not_read(paragraphs, directives),
    )


def _directives(text: str, zones: head.Zones, namer: Namer, setting: Setting) -> list[DraftDirective]:
    extractor = Extractor(text, namer, setting)
    body = extractor.directives(outline(zones.body))
    annex = extractor.directives(outline(zones.annex, "PL")) if zones.annex else []
    return _with_own_paths(_cross_named(body, annex))


def _with_own_paths(directives: list[DraftDirective]) -> list[DraftDirective]:
    """Each with a path of its own: where a notice counts twice from 1, the second "1" is "1(2)"."""
    seen: Counter[str] = Counter()
    found = []
    for one in directives:
        seen[one.path] += 1
        times = seen[one.path]
        found.append(one if times == 1 else one.model_copy(update={"path": f"{one.path}({times})"}))
    return found


def _warnings(signed: bool, number: str | None, issued_on: date | None) -> list[str]:
    if not signed:
        return [say("reading.warning.report")]
    missing = ("no_number", number), ("no_issue_date", issued_on)
    return [say(f"reading.warning.{key}") for key, value in missing if value is None]


def _is_party(paragraphs: list[Block]) -> bool:
    """Whether a Party body issued it: its letterhead says so (Instruction 36-HD/VPTW on their form)."""
    return any(_PARTY.search(p.text) for p in paragraphs[:8])


def _not_read(paragraphs: list[Block], directives: list[DraftDirective]) -> list[str]:
    """What was left unread because no notice is that long: said, never passed over."""
    longest = any(len(p.text) > LONGEST for p in paragraphs)
    many = len(directives) >= MOST_DIRECTIVES or len(paragraphs) >= MOST_LINES
    return [say("reading.warning.too_long", most=f"{LONGEST:,}".replace(",", "."))] if longest or many else []


def _level(paragraphs: list[Block]) -> str | None:
    """The level of the issuer: the body of the letterhead, the title or the first paragraphs that comes first."""
    start = " ".join(p.text for p in paragraphs[:10])[:3000]
    found = [(match.start(), level) for level, pattern in _LEVELS if (match := re.search(pattern, start))]
    return min(found)[1] if found else None


def _cross_named(body: list[DraftDirective], annex: list[DraftDirective]) -> list[DraftDirective]:
    """Marks a task that stands in the body and in an annex: each names the other."""
    said: dict[int, str] = {}
    folded = [set(fold(d.text).split()) for d in body]
    for index, one in enumerate(annex[:200]):
        mine = set(fold(max(one.text.split("|"), key=len)).split())
        for other, theirs in enumerate(folded[:200]):
            if len(mine & theirs) >= SAME_TASK * min(len(mine), len(theirs)) and min(len(mine), len(theirs)) > 4:
                said[other] = one.path
                said[len(body) + index] = body[other].path
    return [
        d.model_copy(update={"warnings": [*d.warnings, say("reading.warning.same_task", path=said[i])]})
        if i in said
        else d
        for i, d in enumerate([*body, *annex])
    ]
