"""The process that recognises a picture file (a photograph or a scan of one page): bytes in, JSON out."""

from __future__ import annotations

import json
import sys

from domain.reading.documents.pdf.document import text_of_pages
from domain.reading.documents.pdf.recognition import DOTS, require_tesseract, words_in
from domain.reading.documents.pdf.sheets import Refused, Sheet

_POINTS = 72
_TALL = 20_000.0  #: points: places are counted from below a page that is as high as any


def main() -> None:
    """Recognises the picture on standard input."""
    try:
        require_tesseract()
        glyphs = tuple(words_in(sys.stdin.buffer.read(), DOTS / _POINTS, _TALL, 1))
        text = text_of_pages([Sheet(_TALL, _TALL, glyphs)]).text
        answer: dict[str, object] = {"text": text}
    except Refused as refused:
        answer = {"refused": refused.code, "params": refused.params}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
