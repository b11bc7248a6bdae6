"""Three years of an office, made up from a seed: everything that can happen to work, at the moments that matter."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select

from domain.agencies import Agency, AgencyMember
from domain.causes import Cause
from domain.conclusions import Conclusion, ConclusionKind, Directive
from domain.drafts import DirectiveKind
from domain.instants import at
from domain.keys import key
from domain.life.extensions import Decision, Extension
from domain.life.handing import WorkReturn
from domain.obligations import Obligation, State
from domain.regulations import Regulation, RegulationSide, SideAgency
from domain.reports import StatusReport
from domain.store import Ledger

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
FIELDS = ("Kinh tế - ngân sách", "Văn hóa - xã hội", "Đất đai - xây dựng", "")
KINDS = (DirectiveKind.TASK,) * 6 + (DirectiveKind.PETITION,) * 2 + (DirectiveKind.RECOMMENDATION,)
OLD, NEW_BODY = "Sở Kế hoạch và Đầu tư", "Sở Tài chính"  #: merged on 01/3/2025
BODIES = (
    OLD,
    NEW_BODY,
    "Sở Nội vụ",
    "Sở Y tế",
    "Sở Xây dựng",
    "Sở Tư pháp",
    "Sở Giáo dục và Đào tạo",
    "Thanh tra tỉnh",
    "Công an tỉnh",
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
)
GROUP = "Các sở chuyên môn"
SIDES = (("Ủy ban nhân dân tỉnh", BODIES[:5]), ("Mặt trận", BODIES[-1:]))
DIRECTIVES_A_NOTICE = (1, 3, 5, 8)
DAYS = "2023-12-31 2024-01-01 2024-06-30 2024-07-01 2024-09-30 2024-12-31 2025-01-01 2025-02-28 2025-03-01 2025-03-31"
EDGES = tuple(map(date.fromisoformat, DAYS.split()))


@dataclass
class History:
    """A seed's three years, row by row."""

    session: Session
    office_id: int
    random: random.Random
    agencies: dict[str, int] = field(default_factory=dict)
    regulations: list[Regulation] = field(default_factory=list)
    notices: int = 0

    def make(self, directives: int) -> None:
        """Writes about so many directives with everything that belongs to them."""
        rows = self.session.exec(select(Agency).where(Agency.office_id == self.office_id)).all()
        self.agencies = {row.name: key(row.id) for row in rows if row.name in BODIES}
        assert set(self.agencies) == set(BODIES)
        self._make_regulations()
        made = 0
        while made < directives:
            made += self._notice()
        self.session.flush()

    def _make_regulations(self) -> None:
        group = self._group()
        first = self._regulation("01/QCPH", date(2020, 1, 1), SIDES, until=date(2023, 12, 31))
        second = self._regulation("02/QCPH", date(2024, 1, 1), SIDES)
        first.successor_id = second.id
        third = (("Khối tổng hợp", (OLD,)), ("Khối chuyên môn", (group, NEW_BODY)), ("Mặt trận", BODIES[-1:]))
        self.regulations = [first, second, self._regulation("03/QCPH", date(2021, 6, 1), third)]

    def _group(self) -> str:
        """A group of three bodies, the last of which is named by another side too."""
        row = Agency(office_id=self.office_id, slug="khoi", name=GROUP, level="province", kind="group", successors=[])
        self.session.add(row)
        self.session.flush()
        self.agencies[GROUP] = key(row.id)
        for name in ("Sở Y tế", "Sở Tư pháp", BODIES[-1]):
            self.session.add(AgencyMember(group_id=key(row.id), member_id=self.agencies[name]))
        return GROUP

    def _regulation(
        self, number: str, issued_on: date, sides: Sequence[tuple[str, Sequence[str]]], until: date | None = None
    ) -> Regulation:
        row = Regulation(
            office_id=self.office_id,
            number=number,
            issued_on=issued_on,
            title=f"Quy chế phối hợp {number}",
            term_from=issued_on,
            term_to=until,
            recorded_at=at(issued_on),
        )
        self.session.add(row)
        self.session.flush()
        for place, (name, bodies) in enumerate(sides):
            side = RegulationSide(regulation_id=key(row.id), place=place, name=name)
            self.session.add(side)
            self.session.flush()
            self.session.add_all(SideAgency(side_id=key(side.id), agency_id=self.agencies[one]) for one in bodies)
        return row

    def _day(self, first: date, last: date) -> date:
        """A day of a stretch; one in five is the edge of some period."""
        edges = [day for day in EDGES if first <= day <= last]
        if edges and self.random.random() < 0.2:
            return self.random.choice(edges)
        return first + timedelta(days=self.random.randint(0, max((last - first).days, 0)))

    def _moment(self, first: datetime, last: datetime) -> datetime:
        """A moment of a stretch; some fall on midnight itself."""
        day = self._day(first.date(), last.date())
        moment = at(day, time(self.random.choice((0, 0, 8, 14, 23)), self.random.choice((0, 0, 59))))
        return min(max(moment, first), last)

    def _notice(self) -> int:
        issued_on = self._day(FIRST, LAST)
        self.notices += 1
        hour = time(self.random.choice((0, 9, 9)))
        under = self.random.choice([*self.regulations, None])
        if under is not None and not under.is_in_force(issued_on):
            under = None
        row = Conclusion(
            office_id=self.office_id,
            kind=ConclusionKind.REVIEW_REQUEST if self.random.random() < 0.03 else ConclusionKind.NOTICE,
            number=f"{self.notices}/TB-LS",
            issued_on=issued_on,
            contents_sha256="0" * 64,
            follow_up={},
            filed_at=at(issued_on, hour),
            recorded_at=at(issued_on, hour),
            regulation_id=under.id if under else None,
        )
        self.session.add(row)
        self.session.flush()
        if self.random.random() < 0.03:
            row.withdrawal = key(row.id)
        count = self.random.choice(DIRECTIVES_A_NOTICE)
        for place in range(count):
            self._directive(row, place)
        return count

    def _directive(self, notice: Conclusion, place: int) -> None:
        shape = self.random.choices(("dated", "undated", "recurring", "information"), (70, 12, 8, 10))[0]
        due = at(self._day(notice.issued_on, notice.issued_on + timedelta(days=300))) if shape != "undated" else None
        row = Directive(
            conclusion_id=key(notice.id),
            place=place,
            path=str(place + 1),
            text=f"Nội dung {place + 1} của thông báo {notice.number}",
            tracked=shape != "information",
            kind=self.random.choice(KINDS),
            field=self.random.choice(FIELDS),
            deadline_kind=shape,
            due_before=due if shape in ("dated", "recurring") else None,
            rrule="FREQ=MONTHLY;BYMONTHDAY=25" if shape == "recurring" else None,
        )
        self.session.add(row)
        self.session.flush()
        assigned = notice.filed_at + timedelta(hours=self.random.choice((0, 0, 0, 48)))
        for name in self.random.sample(BODIES, self.random.choice((1, 1, 1, 2, 3))):
            for period in range(self.random.randint(1, 4) if shape == "recurring" else 1):
                later = timedelta(days=31 * period)
                bound = row.due_before + later if row.due_before else None
                self._obligation(key(row.id), name, str(period) if period else "", assigned + later, bound)

    def _obligation(self, directive: int, name: str, period: str, assigned: datetime, bound: datetime | None) -> None:
        if self._has_it(directive, name, period):  # another has handed it on already
            return
        row = Obligation(
            office_id=self.office_id,
            directive_id=directive,
            agency_id=self.agencies[name],
            period=period,
            due_before=bound,
            first_due_before=bound,
            assigned_at=assigned,
        )
        self.session.add(row)
        self.session.flush()
        self._live(row, name, directive)

    def _live(self, row: Obligation, name: str, directive: int) -> None:
        end = assigned_end(row)
        dice = self.random.random()
        if row.due_before is not None and self.random.random() < 0.25:
            self._extend(row, end)
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self._report(row, self._moment(row.assigned_at, end), 50)
        if self.random.random() < 0.06:
            self._give_back(row, end)
        merged = name == OLD and row.assigned_at < at(date(2025, 3, 1)) and end > at(date(2025, 3, 1))
        if dice < 0.08 or (merged and dice < 0.5):
            at_ = at(date(2025, 3, 1)) if merged else self._moment(row.assigned_at, end)
            row.state, row.cancelled_at = State.CANCELLED, at_
            if merged or self.random.random() < 0.6:
                self._hand_on(row, NEW_BODY if merged else self.random.choice(BODIES), directive, at_)
        elif dice < 0.75:
            done = self._moment(row.assigned_at, end)
            self._report(row, done, 100)
            letter = self.random.random() < 0.15
            row.settled_at = at(done.date() - timedelta(days=self.random.randint(0, 5))) if letter else done
            row.reported_at, row.state = done, self.random.choice((State.REPORTED, State.DONE))
        elif dice < 0.8:  # reported, and rejected: it counts as never finished
            self._report(row, self._moment(row.assigned_at, end), 100)
        self.session.add(row)

    def _extend(self, row: Obligation, end: datetime) -> None:
        for _ in range(self.random.choice((1, 1, 2))):
            before = row.due_before
            assert before is not None
            asked = self._moment(row.assigned_at, end)
            decision = self.random.choice(
                (Decision.GRANTED, Decision.SHORTENED, Decision.REFUSED, Decision.WAITING, Decision.MOOT)
            )
            decided = min(asked + timedelta(days=self.random.choice((0, 1, 20))), end)
            own = self.random.random() < 0.2
            extension = Extension(
                obligation_id=key(row.id),
                before=before,
                wished=None if own else before + timedelta(days=30),
                asked_by="" if own else "bên",
                reason="chờ",
                asked_at=asked,
                decision=decision,
                decided_at=None if decision == Decision.WAITING else decided,
                cause=self._cause(),
            )
            if decision in (Decision.GRANTED, Decision.SHORTENED):
                row.due_before = extension.granted = before + timedelta(days=self.random.choice((5, 30, 90)))
                row.extensions += 1
            self.session.add(extension)
            self.session.flush()

    def _cause(self) -> str:
        return self.random.choice(("", "", *Cause))

    def _report(self, row: Obligation, moment: datetime, percent: int) -> None:
        self.session.add(
            StatusReport(
                obligation_id=key(row.id),
                percent=percent,
                note=f"đã làm {percent} %, lần {self.random.randint(1, 99)}",
                door="link",
                actor="bên",
                cause=self._cause(),
                effective_at=moment,
                recorded_at=moment,
            )
        )
        self.session.flush()

    def _give_back(self, row: Obligation, end: datetime) -> None:
        moment = self._moment(row.assigned_at, end)
        self.session.add(WorkReturn(obligation_id=key(row.id), reason="không phải", actor="bên", at=moment))

    def _has_it(self, directive: int, name: str, period: str) -> bool:
        query = select(Obligation.id).where(
            Obligation.directive_id == directive,
            Obligation.agency_id == self.agencies[name],
            Obligation.period == period,
        )
        return self.session.exec(query).first() is not None

    def _hand_on(self, row: Obligation, name: str, directive: int, moment: datetime) -> None:
        if self._has_it(directive, name, row.period):
            return
        fresh = Obligation(
            office_id=self.office_id,
            directive_id=directive,
            agency_id=self.agencies[name],
            period=row.period,
            due_before=row.due_before,
            first_due_before=row.due_before,
            assigned_at=moment,
            came_from=row.id,
        )
        self.session.add(fresh)
        self.session.flush()
        self._live(fresh, name, directive)


def assigned_end(row: Obligation) -> datetime:
    """Until when something may happen to work."""
    return min(row.assigned_at + timedelta(days=400), at(date(2026, 1, 31)))


def make_history(ledger: Ledger, *, seed: int = 7, directives: int = 2000) -> Sequence[Regulation]:
    """Writes the history of a seed into a ledger; answers its regulations."""
    with Session(ledger.engine, expire_on_commit=False) as session, session.begin():
        history = History(session, ledger.office_id, random.Random(seed))
        history.make(directives)
        return history.regulations
