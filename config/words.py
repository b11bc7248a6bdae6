"""The catalogue of everything a person reads: Vietnamese first, English beside it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "words"
LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
_speaking: ContextVar[str] = ContextVar("speaking", default="")  #: the language of one visitor; empty: the process's


@cache
def catalogue(language: str, file: str) -> dict[str, Any]:
    """One file of the catalogue, as nested tables of phrases."""
    return tomllib.loads((HERE / language / f"{file}.toml").read_text(encoding="utf-8"))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything that is said inside is said in this language, whatever the process speaks."""
    before = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(before)


def spoken_language() -> str:
    """The language of the visitor, else of this process: `DONDOC_LANGUAGE`, Vietnamese when it names none we know."""
    if visitor := _speaking.get():
        return visitor
    wished = os.environ.get("DONDOC_LANGUAGE", DEFAULT_LANGUAGE)
    return wished if wished in LANGUAGES else DEFAULT_LANGUAGE


def say_with(key: str, params: Mapping[str, Any]) -> str:
    """`say` in the language of this process, with the parameters in a mapping."""
    phrase = say(key)
    return phrase.format(**params) if params else phrase


def say(key: str, /, *, language: str | None = None, **params: object) -> str:
    """The phrase behind `key` ("file.table.name"), its {placeholders} filled from `params`.

    Raises KeyError for a key that the catalogue does not hold: a programming error, which a test looks for.
    """
    file, *path = key.split(".")
    phrase: Any = catalogue(language or spoken_language(), file)
    for part in path:
        phrase = phrase[part]
    return str(phrase).strip().format(**params) if params else str(phrase).strip()
