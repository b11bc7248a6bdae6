"""The one style sheet and the one script of the office's pages, put together once, with their digest in the name."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
SHEETS = ("vendor/tabler.min.css", "office.css", "filing.css", "lists.css", "dashboard.css", "work.css", "house.css")
SCRIPTS = ("vendor/htmx.min.js", "office.js")
ANSWER_SHEETS = ("answer.css",)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that browsers may keep for ever: another content has another name."""

    name: str
    kind: str
    plain: bytes
    packed: bytes  #: gzip

    @property
    def path(self) -> str:
        """Where it is served."""
        return f"/static/{self.name}"


@dataclass(frozen=True, slots=True)
class Assets:
    """All of them."""

    style: Asset
    script: Asset
    answer_style: Asset  #: the agency's page is light: it has its own sheet and no script

    @property
    def all(self) -> dict[str, Asset]:
        """Name -> asset."""
        return {one.name: one for one in (self.style, self.script, self.answer_style)}


@cache
def assets() -> Assets:
    """Read once, when the first page is made."""
    return Assets(
        _bundle("dondoc", "css", SHEETS), _bundle("dondoc", "js", SCRIPTS), _bundle("tra-loi", "css", ANSWER_SHEETS)
    )


def _bundle(name: str, kind: str, files: tuple[str, ...]) -> Asset:
    lines = b"\n".join((STATIC / file).read_bytes() for file in files).splitlines(keepends=True)
    plain = b"".join(line for line in lines if b"sourceMappingURL=" not in line[:40])
    digest = hashlib.sha256(plain).hexdigest()[:12]
    mime = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}[kind]
    return Asset(f"{name}-{digest}.{kind}", mime, plain, gzip.compress(plain, mtime=0))
