"""What a document is once it has been read, whatever its format was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Document:
    """A document as text, with what stands outside its text."""

    text: str  #: NFC, line ends LF; offsets of a draft index it
    name: str  #: the file's name, without its folder
    sha256: str  #: of the bytes of the file
    number: str | None = None  #: only where it stands outside the text: in the appearance of a signature
    issued_on: date | None = None  #: likewise
    warnings: tuple[str, ...] = ()  #: what a person should know of how it was read, in the user's language


@dataclass(frozen=True, slots=True)
class Contents:
    """What the reader of one format gives: text that is not tidied yet, and what stands around it."""

    text: str
    margins: tuple[str, ...] = ()  #: running heads and feet: not part of the text, but they may hold a marking
    number: str | None = None
    issued_on: date | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of a file with the name by which a person knows it."""

    name: str
    suffix: str  #: lower case, with its dot
    data: bytes


Meanwhile = Callable[[], object]


def nothing() -> None:
    """What most callers do while another process reads a file."""
