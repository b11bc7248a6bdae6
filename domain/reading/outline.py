"""The body of a notice as a tree of headings and items, each with the path people cite it by: "II.1.a)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.reading.blocks import Block

_CLOSING = re.compile(
    r"^(?:Trên đây là|Trên đây,|Nhận được|.{0,120}?(?:trân\s+trọng\s+)?thông\s+báo\s+(?:kết\s+luận\s+"
    r"|nội\s+dung\s+|ý\s+kiến\s+|đến\s+|tới\s+|để\s+|cho\s+).{0,260}?(?:biết|thực\s+hiện|triển\s+khai"
    r"|tổ\s+chức|phối\s+hợp))",
    re.DOTALL,
)
_ASKS_FIRST = re.compile(r"^(?:Giao|Yêu cầu|Phân công)\s")

TOP = ("capital", "roman")  #: what divides a whole document
UNNUMBERED = ("dash", "bullet", "plus", None)
SHORTEST_INTRO = 12  # characters: "Giao Sở Y tế:" introduces a list
LONGEST_HEADING = 160  # characters: a longer item is no heading that waits for its paragraphs


@dataclass(slots=True)
class Node:
    """A paragraph in its place. `children` are the items it opens."""

    block: Block | None
    path: str
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    intro: Block | None = None  #: the paragraph that introduces the list it is in
    after: list[Block] = field(default_factory=list)  #: unmarked paragraphs that follow it before the next item
    rows: int = 0  #: how many of its children are rows of a table
    dashes: int = 0  #: how many of its children have no number of their own
    marked: bool = False  #: whether one of its children has a marker

    def adopt(self, child: Node) -> None:
        """Puts a child after the others."""
        self.children.append(child)
        block = child.block
        self.rows += bool(block and block.is_row)
        self.dashes += bool(block and block.sort in UNNUMBERED)
        self.marked = self.marked or bool(block and block.marker)

    @property
    def text(self) -> str:
        """Its words."""
        return self.block.text if self.block else ""


def is_closing(block: Block) -> bool:
    """Whether the paragraph only says that the office announces these conclusions."""
    return (
        block.sort in (None, "dash", "bullet")
        and bool(_CLOSING.match(block.text))
        and not _ASKS_FIRST.match(block.text)
    )


@dataclass(slots=True)
class _Builder:
    root: Node
    stack: list[tuple[str, Node]] = field(default_factory=list)
    intros: dict[int, Block] = field(default_factory=dict)  #: by the node whose list they introduce

    def add(self, block: Block) -> None:
        """Puts a marked paragraph where its marker says."""
        level = self._level(block)
        while self.stack and level in [sort for sort, _ in self.stack]:
            self.stack.pop()
        if block.sort == "number" and block.marker and "." in block.marker:
            while self.stack and not self._holds(self.stack[-1][1], block.marker):
                self.stack.pop()
        elif block.sort in TOP:
            self.stack = [one for one in self.stack if one[0] in TOP]
        parent = self.stack[-1][1] if self.stack else self.root
        node = Node(block, self._path(parent, block), parent, intro=self.intros.get(id(parent)))
        parent.adopt(node)
        self.stack.append((level, node))

    @staticmethod
    def _level(block: Block) -> str:
        return f"{block.sort}{block.marker.count('.')}" if block.sort == "number" and block.marker else str(block.sort)

    @staticmethod
    def _holds(node: Node, marker: str) -> bool:
        own = node.block.marker if node.block and node.block.sort == "number" else None
        return own is None or marker.startswith(f"{own}.")

    def _path(self, parent: Node, block: Block) -> str:
        marker = block.marker or ""
        if block.sort in ("dash", "bullet", "plus"):
            marker = str(parent.dashes + 1)
        elif block.sort == "letter":
            marker = f"{marker})"
        elif block.sort == "number" and "." in marker and parent.block and parent.block.sort == "number":
            own = parent.block.marker or ""
            marker = marker[len(own) + 1 :] if marker.startswith(f"{own}.") else marker
        return f"{parent.path}.{marker}" if parent.path else marker

    def plain(self, block: Block) -> None:
        """Puts an unmarked paragraph: an introduction, a part of a heading, or a remark after an item."""
        if block.text.endswith(":") and len(block.text) > SHORTEST_INTRO:
            if self.stack and self._is_bare(self.stack[-1][1]):
                self.intros[id(self.stack[-1][1])] = block
                return
            self.stack = [one for one in self.stack if one[0] in TOP]
            self.intros[id(self.stack[-1][1] if self.stack else self.root)] = block
            return
        node = self.stack[-1][1] if self.stack else None
        if block.is_row:
            self._child(node or self.root, block)
        elif node and self._is_bare(node):
            self._child(node, block)
        elif node:
            node.after.append(block)
        else:
            path = str(len(self.root.children) + 1)
            self.root.adopt(Node(block, path, self.root, intro=self.intros.get(id(self.root))))

    @staticmethod
    def _is_bare(node: Node) -> bool:
        """Whether an item is a heading that waits for its paragraphs."""
        text = node.text.rstrip()
        return len(text) < LONGEST_HEADING and not text.endswith((".", ";")) and not node.marked

    def _child(self, node: Node, block: Block) -> None:
        number = re.match(r"\|?\s*(\d{1,3})\s*\.?\s*\|", block.text) if block.is_row else None
        if number:
            step = number.group(1)
        else:
            step = str(node.rows or len(node.children) + 1) if block.is_row or node.children else ""
        path = ".".join(part for part in (node.path, step) if part) or step
        node.adopt(Node(block, path or "1", node, intro=self.intros.get(id(node))))


def outline(blocks: Sequence[Block], prefix: str = "") -> Node:
    """The tree of a body; its root holds nothing."""
    builder = _Builder(Node(None, prefix))
    for block in blocks:
        if is_closing(block):
            continue
        if block.marker and not block.is_row:
            builder.add(block)
        else:
            builder.plain(block)
    return builder.root
