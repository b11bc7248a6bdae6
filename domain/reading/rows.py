"""A row of a table of tasks as a directive."""

from __future__ import annotations

from collections.abc import Iterator

from domain.drafts import Authority, DeadlineKind, DraftDirective
from domain.reading import tables
from domain.reading.addressees import Namer
from domain.reading.context import Context
from domain.reading.making import Maker, Reading
from domain.reading.outline import Node
from domain.reading.partners import helpers, reported_to
from domain.reading.splitting import deciding

SHORTEST_TASK = 8  # characters


def row(node: Node, header: dict[str, int], context: Context, namer: Namer, make: Maker) -> Iterator[DraftDirective]:
    """The directive of a row; none for a header, a rule, or a row that names no lead or task."""
    if not node.block or not header or tables.is_rule(node.text) or tables.columns(node.text):
        return
    cells = tables.cells(node.text)

    def cell(name: str) -> str:
        return cells[header[name]].text if name in header and header[name] < len(cells) else ""

    leads = namer.cell(cell("lead")) or context.leads
    task = cell("task") or max((c.text for c in cells), key=len)
    if not leads or len(task) < SHORTEST_TASK:
        return
    word = deciding(cell("deadline"), make.setting, bare=True) if cell("deadline") else None
    if word is None or word.kind is DeadlineKind.NONE:
        word = deciding(task, make.setting) or word
    reading = Reading(
        path=node.path,
        leads=leads,
        helpers=namer.cell(cell("help")) or helpers(task, namer),
        reported=reported_to(task, namer),
        authority=context.authority or context.general or Authority.ORDER,
        word=word,
        inherited_from_heading=True,
    )
    yield make.directive(node.text, node.block.start, reading)
