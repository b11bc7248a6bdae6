"""A side's report as a file: JSON with the texts and figures of every section."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import Refusal
from domain.policy import Section

MOST_BYTES = 2 << 20


class Answers(BaseModel):
    """What stands in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    texts: dict[str, str] = {}
    figures: dict[str, str] = {}


def read_contents(path: Path) -> Answers:
    """The answers in a file. Raises Refusal that names the file and the first thing wrong in it."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal("reviews.refused.file", file=path.name, where="-", why=f"> {MOST_BYTES >> 20} MB")
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict) and isinstance(read.get("figures"), dict):
            read["figures"] = {name: _as_typed(value) for name, value in read["figures"].items()}
        return Answers.model_validate(read)
    except OSError as error:
        raise Refusal("errors.no_file", file=path, why=error.strerror or str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "-"
        raise Refusal("reviews.refused.file", file=path.name, where=where, why=first["msg"]) from error
    except (ValueError, RecursionError) as error:
        raise Refusal("reviews.refused.file", file=path.name, where="-", why=str(error).splitlines()[0]) from error


def _as_typed(value: object) -> object:
    """A plain number of JSON as people write it; nothing for null."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return str(value).replace(".", ",")
    return "" if value is None else value


def skeleton(sections: Sequence[Section]) -> dict[str, object]:
    """The file with nothing filled in."""
    return {
        "texts": {section.code: "" for section in sections},
        "figures": {figure.code: "" for section in sections for figure in section.figures},
    }
