"""Where a sentence really begins: after its label, a connective, the issuer's name, or the time that is put first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.reading.grammar import said

MOST = 4  #: leading parts that are stepped over
_ISSUER_FIRST = re.compile(
    r"(?:(?:Đồng\s+chí\s+)?(?:Phó\s+)?(?:Chủ\s+tịch|Giám\s+đốc|Thủ\s+tướng|Bộ\s+trưởng)[^.;:]{0,60}?"
    r"|UBND\s+(?:tỉnh|huyện|xã|phường|thành\s+phố)|Ủy\s+ban\s+nhân\s+dân\s+(?:tỉnh|huyện|xã|phường|thành\s+phố)"
    r"|(?:Cơ\s+bản\s+)?(?:Thống\s+nhất|Đồng\s+ý|Nhất\s+trí)[^.;:]{0,160}?)"
    r"[\s,;:]+(?=giao|đề\s+nghị|yêu\s+cầu|phân\s+công)",
    re.IGNORECASE,
)
_TIME_FIRST = re.compile(
    r"(?:Trước|Chậm nhất|Trong|Đến|Định kỳ|Hằng|Hàng|Ngay|Từ|Để|Nhằm|Khi|Căn cứ|Trên cơ sở)(?!\w)[^.;:]{0,140}?,\s*",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"(?:Về|Đối với|Liên quan|Công tác|Nội dung|Lĩnh vực|Việc)\s[^:;.]{2,200}:\s*", re.IGNORECASE)
_LABEL = re.compile(rf"(?:{said('address.label')})\s*:\s*", re.IGNORECASE)
_OPENER = re.compile(rf"(?:{said('address.opener')})\s*[,:]?\s+", re.IGNORECASE)
_LEAD_IN = re.compile(r"[^.;:,]{2,80},\s+(?=(?:giao|đề\s+nghị|yêu\s+cầu|phân\s+công)\s)", re.IGNORECASE)
_ENUMERATED = re.compile(r"\((?:[ivx]{1,4}|\d{1,2}|[a-zđ])\)\s*", re.IGNORECASE)
_SKIPS = (_ENUMERATED, _LABEL, _TOPIC, _ISSUER_FIRST, _OPENER, _TIME_FIRST, _LEAD_IN)


_LEADING_CLAUSE = re.compile(
    r"(?:Đối\s+với|Với|Về|Riêng|Sau\s+khi|Khi|Trong|Qua|Nếu|Trường\s+hợp|Từ)\s[^.;:,]{2,120},\s+(?=[A-ZĐ])",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(r"[^.;:]{2,90}:\s+(?=\w)")


def after_label(text: str) -> int | None:
    """Where the sentence begins after a label or a clause: "Thủy sản: Chi cục …", "Đối với việc này, X …"."""
    match = _ANY_LABEL.match(text) or _LEADING_CLAUSE.match(text)
    return match.end() if match else None


def openings(text: str) -> Iterator[int]:
    """The positions at which the sentence may begin: its start, then after each leading part, the longest way last."""
    seen, waiting = {0}, [(0, 0)]
    while waiting:
        at, steps = waiting.pop(0)
        yield at
        ends = (match.end() for skip in _SKIPS if steps < MOST and (match := skip.match(text, at)))
        for end in ends:
            if end not in seen:
                seen.add(end)
                waiting.append((end, steps + 1))
