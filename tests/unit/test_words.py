"""Everything a person reads exists in both languages, and says what the program fills in."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from config.settings import ROOT
from config.words import HERE, LANGUAGES, catalogue, say, say_with, spoken_language
from domain.checkpoints import Fate
from domain.moments import Kind
from domain.obligations import Standing, State
from notifications.outbox import Status

SOURCES = ("cli", "config", "domain", "flows", "notifications", "web")
FILES = sorted(path.stem for path in (HERE / "vi").glob("*.toml"))


@dataclass(frozen=True)
class Call:
    """A place in the source where words are asked for."""

    place: str
    key: str | None  #: None where it is made up at run time
    stem: str  #: what is known of the key
    given: frozenset[str] | None  #: the parameters; None where they come in a mapping


@cache
def calls() -> tuple[Call, ...]:
    return tuple(
        call for folder in SOURCES for path in sorted((ROOT.parent / folder).rglob("*.py")) for call in _in(path)
    )


def _in(path: Path) -> Iterator[Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in ("say", "say_with", "Refusal"):
            continue
        place = f"{path.relative_to(ROOT.parent)}:{node.lineno}"
        given = frozenset(word.arg for word in node.keywords if word.arg and word.arg != "language")
        spread = name == "say_with" or any(word.arg is None for word in node.keywords)
        for key, stem in _keys(node.args[0]):
            yield Call(place, key, stem, None if spread else given)


def _keys(argument: ast.expr) -> Iterator[tuple[str | None, str]]:
    if isinstance(argument, ast.Constant):
        yield str(argument.value), str(argument.value)
    elif isinstance(argument, ast.IfExp):
        yield from _keys(argument.body)
        yield from _keys(argument.orelse)
    elif isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        yield None, str(argument.values[0].value)


def phrases(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from phrases(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", str(value)


def placeholders(phrase: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)


def phrase_of(key: str, language: str) -> str | None:
    file, _, name = key.partition(".")
    return dict(phrases(catalogue(language, file))).get(name) if file in FILES else None


def test_both_languages_have_the_same_files() -> None:
    assert FILES
    assert sorted(path.stem for path in (HERE / "en").glob("*.toml")) == FILES


@pytest.mark.parametrize("file", FILES)
def test_both_languages_hold_the_same_keys_with_the_same_placeholders(file: str) -> None:
    vi, en = (
        {key: placeholders(phrase) for key, phrase in phrases(catalogue(language, file))} for language in LANGUAGES
    )
    assert vi == en


@pytest.mark.parametrize(("language", "file"), list(product(LANGUAGES, FILES)))
def test_no_phrase_is_empty_or_has_a_nameless_placeholder(language: str, file: str) -> None:
    for key, phrase in phrases(catalogue(language, file)):
        assert phrase.strip(), key
        assert "" not in placeholders(phrase), key


def test_every_phrase_the_program_asks_for_exists_in_both_languages() -> None:
    asked = [call for call in calls() if call.key is not None]
    assert len(asked) > 100
    missing = [
        (call.place, call.key, language)
        for call, language in product(asked, LANGUAGES)
        if phrase_of(str(call.key), language) is None
    ]
    assert missing == []


def test_every_phrase_made_up_at_run_time_has_its_table_in_both_languages() -> None:
    made_up = [call for call in calls() if call.key is None and "." in call.stem]
    assert made_up
    for call, language in product(made_up, LANGUAGES):
        file, _, stem = call.stem.partition(".")
        assert any(key.startswith(stem) for key, _ in phrases(catalogue(language, file))), (call, language)


def test_every_placeholder_is_filled_where_the_phrase_is_asked_for() -> None:
    wrong = [
        (call.place, call.key, sorted(placeholders(phrase_of(str(call.key), language) or "") - call.given))
        for call, language in product(calls(), LANGUAGES)
        if call.key is not None and call.given is not None
        if not placeholders(phrase_of(call.key, language) or "") <= call.given
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("views.standing", Standing),
        ("views.state", State),
        ("views.fate", Fate),
        ("views.kind", Kind),
        ("views.message", Status),
        ("messages.what", Kind),
        ("messages.heading", Kind),
        ("messages.instruction", Kind),
        ("wording.weekday", range(1, 8)),
    ],
)
def test_everything_the_ledger_can_hold_has_a_name_in_both_languages(table: str, names: Any, language: str) -> None:
    for name in names:
        assert say(f"{table}.{name}", language=language)


def test_an_unknown_language_falls_back_to_vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_LANGUAGE", "fr")
    assert spoken_language() == "vi"
    monkeypatch.setenv("DONDOC_LANGUAGE", "en")
    assert spoken_language() == "en"


def test_what_a_user_typed_is_never_taken_for_a_placeholder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_LANGUAGE", "en")
    assert "{0.__class__} {x}" in say_with("errors.unknown_agency", {"name": "{0.__class__} {x}"})


def test_a_phrase_that_does_not_exist_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        say("errors.no_such_phrase")
