"""Who: a lead that is missing, unknown, dissolved, not yet founded, or one of several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from domain.drafts import DraftDirective
from domain.linting.findings import Code, Finding
from domain.names import Registry, RegistryEntry

_SEVERAL = re.compile(r"\b(?:các|những|mỗi|từng)\b", re.IGNORECASE)


def about_whom(directive: DraftDirective, registry: Registry, on: date) -> Iterator[Finding]:
    """What is amiss with those a directive names, as of the day it is signed."""
    if directive.tracked and not directive.lead:
        yield Finding(Code.NO_LEAD, directive.path)
    for name in dict.fromkeys([*directive.lead, *directive.cooperating, *directive.report_to]):
        entry = registry.find(name, on)
        if entry is not None:
            yield from _existence(directive, entry, registry, on)
        elif name in directive.lead:
            yield Finding(Code.UNKNOWN_GROUP if is_group(name) else Code.UNKNOWN_BODY, directive.path, {"name": name})
    if directive.tracked and len(bodies := single_bodies(directive, registry, on)) > 1:
        yield Finding(Code.SEVERAL_LEADS, directive.path, {"names": "; ".join(bodies), "first": bodies[0]})


def is_group(name: str) -> bool:
    """Whether a name stands for several bodies: "các chủ đầu tư", "UBND các xã có dự án đi qua"."""
    return name[:1].islower() or bool(_SEVERAL.search(name))


def single_bodies(directive: DraftDirective, registry: Registry, on: date) -> list[str]:
    """The leads that are one body each, not a group whose members answer for themselves."""
    found = ((name, registry.find(name, on)) for name in directive.lead)
    return [name for name, entry in found if not is_group(name) and (entry is None or entry.kind != "group")]


def _existence(directive: DraftDirective, entry: RegistryEntry, registry: Registry, on: date) -> Iterator[Finding]:
    if entry.exists(on):
        return
    if entry.valid_from and on < entry.valid_from:
        day = f"{entry.valid_from:%d/%m/%Y}"
        yield Finding(Code.NOT_YET, directive.path, {"name": entry.name, "day": day})
        return
    day = f"{entry.valid_to:%d/%m/%Y}" if entry.valid_to else ""
    heirs = "; ".join(_heirs(entry, registry, on)) or "…"
    yield Finding(Code.GONE, directive.path, {"name": entry.name, "day": day, "successors": heirs})


def _heirs(entry: RegistryEntry, registry: Registry, on: date, seen: tuple[str, ...] = ()) -> list[str]:
    """Those that took over its work and exist on the day, through several mergers."""
    found: list[str] = []
    for name in entry.successors:
        heir = registry.find(name, on)
        if heir is None or heir.exists(on):
            found.append(heir.name if heir else name)
        elif heir.name not in seen:
            found += _heirs(heir, registry, on, (*seen, entry.name, heir.name))
    return list(dict.fromkeys(found))
