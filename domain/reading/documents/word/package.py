"""The zip in which a Word document is kept, opened as if somebody meant harm: every limit holds while it is read."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from domain.errors import Refusal
from domain.reading.documents.model import Upload

MEMBERS = 5_000  #: of a package; large documents with many pictures have some hundreds
LARGEST_PART = 24 * 1024**2  #: bytes of one XML part: far more than 5 MB of text need
TAGS = 800_000  #: of one part, closing ones included; 300 pages have some hundred thousand
RATIO, RATIO_FROM = 250, 1024**2  #: how much smaller an honest part of more than 1 MB may be packed
PROLOGUE = 4096  #: bytes before the first element
CHUNK = 256 * 1024
_DIRECTORY_ENTRY = b"PK\x01\x02"
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
Element = etree._Element


@dataclass(frozen=True, slots=True)
class Package:
    """An open package. `part` gives a part's XML, None where the package has no such part."""

    name: str
    archive: zipfile.ZipFile

    def part(self, path: str) -> Element | None:
        """The root of an XML part. Raises Refusal for one that is broken, too large, or has a document type."""
        try:
            member = self.archive.getinfo(path.lstrip("/"))
        except KeyError:
            return None
        if member.flag_bits & 1:
            raise Refusal("reading.encrypted", file=self.name)
        return self._parsed(_plain_names(self._unpacked(member)))

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        """The bytes, counted as they come: what the package says of its sizes proves nothing."""
        pieces: list[bytes] = []
        size = 0
        try:
            with self.archive.open(member) as stream:
                while piece := stream.read(CHUNK):
                    pieces.append(piece)
                    size += len(piece)
                    if size > LARGEST_PART or size > RATIO_FROM + RATIO * member.compress_size:
                        raise Refusal("reading.zip_bomb", file=self.name)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise broken(self.name) from error
        return b"".join(pieces)

    def _parsed(self, xml: bytes) -> Element:
        if xml.count(b"<") > TAGS:
            raise Refusal("reading.zip_bomb", file=self.name)
        if b"<!DOCTYPE" in xml[:PROLOGUE]:  # Office never writes one; entities need one
            raise Refusal("reading.entities", file=self.name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(xml, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise broken(self.name) from error
        if root.getroottree().docinfo.internalDTD is not None:  # written in an encoding of two bytes
            raise Refusal("reading.entities", file=self.name)
        return root


def open_package(file: Upload) -> Package:
    """Opens a package. Raises Refusal for a broken one, and for other formats that are kept in a zip."""
    if file.data.count(_DIRECTORY_ENTRY) > MEMBERS:
        raise Refusal("reading.zip_bomb", file=file.name)
    try:
        archive = zipfile.ZipFile(BytesIO(file.data))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, IndexError) as error:
        raise broken(file.name) from error
    names = set(archive.namelist())
    if "word/document.xml" not in names:
        raise Refusal("reading.no_word" if names else "reading.broken_word", file=file.name)
    return Package(file.name, archive)


def broken(name: str) -> Refusal:
    """The refusal of a document that Word would call damaged."""
    return Refusal("reading.broken_word", file=name)


def _plain_names(xml: bytes) -> bytes:
    """The names of the strict standard as the ones that everybody else writes."""
    if _STRICT in xml[:8192]:
        for strict, transitional in _TRANSITIONAL:
            xml = xml.replace(strict, transitional)
    return xml
