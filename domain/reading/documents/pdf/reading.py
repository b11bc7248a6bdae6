"""Reading a PDF without opening it here: a process of its own does, with limits of time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from config.words import say
from domain.errors import Refusal
from domain.reading.documents.characters import laid_out
from domain.reading.documents.legacy import old_font
from domain.reading.documents.model import Contents, Meanwhile, Upload

SECONDS, SECONDS_OCR = 8, 600
MEGABYTES, MEGABYTES_OCR = 420, 1200
_ROOT = Path(__file__).parents[4]


def read_pdf(file: Upload, ocr: bool, meanwhile: Meanwhile) -> Contents:
    """The contents of a PDF. Raises Refusal for one that is broken, encrypted, too heavy, or only pictures of pages."""
    answer = _asked(file, "domain.reading.documents.pdf.child", ocr, meanwhile)
    scanned: list[int] = answer["scanned"]
    if len(scanned) == answer["pages"] and not ocr:
        raise Refusal("reading.scanned", file=file.name)
    text = laid_out(answer["text"])
    converted = old_font(text)
    return Contents(
        text=converted.text if converted else text,
        margins=tuple(answer["margins"]),
        number=answer["number"],
        issued_on=_day(answer["issued_on"]),
        warnings=tuple(_warnings(answer, ocr=ocr, font=converted.name if converted else "")),
    )


def read_picture(file: Upload, ocr: bool, meanwhile: Meanwhile) -> Contents:
    """The text that is recognised in a picture of a page."""
    if not ocr:
        raise Refusal("reading.scanned", file=file.name)
    answer = _asked(file, "domain.reading.documents.pdf.picture", True, meanwhile)
    return Contents(laid_out(answer["text"]), warnings=(say("reading.ocr_used", pages=1),))


def _warnings(answer: dict[str, Any], *, ocr: bool, font: str) -> list[str]:
    scanned: list[int] = answer["scanned"]
    found: list[str] = []
    if scanned and ocr:
        found.append(say("reading.ocr_used", pages=len(scanned)))
    elif scanned:
        found.append(say("reading.scanned_pages", pages=len(scanned), list=", ".join(map(str, scanned[:20]))))
    if answer["unseen"]:
        found.append(say("reading.text_behind_picture"))
    if answer["signed_on"] and not answer["issued_on"]:
        found.append(say("reading.signed_day", day=f"{date.fromisoformat(answer['signed_on']):%d/%m/%Y}"))
    return [*found, say("reading.converted", font=font)] if font else found


def _day(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None


def _asked(file: Upload, module: str, ocr: bool, meanwhile: Meanwhile) -> dict[str, Any]:
    """The answer of the process that opens the file."""
    with TemporaryFile() as bytes_of_file:
        bytes_of_file.write(file.data)
        bytes_of_file.seek(0)
        process = _started(module, ocr, bytes_of_file)
        try:
            meanwhile()
            said, _ = process.communicate(timeout=SECONDS_OCR if ocr else SECONDS)
            answer: dict[str, Any] = json.loads(said)
        except (subprocess.TimeoutExpired, ValueError) as error:  # it takes too long, or it fell
            raise Refusal("reading.pdf_too_heavy", file=file.name) from error
        finally:
            process.kill()
            process.communicate()
    if "refused" in answer:
        raise Refusal(answer["refused"], **answer["params"], file=file.name)
    return answer


def _started(module: str, ocr: bool, standard_input: IO[bytes]) -> subprocess.Popen[bytes]:
    limits = [str(MEGABYTES_OCR), "ocr"] if ocr else [str(MEGABYTES)]
    return subprocess.Popen(
        [sys.executable, "-m", module, *limits],
        stdin=standard_input,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(_ROOT), "OMP_THREAD_LIMIT": "1"},
    )
