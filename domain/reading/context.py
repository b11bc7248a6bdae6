"""What an item takes from above: the addressee of its heading, the date of the sentence that introduces its list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from domain.drafts import Authority
from domain.reading.addressees import LONGEST_HEADING, Namer
from domain.reading.blocks import Block
from domain.reading.deadlines import Setting, TimeWord
from domain.reading.grammar import anywhere, at_start, said
from domain.reading.outline import Node
from domain.reading.partners import helpers, reported_to
from domain.reading.splitting import deciding

_FINDING_HEADING = re.compile(rf"(?:{said('structure.finding_heading')}|yêu\s+cầu\s*$)(?!\w)", re.IGNORECASE)
_TASK_HEADING = anywhere("structure.task_heading")
_DATES_THE_LIST = at_start("structure.dates_the_list")
_REFERS_BACK = anywhere("structure.refers_back")
_MANY = re.compile(r"[a-zđ]|(?:Thủ\s+trưởng|Trưởng|Giám\s+đốc|Lãnh\s+đạo)\s+các")
_SETS_TASKS = anywhere("structure.sets_tasks")
_GIVES = re.compile(r"(?<!\w)(?:đề\s+nghị|yêu\s+cầu|giao|phân\s+công)(?!\w)", re.IGNORECASE)
_SPEAKS = re.compile(
    r"(?<!\w)(?:(?P<request>đề\s+nghị|mong)|(?P<order>yêu\s+cầu|chỉ\s+đạo|giao|phân\s+công))(?!\w)", re.IGNORECASE
)
_ONLY_DATES = re.compile(
    r"(?:Thời\s+(?:hạn|gian)|Hạn|Tiến\s+độ)\s+(?:hoàn\s+thành|thực\s+hiện|báo\s+cáo|gửi|nộp)[^:.;]{0,60}:\s",
    re.IGNORECASE,
)
_STOP = re.compile(r"\.(?=\s+\w)")
_POINTS = re.compile(r"(?<!\w)điểm\s+(?P<letters>[a-zđ](?:\s*(?:,|và|;|,?\s*điểm)\s*[a-zđ](?!\w))*)(?!\w)")
_LETTER = re.compile(r"(?<!\w)[a-zđ](?!\w)")
NEAR = 600  # characters in which an introduction names its addressees


@dataclass(frozen=True, slots=True)
class Context:
    """What an item takes from above when it does not say it itself."""

    leads: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    authority: Authority | None = None
    general: Authority | None = None  #: how the paragraph that introduces everything speaks
    date: TimeWord | None = None
    reported: tuple[str, ...] = ()
    specific: bool = False  #: the leads stand in a heading, not in the paragraph that introduces everything
    findings: bool = False


@dataclass(frozen=True, slots=True)
class Dating:
    """A sentence that dates a list: until when, to whom it is handed, and which points it names (none: all)."""

    word: TimeWord
    reported: tuple[str, ...]
    letters: frozenset[str] = frozenset()

    def covers(self, item: Node) -> bool:
        """Whether the sentence speaks of the item."""
        return not self.letters or (item.block is not None and item.block.marker in self.letters)

    def given_to(self, context: Context) -> Context:
        """The context of an item that it dates."""
        return replace(context, date=self.word, reported=self.reported)


@dataclass(frozen=True, slots=True)
class Above:
    """Reads what stands above an item."""

    namer: Namer
    setting: Setting

    def introduced(self, intro: Block | None, context: Context) -> Context:
        """What the paragraph before a list says of all its items."""
        if intro is None:
            return context
        leads, authority = self._addressed(intro.text)
        word = self.firm(intro.text)
        return replace(
            context,
            leads=leads or context.leads,
            general=authority or _speaks(intro.text) or context.general,
            helpers=helpers(intro.text, self.namer) if leads else context.helpers,
            date=word or context.date,
            reported=reported_to(intro.text, self.namer) if word else context.reported,
            specific=context.specific and not leads,
        )

    def _addressed(self, text: str) -> tuple[tuple[str, ...], Authority | None]:
        """The last address of an introducing paragraph, with its authority."""
        for match in reversed(list(_GIVES.finditer(text))):
            found = self.namer.opening(text[match.start() : match.start() + NEAR])
            if found and found.explicit:
                return found.leads, found.authority
        found = self.namer.opening(text)
        return (found.leads, found.authority) if found and _sets_tasks(text[found.end :]) else ((), None)

    def firm(self, text: str) -> TimeWord | None:
        """The word of time that bounds, if there is one whose day is not assumed."""
        word = deciding(text, self.setting)
        return word if word and word.firm and not word.assumed else None

    def dated(self, node: Node) -> list[Dating | None]:
        """For each child, the sentence after it (or after a later one) that dates the list so far."""
        found: list[Dating | None] = []
        current: Dating | None = None
        for child in reversed(node.children):
            last = child is node.children[-1]  # only what follows the whole list speaks of more than the list it ends
            after = _trailing(child) if last else [] if child.children else child.after
            own = [child.block] if child.block and self.only_dates(child) else []
            current = self._dating([*own, *after]) or current
            found.append(current if current and current.covers(child) else None)
        return found[::-1]

    def _dating(self, blocks: list[Block]) -> Dating | None:
        for block in blocks:
            first = first_sentence(block.text)
            if self.dates_a_list(first) and (word := self.firm(first)):
                points = _POINTS.search(first)
                letters = frozenset(_LETTER.findall(points.group("letters"))) if points else frozenset()
                return Dating(word, reported_to(first, self.namer), letters)
        return None

    def only_dates(self, item: Node) -> bool:
        """Whether an item of a list only says until when the others are due: "c) Thời hạn hoàn thành …: trước …"."""
        return not item.children and bool(_ONLY_DATES.match(item.text)) and self.firm(item.text) is not None

    def dates_a_list(self, text: str) -> bool:
        """Whether a paragraph speaks of everything before it: "Kết quả thực hiện gửi về …"."""
        if _DATES_THE_LIST.match(text):
            return True
        address = self.namer.opening(text) if _REFERS_BACK.search(text) else None
        return address is not None and not address.explicit and all(map(_MANY.match, address.leads))

    def headed(self, text: str, context: Context) -> tuple[Context, bool]:
        """(What a heading passes on, whether it addresses somebody)."""
        address = self.namer.heading(text) or self.namer.address(text)
        if address and address.leads:
            passed = replace(
                context,
                leads=address.leads,
                authority=address.authority,
                specific=True,
                findings=False,
                helpers=helpers(text, self.namer),
                date=self.firm(text) or context.date,
            )
            return passed, True
        if _is_findings(text):
            context = replace(context, findings=True)
        if text.rstrip().endswith(":"):
            context = replace(context, date=self.firm(text) or context.date)
        return context, False


def first_sentence(text: str) -> str:
    """The text up to its first full stop."""
    match = _STOP.search(text)
    return text[: match.end()] if match else text


def _is_findings(text: str) -> bool:
    """Whether a heading opens the part that only judges what was done."""
    return bool(_FINDING_HEADING.match(text)) and not (_TASK_HEADING.search(text) and not text.isupper())


def _trailing(node: Node) -> list[Block]:
    """The unmarked paragraphs after the last item of a tree."""
    found = list(node.after)
    while node.children:
        node = node.children[-1]
        found += node.after
    return found


def _speaks(text: str) -> Authority | None:
    """How a paragraph that introduces a list speaks, where it names nobody."""
    found = list(_SPEAKS.finditer(text))
    if not found:
        return None
    return Authority.REQUEST if found[-1].group("request") else Authority.ORDER


def _sets_tasks(rest: str) -> bool:
    """Whether an introduction goes on to tell its subject what to do."""
    return bool(_SETS_TASKS.search(rest[:200])) or rest.strip() in (":", "")


def has_own_task(text: str) -> bool:
    """Whether an item that opens a list says a task of its own before it."""
    return len(text) > LONGEST_HEADING and not text.rstrip().endswith(":")
