"""What stands on one page: glyphs and ruled lines with their places, in points, the origin at the lower left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Glyph(NamedTuple):
    """A character (or, where a machine recognised it, a word) and where it stands."""

    text: str
    x0: float
    x1: float
    y: float  #: of the base line
    size: float


class Stroke(NamedTuple):
    """A horizontal or vertical line that is drawn on a page."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    strokes: tuple[Stroke, ...] = ()
    stamped: tuple[Glyph, ...] = ()  #: what appearances of signatures and other notes add to the page
    pictured: float = 0.0  #: the share of the page that its largest picture covers
    unseen_text: bool = False  #: its text is invisible: it lies behind a picture of the page


class Refused(Exception):
    """A file that cannot be read; `code` is the key of the words that say why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
