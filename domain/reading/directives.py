"""From the outline to directives: which items tell somebody to do something, and what each inherits from above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from string import ascii_lowercase

from domain.drafts import Authority, DraftDirective
from domain.reading.addressees import Address, Namer
from domain.reading.blocks import Block
from domain.reading.context import Above, Context, first_sentence, has_own_task
from domain.reading.deadlines import Setting
from domain.reading.grammar import at_start, said
from domain.reading.making import Maker, Reading
from domain.reading.openings import after_label
from domain.reading.outline import Node
from domain.reading.partners import helpers, reported_to
from domain.reading.rows import Table
from domain.reading.splitting import acts, deciding, parts

_FINDING, _LOOSE_FINDING = at_start("structure.finding"), at_start("structure.loose_finding")
_FINDING_LABEL = re.compile(rf"(?:{said('address.finding_label')})\s*:", re.IGNORECASE)
_TELLS = at_start("bodies.verb", "address.duty", "address.order", "address.request", "address.opener")
_EVERYBODY, _OTHERS = at_start("structure.everybody"), at_start("structure.others")
_DEMANDS = re.compile(r"Yêu\s+cầu(?!\w)")
_ORDERS_ON = at_start("structure.orders_on")
_AGENCIES = re.compile(r"(?:chủ\s+trì|phối\s+hợp|thực\s+hiện|đầu\s+mối)\s*:", re.IGNORECASE)
_AGENCY_LINE = re.compile(rf"\W*(?:[^\W\d]+\s+){{0,2}}{_AGENCIES.pattern}", re.IGNORECASE)
_LISTED = ("dash", "bullet", "plus", "letter")
SHORTEST = 12  # characters: a leaf shorter than this tells nobody anything
LONGEST = 20_000  # characters: what lies beyond in one item is not read
MOST_DIRECTIVES = 10_000  # what lies beyond is not read: no notice has as many
SHORTEST_LIST = 60  # characters: a shorter one that ends with a colon is a heading without its list


@dataclass(frozen=True, slots=True)
class _Item:
    """A leaf of the outline, or a part of one."""

    node: Node
    text: str
    start: int
    path: str
    follows: bool = False  #: a part after one that is a directive

    @property
    def is_part(self) -> bool:
        """Whether it is less than the whole leaf."""
        return self.text != self.node.text[:LONGEST]

    @property
    def introduces(self) -> bool:
        """Whether it only opens a list that stands in the same paragraph: "… một số nhiệm vụ sau: (i) …"."""
        return self.is_part and self.text.rstrip().endswith(":")

    @property
    def is_loose(self) -> bool:
        """Whether it is an unmarked paragraph outside every list: it takes no lead from above."""
        node = self.node
        return bool(node.block and not node.block.marker and node.parent and not node.parent.block)


@dataclass(frozen=True, slots=True)
class Extractor:
    """Walks an outline and gives its directives. `source` is the whole text: offsets index it."""

    source: str
    namer: Namer
    setting: Setting
    above: Above = field(init=False)
    make: Maker = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "above", Above(self.namer, self.setting))
        object.__setattr__(self, "make", Maker(self.source, self.setting, self.namer.reader.registry))

    def directives(self, root: Node) -> list[DraftDirective]:
        """The directives, in the order of the text."""
        return list(islice(self._children(root, Context()), MOST_DIRECTIVES))

    def _children(self, node: Node, context: Context) -> Iterator[DraftDirective]:
        table = Table(self.namer, self.make)
        intro, passed = None, context
        for child, dating in zip(node.children, self.above.dated(node), strict=True):
            if child.intro is not intro:  # its list's first item: the rest of the list takes the same
                intro, passed = child.intro, self.above.introduced(child.intro, context)
            own = dating.given_to(passed) if dating else passed
            if child is not node.children[0] and self.above.only_dates(child):
                continue
            if child.block and child.block.is_row:
                yield from table.read(child, own)
            elif child.children:
                yield from self._heading(child, own)
            else:
                yield from self._leaf(child, own)
            yield from self._remarks(child)

    def _remarks(self, node: Node) -> Iterator[DraftDirective]:
        """Unmarked paragraphs after an item that address a body by name: "Giao Văn phòng … theo dõi, đôn đốc"."""
        for index, block in enumerate(node.after, start=1):
            block = self._without_date_for_all(block)
            address = self.namer.opening(block.text)
            promised = address is not None and address.authority is Authority.UNDERTAKING
            if _AGENCIES.search(block.text) or not address or not (address.explicit or promised or block.is_rest):
                continue
            remark = Node(block, f"{node.path}+{index}", node)
            yield from (d for d in self._leaf(remark, Context()) if not all(map(_EVERYBODY.match, d.lead)))

    def _without_date_for_all(self, block: Block) -> Block:
        """A paragraph without its first sentence, where that dates the list before it."""
        first = first_sentence(block.text)
        if not self.above.dates_a_list(first) or not self.above.firm(first):
            return block
        rest = block.text[len(first) :]
        skipped = len(first) + len(rest) - len(rest.lstrip())
        return replace(block, start=block.start + skipped, text=block.text[skipped:], is_rest=True)

    def _heading(self, node: Node, context: Context) -> Iterator[DraftDirective]:
        inner, addressed = self.above.headed(node.text, context)
        if addressed and has_own_task(node.text):
            yield from self._leaf(node, context)
        yield from self._children(node, inner)

    def _leaf(self, node: Node, context: Context) -> Iterator[DraftDirective]:
        text = node.text[:LONGEST]
        if not node.block or len(text) < SHORTEST or (text.endswith(":") and len(text) < SHORTEST_LIST):
            return
        context = self._assigned_below(node, context)
        stretches = parts(text, self.setting, self.namer, context.leads if context.specific else ())
        follows = False
        for index, (start, end) in enumerate(stretches):
            letter = ascii_lowercase[index % 26] if len(stretches) > 1 else ""
            item = _Item(node, text[start:end], node.block.start + start, f"{node.path}{letter}", follows=follows)
            if item.introduces and (address := self.namer.opening(item.text)):
                context = replace(context, leads=address.leads, authority=address.authority, specific=True)
                follows = True
                continue
            made = self._directive(item, context)
            follows = made is not None
            if made:
                yield made
                context = replace(context, leads=tuple(made.lead), authority=made.authority, specific=True)

    def _assigned_below(self, node: Node, context: Context) -> Context:
        """With the leads and helpers of a line after or in the item: "Đơn vị chủ trì: …; đơn vị phối hợp: …"."""
        own = [node.block] if node.block else []
        line = next((block for block in (*node.after, *own) if _AGENCIES.search(block.text)), None)
        leads, partners = self.namer.agency_line(line.text) if line else ((), ())
        if not line or not leads:
            return context
        date = context.date or self.above.firm(line.text)
        return replace(context, leads=leads, helpers=partners, specific=True, date=date)

    def _directive(self, item: _Item, context: Context) -> DraftDirective | None:
        """One directive, or None where the text tells nobody to do anything."""
        text = item.text
        address = self._address(item, context)
        leads = address.leads if address else context.leads
        if not leads or _FINDING_LABEL.match(text) or (item.is_part and _AGENCY_LINE.match(text)):
            return None
        word = deciding(text, self.setting)
        bounded = item.follows and word is not None and word.firm
        if not address and not bounded and (context.findings or item.is_loose or _states_a_finding(item, context)):
            return None
        from_list = context.date is not None and (word is None or not word.firm)
        reported = (*reported_to(text, self.namer), *(context.reported if from_list else ()))
        reading = Reading(
            path=item.path,
            leads=leads,
            helpers=_without(leads, (*helpers(text, self.namer), *context.helpers)),
            reported=tuple(dict.fromkeys(reported)),
            authority=self._authority(address.authority if address else context.authority, leads, context),
            word=context.date if from_list else word,
            from_list=from_list,
            address=address,
            inherited_from_heading=context.specific,
            split=item.is_part,
        )
        return self.make.directive(text, item.start, reading)

    def _address(self, item: _Item, context: Context) -> Address | None:
        """The item's own address, unless it says what the addressee of its heading is to order of others."""
        address = self.namer.opening(item.text)
        if address and context.specific and address.explicit and _orders_others(item.text, address.leads):
            address = None
        if address is None and not context.specific:
            address = self.namer.address(item.text)
        if address and not address.explicit and (context.findings or (item.is_loose and not _is_told(item, address))):
            return None
        return address

    def _authority(self, said_so: Authority | None, leads: tuple[str, ...], context: Context) -> Authority:
        if said_so:
            return said_so
        found = [self.namer.reader.registry.find(lead) for lead in leads]
        if not self.namer.party and any(entry and entry.request_only for entry in found):
            return Authority.REQUEST
        return context.general or Authority.ORDER


def _without(leads: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name not in leads)


def _is_told(item: _Item, address: Address) -> bool:
    """Whether the subject of a sentence outside every list is told to act: not one of those present, nor one of whom
    a paragraph that began with findings goes on to tell."""
    begins_there = item.follows or not item.is_part or item.start == (item.node.block.start if item.node.block else -1)
    return begins_there and acts(item.text, address)


def _states_a_finding(item: _Item, context: Context) -> bool:
    """Whether a sentence that addresses nobody judges instead of telling; the first part of an item tells by a verb."""
    begin = after_label(item.text) or 0
    if _FINDING.match(item.text, begin) or (not context.specific and _LOOSE_FINDING.match(item.text, begin)):
        return True
    first_of_several = item.is_part and not item.follows
    listed = context.specific and item.node.block is not None and item.node.block.sort in _LISTED
    return first_of_several and not listed and not _TELLS.match(item.text, begin)


def _orders_others(text: str, leads: tuple[str, ...]) -> bool:
    """Whether an item under an addressee's heading says what that addressee is to order of others."""
    others = all(_OTHERS.match(lead) for lead in leads)
    return bool(_ORDERS_ON.match(text)) or bool(_DEMANDS.match(text) and others) or text[:1].islower()
