"""Files that come with a form: counted, measured, checked by their contents, then kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import UploadFile

from domain.attachments import keep
from domain.errors import Refusal
from domain.filetypes import check_kind, plain_name
from domain.reports import KeptFile

MOST_FILES, LARGEST = 6, 20 << 20  #: files of one form; bytes of one file


def kept_files(files: Sequence[UploadFile], folder: Path) -> tuple[KeptFile, ...]:
    """Every file, safe in the folder under its digest. Raises Refusal, and keeps none, where one is not taken."""
    if len(files) > MOST_FILES:
        raise Refusal("answer.refused.too_many", most=MOST_FILES)
    named = [(plain_name(one.filename or ""), one) for one in files]
    for name, one in named:
        if (one.size or 0) > LARGEST:
            raise Refusal("answer.refused.too_large", name=name, most=LARGEST >> 20)
        if not one.size:
            raise Refusal("answer.refused.empty", name=name)
        check_kind(name, one.file)
    kept = [keep(folder, name, one.file) for name, one in named]
    return tuple({one.sha256: one for one in kept}.values())  # the same file twice is one attachment
