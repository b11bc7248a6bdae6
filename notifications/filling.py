"""Templates: those that come along, and those of the office's own folder, which come before them.

An office's template can have an error. Then the one that comes along is used: no message is lost for it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

BUILT_IN = Path(__file__).parent / "templates"
NAMES = ("message.txt.j2", "message.html.j2", "brief.txt.j2")
LONGEST = 1_000_000  #: characters that a filled template may have

log = logging.getLogger("dondoc.templates")


@lru_cache(maxsize=8)
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(name: str, context: Mapping[str, object], folder: Path | None = None) -> str:
    """A template ("vi/message.txt.j2") filled: the office's own where its folder has one that works."""
    if folder is not None and (folder / name).is_file():
        try:
            return fill_own(name, context, folder)
        except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, OSError, RecursionError) as error:
            log.error("template broken", extra={"template": name, "detail": str(error)[:300]})
    return _environment(BUILT_IN).get_template(name).render(context)


def fill_own(name: str, context: Mapping[str, object], folder: Path) -> str:
    """A template of the office's folder, filled. Raises what Jinja does, and ValueError for an empty one."""
    filled = _environment(folder).get_template(name).render(context)
    if not filled.strip() or len(filled) > LONGEST:
        raise ValueError(f"{len(filled)} characters")
    return filled


def own_templates(folder: Path) -> list[str]:
    """The names of the office's own templates, as `fill` takes them."""
    wanted = (f"{language}/{name}" for language in ("vi", "en") for name in NAMES)
    return [name for name in wanted if (folder / name).is_file()]
