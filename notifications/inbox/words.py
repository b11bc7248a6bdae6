"""What a mail says as harmless words: headers and texts in whatever charset, HTML as plain text.

Everything here takes any bytes: mail is written by anybody, and a mail that cannot be read must not stop the next one.
"""

from __future__ import annotations

import base64
import codecs
import quopri
import re
import unicodedata
from email.utils import getaddresses

from lxml import etree, html

from domain.agencies import is_mail_address
from domain.incoming import LONGEST_LINE, LONGEST_TEXT
from notifications.wording import plain_line

LONGEST_HEADER = 4_000  #: characters that are decoded
LONGEST_ADDRESS = 320  #: characters (RFC 5321, 4.5.3.1)
LONGEST_HTML = 500_000  #: characters that are made plain
OLD_VIETNAMESE = "windows-1258"
#: Encodings of text; others that Python knows compress, escape, or take quadratic time.
_CHARSET = re.compile(
    r"us-ascii|ascii|utf[-_]?(8|16|32)(-?[bl]e)?|iso-?8859-\d+|latin-?\d|(windows|cp)-?\d+"
    r"|koi8-[ru]|gb\w+|big5\w*|euc-\w+|shift_jis|iso-2022-\w+|tis-620"
)
_BLOCKS = re.compile(
    r"address|article|blockquote|br|dd|div|dl|dt|fieldset|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table"
    r"|tr|ul"
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
#: Where the mail that is answered begins, as mail programs write it in both languages.
_QUOTED = re.compile(
    r"(?im)^(?:>|-{2,}\s*(?:original message|thư gốc|tin nhắn gốc|forwarded|thư được chuyển tiếp)"
    r"|(?:vào|on)\s[^\n]{5,200}(?:\n[^\n]{0,120})?(?:đã viết|viết|wrote)\s*:\s*$|_{10,}\s*$"
    r"|(?:từ|from)\s*:[^\n]{3,200}\n(?:(?:đã gửi|ngày|date|sent|gửi|đến|to)\s*:))"
)
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_ENCODED = re.compile(rf"(?:{re.sub(r'[(](?![?])', '(?:', _WORD.pattern)})+")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,40}\?[bBqQ]\?)")  # white space between encoded words is none
_BLANK_LINES = re.compile(r"\n{3,}")


def decoded(data: bytes, charset: str | None) -> str:
    """Bytes as text: in the charset they claim, else UTF-8, else an old Vietnamese code page."""
    for name in (charset, "utf-8", OLD_VIETNAMESE):
        if name and _CHARSET.fullmatch(name.strip().lower()):
            try:
                return codecs.lookup(name.strip()).decode(data, "strict")[0]
            except (LookupError, ValueError):
                continue
    return data.decode("utf-8", "replace")


def header_words(value: str) -> str:
    """A header as one harmless line: encoded words (RFC 2047) and raw bytes beyond ASCII, which are read as UTF-8."""
    raw = _BETWEEN.sub(r"\1", _unfolded(value))
    return plain_line(_ENCODED.sub(_decoded_words, raw))[:LONGEST_LINE]


def _decoded_words(run: re.Match[str]) -> str:
    """Encoded words in a row: mail programs cut letters in two between them, so their bytes are joined first."""
    found: list[tuple[str, bytes]] = []
    for charset, sort, words in _WORD.findall(run.group()):
        data = _base64(words) if sort in "bB" else _quoted(words)
        if found and found[-1][0] == charset.lower():
            data = found.pop()[1] + data
        found.append((charset.lower(), data))
    return "".join(decoded(data, charset.partition("*")[0]) for charset, data in found)


def _base64(words: str) -> bytes:
    kept = re.sub(r"[^A-Za-z0-9+/]", "", words)
    return base64.b64decode(kept[: len(kept) - (len(kept) % 4 == 1)] + "=" * (-len(kept) % 4))


def _quoted(words: str) -> bytes:
    return quopri.decodestring(words.encode("utf-8", "replace"), header=True)


def _unfolded(value: str) -> str:
    """The header as text, cut to what is looked at: a header of megabytes is no header."""
    cut = value[:LONGEST_HEADER]
    try:
        raw = cut.encode("utf-8", "surrogateescape")
    except UnicodeError:
        raw = cut.encode("utf-8", "replace")
    return re.sub(r"[\r\n]+\s*", " ", decoded(raw, None))


def addresses_in(value: str) -> tuple[tuple[str, str], ...]:
    """(name, address) of each mailbox that a header names; what is no address is left out."""
    try:
        found = getaddresses([_unfolded(value)])
    except (ValueError, IndexError, TypeError, RecursionError):  # comments in comments in comments
        return ()
    return tuple(
        (header_words(name), address.strip())
        for name, address in found
        if 0 < len(address) <= LONGEST_ADDRESS and is_mail_address(address.strip())
    )


def plain_text(text: str) -> str:
    """Lines that show what they say: no control or direction marks, nothing private, not endless."""
    lines = text[: LONGEST_TEXT * 4].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(c if _is_seen(c) else "" for c in line.replace("\t", " ")).rstrip() for line in lines)
    return unicodedata.normalize("NFC", _BLANK_LINES.sub("\n\n", "\n".join(kept)).strip())[:LONGEST_TEXT]


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def own_words(text: str) -> str:
    """What a mail says itself, without the mail below that it answers: our own words are no answer of theirs."""
    cut = _QUOTED.search(text)
    return (text[: cut.start()] if cut else text).strip()


def text_of_html(source: str) -> str:
    """The words of an HTML mail; nothing of it is loaded or run. Empty where it cannot be read."""
    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
        tree = html.document_fromstring(source[:LONGEST_HTML].replace("\0", ""), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _UNSEEN:
            hidden += 1 if event == "start" else -1
        if _BLOCKS.fullmatch(str(element.tag)) and not (element.tag == "br" and event == "start"):
            parts.append("\n")
        words = element.text if event == "start" else element.tail
        if words and not hidden:
            parts.append(re.sub(r"\s+", " ", words))
    return "\n".join(line.strip() for line in "".join(parts).split("\n"))
