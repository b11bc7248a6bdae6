"""The grammar of notices: phrases as small declarative rules (`*.toml`), each with its examples and its source."""

from domain.reading.grammar.rules import Rule, anywhere, at_end, at_start, rules, said

__all__ = ["Rule", "anywhere", "at_end", "at_start", "rules", "said"]
