"""Periods that run from a day: "trong thời hạn 10 ngày kể từ ngày …" (Civil Code 2015, art. 147-148)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from config.words import say
from domain.deadlines import DAY, last_day_of_period
from domain.drafts import DeadlineKind, DraftDeadline, DraftPeriod, DraftWait, PeriodUnit
from domain.reading.grammar import at_start, said
from domain.reading.numbers import NUMBER, number
from domain.reading.periods import periods
from domain.reading.timewords import Setting, TimeWord, at_midnight, spoken, tidy

UNITS = {
    "ngày làm việc": PeriodUnit.WORKING_DAY,
    "ngày": PeriodUnit.DAY,
    "tuần": PeriodUnit.WEEK,
    "tháng": PeriodUnit.MONTH,
    "năm": PeriodUnit.YEAR,
    "giờ": PeriodUnit.HOUR,
    "phút": PeriodUnit.MINUTE,
}
LONGEST_COUNT = 999  #: of a period that is kept to be counted later (DraftPeriod, DraftWait)
_UNIT = r"(?P<unit>ngày\s+làm\s+việc|ngày|tuần|tháng|giờ|phút|năm|quý)"
_BARE = re.compile(
    rf"(?<![\w/.-])(?P<lead>)(?P<open>)(?P<n>{NUMBER})\s*{_UNIT}(?P<late>\s+làm\s+việc)?(?!\w)"
    rf"(?P<tail>\s*,?\s*\(?\s*(?:kể|tính)\s+từ\s+(?P<anchor>[^,;.)]{{1,90}}))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"(?<!\w)(?P<lead>{said('periods.within')}|(?P<open>{said('periods.after')}))\s*:?\s*"
    rf"(?P<n>{NUMBER})\s*{_UNIT}(?P<late>\s+làm\s+việc)?(?!\w)"
    r"(?!\s+(?:đầu|cuối|\d|một\s+lần)|\s*/|\s*,?\s*(?:ngày|hôm|thứ|chủ\s+nhật|hàng|hằng|sáng|chiều|mỗi)(?!\w))"
    rf"(?P<tail>\s*,?\s*\(?\s*(?:{said('periods.from')})\s+(?P<anchor>[^,;.)]{{1,90}}))?",
    re.IGNORECASE,
)
_BEFORE_EVENT = re.compile(
    rf"(?<!\w)(?:(?:{said('periods.at_least')})\s+)?(?P<n>{NUMBER})\s*{_UNIT}\s*,?\s*trước\s+(?P<event>"
    r"(?:khi|ngày|thời\s+điểm|kỳ|phiên|hội|cuộc|giờ)[^,;.]{0,60})"
    rf"|trước\s+(?P<event2>(?:khi\s+)?[^,;.\d]{{3,40}}?)\s+(?:{said('periods.at_least')})\s+(?P<n2>{NUMBER})\s*"
    r"(?P<unit2>ngày\s+làm\s+việc|ngày|tuần|tháng|giờ|năm)",
    re.IGNORECASE,
)
_THIS_NOTICE, _MEETING = at_start("time.this_notice"), at_start("time.meeting")
_OTHERS_PAPER = re.compile(r"(?:ngày\s+|khi\s+)?nhận\s+được\s+(?:hồ|văn\s+bản\s+(?:đề|của|xin))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a period runs from: a day, where it is known; `known` also when it could be (the issue date)."""

    day: date | None
    end: int  #: of the phrase
    known: bool = True
    warnings: tuple[str, ...] = ()


def relatives(text: str, setting: Setting) -> list[TimeWord]:
    """Every period that runs from something, or back from an event."""
    back = [_counted_back(text, match) for match in _BEFORE_EVENT.finditer(text)]
    forward = [_forward(text, match, setting) for match in _RELATIVE.finditer(text) if _bounds(match)]
    return [*back, *forward, *(_forward(text, match, setting) for match in _BARE.finditer(text))]


def _bounds(match: re.Match[str]) -> bool:
    """Whether it bounds the work: "sau 3 năm" with nothing it runs from only looks back."""
    return match.group("tail") is not None or match.group("open") is None


def _counted_back(text: str, match: re.Match[str]) -> TimeWord:
    """ "ít nhất 10 ngày trước khi …": it waits for the event."""
    unit = " ".join((match.group("unit") or match.group("unit2")).lower().split())
    event, count = match.group("event") or match.group("event2"), number(match.group("n") or match.group("n2"))
    wait = DraftWait(
        event=tidy(event) or tidy(match.group()), count=count.whole, unit=UNITS.get(unit, PeriodUnit.DAY), before=True
    )
    return _waiting(text, match.start(), match.end(), wait)


def _forward(text: str, match: re.Match[str], setting: Setting) -> TimeWord:
    count, unit = _length(match)
    anchor = _anchor(match, setting)
    phrase = text[match.start() : anchor.end]
    if not anchor.known and count <= LONGEST_COUNT:
        event = tidy(re.sub(r"^(?:ngày|khi)\s+", "", match.group("anchor"))) or tidy(phrase)
        return _waiting(text, match.start(), anchor.end, DraftWait(event=event, count=count, unit=unit))
    due = _due(anchor.day, count, unit, setting) if anchor.day else None
    if due is None or anchor.day is None:
        said_so = say("reading.warning.no_anchor", phrase=tidy(phrase))
        deadline = DraftDeadline(kind=DeadlineKind.RELATIVE, phrase=phrase)
        return TimeWord(match.start(), anchor.end, deadline, (*anchor.warnings, said_so))
    rule = "working_days" if unit is PeriodUnit.WORKING_DAY else "relative"
    why = say(f"reading.explain.{rule}", phrase=tidy(phrase), anchor=f"{anchor.day:%d/%m/%Y}", due=spoken(due))
    runs = DraftPeriod(anchor=anchor.day, count=count, unit=unit) if count <= LONGEST_COUNT else None
    deadline = DraftDeadline(kind=DeadlineKind.RELATIVE, phrase=phrase, due_before=due, explanation=why, runs=runs)
    return TimeWord(match.start(), anchor.end, deadline, anchor.warnings)


def _length(match: re.Match[str]) -> tuple[int, PeriodUnit]:
    """How long it is. Half a month is 15 days (art. 146), a quarter three months."""
    count, unit = number(match.group("n")), " ".join(match.group("unit").lower().split())
    if match.group("late"):
        unit = "ngày làm việc"
    if unit == "quý":
        return 3 * count.whole, PeriodUnit.MONTH
    if not count.half:
        return count.whole, UNITS[unit]
    halves = {"tháng": (15, PeriodUnit.DAY), "năm": (6, PeriodUnit.MONTH), "ngày": (12, PeriodUnit.HOUR)}
    return halves.get(unit, (1, UNITS[unit]))


def _waiting(text: str, start: int, end: int, wait: DraftWait) -> TimeWord:
    """A period from an event whose day the notice does not give."""
    warning = say("reading.warning.which_event", phrase=tidy(text[start:end]))
    deadline = DraftDeadline(kind=DeadlineKind.RELATIVE, phrase=text[start:end], waits_for=wait)
    return TimeWord(start, end, deadline, (warning,))


def _anchor(match: re.Match[str], setting: Setting) -> _Anchor:
    words = match.group("anchor")
    if not words:
        assumed = say("reading.warning.assumed_anchor", phrase=tidy(match.group()))
        end = match.end("late") if match.group("late") else match.end("unit")
        return _Anchor(setting.issued_on, end, warnings=(assumed,))
    begin = match.start("anchor")
    dated = [p for p in periods(words, setting.reference) if p.unit == "day" and p.first]
    if dated:
        return _Anchor(dated[0].first, begin + dated[0].end)
    if found := _MEETING.match(words):
        return _Anchor(setting.meeting_on or setting.issued_on, begin + len(found.group().rstrip()))
    if (found := _THIS_NOTICE.match(words)) and not _OTHERS_PAPER.match(words):
        return _Anchor(setting.issued_on, begin + len(found.group().rstrip()))
    return _Anchor(None, match.end(), known=False)


def _due(anchor: date, count: int, unit: PeriodUnit, setting: Setting) -> datetime | None:
    """The day after the last day of the period; None for hours, which need an instant to run from."""
    if unit in (PeriodUnit.MINUTE, PeriodUnit.HOUR) or not count:
        return None
    try:
        return at_midnight(last_day_of_period(anchor, count, unit, setting.calendar) + DAY)
    except (OverflowError, ValueError):
        return None
