"""How pages show what should not be shown whole."""

from __future__ import annotations

SHOWN = 2  #: characters of an address that its owner needs to know it by


def masked(address: str) -> str:
    """An address as much as its owner needs to know it: va…@snv.example; empty stays empty."""
    local, at_sign, domain = address.partition("@")
    return f"{local[:SHOWN]}…{at_sign}{domain}" if at_sign else ""


def size_words(size: int) -> str:
    """A size as people say it: 340 KB, 2 MB."""
    return f"{max(1, size >> 10)} KB" if size < 1 << 20 else f"{size >> 20} MB"
