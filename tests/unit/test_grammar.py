"""The grammar's rules: each finds its own examples, and what it reads is what it says beside it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from domain.names import load_registry
from domain.reading.bodies import Reader
from domain.reading.deadlines import Setting, strongest, time_words
from domain.reading.grammar import Rule, rules
from domain.reading.grammar.language import BadPhrase, regex, spellings
from domain.reading.tones import with_new_tones

HERE = Path(__file__).parents[2]
TABLES = [path.stem for path in sorted((HERE / "domain/reading/grammar").glob("*.toml"))]
RULES = [rule for table in TABLES for rule in rules(table)]
SETTING = Setting(issued_on=date(2026, 3, 2), meeting_on=date(2026, 2, 26))
READER = Reader(load_registry(HERE / "config" / "agencies.yaml"))
NAMES = (
    "bodies.head",
    "bodies.ambiguous",
    "bodies.follow",
    "bodies.person",
    "bodies.verb",
    "bodies.stop",
    "bodies.filter",
)


def finds(rule: Rule, text: str) -> bool:
    flags = re.NOFLAG if rule.kind in NAMES else re.IGNORECASE
    return re.search(rf"(?<!\w)(?:{rule.pattern})(?!\w)", text, flags) is not None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_every_rule_finds_its_examples_and_names_its_source(rule: Rule) -> None:
    assert rule.source
    assert rule.examples or rule.reads, "a rule without an example cannot be checked"
    assert [text for text in (*rule.examples, *rule.reads) if not finds(rule, text)] == []
    assert [text for text in rule.never if finds(rule, text)] == []


@pytest.mark.parametrize(("phrase", "bound"), [pair for rule in RULES for pair in rule.reads.items()])
def test_a_phrase_is_read_as_the_grammar_says(phrase: str, bound: str) -> None:
    word = strongest(time_words(f"báo cáo UBND tỉnh {phrase}.", SETTING))
    assert word is not None
    assert word.deadline.due_before is not None
    assert f"{word.deadline.due_before:%Y-%m-%d %H:%M}" == bound


@pytest.mark.parametrize("kind", ["bodies.verb", "bodies.stop"])
def test_a_name_ends_where_its_predicate_begins(kind: str) -> None:
    phrases = [phrase for rule in rules("bodies") if rule.kind == kind for phrase in rule.says]
    longer = {
        phrase: found[0].name
        for phrase in phrases
        if (found := READER.list_at(f"Sở Tư pháp {phrase} việc này", 0)) and found[0].name != "Sở Tư pháp"
    }
    assert longer == {}


def test_no_phrase_is_written_in_the_old_tone_placement() -> None:
    phrases = [phrase for rule in RULES for phrase in rule.says]
    assert [phrase for phrase in phrases if with_new_tones(phrase) != phrase] == []


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("chậm nhất [là|vào]", "chậm  nhất\nlà"),
        ("chậm nhất [là|vào]", "chậm nhất"),
        ("[trong] quý", "quý"),
        ("(đề nghị|yêu cầu) [các] sở", "yêu cầu các sở"),
        ("<n> ngày", "05 (năm) ngày"),
        ("a [b] [c] d", "a d"),
    ],
)
def test_the_language_of_phrases_means_what_it_says(phrase: str, text: str) -> None:
    assert re.fullmatch(regex(phrase), text)


def test_a_phrase_is_spelled_out_in_every_way_it_can_be_written() -> None:
    assert set(spellings("[ngày|khi] (ký|ban hành) [này]")) == {
        f"{when}{what}{this}" for when in ("", "ngày ", "khi ") for what in ("ký", "ban hành") for this in ("", " này")
    }
    assert spellings("<n> ngày") == ()


@pytest.mark.parametrize("phrase", ["", "(a", "a]", "[a]", "a  b", "<no such slot>", "a|"])
def test_a_phrase_that_is_not_of_the_language_is_refused(phrase: str) -> None:
    with pytest.raises(BadPhrase):
        regex(phrase)
