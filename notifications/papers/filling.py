"""A Word template filled: the office's own where its folder has one, else the one that comes along."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from domain.errors import Refusal

BUILT_IN = Path(__file__).parent / "templates"
MOST_BYTES = 20 << 20  #: of an office's template
WRONG = (
    TemplateError,
    XMLSyntaxError,
    PackageNotFoundError,
    BadZipFile,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    ArithmeticError,
    OSError,
    RecursionError,
)


def fill_paper(name: str, context: Mapping[str, object], folder: Path | None = None) -> bytes:
    """The paper as .docx. Raises Refusal that names the office's template when it cannot be filled.

    Templates run in Jinja's sandbox; what stands in the context is text and never a template.
    """
    own = folder / f"{name}.docx" if folder is not None else None
    if own is None or not own.is_file():
        return _filled(BUILT_IN / f"{name}.docx", context)
    try:
        if own.stat().st_size > MOST_BYTES:
            raise ValueError(f"{own.stat().st_size} bytes")
        return _filled(own, context)
    except WRONG as error:
        why = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise Refusal("papers_office.refused.broken", file=str(own), why=why or type(error).__name__) from error


def _filled(template: Path, context: Mapping[str, object]) -> bytes:
    document = DocxTemplate(str(template))
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    document.render(dict(context), jinja_env=environment, autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
