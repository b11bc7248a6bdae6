"""An office as tests speak of it: it files, waits, is told, reports."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pendulum
from pendulum import DateTime
from sqlmodel import col, select

from config.clock import wall_clock
from config.settings import Settings, load_settings
from domain.actors import By
from domain.drafts import Draft
from domain.filing import Filed, Notice, file_notice
from domain.founding import found_office
from domain.instants import at, local
from domain.life.extensions import extend
from domain.obligations import Obligation
from domain.planning import open_calendar
from domain.reports import COMPLETE, Said, report
from domain.store import Ledger
from domain.views import StatusRow, planned_rows, status_rows
from domain.written import parse_moment
from flows.desk import Desk, desk_at
from flows.holding import hold_without_prefect
from notifications.outbox import Message
from notifications.wording import short_day

WHAT = {
    "assign": "Giao nhiệm vụ",
    "remind": "Nhắc",
    "due": "Đến hạn",
    "overdue": "Quá hạn",
    "escalate": "Báo cáo vượt cấp",
    "request_status": "Đề nghị báo cáo",
    "lapse": "Hỏi tiến độ",
    "rejected": "Chưa chấp nhận",
    "insisted": "Tiếp tục thực hiện",
    "corrected": "Đính chính",
    "extended": "Gia hạn",
    "refused": "Không gia hạn",
    "released": "Thôi giao",
    "ask": "Hỏi tình hình",
    "verify": "Chờ thẩm tra",
    "decide": "Chờ quyết định gia hạn",
    "take_back": "Bị trả lại",
    "approve": "Chờ duyệt",
    "stale": "Lâu không báo cáo",
    "unreached": "Không liên lạc được",
    "receipt": "Biên nhận",
}
_numbers = itertools.count(1)


def directive(lead: list[str] | str, due_before: str | None = None, path: str = "1", **more: Any) -> dict[str, Any]:
    """A directive of a draft, in the contract's shape."""
    deadline: dict[str, Any] = {"kind": "none"}
    if due_before:
        deadline = {"kind": "date", "phrase": f"trước {due_before}", "due_before": at_or(due_before)}
    leads = [lead] if isinstance(lead, str) else lead
    return {
        "path": path,
        "text": f"Nội dung mục {path}.",
        "authority": "order",
        "lead": leads,
        "deadline": deadline,
    } | more


def at_or(words: str) -> str:
    """A day or moment as the ISO instant of a draft."""
    return parse_moment(words).isoformat()


def draft(*directives: dict[str, Any], on: str = "2018-03-07", number: str | None = None) -> dict[str, Any]:
    """A draft in the contract's shape, with a number of its own."""
    return {"number": number or f"{next(_numbers)}/TB-TEST", "issued_on": on, "directives": list(directives)}


class OfficeStory:
    """A simulated office that lives by the same functions as the flows, without a Prefect server."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.settings = settings
        self.ledger = ledger
        self.now: DateTime = pendulum.datetime(2018, 3, 7, 9, tz="Asia/Ho_Chi_Minh")

    @classmethod
    def made(cls, home: Path, **settings: Any) -> OfficeStory:
        """A new simulated office in a folder."""
        made = load_settings(home=home, **settings)
        ledger, _ = found_office(made, wall_clock, name="Văn phòng", simulated=True, now=at(date(2018, 3, 1)))
        return cls(made, ledger)

    def desk(self) -> Desk:
        return desk_at(self.settings, self.ledger, self.now)

    def files(self, contents: dict[str, Any], at_: str | None = None, track_from: str | None = None) -> Filed:
        """Files a draft at a moment; nothing is sent before the office waits."""
        if at_:
            self.now = parse_moment(at_)
        start = parse_moment(track_from) if track_from else None
        with self.ledger.change(now=self.now, actor="test") as change:
            return file_notice(change, Notice(Draft.model_validate(contents), None, start))

    def holds_round(self, at_: str | None = None) -> int:
        """Holds one round; answers how many messages it wrote."""
        if at_:
            self.now = parse_moment(at_)
        composed, _ = hold_without_prefect(self.desk())
        return len(composed.messages)

    def waits_until(self, until: str) -> None:
        """Every slot at which something waits has its round, up to a moment, as Prefect would hold them."""
        end = parse_moment(until)
        self.holds_round()
        while (slot := self._next_round()) is not None and slot <= end:
            self.now = slot
            self.holds_round()
        self.now = end

    def sleeps_until(self, until: str) -> None:
        """Nothing runs: an outage."""
        self.now = parse_moment(until)

    def _next_round(self) -> DateTime | None:
        with self.ledger.look() as session:
            moments = [moment for moment, _ in open_calendar(session, self.ledger.office_id)]
        hours = self.desk().hours
        later = [hours.slot_on_or_after(max(moment, self.now + timedelta(seconds=1))) for moment in moments]
        return min(later, default=None)

    def told(self, recipient: str) -> list[str]:
        """What somebody was sent: "08/3 Đến hạn"."""
        with self.ledger.look() as session:
            rows = session.exec(select(Message).where(Message.recipient == recipient).order_by(col(Message.id))).all()
        return [f"{short_day(local(one.created_at).date())} {WHAT[one.kind]}" for one in rows]

    def messages(self) -> list[Message]:
        with self.ledger.look() as session:
            return list(session.exec(select(Message).order_by(col(Message.id))))

    def mails(self) -> list[Path]:
        return sorted((self.settings.mail_folder / "new").glob("*.eml"))

    def status(self, now: datetime | None = None) -> list[StatusRow]:
        with self.ledger.look() as session:
            return status_rows(session, self.ledger.office_id, now or self.now)

    def timeline(self) -> list[tuple[str, str, int, str]]:
        """(day, kind, step, fate) of every checkpoint."""
        with self.ledger.look() as session:
            rows = planned_rows(session, self.ledger.office_id)
        return [
            (f"{local(r.checkpoint.at):%d/%m %H:%M}", r.checkpoint.kind, r.checkpoint.step, r.checkpoint.fate)
            for r in rows
        ]

    def obligation(self, agency: str) -> int:
        return next(row.id for row in self.status() if row.agency == agency)

    def obligations(self) -> list[Obligation]:
        with self.ledger.look() as session:
            return list(session.exec(select(Obligation)))

    def reports(self, agency: str, percent: int = COMPLETE, letter: date | None = None) -> None:
        """An agency reports on its work, through the office."""
        said = Said(percent, "Đã làm xong.", agency, letter_number="1/BC" if letter else None, letter_date=letter)
        with self.ledger.change(now=self.now, actor=agency) as change:
            report(change, self.obligation(agency), said)

    def does(self, deed: Callable[..., Any], *words: Any, by: By = By.MANAGER, **more: Any) -> Any:
        """Somebody in the office does something: a function of domain/life that takes the change first."""
        with self.ledger.change(now=self.now, actor="test", by=by) as change:
            return deed(change, *words, **more)

    def one(self, agency: str) -> Obligation:
        """The agency's own latest obligation, with every field."""
        id_ = max(row.id for row in self.everything() if row.agency == agency)
        with self.ledger.look() as session:
            return session.get_one(Obligation, id_)

    def everything(self) -> list[StatusRow]:
        """Every obligation, also those that were cancelled."""
        with self.ledger.look() as session:
            return status_rows(session, self.ledger.office_id, self.now, everything=True)

    def extends(self, agency: str, due_before: str) -> None:
        with self.ledger.change(now=self.now, actor="test") as change:
            extend(change, self.obligation(agency), parse_moment(due_before), "lý do")
