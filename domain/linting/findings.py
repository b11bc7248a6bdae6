"""What lint has to say about one place of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from config.words import say_with


class Severity(StrEnum):
    """How bad it is for whoever has to follow it up."""

    ERROR = "error"  #: it cannot be followed up as it stands
    WARNING = "warning"  #: somebody will argue about it, or miss it
    NOTE = "note"  #: worth a look


class Code(StrEnum):
    """What can be the matter. Each has a message and an advice in `config/words/<language>/lint.toml`."""

    NEWS = "news"
    NO_LEAD = "no_lead"
    UNADDRESSED = "unaddressed"
    UNKNOWN_BODY = "unknown_body"
    UNKNOWN_GROUP = "unknown_group"
    GONE = "gone"
    NOT_YET = "not_yet"
    SEVERAL_LEADS = "several_leads"
    SAME_DELIVERABLE = "same_deliverable"
    NO_DATE = "no_date"
    VAGUE = "vague"
    IMPOSSIBLE_DATE = "impossible_date"
    PAST = "past"
    DAY_OFF = "day_off"
    SHORT_NOTICE = "short_notice"
    WAITS_FOR_EVENT = "waits_for_event"
    BUSY_WEEK = "busy_week"


SEVERITIES = {
    Code.NEWS: Severity.WARNING,
    Code.NO_LEAD: Severity.ERROR,
    Code.UNADDRESSED: Severity.ERROR,
    Code.UNKNOWN_BODY: Severity.ERROR,
    Code.UNKNOWN_GROUP: Severity.WARNING,
    Code.GONE: Severity.ERROR,
    Code.NOT_YET: Severity.ERROR,
    Code.SEVERAL_LEADS: Severity.WARNING,
    Code.SAME_DELIVERABLE: Severity.ERROR,
    Code.NO_DATE: Severity.WARNING,
    Code.VAGUE: Severity.WARNING,
    Code.IMPOSSIBLE_DATE: Severity.ERROR,
    Code.PAST: Severity.ERROR,
    Code.DAY_OFF: Severity.WARNING,
    Code.SHORT_NOTICE: Severity.WARNING,
    Code.WAITS_FOR_EVENT: Severity.NOTE,
    Code.BUSY_WEEK: Severity.NOTE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `path` is empty where it concerns the whole document."""

    code: Code
    path: str
    params: Mapping[str, object] = field(default_factory=dict)
    at: int | None = None  #: offset in the text, where the item is no directive

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return SEVERITIES[self.code]

    @property
    def message(self) -> str:
        """What is the matter, in the reader's language."""
        return say_with(f"lint.message.{self.code}", self.params)

    @property
    def advice(self) -> str:
        """What to write instead."""
        return say_with(f"lint.advice.{self.code}", self.params)

    def as_json(self) -> dict[str, str]:
        """The finding as `lint --json` prints it."""
        return {
            "code": str(self.code),
            "severity": str(self.severity),
            "path": self.path,
            "message": self.message,
            "advice": self.advice,
        }
