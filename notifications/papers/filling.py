"""A Word template filled: the office's own where its folder has one, else the one that comes along."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from docx.opc.exceptions import OpcError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError

from domain.errors import Refusal

BUILT_IN = Path(__file__).parent / "templates"
MOST_BYTES = 100 << 20  #: of an office's template, unpacked
#: What a damaged file or a wrong tag makes Jinja, lxml, python-docx, zipfile and zlib raise.
WRONG = (
    TemplateError,
    LxmlError,
    OpcError,
    BadZipFile,
    zlib.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    OSError,
    EOFError,
    RuntimeError,
)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  #: XML 1.0, production 2


def fill_paper(name: str, context: Mapping[str, object], folder: Path | None = None) -> bytes:
    """The paper as .docx. Raises Refusal that names the office's template when it cannot be filled.

    Templates run in Jinja's sandbox; what stands in the context is text and never a template.
    """
    clean = {field: _clean(value) for field, value in context.items()}
    own = folder / f"{name}.docx" if folder is not None else None
    if own is None or not own.is_file():
        return _filled(BUILT_IN / f"{name}.docx", clean)
    if not is_zipfile(own):
        raise Refusal("papers_office.refused.not_word", file=str(own))
    try:
        _check_size(own)
        return _filled(own, clean)
    except WRONG as error:
        why = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise Refusal("papers_office.refused.broken", file=str(own), why=why or type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that stands in a paper where a template names it."""

    contents: bytes
    width: float  #: millimetres


def _placed(value: object, document: DocxTemplate) -> object:
    """With each picture as the template engine takes it."""
    if isinstance(value, Picture):
        return InlineImage(document, io.BytesIO(value.contents), width=Mm(value.width))
    if isinstance(value, Mapping):
        return {name: _placed(one, document) for name, one in value.items()}
    return [_placed(one, document) for one in value] if isinstance(value, list | tuple) else value


def _clean(value: object) -> object:
    """Without what XML cannot hold: the parser would drop the rest of the paper together with it."""
    if isinstance(value, str):
        return NOT_XML.sub("", value)
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _check_size(template: Path) -> None:
    """Raises ValueError for a file that is small only while it is packed."""
    with ZipFile(template) as packed:
        size = sum(part.file_size for part in packed.infolist())
    if size > MOST_BYTES:
        raise ValueError(f"{size} bytes")


def _filled(template: Path, context: Mapping[str, object]) -> bytes:
    document = DocxTemplate(str(template))
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    placed = {name: _placed(value, document) for name, value in context.items()}
    document.render(placed, jinja_env=environment, autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
