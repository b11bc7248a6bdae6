"""The figures of a period once more: slowly and plainly, from the exported CSV files, without a database.

It shares the shape of the figures and of periods with the first calculation, and nothing else.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from domain.reviews.figures import (
    Asked,
    CauseCount,
    Counts,
    Issued,
    Month,
    OpenWork,
    Score,
    Spread,
    Tally,
    Whole,
)
from domain.reviews.periods import Period
from tests.unit.review_books import Books, Row, Work, days_between, moment


class SecondCalculation:
    """One period, under one regulation or for the whole office, as of a moment."""

    def __init__(self, books: Books, period: Period, now: datetime, regulation: str = "", long_late: int = 30) -> None:
        self.books, self.period, self.long_late = books, period, long_late
        self.end = datetime.fromisoformat(f"{period.last_day + timedelta(days=1)}T00:00:00+07:00")
        self.begin = datetime.fromisoformat(f"{period.first_day}T00:00:00+07:00")
        self.until = min(now, self.end - timedelta(microseconds=1))
        self.regulation = regulation
        self.under = books.governs(regulation) if regulation else None

    # --- what counts --------------------------------------------------------------------------------------------

    def counts_notice(self, notice: Row) -> bool:
        if notice["withdrawal"] != "0" or notice["kind"] == "review_request":
            return False
        return self.under is None or notice["regulation_id"] in self.under

    @cached_property
    def work(self) -> list[Work]:
        found = []
        for row in self.books.tables["obligations"]:
            directive = self.books.by_id["directives"][row["directive_id"]]
            notice = self.books.by_id["conclusions"][directive["conclusion_id"]]
            assigned = moment(row["assigned_at"])
            assert assigned is not None
            settled = moment(row["settled_at"])
            if not self.counts_notice(notice) or directive["tracked"] != "1" or assigned > self.until:
                continue
            if row["state"] == "cancelled":
                cancelled = moment(row["cancelled_at"])
                assert cancelled is not None
                if cancelled <= self.until:
                    continue
            if settled is not None and max(settled, assigned) < self.begin:
                continue
            found.append(self._stands(row, directive, assigned, settled))
        return found

    def _stands(self, row: Row, directive: Row, assigned: datetime, settled: datetime | None) -> Work:
        began, above = assigned, row
        while above["came_from"]:
            above = self.books.by_id["obligations"][above["came_from"]]
            first = moment(above["assigned_at"])
            assert first is not None
            began = first
        bound = moment(row["due_before"])
        later = []
        for one in self.books.extensions.get(row["id"], []):
            decided = moment(one["decided_at"])
            if one["decision"] in ("granted", "shortened") and decided is not None and decided > self.until:
                later.append((decided, int(one["id"]), moment(one["before"])))
        if later:
            bound = min(later)[2]
        if settled is not None and settled > self.until:
            settled = None
        judged = settled or self.until
        late = bound is not None and judged >= bound
        if settled is not None:
            standing = "done_undated" if bound is None else "done_late" if late else "done_in_time"
        else:
            standing = "undated" if bound is None else "overdue" if late else "in_time"
        reports = [at for one in self.books.reports.get(row["id"], []) if (at := moment(one["effective_at"]))]
        return Work(
            row=row,
            directive=directive,
            carried=began < self.begin,
            began=began,
            assigned=assigned,
            bound=bound,
            settled=settled,
            standing=standing,
            days_late=days_between(bound, judged) + 1 if late and bound is not None else 0,
            cause=self._cause(row["id"]),
            first_report=min((at for at in reports if at <= self.until), default=None),
        )

    def _cause(self, obligation: str) -> str:
        said = []
        for one in self.books.reports.get(obligation, []):
            if one["cause"] and (at := moment(one["effective_at"])) and at <= self.until:
                said.append((at, 1, int(one["id"]), one["cause"]))
        for one in self.books.extensions.get(obligation, []):
            if one["cause"] and (at := moment(one["asked_at"])) and at <= self.until:
                said.append((at, 0, int(one["id"]), one["cause"]))
        return max(said)[3] if said else ""

    # --- figures ------------------------------------------------------------------------------------------------

    def tally(self, chosen: Callable[[Work], bool] = lambda _: True) -> Tally:
        some = [one for one in self.work if chosen(one)]
        standings = Counter(one.standing for one in some)
        return Tally(
            counts=Counts(
                carried=sum(one.carried for one in some),
                new=sum(not one.carried for one in some),
                overdue_long=sum(one.standing == "overdue" and one.days_late > self.long_late for one in some),
                **{
                    name: standings[name]
                    for name in ("done_in_time", "done_undated", "done_late", "in_time", "overdue", "undated")
                },
            ),
            late=self.spread(one.days_late for one in some if one.standing in ("done_late", "overdue")),
            finished=self.spread(max(days_between(one.assigned, one.settled), 0) for one in some if one.settled),
            response=self.spread(
                max(days_between(one.assigned, one.first_report), 0) for one in some if one.first_report
            ),
            silent=sum(one.first_report is None and one.settled is None for one in some),
            asked=self.asked(some),
        )

    @staticmethod
    def spread(days: Iterable[int]) -> Spread:
        all_ = sorted(days)
        if not all_:
            return Spread()
        return Spread(count=len(all_), total=sum(all_), median=float(statistics.median(all_)), longest=all_[-1])

    def asked(self, some: list[Work]) -> Asked:
        asked = granted = refused = extended = returned = 0
        for one in some:
            given = 0
            for row in self.books.extensions.get(one.row["id"], []):
                at, decided = moment(row["asked_at"]), moment(row["decided_at"])
                asked += bool(row["wished"]) and at is not None and self.begin <= at <= self.until
                if decided is not None and self.begin <= decided <= self.until:
                    given += row["decision"] in ("granted", "shortened")
                    refused += row["decision"] == "refused"
            granted += given
            extended += given > 0
            for row in self.books.returns.get(one.row["id"], []):
                at = moment(row["at"])
                returned += at is not None and self.begin <= at <= self.until
        return Asked(
            extensions_asked=asked,
            extensions_granted=granted,
            extensions_refused=refused,
            extended=extended,
            returned=returned,
        )

    def issued(self, first: date | None = None, last: date | None = None) -> Issued:
        first, last = first or self.period.first_day, last or self.period.last_day
        last = min(last, self.until.date())
        notices = set()
        found = Counter[str]()
        for row in self.books.tables["directives"]:
            notice = self.books.by_id["conclusions"][row["conclusion_id"]]
            if not self.counts_notice(notice) or not first <= date.fromisoformat(notice["issued_on"]) <= last:
                continue
            notices.add(notice["id"])
            found["directives"] += 1
            if row["tracked"] != "1":
                found["information"] += 1
            elif row["due_before"] or row["rrule"]:
                found["dated"] += 1
                found["recurring"] += bool(row["rrule"])
            else:
                found["undated"] += 1
        return Issued(notices=len(notices), **found)

    def whole(self) -> Whole:
        return Whole(issued=self.issued(), tally=self.tally())

    def by(self, what: Callable[[Work], str]) -> dict[str, Tally]:
        return {name: self.tally(lambda one, name=name: what(one) == name) for name in {what(one) for one in self.work}}  # type: ignore[misc]

    def by_agency(self) -> dict[str, Tally]:
        return self.by(lambda one: one.row["agency_id"])

    def by_side(self) -> dict[str, Tally]:
        """Side's id -> its figures; what belongs to none is ""."""
        side_of: dict[str, str] = {}
        bodies = {row["name"]: row for row in self.books.tables["agencies"]}
        by_id = self.books.by_id["agencies"]
        sides = sorted(
            (row for row in self.books.tables["sides"] if row["regulation_id"] == self.regulation),
            key=lambda row: int(row["place"]),
        )
        for side in sides:
            waiting = [row["agency_id"] for row in self.books.tables["side_agencies"] if row["side_id"] == side["id"]]
            while waiting:
                agency = waiting.pop()
                if side_of.get(agency) == side["id"]:
                    continue
                side_of.setdefault(agency, side["id"])
                if side_of[agency] != side["id"]:
                    continue
                waiting += [row["member_id"] for row in self.books.tables["members"] if row["group_id"] == agency]
                after = [name for name in by_id[agency]["successors"].split("; ") if name in bodies]
                waiting += [bodies[name]["id"] for name in after]
        found = {
            side["id"]: self.tally(lambda one, id_=side["id"]: side_of.get(one.row["agency_id"], "") == id_)
            for side in sides
        }  # type: ignore[misc]
        rest = self.tally(lambda one: one.row["agency_id"] not in side_of)
        return found | ({"": rest} if rest.counts.total else {})

    def months(self) -> list[Month]:
        found = []
        for month in self.period.months:
            if month.first_day > self.until.date():
                break
            end = datetime.fromisoformat(f"{month.last_day + timedelta(days=1)}T00:00:00+07:00")

            def within(at: datetime | None, month: Period = month) -> bool:
                return at is not None and month.first_day <= at.date() <= month.last_day

            late = sum(
                one.assigned < end
                and one.bound is not None
                and one.bound < end
                and (one.settled is None or one.settled >= end)
                for one in self.work
            )
            found.append(
                Month(
                    first_day=month.first_day,
                    last_day=month.last_day,
                    issued=self.issued(month.first_day, month.last_day).directives,
                    begun=sum(within(one.began) for one in self.work),
                    due=sum(within(one.bound - timedelta(microseconds=1)) for one in self.work if one.bound),
                    finished=sum(within(one.finished) for one in self.work),
                    finished_late=sum(within(one.finished) and one.standing == "done_late" for one in self.work),
                    overdue=late if end - timedelta(microseconds=1) <= self.until else None,
                )
            )
        return found

    def causes(self) -> list[CauseCount]:
        counts = Counter(one.cause for one in self.work if one.standing in ("done_late", "overdue"))
        rows = sorted(counts.items(), key=lambda row: (not row[0], -row[1], row[0]))
        return [CauseCount(cause=name, count=count) for name, count in rows]

    def open_work(self) -> list[OpenWork]:
        far = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
        urgency = {"overdue": 0, "in_time": 1, "undated": 2}
        rows = [one for one in self.work if one.settled is None]
        rows.sort(key=lambda one: (urgency[one.standing], one.bound or far, int(one.row["id"])))
        return [self._open(one) for one in rows]

    def _open(self, one: Work) -> OpenWork:
        notice = self.books.by_id["conclusions"][one.directive["conclusion_id"]]
        said = [
            (at, int(row["id"]), row["note"])
            for row in self.books.reports.get(one.row["id"], [])
            if (at := moment(row["effective_at"])) and at <= self.until
        ]
        return OpenWork(
            id=int(one.row["id"]),
            agency=self.books.by_id["agencies"][one.row["agency_id"]]["name"],
            number=notice["number"],
            issued_on=date.fromisoformat(notice["issued_on"]),
            path=one.directive["path"],
            text=one.directive["text"],
            kind=one.directive["kind"],
            authority=one.directive["authority"] or None,
            due_before=one.bound,
            days_late=one.days_late,
            cause=one.cause,
            last_word=max(said)[2] if said else "",
            last_word_at=max(said)[0] if said else None,
        )

    def scores(self, before: SecondCalculation, fewest: int) -> dict[int, Score]:
        mine, theirs = self.by_agency(), before.by_agency()
        shares = {id_: Fraction(t.counts.done_in_time, t.counts.judged) for id_, t in mine.items() if t.counts.judged}
        last = {id_: Fraction(t.counts.done_in_time, t.counts.judged) for id_, t in theirs.items() if t.counts.judged}
        ranked = [id_ for id_, tally in mine.items() if id_ in shares and tally.counts.judged >= fewest]
        found = {}
        for id_, tally in mine.items():
            trend = ""
            if id_ in shares and id_ in last:
                trend = "up" if shares[id_] > last[id_] else "down" if shares[id_] < last[id_] else "same"
            found[int(id_)] = Score(
                agency_id=int(id_),
                agency=self.books.by_id["agencies"][id_]["name"],
                judged=tally.counts.judged,
                in_time_share=float(shares[id_]) if id_ in shares else None,
                median_days=tally.finished.median,
                before=float(last[id_]) if id_ in last else None,
                trend=trend,
                rank=1 + sum(shares[other] > shares[id_] for other in ranked) if id_ in ranked else None,
                tied=id_ in ranked and sum(shares[other] == shares[id_] for other in ranked) > 1,
            )
        return found
