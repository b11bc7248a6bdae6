"""The files of a mail: those that can be kept are kept, and the answer letter among them is read."""

from __future__ import annotations

import io
import logging
import mimetypes
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from config.words import say_with
from domain import reading
from domain.attachments import keep
from domain.errors import Refusal
from domain.filetypes import check_kind, plain_name
from domain.incoming import LONGEST_LINE, LONGEST_TEXT, IncomingFile
from domain.incoming_letters import AnswerLetter, read_letter
from domain.names import Registry
from notifications.inbox.parsing import MailFile

log = logging.getLogger("dondoc.inbox")

LARGEST = 20 << 20  #: bytes of one file
LETTERS = (".docx", ".pdf", ".doc")
MOST_READ = 5  #: files of one mail that are read as letters: each takes a process and seconds
SECRET = "reading.secret"  #: the refusal of a document that is marked as a state secret


@dataclass(frozen=True, slots=True)
class Files:
    """What became of a mail's files."""

    rows: tuple[IncomingFile, ...] = ()  #: not in the ledger yet
    letter: AnswerLetter | None = None
    problem: str = ""  #: why the likeliest letter could not be read


@dataclass(frozen=True, slots=True)
class _Looked:
    """One file that was looked at."""

    row: IncomingFile
    letter: AnswerLetter | None = None
    problem: str = ""


def keep_files(files: tuple[MailFile, ...], folder: Path, registry: Registry) -> Files:
    """Keeps what is taken and reads the letters among it. Raises OSError where the folder takes nothing."""
    looked: list[_Looked] = []
    for number, file in enumerate(files, start=1):
        may_read = sum(one.letter is not None or bool(one.problem) for one in looked) < MOST_READ
        looked.append(_look_at(_name(file, number), file, folder, registry if may_read else None))
    letters = [one.letter for one in looked if one.letter is not None]
    best = max(letters, key=_likeness, default=None)
    problem = next((one.problem for one in looked if one.problem), "")
    return Files(tuple(one.row for one in looked), best, problem if best is None else "")


def _name(file: MailFile, number: int) -> str:
    """The file's own name; one that has none gets one with the ending of its type."""
    return plain_name(file.name or f"tep-{number}{mimetypes.guess_extension(file.mime) or ''}")


def _look_at(name: str, file: MailFile, folder: Path, registry: Registry | None) -> _Looked:
    row = IncomingFile(incoming_id=0, name=name, mime=file.mime, size=len(file.data))
    contents = io.BytesIO(file.data)
    try:
        _check(name, contents, len(file.data))
        letter = _read(name, file.data, registry) if registry and is_letter(name) else None
    except Refusal as refusal:
        why = say_with(refusal.code, {**refusal.params, **({"file": name} if "file" in refusal.params else {})})
        if refusal.code == SECRET or not refusal.code.startswith("reading."):
            row.refused = why[:LONGEST_LINE]
            return _Looked(row)
        letter, problem = None, why[:LONGEST_LINE]
    else:
        problem = ""
    row.sha256 = keep(folder, name, contents).sha256
    return _Looked(row, letter, problem)


def _check(name: str, contents: io.BytesIO, size: int) -> None:
    if size > LARGEST:
        raise Refusal("answer.refused.too_large", name=name, most=LARGEST >> 20)
    if not size:
        raise Refusal("answer.refused.empty", name=name)
    check_kind(name, contents)


def is_letter(name: str) -> bool:
    """Whether a file of that name is one in which letters are written."""
    return PurePosixPath(name).suffix.casefold() in LETTERS


def _read(name: str, data: bytes, registry: Registry) -> AnswerLetter:
    """What a letter says. Raises Refusal for one that cannot be read: a scan, an old format, a state secret."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"tep{PurePosixPath(name).suffix.casefold()}"
        path.write_bytes(data)
        try:
            document = reading.load_document(path)
            return read_letter(
                document.text[:LONGEST_TEXT], registry, number=document.number, issued_on=document.issued_on
            )
        except Refusal:
            raise
        except Exception as error:  # a hostile file must not stop the inbox: it is kept, and a person reads it
            log.warning("letter not read", extra={"file": name, "detail": type(error).__name__})
            raise Refusal("reading.unreadable", file=name, why=type(error).__name__) from error


def _likeness(letter: AnswerLetter) -> tuple[bool, bool, bool]:
    """How much a file looks like the answer itself, not like an annex to it."""
    return any(one.carried_out for one in letter.cited), letter.number is not None, bool(letter.cited)
