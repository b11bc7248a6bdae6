"""Asking the person at the terminal: who, by when, and which agency an unknown name means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import typer

from cli.common import console
from config.words import say, say_with
from domain.agencies import nearest, new_body
from domain.calendar import WorkingCalendar
from domain.errors import Refusal
from domain.names import Registry, RegistryEntry
from domain.written import parse_day

Answer = TypeVar("Answer")
NO_DAY = "0"


class Reconsidered(Exception):
    """The person went back instead of deciding."""


def asked(question: str, understand: Callable[[str], Answer]) -> Answer:
    """The answer to a question, asked again until it can be understood. Raises Abort where the person leaves."""
    while True:
        words = str(typer.prompt(question, default="", show_default=False, prompt_suffix=" ")).strip()
        try:
            return understand(words)
        except Refusal as refusal:
            tell(say_with(refusal.code, refusal.params))


def tell(words: str) -> None:
    """A line that answers what was typed."""
    console().print(f"! {words}", style="yellow", markup=False)


@dataclass
class Bodies:
    """Names as the person types them, and the bodies that the registry is to learn when the notice is filed."""

    registry: Registry
    on: date | None
    added: list[RegistryEntry] = field(default_factory=list)
    meant: dict[str, str] = field(default_factory=dict)  #: what an unknown name was said to mean, asked once

    def several(self, question: str) -> list[str] | None:
        """Names separated by semicolons, as the registry writes them; None where nothing is typed.

        Raises Reconsidered where the person does not decide about an unknown one.
        """
        words = asked(question, str)
        names = [name for part in words.split(";") if (name := " ".join(part.split()))]
        return self.known(names) if names else None

    def known(self, names: Iterable[str]) -> list[str]:
        """The names as the registry writes them; about one it does not know, the person decides or reconsiders."""
        return list(dict.fromkeys(self._known(name) for name in names))

    def _known(self, name: str) -> str:
        entry = self.registry.find(name, self.on)
        if entry is None and name not in self.meant:
            self.meant[name] = self._decided(name)
        return entry.name if entry else self.meant[name]

    def _decided(self, name: str) -> str:
        """One of those that are spelt alike, the name as a new body, or another name."""
        offered = nearest(self.registry, name, self.on)
        tell(say("cli.ask.unknown_like" if offered else "cli.ask.unknown", name=name))
        choices = {str(number): entry.name for number, entry in enumerate(offered, start=1)}
        choices[say("cli.ask.key.add")] = say("cli.ask.add", name=name)
        for letter, choice in choices.items():
            console().print(f"  {letter}  {choice}", markup=False)
        return asked(say("cli.ask.choose"), lambda words: self._chosen(words, name, offered))

    def _chosen(self, words: str, name: str, offered: list[RegistryEntry]) -> str:
        if not words:
            raise Reconsidered
        if words.isdecimal() and 1 <= int(words) <= len(offered):
            return offered[int(words) - 1].name
        if words.casefold() == say("cli.ask.key.add"):
            return self._added(name)
        if len(words) > 1 and not words.isdecimal():
            return self._known(" ".join(words.split()))
        raise Refusal("errors.not_a_choice", words=words)

    def _added(self, name: str) -> str:
        entry = new_body(name)
        self.added.append(entry)
        self.registry = Registry([*self.registry.entries, entry])
        return entry.name


@dataclass(frozen=True, slots=True)
class Days:
    """Last days as the person types them."""

    calendar: WorkingCalendar
    issued_on: date | None

    def ask(self) -> tuple[bool, date | None]:
        """(Whether the deadline changes, the last day in time or None for no day)."""
        return asked(say("cli.ask.last_day", none=NO_DAY), self._understood)

    def _understood(self, words: str) -> tuple[bool, date | None]:
        if not words:
            return False, None
        if words == NO_DAY:
            return True, None
        day = parse_day(words)
        if self.issued_on and day < self.issued_on:
            tell(say("cli.ask.past", day=f"{day:%d/%m/%Y}"))
        if not self.calendar.is_working(day):
            tell(say("cli.ask.day_off", day=f"{day:%d/%m/%Y}"))
        return True, day
