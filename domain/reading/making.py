"""Puts a directive of a draft together: its text and offsets, its deadline as written, its warnings."""

from __future__ import annotations

from dataclasses import dataclass

from config.words import say
from domain.drafts import Authority, DeadlineKind, DraftDeadline, DraftDirective
from domain.names import Registry
from domain.reading.addressees import Address
from domain.reading.confidence import Signs, weigh
from domain.reading.deadlines import Setting, TimeWord
from domain.reading.grammar import at_start
from domain.reading.openings import after_label
from domain.reading.period import DAY
from domain.reading.tracking import tracked

_OPENS_TASK = at_start(
    "bodies.verb", "address.duty", "address.opener", "address.order", "address.request", "time.standing"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made out about one directive, and how."""

    path: str
    leads: tuple[str, ...]
    helpers: tuple[str, ...]
    reported: tuple[str, ...]
    authority: Authority
    word: TimeWord | None = None
    from_list: bool = False  #: the deadline is that of the whole list
    address: Address | None = None  #: None where the lead comes from above
    inherited_from_heading: bool = False
    split: bool = False  #: it is a part of an item
    news: bool = False  #: from a news item
    delivers: bool = False  #: a table names what is to be handed over


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes directives of one document. `source` is its whole text."""

    source: str
    setting: Setting
    registry: Registry

    def directive(self, text: str, start: int, reading: Reading) -> DraftDirective:
        """The directive whose words are `text`, which begins at `start` in the source."""
        begin = start + len(text) - len(text.lstrip())
        end = start + len(text.rstrip())
        word = reading.word
        confidence, reasons = weigh(self._signs(text, reading))
        return DraftDirective(
            path=reading.path,
            text=self.source[begin:end],
            start=begin,
            end=end,
            authority=reading.authority,
            tracked=reading.delivers or tracked(text, word),
            lead=list(reading.leads),
            cooperating=list(reading.helpers),
            report_to=list(reading.reported),
            deadline=self._as_written(word, text, start),
            warnings=self._warnings(word, reading),
            confidence=confidence,
            reasons=reasons,
        )

    def _as_written(self, word: TimeWord | None, text: str, start: int) -> DraftDeadline:
        """The deadline, its phrase as it stands in the source, line breaks included."""
        if word is None:
            return DraftDeadline()
        inside = text[word.start : word.end] == word.deadline.phrase
        phrase = self.source[start + word.start : start + word.end] if inside else word.deadline.phrase
        return word.deadline.model_copy(update={"phrase": phrase})

    def _warnings(self, word: TimeWord | None, reading: Reading) -> list[str]:
        bodies = [*self._unknown(reading.leads), *self._gone((*reading.leads, *reading.helpers))]
        if word is None:
            return bodies
        warnings = [*bodies, *word.warnings]
        if reading.from_list:
            warnings.append(say("reading.warning.from_list"))
        due = word.deadline.due_before
        if due and word.kind is DeadlineKind.DATE and due.hour == due.minute == 0:
            last = due.date() - DAY
            if not self.setting.calendar.is_working(last):
                warnings.append(say("reading.warning.day_off", day=f"{last:%d/%m/%Y}"))
        if due and self.setting.issued_on and due.date() <= self.setting.issued_on:
            warnings.append(say("reading.warning.past", phrase=word.deadline.phrase or ""))
        return warnings

    def _unknown(self, names: tuple[str, ...]) -> list[str]:
        return [say("reading.warning.unknown_body", name=name) for name in names if not self._knows(name)]

    def _gone(self, names: tuple[str, ...]) -> list[str]:
        """Bodies that did not exist on the day of the notice: abolished, merged, or not yet founded."""
        on = self.setting.issued_on
        found = {name: self.registry.find(name, on) for name in names}
        return [
            say("reading.warning.gone_body", name=name, day=f"{on:%d/%m/%Y}")
            for name, entry in found.items()
            if on and entry and not entry.exists(on)
        ]

    def _knows(self, name: str) -> bool:
        """Whether the registry knows the body, or it is a group that a person expands."""
        return self.registry.find(name) is not None or name[:1].islower()

    def _signs(self, text: str, reading: Reading) -> Signs:
        return Signs(
            text=text,
            word=reading.word,
            reference=self.setting.issued_on,
            explicit=bool(reading.address and reading.address.explicit),
            subject=bool(reading.address and not reading.address.explicit),
            from_heading=reading.inherited_from_heading and reading.address is None,
            unknown_leads=sum(not self._knows(name) for name in reading.leads),
            groups=sum(name[:1].islower() for name in reading.leads),
            split=reading.split,
            from_list=reading.from_list,
            reported=reading.news,
            tells=_tells(text, reading.address),
        )


def _tells(text: str, address: Address | None) -> bool:
    """Whether a verb or a duty opens what is to be done, right after the addressee; a row of a table need not."""
    begin = address.end if address else after_label(text) or 0
    rest = text[begin:].lstrip(" ,:;.()-–|0123456789")
    return "|" in text or not rest or _OPENS_TASK.match(rest) is not None
