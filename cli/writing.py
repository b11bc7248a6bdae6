"""Writing a file that somebody asked for: whole, and never over one that is there."""

from __future__ import annotations

from pathlib import Path

from domain.errors import Refusal


def write_new(path: Path, contents: bytes, *, force: bool) -> None:
    """Writes a file whole. Raises Refusal for one that is there already, and where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb" if force else "xb") as file:
            file.write(contents)
    except OSError as error:
        if isinstance(error, FileExistsError) and path.exists():
            raise Refusal("papers_office.refused.there", file=str(path)) from error
        raise Refusal("papers_office.refused.not_written", file=str(path), why=error.strerror or "") from error
