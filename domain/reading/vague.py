"""Words of time that give no instant: standing work, urgencies, events, rules elsewhere."""

from __future__ import annotations

import re

from config.words import say
from domain.drafts import DeadlineKind, DraftDeadline
from domain.reading.timewords import TimeWord, tidy

_CONTINUOUS = re.compile(
    r"(?<!\w)(?:thường\s+xuyên(?!\s+(?:xảy|tái|bị|gặp|có|vi\s+phạm))|liên\s+tục(?!\s+(?:xảy|tăng"
    r"|giảm))|tiếp\s+tục|luôn(?:\s+luôn)?(?=\s))(?!\w)",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"(?<!\w)(?:khẩn\s+trương|kịp\s+thời|sớm(?!\s+hơn)|nhanh\s+chóng|ngay\s+lập\s+tức"
    r"|trong\s+thời\s+gian\s+(?:tới|sớm\s+nhất)|thời\s+gian\s+tới|ngay(?=\s+(?:từ|trong|sau)\s))(?!\w)",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"(?<!\w)(?:ngay\s+sau\s+(?:khi\s+)?(?:hội\s+nghị|cuộc\s+họp|phiên\s+họp|khi|kỳ\s+họp"
    r"|\w+)(?:\s+\w+){0,5}|(?:cho\s+)?đến\s+khi\s+(?:\w+\s?){1,6}|trước\s+(?:Tết|mùa|kỳ\s+họp|khi|thềm"
    r"|dịp|lễ|phiên\s+họp|hội\s+nghị|Đại\s+hội|năm\s+học)(?:\s+\w+){0,4}"
    r"|theo\s+(?:đúng\s+)?(?:quy\s+định|tiến\s+độ|kế\s+hoạch|yêu\s+cầu)(?!\s+(?:tại|số))|định\s+kỳ)(?!\w)",
    re.IGNORECASE,
)


def continuous(text: str) -> list[TimeWord]:
    """The words of standing work: thường xuyên, liên tục, tiếp tục."""
    return [
        TimeWord(
            m.start(),
            m.end(),
            DraftDeadline(
                kind=DeadlineKind.CONTINUOUS,
                phrase=m.group(),
                explanation=say("reading.explain.continuous", phrase=tidy(m.group())),
            ),
        )
        for m in _CONTINUOUS.finditer(text)
    ]


def vague(text: str) -> list[TimeWord]:
    """Urgencies, events and rules elsewhere: no instant, and a warning that says so."""
    found = []
    for match in _EVENT.finditer(text):
        bounds = not re.match(r"theo|định", match.group(), re.IGNORECASE)
        found.append(_no_instant(match, "event" if bounds else "rule_elsewhere", attached=bounds))
    for match in _URGENT.finditer(text):
        found.append(_no_instant(match, "urgency", urgent=True))
    return found


def _no_instant(match: re.Match[str], warning: str, *, attached: bool = False, urgent: bool = False) -> TimeWord:
    deadline = DraftDeadline(kind=DeadlineKind.NONE, phrase=match.group())
    said = say(f"reading.warning.{warning}", phrase=tidy(match.group()))
    return TimeWord(match.start(), match.end(), deadline, (said,), attached=attached, urgent=urgent)
