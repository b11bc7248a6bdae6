"""The attachments folder: files under the SHA-256 of their bytes, safe before anything is recorded about them."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from domain.errors import Refusal
from domain.reports import KeptFile

PIECE = 1 << 20  #: bytes that are in memory together


def keep_file(folder: Path, path: Path) -> KeptFile:
    """Copies a file into the folder. Raises Refusal where it cannot be read."""
    try:
        with path.open("rb") as contents:
            return keep(folder, path.name, contents)
    except OSError as error:
        raise Refusal("errors.no_file", file=path, why=error.strerror or str(error)) from error


def keep(folder: Path, name: str, contents: BinaryIO) -> KeptFile:
    """Copies what was uploaded into the folder; the bytes are on the disk when it returns."""
    hashed = hashlib.sha256()
    while part := contents.read(PIECE):
        hashed.update(part)
    digest, size = hashed.hexdigest(), contents.tell()
    kept = folder / digest
    if not kept.exists():
        contents.seek(0)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = folder / f"{digest}.{os.getpid()}.part"
        with partial.open("wb") as copy:
            shutil.copyfileobj(contents, copy)
            copy.flush()
            os.fsync(copy.fileno())
        partial.chmod(0o600)
        partial.rename(kept)
    return KeptFile(name, digest, size)
