"""Reading a notice of conclusions: its text, and the directives in it."""

from domain.reading.notice import read_notice
from domain.reading.source import load_text

__all__ = ["load_text", "read_notice"]
