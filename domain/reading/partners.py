"""Who helps and who is reported to: the bodies that a task names beside its lead."""

from __future__ import annotations

import re

from domain.reading.addressees import Namer
from domain.reading.bodies import Body
from domain.reading.grammar import said

_HELP = re.compile(rf"(?<!\w)(?:{said('address.help')})\s+", re.IGNORECASE)
_WITH = re.compile(rf"(?<!\w)(?:{said('address.with')})\s+", re.IGNORECASE)
_NO_HELP = re.compile(rf"(?<!\w){said('address.no_help')}\s+$", re.IGNORECASE)
_REPORT = re.compile(r"(?<!\w)(?:trình|báo\s+cáo|gửi|nộp)(?!\w)", re.IGNORECASE)
_TOWARDS = re.compile(r"(?<!\w)(?:về|cho|đến|tới|lên)\s+(?=[A-ZĐUỦ]|các\s)")
_THROUGH = re.compile(r"\s*,?\s*\(?\s*(?:thông\s+)?qua\s+")
_CLAUSE = re.compile(r"[^.;:]{0,120}")


def helpers(text: str, namer: Namer) -> tuple[str, ...]:
    """The agencies that the text says to work with."""
    found: list[Body] = []
    for match in _HELP.finditer(text):
        if not _NO_HELP.search(text[max(0, match.start() - 20) : match.start()]):
            found += namer.reader.list_at(text, match.end())
    for match in _WITH.finditer(text):
        found += namer.reader.list_at(text, match.end())
    named = namer.names(sorted(found, key=lambda body: body.start))
    return tuple(dict.fromkeys((*named, *namer.agency_line(text)[1])))


def reported_to(text: str, namer: Namer) -> tuple[str, ...]:
    """Those that the work is handed to, in order: "báo cáo UBND tỉnh (qua Sở Nội vụ)" is both."""
    found: list[Body] = []
    for match in _REPORT.finditer(text):
        bodies = _receivers(text, match.end(), namer)
        if bodies and (through := _THROUGH.match(text, bodies[-1].end)):
            bodies += namer.reader.list_at(text, through.end())
        found += bodies
    return namer.names(found)


def _receivers(text: str, at: int, namer: Namer) -> list[Body]:
    near = text[at : at + 200]
    spaces = len(near) - len(near.lstrip())
    direct = namer.reader.list_at(text, at + min(spaces, 3))
    if direct:
        return direct
    clause = _CLAUSE.match(near)
    towards = _TOWARDS.search(text, at, at + (clause.end() if clause else 0))
    return namer.reader.list_at(text, towards.end()) if towards else []
