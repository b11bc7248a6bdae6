"""Rows of a table of tasks as directives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from domain.drafts import Authority, DeadlineKind, DraftDirective
from domain.reading import tables
from domain.reading.addressees import Namer
from domain.reading.blocks import Block
from domain.reading.context import Context
from domain.reading.deadlines import TimeWord
from domain.reading.making import Maker, Reading
from domain.reading.outline import Node
from domain.reading.partners import helpers, reported_to
from domain.reading.splitting import deciding
from domain.reading.tables import Cell, Header

SHORTEST_TASK = 8  # characters
_COUNTER = re.compile(r"[\dIVX]*[.)]?$")


@dataclass(frozen=True, slots=True)
class _Row:
    """What the cells of a row say."""

    task: str
    lead: str
    help: str
    deadline: str
    numbered: bool
    product: str = ""  #: what is to be handed over


@dataclass(slots=True)
class Table:
    """Reads one table, row after row; a row without a number takes the leads of the row above (a merged cell)."""

    namer: Namer
    make: Maker
    header: Header | None = None
    leads: tuple[str, ...] = field(default=())

    def read(self, node: Node, context: Context) -> Iterator[DraftDirective]:
        """The directive of a row; none for a header, a rule, a section's title, or a row that names no lead."""
        block = node.block
        if not block or tables.is_rule(block.text):
            return
        if new := tables.header(block.text):
            self.header, self.leads = new, ()
            return
        if self.header is None:
            return
        row = self._row(tables.cells(block.text), self.header)
        named = self.namer.cell(row.lead)
        leads = named or (() if row.numbered else self.leads) or context.leads
        if not leads or len(row.task) < SHORTEST_TASK:
            return
        self.leads = leads
        yield self._directive(block, node.path, row, replace(context, leads=leads))

    def _directive(self, block: Block, path: str, row: _Row, context: Context) -> DraftDirective:
        reading = Reading(
            path=path,
            leads=context.leads,
            helpers=self.namer.cell(row.help) or helpers(row.task, self.namer),
            reported=reported_to(row.task, self.namer),
            authority=context.authority or context.general or Authority.ORDER,
            word=self._when(row),
            inherited_from_heading=True,
            delivers=bool(row.product),
        )
        return self.make.directive(block.text, block.start, reading)

    def _when(self, row: _Row) -> TimeWord | None:
        word = deciding(row.deadline, self.make.setting, bare=True) if row.deadline else None
        if word is None or word.kind is DeadlineKind.NONE:
            return deciding(row.task, self.make.setting) or word
        return word

    def _row(self, cells: list[Cell], header: Header) -> _Row:
        numbered = bool(cells and cells[0].text and _COUNTER.match(cells[0].text))
        if len(cells) == header.width:
            said = {name: header.cell(name, cells) for name in ("task", "lead", "help", "deadline", "product")}
            said["task"] = said["task"] or max((c.text for c in cells), key=len)
            return _Row(**said, numbered=numbered)
        return self._by_contents([c.text for c in cells if c.text], numbered=numbered)

    def _by_contents(self, said: list[str], *, numbered: bool) -> _Row:
        """Cells that lost their columns: the longest is the task; then those that name bodies, and that of a time."""
        task = max(said, key=len, default="")
        rest = said[said.index(task) + 1 :] if task else []
        bodies = [text for text in rest if self.namer.reader.list_at(text, 0)]
        times = [text for text in rest if text not in bodies and deciding(text, self.make.setting, bare=True)]
        lead, partners = [*bodies, "", ""][:2]
        return _Row(task, lead, partners, times[0] if times else "", numbered)
