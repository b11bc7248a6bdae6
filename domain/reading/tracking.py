"""Whether a directive can be followed: it has something to deliver, or a word of time that bounds it."""

from __future__ import annotations

import re

from domain.drafts import DeadlineKind
from domain.reading.deadlines import TimeWord
from domain.reading.grammar import said

_DELIVERABLE = re.compile(
    rf"(?<!\w)(?:(?:{said('tasks.makes')})(?!\w)[^.;]{{0,60}}?(?<!\w)(?:{said('tasks.paper')})"
    rf"|{said('tasks.deed')}|{said('tasks.event')})(?!\w)",
    re.IGNORECASE,
)
_CONDITION = re.compile(rf"(?:^|[,;]\s*)(?:{said('tasks.condition')})\s[^,;.]*", re.IGNORECASE)
_HANDS_OVER = re.compile(r"(?<!\w)(?:báo\s+cáo|trình|gửi)(?!\w)", re.IGNORECASE)


def tracked(text: str, word: TimeWord | None) -> bool:
    """False for an exhortation: nothing to hand over, and no word of time that bounds it."""
    if word and (word.firm or word.attached):
        return True
    if word and word.kind is DeadlineKind.CONTINUOUS:
        return bool(_HANDS_OVER.search(text))
    return bool(_DELIVERABLE.search(_CONDITION.sub(" ", text)))
