"""The notice's text with what was found marked in it: in colour at a terminal, with plain signs elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from config.words import say
from domain.marking import Mark, What

STYLES = {What.DIRECTIVE: "cyan", What.LEAD: "bold magenta", What.COOPERATING: "magenta", What.DEADLINE: "bold green"}
SIGNS = {What.DIRECTIVE: ("[", "]"), What.LEAD: ("<", ">"), What.COOPERATING: ("~", "~"), What.DEADLINE: ("{", "}")}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of the text, with everything that they are; or a sign, with no characters of the text."""

    words: str
    what: tuple[What, ...] = ()
    sign: bool = False


def shows_colours(console: Console) -> bool:
    """Whether colours can be seen: at a terminal, unless NO_COLOR asks for none."""
    return console.is_terminal and not console.no_color and console.color_system is not None


def print_marked(console: Console, text: str, found: Iterable[Mark]) -> None:
    """Prints the legend, then the text with its marks."""
    colours = shows_colours(console)
    console.print(legend(colours=colours))
    console.print()
    console.print(marked(text.strip("\n"), _moved(found, len(text) - len(text.lstrip("\n"))), colours=colours))


def _moved(found: Iterable[Mark], by: int) -> list[Mark]:
    return [Mark(one.start - by, one.end - by, one.what, one.label) for one in found]


def legend(*, colours: bool) -> Text:
    """What each colour, or each sign, means."""
    line = Text(say("cli.read.legend") + " ")
    for place, what in enumerate(What):
        opening, closing = ("", "") if colours else SIGNS[what]
        label = "4.2 " if what is What.DIRECTIVE and not colours else ""
        line.append(" · " if place else "")
        line.append(f"{opening}{label}{say(f'cli.read.mark.{what}')}{closing}", STYLES[what] if colours else "")
    return line


def marked(text: str, found: Iterable[Mark], *, colours: bool) -> Text:
    """The text with its marks. Without colours every character of the text stays, and only signs are added."""
    result = Text(overflow="fold")
    for piece in pieces(text, found, signs=not colours):
        result.append(piece.words, _style(piece, STYLES) if colours else "")
    return result


def _style(piece: Piece, styles: Mapping[What, str]) -> str:
    if piece.sign:
        return "bold reverse cyan"
    return styles[piece.what[-1]] if piece.what else ""


def pieces(text: str, found: Iterable[Mark], *, signs: bool) -> Iterator[Piece]:
    """The text cut where a mark begins or ends; each directive is preceded by its path."""
    at, open_marks = 0, list[Mark]()
    for mark in [*sorted(found, key=lambda one: (one.start, -one.end)), Mark(len(text), len(text), What.DIRECTIVE)]:
        while open_marks and open_marks[-1].end <= mark.start:
            closing = open_marks[-1]
            yield Piece(text[at : closing.end], _kinds(open_marks))
            at = closing.end
            open_marks.pop()
            if signs:
                yield Piece(SIGNS[closing.what][1], sign=True)
        yield Piece(text[at : mark.start], _kinds(open_marks))
        at = mark.start
        if mark.end > mark.start:
            yield Piece(_opening(mark, signs=signs), sign=True)
            open_marks.append(mark)


def _kinds(open_marks: list[Mark]) -> tuple[What, ...]:
    return tuple(mark.what for mark in open_marks)


def _opening(mark: Mark, *, signs: bool) -> str:
    if mark.what is not What.DIRECTIVE:
        return SIGNS[mark.what][0] if signs else ""
    return f"{SIGNS[mark.what][0]}{mark.label} " if signs else f" {mark.label} "
