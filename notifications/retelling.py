"""What the audit trail remembers of an obligation, told in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from config.words import say, say_with
from domain.checkpoints import Checkpoint
from domain.explaining.memory import Remembered
from notifications.wording import day_words, deadline_words, moment_words, plain_line, quoted

NOTHING = "—"  #: for words that nobody said, or that were purged
#: Verb -> the phrase that tells it as it stands; other verbs below are told by what they say.
PLAIN = {
    "obligation.acknowledged": "acknowledged",
    "obligation.closed": "closed",
    "obligation.cancelled": "cancelled",
    "obligation.reassigned": "reassigned",
    "conclusion.withdrawn": "withdrawn",
    "policy.applied": "policy",
    "level.approved": "level_approved",
    "checkpoint.held": "held",
    "checkpoint.released": "let_go",
    "event.supplied": "event",
    "event.corrected": "event",
    "deadline.moved": "moved_by_calendar",
    "sending.switched": "switched",
    "calendar.forgotten": "day_forgotten",
}


@dataclass(frozen=True, slots=True)
class Retelling:
    """What the sentences name beside the trail itself."""

    checkpoints: Mapping[int | None, Checkpoint]
    own_reports: Collection[int | None]
    successor: int | None = None  #: the obligation that took this one's place
    days: Collection[date] = field(default_factory=frozenset)  #: the days between its moments; others concern it not

    def told(self, trail: Iterable[Remembered]) -> Iterator[tuple[datetime, str]]:
        """(Moment, sentence) of each entry that no other line tells."""
        for row in trail:
            if phrase := self._phrase(row):
                yield row.at, say_with(f"outlook.deed.{phrase}", self._words(row))

    def _phrase(self, row: Remembered) -> str | None:
        match row.verb:
            case "obligation.corrected":
                return _correction(row)
            case "obligation.linked":
                return "linked" if row.said.get("link") else "unlinked"
            case "obligation.reported":  # with one that it is linked with: it has no report of its own
                return None if row.said.get("report") in self.own_reports else "reported_with"
            case "calendar.changed" | "calendar.forgotten" if date.fromisoformat(row.number) not in self.days:
                return None
            case "calendar.changed":
                return "day_worked" if row.said.get("worked") else "day_off"
        return PLAIN.get(row.verb)

    def _words(self, row: Remembered) -> dict[str, object]:
        said = {name: plain_line(row.words(name)) or NOTHING for name in ("to", "lead", "event", "level")}
        mode = row.words("mode")
        return said | {
            "at": moment_words(row.at),
            "who": plain_line(row.words("who") or row.who),
            "reason": quoted(row.words("reason") or row.words("note") or row.words("words")) or NOTHING,
            "before": _bound(row.said.get("before")),
            "after": _bound(row.said.get("after") or row.said.get("due_before")),
            "happened": _moment(row.said.get("at")),
            "mode": say(f"desk.sending.name.{mode}") if mode else NOTHING,
            "day": day_words(date.fromisoformat(row.number)) if row.subject.startswith("day:") else NOTHING,
            "id": row.number if row.subject.startswith("checkpoint:") else self.successor or NOTHING,
            "what": self._what(row),
        }

    def _what(self, row: Remembered) -> str:
        point = self.checkpoints.get(int(row.number)) if row.subject.startswith("checkpoint:") else None
        return say(f"views.kind.{point.kind}", step=point.step) if point else NOTHING


def _correction(row: Remembered) -> str:
    if "lead" in row.said:
        return "corrected_lead"
    if "tracked" in row.said:
        return "corrected_tracked" if row.said["tracked"] else "corrected_information"
    return "corrected_deadline"


def _bound(words: object) -> str:
    return deadline_words(_instant(words))


def _moment(words: object) -> str:
    moment = _instant(words)
    return moment_words(moment) if moment else NOTHING


def _instant(words: object) -> datetime | None:
    """An instant of the trail; None where the words under that name are something else."""
    try:
        return datetime.fromisoformat(words) if isinstance(words, str) else None
    except ValueError:
        return None
