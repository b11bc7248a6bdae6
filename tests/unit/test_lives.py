"""Random lives of obligations, on both databases, beside a slow model: nothing twice, nothing lost, nobody accused."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg import sql
from sqlmodel import col, select

from config.clock import wall_clock
from config.settings import load_settings
from domain import sending
from domain.actors import By
from domain.audit import first_broken
from domain.checkpoints import Checkpoint
from domain.days import set_day
from domain.errors import Refusal
from domain.founding import open_ledger
from domain.instants import at, local
from domain.life import correcting, extensions, handing, linking, verification
from domain.obligations import Obligation
from domain.planning import followed, replan
from domain.reports import COMPLETE, Said, report
from notifications.outbox import Message, MessageCheckpoint
from tests.story import OfficeStory, directive, draft
from tests.unit import lives_model as model
from tests.unit.lives_model import Days, Life, day_of

LIVES = int(os.environ.get("LIVES", "0"))
AGENCIES = ["Sở Nội vụ", "Sở Tài chính", "Sở Tư pháp", "Sở Y tế"]
FIRST_DAY = datetime(2018, 5, 2).date()  # noqa: DTZ001  # a stretch without public holidays
steps = st.integers(0, 40)
which = st.integers(0, 10_000)


class Lives(RuleBasedStateMachine):
    """An office to which anything may happen, and the diary of it."""

    make: Callable[[], OfficeStory]

    def __init__(self) -> None:
        super().__init__()
        self.office = self.make()
        self.lives: dict[int, Life] = {}
        self.days = Days()
        self.stopped = False
        self.seen = 0  #: messages that were looked at
        self.numbers = itertools.count(1)

    def teardown(self) -> None:
        self.office.ledger.engine.dispose()
        shutil.rmtree(self.office.settings.home, ignore_errors=True)

    @initialize()
    def the_office_opens(self) -> None:
        self.office.now = at(FIRST_DAY).add(hours=9)

    # what happens

    @rule(
        leads=st.lists(st.sampled_from(AGENCIES), min_size=1, max_size=2, unique=True),
        due=st.none() | steps,
        hour=st.sampled_from([0, 0, 0, 11]),
        request=st.booleans(),
        tracked=st.sampled_from([True, True, True, False]),
        helpers=st.lists(st.sampled_from(AGENCIES), max_size=1),
    )
    @precondition(lambda self: len(self.lives) < 12)
    def files(self, leads: list[str], due: int | None, hour: int, **more: Any) -> None:
        bound = None if due is None else at(day_of(self.office.now) + timedelta(days=due - 5)).add(hours=hour)
        item = directive(
            leads,
            bound.isoformat() if bound else None,
            authority="request" if more["request"] else "order",
            tracked=more["tracked"],
            cooperating=[one for one in more["helpers"] if one not in leads],
        )
        on = local(self.office.now).date().isoformat()
        filed = self.office.files(draft(item, on=on, number=f"{next(self.numbers)}/TB-LIFE"))
        with self.office.ledger.look() as session:
            works = followed(session, col(Obligation.id) > max(self.lives, default=0))
        assert filed.obligations == len(works) == len(leads)
        for work in works:
            id_ = work.obligation.id or 0
            self.lives[id_] = Life(id_, bound, request=more["request"], tracked=more["tracked"])

    @rule()
    def the_next_slot_has_its_round(self) -> None:
        self.office.now = self.office.desk().hours.next_slot(self.office.now)
        self._round()

    @rule(days=st.integers(1, 15))
    def days_pass_with_every_round(self, days: int) -> None:
        until = self.office.now + timedelta(days=days)
        while (slot := self.office.desk().hours.next_slot(self.office.now)) <= until:
            self.office.now = slot
            self._round()

    @rule(days=st.integers(1, 25))
    def nothing_runs_for_days(self, days: int) -> None:
        self.office.now = self.office.now.add(days=days)

    @rule()
    def a_round_is_held_again_at_once(self) -> None:
        self._round()
        assert self.office.holds_round() == 0

    @rule(which=which, deed=st.sampled_from(["acknowledge", "progress", "complete", "return", "ask"]))
    @precondition(lambda self: self.lives)
    def an_agency_says_something(self, which: int, deed: str) -> None:
        life = self._life(which)
        done = {
            "acknowledge": lambda: self._tries(deed, life, handing.acknowledge, life.id, by=By.AGENCY),
            "progress": lambda: self._tries(deed, life, report, life.id, Said(40, "Đang làm.", "x")),
            "complete": lambda: self._tries(deed, life, report, life.id, Said(COMPLETE, "Xong.", "x")),
            "return": lambda: self._tries(deed, life, handing.give_back, life.id, "Không thuộc.", by=By.AGENCY),
            "ask": lambda: self._asks(life),
        }[deed]()
        if not done:
            return
        if deed == "complete":
            for one in self._together(life):
                if one.state in model.OPEN or one is life:
                    one.state, one.settled_at, one.asked = "reported", self.office.now, False
        elif deed == "return":
            life.asked = False

    def _asks(self, life: Life) -> bool:
        wished = (life.due or self.office.now) + timedelta(days=30)
        possible = life.due is not None and not life.asked and wished > self.office.now
        if not (life.may("ask") and possible):
            self._is_refused(extensions.ask, life.id, wished, "Chờ.", "x", by=By.AGENCY)
            return False
        self.office.does(extensions.ask, life.id, wished, "Chờ.", "x", by=By.AGENCY)
        life.asked, life.wished = True, wished
        return True

    @rule(which=which, deed=st.sampled_from(["accept", "reject", "insist", "close", "cancel", "status"]))
    @precondition(lambda self: self.lives)
    def the_office_decides(self, which: int, deed: str) -> None:
        life = self._life(which)
        before = life.state
        call: dict[str, tuple[Any, ...]] = {
            "accept": (verification.accept, life.id),
            "reject": (verification.reject, life.id, "Thiếu."),
            "insist": (handing.insist, life.id, "Đúng chức năng."),
            "close": (handing.close, life.id, "Xong."),
            "cancel": (handing.cancel, life.id, "Thay."),
            "status": (handing.ask_status, life.id),
        }
        if not self._tries(deed, life, *call[deed]):
            return
        if deed in ("accept", "reject"):
            for one in self._together(life):
                if one.state == "reported" or one is life:
                    self._verified(one, deed)
        elif deed == "insist":
            life.begins_anew()
        elif deed == "close":
            for one in self._together(life):
                if one.state in (*model.OPEN, "returned") or one is life:
                    one.state, one.settled_at, one.asked = "done", self.office.now, False
        assert before != "cancelled"

    def _verified(self, life: Life, deed: str) -> None:
        life.state = "done" if deed == "accept" else "in_progress"
        if deed == "reject":
            life.settled_at = None
            life.begins_anew()

    @rule(which=which, days=st.integers(1, 30), refuse=st.booleans())
    @precondition(lambda self: self.lives)
    def an_extension_is_decided(self, which: int, days: int, refuse: bool) -> None:
        life = self._life(which)
        bound = max(life.due or self.office.now, self.office.now) + timedelta(days=days)
        if refuse:
            if not (life.may("refuse") and life.asked):
                self._is_refused(extensions.refuse, life.id, "Không.")
                return
            self.office.does(extensions.refuse, life.id, "Không.")
        else:
            if not (life.may("extend") and life.due is not None):
                self._is_refused(extensions.extend, life.id, bound, "Có.")
                return
            self.office.does(extensions.extend, life.id, bound, "Có.")
            life.due = bound
            life.begins_anew()
        life.asked = False

    @rule(which=which, to=st.sampled_from(AGENCIES))
    @precondition(lambda self: self.lives)
    def work_is_given_to_another(self, which: int, to: str) -> None:
        life = self._life(which)
        agencies = {row.id: row.agency for row in self.office.everything()}
        directive_of = self._directives()
        taken = any(
            agencies[one.id] == to
            and directive_of[one.id] == directive_of[life.id]
            and (one.state != "cancelled" or one is life)
            for one in self.lives.values()
        )
        if not life.may("reassign") or taken:
            self._is_refused(handing.reassign, life.id, to, "Đúng chức năng.")
            return
        given = self.office.does(handing.reassign, life.id, to, "Đúng chức năng.")
        life.state, life.asked = "cancelled", False
        id_ = given.obligation.id or 0
        self.lives[id_] = Life(id_, life.due, life.request, life.tracked, linked=life.linked)

    @rule(which=which, due=st.none() | steps)
    @precondition(lambda self: self.lives)
    def a_misreading_is_corrected(self, which: int, due: int | None) -> None:
        life = self._life(which)
        bound = None if due is None else at(day_of(self.office.now) + timedelta(days=due - 5))
        with self.office.ledger.look() as session:
            (work,) = followed(session, Obligation.id == life.id)
        if not life.may("correct") or work.directive.due_before == bound:
            self._is_refused(correcting.correct_deadline, life.id, bound, "Nhầm.")
            return
        works = self.office.does(correcting.correct_deadline, life.id, bound, "Nhầm.")
        for one in works:
            other = self.lives[one.obligation.id]
            other.due, other.asked = bound, False
            other.begins_anew()

    @rule(first=which, second=which)
    @precondition(lambda self: len(self.lives) > 1)
    def work_is_linked(self, first: int, second: int) -> None:
        one, other = self._life(first), self._life(second)
        states = (*model.OPEN, "returned", "reported")
        if one is other or one.state not in states or other.state not in states:
            self._is_refused(linking.link, [one.id, other.id])
            return
        groups = [*self._together(one), *self._together(other)]
        if any(life.state not in states for life in groups):
            return  # one of a group is done already: the office links what is still open
        self.office.does(linking.link, [one.id, other.id])
        for life in groups:
            life.linked = min(life.id for life in groups)

    @rule(days=st.integers(1, 20), worked=st.booleans())
    def the_calendar_changes(self, days: int, worked: bool) -> None:
        day = day_of(self.office.now) + timedelta(days=days)
        if self.days.is_working(day) == worked:
            self._is_refused(set_day, day, worked=worked, reason="Lịch.")
            return
        self.office.does(set_day, day, worked=worked, reason="Lịch.")
        (self.days.worked.add if worked else self.days.off.add)(day)
        (self.days.off if worked else self.days.worked).discard(day)

    @rule()
    def sending_is_switched(self) -> None:
        if self.stopped:
            self.office.does(sending.start)
        else:
            self.office.does(sending.stop, "Kiểm tra.")
        self.stopped = not self.stopped

    # how it is judged

    def _round(self) -> None:
        """A round: whoever hears something hears it rightly, and whoever had to hear something has."""
        open_ = self.office.desk().hours.is_open(self.office.now)
        assert open_ == self._is_open()
        wrote = self.office.holds_round()
        assert wrote == 0 or (open_ and not self.stopped)
        told = self._read_what_was_said()
        if open_ and not self.stopped:
            self._nothing_waits()
            self._lateness_was_announced(told)
        self._lapses()

    def _is_open(self) -> bool:
        wall = local(self.office.now)
        return self.days.is_working(day_of(self.office.now)) and (7, 0) <= (wall.hour, wall.minute) <= (17, 30)

    def _read_what_was_said(self) -> set[int]:
        """Looks at each new message; answers the obligations of which the agency heard something new."""
        query = (
            select(Message, Checkpoint)
            .join(MessageCheckpoint, col(MessageCheckpoint.message_id) == col(Message.id))
            .join(Checkpoint, col(Checkpoint.id) == col(MessageCheckpoint.checkpoint_id))
            .where(col(Message.id) > self.seen)
            .order_by(col(Message.id))
        )
        with self.office.ledger.look() as session:
            rows = [(message, point) for message, point in session.exec(query)]
        self.seen = max((message.id or 0 for message, _ in rows), default=self.seen)
        points = {point.id: point for _, point in rows}
        news: set[int] = set()
        for point in points.values():
            if point.kind in model.NEWS:
                news.add(point.obligation_id)
            self._is_rightly_said(self.lives[point.obligation_id], point)
        return news

    def _is_rightly_said(self, life: Life, point: Checkpoint) -> None:
        now = self.office.now
        office_kind = point.kind in ("verify", "decide", "take_back", "approve", "stale")
        assert office_kind or life.state in model.OPEN or point.kind == "released", (life, point.kind)
        if point.kind == "verify":
            assert life.state == "reported"
        if point.kind == "take_back":
            assert life.state == "returned"
        if point.kind == "decide":
            assert life.asked
        if point.kind in ("overdue", "escalate"):
            self._is_late_enough(life, point, now)
        if point.kind in ("remind", "due"):
            assert life.due is not None
        if point.kind in model.NEWS:
            life.news_at = now
        repeats = point.kind in ("request_status", "verify", "decide", "take_back", "stale", "ask", *model.NEWS)
        repeats = repeats or (point.kind == "escalate" and point.step == len(model.LADDER))
        same = [one for one in life.said if (one.kind, one.level) == (point.kind, point.step)]
        assert repeats or point.kind == "lapse" or not same, (life, point)
        life.said.append(model.Said(point.kind, point.step, now))

    def _is_late_enough(self, life: Life, point: Checkpoint, now: datetime) -> None:
        assert life.due is not None
        assert now >= life.due
        assert life.news_at is None or day_of(life.news_at) < day_of(now)
        if point.kind == "overdue":
            return
        assert not life.request
        assert not life.asked
        below = life.announced(point.step - 1)
        again = life.announced(point.step)
        assert below is not None
        delay = model.LADDER[point.step - 1] - (model.LADDER[point.step - 2] if point.step > 1 else 0)
        assert again is not None or self.days.between(day_of(below), day_of(now)) >= delay

    def _nothing_waits(self) -> None:
        """Of what has come, nothing is left lying."""
        query = select(Checkpoint, Obligation).join(Obligation, col(Obligation.id) == col(Checkpoint.obligation_id))
        with self.office.ledger.look() as session:
            rows = session.exec(query.where(Checkpoint.fate == "open", col(Checkpoint.at) <= self.office.now)).all()
        assert [(point.kind, own.state) for point, own in rows] == []

    def _lateness_was_announced(self, told: set[int]) -> None:
        for life in self.lives.values():
            late = life.due is not None and life.due <= self.office.now
            if late and life.tracked and life.state in model.OPEN and life.id not in told and life.news_at is not None:
                rested = day_of(life.news_at) < day_of(self.office.now)
                assert not rested or life.announced(0) is not None, life

    def _lapses(self) -> None:
        """An acknowledgement may have expired; when, the office's stories say."""
        states = {row.id: row.state for row in self.office.everything()}
        for life in self.lives.values():
            if life.state == "acknowledged" and states[life.id] == "assigned":
                life.state = "assigned"

    @invariant()
    def states_and_standings_agree(self) -> None:
        rows = {row.id: row for row in self.office.everything()}
        assert rows.keys() == self.lives.keys()
        for life in self.lives.values():
            assert rows[life.id].state == life.state
            if life.state != "cancelled":
                assert rows[life.id].standing == life.standing(self.office.now)
                assert rows[life.id].due_before == life.due

    @invariant()
    def planning_again_changes_nothing(self) -> None:
        with self.office.ledger.change(now=self.office.now, actor="test") as change:
            assert replan(change, followed(change.session)) == []

    @invariant()
    def the_audit_trail_holds(self) -> None:
        with self.office.ledger.look() as session:
            assert first_broken(session, self.office.ledger.office_id) is None

    # how it is done

    def _life(self, which: int) -> Life:
        return list(self.lives.values())[which % len(self.lives)]

    def _together(self, life: Life) -> list[Life]:
        if not life.linked:
            return [life]
        return [one for one in self.lives.values() if one.linked == life.linked and one.state != "cancelled"]

    def _directives(self) -> dict[int, int]:
        with self.office.ledger.look() as session:
            return {work.obligation.id or 0: work.directive.id or 0 for work in followed(session)}

    def _tries(self, deed: str, life: Life, call: Callable[..., Any], *words: Any, **more: Any) -> bool:
        """Does it where the model allows it, and sees that it is refused where not."""
        if not life.may(deed):
            self._is_refused(call, *words, **more)
            return False
        self.office.does(call, *words, **more)
        life.does(deed)
        return True

    def _is_refused(self, call: Callable[..., Any], *words: Any, **more: Any) -> None:
        with pytest.raises(Refusal):
            self.office.does(call, *words, **more)


def sqlite_offices(folder: Path) -> Callable[[], OfficeStory]:
    """Makes offices by copying one."""
    ready = OfficeStory.made(folder / "ready")
    ready.ledger.engine.dispose()

    def make() -> OfficeStory:
        home = Path(tempfile.mkdtemp(dir=folder)) / "home"
        shutil.copytree(folder / "ready", home)
        made = load_settings(home=home)
        return OfficeStory(made, open_ledger(made, wall_clock))

    return make


def postgres_offices(folder: Path, address: str) -> Callable[[], OfficeStory]:
    """Makes offices in databases that are copies of one."""
    ready = OfficeStory.made(folder / "ready", database_url=address)
    ready.ledger.engine.dispose()
    template = urlsplit(address).path.lstrip("/")

    def make() -> OfficeStory:
        name = f"lives_{uuid.uuid4().hex}"
        with psycopg.connect(urlsplit(address)._replace(path="/postgres").geturl(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        url = urlsplit(address)._replace(path=f"/{name}").geturl()
        made = load_settings(home=Path(tempfile.mkdtemp(dir=folder)), database_url=url)
        return OfficeStory(made, open_ledger(made, wall_clock))

    return make


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_happens_nothing_is_said_twice_nothing_is_lost_and_nobody_is_accused_unannounced(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if database == "sqlite":
        make = sqlite_offices(tmp_path)
    else:
        make = postgres_offices(tmp_path, request.getfixturevalue("postgres_url"))
    lives = type("SomeLives", (Lives,), {"make": staticmethod(make)})
    run_state_machine_as_test(
        lives,
        settings=settings(
            max_examples=LIVES or 20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            derandomize=not LIVES,  # the same lives in every run; LIVES=5000 tries others
        ),
    )
