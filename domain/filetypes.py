"""What kind of file somebody sends: decided by its contents, never by its name alone."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import BinaryIO

import puremagic

from domain.errors import Refusal

LONGEST_NAME = 150  #: characters
HEAD = 1 << 16  #: bytes that are looked at
#: extension -> what its contents are recognised as
KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        ".pdf": frozenset({".pdf"}),
        ".doc": frozenset({".doc"}),
        ".xls": frozenset({".doc", ".xls"}),
        ".ppt": frozenset({".doc", ".ppt"}),
        ".jpg": frozenset({".jpg", ".jpeg"}),
        ".jpeg": frozenset({".jpg", ".jpeg"}),
        ".png": frozenset({".png"}),
        ".webp": frozenset({".webp"}),
        ".heic": frozenset({".heic", ".heif"}),
        ".tif": frozenset({".tif", ".tiff"}),
        ".tiff": frozenset({".tif", ".tiff"}),
    }
)
#: extension -> what must lie in the archive that such a file is
PACKED: Mapping[str, str] = MappingProxyType(
    {
        ".docx": "word/document.xml",
        ".xlsx": "xl/workbook.xml",
        ".pptx": "ppt/presentation.xml",
        ".odt": "content.xml",
        ".ods": "content.xml",
    }
)
MACROS = "vbaProject.bin"
WORDS = (".txt", ".csv")
ALLOWED = (*PACKED, *KINDS, *WORDS)


def plain_name(name: str) -> str:
    """A file's name without folders, control or direction marks, and not endless; the extension stays."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    clean = " ".join("".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Zl", "Zp")).split())
    clean = clean.lstrip(".") or "tep"
    stem, dot, extension = clean.rpartition(".")
    if not dot:
        return clean[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"[:LONGEST_NAME]


def check_kind(name: str, contents: BinaryIO) -> None:
    """Raises Refusal for a kind that is not taken, and for contents that are not what the name says.

    Leaves `contents` at its beginning.
    """
    extension = _extension(name)
    if extension not in ALLOWED:
        raise Refusal("answer.refused.kind", name=name, known=" ".join(one.lstrip(".") for one in ALLOWED))
    contents.seek(0)
    head = contents.read(HEAD)
    contents.seek(0)
    fits = _is_packed(extension, contents) if extension in PACKED else _fits(extension, head)
    contents.seek(0)
    if not fits:
        raise Refusal("answer.refused.contents", name=name)


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.casefold()


def _fits(extension: str, head: bytes) -> bool:
    if extension in WORDS:
        return _is_text(head)
    try:
        found = {match.extension for match in puremagic.magic_string(head) if match.confidence >= 0.3}
    except (puremagic.PureError, ValueError):
        return False
    return bool(found & KINDS[extension])


def _is_text(head: bytes) -> bool:
    """Words, in UTF-8, UTF-16 with its mark, or an old Vietnamese code page: no zero bytes, no HTML."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in head and not head.lstrip()[:1].startswith(b"<")


def _is_packed(extension: str, contents: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(contents) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return PACKED[extension] in names and not any(name.endswith(MACROS) for name in names)
