"""How sure a reading is: signs that it may be wrong, each with its weight and its reason in words.

The confidence is the product of (1 - weight) over the signs that are there: 1.0 with none. The weights were set on
documents written by people who had not seen the rules; they order directives for review and are no probabilities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from config.words import say
from domain.drafts import DeadlineKind
from domain.reading.deadlines import TimeWord
from domain.reading.grammar import anywhere

_DATES = re.compile(
    r"(?<![\d/])\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?(?!\d)|tháng\s+\d{1,2}|quý\s+[IV]+|năm\s+\d{4}", re.IGNORECASE
)
_FACTS = re.compile(r"(?<!\w)(?:đã|còn|chưa|vẫn)\s", re.IGNORECASE)
_OTHERS = re.compile(r"(?<!\w)(?:giao|yêu\s+cầu|đề\s+nghị|chủ\s+trì)(?!\w)", re.IGNORECASE)
_RECALLED = anywhere("time.recalled")
LONG, SHORT = 700, 40  # characters


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known about how a directive was read."""

    text: str
    word: TimeWord | None
    reference: date | None
    explicit: bool = False  #: "Giao X"
    subject: bool = False  #: "X chủ trì"
    from_heading: bool = False
    unknown_leads: int = 0
    groups: int = 0
    split: bool = False
    from_list: bool = False
    reported: bool = False  #: from a news item
    tells: bool = True  #: a verb or a duty opens the task


def weigh(signs: Signs) -> tuple[float, list[str]]:
    """(The confidence, 0 to 1; the reasons against it, the weightiest first)."""
    found = sorted(((weight, code) for code, weight, there in _weights(signs) if there), reverse=True)
    confidence = 1.0
    for weight, _ in found:
        confidence *= 1 - weight
    return round(confidence, 2), [say(f"reading.reason.{code}") for _, code in found]


def _weights(signs: Signs) -> list[tuple[str, float, bool]]:
    return [*_about_whom(signs), *_about_when(signs), *_about_what(signs)]


def _about_whom(signs: Signs) -> list[tuple[str, float, bool]]:
    inherited = not (signs.explicit or signs.subject or signs.from_heading)
    return [
        ("inherited_lead", 0.3, inherited),
        ("group_lead", 0.25, bool(signs.groups)),
        ("reported", 0.2, signs.reported),
        ("unknown_lead", 0.15, bool(signs.unknown_leads)),
        ("subject_lead", 0.12, signs.subject),
    ]


def _about_when(signs: Signs) -> list[tuple[str, float, bool]]:
    word, firm = signs.word, bool(signs.word and signs.word.firm)
    dates = len(_DATES.findall(signs.text))
    lost = firm and word is not None and word.deadline.due_before is None and word.deadline.rrule is None
    return [
        ("from_list", 0.35, signs.from_list),
        ("no_bound", 0.3, lost),
        ("other_date", 0.2, dates > (1 if firm else 0) and not (word and word.kind is DeadlineKind.RECURRING)),
        ("recalled", 0.2, bool(_RECALLED.search(signs.text))),
        ("assumed_time", 0.1, bool(word and firm and (word.assumed or word.warnings) and not lost)),
    ]


def _about_what(signs: Signs) -> list[tuple[str, float, bool]]:
    return [
        ("short", 0.5, len(signs.text) < SHORT),
        ("no_verb", 0.3, not signs.tells),
        ("split", 0.15, signs.split),
        ("facts", 0.12, bool(_FACTS.search(signs.text))),
        ("several_orders", 0.12, len(_OTHERS.findall(signs.text)) > 1),
        ("long", 0.1, len(signs.text) > LONG),
    ]
