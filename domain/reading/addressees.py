"""Who is told, who helps, who is reported to: addressee forms as small rules.

Forms of address in conclusions: "Giao X …", "Đề nghị X …", "Đối với X:", "X chủ trì …", "X có trách nhiệm …"
(Decree 30/2020/NĐ-CP; usage of province offices). What the addressee is to order of others does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.drafts import Authority
from domain.names import clean, without_person
from domain.reading.bodies import Body, Reader

_ORDER_WORDS = (
    r"giao(?:\s+(?:cho|trách\s+nhiệm\s+cho|nhiệm\s+vụ\s+cho|thêm))?|yêu\s+cầu|phân\s+công|chỉ\s+đạo"
    r"|ủy\s+quyền(?:\s+cho)?|uỷ\s+quyền(?:\s+cho)?"
)
_REQUEST_WORDS = r"(?:(?:kính|trân\s+trọng)\s+)?đề\s+nghị|kính\s+mong|rất\s+mong|mong\s+muốn|mong"
_ADDRESS = re.compile(
    rf"(?<!\w)(?:(?P<order>{_ORDER_WORDS})|(?P<request>{_REQUEST_WORDS}))(?!\w)\s*:?\s*", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?:^|[.;:]\s+|,\s+(?=(?:giao|đề\s+nghị|yêu\s+cầu|phân\s+công)\s))")
_ISSUER_FIRST = re.compile(
    r"^(?:(?:Đồng\s+chí\s+)?(?:Phó\s+)?(?:Chủ\s+tịch|Giám\s+đốc|Thủ\s+tướng)[^.;:]{0,60}?"
    r"|UBND\s+(?:tỉnh|huyện|xã|phường|thành\s+phố)|[UỦ][ỷy]\s+ban\s+nhân\s+dân\s+(?:tỉnh|huyện|xã"
    r"|phường)"
    r"|(?:Cơ\s+bản\s+)?(?:Thống\s+nhất|Đồng\s+ý|Nhất\s+trí)[^.;:]{0,160}?|Tiếp\s+tục|Trước\s+mắt,?"
    r"|Trong\s+đó,?|Đồng\s+thời,?|Bên\s+cạnh\s+đó,?|Ngoài\s+ra,?|Riêng"
    r"|Cùng\s+với\s+đó,?)[\s,;:]+(?=giao|đề\s+nghị|yêu\s+cầu|phân\s+công)",
    re.IGNORECASE,
)
_TIME_FIRST = re.compile(
    r"^(?:Trước|Chậm nhất|Trong|Đến|Định kỳ|Hằng|Hàng|Ngay|Từ|Để|Nhằm|Khi|Căn cứ|Trên cơ sở)(?!\w)[^.;:]{0,140}?,\s*",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"^(?:Về|Đối với|Liên quan|Công tác|Nội dung|Lĩnh vực)[^:;.]{2,200}:\s*", re.IGNORECASE)
_REGARDING = re.compile(
    r"^(?:Đối\s+với|Về\s+phía|Về\s+trách\s+nhiệm\s+của|Trách\s+nhiệm\s+của|Nhiệm\s+vụ\s+của|Phân\s+công)\s+",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\s*(?:,\s*)?(?:đã|chưa|còn|đang|vẫn|bị|gặp|là|đạt|có\s+(?:nhiều|\d)"
    r"|(?:cơ\s+bản\s+)?thống\s+nhất\s+với|ghi\s+nhận|đánh\s+giá\s+cao|biểu\s+dương"
    r"|trong\s+thời\s+gian\s+qua|kết\s+luận|nhận\s+thấy)(?!\w)",
    re.IGNORECASE,
)
_WILL = re.compile(r"\s*sẽ(?!\w)")
_HELP = re.compile(
    r"(?<!\w)(?:phối(?:\s*,)?\s+kết\s+hợp|phối\s+hợp|cùng\s+tham\s+gia)(?:\s+(?:chặt\s+chẽ|chặt|tốt"
    r"|thường\s+xuyên|kịp\s+thời|đồng\s+bộ|hiệu\s+quả|có\s+hiệu\s+quả"
    r"|và\s+hỗ\s+trợ))*(?:\s*,)?(?:\s+(?:cùng\s+với|với|cùng|của))?\s+",
    re.IGNORECASE,
)
_WITH = re.compile(r"(?<!\w)cùng(?:\s+với)?\s+", re.IGNORECASE)
_TOWARDS = re.compile(r"(?<!\w)(?:về|cho|đến|tới|lên)\s+(?=[A-ZĐUỦ]|các\s)")
_THROUGH = re.compile(r"\s*,?\s*\(?\s*(?:thông\s+)?qua\s+")
_AGENCY_LINE = re.compile(
    r"(?:đơn\s+vị|cơ\s+quan|phòng|bộ\s+phận)?\s*(?:(?P<lead>chủ\s+trì|thực\s+hiện|đầu\s+mối"
    r"|chịu\s+trách\s+nhiệm(?:\s+chính)?)|(?P<help>phối\s+hợp))(?:\s+thực\s+hiện)?\s*:\s*",
    re.IGNORECASE,
)
_EXCLUDED_HELP = re.compile(r"(?:sự|công\s+tác|giữa|quan\s+hệ|việc)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """To whom a stretch of text speaks, by what right, and where its task begins."""

    leads: tuple[str, ...]
    authority: Authority | None  #: None where the form does not say
    start: int  #: of the address
    end: int  #: after the addressees
    explicit: bool  #: by "Giao/Đề nghị/Yêu cầu", not as the subject of a sentence


@dataclass(frozen=True, slots=True)
class Namer:
    """Reads addressees with the registry and the level of the issuer ("tỉnh", "huyện", "xã")."""

    reader: Reader
    level: str | None = None

    def names(self, bodies: list[Body]) -> tuple[str, ...]:
        """Canonical names, each once; "MTTQ" is the issuer's own level's, unless a list says "cùng cấp"."""
        same_level = any("cùng cấp" in b.name for b in bodies)
        found = (self._name(b.name, alone=same_level) for b in bodies)
        return tuple(dict.fromkeys(name for name in found if name))

    def _name(self, name: str, *, alone: bool) -> str:
        registry = self.reader.registry
        body = without_person(name)
        if not registry.find(body) and self.level and not alone:
            levelled = registry.find(f"{body} {self.level}")
            if levelled:
                return levelled.name
        elif (
            self.level and not alone and (here := registry.find(f"{clean(body)} {self.level}")) and here.kind == "group"
        ):
            return here.name
        return registry.canonical(name)

    def address(self, text: str) -> Address | None:
        """The form of address with which the text opens, or that begins one of its sentences."""
        return self._opening(text) or self._later(text)

    def opening(self, text: str) -> Address | None:
        """The form of address with which the text opens."""
        return self._opening(text)

    def _opening(self, text: str) -> Address | None:
        at = 0
        for skip in (None, _TOPIC, _ISSUER_FIRST, _TIME_FIRST):
            if skip:
                if not (match := skip.match(text)):
                    continue
                at = match.end()
            if found := self._ordered(text, at) or self._subject(text, at):
                return found
        return None

    def _later(self, text: str) -> Address | None:
        """ "Để …, giao Sở X …"; "…: yêu cầu Sở Y …"."""
        for sentence in _SENTENCE.finditer(text):
            if found := self._ordered(text, sentence.end()):
                return found
        return None

    def _ordered(self, text: str, at: int) -> Address | None:
        match = _ADDRESS.match(text, at)
        if not match:
            return None
        bodies = self.reader.list_at(text, match.end())
        authority = Authority.ORDER if match.group("order") else Authority.REQUEST
        if not bodies:
            return None
        return Address(self.names(bodies), authority, at, bodies[-1].end, explicit=True)

    def _subject(self, text: str, at: int) -> Address | None:
        """A body as the subject: "X chủ trì …", "X có trách nhiệm …", "UBND huyện sẽ …"."""
        regarding = _REGARDING.match(text, at)
        bodies = self.reader.list_at(text, regarding.end() if regarding else at)
        if not bodies or _FACT.match(text, bodies[-1].end):
            return None
        end = bodies[-1].end
        if _WILL.match(text, end):
            return Address(self.names(bodies), Authority.UNDERTAKING, at, end, explicit=False)
        return Address(self.names(bodies), None, at, end, explicit=False)

    def heading(self, text: str) -> Address | None:
        """The addressee of a heading: "4. Giao Sở Nội vụ:", "Đối với các sở, ngành:", "1. Công an tỉnh"."""
        found = self._opening(text)
        if not found:
            return None
        if text.rstrip().endswith(":") and text[found.end : found.end + 2].strip() == ";":
            more = self.reader.list_at(text, found.end + 2, semicolons=True)
            if more:
                leads = tuple(dict.fromkeys((*found.leads, *self.names(more))))
                found = Address(leads, found.authority, found.start, more[-1].end, found.explicit)
        rest = text[found.end :].strip(" .:*")
        if not found.explicit and rest and not text.rstrip().endswith(":"):
            whole = len(text) < 120 and not re.search(r"[.;:]", text.strip().rstrip(":"))
            return (
                Address((clean(text),), None, 0, len(text), explicit=False) if whole and rest.startswith(",") else None
            )
        return found

    def helpers(self, text: str) -> tuple[str, ...]:
        """The agencies that the text says to work with."""
        found: list[Body] = []
        for pattern in (_HELP, _WITH):
            for match in pattern.finditer(text):
                if pattern is _HELP and _EXCLUDED_HELP.search(text[max(0, match.start() - 20) : match.start()]):
                    continue
                found += self.reader.list_at(text, match.end())
        return self.names(sorted(found, key=lambda b: b.start))

    def reported_to(self, text: str) -> tuple[str, ...]:
        """Those that the work is to be handed to, in order: "báo cáo UBND tỉnh (qua Sở Nội vụ)" is both."""
        found: list[Body] = []
        for match in re.finditer(r"(?<!\w)(?:trình|báo\s+cáo|gửi|nộp)(?!\w)", text, re.IGNORECASE):
            bodies = self._receivers(text, match.end())
            if bodies and (through := _THROUGH.match(text, bodies[-1].end)):
                bodies += self.reader.list_at(text, through.end())
            found += bodies
        return self.names(found)

    def _receivers(self, text: str, at: int) -> list[Body]:
        near = text[at : at + 200]
        spaces = len(near) - len(near.lstrip())
        direct = self.reader.list_at(text, at + min(spaces, 3))
        if direct:
            return direct
        clause = re.match(r"[^.;:]{0,120}", near)
        towards = _TOWARDS.search(text, at, at + (clause.end() if clause else 0))
        return self.reader.list_at(text, towards.end()) if towards else []

    def agency_line(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Leads and helpers of "Đơn vị chủ trì: …; đơn vị phối hợp: …"."""
        leads: tuple[str, ...] = ()
        helpers: tuple[str, ...] = ()
        for match in _AGENCY_LINE.finditer(text):
            names = self.names(self.reader.list_at(text, match.end()))
            if match.group("lead"):
                leads = leads or names
            else:
                helpers = helpers or names
        return leads, helpers

    def cell(self, text: str) -> tuple[str, ...]:
        """The agencies in a cell of a table."""
        begin = len(text) - len(text.lstrip())
        return self.names(self.reader.list_at(text, begin, semicolons=True))
