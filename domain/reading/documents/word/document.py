"""A Word document as text: the head of its first page, its body, its notes, each where a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.words import say
from domain.errors import Refusal
from domain.reading.documents.characters import laid_out
from domain.reading.documents.files import Budget
from domain.reading.documents.legacy import old_font
from domain.reading.documents.model import Contents, Upload
from domain.reading.documents.word.names import Element, R, W, find, is_on
from domain.reading.documents.word.numbering import read_numbering
from domain.reading.documents.word.package import Package, open_package
from domain.reading.documents.word.runs import RunReader
from domain.reading.documents.word.story import Seen, StoryReader
from domain.reading.documents.word.styles import read_styles

MARGINS = 60  #: headers and footers that are looked at
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def read_word(file: Upload) -> Contents:
    """The contents of a .docx. Raises Refusal for one that is damaged, harmful, or only a picture."""
    package = open_package(file)
    root = package.part("word/document.xml")
    body = None if root is None else find(root, "body")
    if body is None:
        raise Refusal("reading.broken_word", file=file.name)
    return _Reading(package, _reader(package), dict(_relations(package))).contents(body)


def _reader(package: Package) -> StoryReader:
    styles = read_styles(package.part("word/styles.xml"))
    numbering = read_numbering(package.part("word/numbering.xml"))
    return StoryReader(RunReader(styles), styles, numbering, Seen(), Budget(package.name))


def _relations(package: Package) -> Iterator[tuple[str, str]]:
    """The parts that the document refers to, by the ids it uses."""
    root = package.part("word/_rels/document.xml.rels")
    for one in root.iter(_RELATION) if root is not None else ():
        if one.get("TargetMode") != "External":
            target = one.get("Target", "")
            yield one.get("Id", ""), target if target.startswith("/") else f"word/{target}"


@dataclass(frozen=True, slots=True)
class _Reading:
    package: Package
    reader: StoryReader
    parts: dict[str, str]

    def contents(self, body: Element) -> Contents:
        """Everything in order. Headers of later pages and all footers are margins: read, but not text."""
        head = self._first_head(next(body.iter(f"{W}sectPr"), None))  # it stands at the end of its section
        lines = [*head, *self.reader.lines(body)]
        text = laid_out("\n".join([*lines, *self._notes()]))
        if not text.strip() and self.reader.seen.pictures:
            raise Refusal("reading.scanned", file=self.package.name)
        converted = old_font(text)
        return Contents(
            converted.text if converted else text, tuple(self._margins(body)), warnings=tuple(self._warnings())
        )

    def _first_head(self, section: Element | None) -> list[str]:
        """The header that stands on the first page; a lone page number is none."""
        sort = "first" if is_on(section, "titlePg") else "default"
        for reference in section.iterfind(f"{W}headerReference") if section is not None else ():
            if reference.get(f"{W}type", "default") == sort:
                lines = self._story(reference.get(f"{R}id", ""))
                return [line for line in lines if line.strip() and not _is_page_number(line)]
        return []

    def _margins(self, body: Element) -> Iterator[str]:
        found = (one.get(f"{R}id", "") for one in body.iter(f"{W}headerReference", f"{W}footerReference"))
        for reference in list(dict.fromkeys(found))[:MARGINS]:
            yield "\n".join(self._story(reference))

    def _story(self, reference: str) -> list[str]:
        root = self.package.part(self.parts.get(reference, "-"))
        return [] if root is None else self.reader.lines(root)

    def _notes(self) -> Iterator[str]:
        """Footnotes and endnotes, in the order in which the text refers to them."""
        stories = {
            (sort, one.get(f"{W}id", "")): one
            for sort in ("footnote", "endnote")
            if (root := self.package.part(f"word/{sort}s.xml")) is not None
            for one in root.iterfind(f"{W}{sort}")
        }
        for count, note in enumerate(list(dict.fromkeys(self.reader.seen.notes)), start=1):
            if note in stories:
                words = " ".join(" ".join(self.reader.lines(stories[note])).split())
                yield f"\n[{count}] {words}" if count == 1 else f"[{count}] {words}"

    def _warnings(self) -> Iterator[str]:
        if self.reader.seen.changed:
            yield say("reading.tracked_changes")


def _is_page_number(line: str) -> bool:
    return line.strip(" -–—").isdigit()
