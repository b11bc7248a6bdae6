"""Days and deadlines as Decree 30/2020/NĐ-CP writes them: 09/3/2018, a zero for days under 10 and months 1 and 2."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

from config.words import say, spoken_language
from domain.conclusions import ConclusionKind
from domain.deadlines import last_day
from domain.instants import local

LONGEST_TEXT = 600  #: characters of a directive that a message quotes


def day_words(day: date, language: str | None = None) -> str:
    """09/3/2018."""
    return say("wording.day", language=language, day=f"{day.day:02}", month=_month(day), year=day.year)


def short_day(day: date) -> str:
    """09/3, for tables."""
    return f"{day.day:02}/{_month(day)}"


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month <= 2 else str(day.month)


def weekday_words(day: date, language: str | None = None) -> str:
    """thứ Năm."""
    return say(f"wording.weekday.{day.isoweekday()}", language=language)


def moment_words(moment: datetime, language: str | None = None) -> str:
    """08:00 09/3/2018."""
    wall = local(moment)
    return f"{wall:%H:%M} {day_words(wall.date(), language)}"


def deadline_words(due_before: datetime | None, language: str | None = None) -> str:
    """The last moment in full: "trước ngày 09/3/2018, tức hết thứ Năm 08/3/2018"."""
    if due_before is None:
        return say("wording.undated", language=language)
    bound, last = local(due_before), last_day(due_before)
    if bound.time() != time(0):
        return say(
            "wording.before_hour", language=language, hour=f"{bound:%H:%M}", day=day_words(bound.date(), language)
        )
    return say(
        "wording.before_day",
        language=language,
        bound=day_words(bound.date(), language),
        weekday=weekday_words(last, language),
        last=day_words(last, language),
    )


def bound_words(due_before: datetime | None, language: str | None = None) -> str:
    """The bound alone, in at most thirty characters: "trước ngày 09/3/2018"."""
    if due_before is None:
        return say("wording.undated_short", language=language)
    bound = local(due_before)
    hour = "" if bound.time() == time(0) else f"{bound:%H:%M} "
    return say("wording.bound", language=language, hour=hour, day=day_words(bound.date(), language)).strip()


def number_words(value: float, language: str | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; a whole number without decimals."""
    plain = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return plain if (language or spoken_language()) == "en" else plain.translate(str.maketrans(",.", ".,"))


def percent_words(share: float, language: str | None = None) -> str:
    """80,0% in Vietnamese, 80.0% in English, of a share between 0 and 1."""
    return f"{number_words(share * 100.0, language)}%"


def document_words(kind: str, language: str | None = None) -> str:
    """What a document of the ledger is called before its number: "Thông báo", "Công văn"."""
    known = kind if kind in tuple(ConclusionKind) else ConclusionKind.NOTICE  # a draft may call itself otherwise
    return say(f"wording.document.{known}", language=language)


def channel_words(channel: str, language: str | None = None) -> str:
    """What a channel is called: thư điện tử, Zalo OA, and the office's own name for a service."""
    service = channel.removeprefix("apprise-")
    if service != channel:
        return say("outlook.channel.service", language=language, name=service)
    return say(f"outlook.channel.{channel}", language=language)


def plain_line(text: str) -> str:
    """Text from outside as one harmless line: no line breaks, control or direction marks, nothing private."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Co")).split())


def quoted(text: str) -> str:
    """A directive's words, shortened where they are long."""
    line = plain_line(text)
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1].rstrip() + "…"
