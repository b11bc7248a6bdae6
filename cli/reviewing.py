"""Going through what is uncertain in a draft with the person who files it, the least confident first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rich.padding import Padding

from cli.asking import Bodies, Days, Reconsidered, asked, tell
from cli.common import console
from cli.marked import marked, shows_colours
from cli.showing import directive_block, shortened
from config.words import say
from domain.corrections import confirmed, for_information, with_cooperating, with_last_day, with_leads
from domain.doubts import Doubtful, doubts_of
from domain.drafts import Draft, DraftDirective
from domain.errors import Refusal
from domain.marking import Mark, What, marks

ACTIONS = ("keep", "lead", "cooperating", "deadline", "information", "drop")
WHOLE = 100_000  #: characters: a directive is shown in full where a decision hangs on it
LONGEST_HEADING = 160


@dataclass
class Review:
    """What came of going through a draft."""

    text: str
    bodies: Bodies
    days: Days
    corrected: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def of(self, draft: Draft, doubtful: list[Doubtful]) -> Draft:
        """The draft with every doubt settled. Raises Abort where the person leaves; nothing is stored then."""
        kept: dict[int, DraftDirective | None] = dict(enumerate(draft.directives))
        for number, one in enumerate(doubtful, start=1):
            console().rule(say("cli.ask.item", number=number, total=len(doubtful), path=one.directive.path))
            kept[one.place] = self._settled(draft, one)
        return draft.model_copy(update={"directives": [one for one in kept.values() if one is not None]})

    def _settled(self, draft: Draft, doubtful: Doubtful) -> DraftDirective | None:
        """The directive as the person wants it; None where it is none."""
        before = one = doubtful.directive
        self._show(draft, one)
        _tell_doubts(doubtful)
        while (action := asked(_menu(one), _action)) != "drop":
            try:
                if action == "keep":
                    one = self._decidable(one)
                    break
                one = self._changed(action, one)
            except Reconsidered:
                pass
            self._show_changed(one)
        else:
            self.dropped.append(one.path)
            return None
        if _said(one) != _said(before):
            self.corrected.append(one.path)
        return confirmed(one)

    def _changed(self, action: str, one: DraftDirective) -> DraftDirective:
        changes: dict[str, Callable[[DraftDirective], DraftDirective]] = {
            "lead": self._with_leads,
            "cooperating": self._with_cooperating,
            "deadline": self._with_deadline,
            "information": for_information,
        }
        return changes[action](one)

    def _with_leads(self, one: DraftDirective) -> DraftDirective:
        names = self.bodies.several(say("cli.ask.lead"))
        return with_leads(one, names) if names else one

    def _with_cooperating(self, one: DraftDirective) -> DraftDirective:
        names = asked(say("cli.ask.cooperating"), str)
        if not names:
            return one
        written = [] if names == "0" else [" ".join(name.split()) for name in names.split(";") if name.strip()]
        return with_cooperating(one, [self.bodies.registry.canonical(name, self.bodies.on) for name in written])

    def _with_deadline(self, one: DraftDirective) -> DraftDirective:
        changes, last = self.days.ask()
        return with_last_day(one, last) if changes else one

    def _decidable(self, one: DraftDirective) -> DraftDirective:
        """With a lead that the registry knows and a day that can be: what filing would refuse is asked for now.

        Raises Reconsidered where the person does not decide.
        """
        while (doubts := doubts_of(one, self.bodies.registry, self.bodies.on)).blocks:
            before = one
            if doubts.unknown:
                one = with_leads(one, self.bodies.known(one.lead))
            elif not one.lead and one.tracked:
                tell(say("cli.ask.doubt.no_lead"))
                one = self._with_leads(one)
            else:
                tell(say("cli.ask.doubt.far"))
                one = self._with_deadline(one)
            if one == before:
                raise Reconsidered
        return one

    def _show(self, draft: Draft, one: DraftDirective) -> None:
        """The item in its words, under the heading that names its lead, then what was read in it."""
        alone = draft.model_copy(update={"directives": [one]})
        found = marks(self.text, alone, self.bodies.registry)
        here = [mark for mark in found if one.start is not None and one.start <= mark.start]
        if heading := _heading(self.text, found, one):
            console().print(say("cli.ask.heading", words=heading), markup=False, style="dim")
        if one.start is not None and one.end is not None:
            moved = [Mark(m.start - one.start, m.end - one.start, m.what, m.label) for m in here if m.end <= one.end]
            words = marked(self.text[one.start : one.end], moved, colours=shows_colours(console()))
            console().print(Padding(words, (0, 0, 1, 0), expand=False))
        self._show_changed(one)

    def _show_changed(self, one: DraftDirective) -> None:
        """What was read in it; its words only where they do not stand in the text."""
        console().print(*directive_block(one, 0 if one.start is not None else WHOLE), sep="\n")


def _said(one: DraftDirective) -> DraftDirective:
    """What it says, without how it was read."""
    return confirmed(one).model_copy(update={"warnings": []})


def _heading(text: str, found: list[Mark], one: DraftDirective) -> str:
    """The line above the item that names its lead."""
    above = [mark for mark in found if mark.what is What.LEAD and one.start is not None and mark.end <= one.start]
    if not above:
        return ""
    begin = text.rfind("\n", 0, above[-1].start) + 1
    end = text.find("\n", above[-1].end)
    return shortened(text[begin : end if end >= 0 else None], LONGEST_HEADING)


def _tell_doubts(doubtful: Doubtful) -> None:
    for doubt in doubtful.doubts:
        if doubt not in ("unsure", "unknown_lead"):  # its reasons, or its question, say it
            tell(say(f"cli.ask.doubt.{doubt}"))


def _menu(one: DraftDirective) -> str:
    """What can be done, in one line."""
    information = "information" if one.tracked else "follow_up"
    names = [information if action == "information" else action for action in ACTIONS]
    return " · ".join(say(f"cli.ask.menu.{name}") for name in names) + " ?"


def _action(words: str) -> str:
    """The action that a letter stands for; nothing typed keeps the item."""
    if not words:
        return "keep"
    for action in ACTIONS:
        if words.casefold() == say(f"cli.ask.key.{action}"):
            return action
    raise Refusal("errors.not_a_choice", words=words)
