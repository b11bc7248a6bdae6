"""From a path to bytes: a file that is there, that may be read, and that is no larger than a document can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from domain.errors import Refusal
from domain.reading.documents.model import Upload

LARGEST_FILE = 50 * 1024**2  #: bytes; the pictures of a document count
LARGEST_TEXT = 5 * 1024**2  #: bytes of UTF-8
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def upload(path: Path) -> Upload:
    """The file's bytes. Raises Refusal for one that is missing, a folder, a device, too large or not to be opened."""
    name = shown(path.name or str(path))
    try:
        if path.is_dir():
            raise Refusal("reading.directory", file=name)
        if path.exists() and not path.is_file():
            raise Refusal("reading.no_regular_file", file=name)
        if path.stat().st_size > LARGEST_FILE:
            raise too_large(name, LARGEST_FILE)
        return Upload(name, path.suffix.lower(), path.read_bytes())
    except FileNotFoundError as error:
        raise Refusal("reading.no_file", file=shown(str(path))) from error
    except (OSError, ValueError) as error:
        raise Refusal("reading.unreadable", file=name, why=type(error).__name__) from error


def shown(words: str) -> str:
    """A name in one line: file names may hold line breaks."""
    return _UNSEEN.sub(" ", words)


def too_large(name: str, limit: int) -> Refusal:
    """The refusal of something larger than `limit` bytes."""
    return Refusal("reading.too_large", file=name, megabytes=limit // 1024**2)


class Budget:
    """How much text a document may still come to: cells that are said again in every row they cover count each time."""

    def __init__(self, name: str) -> None:
        self.name, self.left = name, LARGEST_TEXT

    def spend(self, cells: Sequence[Sequence[str]]) -> None:
        """Takes the cells of a row off. Raises Refusal where nothing is left."""
        self.left -= sum(3 + sum(map(len, cell)) for cell in cells)
        if self.left < 0:
            raise too_large(self.name, LARGEST_TEXT)
