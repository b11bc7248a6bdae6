"""The figures of offices that really lived: every deed through the domain, then counted by both calculations."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from pendulum import DateTime
from sqlmodel import select

from domain.causes import Cause
from domain.drafts import DirectiveKind, Draft
from domain.errors import Refusal
from domain.filing import NONE, Notice, file_notice
from domain.instants import at
from domain.keys import key
from domain.life.correcting import correct_deadline
from domain.life.extensions import ask, extend, refuse
from domain.life.handing import cancel, close, give_back, insist, reassign
from domain.life.periods import open_periods
from domain.life.verification import accept, reject
from domain.life.withdrawal import withdraw
from domain.obligations import Obligation
from domain.regulations import NewRegulation, NewSide, Regulation, add_regulation, replace_regulation
from domain.reports import COMPLETE, Said, report
from domain.store import Change
from domain.written import parse_moment
from tests.story import OfficeStory, directive, draft
from tests.unit.test_review_figures import agree, exported

BODIES = ("Sở Nội vụ", "Sở Tài chính", "Sở Y tế", "Sở Xây dựng", "Sở Tư pháp", "Thanh tra tỉnh")
MONTHS = [*(f"2018-{month:02}" for month in range(9, 13)), *(f"2019-{month:02}" for month in range(1, 7))]
SIDES = (NewSide("Khối tổng hợp", BODIES[:2]), NewSide("Khối chuyên môn", BODIES[2:5]))
Deed = Callable[[Change, int], object]


def deeds(chance: random.Random) -> Mapping[str, Deed]:
    """What may happen to work."""

    def cause() -> str:
        return chance.choice(("", *Cause))

    def later(change: Change) -> DateTime:
        return at(change.now.date() + timedelta(days=chance.randint(5, 60)))

    def complete(change: Change, id_: int) -> None:
        letter = change.now.date() - timedelta(days=chance.choice((0, 0, 1, 5, 40))) if chance.random() < 0.5 else None
        report(change, id_, Said(COMPLETE, "Đã làm xong.", "bên", letter_date=letter, cause=cause()))

    return {
        "complete": complete,
        "complete too": complete,
        "progress": lambda c, id_: report(c, id_, Said(50, f"Được một nửa, {c.now:%d/%m}.", "bên", cause=cause())),
        "ask": lambda c, id_: ask(c, id_, later(c), "chờ vốn", "bên", cause()),
        "ask too": lambda c, id_: ask(c, id_, later(c), "chờ vốn", "bên", cause()),
        "grant": lambda c, id_: extend(c, id_, None, "đồng ý"),
        "extend": lambda c, id_: extend(c, id_, later(c), "cho thêm"),
        "refuse": lambda c, id_: refuse(c, id_, "không đủ lý do"),
        "return": lambda c, id_: give_back(c, id_, "không phải việc của sở"),
        "insist": lambda c, id_: insist(c, id_, "đúng chức năng"),
        "reassign": lambda c, id_: reassign(c, id_, chance.choice(BODIES), "đúng chức năng"),
        "accept": accept,
        "reject": lambda c, id_: reject(c, id_, "chưa đủ"),
        "close": lambda c, id_: close(c, id_, "xong"),
        "cancel": lambda c, id_: cancel(c, id_, "không cần nữa"),
        "correct": lambda c, id_: correct_deadline(c, id_, later(c), "ghi nhầm"),
        "next periods": lambda c, _: open_periods(c),
    }


class Life:
    """Ten months of an office from a seed."""

    def __init__(self, office: OfficeStory, seed: int) -> None:
        self.office, self.chance = office, random.Random(seed)
        self.done: set[str] = set()
        self.regulations = {key(row.id): row for row in self._regulations()}

    def _regulations(self) -> tuple[Regulation, Regulation]:
        """One regulation that takes the place of another at the turn of the year."""
        with self.office.ledger.change(now=at(date(2018, 9, 1)), actor="test") as change:
            title = "Quy chế phối hợp"
            old = add_regulation(change, NewRegulation("01/QCPH", date(2018, 1, 1), title, SIDES))
            new = add_regulation(change, NewRegulation("02/QCPH", date(2019, 1, 1), title, SIDES))
            replace_regulation(change, old, new)
            return old, new

    def lives(self) -> None:
        moment = at(date(2018, 9, 3))
        while moment < at(date(2019, 6, 20)):
            self.office.now = moment
            if self.chance.random() < 0.1:
                self._files()
            else:
                self._acts()
            on_edge = self.chance.random() < 0.1
            moment = moment + timedelta(hours=self.chance.randint(5, 40))
            moment = moment.start_of("day") if on_edge else moment

    def _files(self) -> None:
        today = self.office.now.date()
        rows = [self._directive(today, place) for place in range(1, self.chance.randint(2, 5))]
        issued_on = today - timedelta(days=self.chance.choice((0, 0, 1, 20)))
        notice = Notice(
            Draft.model_validate(draft(*rows, on=f"{issued_on}")),
            regulation_id=self.chance.choice((NONE, *self.regulations)),
        )
        with self.office.ledger.change(now=self.office.now, actor="test") as change:
            filed = file_notice(change, notice)
        if self.chance.random() < 0.08:
            self.office.does(withdraw, key(filed.conclusion.id), "nhầm")

    def _directive(self, today: date, place: int) -> dict[str, object]:
        due = today + timedelta(days=self.chance.choice((3, 10, 30, 60, 120)))
        shape = self.chance.choice(("dated", "dated", "dated", "undated", "recurring", "information"))
        more: dict[str, object] = {
            "kind": self.chance.choice(list(DirectiveKind)),
            "field": self.chance.choice(("", "Kinh tế - ngân sách")),
            "tracked": shape != "information",
        }
        if shape == "recurring":
            more["deadline"] = {"kind": "recurring", "phrase": "hằng tháng", "rrule": "FREQ=MONTHLY;BYMONTHDAY=25"}
        leads = self.chance.sample(BODIES, self.chance.choice((1, 1, 2)))
        return directive(leads, f"{due}" if shape == "dated" else None, path=f"{place}", **more)

    def _acts(self) -> None:
        """Some deed is done to the first work to which it can be done."""
        with self.office.ledger.look() as session:
            ids = [key(one) for one in session.exec(select(Obligation.id))]
        self.chance.shuffle(ids)
        all_ = deeds(self.chance)
        name = self.chance.choice(list(all_))
        for id_ in ids[:12]:
            try:
                with self.office.ledger.change(now=self.office.now, actor="test") as change:
                    all_[name](change, id_)
            except Refusal:
                continue
            self.done.add(name)
            return


def test_whatever_an_office_did_both_calculations_count_the_same(any_office: OfficeStory, tmp_path: Path) -> None:
    life = Life(any_office, 5)
    life.lives()
    books = exported(any_office, tmp_path / "csv")
    after = at(date(2019, 7, 1))
    for period in (*MONTHS, "2018", "2019-H1", "2018-11-15..2019-03-14"):
        agree(any_office, books, None, period, after)
        for regulation in life.regulations.values():
            agree(any_office, books, regulation, period, after)
    agree(any_office, books, None, "2019", at(date(2019, 3, 1)))
    assert life.done == set(deeds(life.chance))  # nothing was refused throughout


def test_what_was_really_done_is_what_is_counted(any_office: OfficeStory, tmp_path: Path) -> None:
    any_office.files(
        draft(
            directive("Sở Nội vụ", "2018-12-20"),
            directive("Sở Tài chính", "2018-12-25", path="2"),
            directive("Sở Y tế", "2019-01-01", path="3"),  # its last day is the year's
            directive("Sở Xây dựng", path="4"),
            directive("Sở Tư pháp", "2018-12-10", path="5"),
            directive("Thanh tra tỉnh", "2018-12-30", path="6"),
            on="2018-11-05",
        ),
        "2018-11-05 09:00",
    )
    any_office.waits_until("2018-12-05 09:00")
    with any_office.ledger.look() as session:
        names = {row.directive_id: key(row.id) for row in session.exec(select(Obligation).order_by(Obligation.id))}  # type: ignore[arg-type]
    home, finance, health, building, justice, inspection = names.values()

    def does(at_: str, deed: object) -> None:
        any_office.now = parse_moment(at_)
        with any_office.ledger.change(now=any_office.now, actor="test") as change:
            deed(change)  # type: ignore[operator]

    does("2018-12-07 10:00", lambda c: report(c, home, Said(COMPLETE, "xong", "test")))
    does("2018-12-10 10:00", lambda c: report(c, justice, Said(COMPLETE, "xong", "test", cause="staff")))
    does("2018-12-12 10:00", lambda c: give_back(c, building, "không phải"))
    does("2018-12-13 10:00", lambda c: reassign(c, building, "Sở Giao thông vận tải", "đúng chức năng"))
    does("2018-12-14 10:00", lambda c: cancel(c, inspection, "không cần nữa"))
    does("2018-12-27 10:00", lambda c: ask(c, finance, at(date(2019, 2, 1)), "chờ", "Sở Tài chính", "money"))
    does("2019-01-03 10:00", lambda c: extend(c, finance, None, "đồng ý"))
    does("2019-01-04 10:00", lambda c: report(c, health, Said(COMPLETE, "xong", "test")))
    books = exported(any_office, tmp_path / "csv")
    year = agree(any_office, books, None, "2018", at(date(2019, 1, 5)))
    counts = year.whole.tally.counts
    assert (counts.total, counts.done_in_time, counts.done_late, counts.overdue, counts.in_time, counts.undated) == (
        5,
        1,  # Nội vụ
        1,  # Tư pháp: the bound itself is late
        1,  # Tài chính: the extension came after the year
        1,  # Y tế: its last day is the year's last
        1,  # Xây dựng's, with another agency now
    )
    assert year.whole.tally.asked.returned == 0  # what was given back is another's now
    assert [(one.cause, one.count) for one in year.causes] == [("money", 1), ("staff", 1)]
    after = agree(any_office, books, None, "2019", at(date(2019, 1, 5))).whole.tally.counts
    assert (after.carried, after.new, after.done_late, after.in_time, after.undated) == (3, 0, 1, 1, 1)


def test_work_that_an_older_letter_finished_counts_in_the_period_in_which_it_was_given(
    any_office: OfficeStory, tmp_path: Path
) -> None:
    any_office.files(draft(directive("Sở Nội vụ", "2019-02-20"), on="2018-12-20"), "2019-01-03 09:00")
    any_office.now = parse_moment("2019-01-04 09:00")
    any_office.reports("Sở Nội vụ", letter=date(2018, 12, 28))
    books = exported(any_office, tmp_path / "csv")
    after = at(date(2020, 1, 5))
    assert agree(any_office, books, None, "2018", after).whole.tally.counts.total == 0
    year = agree(any_office, books, None, "2019", after)
    assert (year.whole.tally.counts.new, year.whole.tally.counts.done_in_time) == (1, 1)
    assert year.whole.tally.finished.longest == 0
    assert [one.finished for one in year.by_month] == [1] + [0] * 11
    assert agree(any_office, books, None, "2020", after).whole.tally.counts.total == 0
