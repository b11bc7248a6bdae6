"""A directive of a draft in lines that a person can check: who, by when, how sure, and why not surer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from config.words import say
from domain.doubts import SURE
from domain.drafts import DeadlineKind, Draft, DraftDeadline, DraftDirective
from notifications.wording import deadline_words

LONGEST = 220  #: characters of a directive's words in a list: the whole stands in the text
INDENT = 4
POOR = 0.5  #: below it a reading is as likely wrong as right


def directive_block(directive: DraftDirective, longest: int = LONGEST) -> list[Padding | Text]:
    """The directive's lines: a heading with path and lead, the rest indented under it.

    Of its words at most `longest` characters; with 0 none, where they stand beside it.
    """
    heading = Text.from_markup(_heading(directive), emoji=False)
    lines = [Text.from_markup(line, emoji=False) for line in _lines(directive, longest)]
    return [heading, *(Padding(line, (0, 0, 0, INDENT), expand=False) for line in lines)]


def _heading(directive: DraftDirective) -> str:
    leads = escape("; ".join(directive.lead)) or f"[red]{say('cli.read.no_lead')}[/]"
    kind = say(f"cli.read.authority.{directive.authority or 'none'}")
    mark = "" if directive.tracked else f" · {say('cli.read.for_information')}"
    return f"[bold]{escape(directive.path)}[/]  [magenta]{leads}[/]  ({kind}{mark}){_confidence(directive)}"


def _confidence(directive: DraftDirective) -> str:
    sure = directive.confidence
    if sure is None:
        return ""
    colour = "green" if sure >= SURE else "yellow" if sure >= POOR else "red"
    return f"  [{colour}]{say('cli.read.sure', percent=round(100 * sure))}[/]"


def _lines(directive: DraftDirective, longest: int) -> Iterator[str]:
    if longest:
        yield escape(shortened(directive.text, longest))
    for names, words in ((directive.cooperating, "cooperating"), (directive.report_to, "report_to")):
        if names:
            yield escape(say(f"cli.read.{words}", names="; ".join(names)))
    yield from _deadline(directive.deadline)
    for warning in directive.warnings:
        yield f"[yellow]! {escape(warning)}[/]"
    if directive.reasons:
        yield f"[yellow]? {escape(say('cli.read.reasons', reasons='; '.join(directive.reasons)))}[/]"


def _deadline(deadline: DraftDeadline) -> Iterator[str]:
    """The first late moment in words, or why there is none; then the rule that gave it."""
    words = bound_words(deadline)
    if words:
        colour = "green" if deadline.due_before or deadline.rrule else "yellow"
        yield f"[{colour}]{escape(say('cli.read.deadline', when=words))}[/]"
    rule = deadline.explanation if deadline.kind is not DeadlineKind.CONTINUOUS else None  # its words say it all
    for line in (rule or "").splitlines():
        yield f"[dim]{escape(line)}[/]"


def bound_words(deadline: DraftDeadline) -> str:
    """By when, in words; empty where nothing is said about time."""
    phrase = " ".join((deadline.phrase or "").split())
    if deadline.due_before is not None:
        return deadline_words(deadline.due_before)
    if deadline.waits_for is not None:
        return say("cli.read.waits", event=deadline.waits_for.event)
    if deadline.kind is DeadlineKind.NONE:
        return phrase and say("cli.read.no_day", phrase=phrase)
    return say(f"cli.read.kind.{deadline.kind}", phrase=phrase)


def shortened(text: str, longest: int) -> str:
    """The text on one line, cut at a word where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + "…"


def summary(draft: Draft) -> str:
    """How many directives, how they are bounded, and how many a person should look at."""
    counts = Counter(_bounded(one) for one in draft.directives)
    parts = [say(f"cli.read.bounded.{name}", count=counts[name]) for name in BOUNDED if counts[name]]
    unsure = len(unsure_paths(draft.directives))
    tail = say("cli.read.unsure", count=unsure, percent=round(100 * SURE)) if unsure else say("cli.read.all_sure")
    return say("cli.read.count", count=len(draft.directives), kinds=", ".join(parts), tail=tail)


BOUNDED = ("dated", "recurring", "waiting", "undated", "for_information")


def _bounded(directive: DraftDirective) -> str:
    deadline = directive.deadline
    if not directive.tracked:
        return "for_information"
    if deadline.due_before is not None:
        return "dated"
    return "recurring" if deadline.rrule else "waiting" if deadline.waits_for else "undated"


def unsure_paths(directives: Sequence[DraftDirective]) -> list[str]:
    """The paths of the directives whose reading is not sure."""
    return [one.path for one in directives if one.confidence is not None and one.confidence < SURE]
