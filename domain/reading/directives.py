"""From the outline to directives: which items tell somebody to do something, and what each inherits from above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from config.words import say
from domain.drafts import Authority, DeadlineKind, DraftDeadline, DraftDirective
from domain.reading import tables
from domain.reading.addressees import Namer
from domain.reading.blocks import Block
from domain.reading.deadlines import Setting, TimeWord
from domain.reading.outline import Node
from domain.reading.periods import DAY
from domain.reading.splitting import deciding, parts
from domain.reading.tracking import tracked

_FINDINGS = re.compile(
    r"^(?:Về\s+)?(?:ĐÁNH\s+GIÁ|KẾT\s+QUẢ|TỒN\s+TẠI|HẠN\s+CHẾ|NGUYÊN\s+NHÂN|KHÓ\s+KHĂN|ƯU\s+ĐIỂM"
    r"|NHỮNG\s+KẾT|MỤC\s+ĐÍCH|MỤC\s+TIÊU|YÊU\s+CẦU\s*$|QUAN\s+ĐIỂM|CĂN\s+CỨ|THÀNH\s+PHẦN|TÌNH\s+HÌNH"
    r"|NHẬN\s+XÉT|CHỈ\s+TIÊU|MỘT\s+SỐ\s+(?:TỒN|HẠN|KẾT))",
    re.IGNORECASE,
)
_TASKS = re.compile(r"nhiệm\s+vụ|giải\s+pháp|chỉ\s+đạo|phân\s+công", re.IGNORECASE)
_FINDING = re.compile(
    r"^(?:Ghi\s+nhận|Biểu\s+dương|Đánh\s+giá\s+cao|(?:Trong\s+)?[Tt]hời\s+gian\s+qua"
    r"|Trong\s+(?:những\s+)?(?:năm|tháng|quý)\s+qua|Tuy\s+(?:nhiên|vậy)|Bên\s+cạnh|Một\s+số|Nhiều"
    r"|Đến\s+nay|Tính\s+đến|Hiện\s+nay|Về\s+cơ\s+bản|Nguyên\s+nhân"
    r"|(?:Cơ\s+bản\s+)?(?:Thống\s+nhất|Nhất\s+trí|Đồng\s+ý)|Kết\s+quả|Công\s+tác[^.;:]{2,80}?\s(?:đã"
    r"|còn|chưa|được|có)|Việc[^.;:]{2,80}?\s(?:đã|còn|chưa|được)|Còn\s|Hoan\s+nghênh"
    r"|Trân\s+trọng\s+cảm|Mục\s+(?:đích|tiêu)|Phấn\s+đấu\s+(?:đến|đạt)|Số\s|Tỷ\s+lệ)(?!\w)",
)
_LIST_DATE = re.compile(
    r"^(?:Kết\s+quả|Báo\s+cáo|Các\s+nội\s+dung|Các\s+nhiệm\s+vụ|Những\s+nội\s+dung|Nội\s+dung"
    r"|Văn\s+bản|Hồ\s+sơ|Thời\s+(?:gian|hạn)|Hoàn\s+thành|Tất\s+cả|Toàn\s+bộ|Yêu\s+cầu|Đề\s+nghị"
    r"|Các\s+(?:đơn\s+vị|cơ\s+quan|sở|địa\s+phương|phòng)|Định\s+kỳ|Tiến\s+độ|Danh\s+sách|Việc)",
    re.IGNORECASE,
)
_AGENCIES = re.compile(r"(?:chủ\s+trì|phối\s+hợp|thực\s+hiện|đầu\s+mối)\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What an item takes from above when it does not say it itself."""

    leads: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    authority: Authority | None = None
    general: Authority | None = None  #: how the paragraph that introduces everything speaks
    date: TimeWord | None = None
    reported: tuple[str, ...] = ()
    specific: bool = False  #: the leads stand in a heading, not in the paragraph that introduces everything
    findings: bool = False


@dataclass(frozen=True, slots=True)
class Extractor:
    """Walks an outline and gives its directives. `source` is the whole text: offsets index it."""

    source: str
    namer: Namer
    setting: Setting

    def directives(self, root: Node) -> list[DraftDirective]:
        """The directives, in the order of the text."""
        return list(self._children(root, self._dated_by(root, Context())))

    def _children(self, node: Node, context: Context) -> Iterator[DraftDirective]:
        header: dict[str, int] = {}
        for child in node.children:
            own = self._introduced(child.intro, context)
            if child.block and child.block.is_row:
                header = tables.columns(child.text) or header
                yield from self._row(child, header, own)
            elif child.children:
                yield from self._heading(child, own)
            else:
                yield from self._leaf(child, own)
            yield from self._remarks(child)

    def _remarks(self, node: Node) -> Iterator[DraftDirective]:
        """Unmarked paragraphs after an item that address a body by name: "Giao Văn phòng … theo dõi, đôn đốc"."""
        for index, block in enumerate(node.after, start=1):
            if _AGENCIES.search(block.text) or not (address := self.namer.opening(block.text)) or not address.explicit:
                continue
            if _LIST_DATE.match(block.text) and self._firm(block.text):
                continue
            remark = Node(block, f"{node.path}+{index}", node)
            yield from (d for d in self._leaf(remark, Context()) if not all(map(_is_everybody, d.lead)))

    def _introduced(self, intro: Block | None, context: Context) -> Context:
        """What the paragraph before a list says of all its items."""
        if intro is None:
            return context
        found = self._addressed(intro.text)
        general = found[1] or _speaks(intro.text)
        word = self._firm(intro.text)
        return replace(
            context,
            leads=found[0] or context.leads,
            general=general or context.general,
            helpers=self.namer.helpers(intro.text) if found[0] else context.helpers,
            date=word or context.date,
            reported=self.namer.reported_to(intro.text) if word else context.reported,
            specific=context.specific and not found[0],
        )

    def _addressed(self, text: str) -> tuple[tuple[str, ...], Authority | None]:
        """The last address of an introducing paragraph, with its authority."""
        for match in reversed(
            list(re.finditer(r"(?<!\w)(?:đề\s+nghị|yêu\s+cầu|giao|phân\s+công)(?!\w)", text, re.IGNORECASE))
        ):
            found = self.namer.opening(text[match.start() : match.start() + 600])
            if found and found.explicit:
                return found.leads, found.authority
        found = self.namer.opening(text)
        return (found.leads, found.authority) if found and _sets_tasks(text[found.end :]) else ((), None)

    def _firm(self, text: str) -> TimeWord | None:
        word = deciding(text, self.setting)
        return word if word and word.firm and not word.assumed else None

    def _dated_by(self, node: Node, context: Context) -> Context:
        """A sentence after the list that dates all of it."""
        for child in node.children[-1:]:
            for block in self._trailing(child):
                if _LIST_DATE.match(block.text) and (word := self._firm(block.text)):
                    return replace(context, date=word, reported=self.namer.reported_to(block.text))
        return context

    def _trailing(self, node: Node) -> list[Block]:
        found = list(node.after)
        while node.children:
            node = node.children[-1]
            found += node.after
        return found

    def _heading(self, node: Node, context: Context) -> Iterator[DraftDirective]:
        text = node.text
        address = self.namer.heading(text) or self.namer.address(text)
        findings = bool(_FINDINGS.match(text) and not (_TASKS.search(text) and not text.isupper()) and not address)
        inner = replace(context, findings=context.findings or findings) if findings else context
        if address and (address.leads):
            inner = replace(
                context,
                leads=address.leads,
                authority=address.authority,
                specific=True,
                findings=False,
                helpers=self.namer.helpers(text),
                date=self._firm(text) or context.date,
            )
        elif text.rstrip().endswith(":"):
            inner = replace(inner, date=self._firm(text) or inner.date)
        if _own_task(text) and address:
            yield from self._leaf(node, context)
        yield from self._children(node, self._dated_by(node, inner))

    def _leaf(self, node: Node, context: Context) -> Iterator[DraftDirective]:
        text = node.text
        if not node.block or len(text) < 12 or (text.endswith(":") and len(text) < 60):
            return
        line = next((b for b in node.after if _AGENCIES.search(b.text)), None)
        leads, helpers = self.namer.agency_line(line.text) if line else ((), ())
        if leads:
            context = replace(
                context,
                leads=leads,
                helpers=helpers,
                specific=True,
                date=context.date or self._firm(line.text if line else ""),
            )
        stretches = parts(text, self.setting, self.namer)
        for index, (start, end) in enumerate(stretches):
            letter = "abcdefghijklmnopqrstuvwxyz"[index % 26] if len(stretches) > 1 else ""
            made = self._directive(node, text[start:end], node.block.start + start, f"{node.path}{letter}", context)
            if made:
                yield made
                context = replace(context, leads=tuple(made.lead), authority=made.authority, specific=True)
            elif index == 0 and len(stretches) == 1:
                return

    def _directive(self, node: Node, text: str, start: int, path: str, context: Context) -> DraftDirective | None:
        """One directive, or None where the text tells nobody to do anything."""
        address = self.namer.opening(text)
        if address and context.specific and address.explicit and _orders_others(text, address.leads):
            address = None
        if address is None and not context.specific:
            address = self.namer.address(text)
        if address is None and (_FINDING.match(text) or context.findings):
            return None
        leads = address.leads if address else context.leads
        if not leads or (
            node.block and not node.block.marker and node.parent and not node.parent.block and not address
        ):
            return None
        word = deciding(text, self.setting)
        from_list = context.date is not None and (word is None or not word.firm)
        if context.date and from_list:
            word = replace(context.date, warnings=(*context.date.warnings, say("reading.warning.from_list")))
        own = self.namer.helpers(text)
        helpers = tuple(n for n in dict.fromkeys((*own, *context.helpers)) if n not in leads)
        reported = tuple(dict.fromkeys((*self.namer.reported_to(text), *(context.reported if from_list else ()))))
        authority = self._authority(address.authority if address else context.authority, leads, context)
        return self._made(text, start, path, authority, leads, helpers, reported, word)

    def _authority(self, said: Authority | None, leads: tuple[str, ...], context: Context) -> Authority:
        if said:
            return said
        found = [self.namer.reader.registry.find(lead) for lead in leads]
        if any(entry and entry.request_only for entry in found):
            return Authority.REQUEST
        return context.general or Authority.ORDER

    def _made(
        self,
        text: str,
        start: int,
        path: str,
        authority: Authority,
        leads: tuple[str, ...],
        helpers: tuple[str, ...],
        reported: tuple[str, ...],
        word: TimeWord | None,
    ) -> DraftDirective:
        shorter = text.rstrip()
        begin = start + len(text) - len(text.lstrip())
        end = start + len(shorter)
        return DraftDirective(
            path=path,
            text=self.source[begin:end],
            start=begin,
            end=end,
            authority=authority,
            tracked=tracked(text, word),
            lead=list(leads),
            cooperating=list(helpers),
            report_to=list(reported),
            deadline=self._as_written(word, begin, text, start),
            warnings=self._warnings(word),
        )

    def _as_written(self, word: TimeWord | None, begin: int, text: str, start: int) -> DraftDeadline:
        """The deadline, its phrase as it stands in the source, line breaks included."""
        if word is None:
            return DraftDeadline()
        inside = text[word.start : word.end] == word.deadline.phrase
        phrase = self.source[start + word.start : start + word.end] if inside else word.deadline.phrase
        return word.deadline.model_copy(update={"phrase": phrase})

    def _warnings(self, word: TimeWord | None) -> list[str]:
        if word is None:
            return []
        warnings, due = list(word.warnings), word.deadline.due_before
        if due and word.kind is DeadlineKind.DATE and due.hour == due.minute == 0:
            last = due.date() - DAY
            if not self.setting.calendar.is_working(last):
                warnings.append(say("reading.warning.day_off", day=f"{last:%d/%m/%Y}"))
        if due and self.setting.issued_on and due.date() <= self.setting.issued_on:
            warnings.append(say("reading.warning.past", phrase=word.deadline.phrase or ""))
        return warnings

    def _row(self, node: Node, header: dict[str, int], context: Context) -> Iterator[DraftDirective]:
        """A row of a table of tasks."""
        if not node.block or not header or tables.is_rule(node.text) or tables.columns(node.text):
            return
        cells = tables.cells(node.text)

        def cell(name: str) -> str:
            return cells[header[name]].text if name in header and header[name] < len(cells) else ""

        leads = self.namer.cell(cell("lead")) or context.leads
        task = cell("task") or max((c.text for c in cells), key=len)
        if not leads or len(task) < 8:
            return
        word = deciding(cell("deadline"), self.setting, bare=True) if cell("deadline") else None
        if word is None or word.kind is DeadlineKind.NONE:
            word = deciding(task, self.setting) or word
        helpers = self.namer.cell(cell("help")) or self.namer.helpers(task)
        authority = self._authority(context.authority, leads, context)
        yield self._made(
            node.text, node.block.start, node.path, authority, leads, helpers, self.namer.reported_to(task), word
        )


def _speaks(text: str) -> Authority | None:
    """How a paragraph that introduces a list speaks, where it names nobody."""
    found = list(
        re.finditer(
            r"(?<!\w)(?P<request>đề\s+nghị|mong)|(?P<order>yêu\s+cầu|chỉ\s+đạo|giao|phân\s+công)(?!\w)",
            text,
            re.IGNORECASE,
        )
    )
    if not found:
        return None
    return Authority.REQUEST if found[-1].group("request") else Authority.ORDER


def _sets_tasks(rest: str) -> bool:
    """Whether an introduction goes on to tell its subject what to do."""
    return bool(
        re.search(
            r"thực\s+hiện|tập\s+trung|triển\s+khai|chủ\s+trì|có\s+trách\s+nhiệm|nhiệm\s+vụ|nội\s+dung|phối\s+hợp",
            rest[:200],
        )
    ) or rest.strip() in (":", "")


def _orders_others(text: str, leads: tuple[str, ...]) -> bool:
    """Whether an item under an addressee's heading says what that addressee is to order of others."""
    others = all(
        re.match(r"(?:các|mỗi|từng)\s+(?:đơn\s+vị|cơ\s+quan|phòng|xã|thôn|bộ\s+phận|thành\s+viên)", lead)
        for lead in leads
    )
    return (
        bool(re.match(r"Chỉ\s+đạo|Phân\s+công", text))
        or (bool(re.match(r"Yêu\s+cầu", text)) and others)
        or text[:1].islower()
    )


def _is_everybody(lead: str) -> bool:
    """Whether a lead is everybody in general: "các cơ quan, đơn vị"."""
    return bool(re.match(r"(?:các|mỗi|từng)\s+(?:cơ\s+quan|đơn\s+vị|đại\s+biểu)", lead))


def _own_task(text: str) -> bool:
    """Whether an item that opens a list says a task of its own before it."""
    return len(text) > 120 and not text.rstrip().endswith(":")
