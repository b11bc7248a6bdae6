"""Whether a directive is somebody's petition or recommendation: only where it names whose.

"Giải quyết kịp thời các kiến nghị của cử tri" tells an agency how to work; "kiến nghị của cử tri xã X về …" is one.
"""

from __future__ import annotations

import re

from domain.drafts import DirectiveKind, DraftDirective

_PLACE = r"(?:các\s+)?(?:xã|phường|thị\s+trấn|huyện|thị\s+xã|thành\s+phố|tỉnh|quận|thôn|buôn|tổ\s+dân\s+phố)"
_NAMED = rf"{_PLACE}\s+[^\W\d_a-zà-ỹ][\wÀ-ỹ]*(?:[\s,]+(?:và\s+)?[^\W\d_a-zà-ỹ][\wÀ-ỹ]*){{0,8}}"
_VOTERS = re.compile(
    rf"(?:[Kk]iến\s+nghị|[Pp]hản\s+ánh|[Ýý]\s+kiến)\s+của\s+(?P<after>cử\s+tri\s+{_NAMED})"
    rf"|(?P<before>[Cc]ử\s+tri\s+{_NAMED})\s+(?:kiến\s+nghị|đề\s+nghị|phản\s+ánh)"
)
_COUNCIL = r"(?:HĐND|Hội\s+đồng\s+nhân\s+dân)(?:\s+(?:tỉnh|huyện|thành\s+phố|thị\s+xã|quận|xã|phường))?"
_BODY = rf"(?:Đoàn\s+giám\s+sát(?:\s+của\s+{_COUNCIL})?|(?:Ban|Thường\s+trực)(?:\s+[^.;:\n]{{0,60}}?)?\s+{_COUNCIL})"
_SUPERVISORS = re.compile(
    rf"kiến\s+nghị\s+(?:sau\s+giám\s+sát\s+)?(?:của|tại\s+[Bb]áo\s+cáo\s+giám\s+sát\s+của)\s+(?P<after>{_BODY})"
    r"(?=\s*(?:tại|về|số|,|\.|;|$))"
    rf"|(?P<before>{_BODY})\s+kiến\s+nghị",
    re.IGNORECASE,
)
LONGEST = 300  #: characters of whose it is


def with_kind(directive: DraftDirective) -> DraftDirective:
    """The directive as a petition or a recommendation where it names whose it is, else as it was."""
    for kind, pattern in ((DirectiveKind.PETITION, _VOTERS), (DirectiveKind.RECOMMENDATION, _SUPERVISORS)):
        if found := pattern.search(directive.text):
            whose = " ".join((found["after"] or found["before"]).split())[:LONGEST]
            return directive.model_copy(update={"kind": kind, "raised_by": whose[:1].upper() + whose[1:]})
    return directive
